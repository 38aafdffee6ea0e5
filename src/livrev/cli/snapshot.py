"""`livrev snapshot`: record what the review says at a release."""

import datetime

import click

from livrev.cli.exits import fail, report, repository_of
from livrev.diagnostics import ReviewError


@click.command()
@click.argument("version")
@click.pass_context
def snapshot(context: click.Context, version: str) -> None:
    """Record what the review says now as VERSION in data/history/, for the page on what is new."""
    from livrev.records.review import load_review
    from livrev.review.snapshot import VERSION, take_snapshot, write_snapshot

    if not VERSION.fullmatch(version):
        fail(f"{version} is no version; write three numbers, as 1.2.0", 2)
    repository = repository_of(context)
    try:
        taken = take_snapshot(load_review(repository), version=version, date=datetime.date.today())
        path = write_snapshot(repository, taken)
    except ReviewError as error:
        report(error.problems)
        return
    except FileExistsError as error:
        fail(str(error))
    click.echo(f"{repository.relative(path)}: {len(taken.estimates)} Results, {len(taken.studies)} studies")
