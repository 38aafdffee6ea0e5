"""Find every public address that the review names, and where."""

import re
from collections.abc import Iterator

from livrev.records.review import Review
from livrev.records.text_files import read_chapters

_ADDRESS = re.compile(r"https?://[^\s<>\"'`\\^{}|\[\]]+")
_END = ".,;:!?*_)"  # what follows an address in a sentence


def addresses_of(review: Review) -> dict[str, list[str]]:
    """Return the places (file:line) of each address in chapters, tables and bibliography, in the order of reading."""
    places: dict[str, list[str]] = {}
    for address, place in _named(review):
        known = places.setdefault(address, [])
        if place not in known:
            known.append(place)
    return places


def _named(review: Review) -> Iterator[tuple[str, str]]:
    repository = review.repository
    for file, text in read_chapters(repository)[0].items():
        for number, words in enumerate(text.splitlines(), 1):
            yield from ((address, f"{file}:{number}") for address in _in(words))
    bib = repository.relative(repository.references)
    for reference in review.references.values():
        place = f"{bib}:{reference.line}"
        if doi := reference.plain("doi"):
            yield f"https://doi.org/{doi}", place
        yield from ((address, place) for address in _in(reference.plain("url")))
    for rows in review.tables.values():
        file = repository.relative(repository.data / rows.table.path)
        for record, line in zip(rows.records, rows.lines, strict=True):
            for cell in record.values():
                for part in cell if isinstance(cell, tuple) else (cell,):
                    if isinstance(part, str):
                        yield from ((address, f"{file}:{line}") for address in _in(part))


def _in(text: str) -> Iterator[str]:
    """Yield the addresses in *text*, without what only ends the sentence; a bracket stays where it was opened inside."""
    for match in _ADDRESS.finditer(text):
        address = match.group()
        while address[-1] in _END and not (address[-1] == ")" and address.count("(") >= address.count(")")):
            address = address[:-1]
        yield address
