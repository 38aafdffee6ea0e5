"""Find what the library already has: the same DOI, PMID or registry number, or the same title in the same year."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from livrev.ingest.citekey import plain_letters
from livrev.ingest.publication import Publication
from livrev.library import Library


@dataclass(frozen=True, slots=True)
class Known:
    """What the library has already: the field that agrees, its value, and the record with its file and line."""

    field: str
    value: str
    record: str
    file: str
    line: int

    def __str__(self) -> str:
        return f"{self.field} {self.value} is already in the library: {self.record} ({self.file}:{self.line})"


def find_known(
    library: Library,
    *,
    doi: str = "",
    pmid: str = "",
    nct: Iterable[str] = (),
    title: str = "",
    year: int | None = None,
) -> Known | None:
    """Return the record of *library* that has one of these, in the order DOI, PMID, NCT, title and year; None where none has."""
    bib = library.repository.relative(library.repository.references)
    for field, value in (("doi", doi.lower()), ("pmid", pmid), *(("nct", number) for number in nct)):
        if not value:
            continue
        for reference in library.references.values():
            if value in _parts(reference.plain(field)):
                return Known(field.upper(), value, reference.key, bib, reference.line)
        if known := _among_studies(library, field, value):
            return known
    wanted = comparable(title)
    for reference in library.references.values():
        if wanted and comparable(reference.plain("title")) == wanted and reference.year == year:
            return Known(
                "title and year", f"“{reference.plain('title')}”, {year or 'n.d.'},", reference.key, bib, reference.line
            )
    return None


def find_known_publication(library: Library, publication: Publication) -> Known | None:
    """Return the record of *library* that is *publication* or shares its registry number; None where there is none."""
    return find_known(
        library,
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


def _among_studies(library: Library, field: str, value: str) -> Known | None:
    rows = library.tables["studies"]
    file = library.repository.relative(library.repository.data / rows.table.path)
    for record, line in zip(rows.records, rows.lines, strict=True):
        held = record.get(field)
        held = held if isinstance(held, tuple) else (str(held or "").lower() if field == "doi" else held,)
        if value in held:
            return Known(field.upper(), value, f"study {record['study']} ({record['citekey']})", file, line)
    return None
