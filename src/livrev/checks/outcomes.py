"""Check reported results for what cannot be: numbers that contradict each other, lie out of their range, or name no group.

A row that its own source prints so is flagged and explained in data/outcomes.csv, and is not complained of again.
"""

import datetime
import math
from collections.abc import Iterable
from statistics import NormalDist

from livrev.diagnostics import Problem
from livrev.records.measures import DIFFERENCES, RATIOS, Printed, measure_of
from livrev.records.model import Outcome, Study
from livrev.records.review import Review
from livrev.review.pool_inputs import scale_of
from livrev.review.studies import span_of

_NORMAL = NormalDist()
_OF_THE_PAPER = ("full-text", "abstract")
_LOOKED_AT = ("printed so", "page not found again")
_SAME = (  # the columns that say what a result is of, and what it is
    *("study", "citekey", "population", "contrast", "arm", "comparator", "endpoint", "criteria", "stratum", "subset"),
    *("adjustment", "model", "dose", "measure", "value", "ci_low", "ci_high", "ci_level", "basis"),
)
_Found = Iterable[tuple[str, str, str, str]]  # field, value, message, cure


def check_outcomes(review: Review) -> Iterable[Problem]:
    """Yield a problem for each result that breaks a rule and is not flagged for it."""
    known: dict[tuple[object, ...], str] = {}
    for record, problem in review.located(Outcome):
        for rule in RULES if not record.flag else ():
            yield from (problem(*found) for found in rule(record))
        first = known.setdefault(tuple(getattr(record, name) for name in _SAME), record.outcome)
        if record.measure in RATIOS and record.ci_low is not None and first != record.outcome:
            yield problem("outcome", record.outcome, f"is {first} once more", "delete one of the two rows")
        if record.flag and not record.flag_reason:
            yield problem("flag_reason", "", "is missing", "say why the row is flagged")
        older = review.outcomes.get(record.supersedes or "")
        if older and older.study != record.study:
            yield problem("supersedes", older.outcome, f"belongs to {older.study}", "link two reports of one study")
        elif older and (older.endpoint, older.contrast) != (record.endpoint, record.contrast):
            said = f"is of {older.endpoint} ({older.contrast}), this row of {record.endpoint} ({record.contrast})"
            yield problem("supersedes", older.outcome, said, "name the older report of the same result, or none")


def check_studies_of(review: Review) -> Iterable[Problem]:
    """Yield each result that its study contradicts, and each study that contradicts itself; flagged results are left out."""
    for record, problem in review.located(Outcome):
        study = review.studies.get(record.study)
        if study is None or record.flag:
            continue
        if study.n is not None and record.total is not None and record.total > study.n:
            cure = f"{study.study} has n = {study.n}; check both"
            yield problem("total", str(record.total), "is above the study's n", cure)
        yield from (problem(*found) for found in _check_paper(review, record, study))
        published = reference.year if (reference := review.references.get(record.citekey)) else None
        if record.basis in _OF_THE_PAPER and published and (record.data_cutoff or "")[:4] > str(published):
            said = f"lies after the year of {record.citekey}, {published}"
            yield problem("data_cutoff", record.data_cutoff, said, "cite the report that was read, or check the digits")
    yield from _check_broader(review)
    names: dict[str, Study] = {}
    for study, problem in review.located(Study):
        papers = (review.references.get(key) for key in (study.citekey, *study.other_citekeys))
        # the record of a registry goes on, whatever its year
        years = [paper.year for paper in papers if paper and paper.year and paper.key not in study.nct]
        if study.year and years and not min(years) - 1 <= study.year <= max(years) + 1:
            said = f"is no year of its papers, {', '.join(map(str, sorted(set(years))))}"
            yield problem("year", str(study.year), said, "give the year of the main report, or mend the keys")
        if study.year and study.year > study.read_on.year + 1:
            said = f"lies after it was read, {study.read_on}"
            yield problem("year", str(study.year), said, "give the year of the publication")
        if (other := names.setdefault(" ".join(study.name.casefold().split()), study)) is not study:
            cure = "tell the two apart by year, part or centre"
            yield problem("name", study.name, f"is the name of {other.study} too", cure)
        for part, within in (study.model_extra or {}).items():
            if part.startswith("n_") and within is not None and study.n is not None and within > study.n:
                yield problem(part, str(within), f"is above n = {study.n}", "are the two swapped?")


