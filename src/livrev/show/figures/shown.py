"""A figure as it is shown: a picture for a page and one for a phone, its words, and a row of data for each of its marks.

A picture is a small SVG: words as words, each mark one group with what is said of it, nothing that needs a name. Matplotlib's
own SVG names its parts (two pictures on one page would share names), repeats its styles, and clips everything.
"""

import io
import re
from collections.abc import Callable, Iterator, Sequence, Sized
from dataclasses import dataclass, field
from html import escape
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

from livrev.show.figures.sheet import NARROW, WIDE, Mark, Sheet, house_style

if TYPE_CHECKING:
    from matplotlib.figure import Figure

DATA_START, DATA_END = '<script type="text/csv">', "</script>"
_SVG = "{http://www.w3.org/2000/svg}"
_LINK = "{http://www.w3.org/1999/xlink}href"
# Matplotlib draws a round mark as eight curves that begin at its lowest point.
_CIRCLE = re.compile(r"M0 ([\d.]+)(?:C[^A-Zz]*){8}z$")
_NUMBER = re.compile(r"-?\d+\.?\d*(?:e-?\d+)?")
_FONTS = "Noto Sans, Segoe UI, Roboto, Helvetica, Arial, sans-serif"
_DEFAULTS = {
    "stroke-linejoin": None, "stroke-miterlimit": None, "stroke-dashoffset": None, "font-family": None,
    "stroke-linecap": "butt", "text-anchor": "start", "fill-opacity": "1", "stroke-opacity": "1", "stroke-width": "1",
}  # fmt: skip
_Leaf = tuple[str, dict[str, str], str]


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
        return {"image/svg+xml": self.to_svg(), "text/html": to_html(self), "text/plain": self.alt}

    def to_svg(self, *, narrow: bool = False) -> str:
        """Return the picture as SVG, the same bytes every time."""
        paper = "narrow" if narrow else "wide"
        if paper not in self._kept:
            with house_style():
                self._kept[paper] = _write_svg(
                    self.narrow if narrow else self.figure, [mark.said for mark in self.marks]
                )
        return self._kept[paper]


def show(draw: Callable[[Sheet], float], *, alt: str, told: bool = True, notes: Sequence[str] = ()) -> ShownFigure:
    """Return what *draw* draws on a page and on a phone, each cut at the height that it returns, with its data and its words.

    The words are *alt*, then what is said of each mark, if it is *told*, and the *notes*.
    """
    with house_style():
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
    """Return the two pictures in one place, as a page shows them."""
    wide = _place(shown.to_svg(), "wide")
    narrow = _place(shown.to_svg(narrow=True), "narrow", ' display="none"')
    return (
        f'<span class="livrev-screen livrev-drawing">'
        f'<span role="img" aria-label="{escape(shown.alt)}">{wide}{narrow}</span></span>'
    )


def to_csv(shown: ShownFigure) -> str:
    """Return the rows of all marks: one line a mark, the columns of the first mark that has them."""
    import pandas as pd

    rows = pd.DataFrame([dict(mark.row) for mark in shown.marks], dtype=object)
    return rows.to_csv(index=False, lineterminator="\n")


def _place(svg: str, paper: str, more: str = "") -> str:
    """Return *svg* as part of a page: as wide as the page lets it, passed over by screen readers, who hear the words."""
    return svg.strip().replace("<svg ", f'<svg class="{paper}" aria-hidden="true"{more} ', 1)


def _write_svg(figure: "Figure", said: Sequence[str]) -> str:
    """Return *figure* as SVG; the parts of mark n stand together, titled with the n-th of *said*."""
    buffer = io.StringIO()
    figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None, "Format": None, "Type": None})
    root = ElementTree.fromstring(buffer.getvalue())
    shapes = {str(shape.get("id")): str(shape.get("d")) for shape in root.iter(f"{_SVG}path") if shape.get("id")}
    parts: dict[str, list[str]] = {}
    for number, (mark, leaf) in enumerate(_leaves(root, "", shapes)):
        parts.setdefault(mark or f"part {number}", []).append(_write(leaf))
    width, height = (_round(float(inches) * 72) for inches in figure.get_size_inches())
    body = "".join(_group(mark, written, said) for mark, written in parts.items())
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}pt" height="{height}pt"'
    )
    return f'{head} font-family="{_FONTS}">{body}</svg>\n'


def _leaves(element: ElementTree.Element, mark: str, shapes: dict[str, str]) -> Iterator[tuple[str, _Leaf]]:
    """Yield what is drawn, each with the mark that it belongs to; shapes that are used again are written where they are used."""
    name = element.get("id") or ""
    mark = name if name.startswith("mark-") else mark
    for child in element:
        tag = child.tag.removeprefix(_SVG)
        if tag in ("defs", "metadata"):
            continue
        style = dict(pair.split(": ", 1) for pair in (child.get("style") or "").split("; ") if pair)
        if tag == "path":
            yield mark, ("path", {"d": _flatten(child.get("d") or ""), **style}, "")
        elif tag == "use":
            x, y = (_round(float(child.get(side) or 0)) for side in "xy")
            shape = _flatten(shapes[(child.get(_LINK) or "#")[1:]])
            if circle := _CIRCLE.match(shape):
                yield mark, ("circle", {"cx": x, "cy": y, "r": circle[1], **style}, "")
            else:
                yield mark, ("path", {"d": shape, "transform": f"translate({x} {y})", **style}, "")
        elif tag == "text":
            place = {side: _round(float(child.get(side) or 0)) for side in "xy"}
            turned = re.match(r"rotate\((-?[\d.]+)", child.get("transform") or "")
            if turned and float(turned[1]):
                place["transform"] = f"rotate({_round(float(turned[1]))} {place['x']} {place['y']})"
            yield mark, ("text", {**place, **style}, child.text or "")
        else:
            yield from _leaves(child, mark, shapes)


def _write(leaf: _Leaf) -> str:
    tag, attributes, said = leaf
    kept = {
        name: value.removesuffix("px")
        for name, value in attributes.items()
        if name not in _DEFAULTS or _DEFAULTS[name] not in (None, value)
    }
    if kept.get("font-weight") == "400":
        del kept["font-weight"]
    written = "".join(f' {name}="{escape(value)}"' for name, value in kept.items())
    return f"<{tag}{written}>{escape(said, quote=False)}</{tag}>" if tag == "text" else f"<{tag}{written}/>"


def _group(mark: str, written: list[str], said: Sequence[str]) -> str:
    if not mark.startswith("mark-"):
        return "".join(written)
    return f'<g class="datum"><title>{escape(said[int(mark.removeprefix("mark-"))], quote=False)}</title>{"".join(written)}</g>'


def _flatten(path: str) -> str:
    """Return the commands of a path in one line, to a twentieth of a point and better."""
    path = _NUMBER.sub(lambda number: _round(float(number[0])), " ".join(path.split()))
    return re.sub(r" ?([MLCQz]) ?", r"\1", path)


def _round(number: float) -> str:
    return f"{number:.2f}".rstrip("0").rstrip(".") if round(number, 2) else "0"
