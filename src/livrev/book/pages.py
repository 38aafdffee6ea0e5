"""Give each page the browser code that it uses, and no other."""

from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

from livrev.book.finding import SCRIPTS

_TABLE_CODE = ("datatables.js", "livrev.js")
# docutils makes a list of references that holds no items; here each is one, as a screen reader counts them.
_NO_ITEM, _ITEM = 'role="doc-biblioentry"', 'role="listitem"'


def choose_scripts(
    app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """Leave out Thebe (it would load from another host, and logs an error), and table code where there is no table."""
    body = context.get("body") or ""
    has_table = 'class="livrev-data"' in body

    def used(asset: Any) -> bool:
        said = f"{getattr(asset, 'filename', asset)} {getattr(asset, 'attributes', {}).get('body', '')}".lower()
        if any(name in said for name in SCRIPTS):
            return page == "search"
        return "thebe" not in said and (has_table or not any(name in said for name in _TABLE_CODE))

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
