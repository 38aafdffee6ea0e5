"""The evidence gap map: where the studies are, and where there are none."""

import math
from collections.abc import Mapping, Sequence

from matplotlib.figure import Figure

from livrev.figures.style import BLUE, MUTED, WIDTH, ShownFigure, house_style, need_something


def draw_gap_map(
    cells: Mapping[tuple[str, str], tuple[int, int]], *, rows: Sequence[str], columns: Sequence[str]
) -> ShownFigure:
    """Draw one bubble a cell (row, column) -> (studies, patients): its area grows with the root of the patients.

    Its label is the number of studies. Raises ValueError where there is no row or no column.
    """
    need_something(rows, "row")
    need_something(columns, "column")
    most = max([patients for _, patients in cells.values()] + [1])
    with house_style():
        figure = Figure(figsize=(WIDTH + 1.2, 1.6 + 0.36 * len(rows)))
        axes = figure.subplots()
        for (row, column), (studies, patients) in cells.items():
            if row not in rows or column not in columns or not studies:
                continue
            x, y = columns.index(column), rows.index(row)
            area = 30 + 420 * math.sqrt(patients / most)
            axes.scatter([x], [y], s=area, color=BLUE, alpha=0.28, linewidths=0)
            axes.text(x, y, str(studies), ha="center", va="center", fontsize=8.5, fontweight="bold")
        for y in range(len(rows)):
            axes.axhline(y, color=MUTED, linewidth=0.25, zorder=0)
        axes.set_xticks(
            range(len(columns)), [_break(column) for column in columns], rotation=40, ha="left", rotation_mode="anchor"
        )
        axes.xaxis.tick_top()
        axes.set_yticks(range(len(rows)), rows)
        axes.set_xlim(-0.6, len(columns) - 0.4)
        axes.set_ylim(len(rows) - 0.4, -0.6)
        axes.tick_params(length=0)
        for side in axes.spines.values():
            side.set_visible(False)
    said = "; ".join(
        f"{row} × {column}: {cells[row, column][0]} studies, {cells[row, column][1]} patients"
        for row in rows
        for column in columns
        if cells.get((row, column), (0, 0))[0]
    )
    empty = sum(not cells.get((row, column), (0, 0))[0] for row in rows for column in columns)
    return ShownFigure(
        figure, f"Evidence gap map of {len(rows)} by {len(columns)} cells, {empty} of them empty. {said}."
    )


def _break(text: str) -> str:
    """Break a long label at the space or plus nearest to its middle."""
    if len(text) < 18:
        return text
    spaces = [place for place, character in enumerate(text) if character == " "]
    middle = min(spaces, key=lambda place: abs(place - len(text) / 2), default=None)
    return text if middle is None else text[:middle] + "\n" + text[middle + 1 :]
