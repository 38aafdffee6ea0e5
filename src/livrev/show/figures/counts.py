"""Counts in rows and columns, each a bar that begins at its column's own line, with its number beside it."""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from livrev.show.figures.canvas import measure, name_mark, open_sheet, wrap, write
from livrev.show.figures.shown import Mark, ShownFigure, need_something, show
from livrev.show.figures.style import BLUE, GRID, LINE, SIZE, SMALL, Paper

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_LABELS = 0.31  # the share of a page that labels may take
_SHORT = 0.2  # the share of a phone up to which labels stand beside their bars
_TOTAL = 30.0  # points for the column of totals
_STEEP = 55.0  # degrees by which a phone's heads are turned


def draw_counts(
    pairs: Iterable[tuple[str, str]],
    *,
    of: str,
    by: str,
    order: Sequence[str] | None = None,
    rows: Sequence[str] | None = None,
) -> ShownFigure:
    """Draw how many *pairs* (row, column) there are of each kind; *of* says what is counted, *by* what the columns are.

    *order* gives the columns from left to right, *rows* the rows from top to bottom (default: by size). Raises ValueError
    where there is no pair, or where *order* or *rows* leaves one out.
    """
    tally = Counter(pairs)
    need_something(tally, of)
    totals = Counter(row for row, _ in tally.elements())
    rows = list(rows) if rows is not None else [row for row, _ in totals.most_common()]
    columns = list(order) if order is not None else sorted({column for _, column in tally})
    lost = sorted({f"{row}, {column}" for row, column in tally if row not in rows or column not in columns})
    if lost:
        raise ValueError(f"the figure would leave out {'; '.join(lost)}; name them in rows and order")
    columns = [column for column in columns if any(tally[row, column] for row in rows)]
    cells = [(row, column) for row in rows for column in columns if tally[row, column]]
    marks = [
        Mark(f"{row}, {column}: {tally[row, column]} of {totals[row]} {of}", {"row": row, by: column, of: tally[row, column]})
        for row, column in cells
    ]  # fmt: skip
    parts = [
        f"{row}: {totals[row]} (" + ", ".join(f"{tally[row, c]} {c}" for c in columns if tally[row, c]) + ")" for row in rows
    ]  # fmt: skip
    alt = f"Bars of the number of {of}, in columns by {by}. " + "; ".join(parts) + "."
    return show(lambda paper: _draw(paper, tally, totals, rows, columns), alt=alt, marks=marks)


def _draw(
    paper: Paper, tally: Counter[tuple[str, str]], totals: Counter[str], rows: Sequence[str], columns: Sequence[str]
) -> "Figure":  # fmt: skip
    longest_label = max(measure(row) for row in rows) + 6
    stacked = paper.narrow and longest_label > _SHORT * paper.width
    labels = 0.0 if stacked else min(_LABELS * paper.width, longest_label)
    step = (paper.width - labels - _TOTAL) / len(columns)
    if paper.narrow:
        slope = math.cos(math.radians(_STEEP))
        ends = [paper.width - labels - _TOTAL - 8 - measure(column, SMALL) * slope for column in columns]
        step = min([step, *(end / number for number, end in enumerate(ends) if number)])
    digits = max(measure(str(number)) for number in tally.values()) + 4
    longest = max(tally.values())
    room = paper.width - _TOTAL - 4 if stacked else labels - 6
    lines = {row: wrap(row, room) for row in rows}
    heads = {
        column: [column] if paper.narrow else wrap(column, step - 4, size=SMALL, hyphens=True) for column in columns
    }
    top = max(measure(column, SMALL) for column in columns) * 0.83 + 14 if paper.narrow else 0.0
    top = top or LINE * max(map(len, heads.values())) + 8
    heights = {row: LINE * len(lines[row]) + (15 if stacked else 5) for row in rows}
    _, page = sheet = open_sheet(paper, top + sum(heights.values()) + 4)
    starts = {column: labels + _TOTAL + step * number for number, column in enumerate(columns)}
    for column, x in starts.items():
        if paper.narrow:
            write(page, x + 5, top - 5, column, size=SMALL, turned=_STEEP)
        for back, line in enumerate(reversed(heads[column]) if not paper.narrow else ()):
            write(page, x, top - 8 - LINE * back, line, size=SMALL)
        page.plot([x, x], [top - 2, top + sum(heights.values())], color=GRID, linewidth=0.8, zorder=0)
    write(page, labels + _TOTAL - 8, top - 8, "all", size=SMALL, align="right")
    y, mark = top, 0
    for row in rows:
        bar = y + (LINE * len(lines[row]) + 6.5 if stacked else heights[row] / 2)
        for number, line in enumerate(lines[row]):
            write(page, 0, (y if stacked else bar - LINE * len(lines[row]) / 2) + LINE * (number + 0.5), line)
        write(page, labels + _TOTAL - 8, bar, str(totals[row]), bold=True, align="right")
        for column, x in starts.items():
            if not tally[row, column]:
                continue
            length = (step - digits - 4) * tally[row, column] / longest
            page.barh(bar, length, left=x, height=8.5, color=BLUE, gid=None)[0].set_gid(name_mark(mark))
            write(page, x + length + 2.5, bar, str(tally[row, column]), size=SIZE, mark=mark)
            mark += 1
        y += heights[row]
    return sheet[0]