def _check_broader(review: Review) -> Iterable[Problem]:
    """Yield each count of several that is not below that of the broader endpoint: one is printed for the other."""

    def place(row: Outcome, endpoint: str | None) -> tuple[object, ...]:
        return row.study, row.citekey, row.arm, row.stratum, row.total, endpoint

    terms = review.vocabulary.terms.get("endpoints", {})
    counted = {place(row, row.endpoint): row for row in review.outcomes.values() if row.events is not None}
    for record, problem in review.located(Outcome):
        term = terms.get(record.endpoint)
        wider = counted.get(place(record, term.broader)) if term and term.broader else None
        events, looked_at = record.events or 0, any(said in (record.note or "") for said in _LOOKED_AT)
        if wider and not record.flag and not looked_at and events > 1 and events >= (wider.events or 0):
            message = f"is not below the {wider.events} of {wider.outcome}, of which it is part"
            cure = "is one read for the other? if not, let the note say “printed so”"
            yield problem("events", str(events), message, cure)


def _numbers(record: Outcome) -> dict[str, Printed]:
    numbers = {"value": record.value, "ci_low": record.ci_low, "ci_high": record.ci_high}
    return {field: number for field, number in numbers.items() if number is not None}


def _has_no_scale(record: Outcome) -> bool:
    """Tell whether a number of a ratio is none, so that its logarithm cannot be taken; that is said elsewhere."""
    return record.measure in RATIOS and any(number <= 0 for number in _numbers(record).values())


def _check_interval(record: Outcome) -> _Found:
    value, low, high = record.value, record.ci_low, record.ci_high
    if _has_no_scale(record):
        return
    cure = "is the reference group inverted? flag it if printed so"
    if low is not None and high is not None and low > high:
        yield "ci_low", low.text, f"is above ci_high {high}", "swap the two if misread; flag it if printed so"
    elif value is None:
        return
    elif low is not None and low > value:
        yield "ci_low", low.text, f"is above value {value}", cure
    elif high is not None and high < value:
        yield "ci_high", high.text, f"is below value {value}", cure
    elif record.measure in (*RATIOS, *DIFFERENCES) and low is not None and high is not None:
        scale, ratio = scale_of(record.measure), record.measure in RATIOS
        bottom, top = scale.forward(low), scale.forward(high)
        # how far rounding to the printed digits may move value and middle of the bounds apart, on that scale
        allowed = sum(0.6 * 0.1**n.decimals / (n if ratio else 1) for n in (value, low, high))
        if abs(scale.forward(value) - (bottom + top) / 2) > max(0.12 * (top - bottom), allowed):
            mean = "geometric mean" if ratio else "middle"
            message = f"is far from the {mean} of its bounds, {scale.back((bottom + top) / 2):.3g}"
            yield "value", value.text, message, "read value and bounds again; flag it if printed so"


def _check_decimals(record: Outcome) -> _Found:
    """Ask about a ratio whose value and bounds have unlike decimals: most papers print all three alike, so a zero may be lost."""
    numbers = [*_numbers(record).values()]
    looked_at = any(said in (record.note or "") for said in _LOOKED_AT)
    if record.measure not in RATIOS or not numbers or max(numbers) >= 10 or looked_at:
        return
    if len({number.decimals for number in numbers}) > 1:
        said = f"{numbers[0]} ({' to '.join(map(str, numbers[1:]))})"
        cure = f"read them again; if they are, let the note say “{_LOOKED_AT[0]}”, or “{_LOOKED_AT[1]}” and when"
        yield "value", said, "is not printed with like decimals", cure


def _check_counts(record: Outcome) -> _Found:
    value, events, total = record.value, record.events, record.total
    if events is not None and total is not None and events > total:
        yield "events", str(events), f"is above total {total}", "are the two swapped?"
    elif record.measure in ("proportion", "percent") and value is not None and events is not None and total:
        percent = 100 * events / total
        if abs(percent - value) > 0.6 * 10**-value.decimals:
            yield "value", value.text, f"is not {events}/{total} = {percent:.1f} %", "which of the three is misread?"


def _check_p(record: Outcome) -> _Found:
    """Compare a printed p with the p that the interval of a ratio or difference implies, on the normal approximation."""
    value, low, high, level = record.value, record.ci_low, record.ci_high, record.ci_level
    if record.measure not in (*RATIOS, *DIFFERENCES) or not record.p or record.p[0] in ">≥~" or _has_no_scale(record):
        return
    if value is None or low is None or high is None or not level or low >= high:
        return
    scale = scale_of(record.measure)
    error = (scale.forward(high) - scale.forward(low)) / (2 * _NORMAL.inv_cdf(0.5 + level / 200))
    implied = 2 * _NORMAL.cdf(-abs(scale.forward(value)) / error)
    printed = float(record.p.lstrip("<≤ "))
    # they tell the same story where they are equal within 0.08, or within a factor of 6 when both are small
    small = max(printed, implied) < 0.2 and 1 / 6 < printed / max(implied, 1e-12) < 6
    near = small or abs(printed - implied) < 0.08
    if implied > 8 * printed + 0.02 if record.p[0] in "<≤" else not near:
        message = f"does not agree with the interval, which implies about {implied:.2g}"
        yield "p", record.p, message, "one-sided, log-rank or misread? flag it p-disagrees if printed so"


