"""`livrev export`: the records for others' programs."""

from collections.abc import Callable
from pathlib import Path

import click

from livrev.cli.exits import fail, repository_of, write_file
from livrev.records.review import Review

_TABLES = ["sources", "findings", "strategies", "studies", "outcomes", "estimates"]
_FORMATS = ["csv", "json", "jsonld", "bibtex", "ris", "csl-json"]


@click.command()
@click.argument("what", type=click.Choice([*_TABLES, "references", "dictionary", "codemeta", "all"]))
@click.option("--format", "format_", type=click.Choice(_FORMATS), help="Default: csv; for references, bibtex.")
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), help="File to write (default: print); for all, a folder."
)
@click.pass_context
def export(context: click.Context, what: str, format_: str | None, output: Path | None) -> None:
    """Write what the book uses: tables as CSV or JSON, findings also as JSON-LD, references as BibTeX, RIS or CSL-JSON.

    `all` writes every file of the page of downloads, with its description (RO-Crate), into a folder.
    """
    from livrev.records.review import load_review

    review = load_review(repository_of(context))
    if what == "all":
        _write_all(review, output)
        return
    text = _make(review, what, format_)
    if output is None:
        click.echo(text, nl=False)
        return
    write_file(output, text, "choose another place with -o")
    click.echo(f"{output}: {len(text.encode())} bytes", err=True)


def _make(review: Review, what: str, format_: str | None) -> str:
    from livrev.exports.downloads import to_codemeta
    from livrev.exports.linked import to_json_ld
    from livrev.exports.references import to_bibtex, to_csl_json, to_ris
    from livrev.exports.tables import EXPORTS, export, to_dictionary

    references: dict[str | None, Callable[[Review], str]] = {
        None: to_bibtex, "bibtex": to_bibtex, "ris": to_ris, "csl-json": to_csl_json,
    }  # fmt: skip
    if what == "references" and format_ in references:
        return references[format_](review)
    if what == "findings" and format_ == "jsonld":
        return to_json_ld(review)
    if what == "codemeta" and format_ in (None, "json", "jsonld"):
        return to_codemeta(review.repository)
    if what == "dictionary" and format_ in (None, "csv"):
        return to_dictionary(review, {name: make(review) for name, make in EXPORTS.items()})
    if what in EXPORTS and format_ in (None, "csv", "json"):
        return export(review, what, format_ or "csv")
    fail(f"{what} cannot be written as {format_}; livrev export --help says what can", 2)


def _write_all(review: Review, folder: Path | None) -> None:
    from livrev.exports.downloads import make_downloads

    if folder is None:
        fail("name the folder: livrev export all -o DIR", 2)
    downloads = make_downloads(review)
    try:
        downloads.write(folder)
    except OSError as error:
        fail(f"{folder}: cannot be written ({error.strerror}); choose another place with -o")
    click.echo(f"{folder}: {len(downloads.texts)} files, {sum(item.bytes for item in downloads.items)} bytes", err=True)
