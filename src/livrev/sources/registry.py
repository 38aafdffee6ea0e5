"""Read a study of ClinicalTrials.gov: what was registered, and the results, each as a line that reads like a sentence.

https://clinicaltrials.gov/data-api/about-api/study-data-structure: outcome measures with what each group showed, and the
analyses that compare groups. Numbers are given as the registry prints them, each with its place.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from livrev.sources.fields import Fields
from livrev.sources.publication import Author, Publication, Section, clean
from livrev.sources.result_tables import shorten
from livrev.sources.service_fields import at, items_at, needed, text_at, values_at

_STUDY = {
    "title": "identificationModule.officialTitle identificationModule.briefTitle", "nct": "identificationModule.nctId",
    "year": "statusModule.studyFirstPostDateStruct.date statusModule.studyFirstSubmitDate",
    "kinds": "designModule.studyType designModule.phases",
}  # fmt: skip
_MEASURES = {
    "MEDIAN": "median", "MEAN": "mean", "LEAST_SQUARES_MEAN": "least squares mean", "GEOMETRIC_MEAN": "geometric mean",
    "LOG_MEAN": "log mean",
}  # fmt: skip
_RATIOS = {"hazard": "hazard ratio", "odds": "odds ratio", "risk ratio": "risk ratio", "relative risk": "risk ratio"}


def read_study(study: Any) -> Publication:
    """Return one study of the registry as a publication, with the results that it holds. Raises ValueError where it has no number."""
    protocol = at(study, "protocolSection")
    nct = needed(text_at(protocol, "identificationModule", "nctId"), "protocolSection.identificationModule.nctId")
    found = Fields("ClinicalTrials.gov", _STUDY, lambda path: values_at(protocol, path)).publication()
    sponsor = text_at(protocol, "sponsorCollaboratorsModule", "leadSponsor", "name")
    return replace(
        found,
        title=needed(found.title, "the title"),
        authors=(Author(sponsor, group=True),) if sponsor else (),
        publisher="ClinicalTrials.gov",
        abstract=tuple(Section(label, text) for label, text in _sections(protocol) if text),
        body=tuple(_results(at(study, "resultsSection"))),
        language="English",
        address=f"https://clinicaltrials.gov/study/{nct}",
        registry=True,
    )


def _sections(protocol: Any) -> list[tuple[str, str]]:
    enrolled = text_at(protocol, "designModule", "enrollmentInfo", "count")
    kind = text_at(protocol, "designModule", "enrollmentInfo", "type").lower()
    sections = [
        ("Summary", text_at(protocol, "descriptionModule", "briefSummary")),
        ("Status", text_at(protocol, "statusModule", "overallStatus").replace("_", " ").lower()),
        ("Start", text_at(protocol, "statusModule", "startDateStruct", "date")),
        ("Enrolment", f"{enrolled} participants ({kind or 'kind not said'})" if enrolled else ""),
        ("Conditions", "; ".join(clean(str(item)) for item in items_at(protocol, "conditionsModule", "conditions"))),
    ]
    arms = items_at(protocol, "armsInterventionsModule", "armGroups")
    sections += [("Arm", _listed(text_at(arm, "label"), text_at(arm, "description"), by=". ")) for arm in arms]
    for label, field in (("Primary outcome", "primaryOutcomes"), ("Secondary outcome", "secondaryOutcomes")):
        for item in items_at(protocol, "outcomesModule", field):
            sections.append((label, _listed(text_at(item, "measure"), text_at(item, "timeFrame"))))
    return sections


def _results(results: Any) -> Iterator[Section]:
    """Yield what the results section of a study says: each outcome by group, each comparison, and the harms of each arm."""
    for measure in items_at(results, "outcomeMeasuresModule", "outcomeMeasures"):
        yield from _outcome(measure)
    for group in items_at(results, "adverseEventsModule", "eventGroups"):
        yield from _harm(group)


def _outcome(measure: Any) -> Iterator[Section]:
    title, unit = text_at(measure, "title").rstrip("."), text_at(measure, "unitOfMeasure")
    names = {text_at(group, "id"): text_at(group, "title") for group in items_at(measure, "groups")}
    sizes = {
        text_at(count, "groupId"): text_at(count, "value")
        for denominator in items_at(measure, "denoms")[:1]
        for count in items_at(denominator, "counts")
    }
    for class_ in items_at(measure, "classes"):
        for category in items_at(class_, "categories"):
            part = _listed(text_at(class_, "title"), text_at(category, "title"))
            for measured in items_at(category, "measurements"):
                group = text_at(measured, "groupId")
                name, size = names.get(group, group), sizes.get(group, "")
                if said := _value(measure, measured, unit, size):
                    subject = _listed(title, part, f"{name} (n = {size})" if size else name)
                    place = _place(title, part and f"part {shorten(part)}", f"group {shorten(name)}")
                    yield Section("", f"{subject}: {said}.", place)
    for analysis in items_at(measure, "analyses"):
        if said := _comparison(analysis):
            groups = (names.get(str(group), "") for group in items_at(analysis, "groupIds"))
            subject = _listed(title, " versus ".join(filter(None, groups)))
            yield Section("", f"{subject}: {said}.", _place(title, "comparison"))


def _value(measure: Any, measured: Any, unit: str, size: str) -> str:
    """Return one measured value with its spread, as printed."""
    value = text_at(measured, "value")
    if not re.search(r"\d", value):
        return ""
    kind, plain = text_at(measure, "paramType").upper(), unit.lower()
    if kind == "COUNT_OF_PARTICIPANTS" or (kind == "NUMBER" and re.fullmatch(r"participants?|patients?", plain)):
        return f"{value} of {size} participants" if size.isdigit() and value.isdigit() else f"{value} participants"
    low, high = text_at(measured, "lowerLimit"), text_at(measured, "upperLimit")
    interval = _interval(text_at(measure, "dispersionType"), low, high)
    share = "%" not in value and re.search(r"percent|proportion of participants", plain)
    return _listed(_MEASURES.get(kind, ""), f"{value}%" if share else f"{value} {unit}", interval, by=" ")


def _comparison(analysis: Any) -> str:
    """Return an effect with its interval and its p-value; nothing where the analysis prints neither."""
    kind, value, p = (text_at(analysis, field) for field in ("paramType", "paramValue", "pValue"))
    name = next((plain for word, plain in _RATIOS.items() if word in kind.lower()), kind.lower())
    level, sides = text_at(analysis, "ciPctValue"), text_at(analysis, "ciNumSides")
    kind = f"{level}% Confidence Interval" if level and sides != "ONE_SIDED" else ""
    interval = _interval(kind, text_at(analysis, "ciLowerLimit"), text_at(analysis, "ciUpperLimit"))
    sign = "" if p.startswith(("<", "=")) else " " if p.startswith(">") else "="
    return _listed(_listed(name, value, interval, by=" ") if value else "", f"p{sign}{p}" if p else "")


def _interval(kind: str, low: str, high: str) -> str:
    level = re.search(r"(\d+(?:\.\d+)?)\s*%", kind)
    if not (level and high and re.search(r"\d", low) and "interval" in kind.lower()):
        return ""
    return f"({level[1]}% CI {low} to {high})" if re.search(r"\d", high) else f"({level[1]}% CI {low} to not reached)"


def _harm(group: Any) -> Iterator[Section]:
    """Yield the deaths and the serious events of one arm, where the registry counts those at risk."""
    name = text_at(group, "title")
    for what, said in (("deaths", "died of any cause"), ("serious", "had serious adverse events")):
        events, total = text_at(group, f"{what}NumAffected"), text_at(group, f"{what}NumAtRisk")
        if events.isdigit() and total.isdigit() and int(total):
            place = _place("adverse events", f"group {shorten(name)}")
            yield Section("", f"{name}: {events} of {total} participants {said}.", place)


def _place(title: str, *parts: str) -> str:
    return _listed("registry results", shorten(title), *parts)


def _listed(*parts: str, by: str = ", ") -> str:
    return by.join(filter(None, parts))
