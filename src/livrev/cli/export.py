"""`livrev export`: the records for others' programs."""

from pathlib import Path

import click

from livrev.cli.exits import fail, open_review, write_file
from livrev.records.review import Review

_TABLES = ["sources", "findings", "strategies", "studies", "outcomes", "estimates"]
_FORMATS = ["csv", "json", "jsonld", "bibtex", "ris", "csl-json"]


@click.command()
@click.argument("what", type=click.Choice([*_TABLES, "references", "dictionary", "codemeta", "all"]))
@click.option("--format", "format_", type=click.Choice(_FORMATS), help="Default: csv; for references, bibtex.")
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), help="File to write (default: print); for all, a folder."
)
def export(what: str, format_: str | None, output: Path | None) -> None:
    """Write what the book uses: tables as CSV or JSON, findings also as JSON-LD, references as BibTeX, RIS or CSL-JSON.

    `all` writes every file of the page of downloads, with its description (RO-Crate), into a folder.
    """
    from livrev.exports.downloads import export as make

    review = open_review()
    if what == "all":
        _write_all(review, output)
        return
    try:
        text = make(review, what, format_ or "")
    except ValueError as error:
        fail(str(error), 2)
    if output is None:
        click.echo(text, nl=False)
        return
    write_file(output, text, "choose another place with -o")
    click.echo(f"{output}: {len(text.encode())} bytes", err=True)


def _write_all(review: Review, folder: Path | None) -> None:
    from livrev.exports.downloads import make_downloads, write_downloads

    if folder is None:
        fail("name the folder: livrev export all -o DIR", 2)
    downloads = make_downloads(review)
    try:
        write_downloads(downloads, folder)
    except OSError as error:
        fail(f"{folder}: cannot be written ({error.strerror}); choose another place with -o")
    click.echo(f"{folder}: {len(downloads)} files, {sum(one.bytes for one in downloads)} bytes", err=True)
