"""The services that livrev asks, one small client each; all go through one transport and return one kind of record.

*address* and *policy* override a service's own; *report* hears of waits and of progress. Crossref and NCBI wish to know whom
they may write to (LIVREV_CONTACT); with a key (NCBI_API_KEY) NCBI allows ten requests a second instead of three.
https://www.ncbi.nlm.nih.gov/books/NBK25499/, https://europepmc.org/RestfulWebService, https://api.crossref.org,
https://clinicaltrials.gov/data-api/api.
"""

import datetime
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, TypeVar
from urllib.parse import quote

from livrev.sources.fields import at, count_at, items_at, text_at
from livrev.sources.json_records import read_result, read_study, read_work
from livrev.sources.publication import Notice, Publication
from livrev.sources.ssrf_guard import PublicOnly
from livrev.sources.transport import Answer, NotFound, RatePolicy, Report, Transport, contact, no_report, read_json
from livrev.sources.xml_records import read_jats, read_pubmed_xml

_PAGE = 100  # records that one answer to a search may hold
_BATCH = 200  # NCBI wishes longer lists to be posted
_MOST = 9_999  # esearch shows no more of PubMed than these
_Page = tuple[int, list[Publication], str]
Said = TypeVar("Said")


@dataclass(frozen=True, slots=True)
class Hits:
    """The publications that a search found, in the order of the service, and how many it has altogether."""

    total: int
    publications: tuple[Publication, ...]

    @property
    def all_taken(self) -> bool:
        """Whether nothing was left behind."""
        return len(self.publications) >= self.total


class _Service:
    """What the clients share: the way to the service, and how the pages of a search are turned."""

    NAME: ClassVar[str]
    ADDRESS: ClassVar[str]
    # seconds between requests: of a stranger, and of who signs with a key or address
    INTERVALS: ClassVar[tuple[float, float]]
    CONTACT: ClassVar[str] = "email"  # the parameter that names who may be written to

    def __init__(self, address: str = "", *, policy: RatePolicy | None = None, report: Report = no_report) -> None:
        self._report, self._polite = report, self._sign()
        base = address or os.environ.get(f"LIVREV_{type(self).__name__.upper()}", "") or self.ADDRESS
        known = "api_key" in self._polite or "mailto" in self._polite
        policy = policy or RatePolicy(interval=self.INTERVALS[known])
        self._way = Transport(self.NAME, address=base, policy=policy, report=report)

    def _sign(self) -> dict[str, str]:
        """Return the parameters that tell the service who asks."""
        return {self.CONTACT: contact()} if self.CONTACT and contact() else {}

    def _get(self, path: str, params: Mapping[str, str], read: Callable[[Any], Said]) -> Said:
        return self._way.get(path, {**params, **self._polite}, lambda answer: read(read_json(answer)))

    def _turn_pages(
        self, path: str, params: Mapping[str, str], mark: tuple[str, str], read: Callable[[Any], _Page], limit: int
    ) -> Hits:
        """Return the first *limit* publications; *mark* is the parameter that names a page, and its first value."""
        found: list[Publication] = []
        name, place, total = *mark, 0
        while len(found) < limit:
            counted, page, place = self._get(path, {**params, **({name: place} if place else {})}, read)
            total = counted or total  # some services count on the first page only
            found += page
            if not page or not place or len(found) >= total:
                break
            self._report(f"{self.NAME}: {len(found)} of {min(total, limit)} records")
        return Hits(total, tuple(found[:limit]))


