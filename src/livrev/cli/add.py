"""`livrev add` drafts the records of a paper, a registry record, a page or a file; `livrev accept` takes in what was read."""

import datetime
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

import click

from livrev.cli.exits import FILE, fail, open_review, printable, report, repository_of, show_changes

if TYPE_CHECKING:
    from livrev.records.review import Review
    from livrev.sources.import_plan import Addition
    from livrev.sources.lookup import Request
    from livrev.sources.publication import Publication
    from livrev.sources.transport import ServiceFailed


@click.command()
@click.argument("what")
@click.option("--dry-run", is_flag=True, help="Show the change as a diff and write nothing.")
@click.option("--text", type=FILE, help="File with the text of WHAT.")
@click.option("--title", help="Title, where none is found or a wrong one.")
@click.option("--author", "authors", multiple=True, help='As "Family, Given"; repeat it. A body: its name, no comma.')
@click.option("--year", type=click.IntRange(1900, 2100), help="Year, where none is found or a wrong one.")
@click.option("--another-report", is_flag=True, help="Add it though another report of the same trial (NCT) is there.")
def add(
    what: str, dry_run: bool, another_report: bool,
    text: Path | None, title: str | None, authors: tuple[str, ...], year: int | None,
) -> None:  # fmt: skip
    """Add WHAT to the review: a DOI, a PMID, a PMCID, an NCT number, an address, or a file.

    \b
      livrev add 10.1038/s41591-020-1131-x
      livrev add 32405063
      livrev add PMC7245309
      livrev add NCT03434379
      livrev add https://www.example.org/news/a-trial
      livrev add paper.pdf --author "Finn, Richard S." --year 2020
      livrev add 10.1038/s41591-020-1131-x --text paper.pdf
      livrev add record.ris --dry-run

    Files may be PubMed XML or .nbib, JATS, HTML, PDF, plain text, RIS, EndNote .enw, Web of Science text, BibTeX, CSL-JSON, or
    a saved answer of Crossref, Europe PMC or ClinicalTrials.gov; they are known by what they hold.

    It writes the BibTeX entry into its place, what the machine found in the text (data/features/), a draft of a source note
    of rows of results and of the row of its study (data/drafts/), and keeps the text itself in data/raw/, which git ignores.
    All is written or nothing. The draft is marked unread: until a person has read the source and said so (livrev accept),
    `livrev check` fails and no table, page or pool sees it. What the review has already is refused, by name.

    Asked are PubMed, Europe PMC, Crossref, ClinicalTrials.gov, or the page itself. Set LIVREV_CONTACT to your e-mail address,
    so that they can write to you, and NCBI_API_KEY to a key of NCBI, if you have one.
    """
    from livrev.diagnostics import ReviewError
    from livrev.records.review import load_review
    from livrev.sources.files import read_file
    from livrev.sources.import_plan import plan_addition
    from livrev.sources.lookup import Lookup, read_request
    from livrev.sources.publication import Unreadable
    from livrev.transaction import write_together

    repository = repository_of()
    try:
        request = read_request(what)
        review = load_review(repository)
        _refuse_known(review, _asked_for(request), another_report)
        lookup = None if request.kind == "file" else Lookup.open(_warn)
        found = lookup.fetch(request) if lookup else read_file(Path(request.value))
        publication = _amend(found, text, title, authors, year)
        _refuse_known(review, publication, another_report)
        addition = plan_addition(review, publication, today=datetime.date.today(), asked=request.kind != "file")
    except ReviewError as error:
        click.echo("the review must be sound before anything is added to it:", err=True)
        report(error.problems)
        return
    except Unreadable as error:
        fail(printable(f"{what}: {error}"))
    if dry_run:
        show_changes(repository, {path: new.text or "" for path, new in addition.texts.items()})
        click.echo("dry run: nothing was written", err=True)
        return
    write_together(repository, addition.texts)
    _say_what_is_left(review, addition, lookup.failures if lookup else [])


def _amend(
    publication: "Publication", text: Path | None, title: str | None, authors: tuple[str, ...], year: int | None
) -> "Publication":
    """Return *publication* with what the person said in the place of what was found."""
    from livrev.sources.fields import read_name
    from livrev.sources.files import read_file
    from livrev.sources.publication import Author, clean

    if text is not None:
        read = read_file(text)
        abstract = () if read.body else publication.abstract
        publication = replace(publication, body=read.body or read.abstract, abstract=abstract)
    if authors:
        named = (read_name(author) if "," in author else Author(clean(author), group=True) for author in authors)
        publication = replace(publication, authors=tuple(filter(None, named)))
    title = clean(title) if title else publication.title
    return replace(publication, title=title, year=year or publication.year)


