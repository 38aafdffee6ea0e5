"""Look one publication up: understand what a person wants, ask each service that may know it, and put together what they say."""

import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Literal, Self
from urllib.parse import unquote, urlsplit

from livrev.diagnostics import WrongCall
from livrev.sources.files import read_bytes
from livrev.sources.publication import Notice, Publication, clean_doi
from livrev.sources.services import ClinicalTrials, Crossref, EuropePMC, PubMed, Said, WebPages
from livrev.sources.transport import NotFound, Report, ServiceFailed, no_report

Kind = Literal["doi", "pmid", "pmcid", "nct", "address", "file"]
_FORMS = "a DOI (10.…/…), a PMID, a PMCID (PMC…), an NCT number, an address (https://…) or a file"
# How each kind of identifier is written, and where an address of a known place carries it.
_IDENTIFIERS: tuple[tuple[Kind, str], ...] = (
    ("doi", r"(?:(?:doi:\s*)?|(?:dx\.)?doi\.org/.*?)(10\.\d{4,9}/.*)"),
    ("pmcid", r"(?:pmcid:\s*)?(PMC\d{1,9})(?:\.\d+)?"),
    ("pmcid", r"(?:(?:pmc\.)?ncbi\.nlm\.nih\.gov|europepmc\.org)/.*?(PMC\d+).*"),
    ("nct", r"(NCT\d{8})"),
    ("nct", r"(?:classic\.)?clinicaltrials\.gov/.*?(NCT\d{8}).*"),
    ("pmid", r"(?:pmid:?\s*)?([1-9]\d{0,7})"),
    ("pmid", r"(?:pubmed\.ncbi\.nlm\.nih\.gov|[^/]+/pubmed)/(?:.*/)?(\d{1,8})"),
    ("pmid", r"europepmc\.org/(?:article|abstract)/med/(\d+)"),
)


class NotUnderstood(WrongCall):
    """Raised where a word is none of the things that can be added."""


@dataclass(frozen=True, slots=True)
class Request:
    """What is wanted, and its bare identifier, address or path."""

    kind: Kind
    value: str


def read_request(word: str) -> Request:
    """Return what *word* asks for. Raises NotUnderstood, with the cure."""
    word = word.strip().strip("<>")
    if not word:
        raise NotUnderstood(f"nothing was asked for; give {_FORMS}")
    if word.lower().startswith("file:"):
        raise NotUnderstood(f"{word}: file: addresses are not read; give the path of the file itself")
    if re.match(r"(?i)https?://", word):
        try:
            host, path = urlsplit(word).hostname, urlsplit(word).path
        except ValueError:
            host = None
        if not host:
            raise NotUnderstood(f"{word}: is no address; correct it")
        place = f"{host.removeprefix('www.')}/{unquote(path).strip('/')}"
        return _identifier(place) or Request("address", word)
    if Path(word).is_file():
        return Request("file", word)
    if found := _identifier(word):
        return found
    if re.match(r"[a-zA-Z][a-zA-Z0-9+.-]*://", word):
        raise NotUnderstood(f"{word}: only http and https addresses are read")
    if Path(word).is_dir():
        raise NotUnderstood(f"{word}: is a folder; give one file of it")
    if "/" in word or re.search(r"\.[A-Za-z]\w{1,4}$", word):
        raise NotUnderstood(f"{word}: there is no such file, and it is no DOI; give {_FORMS}")
    raise NotUnderstood(f"{word}: not understood; give {_FORMS}")


def _identifier(said: str) -> Request | None:
    """Return the identifier that *said* is, or that host and path of an address of a known place carry."""
    for kind, pattern in _IDENTIFIERS:
        if (found := re.fullmatch(pattern, said, re.IGNORECASE)) and (kind != "doi" or clean_doi(found[1])):
            return Request(kind, clean_doi(found[1]) if kind == "doi" else found[1].upper())
    return None


