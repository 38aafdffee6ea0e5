"""Read the markup that services put into single fields: abstracts with headings, titles with italics."""

import re

from livrev.sources.markup import is_power, name_of, parse_html, prose_of
from livrev.sources.publication import Section, Unreadable, clean

_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6", "title")
_LINK = re.compile(r"\\href\s*\{[^{}]*\}\s*\{([^{}]*)\}|\\(?:url|nolinkurl|path)\s*\{([^{}]*)\}")
_SHORT = 80  # a heading is no longer; a bold paragraph that is, is text


def read_fragment(text: str) -> tuple[Section, ...]:
    """Return the sections of *text*: each stretch under the heading before it (`<h4>`, `<jats:title>`), or under none."""
    if "<" not in text and "&" not in text:
        return (Section("", clean(text)),) if clean(text) else ()
    # `p < 0.05` is no tag: a sign that no name follows is text
    safe = re.sub(r"<(?![/a-zA-Z])", "&lt;", text)
    try:
        root = parse_html(f"<html><body><div>{safe}</div></body></html>".encode())
    except Unreadable:
        return (Section("", clean(text)),)
    found: list[Section] = []
    label, pieces = "", [""]

    def close() -> None:
        if said := clean("".join(pieces)):
            found.append(Section(label, said))
        pieces.clear()

    place = root.find(".//div")
    stack = [] if place is None else [(place, False)]
    while stack:
        element, is_tail = stack.pop()
        if is_tail:
            pieces.append(element.tail or "")
            continue
        name = name_of(element)
        if name in _HEADINGS and len(heading := prose_of(element)) <= _SHORT:
            close()
            label = heading.rstrip(": ")
        elif name in ("div", "p", "sec", "section"):
            pieces.append(" " + (element.text or ""))
            for child in reversed(element):
                stack += [(child, True), (child, False)]
        else:
            pieces.append(_inline(element, pieces))
    close()
    return tuple(found)


def plain_title(text: str) -> str:
    """Return a title as it is printed, without markup: reference managers keep the tags and links that publishers sent."""
    return clean(" ".join(section.text for section in read_fragment(strip_links(clean(text))))).rstrip(".")


def strip_links(text: str) -> str:
    r"""Return *text* with the words of each `\href` and `\url` in the place of the link: no address stands in a title."""
    return _LINK.sub(lambda link: link[1] if link[1] is not None else link[2], text)


def _inline(element: object, before: list[str]) -> str:
    text = prose_of(element)
    raised = name_of(element) == "sup" and is_power("".join(before), text)
    return f"^{text}" if raised else f" {text} " if name_of(element) in ("br", "li", "ul", "ol") else text
