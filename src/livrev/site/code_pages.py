"""The code behind the figures as pages: which records were chosen (views), and how they were drawn (figures).

Where the configuration names the repository's address, a figure leads there instead.
"""

import hashlib
import re
from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import Any

from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer
from sphinx.application import Sphinx
from sphinx.config import Config

from livrev.atomic_write import write_atomically

_PACKAGE = Path(__file__).resolve().parents[1]
_SHOWN = {"views": _PACKAGE / "show" / "views", "figures": _PACKAGE / "show" / "figures"}
_SHELL, _TITLE, _BODY = "code/shell", "livrev-code-title", "<p>livrev-code-body</p>"
_NOT_OURS = "https://github.com/executablebooks/jupyter-book"  # what Jupyter Book says where a review says nothing
_USED = re.compile(r"^from livrev\.show\.(views|figures)\.(\w+) import", re.MULTILINE)


def connect(app: Sphinx) -> None:
    """Connect the pages to Sphinx."""
    app.connect("html-collect-pages", _collect)
    app.connect("build-finished", _write)


def address_of_code(config: Config, module: str, function: str) -> str:
    """Return where *function* of a view can be read: in the repository where its address is known, else in the book."""
    path = _SHOWN["views"] / f"{module}.py"
    line = _line_of(path.read_text(encoding="utf-8"), function) if path.is_file() else 1
    options: dict[str, Any] = config["html_theme_options"]
    repository = str(options.get("repository_url") or "").rstrip("/")
    if repository and repository != _NOT_OURS:
        branch = options.get("repository_branch") or "main"
        return f"{repository}/blob/{branch}/src/livrev/show/views/{module}.py#L{line}"
    return f"code/views-{module}.html#line-{line}"


def _line_of(source: str, function: str) -> int:
    """Return the line on which *function* begins, 1 where it does not."""
    lines = source.split("\n")
    return next((number for number, line in enumerate(lines, 1) if line.startswith(f"def {function}(")), 1)


def code_page(folder: str, path: Path) -> str:
    """Return the article that shows one module, with links to the modules it uses."""
    source = path.read_text(encoding="utf-8")
    used = sorted({(kind, name) for kind, name in _USED.findall(source) if (_SHOWN[kind] / f"{name}.py").is_file()})
    links = ", ".join(f'<a href="{kind}-{name}.html">livrev.show.{kind}.{name}</a>' for kind, name in used)
    uses = f"<p>It uses {links}.</p>" if links else ""
    code = highlight(source, PythonLexer(), HtmlFormatter(linespans="line", wrapcode=True))
    code = code.replace("<pre>", '<pre tabindex="0">', 1)  # a line may be longer than a phone is wide
    return (
        f"<section><h1>livrev.show.{folder}.{path.stem}</h1>"
        f"<p>src/livrev/show/{folder}/{path.name}, under the MIT licence.</p>{uses}{code}</section>"
    )


def _collect(app: Sphinx) -> Iterator[tuple[str, dict[str, Any], str]]:
    """Yield one empty page; a page of the theme takes long to make, and the others are this one filled."""
    yield _SHELL, {"title": _TITLE, "body": _BODY}, "page.html"


def _write(app: Sphinx, error: Exception | None) -> None:
    if error is not None or app.builder.format != "html":
        return
    html = Path(app.outdir)
    empty = html / f"{_SHELL}.html"
    if not empty.is_file():
        return
    shell = empty.read_text(encoding="utf-8")
    for folder, place_of in _SHOWN.items():
        for path in sorted(place_of.glob("[!_]*.py")):
            name = f"code/{folder}-{path.stem}"
            place = html / f"{name}.html"
            # Colouring code takes a while: a page that was made from the same source and shell stays.
            mark = f"<!-- {hashlib.sha256((shell + path.read_text(encoding='utf-8')).encode()).hexdigest()[:16]} -->\n"
            if place.exists() and place.read_text(encoding="utf-8").endswith(mark):
                continue
            title = escape(f"livrev.show.{folder}.{path.stem}")
            page = shell.replace(_SHELL, name).replace(_TITLE, title).replace(_BODY, code_page(folder, path))
            write_atomically(place, page + mark)
    empty.unlink()
