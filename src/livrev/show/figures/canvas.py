"""A sheet to draw on, measured in points from its upper left corner, and lettering that fits it.

Letters are measured in DejaVu Sans, which is wider than what readers' devices set in its place: what fits here fits there.
"""

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from livrev.show.figures.style import INK, SIZE, Paper

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def open_sheet(paper: Paper, height: float) -> tuple["Figure", Any]:
    """Return a figure *height* points high and axes over all of it whose units are points, y downwards."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(paper.width / 72, height / 72))
    return figure, lay_axes(figure, 0, paper.width)


def lay_axes(figure: "Figure", left: float, right: float) -> Any:
    """Return axes from *left* to *right* of *figure*, over its whole height: y in points downwards, x in points until scaled."""
    width, height = (float(inches) * 72 for inches in figure.get_size_inches())
    axes: Any = figure.add_axes((left / width, 0, (right - left) / width, 1))
    axes.set_axis_off()
    axes.set_xlim(left, right)
    axes.set_ylim(height, 0)
    return axes


def write(
    axes: Any, x: float, y: float, said: str, *, size: float = SIZE, bold: bool = False, ink: str = INK, align: str = "left",
    mark: int | None = None, turned: float = 0,
) -> None:  # fmt: skip
    """Write one line with its middle at *y*; *mark* is the number of the mark that it belongs to."""
    drop = 0 if turned else 0.36 * size
    axes.text(
        x, y + drop, said, fontsize=size, fontweight="bold" if bold else "normal", color=ink, ha=align, va="baseline",
        rotation=turned, rotation_mode="anchor", gid=name_mark(mark), parse_math=False,
    )  # fmt: skip


def name_mark(mark: int | None) -> str | None:
    """Return the name by which the parts of one mark are found again in the picture."""
    return None if mark is None else f"mark-{mark}"


@lru_cache(maxsize=8192)
def measure(said: str, size: float = SIZE, bold: bool = False) -> float:
    """Return how long *said* is, in points."""
    from matplotlib.font_manager import FontProperties
    from matplotlib.textpath import text_to_path

    font = FontProperties(family="DejaVu Sans", size=size, weight="bold" if bold else "normal")
    width, _, _ = text_to_path.get_text_width_height_descent(said, font, False)
    return float(width)


def wrap(said: str, width: float, *, size: float = SIZE, bold: bool = False, hyphens: bool = False) -> list[str]:
    """Return *said* in lines no longer than *width* points, cut after a hyphen too where *hyphens* says so.

    A single word that is longer keeps a line of its own.
    """
    lines: list[str] = []
    for paragraph in said.split("\n"):
        line = ""
        for word in re.split(r"(?<= )|(?<=-)" if hyphens else r"(?<= )", paragraph):
            longer = line + word
            if line and measure(longer.rstrip(), size, bold) > width:
                lines.append(line.rstrip())
                line = word
            else:
                line = longer
        lines.append(line.rstrip())
    return lines
