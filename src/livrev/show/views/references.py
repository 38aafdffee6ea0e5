"""The bibliography as data: by year, kind and use."""

from collections import Counter

from livrev.checks.citations import uses_of_references
from livrev.records.review import Reference, Review
from livrev.show.figures import ShownFigure, draw_counts
from livrev.show.tables import ShownTable, show_table
from livrev.show.views.documents import address_of

_KINDS = {
    "article": "journal article",
    "online": "web page",
    "misc": "registry or meeting record",
    "inproceedings": "meeting abstract",
}


def kind_of(reference: Reference) -> str:
    """Return what kind of document a reference is, in plain words."""
    return _KINDS.get(reference.type, reference.type)


def _use(file: str) -> str:
    """Return what kind of use a file makes of a reference."""
    if file.startswith("chapters/"):
        return "cited in a chapter"
    return "settles a claim" if "/sources/" in file else "gives results"


def topics_of(review: Review) -> dict[str, list[str]]:
    """Return, for each citekey, the questions whose studies or results it gives, and whether it settles a claim."""
    topics: dict[str, set[str]] = {key: set() for key in review.references}
    for study in review.studies.values():
        for key in (study.citekey, *study.other_citekeys):
            topics[key].add(review.settings.question(study.question).brief)
    for outcome in review.outcomes.values():
        topics[outcome.citekey].add(review.settings.question(review.studies[outcome.study].question).brief)
    for source in review.sources:
        for key in (source.citekey, *source.reports_on, *(key for f in source.findings for key in f.settled_by)):
            topics[key].add("Founding documents")
    return {key: sorted(found) for key, found in topics.items()}


def draw_references_by_topic(review: Review) -> ShownFigure:
    """Draw the number of references by topic, coloured by kind; a reference on two topics counts in both."""
    pairs = [(topic, kind_of(review.references[key])) for key, topics in topics_of(review).items() for topic in topics]
    return draw_counts(pairs, of="references", by="kind")


def show_references(review: Review) -> ShownTable:
    """Return one row a reference: what it is, and where the review uses it."""
    uses, topics = uses_of_references(review), topics_of(review)
    rows = [
        {
            "key": address_of(review, reference.key),
            "author": reference.first_author,
            "year": reference.year,
            "title": reference.plain("title"),
            "where": reference.plain("journal") or reference.plain("organization") or reference.plain("howpublished"),
            "kind": kind_of(reference),
            "topics": topics[reference.key],
            "uses": sorted({_use(file) for file in uses[reference.key]}),
            "files": len(uses[reference.key]),
        }
        for reference in review.references.values()
    ]
    columns = {
        "key": "Key", "author": "First author", "year": "Year", "title": "Title", "where": "Where", "kind": "Kind",
        "topics": "Topics", "uses": "Use", "files": "Files",
    }  # fmt: skip
    caption = "Every document of the review"
    return show_table(
        rows,
        name="table-references",
        caption=caption,
        columns=columns,
        filters=["kind", "topics", "year"],
        download="references.bib",
    )


def draw_references_by_year(review: Review) -> ShownFigure:
    """Draw the number of references by year, coloured by kind."""
    pairs = [(str(r.year or "no year"), kind_of(r)) for r in review.references.values()]
    years = sorted(
        {year for year, _ in pairs}, key=lambda year: (not year.isdigit(), -int(year) if year.isdigit() else 0)
    )
    return draw_counts(pairs, of="references", by="kind", rows=years)


def show_uses(review: Review) -> ShownTable:
    """Return how many references each part of the review uses."""
    uses = uses_of_references(review)
    tally = Counter(file for files in uses.values() for file in files)
    rows = [{"file": file, "references": number} for file, number in sorted(tally.items())]
    columns = {"file": "Part of the review", "references": "References"}
    return show_table(rows, name="table-uses", caption="What is cited where", columns=columns)
