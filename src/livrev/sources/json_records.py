"""Read one reference in JSON: CSL-JSON, or what Crossref, Europe PMC and ClinicalTrials.gov answer, from them or from a file.

The results of a study of ClinicalTrials.gov (https://clinicaltrials.gov/data-api/about-api/study-data-structure) become lines
that read like sentences: what each group showed, and what compares groups, with the numbers as printed, each with its place.
"""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from livrev.sources.fields import Fields, at, items_at, needed, read_name, read_names, text_at, values_at
from livrev.sources.markup import shorten
from livrev.sources.publication import Author, Publication, Section, Unreadable, clean_doi, doi_address, read_notices

_KINDS = "CSL-JSON, or an answer of Crossref, Europe PMC or ClinicalTrials.gov"
# What Crossref stores of a work has the names of CSL-JSON, and some more.
_WORK = {
    "title": "title", "subtitle": "subtitle", "journal": "container-title collection-title container-title-short",
    "year": "published-print.date-parts issued.date-parts issued.raw issued.literal published-online.date-parts "
            "published.date-parts created.date-parts",
    "volume": "volume", "number": "issue number", "pages": "page", "article_number": "article-number",
    "publisher": "publisher", "doi": "DOI", "pmid": "PMID", "pmcid": "PMCID", "notes": "note extra",
    "abstract": "abstract", "kinds": "type", "language": "language", "address": "URL",
}  # fmt: skip
_RESULT = {
    "title": "title", "year": "journalInfo.yearOfPublication pubYear",
    "journal": "journalInfo.journal.title journalTitle", "booktitle": "bookOrReportDetails.comprisingTitle",
    "volume": "journalInfo.volume journalVolume", "number": "journalInfo.issue issue", "pages": "pageInfo",
    "publisher": "bookOrReportDetails.publisher", "doi": "doi", "pmid": "pmid", "pmcid": "pmcid",
    "abstract": "abstractText", "kinds": "pubTypeList.pubType", "language": "language",
}  # fmt: skip
_STUDY = {
    "title": "identificationModule.officialTitle identificationModule.briefTitle", "nct": "identificationModule.nctId",
    "year": "statusModule.studyFirstPostDateStruct.date statusModule.studyFirstSubmitDate",
    "kinds": "designModule.studyType designModule.phases",
}  # fmt: skip
_MEASURES = ("MEDIAN", "MEAN", "LEAST_SQUARES_MEAN", "GEOMETRIC_MEAN", "LOG_MEAN")
# what a body and the given and family names of a person are called, in CSL-JSON and by Europe PMC
_NAMES = (("literal", "name", "collectiveName"), ("given", "firstName", "initials"), ("family", "lastName", "fullName"))
# what OpenAlex, DataCite, Semantic Scholar and others call the authors of a work with a title
_NOT_CSL = frozenset(("authorships", "authors", "creators", "z_authors"))
_RATIOS = {"hazard": "hazard ratio", "odds": "odds ratio", "risk ratio": "risk ratio", "relative risk": "risk ratio"}


def read_json_file(text: str) -> Publication:
    """Return the one publication that JSON describes. Raises Unreadable."""
    try:
        data = json.loads(text, object_pairs_hook=_once, parse_constant=_refuse_constant)
    except (json.JSONDecodeError, RecursionError) as error:
        raise Unreadable(f"is JSON that cannot be read ({error}); export it again") from None
    kind, items = _find_items(data)
    if not items and kind == "CSL-JSON":
        raise Unreadable(f"is JSON and holds no references of a kind that is read; give {_KINDS}")
    if len(items) != 1:
        raise Unreadable(f"is {kind} and holds {len(items) or 'no'} references; give a file with one reference")
    try:
        return _READERS[kind](items[0])
    except Unreadable:
        raise
    except ValueError as error:
        raise Unreadable(f"is an answer of {kind} that {error}; save it again") from None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        twice = Counter(name for name, _ in pairs).most_common(1)[0][0]
        raise Unreadable(f"says {twice} twice of one thing; keep one of the two", value=f'"{twice}"')
    return found


def _refuse_constant(said: str) -> None:
    raise Unreadable(f"holds {said}, which is no value; export it again", value=said)


