"""Rows by columns: counts as bars that begin at their column's line, a gap map of bubbles, and the ground of traffic lights."""

import math
from collections.abc import Callable, Collection, Mapping, Sequence

import pandas as pd

from livrev.show.figures.sheet import BUBBLE, LINE, SMALL, Sheet, measure, wrap
from livrev.show.figures.shown import ShownFigure, need_something, show
from livrev.show.format import format_count, format_number

_LEAST, _MOST = 15.0, 22.0  # points across the smallest bubble, which holds two digits, and the largest
_NOTE = "the number counts studies, the area grows with the patients"
_LABELS = 0.34  # the share of a page that labels may take
_SHORT = 0.2  # the share of a phone up to which labels stand beside their cells
_TURNED = {False: 60.0, True: 78.0}  # degrees, on a page and on a phone
_HEAD = 96.0  # points that a line of a turned head may take
_LEVEL = 3  # lines that a level head may take
Place = tuple[str, str]
Paint = Callable[[Sheet, float, float, float, Place], int]
"""Draws what stands in a cell: on which sheet, its left edge, its middle (down), its width, and which; returns its mark."""


def draw_grid(
    sheet: Sheet, rows: Sequence[str], columns: Sequence[str], cells: Collection[Place], paint: Paint, *, deep: float,
    widest: float = math.inf, line: float = 0.5, totals: Mapping[str, int] | None = None, notes: Sequence[str] = (),
) -> float:  # fmt: skip
    """Draw *rows* and *columns* with what *paint* draws in those *cells* that are not empty; return where it stops.

    A cell is *deep* points high and *widest* wide at most, its column's line at the share *line* of it; *totals* stand before rows.
    """
    said = {row: format_number(number) for row, number in (totals or {}).items()}
    longest = max(measure(row) for row in rows) + 8
    above = sheet.narrow and longest > _SHORT * sheet.width
    labels = 0.0 if above else min(_LABELS * sheet.width, longest)
    left = labels + max((measure(total, bold=True) for total in said.values()), default=-8.0) + 8
    step, heads, angle = _place_heads(columns, sheet.narrow, sheet.width - left, widest)
    slope, rise = math.cos(math.radians(angle)), math.sin(math.radians(angle))
    reach = max(measure(line, SMALL) for head in heads for line in head)
    top = reach * rise + 10 + LINE if angle else LINE * max(map(len, heads)) + 6
    y, align = top, "left" if angle or not line else "center"
    middles = [left + step * (number + line) for number in range(len(heads))]
    for x, head in zip(middles, heads, strict=True):
        for back, words in enumerate(reversed(head)):
            over, above_line = back * SMALL * 1.15, top - 5 - LINE * (back + 0.5)
            at = (x + 2 - over * rise, top - 4 - over * slope) if angle else (x, above_line)
            sheet.write(*at, words, size=SMALL, align=align, turned=angle)
    for row in rows:
        lines = wrap(row, sheet.width if above else labels - 6)
        high = LINE * len(lines) + deep + 5 if above else max(LINE * len(lines), deep) + 4
        sheet.line([0, left + step * len(heads)], [y, y], linewidth=0.6)
        middle = y + high - deep / 2 - 2 if above else y + high / 2
        sheet.write_lines(0, y + 1 if above else middle - LINE * len(lines) / 2, lines)
        sheet.write(left - 8, middle, said.get(row, ""), bold=True, align="right")
        for number, column in enumerate(columns):
            if (row, column) in cells:
                paint(sheet, left + step * number, middle, step, (row, column))
        y += high
    for x in middles:
        sheet.line([x, x], [top, y], linewidth=0.6, zorder=-1)
    return sheet.write_notes(y + 4, notes) + 2


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


