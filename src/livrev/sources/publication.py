"""The record of one publication as a service or a file describes it: what every reader of this package returns."""

import re
import unicodedata
from dataclasses import dataclass, field
from typing import Literal

DOI = re.compile(r"10\.\d{4,9}/[^\s\"<>]+")
NCT = re.compile(r"(?i)\bNCT\d{8}\b")
PMCID = re.compile(r"(?i)\bPMC\d{1,9}\b")

NoticeKind = Literal["retraction", "correction", "concern", "other"]


@dataclass(frozen=True, slots=True)
class Author:
    """One author: family and given names, or the name of a body that signs as such."""

    family: str
    given: str = ""
    group: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """One stretch of an abstract or a text, under the label that it bears (empty where it bears none)."""

    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Notice:
    """A notice that says something about a publication: a retraction, a correction, an expression of concern.

    `said` is the word of the service, `date` an ISO date as exact as given. `towards` is the DOI or PMID of the *other*
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
    beyond the abstract, where it may be had. `address` is where a person reads the record, `service` who said so.
    """

    title: str
    authors: tuple[Author, ...] = ()
    year: int | None = None
    journal: str = ""
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
    notices: tuple[Notice, ...] = field(default=())

    @property
    def text(self) -> str:
        """The title, the abstract and the body as plain text: a paragraph a section, its label as the first words."""
        paragraphs = [self.title]
        for section in (*self.abstract, *self.body):
            label = section.label.rstrip(": ")
            paragraphs.append(f"{label}: {section.text}" if label else section.text)
        return "\n\n".join(paragraph for paragraph in paragraphs if paragraph.strip()) + "\n"


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
    if not lines:
        return " ".join(kept.split())
    return "\n".join(" ".join(line.split()) for line in kept.split("\n")).strip()


def clean_doi(text: str | None) -> str:
    """Return the bare DOI in *text*, without resolver and final punctuation, or nothing."""
    match = DOI.search(clean(text))
    if not match:
        return ""
    doi = match.group().rstrip(".,;:'")
    while doi.endswith(")") and doi.count(")") > doi.count("("):
        doi = doi[:-1].rstrip(".,;:")
    return doi


def find_ncts(*texts: str) -> tuple[str, ...]:
    """Return the registry numbers that *texts* name, in the order of first mention."""
    return tuple(dict.fromkeys(match.group().upper() for text in texts for match in NCT.finditer(text)))


def kind_of_notice(said: str) -> NoticeKind:
    """Return what a service's word for a notice means."""
    plain = re.sub(r"[^a-z]", "", said.lower())
    if "concern" in plain:
        return "concern"
    if "retract" in plain or "withdraw" in plain or "removal" in plain:
        return "retraction"
    return "correction" if re.search("correct|errat|corrigend|addend", plain) else "other"
