"""Join the pages into one document in which every label is unique and every link leads somewhere."""

import posixpath
import re
from collections.abc import Mapping
from html import escape
from types import MappingProxyType
from urllib.parse import unquote

from bs4 import Tag

from livrev.pdf.reading import Page
from livrev.pdf.references import lead_to_bibliography

_OUTSIDE = ("http://", "https://", "mailto:")
_HEADING = re.compile("^h[1-6]$")
_HOLDS_LABEL = ("table", "figure")


def join_pages(pages: list[Page], keys: Mapping[str, tuple[str, ...]] = MappingProxyType({})) -> list[str]:
    """Return the HTML of each of *pages*, with parts, unique labels, and links within the book.

    *keys* holds the keys of the references and what each is known by (`references.read_keys`).
    """
    places = _find_places(pages)
    lead_to_bibliography(pages, keys)
    wanted = _rewrite_links(pages, places)
    for element in [place for page in pages for place in page.article.find_all(id=True)]:
        if str(element["id"]) not in wanted:
            del element["id"]
        elif not (_HEADING.match(element.name) or element.name in _HOLDS_LABEL):
            _drop_anchor(element)
    return list(map(_print, pages))


def _print(page: Page) -> str:
    opening = f"<div data-typst='part'><h1>{escape(page.part)}</h1></div>\n" if page.part else ""
    kind = "outside" if page.outside else "chapter"
    return f"{opening}<div data-typst='{kind}'>{page.article.decode_contents()}</div>"


def _find_places(pages: list[Page]) -> dict[tuple[str, str], str]:
    """Return the label of every place, keyed by page and by its name there; a section names its heading."""
    places: dict[tuple[str, str], str] = {}
    for page in pages:
        for number, element in enumerate(page.article.find_all(id=True)):
            holder, name = _holder(element), str(element["id"])
            if holder is not element:
                del element["id"]
            if not str(holder.get("id", "")).startswith(f"{page.slug}--"):
                readable = re.sub(r"[^A-Za-z0-9_.-]+", "-", name).strip(".-") or "place"
                taken = f"{page.slug}--{readable}" in places.values()
                holder["id"] = f"{page.slug}--{readable}" + (f"-{number}" if taken else "")
            places.setdefault((page.name, name), str(holder["id"]))
        title = page.article.find("h1") or page.article.find(_HEADING)
        assert isinstance(title, Tag)
        if not title.get("id"):
            title["id"] = f"{page.slug}--"
        places[page.name, ""] = str(title["id"])
        for section in page.article.find_all("section"):
            section.unwrap()
    return places


def _holder(element: Tag) -> Tag:
    """Return what bears the label: a section's heading instead of the section or of an empty mark before it."""
    if element.name == "section":
        heading = element.find(_HEADING)
        return heading if isinstance(heading, Tag) else element
    if element.name == "span" and not element.get_text(strip=True):
        following = element.find_next_sibling(lambda tag: tag.name != "span" or bool(tag.get_text(strip=True)))
        if isinstance(following, Tag) and (_HEADING.match(following.name) or following.name in _HOLDS_LABEL):
            return following
    return element


def _rewrite_links(pages: list[Page], places: dict[tuple[str, str], str]) -> set[str]:
    """Point every link to its label or address; a link that leads to nothing on paper becomes its text.

    A reference to a figure or a chapter says on which page it is.
    """
    wanted: set[str] = set()
    labels = set(places.values())
    for page in pages:
        for link in page.article.find_all("a"):
            href = str(link.get("href", ""))
            if href.startswith(_OUTSIDE):
                continue
            path, _, fragment = href.partition("#")
            name = (
                posixpath.normpath(posixpath.join(posixpath.dirname(page.name), unquote(path))) if path else page.name
            )
            label = places.get((name.removesuffix(".html"), unquote(fragment)))
            if label is None and not path and fragment in labels:
                label = fragment
            if not href or label is None:
                link.unwrap()
                continue
            link["href"] = f"#{label}"
            wanted.add(label)
            if link.select_one("span.std-numref, span.std-doc"):
                link.insert_after(Tag(name="span", attrs={"data-typst": f"on-page(<{label}>)"}))
    return wanted


def _drop_anchor(element: Tag) -> None:
    """Put the label of *element* on an empty mark inside it, where neither pandoc nor Typst loses it."""
    anchor = Tag(name="span", attrs={"id": str(element["id"]), "class": "anchor"})
    anchor.string = "\u2060"
    del element["id"]
    inside = element.find(["p", "dt", "li", "td"]) if element.name in ("div", "dl", "ul", "ol", "aside") else None
    if element.name in ("img", "hr", "br"):
        element.insert_before(anchor)
    else:
        (inside if isinstance(inside, Tag) else element).insert(0, anchor)
