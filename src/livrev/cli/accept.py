"""`livrev accept`: move what a person read and kept from a draft into the table of results."""

import click

from livrev.cli.exits import fail, report, repository_of


@click.command()
@click.argument("key")
@click.option("--dry-run", is_flag=True, help="Show the rows that would be added, and write nothing.")
@click.pass_context
def accept(context: click.Context, key: str, dry_run: bool) -> None:
    """Move the draft KEY, once a person has read it, into data/outcomes.csv and data/studies.csv.

    Rows marked yes under read are added to their table, rows marked drop are left out, and the draft is deleted. All happens
    or nothing. A row that is still marked no, a note without the day on which it was read, and whatever `livrev check` would
    find wrong with the new rows is refused, by line and field of the draft; the draft stays.
    """
    from livrev.diagnostics import ReviewError
    from livrev.records.review import load_review
    from livrev.sources.acceptance import plan_acceptance
    from livrev.transaction import ChangeFailed, write_together

    repository = repository_of(context)
    try:
        accepted = plan_acceptance(load_review(repository), key)
        for rows in accepted.rows.values():
            for row in rows:
                click.echo(row)
        if dry_run:
            click.echo("dry run: nothing was written", err=True)
            return
        write_together(repository, accepted.texts)
    except ReviewError as error:
        report(error.problems)
    except ChangeFailed as error:
        fail(str(error))
    else:
        said = ", ".join(f"{len(rows)} to data/{table}.csv" for table, rows in accepted.rows.items())
        click.echo(f"{key}: rows added: {said}; draft deleted; now run livrev check", err=True)
