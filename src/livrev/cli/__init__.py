"""The command line: check, verify, extract, export and build a review."""

import json
from collections import Counter
from pathlib import Path
from typing import BinaryIO

import click

from livrev.cli.add import accept, add
from livrev.cli.exits import FOLDER, FORMAT, Commands, fail, open_review, renew, report, repository_of, write_file
from livrev.cli.new import new
from livrev.cli.notebooks import colab, notebook, store
from livrev.cli.statistics import network, pool
from livrev.cli.upkeep import links, release, retractions, schema, snapshot
from livrev.cli.watch import screen, watch
from livrev.progress import told_to

_TABLES = ["sources", "findings", "strategies", "studies", "outcomes", "estimates"]
_FORMATS = ["csv", "json", "jsonld", "bibtex", "ris", "csl-json"]


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.option("--root", type=FOLDER, help="Folder of the review (default: the one that the working folder lies in).")
@click.version_option(package_name="livrev")
def main(root: Path | None) -> None:
    """Check the evidence of a living review, read papers, export records, and build the book."""


@main.command()
@click.option("--stored", is_flag=True, help="Check, too, that notebooks are stored as text, the bibliography sorted.")
def check(stored: bool) -> None:
    """Check every record, number, anchor, citation and chapter; change nothing.

    Prints one line a problem (file:line field: value, what is wrong; the cure) and exits 1 where there is any. What is left to
    write in a draft chapter is said, and stops a release, not a build.
    """
    from livrev.checks.book_files import find_unwritten
    from livrev.checks.run import check_review

    repository = repository_of()
    left = find_unwritten(repository)
    with told_to(lambda step: click.echo(f"  … {step}", err=True)):
        problems = check_review(repository, stored=stored)
    report(problems)
    for place in left:
        click.echo(f"{place.file}:{place.line} {place.field}: {place.value or place.cure}")
    click.echo("check: nothing wrong" + (f", {len(left)} places left to write" if left else ""))


@main.command()
@click.option("--raw", type=FOLDER, help="Folder with the documents themselves (default: the features on record).")
def verify(raw: Path | None) -> None:
    """Prove that every finding stands in its sentence and every sentence is accounted for.

    With --raw the documents are read again, and must reproduce data/features/ byte for byte.
    """
    from livrev.checks.documents import verify_anchors
    from livrev.stats.rows import lay_out

    review = open_review()
    features, problems = verify_anchors(review, raw)
    rows = [["document", "sentences", "claims", "furniture", "repeats", "accounted", "findings"]]
    for source in review.sources:
        whole, of = len(features[source.citekey].sentences), Counter(source.roles.values())
        counts = whole, of["claim"], of["boilerplate"], of["repeat"], f"{of.total()}/{whole}", len(source.findings)
        rows.append([source.citekey, *map(str, counts)])
    click.echo(lay_out(rows))
    report(problems)
    against = f"the documents in {raw}" if raw else "data/features (give --raw DIR to read the documents themselves)"
    click.echo(f"verify: {len(review.findings)} findings in {len(review.sources)} documents hold against {against}")


@main.command()
@click.option("--raw", required=True, type=FOLDER, help="Folder with the documents.")
def features(raw: Path) -> None:
    """Make data/features/ again from the documents in a folder."""
    from livrev.checks.documents import find_documents, remake_features
    from livrev.records.review import read_review
    from livrev.text.features import dump_features

    repository = repository_of()
    review, problems = read_review(repository)
    report([] if review else problems)
    assert review is not None
    documents, problems = find_documents(review, raw)
    for citekey, content in documents.items():
        made, found = remake_features(review, citekey, content)
        if made is None:
            problems += found
        else:
            renew(repository, repository.features / f"{citekey}.json", dump_features(made))
    report(problems)


@main.command()
@click.argument("file", type=click.File("rb"))
@FORMAT
def extract(file: BinaryIO, format_: str) -> None:
    """Find quantities and entities in a plain text FILE (- for standard input), with character offsets."""
    from livrev.records.review import read_vocabulary
    from livrev.text import extract as read

    vocabulary, problems = read_vocabulary(repository_of())
    report(problems)
    assert vocabulary is not None
    try:
        text = file.read().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        fail(f"{file.name}: not UTF-8 text (byte {error.start}); save it as plain text in UTF-8")
    found = read(text, vocabulary)
    if format_ == "json":
        click.echo(json.dumps(found, ensure_ascii=False, indent=1))
        return
    for item in found:
        facts = "  ".join(f"{k}={v}" for k, v in item.items() if k not in ("kind", "start", "end"))
        start, end = int(str(item["start"])), int(str(item["end"]))
        stretch = " ".join(text[start:end].split())
        click.echo(f"{start:>7}  {item['kind']:<11}{facts}   “{stretch}”")
    click.echo(f"{len(found)} found")


@main.command()
@click.argument("what", type=click.Choice([*_TABLES, "references", "dictionary", "codemeta", "all"]))
@click.option("--format", "format_", type=click.Choice(_FORMATS), help="Default: csv; for references, bibtex.")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Write to this file; with all, into this folder.")
def export(what: str, format_: str | None, output: Path | None) -> None:
    """Write what the book uses: tables as CSV or JSON, findings also as JSON-LD, references as BibTeX, RIS or CSL-JSON.

    `all` writes every file of the page of downloads, with its description (RO-Crate), into a folder.
    """
    from livrev.exports import downloads

    review = open_review()
    if what == "all":
        if output is None:
            fail("name the folder: livrev export all -o DIR", 2)
        made = downloads.make_downloads(review)
        downloads.write_downloads(made, output)
        click.echo(f"{output}: {len(made)} files, {sum(one.bytes for one in made)} bytes", err=True)
        return
    text = downloads.export(review, what, format_ or "")
    if output is None:
        click.echo(text, nl=False)
        return
    write_file(output, text, "choose another place with -o")
    click.echo(f"{output}: {len(text.encode())} bytes", err=True)


@main.command()
@click.option("--jobs", default=3, show_default=True, help="Notebooks executed at a time.")
@click.option("--pdf/--no-pdf", default=True, show_default=True, help="Whether to make the PDF.")
def build(jobs: int, pdf: bool) -> None:
    """Build the book: check, execute notebooks, HTML, PDF.

    With LIVREV_REPOSITORY (https://github.com/OWNER/NAME) in the environment, notebooks get buttons to Binder and Colab;
    LIVREV_BASE_URL is where the book itself will stand.
    """
    from livrev.site.build import BuildFailed, build_book

    try:
        build_book(repository_of(), jobs=jobs, pdf=pdf, report=click.echo)
    except BuildFailed as error:
        fail(str(error))


for _command in (
    accept, add, colab, links, network, new, notebook, pool, release, retractions, schema, screen, snapshot, store, watch,
):  # fmt: skip
    main.add_command(_command)
