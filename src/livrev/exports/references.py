"""Write the bibliography as reference managers and citation processors read it: BibTeX, RIS and CSL-JSON.

The review itself is cited by its edition: in words, as BibTeX and as RIS, from `CITATION.cff` and the log of the search.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from bibtexparser.middlewares.names import split_multiple_persons_names

from livrev.records.plain_yaml import read_mapping
from livrev.records.review import Reference, Review
from livrev.review.studies import mark_of, search_day
from livrev.show.format import format_day

_TYPES = {  # of CSL, and of RIS
    "article": ("article-journal", "JOUR"), "online": ("webpage", "ELEC"), "inproceedings": ("paper-conference", "CPAPER"),
    "incollection": ("chapter", "CHAP"), "book": ("book", "BOOK"),
}  # fmt: skip
_ESCAPED = re.compile(r"\\([%&#_${}])")


def to_bibtex(review: Review) -> str:
    """Return the bibliography as it is kept."""
    return review.repository.references.read_text(encoding="utf-8")


def split_names(authors: str) -> list[str]:
    """Return the names of a BibTeX author field, `Family, Given` each; braces around a group stay, `others` is left out."""
    names = split_multiple_persons_names(re.sub(r"\s+", " ", authors))
    return [name for name in names if name not in ("", "others")]


def _plain(text: str) -> str:
    return _ESCAPED.sub(r"\1", text).replace("{", "").replace("}", "").replace("--", "–").strip()


def _notes(review: Review, reference: Reference) -> list[str]:
    said = [_plain(reference.fields.get("note", ""))]
    if mark := mark_of(review, reference.key):
        said.append(f"State: {mark}")
    if "and others" in reference.fields.get("author", ""):
        said.append("The list of authors is not complete.")
    return [note for note in said if note]


def to_ris(review: Review) -> str:
    """Return the bibliography as RIS, one record a reference, in its order."""
    return "".join(ris_by_key(review).values())


def ris_by_key(review: Review) -> dict[str, str]:
    """Return the record in RIS of each reference, by its key."""
    return {key: _ris(review, reference) for key, reference in review.references.items()}


def _ris(review: Review, reference: Reference) -> str:
    item = _csl(review, reference)
    first, _, last = reference.plain("pages").partition("--")
    tags = [("TY", _TYPES.get(reference.type, ("", "GEN"))[1]), ("ID", reference.key)]
    for tag, field in (("AU", "author"), ("A2", "editor")):
        tags += [(tag, ", ".join(filter(None, name))) for name in _names(reference, field)]
    tags += [
        ("TI", item.get("title", "")), ("T2", item.get("container-title", "")), ("PY", str(reference.year or "")),
        ("VL", item.get("volume", "")), ("IS", item.get("issue", "")), ("SP", first), ("EP", last), ("DO", item.get("DOI", "")),
        ("AN", item.get("PMID", "")), ("UR", item.get("URL", "")), *(("N1", note) for note in _notes(review, reference)),
    ]  # fmt: skip
    return _tagged(tags) + "\n\n"


def _tagged(tags: Iterable[tuple[str, str]]) -> str:
    """Return one record of RIS, without the tags that have no value."""
    return "".join(f"{tag}  - {value}\n" for tag, value in tags if value) + "ER  - "


def to_csl_json(review: Review) -> str:
    """Return the bibliography as CSL-JSON."""
    items = [_csl(review, reference) for reference in review.references.values()]
    return json.dumps(items, ensure_ascii=False, indent=1) + "\n"


def _csl(review: Review, reference: Reference) -> dict[str, Any]:
    where = map(reference.plain, ("journal", "booktitle", "organization", "howpublished"))
    names: dict[str, list[dict[str, str]]] = {"author": [], "editor": []}
    for field, found in names.items():
        for family, given, suffix in _names(reference, field):
            person = {"family": family, "given": given} | ({"suffix": suffix} if suffix else {})
            found.append(person if given else {"literal": family})
    item = {
        "id": reference.key, "type": _TYPES.get(reference.type, ("document",))[0],
        "title": _plain(reference.fields.get("title", "")), **names,
        "issued": {"date-parts": [[reference.year]]} if reference.year else None,
        "container-title": _plain(next(filter(None, where), "")), "volume": reference.plain("volume"),
        "issue": reference.plain("number"), "page": reference.plain("pages").replace("--", "-"),
        "DOI": reference.plain("doi"), "PMID": reference.plain("pmid"), "PMCID": reference.plain("pmcid"),
        "URL": reference.plain("url"), "note": " ".join(_notes(review, reference)),
    }  # fmt: skip
    return {key: value for key, value in item.items() if value}


def _names(reference: Reference, field: str) -> Iterator[tuple[str, str, str]]:
    """Yield family, given names and suffix of each name in *field*; of a body its name alone."""
    for name in split_names(reference.fields.get(field, "")):
        whole = name.startswith("{") and name.endswith("}")
        family, *rest = (_plain(part) for part in ([name] if whole else re.split(r",(?![^{]*\})", name)))
        yield family, (rest or [""])[-1], rest[0] if len(rest) > 1 else ""


@dataclass(frozen=True, slots=True)
class Edition:
    """One state of the review: its title and authors, version and day of release, and the last day of its search."""

    title: str
    authors: tuple[str, ...]
    version: str
    released: date
    searched_until: date
    address: str = ""

    @property
    def line(self) -> str:
        """The edition in one line, as it stands at the foot of every page."""
        return f"Version {self.version} of {format_day(self.released)}; evidence searched until {format_day(self.searched_until)}."


def read_edition(review: Review, address: str = "") -> Edition:
    """Return the edition of *review*, published at *address*. Raises ValueError where citation file or search log lack what it needs."""
    repository = review.repository
    said, problems = read_mapping(repository.citation, repository)
    if said is None:
        raise ValueError("\n".join(map(str, problems)))
    try:
        released = date.fromisoformat(str(said["date-released"]))
        version, title = str(said["version"]), str(said["title"])
        named = [a["name"] if "name" in a else f"{a['family-names']}, {a['given-names']}" for a in said["authors"]]
    except (KeyError, TypeError, ValueError) as error:
        cure = "stands in the way of a citation; give title, authors, version and date-released"
        raise ValueError(f"{repository.relative(repository.citation)}: {error!r} {cure}") from error
    if (searched := search_day(review)) is None:
        raise ValueError("data/search/queries.csv: no query has a date; give the day of each search")
    return Edition(title, tuple(named), version, released, searched, address)


def in_words(edition: Edition) -> str:
    """Return the citation as a list of references prints it."""
    authors, day = "; ".join(edition.authors), format_day(edition.released)
    said = f"{authors[:1].upper()}{authors[1:]} ({edition.released.year}). {edition.title}. Version {edition.version}, {day};"
    return f"{said} evidence searched until {format_day(edition.searched_until)}. {edition.address}".rstrip()


def as_bibtex(edition: Edition) -> str:
    """Return the citation as one BibTeX entry; names of groups are kept whole."""
    authors = " and ".join(author if "," in author else f"{{{author}}}" for author in edition.authors)
    fields = {
        "author": authors, "title": f"{{{edition.title}}}", "year": str(edition.released.year),
        "month": f"{edition.released:%B}".lower()[:3], "version": edition.version,
        "note": f"Version {edition.version}, evidence searched until {format_day(edition.searched_until)}",
        "url": edition.address,
    }  # fmt: skip
    lines = [f"  {name} = {value if name == 'month' else f'{{{value}}}'}," for name, value in fields.items() if value]
    return "\n".join([f"@misc{{livrev{edition.released.year},", *lines, "}"])


def as_ris(edition: Edition) -> str:
    """Return the citation as one RIS record."""
    return _tagged([
        ("TY", "DATA"), *(("AU", author) for author in edition.authors), ("TI", edition.title),
        ("PY", str(edition.released.year)), ("DA", f"{edition.released:%Y/%m/%d}"), ("ET", edition.version),
        ("N1", f"Evidence searched until {format_day(edition.searched_until)}"), ("UR", edition.address),
    ])  # fmt: skip


FORMS: dict[str, Callable[[Edition], str]] = {"words": in_words, "bibtex": as_bibtex, "ris": as_ris}
