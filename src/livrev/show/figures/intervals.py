"""Values with their intervals, one row each: what forest plots, effects, shares and strips have in common.

On a page the label stands left of the interval and the numbers right of it; on a phone both stand above it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from livrev.show.figures.canvas import lay_axes, measure, name_mark, open_sheet, wrap, write
from livrev.show.figures.scale import (
    Scale,
    choose_ticks,
    choose_window,
    draw_grid,
    draw_scale,
    height_of_notes,
    height_of_scale,
    write_notes,
)
from livrev.show.figures.shown import Value
from livrev.show.figures.style import BAND, BLUE, GROUND, INK, LINE, MUTED, SIZE, SMALL, VERMILION, Paper

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_GAP = 10.0  # points between columns
_LABELS = {True: 0.40, False: 0.49}  # the share of a page that labels may take: beside effects, beside shares
_BELOW = 17.0  # points that a phone's row has for its interval
OTHER_LEVEL = "*"  # stands behind an interval that was printed at another level than 95 percent
SPAN = "{}"  # stands for the value with its interval among the numbers beside a row


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
    data: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Plan:
    """What is drawn from top to bottom (a text is a heading), on which scale, with which heads over the numbers."""

    rows: Sequence[Interval | str]
    scale: Scale
    heads: tuple[str, ...]
    notes: Sequence[str] = ()
    band: tuple[float, float] | None = None
    guide: float | None = None


def draw_intervals(plan: Plan) -> Callable[[Paper], "Figure"]:
    """Return the function that draws *plan* on a paper; marks are numbered in the order of the rows."""

    def draw(paper: Paper) -> "Figure":
        return _Drawing(plan, paper).draw()

    return draw


class _Drawing:
    """The state of one drawing: where the columns lie, and how far down it has come."""

    def __init__(self, plan: Plan, paper: Paper) -> None:
        self.plan, self.paper = plan, paper
        self.intervals = [row for row in plan.rows if isinstance(row, Interval)]
        self.window = choose_window(
            [row.drawn or (row.low, row.high) for row in self.intervals if row.kind != "faint" and not row.words],
            plan.scale,
        )
        self.columns = self._measure_columns()
        beside = sum(width + _GAP for width in self.columns)
        if paper.narrow:
            self.left, self.right, self.label_width = 10.0, paper.width - 14.0, paper.width - beside
        else:
            widest = max(measure(row.label, SIZE, row.kind == "pool") for row in self.intervals)
            self.label_width = min(widest + 1, _LABELS[plan.scale.null is not None] * paper.width)
            self.left, self.right = self.label_width + _GAP + 4, paper.width - beside - 4
        null = plan.scale.null
        hollow = [f"hollow mark: the interval holds {null:g}"] if any(map(self._is_hollow, self.intervals)) else []
        self.notes = [
            f"{plan.scale.measure}, log scale" if plan.scale.ratio else plan.scale.measure,
            *plan.notes,
            *hollow,
        ]

    def _measure_columns(self) -> list[float]:
        widths = []
        for column, head in enumerate(self.plan.heads):
            said = [measure(self._numbers(row)[column], SIZE, row.kind == "pool") for row in self.intervals]
            longest_word = max((measure(word, SMALL) for word in head.split()), default=0)
            widths.append(max([*said, longest_word]))
        return widths

    def _numbers(self, row: Interval) -> tuple[str, ...]:
        """Return what stands beside *row*."""
        span = "" if row.words else self.plan.scale.span(row.value, row.low, row.high) + OTHER_LEVEL * bool(row.drawn)
        return tuple(span if number == SPAN else number for number in row.numbers)

    def _is_hollow(self, row: Interval) -> bool:
        null = self.plan.scale.null
        return null is not None and row.kind != "faint" and not row.words and row.low <= null <= row.high

    def draw(self) -> "Figure":
        """Draw everything, from the heads to the notes."""
        heads = [wrap(head, width + 6, size=SMALL) for head, width in zip(self.plan.heads, self.columns, strict=True)]
        top = LINE * max((len(lines) for lines in heads if lines != [""]), default=0) + 4
        bottom = top + sum(self._height(row) for row in self.plan.rows) + 2
        height = bottom + height_of_scale(self.left, self.right, self.paper.width, self.window, self.plan.scale)
        height += 4 + height_of_notes(self.notes, self.paper.width) + 3
        figure, page = open_sheet(self.paper, height)
        plot = lay_axes(figure, self.left, self.right)
        figure.delaxes(page)
        figure.add_axes(page)  # the plot is the first of the axes, the words lie over it
        if self.plan.scale.ratio:
            plot.set_xscale("log")
        plot.set_xlim(*self.window)
        self._draw_ground(plot, top, bottom)
        self._write_heads(page, heads, top)
        y, mark = top, 0
        for row in self.plan.rows:
            if isinstance(row, str):
                self._write_heading(page, row, y)
            else:
                self._draw_row(page, plot, row, y, mark)
                mark += 1
            y += self._height(row)
        ends = draw_scale(
            page, plot, bottom, left=self.left, right=self.right, end=self.paper.width, window=self.window, scale=self.plan.scale
        )  # fmt: skip
        write_notes(page, ends + 4, self.notes, self.paper.width)
        return figure

    def _height(self, row: Interval | str) -> float:
        if isinstance(row, str):
            return 9 + LINE * len(wrap(row, self.paper.width, bold=True)) + 2
        lines = LINE * len(self._label(row))
        if self.paper.narrow:
            return lines + _BELOW + (4 if row.kind == "pool" else 0)
        return lines + (10 if row.kind == "pool" else 4.5)

    def _label(self, row: Interval) -> list[str]:
        return wrap(row.label, self.label_width, bold=row.kind == "pool")

    def _draw_ground(self, plot: Any, top: float, bottom: float) -> None:
        if self.plan.band is not None:
            low, high = (min(max(end, self.window[0]), self.window[1]) for end in self.plan.band)
            plot.fill([low, high, high, low], [top, top, bottom, bottom], color=BAND, linewidth=0, zorder=0)
        if self.paper.narrow:
            return
        ticks = choose_ticks(self.window, self.right - self.left, self.plan.scale)
        for start, end in self._runs(top):
            draw_grid(plot, ticks, start, end)
            if (null := self.plan.scale.null) is not None:
                plot.plot([null, null], [start, end], color=INK, linewidth=0.8, zorder=1)
            if self.plan.guide is not None:
                plot.plot(
                    [self.plan.guide] * 2, [start, end], color=VERMILION, linewidth=0.7, linestyle=(0, (3, 3)), zorder=1
                )

    def _runs(self, top: float) -> list[tuple[float, float]]:
        """Return from where to where intervals follow each other: no line of the scale runs through a heading."""
        runs: list[tuple[float, float]] = []
        y = top
        for row in self.plan.rows:
            end = y + self._height(row)
            if isinstance(row, Interval) and not row.words:
                runs = [*runs[:-1], (runs[-1][0], end)] if runs and runs[-1][1] == y else [*runs, (y, end)]
            y = end
        return runs

    def _write_heads(self, page: Any, heads: list[list[str]], top: float) -> None:
        for lines, x in zip(heads, self._number_ends(), strict=True):
            for back, line in enumerate(reversed(lines)):
                write(page, x, top - 4 - LINE * (back + 0.5), line, size=SMALL, ink=MUTED, align="right")

    def _number_ends(self) -> list[float]:
        ends, x = [], self.paper.width
        for width in reversed(self.columns):
            ends.append(x)
            x -= width + _GAP
        return ends[::-1]

    def _write_heading(self, page: Any, heading: str, y: float) -> None:
        for number, line in enumerate(wrap(heading, self.paper.width, bold=True)):
            write(page, 0, y + 9 + LINE * (number + 0.5), line, bold=True)

    def _draw_row(self, page: Any, plot: Any, row: Interval, y: float, mark: int) -> None:
        label, bold = self._label(row), row.kind == "pool"
        first = y + (5 if bold and not self.paper.narrow else 2) + LINE / 2
        middle = y + 2 + LINE * len(label) + 5 if self.paper.narrow else first + LINE * (len(label) - 1) / 2
        null = self.plan.scale.null
        if self.paper.narrow and null is not None and not row.words:
            plot.plot([null, null], [middle - 4, middle + 4], color=INK, linewidth=0.8, zorder=1)
        elif self.paper.narrow and not row.words:
            page.plot([self.left, self.right], [middle, middle], color=MUTED, linewidth=0.3, zorder=0)
        if row.words:
            write(page, self.left, middle, row.words, size=SMALL, ink=MUTED, mark=mark)
        else:
            self._draw_interval(plot, row, middle, mark)
        for number, line in enumerate(label):
            write(page, 0, first + LINE * number, line, bold=bold, mark=mark)
        beside = first if self.paper.narrow else middle
        for said, x in zip(self._numbers(row), self._number_ends(), strict=True):
            if said:
                write(page, x, beside, said, bold=bold, align="right", mark=mark)

    def _draw_interval(self, plot: Any, row: Interval, y: float, mark: int) -> None:
        gid = name_mark(mark)
        colour = {"study": BLUE, "pool": VERMILION, "dot": VERMILION, "faint": MUTED, "bar": BLUE}[row.kind]
        face = GROUND if self._is_hollow(row) else colour
        if row.prediction is not None:
            self._draw_line(plot, row.prediction, y, colour, 1.0, mark, ends=True)
        if row.kind == "pool":
            xs = [min(max(x, self.window[0]), self.window[1]) for x in (row.low, row.value, row.high, row.value)]
            plot.fill(
                xs,
                [y, y - 4.2, y, y + 4.2],
                facecolor=face,
                edgecolor=colour,
                linewidth=1.2,
                clip_on=False,
                gid=gid,
                zorder=3,
            )
            return
        if row.kind == "bar":
            plot.plot(
                [row.low, row.high], [y, y], color=colour, linewidth=8.5, solid_capstyle="butt", clip_on=False, gid=gid
            )
            if row.sign:
                plot.plot([row.value], [y], row.sign, color=INK, markersize=6, clip_on=False, gid=gid, zorder=3)
            return
        self._draw_line(plot, row.drawn or (row.low, row.high), y, colour, 1.4, mark, dashed=row.kind == "faint")
        if row.kind != "faint" and self.window[0] <= row.value <= self.window[1]:
            plot.plot(
                [row.value], [y], marker="s" if row.kind == "study" else "o", markersize=row.size, color=colour,
                markerfacecolor=face, markeredgewidth=1.2, linestyle="none", clip_on=False, gid=gid, zorder=3,
            )  # fmt: skip

    def _draw_line(
        self, plot: Any, span: tuple[float, float], y: float, colour: str, width: float, mark: int, *,
        dashed: bool = False, ends: bool = False,
    ) -> None:  # fmt: skip
        """Draw an interval; where it leaves the window, an arrow says so."""
        low, high = self.window
        seen = [min(max(end, low), high) for end in span]
        style: Any = {"color": colour, "clip_on": False, "gid": name_mark(mark)}
        plot.plot(
            seen, [y, y], linewidth=width, solid_capstyle="butt", linestyle=(0, (2, 2)) if dashed else "-", **style
        )
        for end, shown, arrow in ((span[0], seen[0], "<"), (span[1], seen[1], ">")):
            if end != shown:
                plot.plot([shown], [y], marker=arrow, markersize=4, linestyle="none", markeredgewidth=0, **style)
            elif ends:
                plot.plot([shown, shown], [y - 2.5, y + 2.5], linewidth=width, **style)
