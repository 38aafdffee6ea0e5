"""What matplotlib draws, written as a small SVG: words as words, each mark one group with what is said of it, nothing named.

Matplotlib's own SVG names its parts (two pictures on one page would share names), repeats its styles and lays out every word.
This is a renderer as matplotlib describes one (`RendererBase`), for what figures here are made of: lines, areas and dots in full
colour, and words of one line.
"""

from collections.abc import Mapping
from html import escape
from typing import Any

from matplotlib.backend_bases import GraphicsContextBase, RendererBase
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.path import Path
from matplotlib.text import Text
from matplotlib.transforms import Transform

_FONTS = "Noto Sans, Segoe UI, Roboto, Helvetica, Arial, sans-serif"
_COMMANDS = {Path.MOVETO: "M", Path.LINETO: "L", Path.CURVE3: "Q", Path.CURVE4: "C"}
_ANCHORS = {"left": "", "center": "middle", "right": "end"}
_CAPS = {"butt": "", "round": "round", "projecting": "square"}


class Word(Text):
    """One line of words: a picture anchors it, and needs no layout; elsewhere it is drawn as any text."""

    def draw(self, renderer: RendererBase) -> None:
        """Write it."""
        if isinstance(renderer, _Picture):
            renderer.write(self)
        else:
            super().draw(renderer)


class _Picture(RendererBase):
    """What was drawn on a page so high and wide, in this order; the parts of a mark stand where its first stands."""

    def __init__(self, width: float, height: float) -> None:
        super().__init__()
        self.width, self.height = width, height
        self.parts: dict[str | int, list[str]] = {}
        self._marks: list[str | None] = []

    def open_group(self, s: str, gid: str | None = None) -> None:
        self._marks.append(gid)

    def close_group(self, s: str) -> None:
        self._marks.pop()

    def draw_path(self, gc: GraphicsContextBase, path: Path, transform: Transform, face: Any = None) -> None:
        page = (0, 0, self.width, self.height) if face is None else None
        self._add(self._marks[-1], "path", {"d": _trace(path, transform, self.height, page)} | _style(gc, face))

    def draw_markers(
        self, gc: GraphicsContextBase, marker_path: Path, marker_trans: Transform, path: Path, trans: Transform,
        face: Any = None,
    ) -> None:  # fmt: skip
        for points, _ in path.iter_segments(trans, simplify=False):
            across, down = _round(float(points[-2])), _round(self.height - float(points[-1]))
            tag, place = "path", {"d": _trace(marker_path, marker_trans), "transform": f"translate({across} {down})"}
            if marker_path is Path.unit_circle():
                tag, place = "circle", {"cx": across, "cy": down, "r": _round(float(marker_trans.get_matrix()[0, 0]))}
            self._add(self._marks[-1], tag, place | _style(gc, face))

    def write(self, word: Word) -> None:
        """Write *word*, turned about its anchor."""
        x, y = word.get_transform().transform(word.get_position()).tolist()
        across, down, turned = _round(x), _round(self.height - y), word.get_rotation()
        attributes = {
            "x": across, "y": down, "transform": f"rotate({_round(-turned)} {across} {down})" if turned else "",
            "font-weight": "700" if word.get_fontweight() == "bold" else "", "font-size": f"{word.get_fontsize():g}",
            "text-anchor": _ANCHORS[word.get_horizontalalignment()], "fill": to_hex(word.get_color()),
        }  # fmt: skip
        self._add(word.get_gid(), "text", attributes, word.get_text())

    def _add(self, mark: str | None, tag: str, attributes: Mapping[str, str], said: str = "") -> None:
        written = "".join(f' {name}="{value}"' for name, value in attributes.items() if value)
        end = f">{escape(said, quote=False)}</{tag}>" if said else "/>"
        self.parts.setdefault(mark or len(self.parts), []).append(f"<{tag}{written}{end}")


def write_svg(figure: Figure, said: Mapping[str, str]) -> str:
    """Return *figure* as SVG; what bears the name of a mark stands together, titled with what is *said* of it."""
    width, height = (float(inches) * 72 for inches in figure.get_size_inches())
    picture, dpi = _Picture(width, height), figure.dpi
    figure.dpi = 72  # a point is the unit of the picture
    figure.draw(picture)
    figure.dpi = dpi
    body = ""
    for mark, parts in picture.parts.items():
        title = f"<title>{escape(said[mark], quote=False)}</title>" if isinstance(mark, str) else ""
        body += f'<g class="datum">{title}{"".join(parts)}</g>' if title else "".join(parts)
    size = f'viewBox="0 0 {_round(width)} {_round(height)}" width="{_round(width)}pt" height="{_round(height)}pt"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="{_FONTS}">{body}</svg>\n'


def _style(gc: GraphicsContextBase, face: Any) -> dict[str, str]:
    dashes: Any = gc.get_dashes()[1] or ()
    style = {"fill": "none" if face is None else to_hex(face), "stroke-dasharray": ",".join(map(_shorten, dashes))}
    if width := gc.get_linewidth():
        style |= {"stroke": to_hex(gc.get_rgb()), "stroke-width": "" if width == 1 else _shorten(width)}
        style["stroke-linecap"] = _CAPS[gc.get_capstyle()]
    return style


def _trace(path: Path, transform: Transform, height: float = 0, page: Any = None) -> str:
    """Return the commands that draw *path* down from a *height*, as far as it lies on the *page*."""
    traced = []
    for points, code in path.iter_segments(transform, clip=page, simplify=False):
        numbers = points.tolist()
        numbers[1::2] = [height - y for y in numbers[1::2]]
        traced.append("z" if code == Path.CLOSEPOLY else _COMMANDS[code] + " ".join(map(_round, numbers)))
    return "".join(traced)


def _round(number: float) -> str:
    """Return *number* to a hundredth; first to a millionth, so that no noise decides between two of them."""
    return _shorten(round(round(number, 6), 2) + 0.0, 2)


def _shorten(number: float, digits: int = 6) -> str:
    return f"{number:.{digits}f}".rstrip("0").rstrip(".")
