"""Rows by columns: what gap maps, tables of counts and traffic lights have in common.

On a page the label of a row stands left of its cells, on a phone above them where it is long. Heads of columns are level
where they have room, and turned where they have not.
"""

import math
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field

from livrev.show.figures.sheet import Sheet, measure, wrap
from livrev.show.figures.style import LINE, SMALL

_LABELS = 0.34  # the share of a page that labels may take
_SHORT = 0.2  # the share of a phone up to which labels stand beside their cells
_TURNED = {False: 60.0, True: 78.0}  # degrees, on a page and on a phone
_HEAD = 96.0  # points that a line of a turned head may take
_LEVEL = 3  # lines that a level head may take
Place = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Room:
    """Where one cell lies, in points: from *left* to *right*, about *y*."""

    left: float
    right: float
    y: float

    @property
    def x(self) -> float:
        """Its middle."""
        return (self.left + self.right) / 2


@dataclass(frozen=True, slots=True)
class Grid:
    """Rows and columns, the *cells* that are not empty, and how one is painted, which returns the number of its mark.

    A cell is *deep* points high and *widest* wide at most; the line of a column stands at the share *line* of it. *totals* stand
    before the cells of their rows, *notes* below all.
    """

    rows: Sequence[str]
    columns: Sequence[str]
    cells: Collection[Place]
    paint: Callable[[Sheet, Room, Place], int]
    deep: float
    widest: float = math.inf
    line: float = 0.5
    totals: Mapping[str, str] = field(default_factory=dict)
    notes: Sequence[str] = ()


def draw_grid(sheet: Sheet, grid: Grid) -> float:
    """Draw *grid* on *sheet*; return where it stops."""
    longest = max(measure(row) for row in grid.rows) + 8
    above = sheet.narrow and longest > _SHORT * sheet.width
    labels = 0.0 if above else min(_LABELS * sheet.width, longest)
    total = max((measure(said, bold=True) for said in grid.totals.values()), default=-8.0) + 8
    left = labels + total
    step, heads, angle = _place_heads(grid.columns, sheet.narrow, sheet.width - left, grid.widest)
    slope, rise = math.cos(math.radians(angle)), math.sin(math.radians(angle))
    reach = max(measure(line, SMALL) for lines in heads for line in lines)
    top = reach * rise + 10 + LINE if angle else LINE * max(map(len, heads)) + 6
    y = top
    middles = [left + step * (number + grid.line) for number in range(len(heads))]
    for x, said in zip(middles, heads, strict=True):
        for back, line in enumerate(reversed(said)):
            over = back * SMALL * 1.15
            if angle:
                sheet.write(x + 2 - over * rise, top - 4 - over * slope, line, size=SMALL, turned=angle)
            else:
                align = "center" if grid.line else "left"
                sheet.write(x, top - 5 - LINE * (back + 0.5), line, size=SMALL, align=align)
    for row in grid.rows:
        lines = wrap(row, sheet.width if above else labels - 6)
        high = LINE * len(lines) + grid.deep + 5 if above else max(LINE * len(lines), grid.deep) + 4
        sheet.line([0, left + step * len(heads)], [y, y], linewidth=0.6)
        middle = y + high - grid.deep / 2 - 2 if above else y + high / 2
        sheet.write_lines(0, y + 1 if above else middle - LINE * len(lines) / 2, lines)
        if row in grid.totals:
            sheet.write(left - 8, middle, grid.totals[row], bold=True, align="right")
        for number, column in enumerate(grid.columns):
            if (row, column) in grid.cells:
                room = Room(left + step * number, left + step * (number + 1), middle)
                grid.paint(sheet, room, (row, column))
        y += high
    for x in middles:
        sheet.line([x, x], [top, y], linewidth=0.6, zorder=-1)
    return sheet.write_notes(y + 4, grid.notes) + 2


def _place_heads(
    columns: Sequence[str], narrow: bool, room: float, widest: float
) -> tuple[float, list[list[str]], float]:
    """Return how wide a column is, the lines of its head, and by how many degrees heads are turned: not, where they fit level."""
    step = min(widest, room / len(columns))
    level = [wrap(column, step - 4, size=SMALL, hyphens=True) for column in columns]
    if all(len(lines) <= _LEVEL and measure(line, SMALL) <= step - 4 for lines in level for line in lines):
        return step, level, 0.0
    angle = _TURNED[narrow]
    slope, rise = math.cos(math.radians(angle)), math.sin(math.radians(angle))
    roomy = step * rise >= 2.6 * 1.15 * SMALL  # for two lines side by side
    turned = [wrap(column, _HEAD, size=SMALL, hyphens=True) if roomy else [column] for column in columns]
    for number, lines in enumerate(turned):  # the last heads must not leave the page
        step = min(step, (room - 8 - max(measure(line, SMALL) for line in lines) * slope) / (number + 0.5))
    return step, turned, angle
