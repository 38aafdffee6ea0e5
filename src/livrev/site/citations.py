"""Print citations in plain English (`Finn and others, 2020`), marked where what they cite was retracted or corrected."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from html import escape, unescape
from importlib import metadata
from string import ascii_lowercase
from typing import Any, ClassVar
from unicodedata import normalize

from docutils import nodes
from pybtex import plugin
from pybtex.backends.html import Backend as HtmlBackend
from pybtex.bibtex.utils import split_name_list
from pybtex.database import Person
from pybtex.plugin import register_plugin
from pybtex.richtext import Text
from pybtex.style.formatting.alpha import Style as AlphaStyle
from pybtex.style.labels import BaseLabelStyle
from pybtex.style.sorting import BaseSortingStyle
from sphinx.application import Sphinx
from sphinxcontrib.bibtex.plugin import register_plugin as register_reference_style
from sphinxcontrib.bibtex.style.referencing import PersonStyle
from sphinxcontrib.bibtex.style.referencing.author_year import AuthorYearReferenceStyle

from livrev.records.model import RenamedKey
from livrev.records.review import Review
from livrev.records.safe_text import allowed_address
from livrev.review.studies import mark_of
from livrev.site.state import build_state, kept_state

HOUSE_STYLE = "livrev"
_PYBTEX = metadata.version("pybtex")


@dataclass
class HouseReferenceStyle(AuthorYearReferenceStyle):
    """Author and year, and no Latin."""

    person: PersonStyle = field(
        default_factory=lambda: PersonStyle(style="last", abbreviate=False, other=" and others")
    )


class HouseLabels(BaseLabelStyle):  # type: ignore[misc]
    """Labels that say what the citation says: `Finn 2020`, with a letter where two would be the same."""

    def format_labels(self, sorted_entries: Iterable[Any]) -> Iterator[str]:
        labels = [_label(entry) for entry in sorted_entries]
        several, seen = Counter(labels), Counter[str]()
        for label in labels:
            seen[label] += 1
            yield label if several[label] == 1 else f"{label} {_letters(seen[label])}"


def _label(entry: Any) -> str:
    people = entry.persons.get("author") or entry.persons.get("editor") or []
    name = " ".join(people[0].prelast_names + people[0].last_names) if people else entry.key
    return f"{name.replace('{', '').replace('}', '')} {entry.fields.get('year', '')}".strip()


def _letters(number: int) -> str:
    """Return a, b, … z, aa, ab, … for 1, 2, …"""
    return _letters((number - 1) // 26) + ascii_lowercase[(number - 1) % 26] if number else ""


class OneAlphabet(BaseSortingStyle):  # type: ignore[misc]
    """Entries by the name that their label says, people and bodies in one alphabet, then by year and title."""

    def sorting_key(self, entry: Any) -> list[str]:
        said = normalize("NFKD", _label(entry)), normalize("NFKD", str(entry.fields.get("title", "")))
        return ["".join(sign for sign in part if sign.isalnum() or sign == " ").casefold() for part in said]


class HouseStyle(AlphaStyle):  # type: ignore[misc]
    """The bibliography: by author, year and title, with labels that read."""

    default_label_style = HouseLabels
    default_sorting_style = OneAlphabet
    formatted: ClassVar[dict[str, Any]] = {}
    """Entries by the digest of what they are made from: pybtex takes seconds for some hundreds, in each build, twice."""

    def format_entry(self, label: str, entry: Any, bib_data: Any = None) -> Any:
        key = hashlib.sha256(f"{_PYBTEX}\n{label}\n{entry!r}".encode()).hexdigest()
        if key not in self.formatted:
            self.formatted[key] = super().format_entry(label, entry, bib_data)
        return self.formatted[key]


def name_entries(app: Sphinx) -> None:
    """Call each entry by its `shortauthor`, and mark what was retracted, corrected or doubted, wherever the book cites it.

    Entries that are formatted already are taken up.
    """
    HouseStyle.formatted = kept_state(app.env).formatted
    review = build_state(app).review
    marked = marked_years(review)
    entries: Any = app.env.get_domain("cite").bibdata.data.entries  # type: ignore[attr-defined]
    for key, reference in review.references.items():
        if key in entries:
            if called := reference.fields.get("shortauthor"):
                entries[key].persons["author"] = [Person(name) for name in split_name_list(called)]
            if "year" in reference.fields:
                entries[key].fields["year"] = marked.get(key, reference.fields["year"])


def marked_years(review: Review) -> dict[str, str]:
    """Return, for each reference to be marked, its year with the mark: citation, label and list all print the year."""
    marks = {key: mark_of(review, key) for key in review.references}
    return {key: f"{review.references[key].plain('year')}, {mark}" for key, mark in marks.items() if mark}


def keep_old_places(app: Sphinx, doctree: nodes.document, page: str) -> None:
    """Let the old keys of a reference lead to it, too: a key that was changed or merged was an address once."""
    renamed = [(nodes.make_id(one.citekey), nodes.make_id(one.old)) for one in build_state(app).review.all(RenamedKey)]
    for citation in doctree.findall(nodes.citation) if renamed else ():
        old = [place for name, place in renamed if name in citation["ids"] and place not in citation["ids"]]
        citation["ids"] += old


class SafeHtml(HtmlBackend):  # type: ignore[misc]
    """HTML of a reference in which every address is one that a page may lead to; pybtex writes them as they come."""

    @staticmethod
    def format_href(url: str, text: str, external: bool = False) -> str:
        """Return a link, or the words alone where no page may lead there."""
        address = allowed_address(unescape(url))
        return f'<a href="{escape(address, quote=True)}">{text}</a>' if address and text else text

    def format_str(self, text: str) -> str:
        return escape(text, quote=True)


@cache
def register_styles() -> None:
    """Register the house style for citations; let pybtex do once what it would do again and again.

    It would search the installed packages for a plug-in for each citation of the book, and decode the LaTeX of each field
    several times.
    """
    register_reference_style("sphinxcontrib.bibtex.style.referencing", HOUSE_STYLE, HouseReferenceStyle, force=True)
    register_plugin("pybtex.style.formatting", HOUSE_STYLE, HouseStyle, force=True)
    plugin._load_entry_point = cache(plugin._load_entry_point)
    Text.from_latex = staticmethod(cache(Text.from_latex))
