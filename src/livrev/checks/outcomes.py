"""Check reported results for what cannot be: intervals, p-values, percentages and counts that contradict each other.

A row that its own source prints so is flagged and explained in data/outcomes.csv, and is not complained of again.
"""

from collections.abc import Iterable
from statistics import NormalDist

from livrev.diagnostics import Problem
from livrev.records.measures import DIFFERENCES, RATIOS, measure_of
from livrev.records.model import Outcome
from livrev.records.printed import Printed
from livrev.records.review import Review
from livrev.review.pool_inputs import scale_of

_NORMAL = NormalDist()
_LOOKED_AT = ("printed so", "page not found again")


def check_outcomes(review: Review) -> Iterable[Problem]:
    """Yield a problem for each result that breaks a rule and is not flagged for it."""
    file = review.repository.relative(review.repository.data / review.tables["outcomes"].table.path)
    for record in review.outcomes.values():
        line = review.line_of("outcomes", record.outcome)
        for field, value, message, cure in _check_row(record):
            if not record.flag:
                yield Problem(file, line, field, value, message, cure)
        if record.flag and not record.flag_reason:
            yield Problem(file, line, "flag_reason", "", "is missing", "say why the row is flagged")
        if record.supersedes:
            older = review.outcomes.get(record.supersedes)
            if older and older.study != record.study:
                cure = "link two reports of one study"
                yield Problem(file, line, "supersedes", record.supersedes, f"belongs to {older.study}", cure)
        study = review.studies.get(record.study)
        if study and study.n is not None and record.total is not None and record.total > study.n and not record.flag:
            cure = f"{study.study} has n = {study.n}; check both"
            yield Problem(file, line, "total", str(record.total), "is above the study's n", cure)


def _check_row(record: Outcome) -> Iterable[tuple[str, str, str, str]]:
    yield from _check_interval(record)
    yield from _check_decimals(record)
    yield from _check_counts(record)
    yield from _check_level(record)
    yield from _check_p(record)


def _check_interval(record: Outcome) -> Iterable[tuple[str, str, str, str]]:
    value, low, high = record.value, record.ci_low, record.ci_high
    if record.measure in RATIOS and any(number is not None and number <= 0 for number in (value, low, high)):
        return
    if low is not None and high is not None and low > high:
        yield "ci_low", low.text, f"is above ci_high {high}", "swap the two if misread; flag it if printed so"
        return
    if value is None:
        return
    if low is not None and low > value:
        cure = "is the reference group inverted? flag it if printed so"
        yield "ci_low", low.text, f"is above value {value}", cure
    elif high is not None and high < value:
        cure = "is the reference group inverted? flag it if printed so"
        yield "ci_high", high.text, f"is below value {value}", cure
    elif record.measure in (*RATIOS, *DIFFERENCES) and low is not None and high is not None:
        scale, ratio = scale_of(record.measure), record.measure in RATIOS
        if ratio and not low > 0:
            return
        bottom, top = scale.forward(low), scale.forward(high)
        allowed = _rounding(value, low, high) if ratio else sum(0.6 * 0.1**n.decimals for n in (value, low, high))
        if abs(scale.forward(value) - (bottom + top) / 2) > max(0.12 * (top - bottom), allowed):
            mean = "geometric mean" if ratio else "middle"
            message = f"is far from the {mean} of its bounds, {scale.back((bottom + top) / 2):.3g}"
            yield "value", value.text, message, "read value and bounds again; flag it if printed so"


def _check_decimals(record: Outcome) -> Iterable[tuple[str, str, str, str]]:
    """Ask about a ratio whose value and bounds have unlike decimals: most papers print all three alike, so a zero may be lost."""
    numbers = [number for number in (record.value, record.ci_low, record.ci_high) if number is not None]
    note = getattr(record, "note", None) or ""
    if record.measure not in RATIOS or not numbers or max(numbers) >= 10 or any(said in note for said in _LOOKED_AT):
        return
    if len({number.decimals for number in numbers}) > 1:
        said = f"{numbers[0]} ({' to '.join(map(str, numbers[1:]))})"
        cure = f"read them again; if they are, let the note say “{_LOOKED_AT[0]}”, or “{_LOOKED_AT[1]}” and when"
        yield "value", said, "is not printed with like decimals", cure


def _rounding(value: Printed, low: Printed, high: Printed) -> float:
    """Return how far, on the log scale, rounding to the printed digits may move value and mean of the bounds apart."""
    return sum(0.6 * 0.1**number.decimals / number for number in (value, low, high))


def _check_level(record: Outcome) -> Iterable[tuple[str, str, str, str]]:
    if record.ci_low is not None and record.ci_level is None:
        yield "ci_level", "", "is missing beside an interval", "state the level, or flag the row level-not-stated"


def _check_counts(record: Outcome) -> Iterable[tuple[str, str, str, str]]:
    value, events, total = record.value, record.events, record.total
    if events is not None and total is not None and events > total:
        yield "events", str(events), f"is above total {total}", "are the two swapped?"
    elif record.measure in ("proportion", "percent") and value is not None and events is not None and total:
        percent = 100 * events / total
        if abs(percent - value) > 0.6 * 10**-value.decimals:
            yield "value", value.text, f"is not {events}/{total} = {percent:.1f} %", "which of the three is misread?"
    if measure_of(record.measure).kind == "share" and value is not None and not 0 <= value <= 100:
        yield "value", value.text, "is no percentage", "write percent, from 0 to 100"
    low, high = record.ci_low, record.ci_high
    for field, number in (("value", value), ("ci_low", low), ("ci_high", high)):
        if number is not None and number <= 0 and record.measure in RATIOS:
            yield field, number.text, "is no ratio", "ratios are above 0"
        if number is not None and number < 0 and record.measure in ("median-months", "count"):
            yield field, number.text, "is below 0", "times and counts are not"


def _check_p(record: Outcome) -> Iterable[tuple[str, str, str, str]]:
    """Compare a printed p with the p that the interval of a ratio or difference implies, on the normal approximation."""
    value, low, high, level = record.value, record.ci_low, record.ci_high, record.ci_level
    if record.measure not in (*RATIOS, *DIFFERENCES) or not record.p:
        return
    if value is None or low is None or high is None or not level:
        return
    if record.measure in RATIOS and min(value, low, high) <= 0:
        return
    if record.p[0] in "<>≤≥~" and record.p[0] not in "<≤":
        return
    scale = scale_of(record.measure)
    error = (scale.forward(high) - scale.forward(low)) / (2 * _NORMAL.inv_cdf(0.5 + level / 200))
    if error <= 0:
        return
    implied = 2 * _NORMAL.cdf(-abs(scale.forward(value)) / error)
    printed = float(record.p.lstrip("<≤ "))
    wrong = implied > 8 * printed + 0.02 if record.p[0] in "<≤" else not _near(printed, implied)
    if wrong:
        message = f"does not agree with the interval, which implies about {implied:.2g}"
        yield "p", record.p, message, "one-sided, log-rank or misread? flag it p-disagrees if printed so"


def _near(printed: float, implied: float) -> bool:
    """Tell whether two p-values tell the same story: equal within 0.08, or within a factor of 6 when both are small."""
    return abs(printed - implied) < 0.08 or (max(printed, implied) < 0.2 and 1 / 6 < printed / max(implied, 1e-12) < 6)