class PubMed(_Service):
    """PubMed, through NCBI's E-utilities."""

    NAME, ADDRESS = "PubMed", "https://eutils.ncbi.nlm.nih.gov/entrez/eutils"
    INTERVALS = (0.34, 0.11)

    def _sign(self) -> dict[str, str]:
        key = os.environ.get("NCBI_API_KEY", "").strip()
        return {"tool": "livrev"} | super()._sign() | ({"api_key": key} if key else {})

    def find(self, query: str, *, since: datetime.date | None = None, limit: int = _MOST) -> tuple[int, list[str]]:
        """Return how many records *query* finds, and the PMIDs of the newest *limit* of them.

        With *since*, only records that entered PubMed on that day or later. Raises ServiceFailed.
        """
        most = str(min(limit, _MOST))
        params = {"db": "pubmed", "term": query, "retmode": "json", "retmax": most, "sort": "pub_date"}
        if since:
            params |= {"datetype": "edat", "mindate": f"{since:%Y/%m/%d}", "maxdate": "3000"}
        return self._get("esearch.fcgi", params, _found)

    def search(self, query: str, *, since: datetime.date | None = None, limit: int = _MOST) -> Hits:
        """Return the newest *limit* publications that *query* finds, as find() does. Raises ServiceFailed."""
        total, pmids = self.find(query, since=since, limit=limit)
        return Hits(total, tuple(self.fetch(pmids)))

    def fetch(self, pmids: Sequence[str]) -> list[Publication]:
        """Return the records of *pmids* that PubMed has, with abstract, kinds and notices, in its order. Raises ServiceFailed."""
        found: list[Publication] = []
        for start in range(0, len(pmids), _BATCH):
            batch = ",".join(pmids[start : start + _BATCH])
            params = {"db": "pubmed", "id": batch, "retmode": "xml"} | self._polite
            found += self._way.get("efetch.fcgi", params, lambda a: read_pubmed_xml(a.content, a.charset))
            if len(pmids) > _BATCH:
                self._report(f"PubMed: {min(start + _BATCH, len(pmids))} of {len(pmids)} records")
        return found

    def get(self, pmid: str) -> Publication:
        """Return the record of *pmid*. Raises NotFound where PubMed has none, else ServiceFailed."""
        for publication in self.fetch([pmid]):
            if publication.pmid == pmid:
                return publication
        raise NotFound("PubMed", pmid, "has no such record", "look at the number")

    def find_doi(self, doi: str) -> str:
        """Return the PMID of the record with *doi*, or nothing where there is none or more than one. Raises ServiceFailed."""
        total, pmids = self.find(f'"{doi}"[doi]', limit=2)
        return pmids[0] if total == 1 and len(pmids) == 1 else ""


def _found(data: Any) -> tuple[int, list[str]]:
    if error := at(data, "esearchresult", "ERROR") or at(data, "error"):
        raise ValueError(f"is an error: {error}")
    pmids = [str(pmid) for pmid in items_at(data, "esearchresult", "idlist")]
    return count_at(data, "esearchresult", "count"), pmids


class EuropePMC(_Service):
    """Europe PMC: records of papers and preprints, and open full texts."""

    NAME, ADDRESS = "Europe PMC", "https://www.ebi.ac.uk/europepmc/webservices/rest"
    INTERVALS = (0.2, 0.2)

    def search(self, query: str, *, since: datetime.date | None = None, limit: int = 1000) -> Hits:
        """Return the first *limit* that *query* finds; with *since*, those first indexed on that day or later. Raises ServiceFailed."""
        if since:
            query = f"({query}) AND FIRST_IDATE:[{since:%Y-%m-%d} TO 3000-12-31]"
        params = {"query": query, "format": "json", "resultType": "core", "pageSize": str(min(_PAGE, limit))}
        return self._turn_pages("search", params, ("cursorMark", "*"), _results, limit)

    def get(self, *, pmid: str = "", pmcid: str = "", doi: str = "") -> Publication:
        """Return the one record with the identifier given. Raises NotFound where there is none, else ServiceFailed."""
        query = f"PMCID:{pmcid}" if pmcid else f'DOI:"{doi}"' if doi else f"EXT_ID:{pmid} AND SRC:MED"
        if found := self.search(query, limit=2).publications:
            return found[0]
        raise NotFound("Europe PMC", query, "has no such record", "look at the number")

    def full_text(self, pmcid: str) -> Publication:
        """Return the open full text of *pmcid*, by sections. Raises NotFound where it is not open, else ServiceFailed."""
        return self._way.get(f"{pmcid}/fullTextXML", self._polite, lambda a: read_jats(a.content, a.charset))


