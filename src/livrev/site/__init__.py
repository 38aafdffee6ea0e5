"""The book: a Sphinx extension, and the steps that build HTML and PDF with it.

Sphinx knows the extension by the name of this package. Its parts are imported only where a book is made, so that
`livrev build` says at once that there is nothing to do.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sphinx.application import Sphinx


def setup(app: "Sphinx") -> dict[str, Any]:
    """Connect the extension to Sphinx."""
    from livrev.site.extension import connect

    return connect(app)
