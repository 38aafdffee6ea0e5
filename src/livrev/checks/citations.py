"""Check that what is cited exists, and that what stands in the bibliography is used."""

import re
from collections.abc import Iterable

from livrev.diagnostics import Problem
from livrev.records.chapters import read_chapters
from livrev.records.reads import CITED, noting_only
from livrev.records.review import Review

_CITATION = re.compile(r"\{cite(?::\w+)?\}`([^`]+)`")


def cited_in(text: str) -> list[tuple[str, int]]:
    """Return each citekey that a chapter cites, with its line."""
    found = []
    for match in _CITATION.finditer(text):
        line = text.count("\n", 0, match.start()) + 1
        found += [(key.strip(), line) for key in match.group(1).split(",")]
    return found


def uses_of_references(review: Review) -> dict[str, set[str]]:
    """Return, for each citekey, the files that use it."""
    uses: dict[str, set[str]] = {key: set() for key in review.references}

    def use(key: str | None, file: str) -> None:
        if key in uses:
            uses[key].add(file)

    repository = review.repository
    for source in review.sources:
        file = repository.relative(repository.sources / f"{source.citekey}.md")
        for key in (source.citekey, *source.reports_on, *(k for f in source.findings for k in f.settled_by)):
            use(key, file)
    for rows in review.tables.values():
        if rows.table.name == "retractions":
            continue  # every DOI has its row there; that is no use
        file = repository.relative(repository.data / rows.table.path)
        for field in {"citekey", "other_citekeys", "meta_citekey", "document"}.intersection(rows.table.names):
            for key in {*rows.column(field)}:
                for one in key if isinstance(key, tuple) else (key,):
                    use(one, file)
    with noting_only(CITED):
        chapters = read_chapters(repository)[0]
    for file, text in chapters.items():
        for key, _ in cited_in(text):
            use(key, file)
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
