"""A page arrives quickly on a slow line: it is light, and asks for nothing that is not there."""

import gzip
import re
from functools import cache
from pathlib import Path

from livrev.site.assets import _UNUSED_CLASS, ICONS

MOST = 300_000
# Tools, not pages to read: the explorer has a limit of its own, and the search carries every word of the book.
HEAVY = {"chapters/explorer.html": 10 * MOST, "search.html": 380_000}
LOADED = re.compile(
    r'<(?:script|img)\b[^>]*?\bsrc="([^"]+)"|<link\b[^>]*?\brel="(?:stylesheet|icon)"[^>]*?\bhref="([^"]+)"'
)
CLASSES = re.compile(r'\bclass="([^"]*)"')


@cache
def sent(file: Path) -> int:
    return len(gzip.compress(file.read_bytes(), 9))


def loaded(page: Path, text: str) -> set[Path]:
    """Return what a page asks for when it is opened, letters included; a picture further down is fetched when a reader
    comes near it.
    """
    text = re.sub(r'<img\b[^>]*loading="lazy"[^>]*>', "", text)
    names = {(a or b).partition("?")[0] for a, b in LOADED.findall(text)}
    files = {(page.parent / name).resolve() for name in names if not name.startswith("data:")}
    style = next((file for file in files if file.name == "book.css"), None)
    return files | (set(style.parent.glob("fonts/*-basic-*.woff")) if style else set())


def test_no_page_is_heavy_and_what_it_asks_for_is_there(html: Path) -> None:
    heavy, missing = [], []
    for page in sorted(html.rglob("*.html")):
        name = page.relative_to(html).as_posix()
        files = loaded(page, page.read_text(encoding="utf-8"))
        missing += [f"{name}: {file.name}" for file in files if not file.is_file()]
        weight = sent(page) + sum(sent(file) for file in files if file.is_file())
        if weight > HEAVY.get(name, MOST):
            heavy.append(f"{name}: {weight / 1000:.0f} kB")
    assert not missing
    assert not heavy


def test_every_icon_is_drawn_and_no_style_in_use_was_left_out(html: Path) -> None:
    used = {
        name
        for page in html.rglob("*.html")
        for names in CLASSES.findall(page.read_text(encoding="utf-8"))
        for name in names.split()
    }
    icons = {name.removeprefix("fa-") for name in used if name.startswith("fa-")} - {"solid", "lg"}
    assert icons <= set(ICONS)
    dropped = {name for name in used if _UNUSED_CLASS.search(f".{name}")} - {f"fa-{name}" for name in icons}
    assert dropped <= {"fa-solid", "fas", "fa-lg"}
