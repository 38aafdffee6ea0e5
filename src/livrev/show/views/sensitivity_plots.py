"""One pool under many conditions: without each study, year by year, by every convention; and whether small studies say otherwise."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import replace

from livrev.records.measures import measure_of
from livrev.review.pools import FEWEST as FEWEST_POOLED
from livrev.review.pools import Pooled
from livrev.show.figures.forest import Interval, draw_forest
from livrev.show.figures.scale import Axis, Scale
from livrev.show.figures.sheet import BLUE, INK, LINE, SMALL, VERMILION, ZONES, Sheet, Value, measure
from livrev.show.figures.shown import ShownFigure, need_something, show
from livrev.show.format import cut_label, format_number
from livrev.stats.additional_analyses import FEWEST, PartPool
from livrev.stats.effect_sizes import Effect

_BORDERS = (1.6449, 1.96, 2.5758)  # of the zones: the normal quantiles of a two-sided p of 0.1, 0.05 and 0.01
_HEIGHT, _TOP, _LEFT = 200.0, 8.0, 30.0
_ERRORS = {True: "standard error", False: "standard error of its logarithm"}  # of a difference, and of a ratio
Box = tuple[float, float, float, float]


def draw_changes(pooled: Pooled) -> ShownFigure:
    """Draw one pool without each of its studies, and as it grew year by year; the band is the pool itself."""
    _refuse_shares(pooled)
    plan, years = pooled.plan, {member.study: member.year for member in pooled.members}
    without = [(cut_label(step.name, 60), step) for step in pooled.left_out]
    grown = [(f"{years[step.name] or 'undated'}: + {cut_label(step.name, 60)}", step) for step in pooled.by_year]
    return draw_forest(
        ["Without", *_steps(without), "Year by year", *_steps(grown)],
        measure=measure_of(plan.measure).name, favours=(plan.favours_low, plan.favours_high), linear=pooled.no_effect == 0,
        notes=["the band is the interval of the pool"], band=pooled.pool.hk_modified_ci,
        alt=f"{plan.title}: without each study, and year by year.",
    )  # fmt: skip


def _steps(steps: Iterable[tuple[str, PartPool]]) -> Iterable[Interval]:
    for label, step in steps:
        if step.pool is not None:
            kind = "faint" if step.k < FEWEST_POOLED else "dot"
            yield Interval(label, step.pool.value, *step.pool.hk_modified_ci, kind=kind)


def draw_conventions(pools: Sequence[Pooled]) -> ShownFigure:
    """Draw pools under every convention, below each other: the same studies, other rules of arithmetic."""
    rows: list[Interval | str] = []
    for pooled in pools:
        _refuse_shares(pooled)
        if pooled.no_effect != pools[0].no_effect:
            raise ValueError("ratios and differences do not stand on one axis; draw them apart")
        pool, laird, common = pooled.pool, pooled.pool.dersimonian_laird, pooled.pool.common
        rows += [
            pooled.plan.title,
            Interval("REML, modified Hartung-Knapp", pool.value, *pool.hk_modified_ci, kind="dot"),
            Interval("REML, plain Hartung-Knapp", pool.value, *(pool.hk_ci or pool.hk_modified_ci), kind="dot"),
            Interval("REML, Wald", pool.value, *pool.wald, kind="dot"),
            Interval("DerSimonian-Laird, Wald", laird.value, laird.low, laird.high, kind="dot"),
            Interval("Common effect", common.value, common.low, common.high, kind="dot"),
        ]
        if pooled.prediction:
            rows.append(Interval("Prediction interval", pool.value, *pooled.prediction, kind="faint"))
    return draw_forest(
        rows, measure=measure_of(pools[0].plan.measure).name, favours=("", ""), linear=pools[0].no_effect == 0,
        alt=f"{len(pools)} pools under every convention.",
    )  # fmt: skip


def draw_asymmetry(pooled: Pooled) -> ShownFigure:
    """Draw one pool as a funnel with contours of significance."""
    _refuse_shares(pooled)
    points = [replace(effect, study=cut_label(effect.study, 34)) for effect in pooled.effects]
    note = f"{len(points)} studies" + ": too few for a test of asymmetry" * (len(points) < FEWEST)
    of, linear = measure_of(pooled.plan.measure).name, pooled.no_effect == 0
    return draw_funnel(points, centre=pooled.pool.estimate, measure=of, note=note, linear=linear)


def _refuse_shares(pooled: Pooled) -> None:
    if pooled.plan.measure == "proportion":
        raise ValueError(f"{pooled.plan.pool} pools shares; these figures show ratios and differences")


def draw_funnel(
    points: Sequence[Effect], *, centre: float, measure: str, note: str, linear: bool = False
) -> ShownFigure:
    """Draw *points* over zones of significance, with the 95 % funnel about *centre*: log ratios or, if *linear*, differences."""
    need_something(points, "study")
    scale, middle = Scale(measure, ("", ""), linear), centre if linear else math.exp(centre)
    alt = f"Funnel plot of {len(points)} studies about {format_number(middle, scale.digits)}: {note}."
    notes = [
        f"{measure}{'' if linear else ', log scale'}; height: {_ERRORS[linear]}, large studies on top", note,
        "shades: p below 0.1, 0.05 and 0.01, the darker the smaller; broken lines: where 95 % of studies would lie",
    ]  # fmt: skip
    return show(lambda sheet: _draw_funnel(sheet, points, centre, notes, scale), alt=alt)


def _draw_funnel(sheet: Sheet, points: Sequence[Effect], centre: float, notes: Sequence[str], scale: Scale) -> float:
    deepest = 1.12 * max(point.se for point in points)
    reach = max([abs(point.estimate) for point in points] + [_BORDERS[-1] * deepest]) * 1.05
    bottom, right = _TOP + _HEIGHT, sheet.width - 2
    plot = sheet.lay_plot(_LEFT, right)
    plot.set_xlim(-reach, reach)
    # Shaded, on both sides, where p lies between two borders; beyond the last border to the edge of the picture.
    ends = [border * deepest for border in _BORDERS]
    for inner, outer, shade in zip(ends, [*ends[1:], reach], ZONES, strict=True):
        for side in (-1, 1):
            xs = [0, side * inner, side * outer, side * reach if outer == reach else 0]
            plot.fill(xs, [_TOP, bottom, bottom, _TOP], color=shade, linewidth=0, zorder=0)
    funnel = [centre - 1.96 * deepest, centre, centre + 1.96 * deepest]
    plot.plot(funnel, [bottom, _TOP, bottom], color=VERMILION, linewidth=0.9, linestyle=(0, (3, 3)))
    plot.plot([0, 0], [_TOP, bottom], color=INK, linewidth=0.8)
    plot.plot([centre, centre], [_TOP, bottom], color=VERMILION, linewidth=0.9)
    window = (-reach, reach) if scale.linear else (math.exp(-reach), math.exp(reach))
    for x, number in Axis(scale, window, _LEFT, right).ticks:
        sheet.write(x, bottom + 8, number, size=SMALL, align="center")
    step = next(size for size in (0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, math.inf) if deepest / size <= 5)
    for se in (round(step * number, 2) for number in range(int(deepest / step) + 1)):
        sheet.write(_LEFT - 5, _TOP + _HEIGHT * se / deepest, f"{se:g}", size=SMALL, align="right")
    scales = (right - _LEFT) / (2 * reach), _HEIGHT / deepest
    dots = [(_LEFT + scales[0] * (point.estimate + reach), _TOP + scales[1] * point.se) for point in points]
    taken: list[Box] = [(x - 4, y - 4, x + 4, y + 4) for x, y in dots]
    for point, (x, y) in zip(points, dots, strict=True):
        value = point.estimate if scale.linear else math.exp(point.estimate)
        row: dict[str, Value] = {"label": point.study, "measure": scale.measure, "value": value}
        row |= {} if scale.linear else {"log_value": point.estimate}
        said = f"{point.study}: {scale.measure} {format_number(value, scale.digits)}, {_ERRORS[scale.linear]} {point.se:.2f}"
        mark = sheet.mark(said, row | {"se": point.se})
        sheet.dot(point.estimate, y, mark, size=5.5, ink=BLUE, markeredgewidth=1, plot=plot)
        box = _find_room(point.study, x, y, taken, sheet.width)
        taken.append(box)
        sheet.write(box[0], (box[1] + box[3]) / 2, point.study, size=SMALL, mark=mark)
    return sheet.write_notes(bottom + 18, notes) + 4


def _find_room(label: str, x: float, y: float, taken: Sequence[Box], width: float) -> Box:
    """Return where a label stands beside its dot so that it covers nothing that stands there already."""
    long = measure(label, SMALL)
    places = [(left, y + dy) for dy in (0, -8, 8, -15, 15, -22, 22, -29, 29) for left in (x + 6, x - 6 - long)]
    places += [(x - long / 2, y + dy) for dy in (-10, 10, -18, 18)]
    kept = [(min(max(a, _LEFT), width - long), b) for a, b in places]  # a long name moves in from the edge
    boxes = [(a, b - LINE / 2, a + long, b + LINE / 2) for a, b in kept]
    inside = [box for box in boxes if box[0] >= _LEFT and box[2] <= width and box[1] >= 0 and box[3] <= _TOP + _HEIGHT]

    def covered(box: Box) -> float:
        sides = [[min(box[far], one[far]) - max(box[far - 2], one[far - 2]) for far in (2, 3)] for one in taken]
        return sum(max(across, 0) * max(down, 0) for across, down in sides)

    return min(inside or boxes, key=covered)