def _find_items(data: Any) -> tuple[str, list[Any]]:
    """Return what wrote *data*, and the publications in it."""
    whole = data if isinstance(data, dict) else {}
    message = whole.get("message", whole)
    # a work as Crossref stores it is told from CSL-JSON by its title, which is a list
    if isinstance(message, dict) and (
        "message-type" in whole or (isinstance(message.get("title"), list) and isinstance(message.get("DOI"), str))
    ):
        works = message.get("items")
        return "Crossref", [work for work in works if isinstance(work, dict)] if isinstance(works, list) else [message]
    if isinstance(results := whole.get("resultList"), dict):
        found = results.get("result")
        return "Europe PMC", found if isinstance(found, list) else []
    if "authorList" in whole and "title" in whole:
        return "Europe PMC", [whole]
    items = data if isinstance(data, list) else whole.get("studies", whole.get("items", [whole]))
    items = [item for item in items if isinstance(item, dict)] if isinstance(items, list) else []
    if isinstance(whole.get("studies"), list) or (items and all("protocolSection" in item for item in items)):
        return "ClinicalTrials.gov", items
    return "CSL-JSON", [item for item in items if item.get("title") and _NOT_CSL.isdisjoint(item)]


def read_item(item: Any, service: str = "CSL-JSON") -> Publication:
    """Return what an item of CSL-JSON says. Raises ValueError where a field is of another kind than it may be."""
    if isinstance(item.get("issued"), str):
        item = item | {"issued": {"raw": item["issued"]}}
    fields = Fields(service, _WORK, lambda path: values_at(item, path))
    found = fields.publication()
    note = next((note for note in fields.all("notes") if "doi" in note.lower()), "")
    return replace(
        found,
        authors=tuple(_people(item, "author")),
        editors=tuple(_people(item, "editor")) or tuple(_people(item, "container-author")),
        doi=found.doi or clean_doi(note),
    )


def _people(item: Any, field: str) -> Iterator[Author]:
    for person in items_at(item, field):
        person = {"family": person} if isinstance(person, str) else person
        body, given, last = (next(filter(None, (text_at(person, name) for name in names)), "") for names in _NAMES)
        particles = (text_at(person, name) for name in ("dropping-particle", "non-dropping-particle"))
        family = " ".join(filter(None, (*particles, last)))
        if body:
            yield Author(body, group=True)
        elif family and given:
            yield Author(family, given, suffix=text_at(person, "suffix"))
        elif one := read_name(family or given):
            yield one


def read_work(work: Any) -> Publication:
    """Return what Crossref stores of a work. Raises ValueError where it lacks what every work has."""
    doi = needed(clean_doi(text_at(work, "DOI")), "message.DOI")
    trials = [text_at(trial, "clinical-trial-number") for trial in items_at(work, "clinical-trial-number")]
    shown = {"title": items_at(work, "title")[:1], "note": trials, "URL": doi_address(doi)}
    found = read_item(work | shown, "Crossref")
    notices = []
    for field in ("updated-by", "update-to"):
        for item in items_at(work, field):
            said = text_at(item, "type") or text_at(item, "label"), text_at(item, "DOI"), ""
            day, own = text_at(item, "updated", "date-time")[:10], field == "update-to"
            notices += [replace(notice, date=day, is_notice=own) for notice in read_notices([said])]
    return replace(found, title=needed(found.title, f"message.title of {doi}"), doi=doi, notices=tuple(notices))


def read_result(result: Any) -> Publication:
    """Return one result of a search in Europe PMC. Raises ValueError where it lacks what every record has."""
    found = Fields("Europe PMC", _RESULT, lambda path: values_at(result, path)).publication()
    signed = tuple(_people(at(result, "authorList"), "author"))
    place = f"{text_at(result, 'source')}/{text_at(result, 'id')}"
    return replace(
        found,
        title=needed(found.title, "title"),
        authors=signed or read_names(text_at(result, "authorString").rstrip(".").split(",")),
        address=f"https://europepmc.org/article/{place}" if re.fullmatch(r"\w+/[\w.-]+", place) else "",
        open_text=text_at(result, "isOpenAccess") == "Y" and text_at(result, "inEPMC") == "Y",
        notices=read_notices(
            (said, where, number if source == "MED" else "")
            for item in items_at(result, "commentCorrectionList", "commentCorrection")
            for said, where, number, source in [(text_at(item, name) for name in ("type", "reference", "id", "source"))]
        ),
    )


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
        ("Conditions", "; ".join(values_at(protocol, "conditionsModule.conditions"))),
    ]
    arms = items_at(protocol, "armsInterventionsModule", "armGroups")
    sections += [("Arm", _listed(text_at(arm, "label"), text_at(arm, "description"), by=". ")) for arm in arms]
    for label, field in (("Primary outcome", "primaryOutcomes"), ("Secondary outcome", "secondaryOutcomes")):
        items = items_at(protocol, "outcomesModule", field)
        sections += [(label, _listed(text_at(item, "measure"), text_at(item, "timeFrame"))) for item in items]
    return sections


