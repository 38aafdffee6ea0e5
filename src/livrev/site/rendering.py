"""Fill the templates of the book's own parts: everything is escaped, and what a template misses fails the build."""

from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from livrev.records.safe_text import allowed_address
from livrev.show.tables import Link

TEMPLATES = Path(__file__).resolve().parent / "templates"
_FOLLOWED = ("https://", "http://", "../studies/", "../chapters/")
_environment = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined)
_environment.filters["address"] = lambda said: allowed_address(said) or "#"
_environment.tests["link"] = lambda said: (
    isinstance(said, Link) and said.address.startswith(_FOLLOWED) and bool(allowed_address(said.address))
)
Page = tuple[str, dict[str, Any], str]
"""A page as Sphinx collects it: its name, what the template is told, and the template."""


def render(template: str, **said: object) -> str:
    """Return the file *template* of `templates/`, filled with *said*."""
    return _environment.get_template(template).render(said)