@dataclass
class Lookup:
    """One look-up of a publication: the services that it asks, and which failed."""

    pubmed: PubMed
    europepmc: EuropePMC
    crossref: Crossref
    clinicaltrials: ClinicalTrials
    pages: WebPages
    report: Report = no_report
    _errors: list[ServiceFailed] = field(default_factory=list)

    @classmethod
    def open(cls, report: Report) -> Self:
        """Return one that asks the services at their own addresses, or at those that the environment names."""
        pubmed, europepmc, crossref = PubMed(report=report), EuropePMC(report=report), Crossref(report=report)
        return cls(pubmed, europepmc, crossref, ClinicalTrials(report=report), WebPages(report=report), report)

    @property
    def failures(self) -> list[ServiceFailed]:
        """Which services failed so far; that one does not know a publication is no failure."""
        return [error for error in self._errors if not isinstance(error, NotFound)]

    def fetch(self, request: Request) -> Publication:
        """Return what the services know of *request*, which is no file; of a page with a DOI, what is registered under that.

        Raises ServiceFailed where nobody answers, NotFound where nobody knows it.
        """
        if request.kind == "nct":
            self.report(f"ClinicalTrials.gov: {request.value}")
            return self.clinicaltrials.get(request.value)
        if request.kind != "address":
            return self._paper(request)
        page = self._page(request.value)
        with suppress(ServiceFailed):  # the text of the page is there at least
            return merge(self._paper(Request("doi", page.doi)), page) if page.doi else page
        return page

    def _page(self, address: str) -> Publication:
        self.report(f"web page: {address}")
        answer = self.pages.get(address)
        try:
            found = read_bytes(answer.content, answer.charset, answer.address.replace("'", "%27"))
        except ValueError as error:
            message, _, cure = str(error).partition("; ")
            cure = cure or "save what you see as a file and add the file"
            raise ServiceFailed("web page", address, f"the answer {message}", cure) from None
        return replace(found, address=found.address or answer.address)

    def _paper(self, request: Request) -> Publication:
        kind, value = request.kind, request.value
        europe = self._ask("Europe PMC", value, lambda: self.europepmc.get(**{kind: value}))
        pmid = value if kind == "pmid" else europe.pmid if europe else ""
        doi = value if kind == "doi" else europe.doi if europe else ""
        if not pmid and doi:
            pmid = self._ask("PubMed", f"whose record has {doi}", lambda: self.pubmed.find_doi(doi)) or ""
        record = self._ask("PubMed", pmid, lambda: self.pubmed.get(pmid)) if pmid else None
        doi = doi or (record.doi if record else "")
        registered = self._ask("Crossref", doi, lambda: self.crossref.get(doi)) if doi else None
        said = list(filter(None, (record, europe, registered)))
        if not said and (broken := self.failures):
            happened = "; ".join(f"{error.service}: {error.happened}" for error in broken)
            raise ServiceFailed(broken[0].service, value, f"nobody could say ({happened})", broken[0].cure)
        if not said:
            asked = ", ".join(dict.fromkeys(error.service for error in self._errors))
            raise NotFound(asked, value, "nobody knows it", "look at the number, or give an address or a file")
        pmcid = merge(*said).pmcid
        if europe and europe.open_text and pmcid:
            full = self._ask("Europe PMC", f"full text of {pmcid}", lambda: self.europepmc.full_text(pmcid))
            said += [full] if full else []
        return merge(*said)

    def _ask(self, service: str, what: str, ask: Callable[[], Said]) -> Said | None:
        self.report(f"{service}: {what}")
        try:
            return ask()
        except ServiceFailed as error:
            self._errors.append(error)
            return None


def merge(*said: Publication) -> Publication:
    """Return one publication: each field from the first that fills it; notices and registry numbers from all."""
    chosen = {}
    for name in (one.name for one in fields(Publication)):
        values = [getattr(one, name) for one in said]
        chosen[name] = next(filter(None, values), values[0])
    notices: list[Notice] = []
    for notice in (notice for one in said for notice in one.notices):
        if not any(_same(notice, known) for known in notices):
            notices.append(notice)
    nct = tuple(dict.fromkeys(number for one in said for number in one.nct))
    service = ", ".join(dict.fromkeys(one.service for one in said))
    return Publication(**chosen | {"notices": tuple(notices), "nct": nct, "service": service})


def _same(one: Notice, other: Notice) -> bool:
    """Tell whether two services speak of one notice."""
    by_doi, by_pmid = one.doi.lower() == other.doi.lower(), one.pmid == other.pmid
    return one.kind == other.kind and ((by_doi and by_pmid) or bool(one.doi and by_doi) or bool(one.pmid and by_pmid))
