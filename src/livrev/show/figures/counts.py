"""Counts in rows and columns: as bars that begin at their column's line, or as bubbles with a second number in their area."""

import pandas as pd

from livrev.show.figures.grid import Grid, Place, Room, draw_grid
from livrev.show.figures.sheet import Sheet, measure, name_mark, wrap
from livrev.show.figures.shown import ShownFigure, need_something, show
from livrev.show.figures.style import BLUE, BUBBLE, SMALL
from livrev.show.format import format_number

_LEAST, _MOST = 15.0, 22.0  # points across the smallest bubble, which holds two digits, and the largest
_NOTE = "the number counts studies, the area grows with the patients"


def counts(table: pd.DataFrame, *, of: str, by: str, most_first: bool = True) -> ShownFigure:
    """Draw a table of counts (`pd.crosstab`): a bar a cell, rows from top to bottom, columns from left to right.

    *of* says what is counted, *by* what the columns are; *most_first* orders the rows by their sums. Raises ValueError
    where nothing is counted.
    """
    if most_first:
        table = table.loc[_by_sum(table.sum(axis="columns"))]
    tally = _cells(table)
    need_something(tally, of)
    totals = {str(row): int(total) for row, total in table.sum(axis="columns").items()}
    digits = max(measure(format_number(number)) for number in tally.values()) + 8
    longest = max(tally.values())

    def paint(sheet: Sheet, room: Room, cell: Place) -> int:
        (row, column), number = cell, tally[cell]
        mark = sheet.mark(f"{row}, {column}: {number} of {totals[row]} {of}", {"row": row, by: column, of: number})
        length = (room.right - room.left - digits) * number / longest
        sheet.page.barh(room.y, length, left=room.left, height=9, color=BLUE)[0].set_gid(name_mark(mark))
        sheet.write(room.left + length + 2.5, room.y, format_number(number), mark=mark)
        return mark

    filled = [str(column) for column in table.columns if table[column].any()]
    said = {row: format_number(total) for row, total in totals.items()}
    grid = Grid(list(totals), filled, tally, paint, 10, line=0, totals=said)
    alt = f"Bars of the number of {of}, in columns by {by}."
    return show(lambda sheet: draw_grid(sheet, grid), alt=alt)


def gap_map(studies: pd.DataFrame, patients: pd.DataFrame, *, columns: int = 12) -> ShownFigure:
    """Draw where studies are: rows by columns of two pivot tables alike, a bubble a cell whose area grows with the patients.

    Rows and columns with the most studies come first; only so many *columns* are drawn, and the figure says how many are
    not. On a phone each row is a list of its bubbles. Raises ValueError where there is no row or no column.
    """
    heads = _by_sum(studies.sum())
    more = len(heads) - columns
    shown = studies.loc[_by_sum(studies.sum(axis="columns")), heads[:columns]]
    need_something(shown.index, "row")
    need_something(shown.columns, "column")
    tally, known = _cells(shown), _cells(patients)
    people = {cell: known.get(cell, 0) for cell in tally}
    notes = [_NOTE, *([f"the {columns} columns with the most studies; {more} more are not drawn"] if more > 0 else [])]
    most = max([*people.values(), 1])

    def paint(sheet: Sheet, room: Room, cell: Place) -> int:
        (row, column), number = cell, tally[cell]
        mark = sheet.mark(
            f"{row} in {column}: {number} {'study' if number == 1 else 'studies'}, {people[cell]} patients",
            {"row": row, "column": column, "studies": number, "patients": people[cell]},
        )
        across = _LEAST + (min(_MOST, room.right - room.left) - _LEAST) * (people[cell] / most) ** 0.25
        sheet.dot(room.x, room.y, mark, size=across - 1.1, ink=BUBBLE)
        sheet.write(room.x, room.y, str(number), size=SMALL, bold=True, align="center", mark=mark)
        return mark

    rows, names = list(map(str, shown.index)), list(map(str, shown.columns))
    grid = Grid(rows, names, tally, paint, _MOST - 2, _MOST + 8, notes=notes)
    alt = f"Evidence gap map of {len(shown)} by {shown.shape[1]} cells, {shown.size - len(tally)} of them empty."
    return show(lambda sheet: _list(sheet, grid) if sheet.narrow else draw_grid(sheet, grid), alt=alt)


def _by_sum(sums: "pd.Series[int]") -> "pd.Index[str]":
    return sums.sort_values(ascending=False, kind="stable").index


def _cells(table: pd.DataFrame) -> dict[Place, int]:
    """Return the cells of *table* that are not empty, row by row."""
    found = ((str(row), str(column), int(cells[column])) for row, cells in table.iterrows() for column in table.columns)
    return {(row, column): number for row, column, number in found if number}


def _list(sheet: Sheet, grid: Grid) -> float:
    """Draw each row as its name and, below it, its bubbles with the names of their columns, as many a line as fit."""
    y = 0.0
    for row in grid.rows:
        y = 2 + sheet.write_lines(0, y, wrap(row, sheet.width, bold=True), bold=True)
        x = 0.0
        for cell in (cell for cell in grid.cells if cell[0] == row):
            wide = _MOST + 4 + measure(cell[1], SMALL) + 8
            if x and x + wide > sheet.width:
                x, y = 0.0, y + _MOST
            mark = grid.paint(sheet, Room(x, x + _MOST, y + _MOST / 2), cell)
            sheet.write(x + _MOST + 4, y + _MOST / 2, cell[1], size=SMALL, mark=mark)
            x += wide
        y += _MOST + 6
    return sheet.write_notes(y, grid.notes) + 2
