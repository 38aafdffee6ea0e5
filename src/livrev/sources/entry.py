"""Write a publication as an entry of references.bib, and put it into its place without touching another byte."""

import datetime
import re
from bisect import bisect

from livrev.sources.publication import Author, Publication, is_of_meeting

_MOST_AUTHORS = 60
_ENTRY = re.compile(r"^@(\w+)\s*\{\s*([^,\s]+)\s*,", re.MULTILINE)
_NO_ENTRY = ("comment", "string", "preamble")
# A dollar sign stays: pybtex prints an escaped one with its backslash.
_SPECIAL = re.compile(r"([%&#_])")


def write_entry(key: str, publication: Publication, *, today: datetime.date) -> str:
    """Return *publication* as a BibTeX entry in the form of the house, ending in a line feed."""
    reachable = bool(publication.doi or publication.pmid)
    fields = {
        "author": _authors(publication.authors),
        "title": "{" + protect(publication.title) + "}",
        "journal": protect(publication.journal),
        "booktitle": "{" + protect(publication.booktitle) + "}" if publication.booktitle else "",
        "editor": _authors(publication.editors) if publication.editors != publication.authors else "",
        "year": str(publication.year) if publication.year else "n.d.",
        "volume": protect(publication.volume),
        "number": protect(publication.number),
        "pages": protect(publication.pages),
        "publisher": "" if publication.journal else protect(publication.publisher),
        "doi": _bare(publication.doi),
        "pmid": publication.pmid,
        "nct": ";".join(publication.nct),
        "url": "" if reachable else _bare(publication.address),
        "urldate": "" if reachable or not publication.address else today.isoformat(),
    }
    lines = [f"  {name} = {{{value}}},\n" for name, value in fields.items() if value]
    return f"@{_kind(publication)}{{{key},\n{''.join(lines)}}}\n"


def _kind(publication: Publication) -> str:
    """Return the type of the entry: what holds the publication tells, and only then what its service calls it."""
    if publication.journal:
        return "article"
    if publication.booktitle:
        return "inproceedings" if is_of_meeting(publication.kinds) else "incollection"
    if publication.publisher and any(
        re.fullmatch(r"(?i)e?book|edbook|mvbook|monograph|edited-book", k) for k in publication.kinds
    ):
        return "book"
    return "online" if publication.address else "misc"


def insert_entry(bibliography: str, key: str, entry: str) -> str:
    """Return *bibliography* with *entry* before the first entry whose key comes later; capitals make no difference.

    Every other byte stays: where the order is broken already, the entry stands after the last that comes before it in a run.
    """
    places = [m for m in _ENTRY.finditer(bibliography) if m.group(1).lower() not in _NO_ENTRY]
    keys = [m.group(2).lower() for m in places]
    index = bisect(keys, key.lower()) if keys == sorted(keys) else _first_after(keys, key.lower())
    newline = "\r\n" if "\r\n" in bibliography else "\n"
    entry = entry.replace("\n", newline)
    if index < len(places):
        start = places[index].start()
        return bibliography[:start] + entry + newline + bibliography[start:]
    if not bibliography.strip():
        return bibliography + entry
    trailing = len(bibliography) - len(bibliography.rstrip("\r\n"))
    gap = newline if trailing else newline * 2
    return bibliography + gap + entry if trailing < 2 * len(newline) else bibliography + entry


def protect(text: str) -> str:
    """Return *text* so that BibTeX prints it as it stands: its own signs escaped, braces and backslashes taken out."""
    return _SPECIAL.sub(r"\\\1", text.replace("\\", "/").replace("{", "").replace("}", "").replace("~", " ").strip())


def _bare(text: str) -> str:
    """Return an address or a DOI as a field: no escapes, since it is followed, and no sign that would end the field."""
    return text.replace("{", "%7B").replace("}", "%7D").replace("\\", "%5C")


def _authors(authors: tuple[Author, ...]) -> str:
    names = [_author(author) for author in authors[:_MOST_AUTHORS]]
    return " and ".join(names + ["others"] * (len(authors) > _MOST_AUTHORS))


def _author(author: Author) -> str:
    family, given = protect(author.family), protect(author.given)
    # braces keep a body, and a name that holds a comma or the word and, in one piece
    if author.group or "," in family or re.search(r"\band\b", family, re.IGNORECASE):
        family = "{" + family + "}"
    return ", ".join(filter(None, (family, protect(author.suffix), given)))


def _first_after(keys: list[str], key: str) -> int:
    return next((index for index, other in enumerate(keys) if other > key), len(keys))
