"""Say how this edition of the review is cited: in words, as BibTeX and as RIS, from `CITATION.cff` and the log of the search."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import yaml

from livrev.records.review import Review
from livrev.show.format import format_day


@dataclass(frozen=True, slots=True)
class Edition:
    """One state of the review: its title and authors, version and day of release, and the days of its search."""

    title: str
    authors: tuple[str, ...]
    version: str
    released: date
    searched_from: date
    searched_until: date
    address: str = ""

    @property
    def line(self) -> str:
        """The edition in one line, as it stands at the foot of every page."""
        return f"Version {self.version} of {format_day(self.released)}; evidence searched until {format_day(self.searched_until)}."


def read_edition(review: Review, address: str = "") -> Edition:
    """Return the edition of *review*; *address* is where the book is published, if it is.

    Raises ValueError where the citation file or the log of the search lacks what an edition needs.
    """
    repository = review.repository
    file = repository.relative(repository.citation)
    try:
        said: dict[str, Any] = yaml.safe_load(repository.citation.read_text(encoding="utf-8"))
        released = date.fromisoformat(str(said["date-released"]))
        version, title = str(said["version"]), str(said["title"])
        authors = tuple(_name(author) for author in said["authors"])
    except (OSError, KeyError, TypeError, ValueError, yaml.YAMLError) as error:
        raise ValueError(
            f"{file}: {error!r} stands in the way of a citation; give title, authors, version and date-released"
        ) from error
    days = [date.fromisoformat(str(query["date"])) for query in review.tables["queries"].records if query["date"]]
    if not days:
        raise ValueError("data/search/queries.csv: no query has a date; give the day of each search")
    return Edition(title, authors, version, released, min(days), max(days), address)


def _name(author: dict[str, str]) -> str:
    if "name" in author:
        return author["name"]
    return f"{author['family-names']}, {author['given-names']}"


def in_words(edition: Edition) -> str:
    """Return the citation as a list of references prints it."""
    where = f" {edition.address}" if edition.address else ""
    authors = "; ".join(edition.authors)
    authors = authors[:1].upper() + authors[1:]
    return (
        f"{authors} ({edition.released.year}). {edition.title}. Version {edition.version}, {format_day(edition.released)};"
        f" evidence searched until {format_day(edition.searched_until)}.{where}"
    )


def as_bibtex(edition: Edition) -> str:
    """Return the citation as one BibTeX entry; names of groups are kept whole."""
    authors = " and ".join(author if "," in author else f"{{{author}}}" for author in edition.authors)
    fields = {
        "author": authors,
        "title": f"{{{edition.title}}}",
        "year": str(edition.released.year),
        "month": f"{edition.released:%B}".lower()[:3],
        "version": edition.version,
        "note": f"Version {edition.version}, evidence searched until {format_day(edition.searched_until)}",
    }
    if edition.address:
        fields["url"] = edition.address
    lines = [f"  {name} = {value if name == 'month' else f'{{{value}}}'}," for name, value in fields.items()]
    return "\n".join([f"@misc{{livrev{edition.released.year},", *lines, "}"])


def as_ris(edition: Edition) -> str:
    """Return the citation as one RIS record."""
    fields = [
        ("TY", "DATA"), *(("AU", author) for author in edition.authors), ("TI", edition.title),
        ("PY", str(edition.released.year)), ("DA", f"{edition.released:%Y/%m/%d}"), ("ET", edition.version),
        ("N1", f"Evidence searched until {format_day(edition.searched_until)}"),
        *([("UR", edition.address)] if edition.address else []), ("ER", ""),
    ]  # fmt: skip
    return "\n".join(f"{tag}  - {value}" for tag, value in fields)


FORMS: dict[str, Callable[[Edition], str]] = {"words": in_words, "bibtex": as_bibtex, "ris": as_ris}
