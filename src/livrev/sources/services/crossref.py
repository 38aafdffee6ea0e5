"""Crossref (https://api.crossref.org): what publishers registered with a DOI, and notices that update it.

A contact (LIVREV_CONTACT) gets the polite pool: https://www.crossref.org/documentation/retrieve-metadata/rest-api/.
"""

import datetime
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from livrev.sources.markup import plain_title, read_fragment
from livrev.sources.publication import (
    Author,
    Notice,
    Publication,
    clean_doi,
    doi_address,
    find_ncts,
    kind_of_notice,
    page_range,
    place_in,
)
from livrev.sources.services.fields import at, count_at, items_at, needed, text_at
from livrev.sources.services.search_results import Hits
from livrev.sources.services.transport import RatePolicy, Report, Transport, contact, no_report, read_json

ADDRESS, VARIABLE = "https://api.crossref.org", "LIVREV_CROSSREF"
_PAGE = 100


class Crossref:
    """Crossref. *address* and *policy* override the service's own; *report* hears of waits and of progress."""

    def __init__(
        self, address: str | None = None, *, policy: RatePolicy | None = None, report: Report = no_report
    ) -> None:
        self._polite = {"mailto": contact()} if contact() else {}
        self._report = report
        own = RatePolicy(interval=0.34 if contact() else 1.0)
        self._way = Transport(
            "Crossref", default=ADDRESS, variable=VARIABLE, address=address, policy=policy or own, report=report
        )

    def get(self, doi: str) -> Publication:
        """Return what is registered under *doi*, with the notices that update it. Raises NotFound, ServiceFailed."""
        path = f"works/{quote(doi, safe='')}"
        return self._way.get(path, self._polite, lambda answer: read_work(at(read_json(answer), "message")))

    def search(
        self,
        query: str = "",
        *,
        filters: Mapping[str, str] | None = None,
        since: datetime.date | None = None,
        limit: int = 100,
    ) -> Hits:
        """Return the first *limit* works for *query* and *filters*; with *since*, those registered on that day or later.

        Raises ServiceFailed.
        """
        chosen = dict(filters or {}) | ({"from-created-date": f"{since:%Y-%m-%d}"} if since else {})
        found: list[Publication] = []
        mark, total = "*", 0
        while len(found) < limit:
            params = {"rows": str(min(_PAGE, limit)), "cursor": mark}
            params |= {"query.bibliographic": query} if query else {}
            params |= {"filter": ",".join(f"{key}:{value}" for key, value in chosen.items())} if chosen else {}
            total, page, following = self._way.get(
                "works", params | self._polite, lambda answer: _page(read_json(answer))
            )
            found += page
            if not page or not following or len(found) >= total:
                break
            mark = following
            self._report(f"Crossref: {len(found)} of {min(total, limit)} records")
        return Hits(total, tuple(found[:limit]))

    def notices(self, doi: str) -> tuple[Notice, ...]:
        """Return every notice that Crossref knows to update *doi*: those on its record, and those that point to it.

        Raises NotFound where the DOI is not Crossref's, else ServiceFailed.
        """
        own = self.get(doi).notices
        pointing = self.search(filters={"updates": doi}).publications
        found = [notice for notice in own if not notice.is_notice]
        for publication in pointing:
            for notice in publication.notices:
                if notice.is_notice and notice.doi.lower() == doi.lower():
                    found.append(Notice(notice.kind, notice.said, publication.doi, publication.pmid, notice.date))
        return tuple({(notice.kind, notice.doi.lower()): notice for notice in reversed(found)}.values())[::-1]


def _page(data: Any) -> tuple[int, list[Publication], str]:
    message = at(data, "message")
    items = [item for item in items_at(message, "items") if items_at(item, "title")]
    return count_at(message, "total-results"), [read_work(item) for item in items], text_at(message, "next-cursor")


def read_work(work: Any) -> Publication:
    """Return what Crossref stores of a work. Raises ValueError where it lacks what every work has."""
    doi = needed(clean_doi(text_at(work, "DOI")), "message.DOI")
    titles = [plain_title(str(title)) for title in items_at(work, "title")]
    subtitles = [plain_title(str(title)) for title in items_at(work, "subtitle")]
    if titles and subtitles and subtitles[0] and subtitles[0].lower() not in titles[0].lower():
        titles[0] = f"{titles[0]}: {subtitles[0]}"
    abstract = read_fragment(text_at(work, "abstract"))
    if len(abstract) > 1 and abstract[0].label.lower() == "abstract" and not abstract[0].text:
        abstract = abstract[1:]
    held_by = [plain_title(str(name)) for name in items_at(work, "container-title")]
    kinds = (text_at(work, "type"),) if text_at(work, "type") else ()
    numbers = [text_at(item, "clinical-trial-number") for item in items_at(work, "clinical-trial-number")]
    return place_in(
        Publication(
            title=needed(titles[0] if titles else "", f"message.title of {doi}").rstrip("."),
            authors=tuple(filter(None, (_author(author) for author in items_at(work, "author")))),
            year=_year(work),
            editors=tuple(filter(None, (_author(author) for author in items_at(work, "editor")))),
            volume=text_at(work, "volume"),
            number=text_at(work, "issue"),
            pages=page_range(text_at(work, "page")) or text_at(work, "article-number"),
            publisher=text_at(work, "publisher"),
            doi=doi,
            nct=find_ncts(*numbers, *(section.text for section in abstract)),
            abstract=abstract,
            kinds=kinds,
            language=text_at(work, "language"),
            address=doi_address(doi),
            service="Crossref",
            notices=tuple(_notices(work)),
        ),
        held_by[0] if held_by else "",
    )


def _author(author: Any) -> Author | None:
    if family := text_at(author, "family"):
        return Author(family, text_at(author, "given"), suffix=text_at(author, "suffix"))
    body = text_at(author, "name") or text_at(author, "given")
    return Author(body, group=True) if body else None


def _year(work: Any) -> int | None:
    for field in ("published-print", "issued", "published-online", "published", "created"):
        dates = items_at(work, field, "date-parts")
        if dates and isinstance(dates[0], list) and dates[0] and isinstance(dates[0][0], int):
            return dates[0][0]
    return None


def _notices(work: Any) -> list[Notice]:
    found = []
    for field in ("updated-by", "update-to"):
        for item in items_at(work, field):
            said = text_at(item, "type") or text_at(item, "label")
            date = text_at(item, "updated", "date-time")[:10]
            doi = clean_doi(text_at(item, "DOI"))
            found.append(Notice(kind_of_notice(said), said, doi, date=date, is_notice=field == "update-to"))
    return found
