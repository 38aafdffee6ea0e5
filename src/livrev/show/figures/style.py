"""One visual language for every figure: two papers, few inks, and colours that colour-blind readers can tell apart.

What is a single study is blue, what was pooled is vermilion; a hollow mark means that the interval holds no effect. A page
in the dark theme exchanges the inks below one by one (`livrev.css`), so a figure uses no other colour.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence, Sized
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.figure import Figure


# Okabe and Ito's palette, as far as it is used.
BLUE, VERMILION = "#0072b2", "#d55e00"
INK, MUTED, GRID, GROUND = "#333333", "#5f6770", "#e3e6ea", "#ffffff"
BAND, BUBBLE = "#fbeadc", "#c5e0f1"  # a pool's interval, and an area, behind words
ZONES = ("#f0f1f3", "#e0e3e6", "#cdd2d7")
INKS = (BLUE, VERMILION, INK, MUTED, GRID, GROUND, BAND, BUBBLE, *ZONES)
SIZE, SMALL, LINE = 8.5, 8.0, 10.8  # points: letters, small letters, and from one line to the next

_RC: Any = {
    "font.family": "DejaVu Sans",
    "font.size": SIZE,
    "text.color": INK,
    "figure.facecolor": GROUND,
    "svg.fonttype": "none",
    "svg.hashsalt": "livrev",
}

Value = str | float | int | None


@dataclass(frozen=True, slots=True)
class Paper:
    """What a figure is drawn on: its width in points, and whether it is a phone's, where a label stands above its mark."""

    width: float
    narrow: bool = False


WIDE, NARROW = Paper(518.0), Paper(259.0, narrow=True)


@dataclass(frozen=True, slots=True)
class Mark:
    """What is said of one mark of a figure when it is pointed at, and its row in the figure's data."""

    said: str
    row: Mapping[str, Value]


@contextmanager
def house_style() -> Iterator[None]:
    """Draw in the house style within the block; leave the reader's own settings as they were."""
    import matplotlib

    with matplotlib.rc_context(_RC):
        yield


def need_something(drawn: Sized, what: str) -> None:
    """Raise ValueError where there is nothing to draw: an empty picture would look like a result."""
    if not len(drawn):
        raise ValueError(f"there is nothing to draw: no {what}; choose other records, or leave the figure out")


@dataclass(frozen=True)
class ShownFigure:
    """A figure as a notebook shows it: a vector picture for a page and one for a phone, in words, and as data."""

    figure: "Figure"
    narrow: "Figure"
    alt: str
    marks: Sequence[Mark]
    _kept: dict[str, str] = field(default_factory=dict, repr=False, compare=False)

    def __str__(self) -> str:
        return self.alt

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        from livrev.show.figures.inline import to_html

        return {"image/svg+xml": self.to_svg(), "text/html": to_html(self), "text/plain": self.alt}

    def to_svg(self, *, narrow: bool = False) -> str:
        """Return the picture as SVG, the same bytes every time."""
        from livrev.show.figures.svg import write_svg

        paper = "narrow" if narrow else "wide"
        if paper not in self._kept:
            with house_style():
                self._kept[paper] = write_svg(
                    self.narrow if narrow else self.figure, [mark.said for mark in self.marks]
                )
        return self._kept[paper]


def show(draw: Callable[[Paper], "Figure"], *, alt: str, marks: Sequence[Mark]) -> ShownFigure:
    """Return what *draw* draws on both papers, with its words and data."""
    with house_style():
        return ShownFigure(draw(WIDE), draw(NARROW), alt, tuple(marks))
