"""`livrev release`: whether everything is ready to go out under one version."""

from pathlib import Path

import click

from livrev.cli.exits import fail, report, repository_of
from livrev.diagnostics import ReviewError


@click.command()
@click.argument("tag")
@click.option(
    "--notes", type=click.Path(dir_okay=False, path_type=Path), help="File for what the changelog says of it."
)
@click.pass_context
def release(context: click.Context, tag: str, notes: Path | None) -> None:
    """Check that everything says the version of TAG (v1.2.0): citation, package, changelog, snapshot; no chapter is a draft.

    Changes nothing; the release itself is the tag, which sets off a workflow.

    \b
    livrev snapshot 1.2.0     # on the day that CITATION.cff and CHANGELOG.md name
    livrev release v1.2.0     # says what is missing
    git tag v1.2.0 && git push origin v1.2.0
    """
    from livrev.atomic_write import write_atomically
    from livrev.records.review import load_review
    from livrev.update.release import check_release, notes_of, version_of

    repository = repository_of(context)
    try:
        version = version_of(tag)
        report(check_release(load_review(repository), version))
    except ValueError as error:
        fail(str(error), 2)
    except ReviewError as error:
        report(error.problems)
        return
    if notes is not None:
        try:
            write_atomically(notes, notes_of(repository, version))
        except OSError as error:
            fail(f"{notes}: cannot be written ({error.strerror}); choose another place")
    click.echo(f"release: everything says {version}")
