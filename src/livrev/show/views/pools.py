"""The pools as forest plots, one pool under many conditions (without each study, year by year, every convention), and as a funnel."""

from collections.abc import Sequence
from dataclasses import replace

from livrev.records.measures import measure_of
from livrev.records.review import Review
from livrev.review.pool_inputs import Member, Reported
from livrev.review.pools import FEWEST as FEWEST_POOLED
from livrev.review.pools import Pooled, compare_family, pool_evidence
from livrev.review.sensitivity import SmallPool
from livrev.show.figures.forest import SPAN, Interval, draw_forest, pool_row, study_row
from livrev.show.figures.funnel import draw_funnel
from livrev.show.figures.shown import ShownFigure
from livrev.show.format import format_interval, format_outcome, format_pooled
from livrev.show.names import basis_legend, basis_mark
from livrev.show.views.evidence import shorten
from livrev.stats.additional_analyses import FEWEST, PartPool

_WEIGHTS = "intervals of studies as printed; weighted by the symmetric interval of the same width"


def say_published(review: Review, pool: str) -> str:
    """Return the published syntheses that the certainty of *pool* rests on too, with their results; empty where there are none."""
    named = review.appraisals[pool].published if pool in review.appraisals else ()
    found = [review.outcomes[key] for key in named if key in review.outcomes]
    return "; ".join(f"{review.studies[one.study].name}: {format_outcome(one)}" for one in found)


def draw_pooled(pooled: Pooled, *, certainty: str = "", small: SmallPool | None = None) -> ShownFigure:
    """Draw the forest plot of a pool, the smallest effects first; below it what a pool of few studies says by Bayes."""
    again: list[Interval] = []
    if small is not None:
        told = small.posteriors[0]
        again = [Interval("The same by Bayes", told.value, *told.interval, (SPAN, ""), kind="dot", level=None)]
    return _draw(
        [*_rows(pooled), _diamond(pooled), *again], [pooled],
        [_describe(pooled), *([f"certainty: {certainty}"] if certainty else []), *_note_small(small)],
    )  # fmt: skip


def _draw(rows: Sequence[Interval | str], pools: Sequence[Pooled], notes: Sequence[str]) -> ShownFigure:
    """Draw *rows* of *pools*; the notes on how numbers were read and weighted stand last."""
    measure, favours = measure_of(pools[0].plan.measure).name, favours_of(pools[0])
    members = [member for pooled in pools for member in pooled.members]
    legend = basis_legend(_mark(member.outcomes) for member in members)
    weights = _WEIGHTS if any(member.reported for member in members) else ""  # a study's own interval is shown
    return draw_forest(
        rows, measure=measure, favours=favours, linear=pools[0].no_effect == 0,
        heads=(f"{measure if favours else 'percent'}\n(95 % CI)", "weight"),
        notes=[*notes, *filter(None, (legend, weights))],
    )  # fmt: skip


def _note_small(small: SmallPool | None) -> list[str]:
    """Return the footnotes of a pool of few studies: by which prior, how likely an effect is, what could not have been seen."""
    if small is None:
        return []
    told, *others = small.posteriors
    varied = "; ".join(f"{one.prior_scale:g}: {format_interval(*one.interval, 2)}" for one in others)
    side, line = "below" if small.threshold < 1 else "above", f"{small.threshold:.3g}"
    return [
        f"by Bayes: half-normal prior on tau, scale {told.prior_scale:g}" + (f" ({varied})" if varied else ""),
        f"chance that the mean lies {side} 1: {_percent(small.chance)}, {side} {line}: {_percent(small.beyond)}",
        f"a true ratio of {small.detectable:.2f} is what this pool would find with 80 % power",
    ]


def _percent(chance: float) -> str:
    return f"{100 * chance:.{0 if chance < 0.99 else 1}f} %"


def draw_family(review: Review, family: str) -> ShownFigure:
    """Draw the pools of one family below each other, with the test whether they differ."""
    pools = [pooled for pooled in pool_evidence(review).values() if pooled.plan.family == family]
    if not pools:
        raise ValueError(f"no pool is of the family {family}; the column family of the table of pools names them")
    rows: list[Interval | str] = []
    for pooled in pools:
        rows += [_title(pooled, pools), *_rows(pooled), _diamond(pooled)]
    test = compare_family(pools)
    said = f"pools differ: F {test.f:.2f} on {test.df[0]} and {test.df[1]} df, p = {test.p:.2g}" if test else ""
    return _draw(rows, pools, [f"test of interaction, whether the {said}"] if said else [])


def _title(pooled: Pooled, pools: Sequence[Pooled]) -> str:
    """Return what sets one pool of a family apart: its title without what all titles share."""
    titles = [other.plan.title for other in pools]
    head, tail = _shared(titles), _shared([title[::-1] for title in titles])
    title = pooled.plan.title
    return title[len(head) : len(title) - len(tail)].strip(" ,:") or title


def _shared(texts: Sequence[str]) -> str:
    """Return the beginning, up to a word's end, that all *texts* share."""
    length = next((i for i, letters in enumerate(zip(*texts, strict=False)) if len(set(letters)) > 1), 0)
    return texts[0][:length].rpartition(" ")[0]


