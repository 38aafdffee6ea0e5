"""What figures are drawn on: a sheet measured in points from its upper left corner, and one visual language.

What is a single study is blue, what was pooled is vermilion; a hollow mark means that the interval holds no effect. A page
in the dark theme exchanges the inks below one by one (`livrev.css`), so a figure uses no other colour. Colour-blind readers
can tell them apart. Letters are measured in the face that they are drawn in; what devices set in its place is narrower.
"""

import math
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from livrev.show.fonts import sans_files

if TYPE_CHECKING:  # many pages need the inks and no figure, and matplotlib would cost them a quarter of a second
    from matplotlib.artist import Artist
    from matplotlib.figure import Figure
    from matplotlib.font_manager import FontProperties

# Okabe and Ito's palette, as far as it is used.
BLUE, VERMILION = "#0072b2", "#d55e00"
INK, MUTED, GRID, GROUND = "#333333", "#5f6770", "#e3e6ea", "#ffffff"
BAND, BUBBLE = "#fbeadc", "#c5e0f1"  # a pool's interval, and an area, behind words
ZONES = ("#f0f1f3", "#e0e3e6", "#cdd2d7")
INKS = (BLUE, VERMILION, INK, MUTED, GRID, GROUND, BAND, BUBBLE, *ZONES)
WIDE, NARROW = 518.0, 259.0  # points: a page, and a phone
SIZE, SMALL, LINE = 9.7, 9.3, 12.2  # points: letters, small letters, and from one line to the next


@cache
def font(size: float, *, bold: bool = False) -> "FontProperties":
    """Return what letters of *size* points are set in; DejaVu Sans has the arrows and some signs that Noto Sans lacks."""
    from matplotlib.font_manager import FontProperties

    sans_files()  # makes Noto Sans known to matplotlib
    return FontProperties(family=["Noto Sans", "DejaVu Sans"], size=size, weight="bold" if bold else "normal")


Value = str | float | int | None


class Mark(NamedTuple):
    """What is said of one mark of a figure when it is pointed at, and its row in the figure's data."""

    said: str
    row: Mapping[str, Value]


