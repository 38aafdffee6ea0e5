"""The downloads of the book: the files beside the pages, and the directive that lists them with their sizes."""

from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from livrev.exports.downloads import Download, make_downloads, write_downloads
from livrev.site.state import build_state, inputs_of, note_inputs

_FOLDER = "_static/downloads"
_HEADS = ("File", "What it holds", "Records", "Size")


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
        return [_table([_row(item, f"{up}{_FOLDER}/{item.name}") for item in shown])]


def say_size(size: int) -> str:
    """Return a number of bytes as people read it."""
    return f"{size / 1e6:.1f}\u00a0MB" if size >= 1e6 else f"{max(1, round(size / 1e3))}\u00a0kB"


def _row(item: Download, address: str) -> list[nodes.Node]:
    link = nodes.raw("", f'<a href="{address}" download>{item.name}</a>', format="html")
    records = f"{item.records:,}" if item.records is not None else ""
    return [link, nodes.Text(item.description), nodes.Text(records), nodes.Text(say_size(item.bytes))]


def _table(rows: list[list[nodes.Node]]) -> nodes.table:
    group = nodes.tgroup(cols=len(_HEADS))
    group += [nodes.colspec(colwidth=width) for width in (28, 50, 10, 12)]
    head = nodes.thead("", nodes.row("", *(_entry(nodes.Text(text)) for text in _HEADS)))
    group += [head, nodes.tbody("", *(nodes.row("", *(_entry(cell) for cell in row)) for row in rows))]
    return nodes.table("", group)


def _entry(cell: nodes.Node) -> nodes.entry:
    return nodes.entry("", nodes.paragraph("", "", cell))


def renew_downloads(app: Sphinx) -> None:
    """Write the files, unless those of these very records lie there already."""
    folder, state = Path(app.outdir) / _FOLDER, inputs_of(app)
    stamp = build_state(app).review.repository.build / ".downloads"
    if not (folder.is_dir() and stamp.is_file() and stamp.read_text(encoding="utf-8") == state):
        write_downloads(_downloads(app), folder)
        stamp.write_text(state, encoding="utf-8")
