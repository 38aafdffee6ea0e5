"""Look one publication up: ask each service that may know it, and put together what they say."""

from collections.abc import Callable
from dataclasses import dataclass, field, fields, replace
from typing import Self, TypeVar

from livrev.sources.files import read_bytes
from livrev.sources.identifiers import Request
from livrev.sources.publication import Notice, Publication
from livrev.sources.services import ClinicalTrials, Crossref, EuropePMC, PubMed, WebPages
from livrev.sources.transport import NotFound, Report, ServiceFailed, no_report

Said = TypeVar("Said")


@dataclass(frozen=True, slots=True)
class Fetched:
    """What was found, and which services failed on the way though others answered."""

    publication: Publication
    failures: tuple[ServiceFailed, ...] = ()


@dataclass
class Lookup:
    """One look-up of a publication: the services that it asks, and which failed."""

    pubmed: PubMed
    europepmc: EuropePMC
    crossref: Crossref
    clinicaltrials: ClinicalTrials
    pages: WebPages
    report: Report = no_report
    _failures: list[ServiceFailed] = field(default_factory=list)

    @classmethod
    def open(cls, report: Report) -> Self:
        """Return one that asks the services at their own addresses, or at those that the environment names."""
        pubmed, europepmc, crossref = PubMed(report=report), EuropePMC(report=report), Crossref(report=report)
        return cls(pubmed, europepmc, crossref, ClinicalTrials(report=report), WebPages(report=report), report)

    def fetch(self, request: Request) -> Fetched:
        """Return what the services know of *request*, which is no file.

        Raises ServiceFailed where nobody answers, NotFound where nobody knows it.
        """
        if request.kind == "nct":
            self.report(f"ClinicalTrials.gov: {request.value}")
            return Fetched(self.clinicaltrials.get(request.value))
        if request.kind == "address":
            page = self._page(request.value)
            return self._behind(page) if page.doi else Fetched(page)
        return self._paper(request)

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

    def _paper(self, request: Request) -> Fetched:
        kind, value = request.kind, request.value
        europe = self._ask("Europe PMC", value, lambda: self.europepmc.get(**{kind: value}))
        pmid = value if kind == "pmid" else europe.pmid if europe else ""
        doi = value if kind == "doi" else europe.doi if europe else ""
        if not pmid and doi:
            pmid = self._ask("PubMed", f"whose record has {doi}", lambda: self.pubmed.find_doi(doi)) or ""
        record = self._ask("PubMed", pmid, lambda: self.pubmed.get(pmid)) if pmid else None
        doi = doi or (record.doi if record else "")
        registered = self._ask("Crossref", doi, lambda: self.crossref.get(doi)) if doi else None
        said = [found for found in (record, europe, registered) if found]
        if not said:
            raise self._nothing(request)
        found = merge(*said)
        if europe and europe.open_text and found.pmcid:
            pmcid = found.pmcid
            full = self._ask("Europe PMC", f"full text of {pmcid}", lambda: self.europepmc.full_text(pmcid))
            found = merge(found, full) if full else found
        return Fetched(found, tuple(self._broken()))

    def _behind(self, page: Publication) -> Fetched:
        """Return what is registered under the DOI that *page* names, with the text of the page where there is no other."""
        try:
            found = self._paper(Request("doi", page.doi))
        except ServiceFailed as error:
            return Fetched(page, () if isinstance(error, NotFound) else (error,))
        return replace(found, publication=merge(found.publication, page))

    def _ask(self, service: str, what: str, ask: Callable[[], Said]) -> Said | None:
        self.report(f"{service}: {what}")
        try:
            return ask()
        except ServiceFailed as error:
            self._failures.append(error)
            return None

    def _broken(self) -> list[ServiceFailed]:
        return [error for error in self._failures if not isinstance(error, NotFound)]

    def _nothing(self, request: Request) -> ServiceFailed:
        """Return what to raise where no service had anything: the first that failed, else that none knows it."""
        if broken := self._broken():
            happened = "; ".join(f"{error.service}: {error.happened}" for error in broken)
            return ServiceFailed(broken[0].service, request.value, f"nobody could say ({happened})", broken[0].cure)
        asked = ", ".join(dict.fromkeys(error.service for error in self._failures))
        return NotFound(asked, request.value, "nobody knows it", "look at the number, or give an address or a file")


def merge(*said: Publication) -> Publication:
    """Return one publication: each field from the first that fills it; notices and registry numbers from all."""
    first = said[0]
    chosen = {}
    for name in (one.name for one in fields(Publication)):
        values = [getattr(one, name) for one in said]
        chosen[name] = next((value for value in values if value not in ("", None, (), False)), values[0])
    notices: list[Notice] = []
    for notice in (notice for one in said for notice in one.notices):
        if not any(_same(notice, known) for known in notices):
            notices.append(notice)
    nct = tuple(dict.fromkeys(number for one in said for number in one.nct))
    service = ", ".join(dict.fromkeys(one.service for one in said))
    return replace(first, **chosen | {"notices": tuple(notices), "nct": nct, "service": service})


def _same(one: Notice, other: Notice) -> bool:
    """Tell whether two services speak of one notice."""
    by_doi, by_pmid = one.doi.lower() == other.doi.lower(), one.pmid == other.pmid
    return one.kind == other.kind and ((by_doi and by_pmid) or bool(one.doi and by_doi) or bool(one.pmid and by_pmid))