def _rows(pooled: Pooled) -> list[Interval]:
    rows = []
    for member, weight in zip(pooled.members, pooled.pool.weights, strict=True):
        shown = show_member(member, pooled)
        label = shorten(member.study, 60)
        if member.count is not None:
            label += f"  {member.count.events}/{member.count.total}"
        name, drawn = f"{label}\u00a0{_mark(member.outcomes)}".strip(), None if shown.level == 95 else shown.at_95
        data = {"weight_percent": round(weight, 2)}
        rows.append(study_row(name, shown[:3], weight, level=shown.level, drawn=drawn, data=data))
    return sorted(rows, key=lambda row: row.value)


def show_member(member: Member, pooled: Pooled) -> Reported:
    """Return the numbers of one study of *pooled*, shares in percent: as printed, and as computed where none are printed.

    The interval by which a study is weighted is symmetric about its value and may differ from the printed one in the last digit.
    """
    if member.reported is not None:
        return member.reported
    value, low, high = (_times(pooled) * number for number in member.interval(pooled.scale))
    printed = member.outcomes[0].value if member.count is not None and member.outcomes else None
    return Reported(value if printed is None else printed, low, high)


def _mark(outcomes: Sequence[object]) -> str:
    return basis_mark(getattr(outcome, "basis", "") for outcome in outcomes)


def favours_of(pooled: Pooled) -> tuple[str, str] | None:
    """Return what lies left and right of no effect; None where a share was pooled."""
    plan = pooled.plan
    return None if plan.measure == "proportion" else (plan.favours_low, plan.favours_high)


def _diamond(pooled: Pooled) -> Interval:
    row = pool_row("All studies", pooled.pool, times=_times(pooled))
    return row if pooled.prediction else replace(row, prediction=None)  # too few studies to say so much


def _times(pooled: Pooled) -> int:
    return measure_of(pooled.plan.measure).times


def _describe(pooled: Pooled) -> str:
    pool = pooled.pool
    model = "binomial-normal model" if pooled.plan.measure == "proportion" else "REML, modified Hartung-Knapp"
    ahead = format_pooled(pooled.plan.measure, None, pooled.prediction)
    i2 = "" if pool.i2 is None else f"I² {pool.i2:.0f} %"
    return "; ".join(filter(None, (f"{model}; k = {pool.k}", i2, ahead and f"prediction interval {ahead}")))


def draw_changes(pooled: Pooled) -> ShownFigure:
    """Draw one pool without each of its studies, and as it grew year by year; the band is the pool itself."""
    _refuse_shares(pooled)
    years = {member.study: member.year for member in pooled.members}
    without = [_step(step, shorten(step.name, 60)) for step in pooled.left_out]
    grown = [_step(step, f"{years[step.name] or 'undated'}: + {shorten(step.name, 60)}") for step in pooled.by_year]
    return draw_forest(
        ["Without", *filter(None, without), "Year by year", *filter(None, grown)],
        measure=measure_of(pooled.plan.measure).name, favours=favours_of(pooled) or ("", ""), linear=pooled.no_effect == 0,
        notes=["the band is the interval of the pool"], band=pooled.pool.hk_modified_ci,
        alt=f"{pooled.plan.title}: without each study, and year by year.",
    )  # fmt: skip


def _step(step: PartPool, label: str) -> Interval | None:
    if step.pool is None:
        return None
    return Interval(
        label, step.pool.value, *step.pool.hk_modified_ci, kind="faint" if step.k < FEWEST_POOLED else "dot"
    )


def draw_conventions(pools: Sequence[Pooled]) -> ShownFigure:
    """Draw pools under every convention, below each other: the same studies, other rules of arithmetic."""
    for pooled in pools:
        _refuse_shares(pooled)
    if len({pooled.no_effect for pooled in pools}) > 1:
        raise ValueError("ratios and differences do not stand on one axis; draw them apart")
    rows: list[Interval | str] = []
    for pooled in pools:
        rows += [pooled.plan.title, *_conventions(pooled)]
    return draw_forest(
        rows,
        measure=measure_of(pools[0].plan.measure).name, favours=("", ""), linear=pools[0].no_effect == 0,
        alt=f"{len(pools)} pools under every convention.",
    )  # fmt: skip


def _conventions(pooled: Pooled) -> list[Interval]:
    pool = pooled.pool
    laird, common = pool.dersimonian_laird, pool.common
    rows = [
        Interval("REML, modified Hartung-Knapp", pool.value, *pool.hk_modified_ci, kind="dot"),
        Interval("REML, plain Hartung-Knapp", pool.value, *(pool.hk_ci or pool.hk_modified_ci), kind="dot"),
        Interval("REML, Wald", pool.value, *pool.wald, kind="dot"),
        Interval("DerSimonian-Laird, Wald", laird.value, laird.low, laird.high, kind="dot"),
        Interval("Common effect", common.value, common.low, common.high, kind="dot"),
    ]
    ahead = pooled.prediction
    return rows + ([Interval("Prediction interval", pool.value, *ahead, kind="faint")] if ahead else [])


def draw_asymmetry(pooled: Pooled) -> ShownFigure:
    """Draw one pool as a funnel with contours of significance."""
    _refuse_shares(pooled)
    points = [replace(effect, study=shorten(effect.study, 34)) for effect in pooled.effects]
    few = len(points) < FEWEST
    note = f"{len(points)} studies: too few for a test of asymmetry" if few else f"{len(points)} studies"
    measure = measure_of(pooled.plan.measure).name
    return draw_funnel(points, centre=pooled.pool.estimate, measure=measure, note=note, linear=pooled.no_effect == 0)


def _refuse_shares(pooled: Pooled) -> None:
    if pooled.plan.measure == "proportion":
        raise ValueError(f"{pooled.plan.pool} pools shares; these figures show ratios and differences")
