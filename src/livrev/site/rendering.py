"""Fill the templates of the book's own parts: everything is escaped, and what a template misses fails the build.

Pages of which there are hundreds, which the theme would take long to make one by one, are filled, too: the theme makes one, empty,
and the others are that page with their text.
"""

from collections.abc import Iterable
from html import escape
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from livrev.records.safe_text import allowed_address
from livrev.show.tables import Link
from livrev.transaction import write_if_changed

TEMPLATES = Path(__file__).resolve().parent / "templates"
_FOLLOWED = ("https://", "http://", "../studies/", "../chapters/")
_environment = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined)
_environment.filters["address"] = lambda said: allowed_address(said) or "#"
_environment.tests["link"] = lambda said: (
    isinstance(said, Link) and said.address.startswith(_FOLLOWED) and bool(allowed_address(said.address))
)
_TITLE = "livrev-shell-title"
Page = tuple[str, dict[str, Any], str]
"""A page as Sphinx collects it: its name, what the template is told, and the template."""


def render(template: str, **said: object) -> str:
    """Return the file *template* of `templates/`, filled with *said*."""
    return _environment.get_template(template).render(said)


def _body(folder: str) -> str:
    return f"<p>livrev-shell-of-{folder}</p>"  # by which page_assets knows what the pages will need


def empty_page(folder: str, about: str) -> Page:
    """Return the page that fill_pages fills for *folder*; a search engine is told what such a page is *about*."""
    context = {"title": _TITLE, "body": _body(folder), "description": f"{_TITLE}: {about}"}
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
