"""Bring the pictures of a page to where Typst may read them, in the colours of paper.

A figure may stand in a page as `<img>`, as `<object>` or drawn within the page (`<svg>`). A parser of HTML writes every
name in small letters, but SVG tells `viewBox` from `viewbox`; and a drawing within a page takes its colours from the
style sheets of the book, which Typst does not read. Both are mended here.
"""

import hashlib
import re
import shutil
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import unquote

from bs4 import Tag

from livrev.pdf.elements import Finder, new_tag
from livrev.pdf.failure import PdfFailed

_ON_SCREEN_ONLY = ".only-dark, .dark-only, .figure-dark"
_VARIABLE = re.compile(r"var\(\s*(--[\w-]+)\s*(?:,\s*((?:[^()]|\([^()]*\))*))?\)")
_DEFINED = re.compile(r"(--[\w-]+)\s*:\s*([^;{}]+)")
_INK = "#1f2933"
_CAPITALS = {
    name.lower(): name
    for name in (
        "clipPath", "linearGradient", "radialGradient", "textPath", "foreignObject", "viewBox", "preserveAspectRatio",
        "clipPathUnits", "gradientUnits", "gradientTransform", "spreadMethod", "patternUnits", "patternContentUnits",
        "patternTransform", "markerWidth", "markerHeight", "markerUnits", "refX", "refY", "maskUnits",
        "maskContentUnits", "filterUnits", "primitiveUnits", "stdDeviation", "textLength", "lengthAdjust",
        "startOffset", "pathLength",
    )
}  # fmt: skip


def copy_pictures(given: Finder, *, page: Path, workshop: Path, palette: Mapping[str, str]) -> None:
    """Bring pictures to *workshop*; a picture on another host becomes its description.

    *palette* holds the custom properties of the style sheets. Raises PdfFailed where a picture is missing.
    """
    folder = workshop / "images"
    folder.mkdir(exist_ok=True)
    for element in given.select(_ON_SCREEN_ONLY):
        element.decompose()
    for embedded in given.select("object[data], embed[src]"):
        address, said = str(embedded.get("data") or embedded.get("src")), str(embedded.get("aria-label") or "")
        embedded.replace_with(new_tag("img", src=address, alt=said or embedded.get_text(" ", strip=True)))
    for drawing in given.select("svg"):
        if drawing.find_parent("svg") is not None:
            continue
        source = draw_for_paper(drawing, palette)
        name = hashlib.sha256(source.encode()).hexdigest()[:20] + ".svg"
        (folder / name).write_text(source, encoding="utf-8")
        drawing.replace_with(new_tag("img", src=f"images/{name}", alt=_say_drawing(drawing)))
    for image in given.select("img"):
        for screen_only in ("width", "height"):
            image.attrs.pop(screen_only, None)  # a printed page is as wide as it is
        address = str(image.get("src", ""))
        if address.startswith("images/"):
            continue
        if re.match(r"(?i)[a-z]+:", address):
            image.replace_with(str(image.get("alt", "")))
            continue
        source_path = (page.parent / unquote(address.partition("?")[0])).resolve()
        if not source_path.is_file():
            raise PdfFailed(f"{page}: the picture {address} is missing; delete _build and run livrev build again")
        _copy(source_path, folder / source_path.name, palette)
        image["src"] = f"images/{source_path.name}"
    for link in given.select("a.image-reference"):
        link.unwrap()


def _copy(source: Path, target: Path, palette: Mapping[str, str]) -> None:
    """Copy a picture; in a drawing, colours of the style sheets become colours of paper."""
    if source.suffix != ".svg" or "var(" not in (text := source.read_text(encoding="utf-8")):
        shutil.copyfile(source, target)
    else:
        target.write_text(_paint(text, palette), encoding="utf-8")


def draw_for_paper(drawing: Tag, palette: Mapping[str, str]) -> str:
    """Return a drawing that stands in a page as a file of its own: its names as SVG has them, its colours resolved."""
    for element in [drawing, *drawing.find_all(True)]:
        element.name = _CAPITALS.get(element.name, element.name)
        element.attrs = {_CAPITALS.get(name, name): value for name, value in element.attrs.items()}
    for element in drawing.find_all(["script", "foreignObject", "button"]):
        element.decompose()
    drawing["xmlns"], drawing["xmlns:xlink"] = "http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"
    drawing.attrs.setdefault("color", _INK)
    return _paint(drawing.decode(formatter="minimal"), palette)


def _paint(source: str, palette: Mapping[str, str]) -> str:
    """Replace each custom property by its value, else by its fallback, else by ink."""
    for _ in range(4):
        painted = _VARIABLE.sub(lambda found: (palette.get(found[1]) or found[2] or _INK).strip(), source)
        if painted == source:
            break
        source = painted
    return source


def read_palette(static: Path) -> dict[str, str]:
    """Return the custom properties of the book's own style sheets, as they are in the light theme: the first to be given."""
    palette: dict[str, str] = {}
    for sheet in sorted(static.glob("livrev*.css")):
        for name, value in _DEFINED.findall(sheet.read_text(encoding="utf-8")):
            palette.setdefault(name, value.strip())
    return palette


def _say_drawing(drawing: Tag) -> str:
    """Return the description that the drawing gives of itself."""
    if label := str(drawing.get("aria-label", "")).strip():
        return label
    named = [drawing.find(name, recursive=False) for name in ("desc", "title")] + [drawing.find("title")]
    return next((text for tag in named if isinstance(tag, Tag) and (text := tag.get_text(" ", strip=True))), "")