def counts(table: pd.DataFrame, *, of: str, by: str, most_first: bool = True) -> ShownFigure:
    """Draw a table of counts (`pd.crosstab`), a bar a cell; *of* says what is counted, *by* what the columns are.

    *most_first* orders the rows by their sums. Raises ValueError where nothing is counted.
    """
    if most_first:
        table = table.loc[_by_sum(table.sum(axis="columns"))]
    tally = _cells(table)
    need_something(tally, of)
    totals = {str(row): int(total) for row, total in table.sum(axis="columns").items()}
    digits = max(measure(format_number(number)) for number in tally.values()) + 8
    longest = max(tally.values())

    def paint(sheet: Sheet, x: float, y: float, width: float, cell: Place) -> int:
        (row, column), number = cell, tally[cell]
        mark = sheet.mark(f"{row}, {column}: {number} of {totals[row]} {of}", {"row": row, by: column, of: number})
        length = (width - digits) * number / longest
        sheet.bar(x, y, length, 9, mark)
        sheet.write(x + length + 2.5, y, format_number(number), mark=mark)
        return mark

    rows, filled = list(totals), [str(column) for column in table.columns if table[column].any()]
    alt = f"Bars of the number of {of}, in columns by {by}."
    return show(lambda sheet: draw_grid(sheet, rows, filled, tally, paint, deep=10, line=0, totals=totals), alt=alt)


def gap_map(studies: pd.DataFrame, patients: pd.DataFrame, *, columns: int = 12) -> ShownFigure:
    """Draw where studies are: rows by columns of two pivot tables alike, a bubble a cell whose area grows with the patients.

    Rows and columns with the most studies come first; only so many *columns* are drawn, and the figure says how many are
    not. On a phone each row is a list of its bubbles. Raises ValueError where there is no row or no column.
    """
    more = studies.shape[1] - columns
    shown = studies.loc[_by_sum(studies.sum(axis="columns")), _by_sum(studies.sum())[:columns]]
    need_something(shown.index, "row")
    need_something(shown.columns, "column")
    tally = _cells(shown)
    people = dict.fromkeys(tally, 0) | _cells(patients)
    notes = [_NOTE, *([f"the {columns} columns with the most studies; {more} more are not drawn"] if more > 0 else [])]
    most = max([*(people[cell] for cell in tally), 1])

    def paint(sheet: Sheet, x: float, y: float, width: float, cell: Place) -> int:
        (row, column), number = cell, tally[cell]
        said = f"{row} in {column}: {format_count(number, 'study')}, {format_count(people[cell], 'patient')}"
        mark = sheet.mark(said, {"row": row, "column": column, "studies": number, "patients": people[cell]})
        across = _LEAST + (min(_MOST, width) - _LEAST) * (people[cell] / most) ** 0.25
        sheet.dot(x + width / 2, y, mark, size=across - 1.1, ink=BUBBLE)
        sheet.write(x + width / 2, y, str(number), size=SMALL, bold=True, align="center", mark=mark)
        return mark

    rows, names = list(map(str, shown.index)), list(map(str, shown.columns))

    def draw(sheet: Sheet) -> float:
        if sheet.narrow:
            return _list(sheet, rows, tally, paint, notes)
        return draw_grid(sheet, rows, names, tally, paint, deep=_MOST - 2, widest=_MOST + 8, notes=notes)

    alt = f"Evidence gap map of {len(shown)} by {shown.shape[1]} cells, {shown.size - len(tally)} of them empty."
    return show(draw, alt=alt)


def _by_sum(sums: "pd.Series[int]") -> "pd.Index[str]":
    return sums.sort_values(ascending=False, kind="stable").index


def _cells(table: pd.DataFrame) -> dict[Place, int]:
    """Return the cells of *table* that are not empty, row by row."""
    found = ((str(row), str(column), int(cells[column])) for row, cells in table.iterrows() for column in table.columns)
    return {(row, column): number for row, column, number in found if number}


def _list(sheet: Sheet, rows: Sequence[str], cells: Collection[Place], paint: Paint, notes: Sequence[str]) -> float:
    """Draw each row as its name and, below it, its bubbles with the names of their columns, as many a line as fit."""
    y = 0.0
    for row in rows:
        y = 2 + sheet.write_lines(0, y, wrap(row, sheet.width, bold=True), bold=True)
        x = 0.0
        for cell in (cell for cell in cells if cell[0] == row):
            wide = _MOST + 12 + measure(cell[1], SMALL)
            if x and x + wide > sheet.width:
                x, y = 0.0, y + _MOST
            mark = paint(sheet, x, y + _MOST / 2, _MOST, cell)
            sheet.write(x + _MOST + 4, y + _MOST / 2, cell[1], size=SMALL, mark=mark)
            x += wide
        y += _MOST + 6
    return sheet.write_notes(y, notes) + 2
