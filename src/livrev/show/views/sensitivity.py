"""One pool under many conditions: without each study, year by year, under every convention, and as a funnel."""

from collections.abc import Sequence
from dataclasses import replace

from livrev.records.measures import measure_of
from livrev.review.pools import FEWEST as FEWEST_POOLED
from livrev.review.pools import Pooled
from livrev.show.figures.forest import Interval, draw_forest
from livrev.show.figures.funnel import draw_funnel
from livrev.show.figures.shown import ShownFigure
from livrev.show.views.evidence import shorten
from livrev.show.views.pools import favours_of
from livrev.stats.additional_analyses import FEWEST, SubsetPool


def draw_changes(pooled: Pooled) -> ShownFigure:
    """Draw one pool without each of its studies, and as it grew year by year; the band is the pool itself."""
    _refuse_shares(pooled)
    years = {member.study: member.year for member in pooled.members}
    without = [_step(step, shorten(step.study, 60)) for step in pooled.left_out]
    grown = [_step(step, f"{years[step.study] or 'undated'}: + {shorten(step.study, 60)}") for step in pooled.by_year]
    return draw_forest(
        ["Without", *filter(None, without), "Year by year", *filter(None, grown)],
        measure=measure_of(pooled.plan.measure).name, favours=favours_of(pooled) or ("", ""), linear=pooled.no_effect == 0,
        notes=["the band is the interval of the pool"], band=pooled.pool.hk_modified_ci,
        alt=f"{pooled.plan.title}: without each study, and year by year.",
    )  # fmt: skip


def _step(step: SubsetPool, label: str) -> Interval | None:
    if step.pool is None:
        return None
    return Interval(
        label, step.pool.value, *step.pool.hk_modified_ci, kind="faint" if step.pool.k < FEWEST_POOLED else "dot"
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
