"""Lead from chapter to chapter: a page below a chapter is reached from it, and is no step on the way to the next."""

from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.builders.html import StandaloneHTMLBuilder


def connect(app: Sphinx) -> None:
    """Connect what this module does to Sphinx."""
    app.connect("html-page-context", _lead_on, priority=600)


def _lead_on(app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: nodes.document | None) -> None:
    builder = app.builder
    order = [app.config.root_doc, *app.env.toctree_includes.get(app.config.root_doc, ())]
    if page not in order or not isinstance(builder, StandaloneHTMLBuilder):
        return
    place = order.index(page)
    for side, other in (("prev", order[max(place - 1, 0)]), ("next", order[min(place + 1, len(order) - 1)])):
        title = builder.render_partial(app.env.titles[other])["title"]
        context[side] = {"link": builder.get_relative_uri(page, other), "title": title} if other != page else None
