"""The code behind the figures as pages: what a notebook calls (frames, views), and how it is drawn (figures).

Where the configuration names the repository's address, a figure leads there instead.
"""

import ast
import hashlib
import re
from collections.abc import Iterator
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer
from sphinx.application import Sphinx
from sphinx.config import Config

from livrev.transaction import write_atomically

_PACKAGE = Path(__file__).resolve().parents[1]
_SHOWN = {folder: _PACKAGE / folder for folder in ("frames", "show/views", "show/figures")}
_SHELL, _TITLE, _BODY = "code/shell", "livrev-code-title", "<p>livrev-code-body</p>"
_NOT_OURS = "https://github.com/executablebooks/jupyter-book"  # what Jupyter Book says where a review says nothing
_USED = re.compile(r"^from livrev\.(frames|show\.views|show\.figures)\.(\w+) import", re.MULTILINE)


def connect(app: Sphinx) -> None:
    """Connect the pages to Sphinx."""
    app.connect("html-collect-pages", _collect)
    app.connect("build-finished", _write)


def address_of_code(config: Config, code: str) -> str | None:
    """Return where that function can be read that draws what *code* shows: in the repository where its address is known, else
    in the book; None where *code* calls no such function.
    """
    drawing = _functions_that_draw()
    called = [name for name in re.findall(r"\b(\w+)\(", code) if name in drawing]
    if not called:
        return None
    path, line = drawing[called[-1]]
    options: dict[str, Any] = config["html_theme_options"]
    repository = str(options.get("repository_url") or "").rstrip("/")
    if repository and repository != _NOT_OURS:
        branch = options.get("repository_branch") or "main"
        return f"{repository}/blob/{branch}/src/livrev/{path.relative_to(_PACKAGE).as_posix()}#L{line}"
    return f"{_name_of(path)}.html#line-{line}"


@cache
def _functions_that_draw() -> dict[str, tuple[Path, int]]:
    """Return file and line of each function of views and frames that returns a figure; that of views, where both have one."""
    found = {}
    for folder in ("frames", "show/views"):
        for path in sorted(_SHOWN[folder].glob("[!_]*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.FunctionDef) and getattr(node.returns, "id", "") == "ShownFigure":
                    found[node.name] = (path, node.lineno)
    return found


def _name_of(path: Path) -> str:
    return f"code/{path.parent.name}-{path.stem}"


def code_page(path: Path) -> str:
    """Return the article that shows one module, with links to the modules it uses."""
    source = path.read_text(encoding="utf-8")
    used = sorted({(kind, name) for kind, name in _USED.findall(source) if _file_of(kind, name).is_file()})
    links = ", ".join(
        f'<a href="{kind.rpartition(".")[2]}-{name}.html">livrev.{kind}.{name}</a>' for kind, name in used
    )
    uses = f"<p>It uses {links}.</p>" if links else ""
    code = highlight(source, PythonLexer(), HtmlFormatter(linespans="line", wrapcode=True))
    code = code.replace("<pre>", '<pre tabindex="0">', 1)  # a line may be longer than a phone is wide
    place = path.relative_to(_PACKAGE).as_posix()
    return f"<section><h1>{_title_of(path)}</h1><p>src/livrev/{place}, under the MIT licence.</p>{uses}{code}</section>"


def _file_of(kind: str, name: str) -> Path:
    return _PACKAGE.joinpath(*kind.split(".")) / f"{name}.py"


def _title_of(path: Path) -> str:
    return ".".join(("livrev", *path.relative_to(_PACKAGE).with_suffix("").parts))


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
    gone = {*empty.parent.glob("*.html")}  # but for what is made below: the page of a module that was deleted
    for folder in _SHOWN.values():
        for path in sorted(folder.glob("[!_]*.py")):
            name = _name_of(path)
            place = html / f"{name}.html"
            gone.discard(place)
            # Colouring code takes a while: a page that was made from the same source and shell stays.
            mark = f"<!-- {hashlib.sha256((shell + path.read_text(encoding='utf-8')).encode()).hexdigest()[:16]} -->\n"
            if place.exists() and place.read_text(encoding="utf-8").endswith(mark):
                continue
            page = shell.replace(_SHELL, name).replace(_TITLE, escape(_title_of(path))).replace(_BODY, code_page(path))
            write_atomically(place, page + mark)
    for place in gone:
        place.unlink()
