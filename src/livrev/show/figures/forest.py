"""Values with their intervals on one axis, a row each: on a page between label and numbers, on a phone below both."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from livrev.show.figures.scale import Axis, Scale, choose_window, draw_scale
from livrev.show.figures.sheet import BAND, BLUE, GROUND, INK, LINE, MUTED, SMALL, VERMILION, Sheet, measure, wrap
from livrev.show.figures.shown import ShownFigure, need_something, show
from livrev.show.format import format_count, format_effect, format_interval
from livrev.stats.pooling import Pool

STEPS = {"very low": 1, "low": 2, "moderate": 3, "high": 4}
"""The certainties that can be drawn, and how many of the four squares are filled."""
OTHER_LEVEL = "*"  # stands behind an interval that was printed at another level than 95 percent
SPAN = "{}"  # stands for the value with its interval among the numbers beside a row
_GAP = 10.0  # points between columns
_LABELS = {True: 0.40, False: 0.49}  # the share of a page that labels may take: beside effects, beside shares
_BELOW = 17.0  # points that a phone's row has for its interval
_NULL: Any = {"color": INK, "linewidth": 0.8, "zorder": 1}  # the line of no effect
_GUIDE: Any = {"color": VERMILION, "linewidth": 0.7, "linestyle": (0, (3, 3)), "zorder": 1}  # where the pool is
_INKS = {"study": BLUE, "pool": VERMILION, "dot": VERMILION, "faint": MUTED, "bar": BLUE}


@dataclass(frozen=True, slots=True)
class Interval:
    """One row: a study (square), a pool (diamond), a pool under a condition (dot), or what only reaches so far (faint), or a length (bar).

    A row of *words* has no interval; they stand in its place. *numbers* stand beside it, SPAN for its value and interval.
    Where its interval was printed at another *level*, *drawn* is that at 95 percent. *said* and *data* are what its mark tells
    besides; *sign* is the marker at its value, where it is no square or dot.
    """

    label: str
    value: float
    low: float
    high: float
    numbers: tuple[str, ...] = (SPAN,)
    kind: str = "study"
    size: float = 5.0
    prediction: tuple[float, float] | None = None
    words: str = ""
    level: float | None = 95
    drawn: tuple[float, float] | None = None
    sign: str = ""
    said: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)

    def beside(self, scale: Scale) -> tuple[str, ...]:
        """Return what stands beside the row."""
        span = format_effect(self.value, self.low, self.high, precision=scale.digits) + OTHER_LEVEL * bool(self.drawn)
        return tuple(span * (not self.words) if number == SPAN else number for number in self.numbers)

    def is_hollow(self, null: float | None) -> bool:
        """Tell whether its interval holds no effect, and its mark says so."""
        return null is not None and self.kind != "faint" and not self.words and self.low <= null <= self.high


def study_row(label: str, span: tuple[float, float, float], weight: float, **more: Any) -> Interval:
    """Return the row of a study in a pool (value, low, high): its square grows with its *weight* in percent."""
    said, size = f"{weight:.0f} %", 3 + 7 * (weight / 100) ** 0.5
    return Interval(label, *span, (SPAN, said), size=size, said=f"weight {said}", **more)


def pool_row(label: str, pool: Pool, *, times: int) -> Interval:
    """Return the row of a *pool* with its prediction interval, its numbers so many *times* as large."""
    value, low, high = (times * number for number in (pool.value, *pool.hk_modified_ci))
    ahead = pool.prediction and (times * pool.prediction[0], times * pool.prediction[1])
    return Interval(label, value, low, high, (SPAN, ""), kind="pool", prediction=ahead)


def squares(certainty: str) -> str:
    """Return *certainty* in four squares, the filled ones first; none is filled where it is no certainty."""
    full = STEPS.get(certainty, 0)
    return "■" * full + "□" * (4 - full)


def draw_forest(
    rows: Sequence[Interval | str], *, measure: str, favours: tuple[str, str] | None, linear: bool = False,
    heads: Sequence[str] | None = None, notes: Sequence[str] = (), band: tuple[float, float] | None = None,
    alt: str = "", top: float | None = None,
) -> ShownFigure:  # fmt: skip
    """Draw *rows* from top to bottom, a text as the heading of those below it, with *heads* over their numbers and *notes* below.

    With *favours*, the sides left and right of no effect, the axis is that of a ratio (logarithmic) or, where *linear*, of a
    difference; without, that of a share, in percent from 0 to 100, or of a length from 0 to *top*. *band* lies behind all
    rows; *alt* begins the words of the figure. Intervals that reach far beyond the others are cut at the edge; their numbers
    stand beside them. Raises ValueError where there is nothing to draw, or a ratio is not above 0.
    """
    scale, intervals = Scale(measure, favours, linear, top), [row for row in rows if isinstance(row, Interval)]
    need_something(intervals, "study")
    for row in intervals if scale.ratio else ():
        if not row.words and min(row.value, row.low) <= 0:
            raise ValueError(f"{row.label}: {format_effect(row.value, row.low, row.high, precision=2)} is no ratio")
    levels = f"{OTHER_LEVEL} as printed, at another level than 95 %; the line is drawn at 95 %"
    ahead = "thin line through a diamond: 95 % prediction interval, where the next study may lie"
    pools = [row for row in intervals if row.kind == "pool"]
    below = [
        (f"{measure}, log scale" if scale.ratio else measure, True), *((note, True) for note in notes),
        (levels, any(row.drawn for row in intervals)), (ahead, any(row.prediction for row in pools)),
        (f"hollow mark: the interval holds {scale.null or 0:g}", any(row.is_hollow(scale.null) for row in intervals)),
    ]  # fmt: skip
    heads = tuple(heads or (f"{measure if favours else 'percent'}\n(95 % CI)",))
    guide, said = pools[0].value if len(pools) == 1 else None, [note for note, needed in below if needed]
    alt = alt or _count(intervals, scale)
    return show(lambda sheet: _Forest(sheet, rows, scale, heads, band, guide).draw(said), alt=alt, notes=notes)


def _count(rows: Sequence[Interval], scale: Scale) -> str:
    """Return how many results there are, and of effects how many lie wholly on each side."""
    studies = [row for row in rows if row.kind == "study"]
    if any(row.kind == "pool" for row in rows):
        return f"Forest plot of {format_count(len(studies), 'study')}."
    of, results = scale.measure[:1].upper() + scale.measure[1:], format_count(len(studies), "result")
    if scale.null is None:
        return f"{of}, {results}."
    below, above = sum(row.high < scale.null for row in studies), sum(row.low > scale.null for row in studies)
    rest = len(studies) - below - above
    return f"{of} of {results}: {below} wholly below {scale.null:g}, {above} wholly above, {rest} across it."


def _mark(sheet: Sheet, row: Interval, group: str, scale: Scale) -> int:
    name = f"{row.label} ({group})" if group else row.label
    level = None if row.kind == "faint" else row.level
    span, unit = (row.value, row.low, row.high), "" if scale.sides else "%"
    effect = "" if row.kind == "bar" else format_effect(*span, precision=scale.digits, unit=unit, level=level)
    said = row.words or f"{'pooled ' * (row.kind == 'pool')}{f'{scale.measure} ' if scale.sides else ''}{effect}"
    data: dict[str, Any] = {"group": group} if group else {}
    data |= {"label": row.label, "measure": scale.measure}
    data |= dict(zip(("value", "ci_low", "ci_high"), (None,) * 3 if row.words else span, strict=True))
    data |= {} if row.words else {"ci_level": row.level}
    if row.prediction is not None:
        low, high = row.prediction
        said += f"; prediction interval {format_interval(low, high, scale.digits)}"
        data |= {"pi_low": low, "pi_high": high}
    return sheet.mark(f"{name}: " + ", ".join(part for part in (said, row.said) if part), {**data, **row.data})


class _Forest:
    """The state of one drawing: where the columns lie, and on what the rows are drawn."""

    def __init__(
        self, sheet: Sheet, rows: Sequence[Interval | str], scale: Scale, heads: Sequence[str],
        band: tuple[float, float] | None, guide: float | None,
    ) -> None:  # fmt: skip
        self.sheet, self.rows, self.scale, self.band, self.guide = sheet, rows, scale, band, guide
        intervals = [row for row in rows if isinstance(row, Interval)]
        spans = [row.drawn or (row.low, row.high) for row in intervals if row.kind != "faint" and not row.words]
        # Of each column of numbers its head, in lines, and where it ends.
        self.columns: list[tuple[list[str], float]] = []
        end = sheet.width
        for column, head in reversed(list(enumerate(heads))):
            said = [measure(row.beside(scale)[column], bold=row.kind == "pool") for row in intervals]
            width = max([*said, max((measure(word, SMALL) for word in head.split()), default=0)])
            self.columns.insert(0, (wrap(head, width + 6, size=SMALL), end))
            end -= width + _GAP
        widest = max(measure(row.label, bold=row.kind == "pool") for row in intervals)
        self.label_width = end if sheet.narrow else min(widest + 1, _LABELS[scale.null is not None] * sheet.width)
        ends = (10.0, sheet.width - 14.0) if sheet.narrow else (self.label_width + _GAP + 4, end - 4)
        self.axis = Axis(scale, choose_window(spans, scale), *ends)
        self.plot = self.sheet.lay_plot(*ends)
        self.plot.set_xscale("log" if scale.ratio else "linear")
        self.plot.set_xlim(*self.axis.window)

    def draw(self, notes: Sequence[str]) -> float:
        """Draw everything, from the heads to the *notes*; return where it stops."""
        top = LINE * max((len(lines) for lines, _ in self.columns if lines != [""]), default=0) + 4
        for lines, x in self.columns:
            self.sheet.write_lines(x, top - 4 - LINE * len(lines), lines, size=SMALL, ink=MUTED, align="right")
        y, group, runs = top, "", [[top, top]]
        for row in self.rows:
            start = y
            if isinstance(row, str):
                group, lines = row, wrap(row, self.sheet.width, bold=True)
                y = 2 + self.sheet.write_lines(0, y + 9, lines, bold=True)
                continue
            y = self._draw_row(row, y, _mark(self.sheet, row, group, self.scale))
            if not row.words:  # no line of the scale runs through a heading, or beside words
                runs += [[start, start]] if runs[-1][1] != start else []
                runs[-1][1] = y
        bottom = y + 2
        if self.band is not None:
            low, high = map(self.axis.place, self.band)
            self.sheet.bar(low, (top + bottom) / 2, high - low, bottom - top, face=BAND, zorder=0)
        uprights: list[tuple[float, dict[str, Any]]] = [(x, {"linewidth": 0.6}) for x, _ in self.axis.ticks]
        known = ((self.scale.null, _NULL), (self.guide, _GUIDE))
        uprights += [(self.axis.place(number), style) for number, style in known if number is not None]
        for start, end in () if self.sheet.narrow else runs:
            for x, style in uprights if start < end else ():
                self.sheet.line([x, x], [start, end], **style)
        return self.sheet.write_notes(draw_scale(self.sheet, self.axis, bottom) + 4, notes) + 3

    def _draw_row(self, row: Interval, y: float, mark: int) -> float:
        """Draw one row at *y*; return where it stops."""
        bold, narrow, null = row.kind == "pool", self.sheet.narrow, self.scale.null
        label = wrap(row.label, self.label_width, bold=bold)
        first = y + (5 if bold and not narrow else 2) + LINE / 2
        middle = y + 2 + LINE * len(label) + 5 if narrow else first + LINE * (len(label) - 1) / 2
        if row.words:
            self.sheet.write(self.axis.left, middle, row.words, size=SMALL, ink=MUTED, mark=mark)
        else:
            if narrow and null is None:
                self.sheet.line([self.axis.left, self.axis.right], [middle, middle], color=MUTED, linewidth=0.3)
            elif narrow:
                self.sheet.line([self.axis.place(null or 0)] * 2, [middle - 4, middle + 4], **_NULL)
            self._draw_interval(row, middle, mark)
        self.sheet.write_lines(0, first - LINE / 2, label, bold=bold, mark=mark)
        for said, (_, x) in zip(row.beside(self.scale), self.columns, strict=True):
            self.sheet.write(x, first if narrow else middle, said, bold=bold, align="right", mark=mark)
        return y + LINE * len(label) + (_BELOW + 4 * bold if narrow else 10 if bold else 4.5)

    def _draw_interval(self, row: Interval, y: float, mark: int) -> None:
        colour, dot = _INKS[row.kind], partial(self.sheet.dot, row.value, y, mark, plot=self.plot)
        face = GROUND if row.is_hollow(self.scale.null) else colour
        if row.prediction is not None:
            self._draw_line(row.prediction, y, mark, ends=True, color=colour, linewidth=1.0)
        if row.kind == "pool":
            from matplotlib.patches import Polygon

            xs = map(self.axis.inside, (row.low, row.value, row.high, row.value))
            corners = list(zip(xs, [y, y - 4.2, y, y + 4.2], strict=True))
            diamond = Polygon(corners, facecolor=face, edgecolor=colour, linewidth=1.2, zorder=3)
            self.sheet.draw(diamond, mark, self.plot)
        elif row.kind == "bar":
            self._draw_line((row.low, row.high), y, mark, color=colour, linewidth=8.5)
            if row.sign:
                dot(size=6, ink=INK, marker=row.sign, markeredgewidth=1)
        else:
            dashes: Any = (0, (2, 2)) if row.kind == "faint" else "-"
            self._draw_line(row.drawn or (row.low, row.high), y, mark, color=colour, linewidth=1.4, linestyle=dashes)
            if row.kind != "faint" and self.axis.inside(row.value) == row.value:
                marker = "s" if row.kind == "study" else "o"
                dot(size=row.size, ink=colour, face=face, marker=marker, markeredgewidth=1.2)

    def _draw_line(self, span: tuple[float, float], y: float, mark: int, *, ends: bool = False, **style: Any) -> None:
        """Draw an interval; where it leaves the window, an arrow says so."""
        from matplotlib.lines import Line2D

        seen = [self.axis.inside(end) for end in span]
        self.sheet.draw(Line2D(seen, [y, y], solid_capstyle="butt", **style), mark, self.plot)
        for end, shown, arrow in zip(span, seen, "<>", strict=True):
            if end != shown:
                look = {"size": 4, "ink": style["color"], "marker": arrow, "markeredgewidth": 0}
                self.sheet.dot(shown, y, mark, plot=self.plot, **look)
            elif ends:
                self.sheet.draw(Line2D([shown, shown], [y - 2.5, y + 2.5], **style), mark, self.plot)
