"""A figure as it is shown: a picture for a page and one for a phone, its words, and a row of data for each of its marks."""

from collections.abc import Callable, Sequence, Sized
from dataclasses import dataclass, field
from html import escape
from typing import TYPE_CHECKING, Any

import pandas as pd

from livrev.show.figures.sheet import NARROW, WIDE, Mark, Sheet

if TYPE_CHECKING:
    from matplotlib.figure import Figure

DATA_START, DATA_END = '<script type="text/csv">', "</script>"


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
    _kept: dict[bool, str] = field(default_factory=dict, repr=False, compare=False)

    def __str__(self) -> str:
        return self.alt

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        return {"image/svg+xml": self.to_svg(), "text/html": to_html(self), "text/plain": self.alt}

    def to_svg(self, *, narrow: bool = False) -> str:
        """Return the picture as SVG, the same bytes every time."""
        from livrev.show.figures.svg import write_svg

        if narrow not in self._kept:
            said = {f"mark-{number}": mark.said for number, mark in enumerate(self.marks)}
            self._kept[narrow] = write_svg(self.narrow if narrow else self.figure, said)
        return self._kept[narrow]


def show(draw: Callable[[Sheet], float], *, alt: str, told: bool = True, notes: Sequence[str] = ()) -> ShownFigure:
    """Return what *draw* draws on a page and a phone, cut where it stops, in words: *alt*, what is said of marks if *told*, and *notes*."""
    sheets = Sheet(WIDE), Sheet(NARROW, narrow=True)
    wide, narrow = (sheet.cut(draw(sheet)) for sheet in sheets)
    marks = sheets[0].marks
    said = f"{alt} {'; '.join(mark.said.rstrip('.') for mark in marks)}." if told else alt
    said += "".join(f" {note.rstrip('.')}." for note in notes)
    return ShownFigure(wide, narrow, said, tuple(marks))


def to_html(shown: ShownFigure) -> str:
    """Return the pictures and, as a block of data, the rows of their marks."""
    data = f"{DATA_START}{escape(to_csv(shown), quote=False)}{DATA_END}" if shown.marks else ""
    return draw_inline(shown) + data


def draw_inline(shown: ShownFigure) -> str:
    """Return the two pictures in one place, as a page shows them; screen readers pass over them, and read the words."""
    papers = ((False, 'class="wide" aria-hidden="true"'), (True, 'class="narrow" aria-hidden="true" display="none"'))
    pictures = (shown.to_svg(narrow=narrow).strip().replace("<svg ", f"<svg {how} ", 1) for narrow, how in papers)
    drawn = f'<span role="img" aria-label="{escape(shown.alt)}">{"".join(pictures)}</span>'
    return f'<span class="livrev-screen livrev-drawing">{drawn}</span>'


def to_csv(shown: ShownFigure) -> str:
    """Return the rows of all marks: one line a mark, the columns of the first mark that has them."""
    rows = pd.DataFrame([dict(mark.row) for mark in shown.marks], dtype=object)
    return rows.to_csv(index=False, lineterminator="\n")
