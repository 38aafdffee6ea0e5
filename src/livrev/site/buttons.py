"""Where a reader can run the book: buttons to Binder and Colab, once its code has a public address.

Without an address there is no button. livrev.site.public says where addresses come from.
"""

import os
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.errors import ExtensionError

from livrev.site.public import BRANCH, REPOSITORY, settings_from

COLAB_BRANCH = "colab"  # where publishing puts notebooks that fetch what Colab lacks, see livrev.cli.notebooks
_UNSET = "https://github.com/executablebooks/jupyter-book"  # Jupyter Book's own, where _config.yml names none


def connect(app: Sphinx) -> None:
    """Connect what this module does to Sphinx."""
    app.connect("config-inited", _name_addresses, priority=100)
    app.connect("html-page-context", _lead_to_colab, priority=600)


def _name_addresses(app: Sphinx, config: Config) -> None:
    """Tell the theme where the code is; take its buttons away where the code has no public place."""
    try:
        given = settings_from(os.environ)
    except ValueError as error:
        raise ExtensionError(str(error)) from error
    options: dict[str, Any] = dict(config.html_theme_options)
    named = str(options.get("repository_url", ""))
    code = given.get(REPOSITORY, "" if named.rstrip("/") == _UNSET else named).rstrip("/").removesuffix(".git")
    launch = {"notebook_interface": "jupyterlab"}
    if code:
        launch["binderhub_url"] = "https://mybinder.org"
        if "github.com/" in code:
            launch["colab_url"] = "https://colab.research.google.com"
        branch = options.get("repository_branch", "") if code == named else ""
        options |= {"repository_branch": given.get(BRANCH, branch or "main"), "use_repository_button": True}
    options |= {"repository_url": code, "launch_buttons": launch}
    config["html_theme_options"] = options


def _lead_to_colab(
    app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """Lead the Colab button to the notebook that fetches the review: Colab opens one file and nothing around it."""
    branch = app.config.html_theme_options.get("repository_branch", "")
    for group in context.get("header_buttons", []):
        for button in group.get("buttons", ()):
            if button.get("text") == "Colab":
                button["url"] = button["url"].replace(f"/blob/{branch}/", f"/blob/{COLAB_BRANCH}/", 1)
