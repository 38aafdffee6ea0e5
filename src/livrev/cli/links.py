"""`livrev links`: whether the addresses of the review still answer."""

import datetime
from pathlib import Path

import click

from livrev.cli.exits import fail, report, repository_of
from livrev.diagnostics import ReviewError


@click.command()
@click.option(
    "--report",
    "report_file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="File for what was found, as Markdown; written only where there is something to mend.",
)
@click.option("--timeout", default=20.0, show_default=True, help="Seconds to wait for one address.")
@click.pass_context
def links(context: click.Context, report_file: Path | None, timeout: float) -> None:
    """Ask every address in chapters, tables and bibliography whether it still answers. Needs the network.

    Exits 0 where none is gone, 1 where one is. Pages that refuse programs, or are busy, are told apart from those that are
    gone. A report is written only where something is gone or has moved; an older one of that name is deleted.
    """
    from livrev.atomic_write import write_atomically
    from livrev.records.review import load_review
    from livrev.update.link_places import addresses_of
    from livrev.update.link_report import sort_answers, write_report
    from livrev.update.linkcheck import AskingFailed, ask

    try:
        places = addresses_of(load_review(repository_of(context)))
    except ReviewError as error:
        report(error.problems)
        return
    click.echo(f"{len(places)} addresses; a few minutes for a thousand", err=True)
    try:
        answers = ask(places, timeout=timeout, report=lambda line: click.echo(line, err=True))
    except AskingFailed as error:
        fail(f"the links could not be checked:\n{error}", 2)
    found = sort_answers(answers)
    text = write_report(found, places, day=datetime.date.today().isoformat(), asked=len(places))
    if report_file is not None:
        try:
            if found["gone"] or found["moved"]:
                write_atomically(report_file, text)
            else:
                report_file.unlink(missing_ok=True)
        except OSError as error:
            fail(f"{report_file}: cannot be written ({error.strerror}); choose another place", 2)
    click.echo(text, nl=False)
    context.exit(1 if found["gone"] else 0)
