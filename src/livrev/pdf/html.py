"""Read the HTML of a notebook's output as document nodes: tables, paragraphs, links; what is only for screens is left out."""

import re
from collections.abc import Iterator

from docutils import nodes
from lxml import html as lxml_html

ON_SCREEN = {"livrev-screen", "livrev-download", "livrev-citing-part", "livrev-minutes", "livrev-filters", "ex-app"}
_LEFT_OUT = {"script", "style", "template", "svg", "button", "input", "select", "nav", "colgroup", "noscript"}
_MADE = {
    "a": nodes.reference, "b": nodes.strong, "code": nodes.literal, "em": nodes.emphasis, "i": nodes.emphasis,
    "span": nodes.inline, "strong": nodes.strong, "sub": nodes.subscript, "sup": nodes.superscript,
    "div": nodes.container, "li": nodes.list_item, "ol": nodes.enumerated_list, "p": nodes.paragraph,
    "pre": nodes.literal_block, "ul": nodes.bullet_list,
}  # fmt: skip
_SPACE = re.compile(r"\s+")


def read_html(source: str) -> list[nodes.Node]:
    """Return what *source* says on paper; nothing where it says nothing there."""
    body = lxml_html.document_fromstring(f"<html><body>{source}</body></html>").body
    body.tag = "div"
    return list(_inside(body))


def _inside(element: lxml_html.HtmlElement) -> Iterator[nodes.Node]:
    if element.text and (element.tag == "pre" or element.text.strip() or element.tag not in ("div", "table", "tr")):
        yield nodes.Text(element.text if element.tag == "pre" else _SPACE.sub(" ", element.text))
    for child in element:
        if isinstance(child.tag, str):
            yield from _read(child)
        if child.tail and (child.tail.strip() or element.tag not in ("div", "table", "ul", "ol")):
            yield nodes.Text(_SPACE.sub(" ", child.tail))


def _read(element: lxml_html.HtmlElement) -> Iterator[nodes.Node]:
    classes = (element.get("class") or "").split()
    if element.tag in _LEFT_OUT or ON_SCREEN.intersection(classes) or "hidden" in element.attrib:
        return
    if element.tag == "table":
        yield _table(element)
        return
    if (made := _MADE.get(element.tag)) is None:
        yield from _inside(element)
        return
    node = made("", "", *_inside(element)) if issubclass(made, nodes.TextElement) else made("", *_inside(element))
    node["classes"] = classes
    if name := element.get("id"):
        node["ids"] = [name]
    if element.tag == "a":
        node["refuri"] = element.get("href", "")
    yield node


def _table(element: lxml_html.HtmlElement) -> nodes.table:
    """Return a table as docutils has them: caption, head and body; the head of a row is bold."""
    table, group = nodes.table(""), nodes.tgroup("")
    for caption in element.iter("caption"):
        table += nodes.title("", "", *_inside(caption))
    for kind, parts in ((nodes.thead, "./thead/tr"), (nodes.tbody, "./tbody/tr | ./tr")):
        rows = [nodes.row("", *map(_entry, row.xpath("./th | ./td"))) for row in element.xpath(parts)]
        if rows:
            group += kind("", *rows)
    table += group
    return table


def _entry(cell: lxml_html.HtmlElement) -> nodes.entry:
    said: list[nodes.Node] = list(_inside(cell))
    if cell.tag == "th" and cell.getparent().getparent().tag != "thead":
        said = [nodes.strong("", "", *said)]
    if not any(isinstance(node, nodes.paragraph) for node in said):
        said = [nodes.paragraph("", "", *said)]
    entry = nodes.entry("", *said)
    for across, ours in (("colspan", "morecols"), ("rowspan", "morerows")):
        if (span := int(cell.get(across) or 1)) > 1:
            entry[ours] = span - 1
    return entry