def _results(results: Any) -> Iterator[Section]:
    """Yield what the results section of a study says: each outcome by group, each comparison, and the harms of each arm.

    Harms are the deaths and the serious events, where the registry counts those at risk.
    """
    for measure in items_at(results, "outcomeMeasuresModule", "outcomeMeasures"):
        yield from _outcome(measure)
    for group in items_at(results, "adverseEventsModule", "eventGroups"):
        name = text_at(group, "title")
        for what, said in (("deaths", "died of any cause"), ("serious", "had serious adverse events")):
            events, total = text_at(group, f"{what}NumAffected"), text_at(group, f"{what}NumAtRisk")
            if events.isdigit() and total.isdigit() and int(total):
                place = f"registry results, adverse events, group {shorten(name)}"
                yield Section("", f"{name}: {events} of {total} participants {said}.", place)


def _outcome(measure: Any) -> Iterator[Section]:
    title, unit = text_at(measure, "title").rstrip("."), text_at(measure, "unitOfMeasure")
    place = _listed("registry results", shorten(title))
    names = {text_at(group, "id"): text_at(group, "title") for group in items_at(measure, "groups")}
    counts = (count for denominator in items_at(measure, "denoms")[:1] for count in items_at(denominator, "counts"))
    sizes = {text_at(count, "groupId"): text_at(count, "value") for count in counts}
    for class_ in items_at(measure, "classes"):
        for category in items_at(class_, "categories"):
            part = _listed(text_at(class_, "title"), text_at(category, "title"))
            for measured in items_at(category, "measurements"):
                group = text_at(measured, "groupId")
                name, size = names.get(group, group), sizes.get(group, "")
                if said := _value(measure, measured, unit, size):
                    subject = _listed(title, part, f"{name} (n = {size})" if size else name)
                    cell = _listed(place, part and f"part {shorten(part)}", f"group {shorten(name)}")
                    yield Section("", f"{subject}: {said}.", cell)
    for analysis in items_at(measure, "analyses"):
        if said := _comparison(analysis):
            groups = (names.get(str(group), "") for group in items_at(analysis, "groupIds"))
            subject = _listed(title, " versus ".join(filter(None, groups)))
            yield Section("", f"{subject}: {said}.", f"{place}, comparison")


def _value(measure: Any, measured: Any, unit: str, size: str) -> str:
    value = text_at(measured, "value")
    if not re.search(r"\d", value):
        return ""
    kind, plain = text_at(measure, "paramType").upper(), unit.lower()
    if kind == "COUNT_OF_PARTICIPANTS" or (kind == "NUMBER" and re.fullmatch(r"participants?|patients?", plain)):
        return f"{value} of {size} participants" if size.isdigit() and value.isdigit() else f"{value} participants"
    low, high = text_at(measured, "lowerLimit"), text_at(measured, "upperLimit")
    interval = _interval(text_at(measure, "dispersionType"), low, high)
    share = "%" not in value and re.search(r"percent|proportion of participants", plain)
    measure = kind.replace("_", " ").lower() if kind in _MEASURES else ""
    return _listed(measure, f"{value}%" if share else f"{value} {unit}", interval, by=" ")


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
    top = high if re.search(r"\d", high) else "not reached"
    return f"({level[1]}% CI {low} to {top})"


def _listed(*parts: str, by: str = ", ") -> str:
    return by.join(filter(None, parts))


_READERS: dict[str, Callable[[Any], Publication]] = {
    "CSL-JSON": read_item, "Crossref": read_work, "Europe PMC": read_result, "ClinicalTrials.gov": read_study,
}  # fmt: skip
