"""Effects and shares of single studies with their intervals: shown side by side, not pooled."""

from collections.abc import Sequence
from dataclasses import dataclass

from livrev.show.figures.intervals import Interval, Plan, draw_intervals
from livrev.show.figures.scale import Scale
from livrev.show.figures.style import Mark, ShownFigure, Value, need_something, show


@dataclass(frozen=True, slots=True)
class Effect:
    """One study's effect: its label, value and interval on the scale of the measure, and what it is worth knowing."""

    label: str
    value: float
    low: float
    high: float
    group: str = ""
    note: str = ""


def draw_effects(
    effects: Sequence[Effect], *, measure: str, favours: tuple[str, str], linear: bool = False
) -> ShownFigure:
    """Draw ratios on a log axis, or differences (*linear*), grouped; *favours* names the sides left and right of no effect.

    Raises ValueError where there is none, or where a ratio is not above 0.
    """
    need_something(effects, measure)
    for effect in effects:
        if not linear and min(effect.value, effect.low, effect.high) <= 0:
            raise ValueError(f"{effect.label}: {effect.value:g} ({effect.low:g} to {effect.high:g}) is no ratio")
    scale = Scale(measure, favours, linear)
    null = scale.null or 0
    below = sum(effect.high < null for effect in effects)
    above = sum(effect.low > null for effect in effects)
    said = "; ".join(
        f"{e.group + ', ' if e.group else ''}{e.label} {scale.words(e.value, e.low, e.high, level=False)}"
        for e in effects
    )
    across = len(effects) - below - above
    head = f"{measure} of {len(effects)} results: {below} wholly below {null:g}, {above} wholly above, {across} across it. "
    return _show(effects, scale, (f"{measure}\n(95 % CI)",), alt=f"{head}{said}.")


def draw_shares(effects: Sequence[Effect], *, measure: str) -> ShownFigure:
    """Draw percentages with their intervals on an axis from 0 to 100, grouped. Raises ValueError where there is none."""
    need_something(effects, measure)
    said = "; ".join(
        f"{e.group + ', ' if e.group else ''}{e.label} {e.note} {e.value:.1f} ({e.low:.1f} to {e.high:.1f})"
        for e in effects
    )
    alt = f"{measure}, {len(effects)} results. {said}."
    return _show(effects, Scale(measure), ("n/N", "percent\n(95 % CI)"), alt=alt)


def _show(effects: Sequence[Effect], scale: Scale, heads: tuple[str, ...], *, alt: str) -> ShownFigure:
    rows: list[Interval | str] = []
    group = ""
    for effect in effects:
        if effect.group != group:
            rows.append(effect.group)
            group = effect.group
        span = scale.span(effect.value, effect.low, effect.high)
        numbers = (span,) if scale.sides else (effect.note, span)
        rows.append(Interval(effect.label, effect.value, effect.low, effect.high, numbers))
    marks = [_mark(effect, scale) for effect in effects]
    return show(draw_intervals(Plan(rows, scale, heads)), alt=alt, marks=marks)


def _mark(effect: Effect, scale: Scale) -> Mark:
    words = scale.words(effect.value, effect.low, effect.high)
    who = f"{effect.label} ({effect.group})" if effect.group else effect.label
    said = f"{who}: {scale.measure} {words}" if scale.sides else f"{who}: {effect.note}, {words}"
    row: dict[str, Value] = {"group": effect.group} if effect.group else {}
    row |= {
        "label": effect.label,
        "measure": scale.measure,
        "value": effect.value,
        "ci_low": effect.low,
        "ci_high": effect.high,
    }
    if effect.note:
        row |= dict(zip(("events", "total"), effect.note.split("/"), strict=False))  # 12/40 would be read as a date
    return Mark(said, row)
