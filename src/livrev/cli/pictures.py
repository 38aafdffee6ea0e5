"""Write the plot of a pool or a network to a file: ratios and shares by `show`, differences on a linear scale here."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from livrev.cli.exits import fail

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from livrev.show.figures.shown import ShownFigure

SUFFIXES = (".svg", ".png", ".pdf")
_ROW, _TOP, _AXIS = 17.0, 26.0, 30.0  # points: a row, what stands above the rows, and what stands below
_NUMBERS = 150.0  # points that numbers take at the right
_INK = "#333333"


@dataclass(frozen=True, slots=True)
class PlotRow:
    """One row of a plot: a study with its weight in percent, or (without) a summary; *title* begins a group."""

    label: str
    value: float
    low: float
    high: float
    weight: float | None = None
    title: str = ""


def refuse_other_pictures(path: Path | None) -> None:
    """End the command where *path* bears the name of no picture that can be written."""
    if path is not None and path.suffix.lower() not in SUFFIXES:
        fail(f"{path}: is no name of a picture; end it in {', '.join(SUFFIXES)}", 2)


def write_picture(figure: "ShownFigure | Figure", path: Path) -> None:
    """Write *figure* to *path*, in the format that its name says; end the command where it cannot be written."""
    from livrev.show.figures.shown import ShownFigure
    from livrev.show.figures.style import house_style

    try:
        if isinstance(figure, ShownFigure) and path.suffix.lower() == ".svg":
            path.write_text(figure.to_svg(), encoding="utf-8")
            return
        drawn = figure.figure if isinstance(figure, ShownFigure) else figure
        stamp = {".pdf": {"CreationDate": None}, ".svg": {"Date": None}, ".png": {}}[path.suffix.lower()]
        with house_style():
            drawn.savefig(path, dpi=200, metadata=stamp)  # the same bytes every time
    except OSError as error:
        fail(f"{path}: the picture cannot be written ({error.strerror or error}); choose another place")


def draw_differences(rows: Sequence[PlotRow], *, head: str, notes: Sequence[str]) -> "Figure":
    """Draw differences with their intervals about 0, studies as squares and summaries as diamonds."""
    from matplotlib.ticker import MaxNLocator

    from livrev.show.figures.canvas import lay_axes, measure, open_sheet, wrap, write
    from livrev.show.figures.style import BLUE, GRID, MUTED, SMALL, VERMILION, WIDE, house_style

    with house_style():
        said = [line for note in notes for line in wrap(note, WIDE.width, size=SMALL)]
        many = len(rows) + sum(bool(row.title) for row in rows)
        bottom = _TOP + _ROW * many
        sheet, page = open_sheet(WIDE, bottom + _AXIS + 11 * len(said))
        left = min(200.0, 12 + max(measure(row.label) for row in rows))
        right = WIDE.width - _NUMBERS
        ends = [end for row in rows for end in (row.low, row.high)]
        spread = sorted(row.high - row.low for row in rows)[len(rows) // 2]
        middle = rows[-1].value
        low = min(0.0, max(min(ends), middle - 4 * spread))
        high = max(0.0, min(max(ends), middle + 4 * spread))
        plot = lay_axes(sheet, left, right)
        plot.set_xlim(low - 0.04 * (high - low), high + 0.04 * (high - low))
        write(page, WIDE.width, _TOP - 12, head, align="right", bold=True)
        for tick in MaxNLocator(5).tick_values(low, high):
            if plot.get_xlim()[0] <= tick <= plot.get_xlim()[1]:
                plot.plot([tick, tick], [_TOP, bottom], color=MUTED if tick == 0 else GRID, linewidth=0.7, zorder=0)
                plot.text(tick, bottom + 14, f"{tick:g}".replace("-", "−"), ha="center", fontsize=SMALL)
        y = _TOP - _ROW / 2
        for row in rows:
            if row.title:
                y += _ROW
                write(page, 0, y, row.title, bold=True)
            y += _ROW
            write(page, 0, y, next(iter(wrap(row.label, left))), bold=row.weight is None)
            pooled = row.weight is None
            ink = VERMILION if pooled else BLUE
            plot.plot([row.low, row.high], [y, y], color=ink, linewidth=1.3, clip_on=True)
            size = 7.0 if pooled else 3 + 7 * math.sqrt((row.weight or 0) / 100)
            plot.plot([row.value], [y], marker="D" if pooled else "s", color=ink, markersize=size)
            weight = "" if row.weight is None else f"   {row.weight:.0f} %"
            numbers = f"{row.value:.3g} ({row.low:.3g} to {row.high:.3g})".replace("-", "−")
            write(page, WIDE.width, y, numbers + weight, align="right", size=SMALL)
        for i, line in enumerate(said):
            write(page, 0, bottom + _AXIS + 11 * i, line, size=SMALL, ink=MUTED)
        return sheet
