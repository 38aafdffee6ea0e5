"""Read what strangers wrote: bytes as text, XML and HTML, their tables, and the markup that services put into single fields.

No entity is resolved, nothing is fetched, nothing grows without end. A table becomes lines that can be read like sentences:
each cell with a figure, behind the names of its row and its column, with its place (`table 2, Overall survival, HR (95% CI)`).
"""

import re
from collections.abc import Iterator
from contextlib import suppress
from html.entities import html5
from itertools import count, islice, product

from bs4.dammit import EncodingDetector
from charset_normalizer import from_bytes
from lxml import etree, html

from livrev.sources.publication import Section, Unreadable, clean

_LOOKED_AT = 50_000  # a guess needs no more
_TOO_FEW = 40  # from fewer letters beyond ASCII nothing can be told; then it is what Western software writes
_ENTITY = re.compile(rb"<!ENTITY", re.IGNORECASE)
# Characters by name, as HTML has them: their definition is in a DTD that is not fetched.
_NAMED = re.compile(rb"&(?!(?:amp|lt|gt|quot|apos);)([A-Za-z][A-Za-z0-9]{1,31};)")
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6", "title")
_BLOCKS = frozenset((*_HEADINGS, "p", "div", "sec", "section", "li", "br", "tr", "td", "list-item"))
_NEVER_TEXT = frozenset(("script", "style"))
_SILENT = _NEVER_TEXT | {"noscript", "template", "table", "table-wrap", "fig", "disp-formula", "tex-math"}
_LINK = re.compile(r"\\href\s*\{[^{}]*\}\s*\{([^{}]*)\}|\\(?:url|nolinkurl|path)\s*\{([^{}]*)\}")
_SHORT = 80  # a heading is no longer; a bold paragraph that is, is text
_BORDER = "\ue000"  # stands before and behind a heading while the text is flattened; no publisher prints it
_MOST_CELLS = 3000
_MOST_WORDS = 8  # of a row's or column's name that stands in a place: we keep no sentence of the source
_FIGURE = re.compile(r"\d")
_NUMBER = r"-?\d+(?:[.·]\d+)?"
_ESTIMATE = re.compile(
    rf"({_NUMBER})\s*[(\[]\s*(?:\d+\s?%\s*CI:?,?\s*)?({_NUMBER})\s*(?:[-–—,]|to)\s*({_NUMBER}|NR|NE|NA)\s*[)\]](.*)"
)
_COUNT = re.compile(r"(\d+)\s*\(\s*(\d+(?:[.·]\d+)?)\s*%?\s*\)")
_LEVEL = re.compile(r"(\d\d(?:\.\d+)?)\s?%(?=\s*(?:CI\b|confidence|credible))", re.IGNORECASE)
# What says how cells are to be read; it stands with the cell then.
_NOTE = re.compile(
    r"(?i)\s*,?\s*[(\[]?\s*(?:\d\d(?:\.\d+)?\s?%\s*(?:CI|confidence intervals?|credible intervals?)|no?\.?\s*\(%\)|%)\s*[)\]]?"
)
_P = re.compile(r"(?i)\bp\b(?![ -]?(?:for|of)\b)|\bp-?values?\b")
_RATIOS = ("HR ", "OR ", "RR ")
_SIZE = re.compile(r"\bn\s*=\s*(\d[\d,]*)", re.IGNORECASE)
_UNIT = re.compile(r"\b(?:months?|weeks?|days?|years?|mo)\b", re.IGNORECASE)
_MEASURES = {
    "HR": r"(?i:hazard ratio)|\ba?HR\b",
    "OR": r"(?i:odds ratio)|\ba?OR\b",
    "RR": r"(?i:(?:risk|rate) ratio|relative risk)|\ba?RR\b(?!\s*\()",
    "median": r"(?i:\bmedian\b)",
}


def decode(raw: bytes, declared: str = "") -> str:
    """Return *raw* as text, with line feeds. *declared* is the charset that came with it, if any.

    By its mark, then as UTF-8, which holds by no accident, as declared, and only then by a guess.
    """
    unmarked, mark = EncodingDetector.strip_byte_order_mark(raw)
    if mark:
        return _lines(unmarked.decode(mark, errors="replace"))
    for name in ("utf-8", declared, EncodingDetector.find_declared_encoding(raw[:2048], is_html=True)):
        with suppress(LookupError, UnicodeDecodeError):
            return _lines(raw.decode(name or ""))
    telling = sum(byte > 127 for byte in raw[:_LOOKED_AT]) >= _TOO_FEW
    guess = from_bytes(raw[:_LOOKED_AT]).best() if telling else None
    return _lines(raw.decode(guess.encoding if guess else "cp1252", errors="replace"))


def looks_binary(raw: bytes) -> bool:
    """Tell whether *raw* cannot be text: NUL bytes without the mark of UTF-16, or mostly control characters."""
    head = raw[:4096]
    controls = sum(byte < 9 or 13 < byte < 32 for byte in head)
    return not EncodingDetector.strip_byte_order_mark(head)[1] and (b"\0" in head or controls > len(head) // 10)


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def parse_xml(raw: bytes, declared: str = "") -> etree._Element:
    """Return the root of *raw*. Raises Unreadable for what is not well-formed XML, and for entities of its own."""
    if _ENTITY.search(raw):
        raise Unreadable("declares entities of its own, which can grow without end")
    raw = _NAMED.sub(lambda m: "".join(f"&#{ord(c)};" for c in html5.get(m[1].decode(), "")).encode() or m[0], raw)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=False)
    try:
        return etree.fromstring(raw, parser)
    except etree.XMLSyntaxError as error:
        first = error.msg
    # A declaration that names the wrong charset is the usual reason; read it as what it is, and try once more.
    with suppress(etree.XMLSyntaxError, ValueError):
        return etree.fromstring(_DECLARATION.sub("", decode(raw, declared)).encode("utf-8"), parser)
    raise Unreadable(f"is not well-formed XML ({first}); get it again, since it may have been cut off")


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


