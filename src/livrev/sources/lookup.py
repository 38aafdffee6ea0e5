"""Look one publication up: ask each service that may know it, and put together what they say."""

from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from typing import TypeVar

from livrev.sources.files import read_bytes
from livrev.sources.identifiers import Request
from livrev.sources.publication import Notice, Publication
from livrev.sources.services import ClinicalTrials, Crossref, EuropePMC, PubMed, WebPages
from livrev.sources.transport import NotFound, Report, ServiceFailed, no_report

Said = TypeVar("Said")


@dataclass(frozen=True)
class Clients:
    """The services that a look-up asks."""

    pubmed: PubMed
    europepmc: EuropePMC
    crossref: Crossref
    clinicaltrials: ClinicalTrials
    pages: WebPages


@dataclass(frozen=True, slots=True)
class Fetched:
    """What was found, and which services failed on the way though others answered."""

    publication: Publication
    failures: tuple[ServiceFailed, ...] = ()


def open_clients(report: Report = no_report) -> Clients:
    """Return the services at their own addresses, or at those that the environment names."""
    return Clients(
        PubMed(report=report),
        EuropePMC(report=report),
        Crossref(report=report),
        ClinicalTrials(report=report),
        WebPages(report=report),
    )


def fetch_publication(request: Request, services: Clients, report: Report = no_report) -> Fetched:
    """Return what the services know of *request*, which is no file.

    Raises ServiceFailed where nobody answers, NotFound where nobody knows it.
    """
    if request.kind == "nct":
        report(f"ClinicalTrials.gov: {request.value}")
        return Fetched(services.clinicaltrials.get(request.value))
    if request.kind == "address":
        page = _read_page(request.value, services, report)
        return _Lookup(services, report).behind(page) if page.doi else Fetched(page)
    return _Lookup(services, report).paper(request)


def _read_page(address: str, services: Clients, report: Report) -> Publication:
    report(f"web page: {address}")
    answer = services.pages.get(address)
    try:
        found = read_bytes(answer.content, answer.charset, answer.address.replace("'", "%27"))
    except ValueError as error:
        message, _, cure = str(error).partition("; ")
        cure = cure or "save what you see as a file and add the file"
        raise ServiceFailed("web page", address, f"the answer {message}", cure) from None
    return replace(found, address=found.address or answer.address)


class _Lookup:
    """One look-up of a paper: which services were asked, what each said, and which failed."""

    def __init__(self, services: Clients, report: Report) -> None:
        self._services, self._report = services, report
        self._failures: list[ServiceFailed] = []

    def paper(self, request: Request) -> Fetched:
        services, kind, value = self._services, request.kind, request.value
        identifiers = {kind: value}
        europe = self._ask("Europe PMC", value, lambda: services.europepmc.get(**identifiers))
        pmid = value if kind == "pmid" else europe.pmid if europe else ""
        doi = value if kind == "doi" else europe.doi if europe else ""
        if not pmid and doi:
            pmid = self._ask("PubMed", f"whose record has {doi}", lambda: services.pubmed.find_doi(doi)) or ""
        record = self._ask("PubMed", pmid, lambda: services.pubmed.get(pmid)) if pmid else None
        doi = doi or (record.doi if record else "")
        registered = self._ask("Crossref", doi, lambda: services.crossref.get(doi)) if doi else None
        said = [found for found in (record, europe, registered) if found]
        if not said:
            raise self._nothing(request)
        found = merge(*said)
        if europe and europe.open_text and found.pmcid:
            full = self._ask(
                "Europe PMC", f"full text of {found.pmcid}", lambda: services.europepmc.full_text(found.pmcid)
            )
            found = merge(found, full) if full else found
        failures = tuple(error for error in self._failures if not isinstance(error, NotFound))
        return Fetched(found, failures)

    def behind(self, page: Publication) -> Fetched:
        """Return what is registered under the DOI that *page* names, with the text of the page where there is no other."""
        try:
            found = self.paper(Request("doi", page.doi))
        except ServiceFailed as error:
            return Fetched(page, () if isinstance(error, NotFound) else (error,))
        return replace(found, publication=merge(found.publication, page))

    def _ask(self, service: str, what: str, ask: Callable[[], Said]) -> Said | None:
        self._report(f"{service}: {what}")
        try:
            return ask()
        except ServiceFailed as error:
            self._failures.append(error)
            return None

    def _nothing(self, request: Request) -> ServiceFailed:
        """Return what to raise where no service had anything: the first that failed, else that none knows it."""
        broken = [error for error in self._failures if not isinstance(error, NotFound)]
        asked = ", ".join(dict.fromkeys(error.service for error in self._failures))
        if broken:
            happened = "; ".join(f"{error.service}: {error.happened}" for error in broken)
            return ServiceFailed(broken[0].service, request.value, f"nobody could say ({happened})", broken[0].cure)
        return NotFound(asked, request.value, "nobody knows it", "look at the number, or give an address or a file")


def merge(*said: Publication) -> Publication:
    """Return one publication: each field from the first that fills it; notices and registry numbers from all."""
    first = said[0]
    chosen = {}
    for field in fields(Publication):
        values = [getattr(one, field.name) for one in said]
        chosen[field.name] = next((value for value in values if value not in ("", None, (), False)), values[0])
    notices: dict[tuple[str, str, str], Notice] = {}
    for one in said:
        for notice in one.notices:
            if not any(_same(notice, known) for known in notices.values()):
                notices[notice.kind, notice.doi.lower(), notice.pmid] = notice
    nct = tuple(dict.fromkeys(number for one in said for number in one.nct))
    service = ", ".join(dict.fromkeys(one.service for one in said))
    return replace(first, **chosen | {"notices": tuple(notices.values()), "nct": nct, "service": service})


def _same(one: Notice, other: Notice) -> bool:
    """Tell whether two services speak of one notice."""
    return one.kind == other.kind and (
        bool(one.doi and one.doi.lower() == other.doi.lower()) or bool(one.pmid and one.pmid == other.pmid)
    )
