"""The picture that goes with a link to a chapter: its title on a quiet ground, 1200 by 630 dots."""

import textwrap
from typing import TYPE_CHECKING

from livrev.show.figures.style import BLUE, INK, MUTED, house_style

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def draw_title(title: str, book: str) -> "Figure":
    """Draw the picture of a chapter called *title* in *book*."""
    from matplotlib.figure import Figure

    with house_style():
        figure = Figure(figsize=(12, 6.3), facecolor="white")
        axes = figure.add_axes((0, 0, 1, 1))
        axes.set_axis_off()
        axes.set_xlim(0, 1)
        axes.set_ylim(0, 1)
        axes.axvspan(0, 0.02, color=BLUE)
        axes.text(
            0.08, 0.58, "\n".join(textwrap.wrap(title, 28)), fontsize=46, fontweight="bold", va="center", color=INK
        )
        axes.text(0.08, 0.14, "\n".join(textwrap.wrap(book, 60)), fontsize=22, va="center", color=MUTED)
    return figure
