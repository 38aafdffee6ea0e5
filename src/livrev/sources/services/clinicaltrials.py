"""ClinicalTrials.gov, API version 2 (https://clinicaltrials.gov/data-api/api): what was registered of a trial."""

import datetime
import re
from typing import Any

from livrev.sources.publication import Author, Publication, Section, clean, find_ncts
from livrev.sources.services.fields import at, count_at, items_at, needed, text_at
from livrev.sources.services.registry_results import read_results
from livrev.sources.services.search_results import Hits
from livrev.sources.services.transport import RatePolicy, Report, Transport, no_report, read_json

ADDRESS, VARIABLE = "https://clinicaltrials.gov/api/v2", "LIVREV_CLINICALTRIALS"
_PAGE = 100


class ClinicalTrials:
    """ClinicalTrials.gov. *address* and *policy* override the service's own; *report* hears of waits and of progress."""

    def __init__(
        self, address: str | None = None, *, policy: RatePolicy | None = None, report: Report = no_report
    ) -> None:
        self._report = report
        own = RatePolicy(interval=1.2)  # the registry allows about fifty requests a minute
        self._way = Transport(
            "ClinicalTrials.gov",
            default=ADDRESS,
            variable=VARIABLE,
            address=address,
            policy=policy or own,
            report=report,
        )

    def get(self, nct: str) -> Publication:
        """Return the record of *nct*. Raises NotFound where the registry has none, else ServiceFailed."""
        return self._way.get(f"studies/{nct}", {"format": "json"}, lambda answer: read_study(read_json(answer)))

    def search(self, query: str, *, since: datetime.date | None = None, limit: int = 1000) -> Hits:
        """Return the first *limit* trials that *query* finds; with *since*, those updated on that day or later.

        Raises ServiceFailed.
        """
        found: list[Publication] = []
        mark, total = "", 0
        while len(found) < limit:
            params = {"query.term": query, "format": "json", "pageSize": str(min(_PAGE, limit)), "countTotal": "true"}
            if since:
                params["filter.advanced"] = f"AREA[LastUpdatePostDate]RANGE[{since:%Y-%m-%d},MAX]"
            if mark:
                params["pageToken"] = mark
            counted, page, mark = self._way.get("studies", params, lambda answer: _page(read_json(answer)))
            total = counted or total
            found += page
            if not page or not mark:
                break
            self._report(f"ClinicalTrials.gov: {len(found)} of {min(total, limit)} records")
        return Hits(total, tuple(found[:limit]))


def _page(data: Any) -> tuple[int, list[Publication], str]:
    if at(data, "studies") is None:  # even an empty page has it; taken for no result, a search would count as run
        raise ValueError("lacks the list studies, which it used to have")
    studies = items_at(data, "studies")
    # only the first page carries the total
    total = count_at(data, "totalCount") if at(data, "totalCount") is not None else 0
    return total, [read_study(study) for study in studies], text_at(data, "nextPageToken")


def read_study(study: Any) -> Publication:
    """Return one study of the registry as a publication, with the results that it holds. Raises ValueError where it has no number."""
    protocol = at(study, "protocolSection")
    nct = needed(text_at(protocol, "identificationModule", "nctId"), "protocolSection.identificationModule.nctId")
    title = text_at(protocol, "identificationModule", "officialTitle") or text_at(
        protocol, "identificationModule", "briefTitle"
    )
    sponsor = text_at(protocol, "sponsorCollaboratorsModule", "leadSponsor", "name")
    registered = text_at(protocol, "statusModule", "studyFirstPostDateStruct", "date") or text_at(
        protocol, "statusModule", "studyFirstSubmitDate"
    )
    design = at(protocol, "designModule")
    kinds = (text_at(design, "studyType"), *(clean(str(phase)) for phase in items_at(design, "phases")))
    return Publication(
        title=needed(title, "the title").rstrip("."),
        authors=(Author(sponsor, group=True),) if sponsor else (),
        year=int(registered[:4]) if re.match(r"(?:19|20)\d\d", registered) else None,
        publisher="ClinicalTrials.gov",
        nct=find_ncts(nct),
        abstract=tuple(Section(label, text) for label, text in _sections(protocol) if text),
        body=tuple(read_results(at(study, "resultsSection"))),
        kinds=tuple(filter(None, kinds)),
        language="English",
        address=f"https://clinicaltrials.gov/study/{nct}",
        service="ClinicalTrials.gov",
        registry=True,
    )


def _sections(protocol: Any) -> list[tuple[str, str]]:
    enrolled = text_at(protocol, "designModule", "enrollmentInfo", "count")
    kind = text_at(protocol, "designModule", "enrollmentInfo", "type").lower()
    started = text_at(protocol, "statusModule", "startDateStruct", "date")
    sections = [
        ("Summary", text_at(protocol, "descriptionModule", "briefSummary")),
        ("Status", text_at(protocol, "statusModule", "overallStatus").replace("_", " ").lower()),
        ("Start", started),
        ("Enrolment", f"{enrolled} participants ({kind or 'kind not said'})" if enrolled else ""),
        ("Conditions", "; ".join(clean(str(item)) for item in items_at(protocol, "conditionsModule", "conditions"))),
    ]
    arms = items_at(protocol, "armsInterventionsModule", "armGroups")
    sections += [("Arm", ". ".join(filter(None, (text_at(arm, "label"), text_at(arm, "description"))))) for arm in arms]
    for label, field in (("Primary outcome", "primaryOutcomes"), ("Secondary outcome", "secondaryOutcomes")):
        for item in items_at(protocol, "outcomesModule", field):
            sections.append((label, ", ".join(filter(None, (text_at(item, "measure"), text_at(item, "timeFrame"))))))
    return sections
