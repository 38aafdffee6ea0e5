"""One pool under many conditions: without each study, year by year, under every convention, and as a funnel."""

from collections.abc import Sequence

from livrev.records.measures import measure_of
from livrev.review.pools import FEWEST as FEWEST_POOLED
from livrev.review.pools import Pooled
from livrev.show.figures.funnel import Point, draw_funnel
from livrev.show.figures.sensitivity_plot import Dot, Strip, draw_strips
from livrev.show.figures.shown import ShownFigure
from livrev.show.views.evidence import shorten
from livrev.show.views.pools import favours_of
from livrev.stats.additional_analyses import FEWEST, SubsetPool
from livrev.stats.pooling import Summary


def draw_changes(pooled: Pooled) -> ShownFigure:
    """Draw one pool without each of its studies, and as it grew year by year."""
    _refuse_shares(pooled)
    years = {member.study: member.year for member in pooled.members}
    grown = [_step(step, f"{years[step.study] or 'undated'}: + {shorten(step.study, 60)}") for step in pooled.by_year]
    strips = [
        Strip("Without", [dot for step in pooled.left_out if (dot := _step(step, shorten(step.study, 60)))]),
        Strip("Year by year", [dot for dot in grown if dot]),
    ]
    return draw_strips(
        strips,
        band=pooled.pool.hk_modified_ci,
        measure=measure_of(pooled.record["measure"]).name,
        kind=f"Leave-one-out and cumulative strips: {pooled.record['title']}",
        favours=favours_of(pooled) or ("", ""),
        linear=pooled.no_effect == 0,
    )


def _step(step: SubsetPool, label: str) -> Dot | None:
    return (
        None
        if step.pool is None
        else Dot(label, step.pool.value, *step.pool.hk_modified_ci, faint=step.pool.k < FEWEST_POOLED)
    )


def draw_conventions(pools: Sequence[Pooled]) -> ShownFigure:
    """Draw pools under every convention, below each other: the same studies, other rules of arithmetic."""
    for pooled in pools:
        _refuse_shares(pooled)
    if len({pooled.no_effect for pooled in pools}) > 1:
        raise ValueError("ratios and differences do not stand on one axis; draw them apart")
    return draw_strips(
        [Strip(pooled.record["title"], _conventions(pooled)) for pooled in pools],
        band=None,
        measure=measure_of(pools[0].record["measure"]).name,
        kind="Estimator strip",
        linear=pools[0].no_effect == 0,
    )


def _conventions(pooled: Pooled) -> list[Dot]:
    pool = pooled.pool
    dots = [
        Dot("REML, modified Hartung-Knapp", pool.value, *pool.hk_modified_ci),
        Dot("REML, plain Hartung-Knapp", pool.value, *(pool.hk_ci or pool.hk_modified_ci)),
        Dot("REML, Wald", pool.value, *pool.wald),
        _summary("DerSimonian-Laird, Wald", pool.dersimonian_laird),
        _summary("Common effect", pool.common),
    ]
    if pooled.prediction is not None:
        dots.append(Dot("Prediction interval", pool.value, *pooled.prediction, faint=True))
    return dots


def _summary(label: str, summary: Summary) -> Dot:
    return Dot(label, summary.value, summary.low, summary.high)


def draw_asymmetry(pooled: Pooled) -> ShownFigure:
    """Draw one pool as a funnel with contours of significance."""
    _refuse_shares(pooled)
    points = [Point(shorten(member.study, 34), member.effect.estimate, member.effect.se) for member in pooled.members]
    few = len(points) < FEWEST
    note = f"{len(points)} studies: too few for a test of asymmetry" if few else f"{len(points)} studies"
    measure = measure_of(pooled.record["measure"]).name
    return draw_funnel(points, centre=pooled.pool.estimate, measure=measure, note=note, linear=pooled.no_effect == 0)


def _refuse_shares(pooled: Pooled) -> None:
    if pooled.record["measure"] == "proportion":
        raise ValueError(f"{pooled.record['pool']} pools shares; these figures show ratios and differences")
