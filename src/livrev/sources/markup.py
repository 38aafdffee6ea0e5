"""Read what strangers wrote: bytes as text, XML and HTML, and the markup that services put into single fields.

Bytes are read whatever they claim to be: by their mark, as UTF-8, as declared, and only then by a guess. No entity is
resolved, nothing is fetched, nothing grows without end.
"""

import codecs
import re
from contextlib import suppress
from html.entities import html5

from charset_normalizer import from_bytes
from lxml import etree, html

from livrev.sources.publication import Section, Unreadable, clean

_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_META = re.compile(rb"""<meta[^>]+charset\s*=\s*["']?\s*([A-Za-z0-9_.:-]+)""", re.IGNORECASE)
_DECLARED = re.compile(rb"""^\s*<\?xml[^>]+encoding\s*=\s*["']([A-Za-z0-9_.:-]+)""")
_LOOKED_AT = 50_000  # a guess needs no more
_TOO_FEW = 40  # from fewer letters beyond ASCII nothing can be told; then it is what Western software writes
_ENTITY = re.compile(rb"<!ENTITY", re.IGNORECASE)
# Characters by name, as HTML has them: their definition is in a DTD that is not fetched.
_NAMED = re.compile(rb"&(?!(?:amp|lt|gt|quot|apos);)([A-Za-z][A-Za-z0-9]{1,31};)")
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
# fmt: off
_BLOCKS = frozenset(["p", "div", "sec", "section", "title", "h1", "h2", "h3", "h4", "h5", "h6", "li", "br", "tr", "td", "list-item"])
_NEVER_TEXT = frozenset(["script", "style"])
_SILENT = frozenset(["script", "style", "noscript", "template", "table", "table-wrap", "fig", "disp-formula", "tex-math"])
# fmt: on
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6", "title")
_LINK = re.compile(r"\\href\s*\{[^{}]*\}\s*\{([^{}]*)\}|\\(?:url|nolinkurl|path)\s*\{([^{}]*)\}")
_SHORT = 80  # a heading is no longer; a bold paragraph that is, is text
_BORDER = "\ue000"  # stands before and behind a heading while the text is flattened; no publisher prints it


def decode(raw: bytes, declared: str = "") -> str:
    """Return *raw* as text, with line feeds. *declared* is the charset that came with it, if any.

    UTF-8 that holds is never an accident, so it goes before a declaration, which often is one.
    """
    for mark, encoding in _MARKS:
        if raw.startswith(mark):
            return _lines(raw.decode(encoding, errors="replace"))
    try:
        return _lines(raw.decode("utf-8"))
    except UnicodeDecodeError:
        pass
    inner = _DECLARED.search(raw[:200]) or _META.search(raw[:2048])
    for name in (declared, inner.group(1).decode("ascii") if inner else ""):
        try:
            if name and codecs.lookup(name).name not in ("utf-8", "ascii"):
                return _lines(raw.decode(name))
        except (LookupError, UnicodeDecodeError):
            continue
    telling = sum(byte > 127 for byte in raw[:_LOOKED_AT]) >= _TOO_FEW
    guess = from_bytes(raw[:_LOOKED_AT]).best() if telling else None
    encoding = guess.encoding if guess else "cp1252"
    return _lines(raw.decode(encoding, errors="replace"))


def looks_binary(raw: bytes) -> bool:
    """Tell whether *raw* cannot be text: NUL bytes without the mark of UTF-16, or mostly control characters."""
    head = raw[:4096]
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return False
    controls = sum(byte < 9 or 13 < byte < 32 for byte in head)
    return b"\0" in head or controls > len(head) // 10


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def parse_xml(raw: bytes, declared: str = "") -> etree._Element:
    """Return the root of *raw*. Raises Unreadable for what is not well-formed XML, and for entities of its own."""
    if _ENTITY.search(raw):
        raise Unreadable("declares entities of its own, which can grow without end")
    raw = _NAMED.sub(_undo_name, raw)
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


def _undo_name(name: re.Match[bytes]) -> bytes:
    characters = html5.get(name[1].decode("ascii"), "")
    return "".join(f"&#{ord(character)};" for character in characters).encode("ascii") or name[0]


def parse_html(raw: bytes, declared: str = "") -> etree._Element:
    """Return the root of an HTML page. Raises Unreadable where there is nothing to parse."""
    text = _DECLARATION.sub("", decode(raw, declared))
    parser = html.HTMLParser(no_network=True, huge_tree=False, remove_comments=True, remove_pis=True, encoding="utf-8")
    try:
        return html.document_fromstring(text.encode("utf-8"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError, AssertionError) as error:
        raise Unreadable(f"is not HTML ({error})") from None


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


def read_fragment(text: str) -> tuple[Section, ...]:
    """Return the sections of *text*: each stretch under the heading before it (`<h4>`, `<jats:title>`), or under none."""
    stretches = [text]
    if "<" in text or "&" in text:
        # `p < 0.05` is no tag: a sign that no name follows is text
        safe = re.sub(r"<(?![/a-zA-Z])", "&lt;", text.replace(_BORDER, ""))
        with suppress(Unreadable):
            root = parse_html(f"<html><body><div>{safe}</div></body></html>".encode())
            for node in list(root.iter()):
                if name_of(node) in _HEADINGS and len(heading := prose_of(node)) <= _SHORT:
                    del node[:]
                    node.text = f"{_BORDER}{heading.rstrip(': ')}{_BORDER}"
            stretches = "".join(_pieces(root, _SILENT)).split(_BORDER)
    labelled = zip(["", *stretches[1::2]], stretches[::2], strict=True)
    return tuple(Section(label, said) for label, words in labelled if (said := clean(words)))


def plain_title(text: str) -> str:
    """Return a title as it is printed, without markup: reference managers keep the tags and links that publishers sent."""
    return plain_text(text).rstrip(".")


def plain_text(text: str) -> str:
    """Return *text* on one line, without markup and links."""
    return clean(" ".join(section.text for section in read_fragment(strip_links(clean(text)))))


def strip_links(text: str) -> str:
    r"""Return *text* with the words of each `\href` and `\url` in the place of the link: no address stands in a title."""
    return _LINK.sub(lambda link: link[1] if link[1] is not None else link[2], text)
