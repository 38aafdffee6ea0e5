"""Give tables that lie a page worth turning the book for: with the heading above them, and with their neighbours."""

import re

from bs4 import Tag

from livrev.pdf.elements import new_tag

_HEADING = re.compile("^h[1-6]$")
_LYING = "landscape-table"


def gather_lying_tables(article: Tag) -> None:
    """Move headings and opening sentences that belong to a table that lies onto its page; neighbours share their pages.

    Where no more than that stands between the title of a chapter and the table, the chapter opens on a page that lies.
    """
    title, last = article.find(_HEADING), None
    for table in article.select(f"div[data-typst={_LYING}]"):
        opening, before = _find_opening(_outermost(table), title)
        for moved in reversed([part for element in opening for part in _with_name(element)]):
            table.insert(0, moved)
            if moved.name == "p":
                moved.wrap(new_tag("div", **{"data-typst": "leading"}))
        if (
            last is not None
            and before is not None
            and (before is last or last in before.descendants)
            and _ends(before, last)
        ):
            last.extend(list(table.contents))
            table.decompose()
        else:
            last = table


def _outermost(table: Tag) -> Tag:
    """Return the block of the page that holds *table* and nothing else."""
    block = table
    while block.parent is not None and block.parent.name == "div" and _says_no_more(block.parent, block):
        block = block.parent
    return block


def _says_no_more(frame: Tag, block: Tag) -> bool:
    return all(child is block or not _text(child) for child in frame.children)


def _text(child: object) -> str:
    return child.get_text(strip=True) if isinstance(child, Tag) else str(child).strip()


def _find_opening(block: Tag, title: object) -> tuple[list[Tag], Tag | None]:
    """Return heading and up to two paragraphs that lead to *block*, and the block before them.

    A title of a chapter that has no more to say before this heading comes too.
    """
    opening: list[Tag] = []
    before = _before(block)
    while before is not None and ((before.name == "p" and len(opening) < 2) or _says_little(before)):
        opening.insert(0, before)
        before = _before(before)
    if before is None or not _HEADING.match(before.name):
        return [], _before(block)
    opening.insert(0, before)
    if before is not title:
        above, first = _find_opening(before, title)
        if title in above:
            return above + opening, first
    before = _before(before)
    while before is not None and before.name == "span" and not _text(before):
        opening.insert(0, before)
        before = _before(before)
    return opening, before


def _says_little(block: Tag) -> bool:
    return not _text(block) or block.get("data-typst") == "elsewhere"


def _before(element: Tag) -> Tag | None:
    """Return what stands before *element* in the page, whatever sections the two are in."""
    before = element.find_previous_sibling()
    if before is None:
        parent = element.parent
        return _before(parent) if isinstance(parent, Tag) and parent.name == "section" else None
    while isinstance(before, Tag) and before.name == "section" and (inside := before.find_all(True, recursive=False)):
        before = inside[-1]
    return before if isinstance(before, Tag) else None


def _ends(block: Tag, table: Tag) -> bool:
    """Tell whether *table* is the last that *block* says."""
    return block is table or all(
        not _text(sibling)
        for parent in [table, *table.parents]
        if _inside(parent, block)
        for sibling in parent.next_siblings
    )


def _inside(element: Tag, block: Tag) -> bool:
    return element is not block and block in element.parents


def _with_name(element: Tag) -> list[Tag]:
    """Return *element*, and before a heading the name of the section that it leaves."""
    section = element.parent
    if not (
        _HEADING.match(element.name) and isinstance(section, Tag) and section.name == "section" and section.get("id")
    ):
        return [element]
    name = new_tag("span", id=str(section["id"]))
    del section["id"]
    return [name, element]
