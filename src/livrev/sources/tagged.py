"""Read one reference from the tagged formats: RIS as every reference manager writes it, PubMed's MEDLINE, Web of Science, EndNote.

The lines are parsed by rispy; each format is a dialect of its parser, with every tag kept under its own name: its own mapping
keeps one journal and one abstract of several, and `nbib`, a reader of MEDLINE, has not been kept up since 2021. What rispy
would pass over in silence (a record without its end, two records run together, tags before the first) is looked at before.
"""

import re
from collections.abc import Iterable
from typing import ClassVar

from rispy.parser import RisParser

from livrev.sources.identifiers import read_address
from livrev.sources.markup import plain_title, read_fragment
from livrev.sources.names import read_names
from livrev.sources.publication import (
    PUBMED,
    Author,
    Notice,
    Publication,
    Section,
    Unreadable,
    clean,
    clean_doi,
    find_ncts,
    find_pmcid,
    find_pmid,
    find_year,
    is_in_book,
    kind_of_notice,
    page_range,
    place_in,
)

# A heading within an abstract, as MEDLINE prints it: METHODS: …
_HEADING = re.compile(r"(?:^|(?<=[.?!)\]])\s+)([A-Z][A-Z/&, -]{3,60}):\s+")
_DOI_ALONE = re.compile(r"(?i)(?:https?://(?:dx\.)?doi\.org/|doi:?\s*)?10\.\d{4,9}/\S+")
# T2 is none that holds these
_IN_A_SERIES = ("RPRT", "THES", "BOOK", "EBOOK", "EDBOOK", "ELEC", "BLOG", "STAT", "STAND", "PAT")
_RETRACTIONS = {
    "RIN": "RetractionIn", "EIN": "ErratumIn", "ECI": "ExpressionOfConcernIn", "CRI": "CorrectedandRepublishedIn",
    "ROF": "RetractionOf", "EFR": "ErratumFor", "ECF": "ExpressionOfConcernFor",
}  # fmt: skip
_OF_A_NOTICE = ("ROF", "EFR", "ECF")
# copied from a page: white space was drawn together, or small letters made of the tags
_NARROW = re.compile(r"^TY - ", re.MULTILINE)
_SMALL = re.compile(r"^ty {1,2}- ", re.MULTILINE)


class _OwnNames(dict[str, str]):
    """A mapping in which each tag has its own name."""

    def __missing__(self, tag: str) -> str:
        return tag


class _AllTags(list[str]):
    """A list that holds every tag: each may stand several times."""

    def __contains__(self, tag: object) -> bool:
        return True


class _Ris(RisParser):  # type: ignore[misc]
    """RIS, and what the dialects share: how a record begins, what a tagged line looks like, and how often a record may begin."""

    START_TAG = "TY"
    END_TAG = "ER"
    END_LINE = "ER  - "
    DEFAULT_MAPPING: ClassVar = _OwnNames()
    DEFAULT_LIST_TAGS: ClassVar = _AllTags()
    DEFAULT_DELIMITER_MAPPING: ClassVar[dict[str, str]] = {}
    LINE = re.compile(r"\s{0,3}([A-Z][A-Z0-9])  -(.*)")
    FORMAT = "RIS"

    def parse_line(self, line: str) -> tuple[str | None, str]:
        """Return the tag of *line*, if it bears one, and what follows."""
        match = self.LINE.match(line)
        return (match[1], (match[2] or "").strip()) if match else (None, line.strip())


class _Medline(_Ris):
    START_TAG = "PMID"
    LINE = re.compile(r"([A-Z]{2,4})\s*-(?:\s(.*)|$)")
    FORMAT = "MEDLINE (.nbib)"


class _WebOfScience(_Ris):
    START_TAG = "PT"
    END_LINE = "ER"
    LINE = re.compile(r"([A-Z][A-Z0-9])(?:\s(.*)|$)")
    FORMAT = "Web of Science text"


class _EndNote(_Ris):
    START_TAG = "%0"
    END_TAG = END_LINE = "%%"
    LINE = re.compile(r"(%\S)(?:\s(.*)|$)")
    FORMAT = "EndNote text (.enw)"


class Tags:
    """The values of one reference, by their tags."""

    def __init__(self, entry: dict[str, list[str] | str]) -> None:
        # rispy keeps the first tag of a record as a text
        self._entry = {tag: [value] if isinstance(value, str) else value for tag, value in entry.items()}

    def all(self, *tags: str) -> list[str]:
        """Return every value of *tags*, tag by tag."""
        return [clean(value) for tag in tags for value in self._entry.get(tag, []) if clean(value)]

    def one(self, *tags: str) -> str:
        """Return the first value of the first of *tags* that has one."""
        return next(iter(self.all(*tags)), "")

    def joined(self, *tags: str) -> str:
        """Return the lines of the first of *tags* that has any as one text."""
        return next((" ".join(values) for tag in tags if (values := self.all(tag))), "")


