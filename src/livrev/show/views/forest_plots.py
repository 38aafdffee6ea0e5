"""The forest plots of the review: results as reported, pools and their families, and its answers in one picture."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from os.path import commonprefix
from typing import Any

from livrev.records.measures import DIFFERENCES, RATIOS, measure_of
from livrev.records.model import Outcome
from livrev.records.review import Review
from livrev.review.pool_inputs import Member, Reported, reported_of
from livrev.review.pools import Pooled, compare_family, pool_evidence
from livrev.review.sensitivity import SmallPool
from livrev.show.figures.forest import SPAN, STEPS, Interval, draw_forest, pool_row, squares, study_row
from livrev.show.figures.shown import ShownFigure
from livrev.show.format import cut_label, format_count, format_interval, format_pooled
from livrev.show.names import basis_legend, basis_mark
from livrev.stats.proportions import clopper_pearson

RATIO = "ratio"
_MOST = 45  # rows that can be read in one figure
_WEIGHTS = "intervals of studies as printed; weighted by the symmetric interval of the same width"
_LINE = re.compile(r"^(?P<kind>pool|strategy)\.(?P<key>[^|\s]+)\s*\|\s*(?P<label>[^|]+?)(?:\s*\|\s*(?P<said>.+))?$")


def draw_results(
    review: Review, outcomes: Sequence[Outcome], groups: Sequence[str], *, favours: tuple[str, str]
) -> ShownFigure:
    """Draw reported ratios or differences of one measure with their intervals, each in its group; the smallest of a group first."""
    measures = {outcome.measure for outcome in outcomes}
    if len(measures) > 1:
        raise ValueError(f"{', '.join(sorted(measures))} do not stand on one axis; draw them apart")
    rows = []
    for outcome, label in zip(outcomes, _tell_apart(outcomes, list(_name_arms(review, outcomes))), strict=True):
        shown = reported_of(outcome)
        if shown is None:
            raise ValueError(f"{outcome.outcome} has no value with an interval")
        rows.append(Interval(label, *shown[:3], **_level(shown)))
    measure, shown_rows = next(iter(measures), "HR"), _under_heads(groups, rows)
    return draw_forest(shown_rows, measure=measure_of(measure).name, favours=favours, linear=measure in DIFFERENCES)


def _level(shown: Reported) -> dict[str, Any]:
    """Return the level of an interval, and where it would end at 95 percent, if that is another one."""
    return {"level": shown.level, "drawn": None if shown.level == 95 else shown.at_95}


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
    rows, names = [], labels or list(_name_arms(review, outcomes, always=True))
    for outcome, label in zip(outcomes, _tell_apart(outcomes, names), strict=True):
        assert outcome.events is not None and outcome.total is not None
        low, high = clopper_pearson(outcome.events, outcome.total)
        note = f"{outcome.events}/{outcome.total}"
        counts = {"events": outcome.events, "total": outcome.total}  # 12/40 would be read as a date
        share = 100 * outcome.events / outcome.total if outcome.value is None else outcome.value  # as printed, if it is
        rows.append(Interval(label, share, 100 * low, 100 * high, (note, SPAN), said=note, data=counts))
    shown = _under_heads(groups, rows, sign=-1)
    return draw_forest(shown, measure=measure, favours=None, heads=("n/N", "percent\n(95 % CI)"))


def _tell_apart(outcomes: Sequence[Outcome], names: Sequence[str]) -> list[str]:
    """Return *names*, and beside each that recurs what sets its result apart (the dose, or the note on it), cut to fit beside a plot."""
    many, own = Counter(names), [(one.model_extra or {}).get("dose") or one.note for one in outcomes]
    told = (f"{name}, {said}" if said and many[name] > 1 else name for name, said in zip(names, own, strict=True))
    return [cut_label(label, 110) for label in told]


def _name_arms(review: Review, outcomes: Sequence[Outcome], *, always: bool = False) -> Iterator[str]:
    """Yield short names of studies, with arm and stratum where there are several results of a study, or *always*."""
    several = Counter(outcome.study for outcome in outcomes)
    for one in outcomes:
        name, named = review.studies[one.study].short_name, always or several[one.study] > 1
        parts = one.arm or "", "" if one.stratum == "all" else one.stratum.removeprefix("other:")
        said = ", ".join(part for part in parts if part and (always or part.lower() not in name.lower()))
        yield cut_label(f"{cut_label(name, 40)}: {said}" if said and named else name, 90 if named else 60)


def draw_pooled(pooled: Pooled, *, certainty: str = "", small: SmallPool | None = None) -> ShownFigure:
    """Draw the forest plot of a pool, the smallest effects first; below it what a pool of few studies says by Bayes."""
    rows, pool = _rows(pooled), pooled.pool
    model = "binomial-normal model" if pooled.plan.measure == "proportion" else "REML, modified Hartung-Knapp"
    ahead = format_pooled(pooled.plan.measure, None, pooled.prediction)
    i2 = "" if pool.i2 is None else f"I² {pool.i2:.0f} %"
    said = "; ".join(filter(None, (f"{model}; k = {pool.k}", i2, ahead and f"prediction interval {ahead}")))
    notes = [said, f"certainty: {certainty}"] if certainty else [said]
    if small is not None:
        told = small.posteriors[0]
        rows.append(Interval("The same by Bayes", told.value, *told.interval, (SPAN, ""), kind="dot", level=None))
        notes += _note_small(small)
    return _draw(rows, [pooled], notes)


def _draw(rows: Sequence[Interval | str], pools: Sequence[Pooled], notes: Sequence[str]) -> ShownFigure:
    """Draw *rows* of *pools*; the notes on how numbers were read and weighted stand last."""
    plan, measure = pools[0].plan, measure_of(pools[0].plan.measure).name
    favours = None if plan.measure == "proportion" else (plan.favours_low, plan.favours_high)
    members = [member for pooled in pools for member in pooled.members]
    weights = _WEIGHTS if any(member.reported for member in members) else ""  # a study's own interval is shown
    notes = [
        *notes,
        *filter(None, (basis_legend(basis_mark(one.basis for one in member.outcomes) for member in members), weights)),
    ]
    heads, linear = (f"{measure if favours else 'percent'}\n(95 % CI)", "weight"), pools[0].no_effect == 0
    return draw_forest(rows, measure=measure, favours=favours, linear=linear, heads=heads, notes=notes)


def _note_small(small: SmallPool) -> list[str]:
    """Return the footnotes of a pool of few studies: by which prior, how likely an effect is, what could not have been seen."""
    told, *others = small.posteriors
    varied = "; ".join(f"{one.prior_scale:g}: {format_interval(*one.interval, 2)}" for one in others)
    side, line = "below" if small.threshold < 1 else "above", f"{small.threshold:.3g}"
    chance, beyond = (f"{100 * p:.{0 if p < 0.99 else 1}f} %" for p in (small.chance, small.beyond))
    return [
        f"by Bayes: half-normal prior on tau, scale {told.prior_scale:g}" + (f" ({varied})" if varied else ""),
        f"chance that the mean lies {side} 1: {chance}, {side} {line}: {beyond}",
        f"a true ratio of {small.detectable:.2f} is what this pool would find with 80 % power",
    ]


def draw_family(review: Review, family: str) -> ShownFigure:
    """Draw the pools of one family below each other, with the test whether they differ."""
    pools = [pooled for pooled in pool_evidence(review).values() if pooled.plan.family == family]
    if not pools:
        raise ValueError(f"no pool is of the family {family}; the column family of the table of pools names them")
    titles = [pooled.plan.title for pooled in pools]
    both_ways = titles, [title[::-1] for title in titles]
    head, tail = (len(commonprefix(said).rpartition(" ")[0]) for said in both_ways)  # noqa: RUF071 (of words, not of paths)
    rows: list[Interval | str] = []
    for title, pooled in zip(titles, pools, strict=True):  # its title without what all titles share
        rows += [title[head : len(title) - tail].strip(" ,:") or title, *_rows(pooled)]
    said = "test of interaction, whether the pools differ: F {0.f:.2f} on {0.df[0]} and {0.df[1]} df, p = {0.p:.2g}"
    return _draw(rows, pools, [said.format(test)] if (test := compare_family(pools)) else [])


def _rows(pooled: Pooled) -> list[Interval]:
    rows = []
    for member, weight in zip(pooled.members, pooled.pool.weights, strict=True):
        shown = show_member(member, pooled)
        counts = f"  {member.count.events}/{member.count.total}" if member.count else ""
        mark = basis_mark(outcome.basis for outcome in member.outcomes)
        name = f"{cut_label(member.study, 60)}{counts}\u00a0{mark}".strip()
        rows.append(study_row(name, shown[:3], weight, data={"weight_percent": round(weight, 2)}, **_level(shown)))
    diamond = pool_row("All studies", pooled.pool, times=measure_of(pooled.plan.measure).times)
    if not pooled.prediction:  # too few studies to say so much
        diamond = replace(diamond, prediction=None)
    return [*sorted(rows, key=lambda row: row.value), diamond]


def show_member(member: Member, pooled: Pooled) -> Reported:
    """Return the numbers of one study of *pooled*, shares in percent: as printed, and as computed where none are printed."""
    if member.reported is not None:
        return member.reported
    times = measure_of(pooled.plan.measure).times
    value, low, high = (times * number for number in member.interval(pooled.scale))
    printed = member.outcomes[0].value if member.count is not None and member.outcomes else None
    return Reported(value if printed is None else printed, low, high)


def draw_summary(review: Review, lines: Sequence[str], *, favours: tuple[str, str]) -> ShownFigure:
    """Draw the answers that *lines* name, each `pool.<id> | words` or `strategy.<id> | words | what stands for a number`.

    A line that begins with `#` is the head of those below it. Raises ValueError, with the line, on any that cannot be drawn.
    """
    rows: list[Interval | str] = []
    measures: set[str] = set()
    for line in filter(None, map(str.strip, lines)):
        if line.startswith("#"):
            rows.append(line.lstrip("# "))
            continue
        try:
            if not rows:
                raise ValueError("begin with a head, a line that starts with #")
            row, measure = _read(review, line)
            measures |= {measure} - {""}
            if len(measures) > 1:
                raise ValueError(f"{measure} does not stand on one axis with the measures above it")
        except ValueError as error:
            raise ValueError(f"“{line}”: {error}") from error
        rows.append(row)
    measure = next(iter(measures), RATIO)
    return draw_forest(
        rows, measure=measure, favours=favours, linear=not measures <= {RATIO},
        heads=(f"{measure} (95 % CI)", "studies", "how sure"), alt=f"The answers in one picture, {measure}.",
    )  # fmt: skip


def _answer(label: str, certainty: str, span: tuple[float, float, float], k: int = 0, said: str = "") -> Interval:
    """Return the row of one answer, with *said* in the place of its interval where nothing was pooled."""
    if certainty not in STEPS:
        raise ValueError(f"the certainty {certainty} is none of {', '.join(STEPS)}")
    told = f"{format_count(k, 'study')}, certainty {certainty}" if k else f"certainty {certainty}"
    beside = (SPAN, str(k or ""), squares(certainty))
    data = {"studies": k or None, "certainty": certainty, "said": said}
    return Interval(label, *span, beside, kind="dot", words=said, said=told, data=data)


def _read(review: Review, line: str) -> tuple[Interval, str]:
    """Return the answer of a line and, where it has a number, what is measured."""
    if (match := _LINE.match(line)) is None:
        raise ValueError("write pool.<id> | words, or strategy.<id> | words | what is said instead of a number")
    key, label, said = match["key"], match["label"], match["said"]
    if match["kind"] == "strategy":
        if key not in review.strategies or not said:
            raise ValueError(f"no strategy is called {key}, or the third part, said instead of a number, is missing")
        return _answer(label, review.strategies[key].certainty, (1, 1, 1), said=said), ""
    pooled = pool_evidence(review).get(key)
    if pooled is None or key not in review.appraisals:
        raise ValueError(f"no pool with an appraisal is called {key}; there are {', '.join(review.appraisals)}")
    if pooled.no_effect is None:
        raise ValueError(f"its measure is {pooled.plan.measure}; only ratios or differences stand on one axis")
    measure = RATIO if pooled.plan.measure in RATIOS else measure_of(pooled.plan.measure).name
    span = (pooled.pool.value, *pooled.pool.hk_modified_ci)
    return _answer(label, review.appraisals[key].certainty, span, pooled.pool.k), measure
