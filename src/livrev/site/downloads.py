"""The downloads of the book: the files beside the pages, and the directive that lists them with their sizes."""

from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from livrev.exports.downloads import Download, make_downloads, write_downloads
from livrev.site.rendering import render
from livrev.site.state import build_state, inputs_of, note_inputs

_FOLDER = "_static/downloads"


def _downloads(app: Any) -> list[Download]:
    """Return the downloads of this build, made once."""
    return build_state(app).once("downloads", lambda: make_downloads(build_state(app).review))


class DownloadsTable(SphinxDirective):
    """List the files whose names begin with the argument (`data/`), or those of the top folder."""

    optional_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Return a table: file, what it holds, records, size."""
        note_inputs(self.env)  # sizes and numbers of records
        folder = self.arguments[0] if self.arguments else ""
        items = _downloads(self.env.app)
        shown = [item for item in items if (item.name.startswith(folder) if folder else "/" not in item.name)]
        up = "../" * self.env.docname.count("/")
        made = render("downloads.html", items=shown, folder=up + _FOLDER, size=say_size)
        return [nodes.raw("", made, format="html")]


def say_size(size: int) -> str:
    """Return a number of bytes as people read it."""
    return f"{size / 1e6:.1f}\u00a0MB" if size >= 1e6 else f"{max(1, round(size / 1e3))}\u00a0kB"


def renew_downloads(app: Sphinx) -> None:
    """Write the files, unless those of these very records lie there already."""
    folder, state = Path(app.outdir) / _FOLDER, inputs_of(app)
    stamp = build_state(app).review.repository.build / ".downloads"
    if not (folder.is_dir() and stamp.is_file() and stamp.read_text(encoding="utf-8") == state):
        write_downloads(_downloads(app), folder)
        stamp.write_text(state, encoding="utf-8")
