"""Parse XML and HTML that strangers wrote: no entity is resolved, nothing is fetched, nothing grows without end."""

import re

from lxml import etree, html

from livrev.sources.encoding import decode
from livrev.sources.publication import Unreadable, clean

_ENTITY = re.compile(rb"<!ENTITY", re.IGNORECASE)
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
# fmt: off
_BLOCKS = frozenset(["p", "div", "sec", "section", "title", "h1", "h2", "h3", "h4", "h5", "h6", "li", "br", "tr", "td", "list-item"])
_NEVER_TEXT = frozenset(["script", "style"])
_SILENT = frozenset(["script", "style", "noscript", "template", "table", "table-wrap", "fig", "disp-formula", "tex-math"])
# fmt: on


def parse_xml(raw: bytes, declared: str = "") -> etree._Element:
    """Return the root of *raw*. Raises Unreadable for what is not well-formed XML, and for entities of its own."""
    if _ENTITY.search(raw):
        raise Unreadable("declares entities of its own, which can grow without end")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=False)
    try:
        return etree.fromstring(raw, parser)
    except etree.XMLSyntaxError as error:
        first = error
    except ValueError as error:
        raise Unreadable(str(error)) from None
    # A declaration that names the wrong charset is the usual reason; read it as what it is, and try once more.
    text = _DECLARATION.sub("", decode(raw, declared))
    try:
        return etree.fromstring(text.encode("utf-8"), parser)
    except (etree.XMLSyntaxError, ValueError):
        raise Unreadable(f"is not well-formed XML ({first.msg})") from None


def parse_html(raw: bytes, declared: str = "") -> etree._Element:
    """Return the root of an HTML page. Raises Unreadable where there is nothing to parse."""
    text = _DECLARATION.sub("", decode(raw, declared))
    parser = html.HTMLParser(no_network=True, huge_tree=False, remove_comments=True, remove_pis=True, encoding="utf-8")
    try:
        root = html.document_fromstring(text.encode("utf-8"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError, AssertionError) as error:
        raise Unreadable(f"is not HTML ({error})") from None
    return root


def name_of(element: etree._Element) -> str:
    """Return the name of *element* without its namespace, in lower case; empty for a comment or an instruction."""
    return re.split("[}:]", element.tag)[-1].lower() if isinstance(element.tag, str) else ""


def text_of(element: etree._Element | None, *, leave_out: frozenset[str] = frozenset()) -> str:
    """Return the words in *element* on one line; scripts, styles and the elements named in *leave_out* say nothing."""
    if element is None:
        return ""
    if not len(element) and not leave_out:  # most elements of most records hold text alone
        return clean(element.text)
    return clean("".join(_pieces(element, _NEVER_TEXT | leave_out)))


def prose_of(element: etree._Element) -> str:
    """Return the running text in *element* on one line, without tables, figures, formulas and marks of citation."""
    return clean("".join(_pieces(element, _SILENT)))


def is_power(before: str, raised: str) -> bool:
    """Tell whether *raised* is a power of the number that ends *before*: 10 and a raised 6 must not become 106."""
    return before[-1:].isdigit() and bool(re.match(r"[-−–+]?\d", raised))


def _pieces(element: etree._Element, silent: frozenset[str]) -> list[str]:
    """Return the text nodes below *element*; written without recursion, since a page may nest deeper than Python."""
    pieces: list[str] = []
    stack: list[etree._Element | str] = [element]
    while stack:
        item = stack.pop()
        if isinstance(item, str):
            pieces.append(item)
            continue
        name = name_of(item)
        if not name or name in silent or (name == "xref" and item.get("ref-type") == "bibr"):
            continue
        gap = " " if name in _BLOCKS else ""
        raised = name == "sup" and is_power("".join(pieces[-6:]), item.text or "")
        pieces.append(gap + ("^" if raised else "") + (item.text or ""))
        stack.append(gap)
        for child in reversed(item):
            stack += [child.tail or "", child]
    return pieces