def _parse(text: str, dialect: type[_Ris], *, join: bool = True) -> Tags:
    """Return the one reference of *text*. Raises Unreadable where there are several, or none.

    A missing end is no harm where there is one reference; what stands before its first tag belongs to it as well.
    """
    reader = dialect()
    tagged = [(reader.parse_line(line), line.lstrip()) for line in text.split("\n") if line.strip()]
    starts = [number for number, ((tag, _), _) in enumerate(tagged) if tag == dialect.START_TAG]
    filled = [n for n, first in enumerate(starts) if _has_title(tagged[first : [*starts, len(tagged)][n + 1]])]
    if len(starts) > 1 and len(filled) != 1:
        raise Unreadable(f"is {dialect.FORMAT} and holds {len(starts)} references; give a file with one reference")
    if not starts:
        raise Unreadable(f"is {dialect.FORMAT} with no references; give a file with one reference")
    kept: list[str] = [tagged[starts[0]][1]]
    for number, ((tag, said), line) in enumerate(tagged):
        if number in starts or tag == dialect.END_TAG or (tag is None and len(kept) == 1):
            continue
        if tag is None and join:
            kept[-1] += f" {said}"
        else:
            kept.append(line if tag else f"   {line}")
    entries = reader.parse("\n".join([*kept, dialect.END_LINE]))
    return Tags(entries[0])


def _has_title(lines: Iterable[tuple[tuple[str | None, str], str]]) -> bool:
    return any(tag in ("TI", "T1", "%T", "BTI", "CT", "BT", "TT") for (tag, _), _ in lines)


def read_ris(text: str) -> Publication:
    """Return the one reference of a RIS file, whoever wrote it. Raises Unreadable."""
    if _SMALL.search(text):
        text = re.sub(r"^ty {1,2}- .*|^[a-z][a-z0-9](?= {1,2}-)", lambda tag: tag[0].upper(), text, flags=re.MULTILINE)
    wide = re.sub(r"^([A-Z][A-Z0-9]) -(?= |$)", r"\1  -", text, flags=re.MULTILINE) if _NARROW.search(text) else text
    tags = _parse(wide, _Ris)
    kinds = tuple(tags.all("TY", "M3")) or ("GEN",)
    notes = tags.all("N1", "M1", "M2", "C1", "C2", "C3", "U1", "U2", "AN", "ID", "LB")
    in_book = is_in_book(kinds)
    alone = kinds[0].upper() in _IN_A_SERIES
    titles = ("JF", "JO", "JA") if alone else ("JF", "JO", "T2", "JA", "J2", "J1", "BT", "T3")
    # a DOI in another field is this reference's only where nothing else stands there
    others = [value for value in tags.all("M3", "L3", "UR", "N1", "AN", "ID") if _DOI_ALONE.fullmatch(value)]
    publication = Publication(
        title=plain_title(tags.joined("TI", "T1", "CT") or tags.joined("BT", "ST")),
        authors=read_names(tags.all("AU") or tags.all("A1") or ([] if in_book else tags.all("A2", "A3", "ED"))),
        editors=read_names(tags.all("ED", "A2")) if in_book else (),
        year=find_year(*tags.all("PY", "Y1", "DA")),
        volume=tags.one("VL"),
        number=tags.one("IS", "CP"),
        pages=_pages(tags.one("SP"), tags.one("EP")) or tags.one("C7", "AR"),
        publisher=tags.one("PB"),
        doi=next(filter(None, map(clean_doi, [tags.one("DO"), *others])), ""),
        pmid=_pmid_of_ris(tags, notes),
        pmcid=find_pmcid(*tags.all("PM"), *notes),
        nct=find_ncts(*notes),
        abstract=_abstract(tags.joined("AB", "N2")),
        kinds=kinds,
        language=tags.one("LA"),
        terms=tuple(tags.all("KW")),
        address=read_address("UR", tags.all("UR", "L2", "LK")),
        service="RIS",
    )
    return place_in(publication, tags.one(*titles))


def _pmid_of_ris(tags: Tags, notes: list[str]) -> str:
    """Return the PMID: as a note or an address names it, or the accession number where the database is PubMed or MEDLINE."""
    if found := find_pmid(*notes, *tags.all("UR", "L2", "LK", "PM")):
        return found
    base = " ".join(tags.all("DB", "DP", "L1", "M2")).lower()
    own = ["AN", "ID", "U1", "PM"] if re.search("pubmed|medline|nlm", base) else ["C2"] if "scopus" in base else ["PM"]
    return next((number for number in tags.all(*own) if re.fullmatch(r"[1-9]\d{5,7}", number)), "")


