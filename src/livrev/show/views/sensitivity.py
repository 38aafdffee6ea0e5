"""One pool under many conditions: without each study, year by year, under every convention, and as a funnel."""

from livrev.records.review import Review
from livrev.review.pools import FEWEST as FEWEST_POOLED
from livrev.review.pools import Pooled, pool_evidence
from livrev.show.figures.funnel import Point, draw_funnel
from livrev.show.figures.sensitivity_plot import Dot, Strip, draw_strips
from livrev.show.figures.style import ShownFigure
from livrev.show.views.evidence import MEASURES, shorten
from livrev.show.views.pools import favours_of
from livrev.stats.egger import FEWEST
from livrev.stats.leave_one_out import Step
from livrev.stats.pooling import Summary


def draw_changes(review: Review, pool: str) -> ShownFigure:
    """Draw one pool without each of its studies, and as it grew year by year."""
    pooled = _effect_pool(review, pool)
    years = {member.study: member.year for member in pooled.members}
    grown = [_step(step, f"{years[step.study] or 'undated'}: + {shorten(step.study, 60)}") for step in pooled.by_year]
    strips = [
        Strip("Without", [dot for step in pooled.left_out if (dot := _step(step, shorten(step.study, 60)))]),
        Strip("Year by year", [dot for dot in grown if dot]),
    ]
    return draw_strips(
        strips,
        band=pooled.pool.modified,
        measure=MEASURES[pooled.record["measure"]],
        kind=f"Leave-one-out and cumulative strips: {pooled.record['title']}",
        favours=favours_of(pooled) or ("", ""),
        linear=pooled.no_effect == 0,
    )


def _step(step: Step, label: str) -> Dot | None:
    return (
        None
        if step.pool is None
        else Dot(label, step.pool.value, *step.pool.modified, faint=step.pool.k < FEWEST_POOLED)
    )


def draw_conventions(review: Review, pools: list[str]) -> ShownFigure:
    """Draw pools under every convention, below each other: the same studies, other rules of arithmetic."""
    pooled = [_effect_pool(review, pool) for pool in pools]
    if len({one.no_effect for one in pooled}) > 1:
        raise ValueError("ratios and differences do not stand on one axis; draw them apart")
    return draw_strips(
        [Strip(one.record["title"], _conventions(one)) for one in pooled],
        band=None,
        measure=MEASURES[pooled[0].record["measure"]],
        kind="Estimator strip",
        linear=pooled[0].no_effect == 0,
    )


def _conventions(pooled: Pooled) -> list[Dot]:
    pool = pooled.pool
    dots = [
        Dot("REML, modified Hartung-Knapp", pool.value, *pool.modified),
        Dot("REML, plain Hartung-Knapp", pool.value, *(pool.plain or pool.modified)),
        Dot("REML, Wald", pool.value, *pool.wald),
        _summary("DerSimonian-Laird, Wald", pool.dersimonian_laird),
        _summary("Common effect", pool.common),
    ]
    if pool.prediction is not None:
        dots.append(Dot("Next study", pool.value, *pool.prediction, faint=True))
    return dots


def _summary(label: str, summary: Summary) -> Dot:
    return Dot(label, summary.value, summary.low, summary.high)


def draw_asymmetry(review: Review, pool: str) -> ShownFigure:
    """Draw one pool as a funnel with contours of significance."""
    pooled = _effect_pool(review, pool)
    points = [Point(shorten(member.study, 34), member.effect.estimate, member.effect.se) for member in pooled.members]
    few = len(points) < FEWEST
    note = f"{len(points)} studies: too few for a test of asymmetry" if few else f"{len(points)} studies"
    measure = MEASURES[pooled.record["measure"]]
    return draw_funnel(points, centre=pooled.pool.estimate, measure=measure, note=note, linear=pooled.no_effect == 0)


def _effect_pool(review: Review, pool: str) -> Pooled:
    pooled = pool_evidence(review)[pool]
    if pooled.record["measure"] == "proportion":
        raise ValueError(f"{pool} pools shares; these figures show ratios and differences")
    return pooled
