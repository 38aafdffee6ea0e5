"""Make a publication of what a record says, by a table of where its format keeps each field.

Every reader has such a table, RIS as well as PubMed's XML, the answers of services and the head of a web page: for each field
the names (tags, paths) that it stands under, the most trusted first. What the words of a field mean (who is an author, which
of several numbers is a PMID, whether a title is that of a journal or of a book) is told here, once for all formats.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping

from livrev.sources.identifiers import read_address
from livrev.sources.markup import plain_text, plain_title, read_fragment
from livrev.sources.names import read_names
from livrev.sources.publication import (
    Author,
    Publication,
    Section,
    clean,
    clean_doi,
    find_ncts,
    find_pmid,
    is_of_meeting,
)

_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_PMCID = re.compile(r"\bPMC\d{1,9}\b", re.IGNORECASE)
_CHAPTER = re.compile(
    r"(?i)\b(?:e?chap|chapter|book[- ](?:section|part|track)|incollection|inbook|suppbook|entry-\w+|reference-entry)\b"
)
# A heading within an abstract, as MEDLINE prints it: METHODS: …
_HEADING = re.compile(r"(?:^|(?<=[.?!)\]])\s+)([A-Z][A-Z/&, -]{3,60}):\s+")


class Fields:
    """What one record says. *table* gives the names of each field, parted by spaces; *values* all that stands under a name.

    Fields: title, subtitle, authors, bodies (that sign as such), editors, year, journal, booktitle, volume, number, pages,
    last_page, article_number, publisher, doi, pmid, pmcid, nct, notes (in which numbers are looked for), abstract, kinds,
    language, terms, address. `journal` is what holds the record: the book, where its kind is a chapter.
    """

    def __init__(self, service: str, table: Mapping[str, str], values: Callable[[str], Iterable[str]]) -> None:
        self._service, self._table, self._values = service, table, values

    def all(self, field: str) -> list[str]:
        """Return everything that any name of *field* says, name by name."""
        return [value for _, values in self._said(field) for value in values]

    def first(self, field: str) -> list[str]:
        """Return what the first name of *field* says that says anything."""
        return next((values for _, values in self._said(field)), [])

    def one(self, field: str) -> str:
        """Return the first value of *field*."""
        return next(iter(self.first(field)), "")

    def joined(self, field: str) -> str:
        """Return the lines of *field* as one text."""
        return " ".join(dict.fromkeys(self.first(field)))

    def _said(self, field: str) -> Iterator[tuple[str, list[str]]]:
        for name in self._table.get(field, "").split():
            if values := [value for value in map(clean, self._values(name)) if value]:
                yield name, values

    def publication(self, *, kinds: tuple[str, ...] = (), given_first: bool = False) -> Publication:
        """Return the publication; *kinds* where the format says them in its own way, *given_first* as in names.read_names.

        Raises Unreadable where an address is one that no record may hold.
        """
        kinds = kinds or tuple(self.all("kinds"))
        notes, addresses = self.all("notes"), list(self._said("address"))
        title = re.sub(r"^\[(.*)\]\.?$", r"\1", self.joined("title"))  # brackets mark what was translated into English
        held_by = plain_text(self.one("journal"))
        in_book = is_of_meeting(kinds[:1]) or any(map(_CHAPTER.search, kinds[:1]))
        book = plain_text(self.one("booktitle")).rstrip(".") or (held_by if in_book else "")
        bodies = tuple(Author(name.rstrip("."), group=True) for name in self.all("bodies"))
        authors = (*read_names(self.first("authors"), given_first=given_first), *bodies)
        pmids = [number for number in self.all("pmid") if re.fullmatch(r"[1-9]\d{0,7}", number)]
        pmcids = [f"PMC{number}" if number.isdigit() else number for number in self.all("pmcid")]
        return Publication(
            title=with_subtitle(plain_title(title), plain_title(self.joined("subtitle"))),
            authors=authors,
            editors=read_names(self.first("editors"), given_first=given_first) if book or not authors else (),
            year=next(map(int, _YEAR.findall(" ".join(self.all("year")))), None),
            journal="" if book else held_by,
            booktitle=book,
            volume=self.one("volume"),
            number=self.one("number"),
            pages=self._pages(),
            publisher=self.one("publisher"),
            doi=next(filter(None, map(clean_doi, self.all("doi"))), ""),
            pmid=next(iter(pmids), "") or find_pmid(*self.all("pmid"), *notes, *self.all("address")),
            pmcid=next(iter(_PMCID.findall(" ".join((*pmcids, *notes)))), "").upper(),
            nct=find_ncts(*self.all("nct"), *notes),
            abstract=_abstract(self.joined("abstract")),
            kinds=kinds,
            language=self.one("language"),
            terms=tuple(term.strip(" *") for said in self.all("terms") for term in said.split(";") if term.strip(" *")),
            address=next(filter(None, [read_address(name, values) for name, values in addresses]), ""),
            service=self._service,
        )

    def _pages(self) -> str:
        first, last = self.one("pages"), self.one("last_page")
        if first and last and first != last and "-" not in first:
            return f"{first}--{last}"
        # between the first and the last stand the two hyphens of BibTeX
        return re.sub(r"\s*(?:-+|[\u2010-\u2015\u2212])\s*", "--", first) or self.one("article_number")


def with_subtitle(title: str, subtitle: str) -> str:
    """Return *title* and *subtitle* as one, unless the title ends in it already."""
    if not (title and subtitle) or subtitle.lower() in title.lower():
        return title
    return f"{title}{' ' if title.endswith(('?', '!', ':')) else ': '}{subtitle}"


def _abstract(text: str) -> tuple[Section, ...]:
    """Return an abstract by its headings, where it has such."""
    sections = read_fragment(text)
    if len(sections) != 1 or sections[0].label:
        return sections
    first, *rest = _HEADING.split(sections[0].text)
    labelled = [Section(label, said) for label, said in zip(rest[::2], rest[1::2], strict=True) if said]
    return (*((Section("", first),) if first.strip() else ()), *labelled) if labelled else sections
