"""Print citations in plain English (`Finn and others, 2020`), and look each style of pybtex up only once."""

from dataclasses import dataclass, field

from pybtex.plugin import find_plugin, register_plugin
from sphinxcontrib.bibtex.plugin import register_plugin as register_reference_style
from sphinxcontrib.bibtex.style.referencing import PersonStyle
from sphinxcontrib.bibtex.style.referencing.author_year import AuthorYearReferenceStyle

HOUSE_STYLE = "livrev"
# pybtex searches all installed packages for a style each time that an entry is formatted, unless the style is registered.
_LOOKED_UP = (
    ("pybtex.style.formatting", "alpha"),
    ("pybtex.style.names", "plain"),
    ("pybtex.style.names", "last"),
    ("pybtex.style.labels", "alpha"),
    ("pybtex.style.sorting", "author_year_title"),
    ("pybtex.backends", "html"),
    ("pybtex.backends", "latex"),
)


def _person_style() -> PersonStyle:
    return PersonStyle(style="last", abbreviate=False, other=" and others")


@dataclass
class HouseReferenceStyle(AuthorYearReferenceStyle):  # type: ignore[misc]
    """Author and year, and no Latin."""

    person: PersonStyle = field(default_factory=_person_style)


def register_styles() -> None:
    """Register the house style for citations, and what pybtex would otherwise search for again and again."""
    register_reference_style("sphinxcontrib.bibtex.style.referencing", HOUSE_STYLE, HouseReferenceStyle, force=True)
    for group, name in _LOOKED_UP:
        register_plugin(group, name, find_plugin(group, name), force=True)
