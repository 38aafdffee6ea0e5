"""Read one reference from the tagged formats: RIS as every reference manager writes it, PubMed's MEDLINE, Web of Science, EndNote.

They differ in how a tagged line looks, in the tag that begins a reference, and in what each tag means: a dialect says that.
"""

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import pairwise

from livrev.sources.fields import Fields
from livrev.sources.publication import PUBMED, Publication, Unreadable, clean_doi, find_pmid, read_notices

_DOI_ALONE = re.compile(r"(?i)(?:https?://(?:dx\.)?doi\.org/|doi:?\s*)?10\.\d{4,9}/\S+")
_TITLES = ("TI", "T1", "%T", "BTI", "CT", "BT", "TT")
# T2 is none that holds these
_IN_A_SERIES = ("RPRT", "THES", "BOOK", "EBOOK", "EDBOOK", "ELEC", "BLOG", "STAT", "STAND", "PAT")
_RETRACTIONS = {
    "RIN": "RetractionIn", "EIN": "ErratumIn", "ECI": "ExpressionOfConcernIn", "CRI": "CorrectedandRepublishedIn",
    "ROF": "RetractionOf", "EFR": "ErratumFor", "ECF": "ExpressionOfConcernFor",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Dialect:
    """One format: its *name*, what a tagged *line* looks like, the tag that begins a reference, and where the fields stand.

    Each line below a tag in *lists* is a value of its own; elsewhere it goes on with the value before.
    """

    name: str
    line: re.Pattern[str]
    start: str
    fields: Mapping[str, str]
    lists: tuple[str, ...] = ()


_RIS = _Dialect("RIS", re.compile(r"\s{0,3}([A-Z][A-Z0-9])  -(.*)"), "TY", {
    "title": "TI T1 CT BT ST", "authors": "AU A1", "editors": "ED A2 A3", "year": "PY Y1 DA",
    "journal": "JF JO T2 JT JA J2 J1 BT T3", "volume": "VL", "number": "IS CP", "pages": "SP", "last_page": "EP",
    "article_number": "C7 AR", "publisher": "PB", "doi": "DO", "pmcid": "PM", "abstract": "AB N2", "kinds": "TY M3",
    "notes": "N1 M1 M2 C1 C2 C3 U1 U2 AN ID LB", "language": "LA", "terms": "KW", "address": "UR L2 LK",
    "other_doi": "M3 L3 UR N1 AN ID", "accession": "AN ID U1 PM", "database": "DB DP L1 M2",
})  # fmt: skip
_MEDLINE = _Dialect("MEDLINE (.nbib)", re.compile(r"([A-Z]{2,4})\s*-(?:\s(.*)|$)"), "PMID", {
    "title": "TI TT CTI BTI", "authors": "FAU AU", "bodies": "CN", "editors": "FED ED", "year": "DP DEP CDAT EDAT",
    "journal": "JT TA", "booktitle": "BTI", "volume": "VI", "number": "IP", "pages": "PG", "publisher": "PB",
    "numbers": "AID LID BID", "source": "SO", "pmid": "PMID", "pmcid": "PMC AID", "nct": "SI", "abstract": "AB OAB",
    "kinds": "PT", "language": "LA", "terms": "MH OT",
})  # fmt: skip
_WEB_OF_SCIENCE = _Dialect("Web of Science text", re.compile(r"([A-Z][A-Z0-9])(?:\s(.*)|$)"), "PT", {
    "title": "TI", "authors": "AF AU", "bodies": "CA", "editors": "BE", "year": "PY PD EA", "journal": "SO JI",
    "volume": "VL", "number": "IS", "pages": "BP", "last_page": "EP", "article_number": "AR", "publisher": "PU",
    "doi": "DI D2", "pmid": "PM", "abstract": "AB", "language": "LA", "terms": "DE",
}, lists=("AF", "AU", "BE", "CA"))  # fmt: skip
_ENDNOTE = _Dialect("EndNote text (.enw)", re.compile(r"(%\S)(?:\s(.*)|$)"), "%0", {
    "title": "%T", "authors": "%A", "editors": "%E", "year": "%D %8", "journal": "%J %B", "volume": "%V",
    "number": "%N", "pages": "%P", "publisher": "%I", "doi": "%R", "pmcid": "%2", "notes": "%Z %M %<",
    "abstract": "%X", "kinds": "%0", "language": "%G", "terms": "%K", "address": "%U", "accession": "%M",
    "database": "%~ %W",
})  # fmt: skip


def _read(text: str, dialect: _Dialect) -> dict[str, list[str]]:
    """Return the values of the one reference of *text*, by their tags. Raises Unreadable where there are several, or none."""
    lines = [(dialect.line.match(line), line) for line in text.split("\n") if line.strip()]
    tagged = [(m[1], (m[2] or "").strip()) if m else ("", line.strip()) for m, line in lines]
    # a reference begins with its first tag, or behind the end of another; a part without a title belongs to the one that has it
    known = [tag for tag, _ in tagged if tag]
    begins = dialect.start if dialect.start in known else next(iter(known), "")
    cuts = [n for n, (tag, _) in enumerate(tagged) if tag == begins or (n and tagged[n - 1][0] == "ER")]
    parts = [{tag for tag, _ in tagged[start:end]} for start, end in pairwise([0, *cuts, len(tagged)])]
    several, titled = known.count(dialect.start), sum(not part.isdisjoint(_TITLES) for part in parts)
    if titled > 1 or (not titled and several != 1):
        said = max(titled, several) or "no"
        raise Unreadable(f"is {dialect.name} and holds {said} references; give a file with one reference")
    found: dict[str, list[str]] = defaultdict(list)
    last = ""
    for tag, words in tagged:
        last = tag or last
        if tag or last in dialect.lists:
            found[last].append(words)
        elif last:
            found[last][-1] += f" {words}"
    return found


def read_ris(text: str) -> Publication:
    """Return the one reference of a RIS file, whoever wrote it, also without its type. Raises Unreadable."""
    text = text.expandtabs(2)
    if re.search(r"^(?:ty {1,2}|TY )- ", text, re.MULTILINE):  # copied from a page, which made it small
        text = re.sub(r"(?im)^([a-z][a-z0-9]) {1,2}-(?= |$)", lambda tag: f"{tag[1].upper()}  -", text)
    tags = _read(text, _RIS)
    kind = next(iter(tags["TY"]), "").upper()
    table = {**_RIS.fields, "journal": "JF JO JT JA"} if kind in _IN_A_SERIES else _RIS.fields
    fields = Fields("RIS", table, lambda tag: tags[tag])
    found = fields.publication(kinds=tuple(dict.fromkeys(fields.all("kinds"))) or ("GEN",))
    # a DOI in another field is this reference's only where nothing else stands there
    others = (clean_doi(value) for value in fields.all("other_doi") if _DOI_ALONE.fullmatch(value))
    return replace(found, doi=found.doi or next(others, ""), pmid=found.pmid or _accession(fields, tags["C2"]))


def _accession(fields: Fields, scopus: list[str]) -> str:
    """Return the accession number where the record was taken from PubMed, or that which Scopus keeps of it."""
    base = " ".join(fields.all("database")).lower()
    numbers = fields.all("accession") if re.search("pubmed|medline|nlm", base) else scopus if "scopus" in base else []
    return next((number for number in numbers if re.fullmatch(r"[1-9]\d{5,7}", number)), "")


def read_medline(text: str) -> Publication:
    """Return the one record of a file in PubMed's MEDLINE format (.nbib). Raises Unreadable."""
    tags = _read(text, _MEDLINE)
    fields = Fields("PubMed", _MEDLINE.fields, lambda tag: tags[tag])
    found, source = fields.publication(), fields.one("source")
    dois = (clean_doi(value) for value in fields.all("numbers") if value.endswith("[doi]"))
    notices = ((said, value, find_pmid(value)) for tag, said in _RETRACTIONS.items() for value in tags.get(tag, ()))
    return replace(
        found,
        booktitle=found.booktitle if tags["TI"] or tags["TT"] else "",  # the record of a whole book
        doi=next(filter(None, dois), "") or clean_doi(source if "doi" in source.lower() else ""),
        address=f"{PUBMED}/{found.pmid}/",
        notices=read_notices(notices),
    )


def read_web_of_science(text: str) -> Publication:
    """Return the one record of Web of Science's plain text. Raises Unreadable."""
    tags = _read(text, _WEB_OF_SCIENCE)
    in_book = tags["PT"][:1] in (["B"], ["S"], ["C"])
    kinds = ("conference" if tags["CT"] else "book-chapter",) if in_book else ("journal", *tags["DT"])
    return Fields("Web of Science", _WEB_OF_SCIENCE.fields, lambda tag: tags[tag]).publication(kinds=kinds)


def read_endnote(text: str) -> Publication:
    """Return the one reference of EndNote's own text (.enw, also what Google Scholar gives). Raises Unreadable."""
    tags = _read(text, _ENDNOTE)
    fields = Fields("EndNote", _ENDNOTE.fields, lambda tag: tags[tag])
    found = fields.publication(given_first=True)
    return replace(found, pmid=found.pmid or _accession(fields, []))
