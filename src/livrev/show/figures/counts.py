"""Counts in rows and columns: as bars that begin at their column's line, or as bubbles with a second number in their area."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from livrev.show.figures.canvas import measure, name_mark, open_sheet, wrap, write
from livrev.show.figures.grid import Grid, Place, Room, draw_grid
from livrev.show.figures.scale import height_of_notes, write_notes
from livrev.show.figures.shown import Mark, ShownFigure, need_something, show
from livrev.show.figures.style import BLUE, BUBBLE, LINE, SMALL, Paper
from livrev.show.format import format_number

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_LEAST, _MOST = 15.0, 22.0  # points across the smallest bubble, which holds two digits, and the largest
_NOTE = "the number counts studies, the area grows with the patients"


def draw_counts(
    tally: Mapping[Place, int], *, of: str, by: str, rows: Sequence[str], columns: Sequence[str]
) -> ShownFigure:
    """Draw the number of each cell (row, column) of *tally* as a bar; *of* says what is counted, *by* what the columns are.

    Raises ValueError where nothing is counted.
    """
    cells = [(row, column) for row in rows for column in columns if tally.get((row, column))]
    need_something(cells, of)
    totals = {row: sum(tally[cell] for cell in cells if cell[0] == row) for row in rows}
    digits = max(measure(format_number(tally[cell])) for cell in cells) + 8
    longest = max(tally[cell] for cell in cells)

    def paint(page: Any, room: Room, cell: Place, mark: int) -> None:
        length = (room.right - room.left - digits) * tally[cell] / longest
        page.barh(room.y, length, left=room.left, height=9, color=BLUE)[0].set_gid(name_mark(mark))
        write(page, room.left + length + 2.5, room.y, format_number(tally[cell]), mark=mark)

    marks = [
        Mark(f"{row}, {column}: {tally[row, column]} of {totals[row]} {of}", {"row": row, by: column, of: tally[row, column]})
        for row, column in cells
    ]  # fmt: skip
    grid = Grid(
        rows, [column for column in columns if any(cell[1] == column for cell in cells)],
        {cell: number for number, cell in enumerate(cells)}, paint, 10, line=0, totals={row: format_number(n) for row, n in totals.items()},
    )  # fmt: skip
    alt = f"Bars of the number of {of}, in columns by {by}."
    return show(lambda paper: draw_grid(paper, grid), alt=alt, marks=marks)


def draw_gap_map(
    cells: Mapping[Place, tuple[int, int]], *, rows: Sequence[str], columns: Sequence[str], left_out: str = ""
) -> ShownFigure:
    """Draw one bubble a cell (row, column) -> (studies, patients): its area grows with the root of the patients.

    Its label is the number of studies. On a phone each row is a list of its bubbles. *left_out* says what is not drawn. Raises
    ValueError where there is no row or no column.
    """
    need_something(rows, "row")
    need_something(columns, "column")
    shown = [(row, column) for row in rows for column in columns if cells.get((row, column), (0, 0))[0]]
    marks = [
        Mark(
            f"{row} in {column}: {studies} {'study' if studies == 1 else 'studies'}, {patients} patients",
            {"row": row, "column": column, "studies": studies, "patients": patients},
        )
        for row, column in shown
        for studies, patients in [cells[row, column]]
    ]
    most = max([patients for _, patients in cells.values()] + [1])
    notes = [_NOTE, *([left_out] if left_out else [])]

    def paint(page: Any, room: Room, cell: Place, mark: int) -> None:
        studies, patients = cells[cell]
        across = _LEAST + (min(_MOST, room.right - room.left) - _LEAST) * (patients / most) ** 0.25
        page.scatter([room.x], [room.y], s=across**2, color=BUBBLE, linewidths=0, gid=name_mark(mark))
        write(page, room.x, room.y, str(studies), size=SMALL, bold=True, align="center", mark=mark)

    numbers = {cell: number for number, cell in enumerate(shown)}
    grid = Grid(rows, columns, numbers, paint, _MOST - 2, _MOST + 8, notes=notes)
    empty = len(rows) * len(columns) - len(shown)
    alt = f"Evidence gap map of {len(rows)} by {len(columns)} cells, {empty} of them empty."
    return show(lambda paper: _list(paper, grid) if paper.narrow else draw_grid(paper, grid), alt=alt, marks=marks)


def _list(paper: Paper, grid: Grid) -> "Figure":
    """Draw each row as its name and, below it, its bubbles with the names of their columns, as many a line as fit."""
    placed: list[tuple[float, float, Place]] = []
    heads: list[tuple[float, str]] = []
    y = 0.0
    for row in grid.rows:
        names = wrap(row, paper.width, bold=True)
        heads += [(y + LINE * (number + 0.5), line) for number, line in enumerate(names)]
        y += LINE * len(names) + 2
        x = 0.0
        for column in (column for column in grid.columns if (row, column) in grid.marks):
            wide = _MOST + 4 + measure(column, SMALL) + 8
            if x and x + wide > paper.width:
                x, y = 0.0, y + _MOST
            placed.append((x, y + _MOST / 2, (row, column)))
            x += wide
        y += _MOST + 6
    figure, page = open_sheet(paper, y + height_of_notes(grid.notes, paper.width) + 2)
    for middle, line in heads:
        write(page, 0, middle, line, bold=True)
    for x, middle, cell in placed:
        grid.paint(page, Room(x, x + _MOST, middle), cell, grid.marks[cell])
        write(page, x + _MOST + 4, middle, cell[1], size=SMALL, mark=grid.marks[cell])
    write_notes(page, y, grid.notes, paper.width)
    return figure