def _results(data: Any) -> _Page:
    results = items_at(data, "resultList", "result")
    return count_at(data, "hitCount"), [read_result(result) for result in results], text_at(data, "nextCursorMark")


class Crossref(_Service):
    """Crossref: what publishers registered with a DOI, and notices that update it."""

    NAME, ADDRESS = "Crossref", "https://api.crossref.org"
    INTERVALS, CONTACT = (1.0, 0.34), "mailto"

    def get(self, doi: str) -> Publication:
        """Return what is registered under *doi*, with the notices that update it. Raises NotFound, ServiceFailed."""
        return self._get(f"works/{quote(doi, safe='')}", {}, lambda data: read_work(at(data, "message")))

    def notices(self, doi: str) -> tuple[Notice, ...]:
        """Return every notice that Crossref knows to update *doi*: those on its record, and those that point to it.

        Raises NotFound where the DOI is not Crossref's, else ServiceFailed.
        """
        found = [notice for notice in self.get(doi).notices if not notice.is_notice]
        params = {"rows": str(_PAGE), "filter": f"updates:{doi}"}
        for publication in self._turn_pages("works", params, ("cursor", "*"), _works, _PAGE).publications:
            for notice in publication.notices:
                if notice.is_notice and notice.doi.lower() == doi.lower():
                    found.append(Notice(notice.kind, notice.said, publication.doi, publication.pmid, notice.date))
        return tuple({(notice.kind, notice.doi.lower()): notice for notice in reversed(found)}.values())[::-1]


def _works(data: Any) -> _Page:
    message = at(data, "message")
    items = [item for item in items_at(message, "items") if items_at(item, "title")]
    return count_at(message, "total-results"), [read_work(item) for item in items], text_at(message, "next-cursor")


class ClinicalTrials(_Service):
    """ClinicalTrials.gov, API version 2: what was registered of a trial."""

    NAME, ADDRESS = "ClinicalTrials.gov", "https://clinicaltrials.gov/api/v2"
    INTERVALS, CONTACT = (1.2, 1.2), ""  # the registry allows about fifty requests a minute

    def get(self, nct: str) -> Publication:
        """Return the record of *nct*. Raises NotFound where the registry has none, else ServiceFailed."""
        return self._get(f"studies/{nct}", {"format": "json"}, read_study)

    def search(self, query: str, *, since: datetime.date | None = None, limit: int = 1000) -> Hits:
        """Return the first *limit* that *query* finds; with *since*, those updated on that day or later. Raises ServiceFailed."""
        params = {"query.term": query, "format": "json", "pageSize": str(min(_PAGE, limit)), "countTotal": "true"}
        if since:
            params["filter.advanced"] = f"AREA[LastUpdatePostDate]RANGE[{since:%Y-%m-%d},MAX]"
        return self._turn_pages("studies", params, ("pageToken", ""), _studies, limit)


def _studies(data: Any) -> _Page:
    if at(data, "studies") is None:  # even an empty page has it; taken for no result, a search would count as run
        raise ValueError("lacks the list studies, which it used to have")
    total = count_at(data, "totalCount") if at(data, "totalCount") is not None else 0
    return total, [read_study(study) for study in items_at(data, "studies")], text_at(data, "nextPageToken")


class WebPages:
    """The web: pages of public addresses only, whatever they redirect to. *loopback* lets tests ask this machine."""

    def __init__(self, *, policy: RatePolicy | None = None, report: Report = no_report, loopback: bool = False) -> None:
        policy = policy or RatePolicy(interval=1.0, attempts=3, whole_timeout=90.0)
        self._way = Transport("web page", policy=policy, report=report, guard=PublicOnly(loopback=loopback))

    def get(self, address: str) -> Answer:
        """Return the whole answer at *address*. Raises AddressRefused, NotFound, ServiceFailed."""
        return self._way.get(address, None, lambda answer: answer)
