"""The evidence gap map: where the studies are, and where there are none."""

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from livrev.show.figures.canvas import measure, name_mark, open_sheet, wrap, write
from livrev.show.figures.scale import height_of_notes, write_notes
from livrev.show.figures.shown import Mark, ShownFigure, need_something, show
from livrev.show.figures.style import BUBBLE, GRID, LINE, SMALL, Paper

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_LABELS = 0.36  # the share of a page that labels may take
_TURNED = {False: 60.0, True: 78.0}  # degrees, on a page and on a phone
_HEAD = 92.0  # points that a line of a head may take
_NOTE = "the number counts studies, the area grows with the patients"


def draw_gap_map(
    cells: Mapping[tuple[str, str], tuple[int, int]], *, rows: Sequence[str], columns: Sequence[str]
) -> ShownFigure:
    """Draw one bubble a cell (row, column) -> (studies, patients): its area grows with the root of the patients.

    Its label is the number of studies. Raises ValueError where there is no row or no column.
    """
    need_something(rows, "row")
    need_something(columns, "column")
    shown = [(row, column) for row in rows for column in columns if cells.get((row, column), (0, 0))[0]]
    marks = [
        Mark(
            f"{row} in {column}: {_count(cells[row, column][0], 'study', 'studies')}, {cells[row, column][1]} patients",
            {"row": row, "column": column, "studies": cells[row, column][0], "patients": cells[row, column][1]},
        )
        for row, column in shown
    ]
    said = "; ".join(f"{r} × {c}: {cells[r, c][0]} studies, {cells[r, c][1]} patients" for r, c in shown)
    empty = len(rows) * len(columns) - len(shown)
    alt = f"Evidence gap map of {len(rows)} by {len(columns)} cells, {empty} of them empty. {said}."
    return show(lambda paper: _draw(paper, cells, shown, rows, columns), alt=alt, marks=marks)


def _count(number: int, one: str, more: str) -> str:
    return f"{number} {one if number == 1 else more}"


def _draw(
    paper: Paper, cells: Mapping[tuple[str, str], tuple[int, int]], shown: Sequence[tuple[str, str]], rows: Sequence[str],
    columns: Sequence[str],
) -> "Figure":  # fmt: skip
    turned = _TURNED[paper.narrow]
    labels = 0.0 if paper.narrow else min(_LABELS * paper.width, max(measure(row) for row in rows) + 6)
    slope = math.cos(math.radians(turned))
    heads = {column: [column] if paper.narrow else wrap(column, _HEAD, size=SMALL, hyphens=True) for column in columns}
    long = {column: max(measure(line, SMALL) for line in lines) for column, lines in heads.items()}
    room = paper.width - labels - 8
    step = min((room - long[column] * slope) / (number + 0.5) for number, column in enumerate(columns))
    step = min(step, room / len(columns))
    most = max([patients for _, patients in cells.values()] + [1])
    lines = {row: wrap(row, paper.width if paper.narrow else labels - 6) for row in rows}
    cell = min(step, 20.0)
    heights = {
        row: LINE * len(lines[row]) + cell + 3 if paper.narrow else max(LINE * len(lines[row]) + 4, 20.0)
        for row in rows
    }
    top = max(long.values()) * math.sin(math.radians(turned)) + 10 + LINE
    height = top + sum(heights.values()) + 6
    figure, page = open_sheet(paper, height + height_of_notes([_NOTE], paper.width) + 2)
    places = {column: labels + step * (number + 0.5) for number, column in enumerate(columns)}
    for column, x in places.items():
        for back, line in enumerate(reversed(heads[column])):
            over = back * SMALL * 1.15
            write(
                page,
                x + 2 - over * math.sin(math.radians(turned)),
                top - 4 - over * slope,
                line,
                size=SMALL,
                turned=turned,
            )
        page.plot([x, x], [top, height - 4], color=GRID, linewidth=0.6, zorder=0)
    middles, y = {}, top
    for row in rows:
        middles[row] = y + (LINE * len(lines[row]) + cell / 2 if paper.narrow else heights[row] / 2)
        first = y if paper.narrow else middles[row] - LINE * len(lines[row]) / 2
        for number, line in enumerate(lines[row]):
            write(page, 0, first + LINE * (number + 0.5), line)
        page.plot([labels, labels + step * len(columns)], [middles[row]] * 2, color=GRID, linewidth=0.6, zorder=0)
        y += heights[row]
    widest = min(step, 24.0) * 0.98
    for mark, (row, column) in enumerate(shown):
        studies, patients = cells[row, column]
        diameter = 8 + (widest - 8) * (patients / most) ** 0.25
        x, y = places[column], middles[row]
        page.scatter([x], [y], s=diameter**2, color=BUBBLE, linewidths=0, gid=name_mark(mark))
        write(page, x, y, str(studies), size=SMALL, bold=True, align="center", mark=mark)
    write_notes(page, height, [_NOTE], paper.width)
    return figure
