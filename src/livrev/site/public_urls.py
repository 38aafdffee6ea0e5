"""The public addresses of a book and of its code, as the environment names them, and the ways from each page to these and to others.

The address of the book is LIVREV_BASE_URL, or `baseurl` in the configuration. With it each page names itself (canonical), pictures
for sharing and the sitemap are absolute, and the page for what is missing works at any depth. Without it the book is read from
the disk, and every address is relative.

The address of the code is `repository: {url: …, branch: …}` in `_config.yml`, or LIVREV_REPOSITORY and LIVREV_BRANCH in the
environment, which come first: a fork that publishes itself leads its readers to itself. With it there are buttons to Binder and
Colab, where a reader can run the book; without it there is none.
"""

import os
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin

if TYPE_CHECKING:
    from docutils import nodes
    from sphinx.application import Sphinx
    from sphinx.config import Config

BOOK, REPOSITORY, BRANCH = "LIVREV_BASE_URL", "LIVREV_REPOSITORY", "LIVREV_BRANCH"
_UNSET = "https://github.com/executablebooks/jupyter-book"  # Jupyter Book's own, where _config.yml names none
_FORMS = {
    BOOK: (re.compile(r"https?://[\w.-]+(?::\d+)?(?:/[\w.~%-]+)*/?"), "it whole, like https://example.org/book/, there or as html.baseurl"),
    REPOSITORY: (re.compile(r"https://(?:github|gitlab)\.com/[\w.-]+/[\w.-]+?(?:\.git)?/?"), "https://github.com/OWNER/NAME"),
    BRANCH: (re.compile(r"[\w][\w./-]*"), "the name of a branch"),
}  # fmt: skip
_POINTS = re.compile(r'(\s(?:href|src|data-content_root)=")((?![a-zA-Z][a-zA-Z0-9+.-]*:|//|#)[^"]*)(?=")')


def settings_from(environment: Mapping[str, str], baseurl: str = "") -> dict[str, str]:
    """Return the addresses that *environment* names, that of the book with a slash at its end; *baseurl* where it names none.

    Raises ValueError, with the cure, for one that is none.
    """
    named = {name: environment.get(name, "").strip() for name in _FORMS}
    named[BOOK] = named[BOOK] or baseurl.strip()
    found = {name: value for name, value in named.items() if value}
    for name, value in found.items():
        form, cure = _FORMS[name]
        if not form.fullmatch(value):
            raise ValueError(f"{name}: {value} is not such an address; write {cure}")
    return found | ({BOOK: found[BOOK].rstrip("/") + "/"} if BOOK in found else {})


def name_addresses(app: "Sphinx", config: "Config") -> None:
    """Tell Sphinx where the book is, and the theme where the code is; without a place of the code the theme's buttons go.

    Raises ConfigError on an address that is none.
    """
    from sphinx.errors import ConfigError

    try:
        given = settings_from(os.environ, config.html_baseurl or "")
    except ValueError as error:
        raise ConfigError(str(error)) from error
    config["html_baseurl"] = given.get(BOOK, "")
    options, named = dict(config.html_theme_options), address_of_repository(config)
    code = given.get(REPOSITORY, named).rstrip("/").removesuffix(".git")
    launch = {"notebook_interface": "jupyterlab"}
    if code:
        launch["binderhub_url"] = "https://mybinder.org"
        if "github.com/" in code:
            launch["colab_url"] = "https://colab.research.google.com"
        branch = options.get("repository_branch", "") if code == named else ""
        options |= {"repository_branch": given.get(BRANCH, branch or "main"), "use_repository_button": True}
    config["html_theme_options"] = {**options, "repository_url": code, "launch_buttons": launch}


def address_of_repository(config: "Config") -> str:
    """Return the public address of the code as the theme knows it; nothing where it has none."""
    named = str(config["html_theme_options"].get("repository_url") or "").rstrip("/")
    return "" if named == _UNSET else named


def with_absolute_addresses(html: str, base: str) -> str:
    """Return a page of the book's root whose every address begins with *base*, so that it may be shown at any depth."""
    return _POINTS.sub(lambda match: match[1] + urljoin(base, match[2]), html)


def lead_on(app: "Sphinx", page: str, context: dict[str, Any], doctree: "nodes.document | None") -> None:
    """Lead from chapter to chapter: a page below a chapter is reached from it, and is no step on the way to the next."""
    order = [app.config.root_doc, *app.env.toctree_includes.get(app.config.root_doc, ())]
    builder: Any = app.builder
    if page in order:
        place = order.index(page)
        for side, other in (("prev", order[max(place - 1, 0)]), ("next", order[min(place + 1, len(order) - 1)])):
            title = builder.render_partial(app.env.titles[other])["title"]
            link = {"link": builder.get_relative_uri(page, other), "title": title}
            context[side] = link if other != page else None


def choose_buttons(app: "Sphinx", page: str, context: dict[str, Any], doctree: "nodes.document | None") -> None:
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
            # where publishing puts notebooks that fetch what Colab lacks, see livrev.cli.notebooks
            button = {**button, "url": button["url"].replace(f"/blob/{branch}/", "/blob/colab/", 1)}
        return button if "_sources/" not in button["url"] else None
    if button["type"] != "group":
        return button
    inside = [useful for one in button["buttons"] if (useful := useful_button(one, branch))]
    if len(inside) == 1:
        return {**inside[0], "text": None, "classes": "pst-navbar-icon"}
    return {**button, "buttons": inside} if inside else None