def read_medline(text: str) -> Publication:
    """Return the one record of a file in PubMed's MEDLINE format (.nbib). Raises Unreadable."""
    tags = _parse(text, _Medline)
    kinds = tuple(tags.all("PT"))
    book, title = tags.joined("BTI"), tags.joined("TI", "TT")
    numbers = [clean_doi(value) for value in tags.all("AID", "LID", "BID") if value.endswith("[doi]")]
    pmid = tags.one("PMID")
    return Publication(
        title=plain_title(re.sub(r"^\[(.*)\]\.?$", r"\1", title or tags.joined("CTI") or book)),
        authors=(
            *read_names(tags.all("FAU") or tags.all("AU")),
            *(Author(name.rstrip("."), group=True) for name in tags.all("CN")),
        ),
        editors=read_names(tags.all("FED") or tags.all("ED")) if book else (),
        year=find_year(*tags.all("DP", "DEP", "CDAT", "EDAT")),
        journal="" if book else tags.one("JT", "TA"),
        booktitle=book.rstrip(".") if title else "",
        volume=tags.one("VI"),
        number=tags.one("IP"),
        pages=page_range(tags.one("PG")),
        publisher=tags.one("PB"),
        doi=next(filter(None, numbers), "") or clean_doi(tags.one("SO") if "doi" in tags.one("SO").lower() else ""),
        pmid=pmid if re.fullmatch(r"[1-9]\d{0,7}", pmid) else "",
        pmcid=find_pmcid(*tags.all("PMC", "AID")),
        nct=find_ncts(*tags.all("SI")),
        abstract=_abstract(tags.joined("AB", "OAB")),
        kinds=kinds,
        language=tags.one("LA"),
        terms=tuple(term.lstrip("*") for term in tags.all("MH", "OT")),
        address=f"{PUBMED}/{pmid}/",
        service="PubMed",
        notices=tuple(_notices(tags)),
    )


def _notices(tags: Tags) -> Iterable[Notice]:
    for tag, said in _RETRACTIONS.items():
        for value in tags.all(tag):
            yield Notice(kind_of_notice(said), said, clean_doi(value), find_pmid(value), is_notice=tag in _OF_A_NOTICE)


def read_web_of_science(text: str) -> Publication:
    """Return the one record of Web of Science's plain text. Raises Unreadable."""
    tags = _parse(text, _WebOfScience, join=False)
    in_book = tags.one("PT") in ("B", "S", "C")
    kinds = ("conference" if tags.all("CT") else "book-chapter",) if in_book else ("journal", *tags.all("DT"))
    return place_in(
        Publication(
            title=plain_title(tags.joined("TI")),
            authors=(
                *read_names(tags.all("AF") or tags.all("AU")),
                *(Author(name, group=True) for name in tags.all("CA")),
            ),
            editors=read_names(tags.all("BE")) if in_book else (),
            year=find_year(*tags.all("PY", "PD", "EA")),
            volume=tags.one("VL"),
            number=tags.one("IS"),
            pages=_pages(tags.one("BP"), tags.one("EP")) or tags.one("AR"),
            publisher=tags.one("PU"),
            doi=clean_doi(tags.one("DI", "D2")),
            pmid=tags.one("PM") if tags.one("PM").isdigit() else "",
            abstract=_abstract(tags.joined("AB")),
            kinds=kinds,
            language=tags.one("LA"),
            terms=tuple(term.strip() for term in tags.joined("DE").split(";") if term.strip()),
            service="Web of Science",
        ),
        tags.joined("SO", "JI"),
    )


def read_endnote(text: str) -> Publication:
    """Return the one reference of EndNote's own text (.enw, also what Google Scholar gives). Raises Unreadable."""
    tags = _parse(text, _EndNote)
    kinds = tuple(tags.all("%0"))
    notes = tags.all("%Z", "%M", "%<")
    return place_in(
        Publication(
            title=plain_title(tags.joined("%T")),
            authors=read_names(tags.all("%A"), given_first=True),
            editors=read_names(tags.all("%E"), given_first=True),
            year=find_year(*tags.all("%D", "%8")),
            volume=tags.one("%V"),
            number=tags.one("%N"),
            pages=page_range(tags.one("%P")),
            publisher=tags.one("%I"),
            doi=clean_doi(tags.one("%R")),
            pmid=find_pmid(*notes, *tags.all("%U")) or _accession(tags),
            pmcid=find_pmcid(*tags.all("%2"), *notes),
            nct=find_ncts(*notes),
            abstract=_abstract(tags.joined("%X")),
            kinds=kinds,
            language=tags.one("%G"),
            terms=tuple(tags.all("%K")),
            address=read_address("%U", tags.all("%U")),
            service="EndNote",
        ),
        tags.one("%J", "%B"),
    )


def _accession(tags: Tags) -> str:
    """Return the accession number where EndNote took the record from PubMed."""
    number, base = tags.one("%M"), " ".join(tags.all("%~", "%W")).lower()
    return number if re.fullmatch(r"[1-9]\d{0,7}", number) and re.search("pubmed|medline|nlm", base) else ""


def _pages(first: str, last: str) -> str:
    return f"{first}--{last}" if first and last and first != last and "-" not in first else page_range(first)


def _abstract(text: str) -> tuple[Section, ...]:
    """Return an abstract by its headings, where it has such."""
    sections = read_fragment(text)
    if len(sections) != 1 or sections[0].label:
        return sections
    first, *rest = _HEADING.split(sections[0].text)
    labelled = [Section(label, said) for label, said in zip(rest[::2], rest[1::2], strict=True) if said]
    return (*((Section("", first),) if first.strip() else ()), *labelled) if labelled else sections
