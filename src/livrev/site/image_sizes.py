"""Tell the browser how large each picture will be, and which it may fetch later, so that no line jumps while a page loads."""

import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

from livrev.transaction import write_atomically

_PICTURE = re.compile(r'<img\b(?P<rest>[^>]*?\bsrc="[^"]*_images/(?P<name>[^"/]+\.svg)"[^>]*?)\s*/?>')
_SIZE = re.compile(r'<svg\b[^>]*?\bwidth="(?P<width>[\d.]+)pt"[^>]*?\bheight="(?P<height>[\d.]+)pt"')
_METADATA = re.compile(r"<metadata>.*?</metadata>\s*", re.DOTALL)
_PATH = re.compile(r'(?<= d=")[^"]*(?=")')
_DECIMALS = re.compile(r"(\.\d\d)\d+")
_PIXELS_A_POINT = 96 / 72
_HEAD = 2000
Size = tuple[int, int]


def connect(app: Sphinx) -> None:
    """Connect what this module does to Sphinx."""
    app.connect("html-page-context", _describe, priority=950)
    app.connect("build-finished", _slim, priority=400)


def give_sizes(body: str, size_of: Callable[[str], Size | None]) -> str:
    """Return *body* with width and height on each picture of known size; all pictures but the first wait to be near.

    *size_of* returns width and height in CSS pixels of a picture by its file name.
    """
    seen = 0

    def mend(match: re.Match[str]) -> str:
        nonlocal seen
        seen += 1
        size = size_of(match["name"])
        added = "" if seen == 1 or " loading=" in match["rest"] else ' loading="lazy"'
        if size and " width=" not in match["rest"]:
            added += f' width="{size[0]}" height="{size[1]}"'
        return f'<img{match["rest"]} decoding="async"{added} />'

    return _PICTURE.sub(mend, body)


@cache
def size_of_file(picture: Path) -> Size | None:
    """Return width and height, in CSS pixels, that an SVG gives in points; None where it gives none."""
    with picture.open(encoding="utf-8") as file:
        found = _SIZE.search(file.read(_HEAD))
    return (
        (round(float(found["width"]) * _PIXELS_A_POINT), round(float(found["height"]) * _PIXELS_A_POINT))
        if found
        else None
    )


def slim_picture(svg: str) -> str:
    """Return *svg* without its metadata, and with paths to a hundredth of a point, which no eye can tell."""

    def shorten(path: re.Match[str]) -> str:
        return " ".join(_DECIMALS.sub(r"\1", path[0]).split())

    return _PATH.sub(shorten, _METADATA.sub("", svg))


def _slim(app: Sphinx, error: Exception | None) -> None:
    if error is not None or app.builder.name != "html":
        return
    for picture in (Path(app.outdir) / "_images").glob("*.svg"):
        text = picture.read_text(encoding="utf-8")
        if "<metadata>" in text:
            write_atomically(picture, slim_picture(text))


def _describe(app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: nodes.document | None) -> None:
    if doctree is None or app.builder.name != "html":
        return
    places = {name: Path(app.srcdir) / source for source, name in app.builder.images.items()}
    context["body"] = give_sizes(
        str(context["body"]), lambda name: size_of_file(places[name]) if name in places else None
    )
