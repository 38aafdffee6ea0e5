"""Europe PMC (https://europepmc.org/RestfulWebService): records of papers and preprints, and open full texts."""

import datetime
import re
from typing import Any

from livrev.sources.jats import read_jats
from livrev.sources.markup import plain_title, read_fragment
from livrev.sources.names import read_names
from livrev.sources.publication import (
    Author,
    Notice,
    Publication,
    clean,
    clean_doi,
    find_ncts,
    find_pmcid,
    kind_of_notice,
    page_range,
)
from livrev.sources.services.failure import NotFound
from livrev.sources.services.fields import count_at, items_at, needed, text_at
from livrev.sources.services.search_results import Hits
from livrev.sources.services.transport import RatePolicy, Report, Transport, contact, no_report, read_json

ADDRESS, VARIABLE = "https://www.ebi.ac.uk/europepmc/webservices/rest", "LIVREV_EUROPEPMC"
_PAGE = 100
_NOTICES = ("retraction in", "erratum in", "expression of concern in", "corrected and republished in", "update in")


class EuropePMC:
    """Europe PMC. *address* and *policy* override the service's own; *report* hears of waits and of progress."""

    def __init__(
        self, address: str | None = None, *, policy: RatePolicy | None = None, report: Report = no_report
    ) -> None:
        self._polite = {"email": contact()} if contact() else {}
        self._report = report
        own = RatePolicy(interval=0.2)
        self._way = Transport(
            "Europe PMC", default=ADDRESS, variable=VARIABLE, address=address, policy=policy or own, report=report
        )

    def search(self, query: str, *, since: datetime.date | None = None, limit: int = 1000) -> Hits:
        """Return the first *limit* publications that *query* finds; with *since*, those first indexed on that day or later.

        Raises ServiceFailed.
        """
        if since:
            query = f"({query}) AND FIRST_IDATE:[{since:%Y-%m-%d} TO 3000-12-31]"
        found: list[Publication] = []
        mark, total = "*", 0
        while len(found) < limit:
            params = {
                "query": query,
                "format": "json",
                "resultType": "core",
                "pageSize": str(min(_PAGE, limit)),
                "cursorMark": mark,
            }
            total, page, following = self._way.get(
                "search", params | self._polite, lambda answer: _page(read_json(answer))
            )
            found += page
            if not page or not following or following == mark:
                break
            mark = following
            self._report(f"Europe PMC: {len(found)} of {min(total, limit)} records")
        return Hits(total, tuple(found[:limit]))

    def get(self, *, pmid: str = "", pmcid: str = "", doi: str = "") -> Publication:
        """Return the one record with the identifier given. Raises NotFound where there is none, else ServiceFailed."""
        query = f"PMCID:{pmcid}" if pmcid else f'DOI:"{doi}"' if doi else f"EXT_ID:{pmid} AND SRC:MED"
        hits = self.search(query, limit=2)
        if not hits.publications:
            raise NotFound("Europe PMC", query, "has no such record", "look at the number")
        return hits.publications[0]

    def full_text(self, pmcid: str) -> Publication:
        """Return the open full text of *pmcid*, by sections. Raises NotFound where it is not open, else ServiceFailed."""
        return self._way.get(
            f"{pmcid}/fullTextXML", self._polite, lambda answer: read_jats(answer.content, answer.charset)
        )


def _page(data: Any) -> tuple[int, list[Publication], str]:
    results = items_at(data, "resultList", "result")
    return count_at(data, "hitCount"), [read_result(result) for result in results], text_at(data, "nextCursorMark")


def read_result(result: Any) -> Publication:
    """Return one result of a search as a publication. Raises ValueError where it lacks what every record has."""
    source, number = text_at(result, "source"), text_at(result, "id")
    abstract = read_fragment(text_at(result, "abstractText"))
    year = text_at(result, "journalInfo", "yearOfPublication") or text_at(result, "pubYear")
    title = plain_title(text_at(result, "title"))
    book = text_at(result, "bookOrReportDetails", "comprisingTitle")
    return Publication(
        title=needed(title, "title").rstrip("."),
        authors=tuple(_author(author) for author in items_at(result, "authorList", "author"))
        or read_names([text_at(result, "authorString").rstrip(".")]),
        year=int(year) if year.isdigit() else None,
        journal="" if book else text_at(result, "journalInfo", "journal", "title") or text_at(result, "journalTitle"),
        booktitle=book,
        volume=text_at(result, "journalInfo", "volume") or text_at(result, "journalVolume"),
        number=text_at(result, "journalInfo", "issue") or text_at(result, "issue"),
        pages=page_range(text_at(result, "pageInfo")),
        publisher=text_at(result, "bookOrReportDetails", "publisher"),
        doi=clean_doi(text_at(result, "doi")),
        pmid=text_at(result, "pmid") if text_at(result, "pmid").isdigit() else "",
        pmcid=find_pmcid(text_at(result, "pmcid")),
        nct=find_ncts(*(section.text for section in abstract)),
        abstract=abstract,
        kinds=tuple(clean(str(kind)) for kind in items_at(result, "pubTypeList", "pubType")),
        language=text_at(result, "language"),
        address=f"https://europepmc.org/article/{source}/{number}"
        if re.fullmatch(r"\w+/[\w.-]+", f"{source}/{number}")
        else "",
        service="Europe PMC",
        open_text=text_at(result, "isOpenAccess") == "Y" and text_at(result, "inEPMC") == "Y",
        notices=tuple(_notices(result)),
    )


def _author(author: Any) -> Author:
    if body := text_at(author, "collectiveName"):
        return Author(body, group=True)
    family = text_at(author, "lastName")
    given = text_at(author, "firstName") or text_at(author, "initials")
    return (
        Author(family, given)
        if family
        else Author(needed(text_at(author, "fullName"), "the name of an author"), group=True)
    )


def _notices(result: Any) -> list[Notice]:
    found = []
    for item in items_at(result, "commentCorrectionList", "commentCorrection"):
        said = text_at(item, "type")
        if said.lower() in _NOTICES:
            pmid = text_at(item, "id") if text_at(item, "source") == "MED" else ""
            found.append(Notice(kind_of_notice(said), said, clean_doi(text_at(item, "reference")), pmid))
    return found