_FIRST_YEAR = 1900
_LONGEST = 600.0  # months: fifty years
_COMPARING = ("treatment", "prognostic", "interaction")
_FAR = ("is far above any ratio", "was the decimal point lost? read it again; flag the row if it is printed so")
# Measures, between which numbers their values and bounds lie, and what is said of one that does not.
_RANGES = (
    (RATIOS, math.nextafter(0, 1), math.inf, "is no ratio", "ratios are above 0"),
    (("HR", "RR", "ratio-of-HR"), -math.inf, 50, *_FAR),
    (("OR",), -math.inf, 1000, *_FAR),
    (("proportion", "percent", "rate-at-time"), 0, 100, "is no percentage", "write percent, from 0 to 100"),
    (("RD",), -100, 100, "is no difference of percentages", "write percentage points, from -100 to 100"),
    (("median-months", "count"), 0, math.inf, "is below 0", "times and counts are not"),
    (("median-months",), -math.inf, _LONGEST, "is more than fifty years", "write months, not days or weeks"),
)


def _check_bounds(record: Outcome) -> _Found:
    """Yield an interval with one bound, without its level or its value. An upper bound of a median may not have been reached."""
    low, high, level = record.ci_low, record.ci_high, record.ci_level
    if low is None and high is None and level is not None:
        yield "ci_level", f"{level:g}", "is the level of no interval", "add the bounds, or empty it"
    if low is not None and level is None:
        yield "ci_level", "", "is missing beside an interval", "state the level, or flag the row level-not-stated"
    if low is None and high is not None:
        yield "ci_low", "", f"is missing beside ci_high {high}", "add the bound, or empty both"
    if low is not None and high is None and measure_of(record.measure).kind != "months":
        yield "ci_high", "", f"is missing beside ci_low {low}", "add the bound, or empty both"
    if record.value is None and (low is not None or high is not None):
        yield "value", "", f"is missing beside the interval {low} to {high}", "add the value that the interval is of"


def _check_ranges(record: Outcome) -> _Found:
    for measures, lowest, highest, message, cure in _RANGES:
        for field, number in _numbers(record).items() if record.measure in measures else ():
            if not lowest <= number <= highest:
                yield field, number.text, message, cure
    if record.measure == "rate-at-time" and record.time_months is None:
        yield "time_months", "", "is missing beside a rate at a time", "write the months after which it was seen"
    if record.measure == "rate-at-time" and record.value is not None and 0 < record.value < 1:
        yield "value", record.value.text, "is below 1 percent", "write percent, not a share; flag it if printed so"
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
    if not (said := record.data_cutoff):
        return
    try:
        day, _ = span_of(said)
    except ValueError:
        yield "data_cutoff", said, "is no day of any calendar", "write YYYY-MM-DD, YYYY-MM or YYYY"
        return
    if day > datetime.date.today():
        yield "data_cutoff", said, "lies in the future", "give the day on which the data were closed"
    elif day.year < _FIRST_YEAR:
        yield "data_cutoff", said, f"lies before {_FIRST_YEAR}", "check the digits"
    elif day > record.read_on:
        message = f"lies after the day on which it was read, {record.read_on}"
        yield "data_cutoff", said, message, "give the day on which the data were closed"


def _check_paper(review: Review, record: Outcome, study: Study) -> _Found:
    """Yield a result that is cited to a paper which neither its study nor one of the same family names."""
    papers, seen = {study.citekey, *study.other_citekeys}, {study.study}
    while record.citekey not in papers and (whole := study.part_of or "") in review.studies and whole not in seen:
        study = review.studies[whole]
        seen.add(whole)
        papers |= {study.citekey, *study.other_citekeys}
    if record.citekey not in papers:
        cure = "add the paper to other_citekeys of the study, or mend the key"
        yield "citekey", record.citekey, f"is no paper of {record.study}, which names {', '.join(sorted(papers))}", cure


RULES = (
    *(_check_interval, _check_decimals, _check_counts, _check_p),
    *(_check_bounds, _check_ranges, _check_groups, _check_cutoff),
)
