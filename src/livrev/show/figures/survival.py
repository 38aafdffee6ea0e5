"""Survival at printed times: a small field a comparison, both arms as lines from all alive, and how many more live of 1000."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from livrev.show.figures.canvas import measure, name_mark, open_sheet, wrap, write
from livrev.show.figures.scale import height_of_notes, write_notes
from livrev.show.figures.shown import Mark, ShownFigure, need_something, show
from livrev.show.figures.style import BLUE, GRID, GROUND, INK, LINE, MUTED, SMALL, Paper
from livrev.show.format import format_interval, format_number

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_DEEP, _GAP, _TICKS = (
    92.0,
    16.0,
    12.0,
)  # points: the height of a field, the space between fields, and that of the numbers below
_YEAR = 12
_NOTES = (
    "full dots: with the treatment; hollow dots: with the control; years since the beginning, percent alive as printed",
    "the straight lines between the dots are not the curves",
    "beside the dots: how many more of 1000 are alive with the treatment (bold where its 95 % interval holds no 0)",
)


@dataclass(frozen=True, slots=True)
class Alive:
    """Percent alive in both arms at a month; *more* of 1000 with its 95 percent interval, where there is one."""

    month: float
    treated: float
    control: float
    more: float
    interval: tuple[float, float] | None

    @property
    def sure(self) -> bool:
        """Tell whether the interval is known and holds no 0."""
        return self.interval is not None and not self.interval[0] <= 0 <= self.interval[1]


@dataclass(frozen=True, slots=True)
class Field:
    """One comparison: its title, what is said of its ratio, and its times in order."""

    title: str
    said: str
    times: Sequence[Alive]


def draw_survival(fields: Sequence[Field]) -> ShownFigure:
    """Draw *fields* side by side on one scale of time. Raises ValueError where there is none."""
    need_something(fields, "comparison")
    marks = [
        Mark(
            f"{field.title}, month {time.month:g}: {format_number(time.treated)} % alive with, "
            f"{format_number(time.control)} % without; {_more(time)} ({field.said})",
            {"comparison": field.title, "month": time.month, "treated_percent": time.treated, "control_percent": time.control,
             "more_of_1000": round(time.more), "low": time.interval and round(time.interval[0]),
             "high": time.interval and round(time.interval[1]), "ratio": field.said},
        )
        for field in fields
        for time in field.times
    ]  # fmt: skip
    alt = f"Survival over time in {len(fields)} comparisons."
    return show(lambda paper: _draw(paper, fields), alt=alt, marks=marks)


def _more(time: Alive) -> str:
    interval = f" ({format_interval(*time.interval)})" if time.interval else " (interval not known)"
    return f"{_signed(time.more)} of 1000 alive{interval}"


def _signed(more: float) -> str:
    return ("+" if round(more) > 0 else "") + format_number(more)


def _draw(paper: Paper, fields: Sequence[Field]) -> "Figure":
    across = 2 if paper.narrow else 3
    width = (paper.width - (across - 1) * _GAP) / across
    last = max(time.month for field in fields for time in field.times)
    rows = [fields[start : start + across] for start in range(0, len(fields), across)]
    heads = [max(LINE * len(_head(field, width)) for field in row) + 3 for row in rows]
    deep = sum(head + _DEEP + _TICKS + 8 for head in heads)
    figure, page = open_sheet(paper, deep + height_of_notes(_NOTES, paper.width) + 3)
    top, mark = 0.0, 0
    for row, head in zip(rows, heads, strict=True):
        for column, field in enumerate(row):
            left = column * (width + _GAP)
            for number, (line, bold) in enumerate(_head(field, width)):
                write(page, left, top + LINE * (number + 0.5), line, bold=bold, ink=INK if bold else MUTED)
            _draw_field(page, field, left, top + head, width, last, mark)
            mark += len(field.times)
        top += head + _DEEP + _TICKS + 8
    write_notes(page, top, list(_NOTES), paper.width)
    return figure


def _head(field: Field, width: float) -> list[tuple[str, bool]]:
    return [
        *((line, True) for line in wrap(field.title, width, bold=True)),
        *((line, False) for line in wrap(field.said, width)),
    ]


def _draw_field(page: Any, field: Field, left: float, top: float, width: float, last: float, mark: int) -> None:
    def place(month: float, percent: float) -> tuple[float, float]:
        return left + 18 + (width - 30) * month / last, top + 4 + (_DEEP - 4) * (1 - percent / 100)

    for height in (0, 50, 100):
        (x, y), (end, _) = place(0, height), place(last, height)
        page.plot([x, end], [y, y], color=GRID, linewidth=0.8, zorder=0)
        write(page, x - 3, y, f"{height}", size=SMALL, ink=MUTED, align="right")
    for year in range(1, int(last / _YEAR) + 1):
        x, y = place(year * _YEAR, 0)
        write(page, x, y + 7, f"{year}", size=SMALL, ink=MUTED, align="center")
    for name, colour in (("control", MUTED), ("treated", BLUE)):
        points = [place(0, 100), *(place(time.month, getattr(time, name)) for time in field.times)]
        page.plot([x for x, _ in points], [y for _, y in points], color=colour, linewidth=1.2, zorder=2)
    ends = 0.0  # where the last number above the lines ends
    for number, time in enumerate(field.times):
        gid = name_mark(mark + number)
        for percent, colour, face in ((time.control, MUTED, GROUND), (time.treated, BLUE, BLUE)):
            x, y = place(time.month, percent)
            page.plot(
                [x], [y], marker="o", markersize=4.4, color=colour, markerfacecolor=face, markeredgewidth=1.1, linestyle="none",
                gid=gid, zorder=3,
            )  # fmt: skip
        upper, lower = (place(time.month, end(time.treated, time.control)) for end in (max, min))
        half = measure(_signed(time.more), SMALL, time.sure) / 2
        beside = min(upper[0] + 7, left + width - half)
        if above := beside - half > ends + 1:
            ends = beside + half
        along, down = (beside, upper[1] - 9) if above else (lower[0], lower[1] + 9)
        if down > top + _DEEP - 4:  # it would stand on the years
            along, down = beside, upper[1] - 9 - LINE
        write(page, along, down, _signed(time.more), size=SMALL, bold=time.sure, align="center", mark=mark + number)