class Sheet:
    """A page *width* points wide, for words and marks; a *narrow* one is a phone's, where labels stand above the same marks."""

    def __init__(self, width: float, *, narrow: bool = False) -> None:
        from matplotlib.figure import Figure
        from matplotlib.transforms import Affine2D

        self.width, self.narrow, self.marks = width, narrow, list[Mark]()
        self.figure = Figure(figsize=(width / 72, 1), facecolor=GROUND)
        self._inches = Affine2D()
        self._points = self._inches + self.figure.dpi_scale_trans
        self._strokes: defaultdict[tuple[Any, ...], tuple[list[float], list[float]]] = defaultdict(lambda: ([], []))

    def mark(self, said: str, row: Mapping[str, Value]) -> int:
        """Add a mark, and return its number: what is *said* of it when it is pointed at, and its *row* in the figure's data."""
        self.marks.append(Mark(said, row))
        return len(self.marks) - 1

    def lay_plot(self, left: float, right: float) -> Any:
        """Return axes from *left* to *right*, above what is faint and below the words: y in points downwards, x until scaled."""
        plot: Any = self.figure.add_axes((left / self.width, 0, (right - left) / self.width, 1), zorder=1.5)
        plot.set_axis_off()
        plot.set_xlim(left, right)
        return plot

    def draw(self, artist: "Artist", mark: int | None = None, plot: Any = None) -> None:
        """Put an *artist* of matplotlib, a part of a *mark*, on a *plot*, or on the page, where it measures in points."""
        artist.set_gid(None if mark is None else f"mark-{mark}")
        artist.set_clip_on(False)
        if plot is None:
            artist.set_transform(self._points)
        (plot or self.figure).add_artist(artist)

    def write(
        self, x: float, y: float, said: str, *, size: float = SIZE, bold: bool = False, ink: str = INK, align: str = "left",
        mark: int | None = None, turned: float = 0,
    ) -> None:  # fmt: skip
        """Write one line with its middle at *y*."""
        from livrev.show.figures.svg import Word

        style: Any = {"color": ink, "fontproperties": font(size, bold=bold), "parse_math": False}
        style |= {"horizontalalignment": align, "rotation": turned, "rotation_mode": "anchor"}
        if said:
            self.draw(Word(x, y + (0 if turned else 0.36 * size), said, **style), mark)

    def write_lines(self, x: float, top: float, lines: Sequence[str], **style: Any) -> float:
        """Write *lines* below each other, the first below *top*; return where they stop. *style* is that of `write`."""
        for number, line in enumerate(lines):
            self.write(x, top + LINE * (number + 0.5), line, **style)
        return top + LINE * len(lines)

    def write_notes(self, top: float, notes: Sequence[str]) -> float:
        """Write *notes* in small letters over the whole width; return where they stop."""
        for note in notes:
            top = self.write_lines(0, top, wrap(note, self.width, size=SMALL), size=SMALL, ink=MUTED)
        return top

    def line(self, xs: Sequence[float], ys: Sequence[float], mark: int | None = None, **style: Any) -> None:
        """Draw a line along points; without a *style* it is a faint one behind everything."""
        look = {"color": GRID, "linewidth": 0.8, "zorder": 0} | style
        for strokes, places in zip(self._strokes[mark, *look.items()], (xs, ys), strict=True):
            strokes += [*places, math.nan]

    def dot(
        self, x: float, y: float, mark: int | None, *, size: float, ink: str, face: str | None = None, plot: Any = None,
        **style: Any,
    ) -> None:  # fmt: skip
        """Draw a dot *size* points wide before the lines, its *face* of another colour than its edge."""
        from matplotlib.lines import Line2D

        look: Any = {"marker": "o", "markersize": size, "markeredgewidth": 1.1, "linestyle": "none", "zorder": 3}
        self.draw(Line2D([x], [y], color=ink, markerfacecolor=face or ink, **(look | style)), mark, plot)

    def bar(
        self, x: float, y: float, long: float, high: float, mark: int | None = None, *, face: str = BLUE, **style: Any
    ) -> None:
        """Draw a bar from *x* to the right, its middle at *y*."""
        from matplotlib.patches import Rectangle

        look: Any = {"edgecolor": BLUE, "linewidth": 0} | style
        self.draw(Rectangle((x, y - high / 2), long, high, facecolor=face, **look), mark)

    def cut(self, height: float) -> "Figure":
        """Return the figure, cut *height* points below its top; lines of one style are one line with gaps."""
        from matplotlib.lines import Line2D

        for (mark, *style), (xs, ys) in self._strokes.items():
            self.draw(Line2D(xs[:-1], ys[:-1], **dict(style)), mark)
        self.figure.set_size_inches(self.width / 72, height / 72)
        self._inches.scale(1 / 72, -1 / 72).translate(0, height / 72)
        for axes in self.figure.axes:
            axes.set_ylim(height, 0)
        return self.figure


@lru_cache(maxsize=8192)
def measure(said: str, size: float = SIZE, bold: bool = False) -> float:
    """Return how long *said* is, in points."""
    from matplotlib.textpath import text_to_path

    width, _, _ = text_to_path.get_text_width_height_descent(said, font(size, bold=bold), False)
    return float(width)


def wrap(said: str, width: float, *, size: float = SIZE, bold: bool = False, hyphens: bool = False) -> list[str]:
    """Return *said* in lines of *width* points, cut after a hyphen too where *hyphens* says so; a longer word keeps a line of its own."""
    lines: list[str] = []
    for paragraph in said.split("\n"):
        line = ""
        for word in re.split(r"(?<= )(?!%)|(?<=-)" if hyphens else r"(?<= )(?!%)", paragraph):
            if line and measure((line + word).rstrip(), size, bold) > width:
                lines.append(line.rstrip())
                line = ""
            line += word
        lines.append(line.rstrip())
    return lines
