"""The ways from a page to others: the buttons above it, and the steps to the chapters before and after it."""

from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.builders.html import StandaloneHTMLBuilder

from livrev.site.public_urls import COLAB_BRANCH


def lead_on(app: Sphinx, page: str, context: dict[str, Any], doctree: nodes.document | None) -> None:
    """Lead from chapter to chapter: a page below a chapter is reached from it, and is no step on the way to the next."""
    order = [app.config.root_doc, *app.env.toctree_includes.get(app.config.root_doc, ())]
    builder = app.builder
    if page in order and isinstance(builder, StandaloneHTMLBuilder):
        place = order.index(page)
        for side, other in (("prev", order[max(place - 1, 0)]), ("next", order[min(place + 1, len(order) - 1)])):
            title = builder.render_partial(app.env.titles[other])["title"]
            link = {"link": builder.get_relative_uri(page, other), "title": title}
            context[side] = link if other != page else None


def choose_buttons(app: Sphinx, page: str, context: dict[str, Any], doctree: nodes.document | None) -> None:
    """Take away the buttons of no use, and lead that of Colab to the notebook that fetches the review.

    Colab opens one file and nothing around it.
    """
    if "header_buttons" in context:
        branch = app.config.html_theme_options.get("repository_branch", "")
        useful = (useful_button(button, branch) for button in context["header_buttons"])
        context["header_buttons"] = [button for button in useful if button]


def useful_button(button: dict[str, Any], branch: str) -> dict[str, Any] | None:
    """Return a button of the bar above a page; None where it leads to a source file, which the book does not hold.

    A menu of one entry becomes that entry. *branch* is that of the published code.
    """
    if button["type"] == "link":
        if button.get("text") == "Colab":
            button = {**button, "url": button["url"].replace(f"/blob/{branch}/", f"/blob/{COLAB_BRANCH}/", 1)}
        return button if "_sources/" not in button["url"] else None
    if button["type"] != "group":
        return button
    inside = [useful for one in button["buttons"] if (useful := useful_button(one, branch))]
    if len(inside) == 1:
        return {**inside[0], "text": None, "tooltip": inside[0]["tooltip"], "classes": "pst-navbar-icon"}
    return {**button, "buttons": inside} if inside else None
