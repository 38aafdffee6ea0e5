"""Make a publication of what a record says, by a table of where its format keeps each field.

Every reader has such a table: for each field the names (tags, paths) that it stands under, the most trusted first. What the
words of a field mean (which of several numbers is a PMID, whether a title is that of a journal or of a book) is told here, once
for all formats; so is how a field is taken out of JSON: what is absent is empty, what is of another kind is said.

Names of authors come as `Family, Given`, `Family, Jr., Given`, `Family AB`, `Given von Family`. One written in one piece is
parted by bibtexparser; bodies, initials behind the family name, degrees and several people in one field are told here.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from bibtexparser.middlewares.names import parse_single_name_into_parts

from livrev.sources.markup import plain_text, plain_title, read_fragment
from livrev.sources.publication import (
    Author,
    Publication,
    Section,
    clean,
    clean_doi,
    find_ncts,
    find_pmid,
    is_of_meeting,
    read_address,
)

_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_PMCID = re.compile(r"\bPMC\d{1,9}\b", re.IGNORECASE)
_CHAPTER = re.compile(
    r"(?i)\b(?:e?chap|chapter|book[- ](?:section|part|track)|incollection|inbook|suppbook|entry-\w+|reference-entry)\b"
)
# A heading within an abstract, as MEDLINE prints it: METHODS: …
_HEADING = re.compile(r"(?:^|(?<=[.?!)\]])\s+)([A-Z][A-Z/&, -]{3,60}):\s+")
_BODY = re.compile(r"\b(?:" + "|".join([
    "groups?", "investigators?", "networks?", "consorti(?:um|a)", "collaborat(?:ion|ors|ive)", "committee", "association",
    "societ(?:y|ies)", r"organi[sz]ation", "stud(?:y|ies)", "trial(?:ists)?", "agency", "institut(?:es?|ions?|o)", "universit\\w+",
    "ministry", "department", "federation", "foundation", "alliance", "cent(?:er|re)s?", "council", "registry", "project",
    "program(?:me)?", "initiative", "administration", "hospitals?", "academy", "commission", "task force", "working party",
    "company", "corporation", "pharma\\w*", "therapeutics", "team", "authority", "library", "journal", "news", "for the", "of the",
    "on the", "health", "research", "medical", "medicine", "clinic", "college", "union", "board", "office", "panel",
    "services?", "national", "international", "european", "american", "world", "british", "royal", "united", "global", "state",
]) + r")\b|(?<=\w)(?:®|™)", re.IGNORECASE)  # fmt: skip
_COMPANY = re.compile(r"(?:inc|ltd|llc|gmbh|plc|corp|co|ag|s\.?a|b\.?v)\.?", re.IGNORECASE)
BODY_END = (
    r"(?i:group|investigators?|network|consortium|committee|collaborat\w+|organi[sz]ation|association|society|agency)"
)
SUFFIX = re.compile(r"(?:jr|sr|jun|sen)\.?|I{2,3}|IV|VI{0,3}|2nd|3rd|4th", re.IGNORECASE)
_DEGREE = re.compile(r"(?i)(?:(?:M|Ph)\.?D|[MB]\.?Sc|M\.?P\.?H|F\.?R\.?C\.?\w+|Dr|Prof|R\.?N|M\.?B\.?B\.?S|D\.?O)\.?")
_INITIALS = re.compile(r"(?:[^\W\d_](?:\.-?|-)?){1,4}")
# what leads to a footnote, and an ORCID iD
_MARKS = re.compile(r"[*†‡§¶]+|\(?(?:\d{4}-){3}\d{3}[\dX]\)?")
_TITLE = re.compile(r"(?:(?:Dr|Prof|Professor|Mrs?|Ms)\.?\s+)+(?=\S+\s)")
_SHORT = re.compile(r"[^,;]+\s(?:[A-Z]{1,3}|(?:[A-Z]\.-?){1,3})")  # Muster AB

# A name as it is spoken: words with a capital and small letters, particles and initials between them.
_SPOKEN = re.compile(
    r"[A-ZÀ-Þ][a-zß-ÿ]+(?:[-'’][A-ZÀ-Þ]?[a-zß-ÿ]+)*(?:\s(?:[A-ZÀ-Þ]\.?|v[ao]n|de[rnl]?|la|le|di|da|dos?|du|al|el|ter|zu[rm]?|bin))*"
    r"\s(?:[A-ZÀ-Þ]['’]?)?[A-ZÀ-Þ][a-zß-ÿ]+(?:-[A-ZÀ-Þ][a-zß-ÿ]+)?"
)
_APA = re.compile(r"[^,;&]+,\s*(?:[A-Z]\.[\s-]?)+(?=\s*,|\s*&|\s+and\s|\s*$)")


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
        """Yield each name of *field* that says anything, with what it says."""
        for name in self._table.get(field, "").split():
            if values := list(filter(None, map(clean, self._values(name)))):
                yield name, values

    def publication(self, *, kinds: tuple[str, ...] = (), given_first: bool = False) -> Publication:
        """Return the publication; *kinds* where the format says them in its own way, *given_first* as in read_names.

        Raises Unreadable where an address is one that no record may hold.
        """
        kinds = kinds or tuple(self.all("kinds"))
        notes = self.all("notes")
        title = re.sub(r"^\[(.*)\]\.?$", r"\1", self.joined("title"))  # brackets mark what was translated into English
        held_by = plain_text(self.one("journal"))
        in_book = is_of_meeting(kinds[:1]) or any(map(_CHAPTER.search, kinds[:1]))
        book = plain_text(self.one("booktitle")).rstrip(".") or (held_by if in_book else "")
        bodies = tuple(Author(name.rstrip("."), group=True) for name in self.all("bodies"))
        authors = (*read_names(self.first("authors"), given_first=given_first), *bodies)
        pmids = [number for number in self.all("pmid") if re.fullmatch(r"[1-9]\d{0,7}", number)]
        first, last = (re.sub(r"-?\+$", "", self.one(name)) for name in ("pages", "last_page"))  # 720-+: and on
        joined = f"{first}-{last}" if first and last and first != last and "-" not in first else first
        # between the first and the last stand the two hyphens of BibTeX
        pages = re.sub(r"\s*(?:-+|[\u2010-\u2015\u2212])\s*", "--", joined)
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
            pages=pages or self.one("article_number"),
            publisher=self.one("publisher"),
            doi=next(filter(None, map(clean_doi, self.all("doi"))), ""),
            pmid=next(iter(pmids), "") or find_pmid(*self.all("pmid"), *notes, *self.all("address")),
            pmcid=next(iter(_PMCID.findall(" ".join((*pmcids, *notes)))), "").upper(),
            nct=find_ncts(*self.all("nct"), *notes),
            abstract=_abstract(self.joined("abstract")),
            kinds=kinds,
            language=self.one("language"),
            terms=tuple(term.strip(" *") for said in self.all("terms") for term in said.split(";") if term.strip(" *")),
            address=next(filter(None, [read_address(name, values) for name, values in self._said("address")]), ""),
            service=self._service,
        )


def with_subtitle(title: str, subtitle: str) -> str:
    """Return *title* and *subtitle* as one, unless the title ends in it already."""
    if not (title and subtitle) or subtitle.lower() in title.lower():
        return title
    return f"{title}{' ' if title.endswith(('?', '!', ':')) else ': '}{subtitle}"


def _abstract(text: str) -> tuple[Section, ...]:
    sections = read_fragment(text)
    if len(sections) != 1 or sections[0].label:
        return sections
    first, *rest = _HEADING.split(sections[0].text)
    labelled = [Section(label, said) for label, said in zip(rest[::2], rest[1::2], strict=True) if said]
    return (*((Section("", first),) if first.strip() else ()), *labelled) if labelled else sections


def read_names(texts: Iterable[str], *, given_first: bool = False) -> tuple[Author, ...]:
    """Return the authors that *texts* name, in their order; a text may hold several.

    *given_first* says that a name without a comma is one as spoken, `Bo van der Probe`; elsewhere such a name is a body's,
    unless it looks like a person's in every word.
    """
    authors = (read_name(name, given_first=given_first) for text in texts for name in _split(clean(text), given_first))
    return tuple(filter(None, authors))


def read_name(text: str, *, given_first: bool = False) -> Author | None:
    """Return the author that *text* names; None where it names nobody."""
    text = _MARKS.sub("", clean(text)).strip("; ")
    parts = [part for part in (part.strip() for part in text.split(",")) if part and not _DEGREE.fullmatch(part)]
    if not parts or text.lower().strip(".[]") in ("others", "et al", "anonymous", "n/a"):
        return None
    if len(parts) == 1:
        return _undivided(parts[0], given_first and not text.endswith(","))
    if re.fullmatch(BODY_END, parts[0]):
        return Author(f"{parts[1]} {parts[0]}", group=True)
    of_words = " " in parts[0] and not _INITIALS.fullmatch(parts[1].split()[0])
    body = _BODY.search(parts[0]) and (_BODY.search(parts[1]) or len(parts) > 2 or of_words)
    if body or _COMPANY.fullmatch(parts[-1]):
        return Author(", ".join(parts), group=True)
    if len(parts) == 2 and SUFFIX.fullmatch(parts[1]) and " " in parts[0]:
        return _undivided(" ".join(parts), True)  # Bo Leek, Jr.
    suffix = next((part for part in parts[1:] if SUFFIX.fullmatch(part)), "")
    given = " ".join(part for part in parts[1:] if part != suffix)
    if not suffix and (match := re.fullmatch(rf"(\S.*?)\s+({SUFFIX.pattern})", given, re.IGNORECASE)):
        given, suffix = match[1], match[2]
    return Author(parts[0], given, suffix=suffix)


def _split(text: str, given_first: bool) -> list[str]:
    """Return the names in one text: parted by semicolons, by `and`, or by commas where what stands between is a whole name."""
    if ";" in text:
        return text.split(";")
    joined = text.count(",") > 1 and re.search(r",\s*(?:&|and\s)|\s(?:&|and)\s", text)
    if joined and len(names := _APA.findall(text)) > 1:
        return [re.sub(r"^\s*(?:&|and\s)\s*", "", name) for name in names]
    *most, last = re.split(r",\s*", text)
    if most and all(map(_SHORT.fullmatch, most)) and (_SHORT.fullmatch(last) or _BODY.search(last)):
        return [*most, last]
    pieces = re.split(r"\s+(?:and|&)\s+", text)
    if not given_first or _BODY.search(pieces[0]):
        return pieces if all(piece.count(",") == 1 for piece in pieces) else [text]
    names = []
    for piece in pieces:
        parts = [part.strip() for part in piece.split(",")]
        spoken = all(" " in name and not re.search(r"\b[A-Z]\.?$", name) for name in parts)
        names += parts if spoken else [piece]
    return names


def _undivided(name: str, given_first: bool) -> Author:
    words = _TITLE.sub("", name).split()
    while given_first and len(words) > 2 and _DEGREE.fullmatch(words[-1]):
        words.pop()
    suffix = words.pop() if len(words) > 2 and SUFFIX.fullmatch(words[-1]) and len(words[-1]) > 1 else ""
    if len(words) < 2 or _BODY.search(name):
        return Author(name, group=True)
    initials_first = _INITIALS.fullmatch(words[0]) and "." in words[0]
    last = words[-1]
    if _INITIALS.fullmatch(last) and last == last.upper() and not initials_first:
        given = last if "." in last or "-" in last else " ".join(last)
        return Author(" ".join(words[:-1]), given, suffix=suffix)
    if not given_first and not initials_first and not _SPOKEN.fullmatch(" ".join(words)):
        return Author(name, group=True)
    parts = parse_single_name_into_parts(" ".join(words), strict=False)
    return Author(" ".join([*parts.von, *parts.last]), " ".join(parts.first), suffix=suffix)


def at(data: Any, *path: str) -> Any:
    """Return what stands at *path* in nested mappings, or None. Raises ValueError where a step is no mapping."""
    for step in path:
        if data is None:
            return None
        if not isinstance(data, dict):
            raise ValueError(f"has another form than it used to: there is no mapping that holds {step}")
        data = data.get(step)
    return data


def values_at(data: Any, path: str) -> list[str]:
    """Return the texts and numbers at *path*, as `issued.date-parts`: one, or those of a list. Raises ValueError for mappings."""
    found = [at(data, *path.split("."))]
    while any(isinstance(item, list) for item in found):
        found = [inner for item in found for inner in (item if isinstance(item, list) else [item])]
    return [text for item in found if (text := text_at({path: item}, path))]


def text_at(data: Any, *path: str) -> str:
    """Return the text or number at *path* on one line; empty where there is none. Raises ValueError for lists and mappings."""
    found = at(data, *path)
    if isinstance(found, list | dict):
        raise ValueError(f"has another form than it used to: {'.'.join(path)} is no text")
    return "" if found is None or isinstance(found, bool) else clean(str(found))


def items_at(data: Any, *path: str) -> list[Any]:
    """Return the list at *path*; empty where there is none. Raises ValueError where something else stands there."""
    found = at(data, *path)
    if not isinstance(found, list | None):
        raise ValueError(f"has another form than it used to: {'.'.join(path)} is no list")
    return found or []


def needed(value: str, name: str) -> str:
    """Return *value*. Raises ValueError where it is empty: an answer without it is none."""
    if not value:
        raise ValueError(f"lacks {name}, which it used to have")
    return value


def count_at(data: Any, *path: str) -> int:
    """Return the whole number at *path*. Raises ValueError where there is none."""
    found = text_at(data, *path)
    return int(needed(found if found.isdigit() else "", f"the number {'.'.join(path)}"))
