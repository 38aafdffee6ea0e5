"""Rows of values with their intervals on one axis: studies, pools, answers, a pool under many conditions."""

from collections.abc import Sequence

from livrev.show.figures.intervals import OTHER_LEVEL, Interval, Plan, draw_intervals
from livrev.show.figures.scale import Scale
from livrev.show.figures.shown import Mark, ShownFigure, Value, need_something, show
from livrev.show.format import format_interval

STEPS = {"very low": 1, "low": 2, "moderate": 3, "high": 4}
"""The certainties that can be drawn, and how many of the four squares are filled."""


def squares(certainty: str) -> str:
    """Return *certainty* in four squares, the filled ones first; none is filled where it is no certainty."""
    full = STEPS.get(certainty, 0)
    return "■" * full + "□" * (4 - full)


def draw_forest(
    rows: Sequence[Interval | str],
    *,
    measure: str,
    favours: tuple[str, str] | None,
    linear: bool = False,
    heads: Sequence[str] | None = None,
    notes: Sequence[str] = (),
    band: tuple[float, float] | None = None,
    alt: str = "",
    top: float | None = None,
) -> ShownFigure:
    """Draw *rows* from top to bottom, a text as the heading of those below it, with *heads* over their numbers and *notes* below.

    With *favours*, the sides left and right of no effect, the axis is that of a ratio (logarithmic) or, where *linear*, of a
    difference; without, that of a share, in percent from 0 to 100, or of a length from 0 to *top*. *band* lies behind all
    rows; *alt* begins the words of the figure. Intervals that reach far beyond the others are cut at the edge; their numbers
    stand beside them. Raises ValueError where there is nothing to draw, or a ratio is not above 0.
    """
    scale, intervals = Scale(measure, favours, linear, top), [row for row in rows if isinstance(row, Interval)]
    need_something(intervals, "study")
    for row in intervals:
        if scale.ratio and not row.words and min(row.value, row.low) <= 0:
            raise ValueError(f"{row.label}: {scale.span(row.value, row.low, row.high)} is no ratio")
    pools = [row for row in intervals if row.kind == "pool"]
    levels = f"{OTHER_LEVEL} as printed, at another level than 95 %; the line is drawn at 95 %"
    ahead = "thin line through a diamond: 95 % prediction interval, where the next study may lie"
    below = [
        *notes, *([levels] if any(row.drawn for row in intervals) else []), *([ahead] if any(row.prediction for row in pools) else []),
    ]  # fmt: skip
    number = f"{measure if favours else 'percent'}\n(95 % CI)"
    guide = pools[0].value if len(pools) == 1 else None
    plan = Plan(rows, scale, tuple(heads or (number,)), below, band, guide)
    return show(draw_intervals(plan), alt=alt or _count(intervals, scale), marks=_marks(rows, scale), notes=notes)


def _count(rows: Sequence[Interval], scale: Scale) -> str:
    """Return how many results there are, and of effects how many lie wholly on each side."""
    studies = [row for row in rows if row.kind == "study"]
    if any(row.kind == "pool" for row in rows):
        return f"Forest plot of {len(studies)} studies."
    if scale.null is None:
        return f"{scale.measure}, {len(studies)} results."
    below, above = (
        sum(row.high < scale.null for row in studies),
        sum(row.low > scale.null for row in studies),
    )
    rest = len(studies) - below - above
    return f"{scale.measure} of {len(studies)} results: {below} wholly below {scale.null:g}, {above} wholly above, {rest} across it."


def _marks(rows: Sequence[Interval | str], scale: Scale) -> list[Mark]:
    marks, group = [], ""
    for row in rows:
        if isinstance(row, str):
            group = row
            continue
        name = f"{row.label} ({group})" if group else row.label
        head = "pooled " if row.kind == "pool" else ""
        effect = (
            ""
            if row.kind == "bar"
            else scale.words(row.value, row.low, row.high, level=None if row.kind == "faint" else row.level)
        )
        said = row.words or f"{head}{f'{scale.measure} ' if scale.sides else ''}{effect}"
        data: dict[str, Value] = {"group": group} if group else {}
        data |= {"label": row.label, "measure": scale.measure}
        data |= {"value": None, "ci_low": None, "ci_high": None} if row.words else {
            "value": row.value, "ci_low": row.low, "ci_high": row.high, "ci_level": row.level,
        }  # fmt: skip
        if row.prediction is not None:
            low, high = row.prediction
            said += f"; prediction interval {format_interval(low, high, scale.digits)}"
            data |= {"pi_low": low, "pi_high": high}
        marks.append(Mark(f"{name}: " + ", ".join(part for part in (said, row.said) if part), {**data, **row.data}))
    return marks
