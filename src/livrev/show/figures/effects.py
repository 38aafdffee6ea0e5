"""Effects and shares of single studies with their intervals: shown side by side, not pooled."""

from collections.abc import Sequence
from dataclasses import dataclass

from livrev.show.figures.intervals import OTHER_LEVEL, Interval, Plan, draw_intervals, note_levels
from livrev.show.figures.scale import Scale
from livrev.show.figures.shown import Mark, ShownFigure, Value, need_something, show


@dataclass(frozen=True, slots=True)
class Effect:
    """One study's effect: its label, value and interval as printed, and what it is worth knowing.

    The line that is drawn is *drawn*, at 95 percent, where the printed interval has another *level*.
    """

    label: str
    value: float
    low: float
    high: float
    group: str = ""
    note: str = ""
    level: float = 95
    drawn: tuple[float, float] | None = None


def draw_effects(
    effects: Sequence[Effect], *, measure: str, favours: tuple[str, str], linear: bool = False
) -> ShownFigure:
    """Draw ratios on a log axis, or differences (*linear*), grouped; *favours* names the sides left and right of no effect.

    Raises ValueError where there is none, or where a ratio is not above 0.
    """
    need_something(effects, measure)
    scale = Scale(measure, favours, linear)
    for effect in effects:
        if not linear and min(effect.value, effect.low, effect.high) <= 0:
            raise ValueError(f"{effect.label}: {scale.span(effect.value, effect.low, effect.high)} is no ratio")
    null = scale.null or 0
    below = sum(effect.high < null for effect in effects)
    above = sum(effect.low > null for effect in effects)
    across = len(effects) - below - above
    head = f"{measure} of {len(effects)} results: {below} wholly below {null:g}, {above} wholly above, {across} across it. "
    return _show(effects, scale, (f"{measure}\n(95 % CI)",), said=head)


def draw_shares(effects: Sequence[Effect], *, measure: str) -> ShownFigure:
    """Draw percentages with their intervals on an axis from 0 to 100, grouped. Raises ValueError where there is none."""
    need_something(effects, measure)
    head = f"{measure}, {len(effects)} results. "
    return _show(effects, Scale(measure), ("n/N", "percent\n(95 % CI)"), said=head)


def _show(effects: Sequence[Effect], scale: Scale, heads: tuple[str, ...], *, said: str) -> ShownFigure:
    rows: list[Interval | str] = []
    group = ""
    for effect in effects:
        if effect.group != group:
            rows.append(effect.group)
            group = effect.group
        span = scale.span(effect.value, effect.low, effect.high) + OTHER_LEVEL * (effect.drawn is not None)
        numbers = (span,) if scale.sides else (effect.note, span)
        low, high = effect.drawn or (effect.low, effect.high)
        rows.append(Interval(effect.label, effect.value, low, high, numbers))
    marks = [_mark(effect, scale) for effect in effects]
    plan = Plan(rows, scale, heads, notes=note_levels(effects))
    return show(
        draw_intervals(plan), alt=f"{said}{'; '.join(_words(effect, scale) for effect in effects)}.", marks=marks
    )


def _words(effect: Effect, scale: Scale) -> str:
    parts = (f"{effect.group}," if effect.group else "", effect.label, effect.note)
    return " ".join(filter(None, (*parts, scale.span(effect.value, effect.low, effect.high))))


def _mark(effect: Effect, scale: Scale) -> Mark:
    words = scale.words(effect.value, effect.low, effect.high, level=effect.level)
    who = f"{effect.label} ({effect.group})" if effect.group else effect.label
    said = f"{who}: {scale.measure} {words}" if scale.sides else f"{who}: {effect.note}, {words}"
    row: dict[str, Value] = {"group": effect.group} if effect.group else {}
    row |= {
        "label": effect.label,
        "measure": scale.measure,
        "value": effect.value,
        "ci_low": effect.low,
        "ci_high": effect.high,
        "ci_level": effect.level,
    }
    if effect.note:
        row |= dict(zip(("events", "total"), effect.note.split("/"), strict=False))  # 12/40 would be read as a date
    return Mark(said, row)
