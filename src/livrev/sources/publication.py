"""The record of one publication as a service or a file describes it: what every reader of this package returns."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal
from urllib.parse import quote

from livrev.records.safe_text import fault_of

# Old DOIs of Wiley hold angle brackets (SICI, ANSI/NISO Z39.56); no other may.
DOI = re.compile(r"10\.\d{4,9}/(?:\(SICI\)[^\s\"<>]*<[^\s\"<>]*>[^\s\"<>]*|[^\s\"<>]+)", re.IGNORECASE)
NCT = re.compile(r"(?i)\bNCT\d{8}\b")
_PMID = re.compile(
    r"(?i)\b(?:PMID|PubMed(?:[ -]?(?:ID|PMID))?)\s*[:=#]?\s*([1-9]\d{0,7})\b|\b([1-9]\d{0,7})\s*\[pmid\]"
    r"|\b(?:pubmed(?:\.ncbi\.nlm\.nih\.gov|/)|europepmc\.org/(?:article|abstract)/med)/?([1-9]\d{0,7})\b"
)
_MEETING = re.compile(r"(?i)\b(?:cpaper|conf|inproceedings|paper-conference|proceedings|conference)\b")

PUBMED = "https://pubmed.ncbi.nlm.nih.gov"
NoticeKind = Literal["retraction", "correction", "concern", "other"]
# The state of a paper in data/retractions.csv by each kind of notice, the gravest first.
STATES = {"retraction": "retracted", "concern": "concern", "correction": "correction"}

_NOTICES: dict[NoticeKind, str] = {
    "concern": "concern", "retraction": "retract|withdraw|removal", "correction": "correct|errat|corrigend|addend",
}  # fmt: skip
# What a notice says of the paper that it is about: RetractionOf, Erratum for, retracted-article.
_ON_ANOTHER = re.compile(r"(?:of|for|from)$|-article$|^object-of-concern$", re.IGNORECASE)
# What reference managers write into the field of the address, and only they can follow.
_INTERNAL = re.compile(r"(?i)<go to isi>|(?:internal-pdf|papers\d?|zotero|mendeley|paperpile|readcube)\b:?|n/?a$")
# A DOI or a number of a database is read elsewhere; a host or path without a scheme leads nowhere, and does no harm.
_NO_ADDRESS = re.compile(r"(?i)(?:doi:\s*)?10\.\d{4,9}/\S+|\w[\w.+-]*(?:/[\w./+%=&?#~-]*)?")
# In whose name a body signs, and where to write to it, are none of its name.
_AROUND_A_BODY = re.compile(r"(?i)^(?:and\s)?(?:on\sbehalf\sof|for)\s(?:the\s)?|[.;,]?\s*Electronic address:.*$")
_SEPARATOR = re.compile(r"\s*[;,]?\s+(?=https?://)|;(?=https?://)")


class Unreadable(ValueError):
    """Raised where what was given cannot be read, or must not be taken in: "what is wrong; the cure".

    *value* is the stretch that is at fault, where there is one: by it the *line* is found, unless that is given.
    """

    def __init__(self, said: str, *, value: str = "", line: int = 0) -> None:
        super().__init__(said)
        self.value, self.line = value, line


@dataclass(frozen=True, slots=True)
class Author:
    """One author: family (with its particles) and given names, `Jr.` and the like, or the name of a body that signs as such."""

    family: str
    given: str = ""
    group: bool = False
    suffix: str = ""

    def __post_init__(self) -> None:
        """Keep of a body its name alone, and of a person the initials with a space between them: M.L. is M. L."""
        if self.group:
            object.__setattr__(self, "family", _AROUND_A_BODY.sub("", self.family))
        object.__setattr__(self, "given", re.sub(r"(?<=[^\W\d_]\.)(?=[^\W\d_])", " ", self.given))


@dataclass(frozen=True, slots=True)
class Section:
    """One stretch of an abstract or a text, under the label that it bears (empty where it bears none).

    *place* is where it stands, where that is more exact than its label: the cell of a table. It is no part of the text.
    """

    label: str
    text: str
    place: str = ""

    @property
    def labelled(self) -> str:
        """The text, its label as the first words."""
        label = self.label.rstrip(": ")
        return f"{label}: {self.text}" if label else self.text


@dataclass(frozen=True, slots=True)
class Notice:
    """A notice that says something about a publication: a retraction, a correction, an expression of concern.

    `said` is the word of the service, `date` an ISO date as exact as given. DOI and PMID are those of the *other*
    publication: the notice where a paper names it, the paper where a notice names it (then `is_notice` is true).
    """

    kind: NoticeKind
    said: str
    doi: str = ""
    pmid: str = ""
    date: str = ""
    is_notice: bool = False


@dataclass(frozen=True, slots=True)
class Publication:
    """What a service or a file says of one publication; what it does not say is empty.

    `nct` holds every registry number named. `abstract` and `body` keep the labels of their sections; `body` is the text
    beyond the abstract, where it may be had. A chapter or a paper of a meeting has `booktitle` and no `journal`. `terms` are
    index terms and keywords. `address` is where a person reads the record, `service` who said so.
    """

    title: str
    authors: tuple[Author, ...] = ()
    year: int | None = None
    journal: str = ""
    booktitle: str = ""
    editors: tuple[Author, ...] = ()
    volume: str = ""
    number: str = ""
    pages: str = ""
    publisher: str = ""
    doi: str = ""
    pmid: str = ""
    pmcid: str = ""
    nct: tuple[str, ...] = ()
    abstract: tuple[Section, ...] = ()
    body: tuple[Section, ...] = ()
    kinds: tuple[str, ...] = ()
    language: str = ""
    address: str = ""
    service: str = ""
    open_text: bool = False
    registry: bool = False
    notices: tuple[Notice, ...] = ()
    terms: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Take in the registry numbers that the abstract names; a registry's own record names other trials, too."""
        if not self.registry:
            named = find_ncts(*(section.text for section in self.abstract))
            object.__setattr__(self, "nct", tuple(dict.fromkeys((*self.nct, *named))))

    @property
    def against(self) -> list[Notice]:
        """The notices that say something against this publication, the gravest first."""
        found = [notice for notice in self.notices if notice.kind in STATES and not notice.is_notice]
        retracted = any(kind.lower() == "retracted publication" for kind in self.kinds)
        if retracted and not any(notice.kind == "retraction" for notice in found):
            found.append(Notice("retraction", "Retracted Publication"))
        return sorted(found, key=lambda notice: list(STATES).index(notice.kind))

    @property
    def paragraphs(self) -> list[str]:
        """The title, and a paragraph for each section of abstract and body, its label as the first words."""
        return [self.title, *(section.labelled for section in (*self.abstract, *self.body))]

    @property
    def text(self) -> str:
        """The title, the abstract and the body as plain text, without what is empty."""
        return "\n\n".join(paragraph for paragraph in self.paragraphs if paragraph.strip()) + "\n"

    @property
    def abstract_text(self) -> str:
        """The abstract, each part on its line behind its label."""
        return "\n".join(section.labelled for section in self.abstract)

    @property
    def searched_text(self) -> str:
        """Title, abstract and index terms: what a search looks in and the ranking reads."""
        return "\n".join(filter(None, (self.title, self.abstract_text, *self.terms)))


