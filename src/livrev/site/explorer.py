"""The evidence explorer: a directive that puts it on a page, the data that its scripts read, and the scripts on that page only."""

import json
from collections.abc import Collection
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from livrev.exports.references import ris_by_key
from livrev.records.settings import Settings
from livrev.show.views.explorer import check_view, explorer_data
from livrev.site.build_cache import recall_or_make
from livrev.site.rendering import render
from livrev.site.state import build_state, inputs_of, kept_state, show
from livrev.transaction import write_if_changed

DATA, REFERENCES = "explorer/evidence.js", "explorer/publications.js"
_WANTED = {"datatables.js": "table", REFERENCES: "references"}  # loaded when they are wanted
# In the order in which they build on each other.
SCRIPTS = (
    "numerics", "pooling", "network", "data", "state", "words", "selection", "drawing", "forest", "gapmap", "plots", "answer",
    "networkcard", "table", "saving", "explorer",
)  # fmt: skip
MARK = 'id="explorer"'


class ExplorerView(nodes.General, nodes.Element):  # type: ignore[misc]
    """The explorer on a page; paper gets one sentence that says where the same records stand."""


class Explorer(SphinxDirective):
    """Put the explorer here; each line of the content is an example view: `label | pool=some-pool&out=some-study`."""

    has_content = True

    def run(self) -> list[nodes.Node]:
        data = _data(self.env.app)
        examples = []
        for number, line in enumerate(self.content, self.content_offset + 1):
            label, _, view = (part.strip() for part in line.partition("|"))
            if not line.strip():
                continue
            form = "is not `label | view`; write as `All of it | endpoint=os`"
            if wrong := check_view(data, view) if label and view else form:
                raise self.error(f"line {number}: the example “{line.strip()}” {wrong}")
            examples.append((label, view))
        # Read again where a record changes: an example may have lost what it names.
        show(self.env, inputs_of)
        kept_state(self.env).explorer_pages = {self.env.docname}
        return [ExplorerView("", examples=examples, root="../" * self.env.docname.count("/"))]


def to_html(examples: list[tuple[str, str]], root: str, settings: Settings, kinds: Collection[str] = ()) -> str:
    """Return the explorer's part of a page, whose way up to the book's root is *root*, in the words of *settings*.

    *kinds* are those of the single results that can be drawn.
    """
    return render("explorer.html", examples=examples, root=root, kinds=kinds, settings=settings)


def _data(app: Sphinx) -> dict[str, Any]:
    state = build_state(app)
    review = state.review
    return state.once("explorer", lambda: recall_or_make(review.repository, "explorer", lambda: explorer_data(review)))


def visit_explorer(translator: Any, node: ExplorerView) -> None:
    """Write the explorer into a page."""
    app = translator.builder.app
    kinds = set(_data(app)["results"]["kind"])
    translator.body.append(to_html(node["examples"], node["root"], build_state(app).review.settings, kinds))
    raise nodes.SkipNode


def add_scripts(app: Sphinx, page: str, context: dict[str, Any], doctree: nodes.document | None) -> None:
    """Give the page of the explorer its scripts and styles."""
    if MARK not in str(context.get("body") or ""):
        return
    app.add_css_file("explorer/explorer.css")
    for name in (DATA, *(f"explorer/{script}.js" for script in SCRIPTS), *_WANTED):
        later: Any = {"data-later": _WANTED.get(name, "page")}
        app.add_js_file(name, type="text/plain", **later)  # the page itself calls them: explorer.html, explorer.js


def to_script(data: dict[str, Any], name: str = "livrevEvidence") -> str:
    """Return *data* as a classic script that sets one global, which a page opened from the disk can load."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return f"window.{name} = {text};\n"


def write_data(app: Sphinx, env: Any) -> None:
    """Write the data, where a page shows them, among the assets: there they are before the pages, which name their digest."""
    if kept_state(env).explorer_pages:
        review = build_state(app).review
        assets = review.repository.build / "assets"
        write_if_changed(assets / DATA, to_script(_data(app)))
        write_if_changed(assets / REFERENCES, to_script(ris_by_key(review), "livrevReferences"))
