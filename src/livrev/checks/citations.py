"""Check that what is cited exists and what stands in the bibliography is used, and that a retraction of each DOI was looked for."""

from collections.abc import Iterable

from livrev.checks.prose import roles_in
from livrev.diagnostics import Problem
from livrev.records.model import Retraction
from livrev.records.reads import CITED, noting_only
from livrev.records.review import Review, citations_of
from livrev.records.tables import append_rows
from livrev.records.text_files import read_chapters


def cited_in(text: str) -> list[tuple[str, int]]:
    """Return each citekey that a chapter cites, with its line."""
    cited = roles_in(text, r"cite(?::\w+)?")
    return [(key.strip(), line) for _, said, line in cited for key in said.split(",")]


def uses_of_references(review: Review) -> dict[str, set[str]]:
    """Return, for each citekey, the files that use it."""
    uses: dict[str, set[str]] = {key: set() for key in review.references}
    retractions = review.file_of("retractions")  # every DOI has its row there; that is no use
    for file, _, _, keys in citations_of(review):
        for key in uses.keys() & keys if file != retractions else ():
            uses[key].add(file)
    with noting_only(CITED):
        chapters = read_chapters(review.repository)[0]
    for file, text in chapters.items():
        for key in uses.keys() & {key for key, _ in cited_in(text)}:
            uses[key].add(file)
    return uses


def check_citations(review: Review) -> Iterable[Problem]:
    """Yield each citation without an entry and each entry without a use; a draft is the use of its entry."""
    repository = review.repository
    drafted = {path.stem for path in repository.drafts.glob("*.md")}
    bib = repository.relative(repository.references)
    for file, text in read_chapters(repository)[0].items():
        for key, line in cited_in(text):
            if key not in review.references:
                cure = f"add it to {bib}, or mend the key"
                yield Problem(file, line, "cite", key, f"is not in {bib}", cure)
    for key, files in uses_of_references(review).items():
        reference = review.references[key]
        if not files and key not in drafted and not reference.plain("keywords").startswith("kept:"):
            cure = "cite it, delete it, or say why it stays: keywords = {kept: reason}"
            yield Problem(bib, reference.line, "key", key, "is used nowhere", cure)


# Only these list retractions as such; a page that shows none has not said that there is none.
REGISTERS = ("Crossref", "PubMed", "Retraction Watch")
_NOTICES = ("correction", "concern", "retracted")


def check_retractions(review: Review) -> Iterable[Problem]:
    """Yield each DOI of the bibliography without a row, and each row that says more, or less, than was looked up."""
    bib = review.repository.relative(review.repository.references)
    for reference in review.references.values():
        if (doi := reference.plain("doi")) and reference.key not in review.retractions:
            cure = f"add the row: {reference.key},{doi},unchecked,,,, (or run livrev retractions)"
            yield Problem(bib, reference.line, "doi", doi, f"has no row in {review.file_of('retractions')}", cure)
    for row, problem in review.located(Retraction):
        cited = review.references.get(row.citekey)
        if cited is not None and cited.plain("doi").lower() != row.doi.lower():
            said = f"is not the DOI of {cited.key} ({cited.plain('doi') or 'it has none'})"
            yield problem("doi", row.doi, said, "mend the one that is wrong")
        missing, filled = (f"is {said}, and the state is {row.state}" for said in ("missing", "filled"))
        for field, cell in (("checked_on", row.checked_on), ("where", row.where)):
            if row.state != "unchecked" and cell is None:
                yield problem(field, "", missing, "fill it, or write unchecked")
            elif row.state == "unchecked" and cell is not None:
                yield problem(field, str(cell), filled, "empty it, or write what was found")
        if row.state == "none" and not (row.where or "").startswith(REGISTERS):
            cure = f"name {', '.join(REGISTERS)} first, or write none-seen"
            yield problem("where", row.where or "", "is no register of retractions", cure)
        if row.state in _NOTICES and not (row.notice_doi or row.note):
            yield problem("notice_doi", "", missing, "give the notice, or a note")
        if row.state not in _NOTICES and row.notice_doi:
            yield problem("notice_doi", row.notice_doi, filled, "empty it, or mend the state")


def complete_rows(review: Review, found: dict[str, dict[str, str]]) -> str:
    """Return the table of retractions as CSV: a row for each DOI, in the order of the bibliography, with what was *found*."""
    table = review.tables["retractions"]
    columns, known = table.table.names, {record["citekey"]: record for record in table.records}
    rows = (
        {"state": "unchecked", **known.get(key, {}), **found.get(key, {}), "citekey": key, "doi": doi}
        for key, reference in review.references.items()
        if (doi := reference.plain("doi"))
    )
    return append_rows(",".join(columns) + "\n", columns, rows)
