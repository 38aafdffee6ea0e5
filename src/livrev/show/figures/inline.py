"""A figure as it stands in a page: the wide picture and the phone's in one place, and its data, to be put into a file."""

import csv
import io
from html import escape

from livrev.show.figures.style import ShownFigure

DATA_START, DATA_END = '<script type="text/csv">', "</script>"


def to_html(shown: ShownFigure) -> str:
    """Return the pictures and, as a block of data, the rows of their marks."""
    data = f"{DATA_START}{escape(to_csv(shown), quote=False)}{DATA_END}" if shown.marks else ""
    return draw_inline(shown) + data


def draw_inline(shown: ShownFigure) -> str:
    """Return the two pictures in one place, as a page shows them."""
    wide = _place(shown.to_svg(), "wide")
    narrow = _place(shown.to_svg(narrow=True), "narrow", ' display="none"')
    return (
        f'<span class="livrev-screen livrev-drawing">'
        f'<span role="img" aria-label="{escape(shown.alt)}">{wide}{narrow}</span></span>'
    )


def to_csv(shown: ShownFigure) -> str:
    """Return the rows of all marks: one line a mark, the columns of the first mark that has them."""
    columns = list(dict.fromkeys(name for mark in shown.marks for name in mark.row))
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, columns, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(dict(mark.row) for mark in shown.marks)
    return buffer.getvalue()


def _place(svg: str, paper: str, more: str = "") -> str:
    """Return *svg* as part of a page: as wide as the page lets it, passed over by screen readers, who hear the words."""
    return svg.strip().replace("<svg ", f'<svg class="{paper}" aria-hidden="true"{more} ', 1)
