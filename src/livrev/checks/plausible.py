"""Check that a result can be at all: its bounds come in pairs, its numbers and dates lie in their range, its groups differ."""

import datetime
from collections.abc import Iterable
from typing import Any

from livrev.diagnostics import Problem
from livrev.records.measures import RATIOS, measure_of
from livrev.records.model import Outcome, Study
from livrev.records.review import Review

_FIRST_YEAR = 1900
_LONGEST = 600.0  # months: fifty years
_HIGHEST = {"HR": 50.0, "RR": 50.0, "ratio-of-HR": 50.0, "OR": 1000.0}
_COMPARING = ("treatment", "prognostic", "interaction")
_READ_AGAIN = "read it again; flag the row if it is printed so"


def check_plausible(review: Review) -> Iterable[Problem]:
    """Yield each result, and each study, with a number, a date or a group that cannot be; flagged results are left out."""
    file = review.repository.relative(review.repository.data / review.tables["outcomes"].table.path)
    for record in review.outcomes.values():
        if record.flag:
            continue
        line = review.line_of("outcomes", record.outcome)
        for field, value, message, cure in (
            *_check_bounds(record), *_check_ranges(record), *_check_groups(record), *_check_cutoff(record),
            *_check_paper(review, record),
        ):  # fmt: skip
            yield Problem(file, line, field, value, message, cure)
    file = review.repository.relative(review.repository.data / review.tables["studies"].table.path)
    names: dict[str, Study] = {}
    for study in review.studies.values():
        line = review.line_of("studies", study.study)
        for field, value, message, cure in _check_study(study, names):
            yield Problem(file, line, field, value, message, cure)


_Found = Iterable[tuple[str, str, str, str]]


def _check_bounds(record: Outcome) -> _Found:
    """Yield an interval with one bound or without its value. An upper bound of a median may not have been reached."""
    low, high = record.ci_low, record.ci_high
    if low is None and high is None:
        if record.ci_level is not None:
            yield "ci_level", f"{record.ci_level:g}", "is the level of no interval", "add the bounds, or empty it"
        return
    if low is None:
        yield "ci_low", "", f"is missing beside ci_high {high}", "add the bound, or empty both"
    elif high is None and measure_of(record.measure).kind != "months":
        yield "ci_high", "", f"is missing beside ci_low {low}", "add the bound, or empty both"
    if record.value is None:
        yield "value", "", f"is missing beside the interval {low} to {high}", "add the value that the interval is of"


def _check_ranges(record: Outcome) -> _Found:
    kind = measure_of(record.measure).kind
    for field, number in (("value", record.value), ("ci_low", record.ci_low), ("ci_high", record.ci_high)):
        if number is None:
            continue
        if kind == "share" and field != "value" and not 0 <= number <= 100:
            yield field, number.text, "is no percentage", "write percent, from 0 to 100"
        elif record.measure == "RD" and not -100 <= number <= 100:
            yield field, number.text, "is no difference of percentages", "write percentage points, from -100 to 100"
        elif number > _HIGHEST.get(record.measure, float("inf")):
            yield field, number.text, "is far above any ratio", f"was the decimal point lost? {_READ_AGAIN}"
        elif kind == "months" and number > _LONGEST:
            yield (
                field,
                number.text,
                "is more than fifty years",
                "write months; days and weeks are to be turned into them",
            )
        elif kind == "months" and number < 0 and field != "value":
            yield field, number.text, "is below 0", "times and counts are not"
    if record.total == 0:
        cure = "empty both, or give the patients that were counted"
        yield "total", "0", "is no group: nobody was counted", cure
    for field, months in (
        ("time_months", record.time_months),
        ("follow_up_months", _extra(record, "follow_up_months")),
    ):
        if months is not None and float(months) > _LONGEST:
            yield field, str(months), "is more than fifty years", "write months"
    if record.p and record.p.lstrip("<>≤≥~ ").strip("0.") == "":
        yield "p", record.p, "is no probability: it is never 0", "write <0.001, as far as it is printed"


def _check_groups(record: Outcome) -> _Found:
    arm, other = (record.arm or "").strip(), (record.comparator or "").strip()
    without = other in ("", "NA")
    compares = record.contrast in _COMPARING or (record.contrast == "pooled" and record.measure in (*RATIOS, "RD"))
    if compares and without:
        yield "comparator", other, f"is missing, and the contrast is {record.contrast}", "name the group compared with"
    elif not without and arm.casefold() == other.casefold():
        yield "comparator", other, "is the arm itself", "name the group compared with"


def _check_cutoff(record: Outcome) -> _Found:
    said = _extra(record, "data_cutoff")
    if not said:
        return
    numbers = [int(part) for part in str(said).split("-")]
    try:
        day = datetime.date(*(*numbers, 1, 1)[:3])
    except ValueError:
        yield "data_cutoff", said, "is no day of any calendar", "write YYYY-MM-DD, YYYY-MM or YYYY"
        return
    if day > datetime.date.today():
        yield "data_cutoff", said, "lies in the future", "give the day on which the data were closed"
    elif day.year < _FIRST_YEAR:
        yield "data_cutoff", said, f"lies before {_FIRST_YEAR}", "check the digits"
    elif day > record.read_on:
        cure = "give the day on which the data were closed"
        yield "data_cutoff", said, f"lies after the day on which it was read, {record.read_on}", cure


def _check_paper(review: Review, record: Outcome) -> _Found:
    """Yield a result that is cited to a paper which neither its study nor one of the same family names."""
    study = review.studies.get(record.study)
    if study is None:
        return
    papers, seen = {study.citekey, *study.other_citekeys}, {study.study}
    while (
        record.citekey not in papers and study.part_of and study.part_of not in seen and study.part_of in review.studies
    ):
        study = review.studies[study.part_of]
        seen.add(study.study)
        papers |= {study.citekey, *study.other_citekeys}
    if record.citekey not in papers:
        cure = "add the paper to other_citekeys of the study, or mend the key"
        yield "citekey", record.citekey, f"is no paper of {record.study}, which names {', '.join(sorted(papers))}", cure


def _check_study(study: Study, names: dict[str, Study]) -> _Found:
    other = names.setdefault(" ".join(study.name.casefold().split()), study)
    if other is not study:
        yield "name", study.name, f"is the name of {other.study} too", "tell the two apart by year, part or centre"
    for part, within in (study.model_extra or {}).items():
        if part.startswith("n_") and within is not None and study.n is not None and within > study.n:
            yield part, str(within), f"is above n = {study.n}", "are the two swapped?"
    if study.year is not None and study.year > study.read_on.year + 1:
        yield "year", str(study.year), f"lies after it was read, {study.read_on}", "give the year of the publication"


def _extra(record: Outcome | Study, name: str) -> Any:
    return (record.model_extra or {}).get(name)
