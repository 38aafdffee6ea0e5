"""PubMed, through NCBI's E-utilities (https://www.ncbi.nlm.nih.gov/books/NBK25499/).

Three requests a second, ten with a key (NCBI_API_KEY); NCBI asks for a tool name and a contact (LIVREV_CONTACT).
"""

import datetime
import os
from collections.abc import Sequence

from livrev.sources.publication import Publication
from livrev.sources.pubmed_xml import read_pubmed_xml
from livrev.sources.services.failure import NotFound
from livrev.sources.services.fields import at, count_at, items_at
from livrev.sources.services.search_results import Hits
from livrev.sources.services.transport import Answer, RatePolicy, Report, Transport, contact, no_report, read_json

ADDRESS, VARIABLE = "https://eutils.ncbi.nlm.nih.gov/entrez/eutils", "LIVREV_PUBMED"
_BATCH = 200  # NCBI wishes longer lists to be posted
_MOST = 9_999  # esearch shows no more of PubMed than these


class PubMed:
    """PubMed. *address* and *policy* override the service's own; *report* hears of waits and of progress."""

    def __init__(
        self, address: str | None = None, *, policy: RatePolicy | None = None, report: Report = no_report
    ) -> None:
        key = os.environ.get("NCBI_API_KEY", "").strip()
        own = RatePolicy(interval=0.11 if key else 0.34)
        self._polite = (
            {"tool": "livrev"} | ({"email": contact()} if contact() else {}) | ({"api_key": key} if key else {})
        )
        self._report = report
        self._way = Transport(
            "PubMed", default=ADDRESS, variable=VARIABLE, address=address, policy=policy or own, report=report
        )

    def find(self, query: str, *, since: datetime.date | None = None, limit: int = _MOST) -> tuple[int, list[str]]:
        """Return how many records *query* finds, and the PMIDs of the newest *limit* of them.

        With *since*, only records that entered PubMed on that day or later. Raises ServiceFailed.
        """
        params = {
            "db": "pubmed",
            "term": query,
            "retmode": "json",
            "retmax": str(min(limit, _MOST)),
            "sort": "pub_date",
        }
        if since:
            params |= {"datetype": "edat", "mindate": f"{since:%Y/%m/%d}", "maxdate": "3000"}
        return self._way.get("esearch.fcgi", params | self._polite, _found)

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
            found += self._way.get(
                "efetch.fcgi", params, lambda answer: read_pubmed_xml(answer.content, answer.charset)
            )
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


def _found(answer: Answer) -> tuple[int, list[str]]:
    data = read_json(answer)
    if error := at(data, "esearchresult", "ERROR") or at(data, "error"):
        raise ValueError(f"is an error: {error}")
    pmids = [str(pmid) for pmid in items_at(data, "esearchresult", "idlist")]
    return count_at(data, "esearchresult", "count"), pmids