def read_table(table: etree._Element, name: str) -> Iterator[Section]:
    """Yield the cells of *table* (rows of HTML or JATS) that hold a figure; *name* is what the table is called, `table 2`."""
    grid, heads = _grid(table)
    if not heads:
        return
    names = [_joined(parts) for parts in zip(*grid[:heads], strict=True)]
    group = ""
    for number, row in enumerate(grid[heads : heads + _MOST_CELLS], 1):
        if row[0] and not any(row[1:]):
            group = row[0]  # a line over the whole width is the heading of those below
        elif row[0]:
            yield from _cells(row, names, group, f"{name}, row {number} {shorten(row[0])}")


def _cells(row: list[str], names: list[str], group: str, place: str) -> Iterator[Section]:
    said = {c: _state(row[c], f"{row[0]} | {names[c]}") for c in range(1, len(row)) if _FIGURE.search(row[c])}
    ratios = [column for column in said if said[column].startswith(_RATIOS)]
    p_values = [said[column] for column in said if _P.search(names[column]) and said[column].startswith("p")]
    if len(ratios) == len(p_values) == 1:  # the one p-value of a row is that of its one comparison
        said[ratios[0]] += f", {p_values[0]}"
    for column, statement in said.items():
        subject = _NOTE.sub("", _joined((group, row[0], names[column])))
        cell = f"{place}, column {column + 1} {shorten(names[column])}".rstrip()
        yield Section("", f"{subject}: {statement}.".replace(";", ","), cell)


def _state(cell: str, names: str) -> str:
    """Return a cell as running text would say it, where the *names* of its row and column tell what it is; else as it stands.

    `12.1 (10.0–14.2)` under `Median, months (95% CI)` is median 12.1 months (95% CI 10.0 to 14.2).
    """
    measure = next((said for said, pattern in _MEASURES.items() if re.search(pattern, names)), "")
    share = "%" in _LEVEL.sub("", names)
    if estimate := _ESTIMATE.fullmatch(cell):
        value, low, high, rest = estimate.groups()
        level = _LEVEL.search(names) or _LEVEL.search(cell)
        interval = f"({level[1]}% CI {low} to {high})" if level else f"({low} to {high})"
        if measure:
            unit = _UNIT.search(names) if measure == "median" else None
            return f"{measure} {value} {unit[0] + ' ' if unit else ''}{interval}{rest}"
        if level and share:
            return f"{value}% {interval}{rest}"
    if (count := _COUNT.fullmatch(cell)) and ("%" in names or "%" in cell):
        events, percent = int(count[1]), float(count[2].replace("·", "."))
        total = int(size[1].replace(",", "")) if (size := _SIZE.search(names)) else 0
        # the size in the heading is that of these patients only where the share says so
        whole = total and abs(100 * events / total - percent) <= 0.5 * 10 ** -len(count[2].partition(".")[2]) + 1e-9
        return f"{events} of {total} ({count[2]}%)" if whole else f"{events} ({count[2]}%)"
    if share and re.fullmatch(_NUMBER, cell):
        return f"{cell}%"
    if re.fullmatch(r"[<>≤≥=]?\s*0?[.·]\d+", cell) and _P.search(names):
        return f"p{'' if cell[0] in '<>≤≥=' else '='}{cell}"
    return f"{measure} {cell}" if measure else cell


def shorten(text: str) -> str:
    """Return the first words of a name, for a place: fewer than would be a stretch of the source."""
    words = clean(text).rstrip(":;,. ").split()
    return " ".join(words if len(words) < _MOST_WORDS else [*words[: _MOST_WORDS - 2], "…"])


def _joined(parts: tuple[str, ...]) -> str:
    return ", ".join(dict.fromkeys(part.rstrip(":;, ") for part in parts if part))


def _grid(table: etree._Element) -> tuple[list[list[str]], int]:
    """Return the cells of *table* with those that span several filled in, and how many rows at the top are headings."""
    rows = list(islice((node for node in table.iter() if name_of(node) == "tr"), _MOST_CELLS))
    filled: dict[tuple[int, int], str] = {}
    heads = 0
    for number, row in enumerate(rows):
        cells = [cell for cell in row if name_of(cell) in ("td", "th")]
        in_head = name_of(row.getparent()) == "thead"
        is_head = heads == number and (in_head or (bool(cells) and all(name_of(cell) == "th" for cell in cells)))
        free = (column for column in count() if (number, column) not in filled)
        for cell in cells:
            first, text = next(free), text_of(cell)
            down, across = range(number, number + _span(cell, "rowspan")), range(first, first + _span(cell, "colspan"))
            for place in product(down, across):
                # a heading stands over all its columns, a result in the first of those that it spans
                filled[place] = text if is_head or place[1] == first else ""
        heads += is_head
    width = max((column + 1 for _, column in filled), default=1)
    grid = [[filled.get((number, column), "") for column in range(width)] for number in range(len(rows))]
    return grid, heads or (1 if len(rows) > 1 else 0)  # a table without a head has its names in the first row


def _span(cell: etree._Element, name: str) -> int:
    said = cell.get(name, "1").strip()
    return max(1, min(int(said), 50)) if said.isdigit() else 1
