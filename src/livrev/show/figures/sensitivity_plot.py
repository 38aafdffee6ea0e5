"""Strips: one pool under many conditions, each as a dot with its interval, the pool itself as a band behind them."""

from collections.abc import Sequence
from dataclasses import dataclass

from livrev.show.figures.intervals import Interval, Plan, draw_intervals
from livrev.show.figures.scale import Scale
from livrev.show.figures.shown import Mark, ShownFigure, need_something, show


@dataclass(frozen=True, slots=True)
class Dot:
    """The pool under one condition, on the scale of the measure; *faint* for what is not a pooled interval."""

    label: str
    value: float
    low: float
    high: float
    faint: bool = False


@dataclass(frozen=True, slots=True)
class Strip:
    """Dots under one head, from top to bottom."""

    title: str
    dots: Sequence[Dot]


def draw_strips(
    strips: Sequence[Strip], *, band: tuple[float, float] | None, measure: str, kind: str,
    favours: tuple[str, str] = ("", ""), linear: bool = False,
) -> ShownFigure:  # fmt: skip
    """Draw *strips* below each other on one axis, a log one unless *linear*; *band* is the interval of the pool, *kind* says what varies.

    Intervals that reach far beyond the others are cut at the edge; their numbers stand beside them.

    Raises ValueError where there is nothing to draw.
    """
    need_something([dot for strip in strips for dot in strip.dots], "pool")
    scale = Scale(measure, favours, linear)
    rows: list[Interval | str] = []
    for strip in strips:
        rows += [strip.title, *(_row(dot, scale) for dot in strip.dots)]
    notes = ["the band is the interval of the pool"] if band else []
    plan = Plan(rows, scale, (f"{measure}\n(95 % CI)",), notes=notes, band=band)
    marks = [_mark(strip, dot, scale) for strip in strips for dot in strip.dots]
    said = " ".join(
        f"{strip.title}: "
        + "; ".join(f"{dot.label} {scale.span(dot.value, dot.low, dot.high)}" for dot in strip.dots)
        + "."
        for strip in strips
    )
    return show(draw_intervals(plan), alt=f"{kind}, {measure}. {said}", marks=marks)


def _row(dot: Dot, scale: Scale) -> Interval:
    numbers = (scale.span(dot.value, dot.low, dot.high),)
    return Interval(dot.label, dot.value, dot.low, dot.high, numbers, kind="faint" if dot.faint else "dot")


def _mark(strip: Strip, dot: Dot, scale: Scale) -> Mark:
    said = f"{strip.title}, {dot.label}: {scale.measure} {scale.words(dot.value, dot.low, dot.high, level=None if dot.faint else 95)}"
    return Mark(
        said,
        {"group": strip.title, "label": dot.label, "measure": scale.measure, "value": dot.value, "low": dot.low, "high": dot.high},
    )  # fmt: skip
