"""One visual language for every figure: fonts, ink, and colours that colour-blind readers can tell apart."""

import io
from collections.abc import Iterator, Sized
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import matplotlib
from matplotlib.figure import Figure

# Okabe and Ito's palette, in the order in which neighbours differ most in lightness.
BLUE, ORANGE, GREEN, VERMILION, SKY, PURPLE, YELLOW, INK = (
    "#0072B2", "#E69F00", "#009E73", "#D55E00", "#56B4E9", "#CC79A7", "#F0E442", "#333333",
)  # fmt: skip
PALETTE = (BLUE, ORANGE, GREEN, PURPLE, SKY, VERMILION, YELLOW)
MUTED = "#767676"
WIDTH = 7.2  # inches: the text width of page and PDF

_RC: Any = {
    "font.family": "DejaVu Sans",
    "font.size": 9,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": MUTED,
    "axes.labelcolor": INK,
    "text.color": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "xtick.labelsize": 8.5,
    "ytick.labelsize": 8.5,
    "axes.titlesize": 10,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "legend.frameon": False,
    "legend.fontsize": 8.5,
    "figure.facecolor": "white",
    "svg.fonttype": "path",
    "svg.hashsalt": "livrev",
}


@contextmanager
def house_style() -> Iterator[None]:
    """Draw in the house style within the block; leave the reader's own settings as they were."""
    with matplotlib.rc_context(_RC):
        yield


def need_something(drawn: Sized, what: str) -> None:
    """Raise ValueError where there is nothing to draw: an empty picture would look like a result."""
    if not len(drawn):
        raise ValueError(f"there is nothing to draw: no {what}; choose other records, or leave the figure out")


@dataclass(frozen=True)
class ShownFigure:
    """A figure as a notebook shows it: a vector picture, and in words what is seen in it."""

    figure: Figure
    alt: str

    def __str__(self) -> str:
        return self.alt

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        return {"image/svg+xml": self.to_svg(), "text/plain": self.alt}

    def to_svg(self) -> str:
        """Return the picture as SVG, the same bytes every time."""
        buffer = io.StringIO()
        with house_style():
            self.figure.savefig(buffer, format="svg", bbox_inches="tight", metadata={"Date": None, "Creator": "livrev"})
        return buffer.getvalue()
