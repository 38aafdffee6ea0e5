"""Forest plot: each study with its weight, the pool as a diamond, and the prediction interval."""

from collections.abc import Sequence
from dataclasses import dataclass

from livrev.show.figures.intervals import OTHER_LEVEL, Interval, Plan, draw_intervals, note_levels
from livrev.show.figures.scale import Scale
from livrev.show.figures.shown import Mark, ShownFigure, Value, show
from livrev.show.format import format_interval


@dataclass(frozen=True, slots=True)
class Row:
    """One study of a forest plot: value and interval as printed, the weight in percent, *mark* says how it was read.

    The line that is drawn is *drawn*, at 95 percent, where the printed interval has another *level*.
    """

    label: str
    value: float
    low: float
    high: float
    weight: float
    mark: str = ""
    level: float = 95
    drawn: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class Diamond:
    """A pool of a forest plot: value, interval, prediction interval (or None), and what is said of it.

    *again* is the same by another way: its label, value and interval, drawn as a dot below the diamond.
    """

    value: float
    low: float
    high: float
    prediction: tuple[float, float] | None
    said: str
    label: str = "All studies"
    again: tuple[str, float, float, float] | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """Studies with their pool; a plot of one group needs no title."""

    rows: Sequence[Row]
    diamond: Diamond
    title: str = ""


def draw_forest(
    groups: Sequence[Group],
    *,
    measure: str,
    favours: tuple[str, str] | None,
    notes: Sequence[str] = (),
    linear: bool = False,
) -> ShownFigure:
    """Draw *groups* of studies, each with its pool, and *notes* below.

    With *favours*, the sides left and right of no effect, the axis is that of a ratio (logarithmic) or, where *linear*, of a
    difference; without, that of a share, in percent from 0 to 100. Raises ValueError where there is nothing to draw.
    """
    if not groups or not all(group.rows for group in groups):
        raise ValueError("a forest plot needs studies; none was given")
    scale = Scale(measure, favours, linear)
    rows: list[Interval | str] = []
    for group in groups:
        rows += [group.title] if group.title else []
        rows += [_study(row, scale) for row in group.rows]
        rows += _pool(group.diamond, scale)
    said = [group.diamond.said for group in groups[:1] if not group.title]
    predicted = any(group.diamond.prediction for group in groups)
    prediction = (
        ["thin line through a diamond: 95 % prediction interval, where the next study may lie"] if predicted else []
    )
    levels = note_levels(row for group in groups for row in group.rows)
    plan = Plan(
        rows, scale, (f"{measure if favours else 'percent'}\n(95 % CI)", "weight"), notes=[*said, *notes, *levels, *prediction],
        guide=groups[0].diamond.value if len(groups) == 1 else None,
    )  # fmt: skip
    marks = [mark for group in groups for mark in _marks(group, scale)]
    alt = " ".join(_say(group, scale) for group in groups) + "".join(f" {note.rstrip('.')}." for note in notes)
    return show(draw_intervals(plan), alt=alt, marks=marks)


def _study(row: Row, scale: Scale) -> Interval:
    numbers = (scale.span(row.value, row.low, row.high) + OTHER_LEVEL * (row.drawn is not None), f"{row.weight:.0f} %")
    size = 3 + 7 * (row.weight / 100) ** 0.5
    low, high = row.drawn or (row.low, row.high)
    return Interval(f"{row.label}\u00a0{row.mark}".strip(), row.value, low, high, numbers, size=size)


def _pool(pool: Diamond, scale: Scale) -> list[Interval]:
    numbers = (scale.span(pool.value, pool.low, pool.high), "")
    drawn = [Interval(pool.label, pool.value, pool.low, pool.high, numbers, kind="pool", prediction=pool.prediction)]
    if pool.again is not None:
        label, value, low, high = pool.again
        drawn.append(Interval(label, value, low, high, (scale.span(value, low, high), ""), kind="dot"))
    return drawn


def _marks(group: Group, scale: Scale) -> list[Mark]:
    of: dict[str, Value] = {"group": group.title} if group.title else {}
    marks = [
        Mark(
            f"{row.label}: {_name(scale)}{scale.words(row.value, row.low, row.high, level=row.level)}, weight {row.weight:.0f} %",
            {**of, "label": row.label, "measure": scale.measure, "value": row.value, "ci_low": row.low, "ci_high": row.high,
             "ci_level": row.level, "weight_percent": round(row.weight, 2)},
        )
        for row in group.rows
    ]  # fmt: skip
    pool = group.diamond
    prediction = ""
    of_pool: dict[str, Value] = {**of, "label": pool.label, "measure": scale.measure, "value": pool.value}
    of_pool |= {"ci_low": pool.low, "ci_high": pool.high, "ci_level": 95}
    if pool.prediction is not None:
        low, high = pool.prediction
        prediction = f"; prediction interval {format_interval(low, high, scale.digits)}"
        of_pool |= {"pi_low": low, "pi_high": high}
    who = f"{pool.label}, {group.title}" if group.title else pool.label
    said = f"{who}: pooled {_name(scale)}{scale.words(pool.value, pool.low, pool.high)}{prediction}"
    return [*marks, Mark(said, of_pool), *_mark_again(pool, of, scale)]


def _mark_again(pool: Diamond, of: dict[str, Value], scale: Scale) -> list[Mark]:
    if pool.again is None:
        return []
    label, value, low, high = pool.again
    row = {
        **of,
        "label": label,
        "measure": scale.measure,
        "value": value,
        "ci_low": low,
        "ci_high": high,
        "ci_level": 95,
    }
    return [Mark(f"{label}: {_name(scale)}{scale.words(value, low, high, level=None)}", row)]


def _name(scale: Scale) -> str:
    return f"{scale.measure} " if scale.sides else ""


def _say(group: Group, scale: Scale) -> str:
    said = "; ".join(
        f"{row.label} {scale.span(row.value, row.low, row.high)}, weight {row.weight:.0f} %" for row in group.rows
    )  # fmt: skip
    diamond = group.diamond
    prediction = ""
    if diamond.prediction is not None:
        low, high = diamond.prediction
        prediction = f" Prediction interval {format_interval(low, high, scale.digits)}."
    head = f"{group.title}: " if group.title else ""
    pooled = f"Pooled {scale.measure} {scale.span(diamond.value, diamond.low, diamond.high)}."
    again = f" {diamond.again[0]}: {scale.span(*diamond.again[1:])}." if diamond.again else ""
    return f"{head}Forest plot of {len(group.rows)} studies: {said}. {pooled}{again}{prediction}"
