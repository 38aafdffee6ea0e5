"""The mark beside a sentence: a button that opens the cards of its evidence.

The card is a native popover: it opens and closes with pointer, finger and keyboard, and needs no JavaScript. Browsers that do not
know popovers show the card in the text. Each card links to the page of its record. The PDF prints it as a note at the
end of the chapter.
"""

from collections.abc import Sequence
from html import escape
from typing import Any

from docutils import nodes

from livrev.records.safe_text import allowed_address, as_attribute
from livrev.show.tables import Link
from livrev.show.views.cards import Card


class EvidenceMark(nodes.Inline, nodes.TextElement):  # type: ignore[misc]
    """A mark with its `cards`, its `number` on the page, and the way up to the book's `root`."""

    def astext(self) -> str:
        """Return nothing: a search for words of the chapter does not find its cards."""
        return ""


def to_html(cards: Sequence[Card], number: int, root: str) -> str:
    """Return the mark and its cards as HTML that may stand in a paragraph; everything from the records is escaped."""
    count = len(cards)
    label = "Evidence" if count == 1 else f"Evidence, {count} records"
    body = "".join(_card(card, root) for card in cards)
    return (
        f'<span class="livrev-evidence"><button type="button" class="livrev-mark" popovertarget="card-{number}"'
        f' aria-label="{label}">{"●" * min(count, 3)}</button>'
        f'<span class="livrev-card" id="card-{number}" popover role="note">{body}</span></span>'
    )


def _card(card: Card, root: str) -> str:
    facts = " ".join(
        f'<span class="livrev-fact"><b>{escape(name)}:</b> {_said(what)}.</span>' for name, what in card.facts
    )
    more = f'<a class="livrev-more" href="{as_attribute(root + card.page)}">Everything on this record</a>'
    return f'<span class="livrev-one"><span class="livrev-head">{escape(card.head.rstrip("."))}.</span> {facts} {more}</span>'


def _said(what: str | Link) -> str:
    if isinstance(what, Link) and what.address.startswith(("https://", "http://")) and allowed_address(what.address):
        return f'<a href="{as_attribute(what.address)}">{escape(what.text)}</a>'
    return escape(str(what).rstrip("."))


def visit_mark(translator: Any, node: EvidenceMark) -> None:
    """Write the mark into a page."""
    translator.body.append(to_html(node["cards"], node["number"], node["root"]))
    raise nodes.SkipNode


def skip_mark(translator: Any, node: EvidenceMark) -> None:
    """Leave the mark out where there is nothing to open, as in an index of words."""
    raise nodes.SkipNode