def clean(text: str | None, *, lines: bool = False) -> str:
    """Return *text* normalised (NFC), without control and direction characters, white space drawn together.

    With *lines*, line breaks and blank lines stay. Marks that reverse the reading order are dropped: they can make a
    title show other words than it holds.
    """
    if not text:
        return ""
    kept = unicodedata.normalize("NFC", text)
    if not kept.isprintable():
        kept = "".join(c if c.isprintable() or c == "\n" else " " * c.isspace() for c in kept)
    return "\n".join(" ".join(line.split()) for line in kept.split("\n")).strip() if lines else " ".join(kept.split())


def clean_doi(text: str | None) -> str:
    """Return the bare DOI in *text*, without resolver and final punctuation, or nothing."""
    match = DOI.search(clean(text))
    doi = match[0].rstrip(".,;:'") if match else ""
    while doi.endswith(")") and doi.count(")") > doi.count("("):
        doi = doi[:-1].rstrip(".,;:")
    return doi


def doi_address(doi: str) -> str:
    """Return the address that resolves *doi*, nothing for none; what no address may hold is written as RFC 3986 has it."""
    return f"https://doi.org/{quote(doi, safe='/:;()+,=@!$*._~-')}" if doi else ""


def address_of(publication: Publication) -> str:
    """Return where a person reads the record of *publication*, by its numbers; nothing where it has neither PMID nor DOI."""
    return f"{PUBMED}/{publication.pmid}/" if publication.pmid else doi_address(publication.doi)


def read_address(field: str, values: Iterable[str | None]) -> str:
    """Return the first address of *values*, which stand in *field* of a file; nothing where there is none.

    Every one is looked at. Raises Unreadable for one that no record may hold: of another scheme than http and https, with a
    password, or with a sign that ends an attribute or a field. It is a mistake or an attack, and a person must see it.
    """
    found = []
    for piece in (piece.strip() for value in values for piece in _SEPARATOR.split((value or "").strip())):
        address = re.sub(r"^<(https?://[^<>]*)>$", r"\1", piece)
        if not address or _INTERNAL.match(address) or _NO_ADDRESS.fullmatch(address):
            continue
        found.append(re.sub(r"(?i)^(https?://[^/?#]*)|[^\x00-\xa0]", lambda sign: sign[1] or quote(sign[0]), address))
        if fault := fault_of(found[-1]):
            shown = address if len(address) <= 80 else address[:79] + "…"
            raise Unreadable(f"{field}: {shown} {fault[0]}; {fault[1]}", value=address)
    return next(iter(found), "")


def find_ncts(*texts: str) -> tuple[str, ...]:
    """Return the registry numbers that *texts* name, in the order of first mention."""
    return tuple(dict.fromkeys(match.group().upper() for text in texts for match in NCT.finditer(text)))


def read_notice(said: str, where: str, pmid: str) -> Notice:
    """Return the notice that a service calls *said*; its DOI stands in *where*."""
    plain = re.sub(r"[^a-z]", "", said.lower())
    kind: NoticeKind = next((kind for kind, words in _NOTICES.items() if re.search(words, plain)), "other")
    return Notice(kind, said, clean_doi(where), pmid, is_notice=_ON_ANOTHER.search(said) is not None)


def read_notices(said: Iterable[tuple[str, str, str]]) -> tuple[Notice, ...]:
    """Return the notices among *said*: what a service calls each, where its DOI stands, and its PMID; a comment is none."""
    return tuple(notice for notice in (read_notice(*one) for one in said) if notice.kind != "other")


def find_pmid(*texts: str) -> str:
    """Return the PMID that the first of *texts* names as such, `PMID: 7` or by an address of PubMed; nothing where none does."""
    return next((match[match.lastindex or 0] for text in texts for match in _PMID.finditer(text)), "")


def is_of_meeting(kinds: Iterable[str]) -> bool:
    """Tell whether what a service calls by *kinds* is a paper in the proceedings of a meeting."""
    return any(_MEETING.search(kind) for kind in kinds)
