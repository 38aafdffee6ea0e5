"""`livrev retractions`: keep a row for every DOI, and take in what was looked up."""

from pathlib import Path

import click

from livrev.cli.exits import fail, report, repository_of


@click.command()
@click.option(
    "--found",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="CSV with columns citekey,state,checked_on,where[,notice_doi,note]: what was looked up.",
)
@click.pass_context
def retractions(context: click.Context, found: Path | None) -> None:
    """Give every DOI of the bibliography its row in data/retractions.csv (unchecked), and take in what was looked up."""
    from livrev.atomic_write import write_atomically
    from livrev.checks.citations import complete_rows, read_found
    from livrev.records.review import read_review

    repository = repository_of(context)
    review, problems = read_review(repository)
    if review is None or "retractions" not in review.tables:
        report(problems)
        return
    try:
        looked_up = read_found(found.read_text(encoding="utf-8-sig")) if found else {}
        text = complete_rows(review, looked_up)
    except ValueError as error:
        fail(f"{found}: {error}")
    path = repository.data / review.tables["retractions"].table.path
    changed = path.read_text(encoding="utf-8") != text
    if changed:
        write_atomically(path, text)
    click.echo(f"{repository.relative(path)}: {'written' if changed else 'unchanged'}")
