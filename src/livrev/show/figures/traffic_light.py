"""Traffic lights: the risk of bias of each study, domain by domain, as signs that need no colour to be told apart."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from livrev.show.figures.canvas import measure, name_mark, open_sheet, wrap, write
from livrev.show.figures.shown import Mark, ShownFigure, need_something, show
from livrev.show.figures.style import BAND, BLUE, GRID, GROUND, INK, LINE, MUTED, SMALL, VERMILION, Paper

if TYPE_CHECKING:
    from matplotlib.figure import Figure

# Of each level: its sign, the ground and the edge of the light, and the ink of the sign.
LIGHTS = {
    "low": ("+", BLUE, BLUE, GROUND),
    "some concerns": ("!", BAND, VERMILION, INK),
    "high": ("–", VERMILION, VERMILION, GROUND),
    "no information": ("?", GROUND, MUTED, MUTED),
}
_SIZE, _STEP, _BEFORE_LAST = (
    12.0,
    44.0,
    8.0,
)  # points: a light, from one to the next at most, and the gap before the last
_TURNED = {False: 50.0, True: 74.0}  # degrees, on a page and on a phone


@dataclass(frozen=True, slots=True)
class Lights:
    """One study: its label, and its level in each column."""

    label: str
    levels: tuple[str, ...]


def draw_traffic_lights(rows: Sequence[Lights], *, columns: Sequence[str], tool: str) -> ShownFigure:
    """Draw one row of lights a study, a light for each of *columns*, the last of which sums up the others by *tool*.

    Raises ValueError where there is no study, or a row has not a level of LIGHTS for each column.
    """
    need_something(rows, "study")
    for row in rows:
        if len(row.levels) != len(columns) or not set(row.levels) <= set(LIGHTS):
            raise ValueError(f"{row.label}: needs one of {', '.join(LIGHTS)} for each of {', '.join(columns)}")
    said = [
        f"{row.label}: {row.levels[-1]} overall; "
        + ", ".join(f"{name} {level}" for name, level in zip(columns[:-1], row.levels[:-1], strict=True))
        for row in rows
    ]
    marks = [
        Mark(words, {"study": row.label, "tool": tool} | dict(zip(columns, row.levels, strict=True)))
        for words, row in zip(said, rows, strict=True)
    ]
    alt = f"Risk of bias of {len(rows)} studies by {tool}. {'. '.join(said)}."
    return show(lambda paper: _draw(paper, rows, columns), alt=alt, marks=marks)


def _draw(paper: Paper, rows: Sequence[Lights], columns: Sequence[str]) -> "Figure":
    angle = math.radians(_TURNED[paper.narrow])
    labels = 0.0 if paper.narrow else min(0.4 * paper.width, max(measure(row.label) for row in rows) + 8)
    longest = max(measure(name, SMALL, bold=True) for name in columns)
    room = paper.width - labels - longest * math.cos(angle) - _BEFORE_LAST - 6
    step = min(_STEP, room / len(columns))
    places = [labels + step * (number + 0.5) for number in range(len(columns))]
    places[-1] += _BEFORE_LAST
    top = longest * math.sin(angle) + 12
    lines = {row.label: wrap(row.label, paper.width - 8 if paper.narrow else labels - 6) for row in rows}
    heights = [
        LINE * len(lines[row.label]) + (_SIZE + 5 if paper.narrow else max(_SIZE + 4 - LINE, 5.0)) for row in rows
    ]
    bottom = top + sum(heights)
    figure, page = open_sheet(paper, bottom + 8 + 15 * (2 if paper.narrow else 1))
    for x, name in zip(places, columns, strict=True):
        write(page, x + 2, top - 5, name, size=SMALL, bold=name == columns[-1], turned=_TURNED[paper.narrow])
    y = top
    for mark, (row, height) in enumerate(zip(rows, heights, strict=True)):
        page.plot([0, paper.width], [y, y], color=GRID, linewidth=0.6, zorder=0)
        names = lines[row.label]
        first = y + 2 if paper.narrow else y + (height - LINE * len(names)) / 2
        for number, line in enumerate(names):
            write(page, 0, first + LINE * (number + 0.5), line, mark=mark)
        middle = y + height - _SIZE / 2 - 2.5 if paper.narrow else y + height / 2
        for x, level in zip(places, row.levels, strict=True):
            _light(page, x, middle, level, mark)
        y += height
    _draw_key(page, bottom + 12, paper)
    return figure


def _light(page: Any, x: float, y: float, level: str, mark: int | None = None) -> None:
    sign, face, edge, ink = LIGHTS[level]
    page.scatter([x], [y], s=_SIZE**2, facecolor=face, edgecolor=edge, linewidths=1.0, gid=name_mark(mark), zorder=2)
    if sign not in "+–":
        write(page, x, y, sign, bold=True, ink=ink, align="center", mark=mark)
        return
    reach = (
        _SIZE / 4.5
    )  # drawn, not written: letters in the colour of the page are no letters to whoever checks contrast
    style: Any = {"color": ink, "linewidth": 1.8, "solid_capstyle": "butt", "gid": name_mark(mark), "zorder": 3}
    page.plot([x - reach, x + reach], [y, y], **style)
    if sign == "+":
        page.plot([x, x], [y - reach, y + reach], **style)


def _draw_key(page: Any, y: float, paper: Paper) -> None:
    x = 8.0
    for number, level in enumerate(LIGHTS):
        if paper.narrow and number == 2:
            x, y = 8.0, y + 15
        _light(page, x, y, level)
        words = level if level == "no information" else f"{level} risk" if level != "some concerns" else level
        write(page, x + 10, y, words, size=SMALL, ink=MUTED)
        x += 126.0 if paper.narrow else 26 + measure(words, SMALL)
