"""Find what the review already has: the same DOI, PMID or registry number, or the same title in the same year."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from livrev.records.review import Reference, Review
from livrev.sources.citekey import plain_letters
from livrev.sources.publication import Publication


@dataclass(frozen=True, slots=True)
class Known:
    """What the review has already: the field that agrees, its value, and the record with its file and line."""

    field: str
    value: str
    record: str
    file: str
    line: int

    def __str__(self) -> str:
        return f"{self.field} {self.value} is already in the review: {self.record} ({self.file}:{self.line})"


def find_known(
    review: Review,
    *,
    doi: str = "",
    pmid: str = "",
    nct: Iterable[str] = (),
    title: str = "",
    year: int | None = None,
) -> Known | None:
    """Return the record of *review* that has one of these, in the order DOI, PMID, NCT, title and year; None where none has.

    Where one of two years is not known, the title alone tells.
    """
    bib = review.repository.relative(review.repository.references)
    for field, value in (("doi", doi.lower()), ("pmid", pmid), *(("nct", number) for number in nct)):
        if not value:
            continue
        for reference in review.references.values():
            if value in _parts(reference.plain(field)):
                return Known(field.upper(), value, reference.key, bib, reference.line)
        if known := _among_studies(review, field, value):
            return known
    for reference in same_title(review, title):
        if reference.year == year or None in (reference.year, year):
            value = f"“{reference.plain('title')}”, {reference.year or 'n.d.'},"
            return Known("title and year", value, reference.key, bib, reference.line)
    return None


def same_title(review: Review, title: str) -> list[Reference]:
    """Return the references of *review* with this title, whatever their year: a preprint and its paper, perhaps."""
    wanted = comparable(title)
    return [r for r in review.references.values() if wanted and comparable(r.plain("title")) == wanted]


def find_known_publication(review: Review, publication: Publication) -> Known | None:
    """Return the record of *review* that is *publication* or shares its registry number; None where there is none."""
    return find_known(
        review,
        doi=publication.doi,
        pmid=publication.pmid,
        nct=publication.nct,
        title=publication.title,
        year=publication.year,
    )


def comparable(title: str) -> str:
    """Return *title* as it is compared: letters and digits only, in one case."""
    plain = plain_letters(title)
    return re.sub(r"[^a-z0-9]", "", plain.lower()) or re.sub(r"\W", "", title.casefold())


def _parts(value: str) -> list[str]:
    return [part.strip().lower() if part.startswith("10.") else part.strip() for part in value.split(";")]


def _among_studies(review: Review, field: str, value: str) -> Known | None:
    rows = review.tables["studies"]
    file = review.repository.relative(review.repository.data / rows.table.path)
    for record, line in zip(rows.records, rows.lines, strict=True):
        held = record.get(field)
        held = held if isinstance(held, tuple) else (str(held or "").lower() if field == "doi" else held,)
        if value in held:
            return Known(field.upper(), value, f"study {record['study']} ({record['citekey']})", file, line)
    return None
