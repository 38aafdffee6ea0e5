"""Studies and their results as tables and figures: what was tested, in whom, and what was reported."""

from collections import Counter
from collections.abc import Sequence
from itertools import groupby

from livrev.records.measures import DIFFERENCES, measure_of
from livrev.records.model import Outcome, Study
from livrev.records.review import Review
from livrev.review.pool_inputs import reported_of
from livrev.show.figures.forest import SPAN, Interval, draw_forest
from livrev.show.figures.sheet import Value
from livrev.show.figures.shown import ShownFigure
from livrev.stats.proportions import clopper_pearson

_MOST = 45  # rows that can be read in one figure


def draw_results(
    review: Review, outcomes: Sequence[Outcome], groups: Sequence[str], *, favours: tuple[str, str]
) -> ShownFigure:
    """Draw reported ratios or differences of one measure with their intervals, each in its group; the smallest of a group first."""
    measures = {outcome.measure for outcome in outcomes}
    if len(measures) > 1:
        raise ValueError(f"{', '.join(sorted(measures))} do not stand on one axis; draw them apart")
    several, rows = Counter(outcome.study for outcome in outcomes), []
    for outcome in outcomes:
        shown = reported_of(outcome)
        if shown is None:
            raise ValueError(f"{outcome.outcome} has no value with an interval")
        name = _name_arm(review.studies[outcome.study], outcome if several[outcome.study] > 1 else None)
        drawn = None if shown.level == 95 else shown.at_95
        rows.append(Interval(name, *shown[:3], level=shown.level, drawn=drawn))
    measure = next(iter(measures), "HR")
    return draw_forest(
        _under_heads(groups, rows), measure=measure_of(measure).name, favours=favours, linear=measure in DIFFERENCES
    )


def _under_heads(groups: Sequence[str], rows: Sequence[Interval], *, sign: int = 1) -> list[Interval | str]:
    """Return the first *rows*, each group below its head and ordered by value (*sign* -1: the largest first)."""
    shown: list[Interval | str] = []
    ordered = sorted(zip(groups, rows, strict=True), key=lambda one: (one[0], sign * one[1].value))[:_MOST]
    for group, some in groupby(ordered, key=lambda one: one[0]):
        shown += [*filter(None, [group]), *(row for _, row in some)]
    return shown


def draw_result_shares(
    review: Review, outcomes: Sequence[Outcome], groups: Sequence[str], *, measure: str, labels: Sequence[str] = ()
) -> ShownFigure:
    """Draw reported counts as shares with exact 95 percent intervals, each in its group; the largest of a group first."""
    rows = []
    for number, outcome in enumerate(outcomes):
        assert outcome.events is not None and outcome.total is not None
        low, high = clopper_pearson(outcome.events, outcome.total)
        label = labels[number] if labels else _name_arm(review.studies[outcome.study], outcome, always=True)
        note = f"{outcome.events}/{outcome.total}"
        counts: dict[str, Value] = {"events": outcome.events, "total": outcome.total}  # 12/40 would be read as a date
        share = 100 * outcome.events / outcome.total if outcome.value is None else outcome.value  # as printed, if it is
        span = (share, 100 * low, 100 * high)
        rows.append(Interval(shorten(label, 90), *span, (note, SPAN), said=note, data=counts))
    shown = _under_heads(groups, rows, sign=-1)
    return draw_forest(shown, measure=measure, favours=None, heads=("n/N", "percent\n(95 % CI)"))


def _name_arm(study: Study, outcome: Outcome | None, *, always: bool = False) -> str:
    """Return the study's short name, with the arm and the stratum where *outcome* is given, cut to fit beside a plot."""
    name = study.short_name
    if outcome is None:
        return shorten(name, 60)
    parts = [outcome.arm or ""]
    if outcome.stratum != "all":
        parts.append(outcome.stratum.removeprefix("other:"))
    said = ", ".join(part for part in parts if part and (always or part.lower() not in name.lower()))
    return shorten(f"{shorten(name, 40)}: {said}" if said else name, 90)


def shorten(text: str, most: int = 46) -> str:
    """Return *text* cut to what fits beside a plot."""
    return text if len(text) <= most else text[: most - 1].rstrip(" ,:+-") + "…"
