"""Give each page the browser code that it uses, and no other."""

from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

from livrev.book.explorer import MARK
from livrev.book.finding import SCRIPTS

_TABLE_LIBRARY, _TABLE_CODE, _CARD_CODE = "datatables.js", "livrev.js", "cards.js"
# What notebooks, tabs and copied code need, which a page with nothing but the explorer does not.
_NOT_EXPLORING = ("sphinx-design", "design-tabs", "mystnb", "togglebutton", "copybutton", "clipboard", "pygments")
# docutils makes a list of references that holds no items; here each is one, as a screen reader counts them.
_NO_ITEM, _ITEM = 'role="doc-biblioentry"', 'role="listitem"'


def choose_scripts(
    app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """Leave out Thebe (it would load from another host, and logs an error), and table code where there is no table."""
    body = context.get("body") or ""
    has_table, has_card, explores = 'class="livrev-data"' in body, 'class="livrev-card"' in body, MARK in body

    def used(asset: Any) -> bool:
        said = f"{getattr(asset, 'filename', asset)} {getattr(asset, 'attributes', {}).get('body', '')}".lower()
        if _CARD_CODE in said:
            return has_card
        if any(name in said for name in SCRIPTS):
            return page == "search" or (explores and SCRIPTS[0] in said)
        if _TABLE_LIBRARY in said or _TABLE_CODE in said:
            return has_table or (explores and _TABLE_LIBRARY in said)
        return "thebe" not in said and not (explores and any(name in said for name in _NOT_EXPLORING))

    for kind in ("script_files", "css_files"):
        if kind in context:
            context[kind] = [asset for asset in context[kind] if used(asset)]
    if context.get("body"):
        context["body"] = _without_thebe(context["body"]).replace(_NO_ITEM, _ITEM)


def _without_thebe(body: str) -> str:
    """Return the page's HTML without the configuration that Thebe left in it."""
    start = body.find('<script type="text/x-thebe-config">')
    if start < 0:
        return body
    end = body.find("</script>", body.find("kernelName", start)) + len("</script>")
    return body[:start] + body[end:]
