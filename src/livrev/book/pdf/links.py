"""Join the pages into one document in which every label is unique and every link leads somewhere."""

import posixpath
import re
from html import escape
from urllib.parse import unquote

from bs4 import Tag

from livrev.book.pdf.reading import Page

_OUTSIDE = ("http://", "https://", "mailto:")
_HEADING = re.compile("^h[1-6]$")
_HOLDS_LABEL = ("table", "figure")


def join_pages(pages: list[Page]) -> str:
    """Return one HTML document of all *pages*, with parts, unique labels, and links within the book."""
    places = _find_places(pages)
    wanted = _rewrite_links(pages, places)
    for element in [place for page in pages for place in page.article.find_all(id=True)]:
        if str(element["id"]) not in wanted:
            del element["id"]
        elif not (_HEADING.match(element.name) or element.name in _HOLDS_LABEL):
            _drop_anchor(element)
    return (
        "<!DOCTYPE html><html><head><meta charset='utf-8'></head><body>\n"
        + "\n".join(map(_print, pages))
        + "\n</body></html>"
    )


def _print(page: Page) -> str:
    opening = f"<h1 class='part'>{escape(page.part)}</h1>\n" if page.part else ""
    kind = "front" if page.front else "chapter"
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
    """Point every link to its label or address; a link that leads to nothing on paper becomes its text."""
    wanted: set[str] = set()
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
            if not href or label is None:
                link.unwrap()
            else:
                link["href"] = f"#{label}"
                wanted.add(label)
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