def _asked_for(request: "Request") -> "Publication":
    """Return what is known of a request before anybody is asked: its identifier."""
    from livrev.sources.publication import Publication

    kind, value = request.kind, request.value
    if kind == "nct":
        return Publication("", nct=(value,), registry=True)
    return Publication("", doi=value if kind == "doi" else "", pmid=value if kind == "pmid" else "")


def _refuse_known(review: "Review", publication: "Publication", another_report: bool) -> None:
    """End where the review has *publication*, and say where."""
    from livrev.sources.dedupe import describe_known, find_known

    if link := find_known(review, publication, another_report=another_report):
        cure = "; for another report of the same trial, add --another-report" if link.kind == "trial" else ""
        fail(printable(f"{describe_known(review, link)}; nothing was added{cure}"))


def _say_what_is_left(review: "Review", addition: "Addition", failures: list["ServiceFailed"]) -> None:
    from livrev.sources.dedupe import same_title
    from livrev.sources.import_plan import notices_of

    draft, repository = addition.draft, review.repository
    key, publication = draft.key, draft.publication
    for path in addition.texts:
        click.echo(f"{repository.relative(path)}: written")
    for failure in failures:
        _warn(f"without {failure}")
    for other in same_title(review, publication.title):
        line = f"{other.key} ({repository.relative(repository.references)}:{other.line}) has the same title, of {other.year}"
        _warn(f"NOTE: {line}: a preprint, or an earlier report? Say so in the note of the study.")
    for said in notices_of(publication):
        _warn(f"BEWARE: {said}. Read the notice before you use a number of this paper.")
    quantities = sum(len(sentence.quantities) for sentence, _, _ in draft.sentences())
    places = {place.partition(",")[0] for place in draft.places} - {"title"}
    read = "the " + " and the ".join(sorted(places)) if places else "the title alone: no text was to be had"
    click.echo(
        printable(
            f"\n{key}: {publication.title}\n"
            f"The machine read {read}: {len(draft.places)} sentences, {quantities} quantities, "
            f"{addition.rows} draft rows. No person has read it yet.\n\n"
            "What you must now do:\n"
            f"1. Read the source ({publication.address or f'data/raw/{key}.txt'}); the numbered sentences are those of "
            f"data/raw/{key}.txt.\n"
            f"2. In data/drafts/{key}.csv: compare each row with its sentence, fill contrast, arm and what else is empty, "
            "and write yes or drop under read. Add what the machine missed.\n"
            f"3. In data/drafts/{key}.study.csv: do the same for the row of its study. If the study is on file, write drop, "
            f"its name under study in the rows, and {key} into its other_citekeys.\n"
            f"4. In data/drafts/{key}.md: write the day into read_on, and yes into read.\n"
            f"5. livrev accept {key}: it checks the rows first, and says by line what does not fit. Until it is accepted, "
            "livrev check fails, and no table sees the draft.\n"
            f"To take it back: delete data/drafts/{key}.*, data/features/{key}.json, the entry in references.bib and its row in "
            "data/retractions.csv."
        )
    )


def _warn(line: str) -> None:
    click.echo(printable(line), err=True)


@click.command()
@click.argument("key")
def accept(key: str) -> None:
    """Move the draft KEY, once a person has read it, into data/outcomes.csv and data/studies.csv.

    Rows marked yes under read are added to their table, rows marked drop are left out, and the draft is deleted. All happens
    or nothing. A row that is still marked no, a note without the day on which it was read, and whatever `livrev check` would
    find wrong with the new rows is refused, by line and field of the draft; the draft stays.
    """
    from livrev.sources.acceptance import plan_acceptance
    from livrev.transaction import write_together

    review = open_review()
    accepted = plan_acceptance(review, key)
    for row in chain(*accepted.rows.values()):
        click.echo(row)
    write_together(review.repository, accepted.texts)
    said = ", ".join(f"{len(rows)} to data/{table}.csv" for table, rows in accepted.rows.items())
    click.echo(f"{key}: rows added: {said}; draft deleted; now run livrev check", err=True)
