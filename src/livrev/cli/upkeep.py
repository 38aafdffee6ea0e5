"""The commands that keep a published review in order: links, retractions, schemas, snapshots and releases."""

import datetime
import sys
from pathlib import Path

import click

from livrev.cli.exits import NEW_FILE, open_review, renew, report, repository_of, write_file
from livrev.progress import told_to


@click.command()
@click.option("--report", "report_file", type=NEW_FILE, help="File for what there is to mend, as Markdown.")
@click.option("--timeout", default=20.0, show_default=True, help="Seconds to wait for one address.")
def links(report_file: Path | None, timeout: float) -> None:
    """Ask every address in chapters, tables and bibliography whether it still answers. Needs the network.

    Exits 0 where none is gone, 1 where one is. Pages that refuse programs, or are busy, are told apart from those that are
    gone. A report is written only where something is gone or has moved; an older one of that name is deleted.
    """
    from livrev.update.linkcheck import addresses_of, ask, sort_answers, write_report

    places = addresses_of(open_review())
    click.echo(f"{len(places)} addresses; a few minutes for a thousand", err=True)
    with told_to(lambda line: click.echo(line, err=True)):
        found = sort_answers(ask(places, timeout=timeout))
    text = write_report(found, places, day=datetime.date.today().isoformat())
    if report_file is not None:
        write_file(report_file, text if found["gone"] or found["moved"] else "", status=2)
    click.echo(text, nl=False)
    sys.exit(1 if found["gone"] else 0)


@click.command()
def retractions() -> None:
    """Give every DOI of the bibliography its row in data/retractions.csv: unchecked, until livrev watch or a person looks."""
    from livrev.checks.citations import complete_rows
    from livrev.records.review import read_review

    repository = repository_of()
    review, problems = read_review(repository)
    report([] if review else problems)
    assert review is not None
    renew(repository, repository.data / review.tables["retractions"].table.path, complete_rows(review, {}))


@click.command()
def schema() -> None:
    """Make data/schema/ again: JSON Schema for source notes, vocabulary and settings, from the records' own rules.

    Editors find them by the line `# yaml-language-server: $schema=…` at the head of a file, or by .vscode/settings.json.
    """
    from livrev.records.json_schema import make_schemas
    from livrev.records.review import read_vocabulary
    from livrev.records.settings import read_settings

    repository = repository_of()
    vocabulary, problems = read_vocabulary(repository)
    settings, _, found = read_settings(repository)
    report(problems + found)
    assert vocabulary is not None and settings is not None
    for name, text in make_schemas(vocabulary, settings).items():
        renew(repository, repository.schemas / name, text)


@click.command()
@click.argument("version")
def snapshot(version: str) -> None:
    """Record what the review says now as VERSION in data/history/, for the page on what is new."""
    from livrev.review.snapshot import take_snapshot, write_snapshot
    from livrev.update.release import version_of

    review = open_review()
    taken = take_snapshot(review, version=version_of(version), date=datetime.date.today())
    path = write_snapshot(review.repository, taken)
    click.echo(f"{review.repository.relative(path)}: {len(taken.estimates)} Results, {len(taken.studies)} studies")


@click.command()
@click.argument("tag")
@click.option("--notes", type=NEW_FILE, help="File for what the changelog says of it.")
def release(tag: str, notes: Path | None) -> None:
    """Check that everything says the version of TAG (v1.2.0): citation, package, changelog, snapshot; no chapter is a draft.

    Changes nothing; the release itself is the tag, which sets off a workflow.

    \b
    livrev snapshot 1.2.0     # on the day that CITATION.cff and CHANGELOG.md name
    livrev release v1.2.0     # says what is missing
    git tag v1.2.0 && git push origin v1.2.0
    """
    from livrev.update.release import check_release, notes_of, version_of

    version, review = version_of(tag), open_review()
    report(check_release(review, version))
    if notes is not None:
        write_file(notes, notes_of(review.repository, version))
    click.echo(f"release: everything says {version}")
