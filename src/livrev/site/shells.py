"""Pages that the theme would take long to make one by one: it makes one, empty, and the others are that page, filled."""

from collections.abc import Iterable
from html import escape
from pathlib import Path
from typing import Any

from livrev.site.build_cache import write_if_changed

_TITLE = "livrev-shell-title"
Page = tuple[str, dict[str, Any], str]
"""A page as Sphinx collects it: its name, what the template is told, and the template."""


def _body(folder: str) -> str:
    return f"<p>livrev-shell-of-{folder}</p>"  # by which page_assets knows what the pages will need


def empty_page(folder: str, about: str = "") -> Page:
    """Return the page that fill_pages fills for *folder*; a search engine is told what such a page is *about*."""
    context = {"title": _TITLE, "body": _body(folder)} | ({"description": f"{_TITLE}: {about}"} if about else {})
    return f"{folder}/shell", context, "page.html"


def fill_pages(html: Path, folder: str, pages: Iterable[tuple[str, str, str]]) -> None:
    """Write name, title and body of each of *pages* into *folder*, where there is an empty page for them; what else lies there goes.

    The index of the folder stays.
    """
    empty = html / folder / "shell.html"
    if not empty.is_file():
        return
    shell, gone = empty.read_text(encoding="utf-8"), {*empty.parent.glob("*.html")} - {empty.with_name("index.html")}
    for name, title, body in pages:
        place = empty.with_name(f"{name}.html")
        filled = shell.replace(f"{folder}/shell", f"{folder}/{name}").replace(_TITLE, escape(title))
        write_if_changed(place, filled.replace(_body(folder), body))
        gone.discard(place)
    for place in gone:
        place.unlink()
