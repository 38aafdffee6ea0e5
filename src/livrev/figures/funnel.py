"""Funnel plot with contours: do small studies report other effects than large ones?"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

from livrev.figures.style import BLUE, INK, MUTED, VERMILION, WIDTH, ShownFigure, house_style, need_something

_TICKS = (0.1, 0.2, 0.3, 0.5, 0.7, 1, 1.5, 2, 3, 5, 10)
# Two-sided p on the border of each zone, its normal quantile, and its shade.
_ZONES = ((0.1, 1.6449, "#EDEDED"), (0.05, 1.96, "#DCDCDC"), (0.01, 2.5758, "#C9C9C9"))


@dataclass(frozen=True, slots=True)
class Point:
    """One study of a funnel: the natural logarithm of its ratio, and its standard error."""

    label: str
    estimate: float
    se: float


def draw_funnel(points: Sequence[Point], *, centre: float, measure: str, note: str) -> ShownFigure:
    """Draw *points* over zones of significance about no effect, with the 95 % funnel about *centre* (a log ratio).

    Raises ValueError where there is no point.
    """
    need_something(points, "study")
    deepest = 1.12 * max(point.se for point in points)
    reach = max([abs(point.estimate) for point in points] + [2.5758 * deepest]) * 1.05
    with house_style():
        figure = Figure(figsize=(WIDTH, 3.7))
        axes = figure.subplots()
        for (p, quantile, shade), nearer in zip(_ZONES, (*[zone[1] for zone in _ZONES[1:]], None), strict=True):
            _fill_zone(axes, quantile, nearer, deepest, reach, shade)
            label = f"p < {p:g}"
            axes.plot([], [], color=shade, linewidth=7, label=label)
        axes.plot(
            [centre - 1.96 * deepest, centre, centre + 1.96 * deepest], [deepest, 0, deepest],
            color=VERMILION, linewidth=0.9, linestyle=(0, (3, 3)),
        )  # fmt: skip
        axes.axvline(0, color=INK, linewidth=0.8)
        axes.axvline(centre, color=VERMILION, linewidth=0.9)
        named: list[Point] = []
        for point in sorted(points, key=lambda point: point.se):
            axes.plot([point.estimate], [point.se], marker="o", color=BLUE, markersize=5)
            close = any(
                abs(point.se - other.se) < 0.05 * deepest and abs(point.estimate - other.estimate) < 0.25 * reach
                for other in named
            )  # two labels at one height would overlap
            offset = (5, -10 if close else 3)
            place = (point.estimate, point.se)
            axes.annotate(point.label, place, xytext=offset, textcoords="offset points", fontsize=7.5)
            named.append(point)
        axes.set_xlim(-reach, reach)
        axes.set_ylim(deepest, 0)
        ticks = [tick for tick in _TICKS if -reach <= math.log(tick) <= reach]
        axes.xaxis.set_major_locator(FixedLocator([math.log(tick) for tick in ticks]))
        axes.xaxis.set_major_formatter(FuncFormatter(lambda x, _: f"{math.exp(x):g}"))
        axes.xaxis.set_minor_locator(NullLocator())
        axes.set_ylabel("standard error")
        axes.set_xlabel(f"{measure}, log scale\n{note}", color=MUTED)
        axes.legend(loc="upper left", bbox_to_anchor=(1.0, 1.0), fontsize=8)
    said = "; ".join(f"{p.label} {math.exp(p.estimate):.2f}, standard error {p.se:.2f}" for p in points)
    return ShownFigure(figure, f"Funnel plot of {len(points)} studies about {math.exp(centre):.2f}: {said}. {note}.")


def _fill_zone(axes: Any, inner: float, outer: float | None, deepest: float, reach: float, shade: str) -> None:
    """Shade, on both sides, where p lies between two borders; beyond the last border to the edge of the picture."""
    for side in (-1, 1):
        far = [0, side * outer * deepest] if outer is not None else [side * reach, side * reach]
        axes.fill_betweenx([0, deepest], [0, side * inner * deepest], far, color=shade, linewidth=0, zorder=0)
