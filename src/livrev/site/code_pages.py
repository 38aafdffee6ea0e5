"""The code behind the figures as pages: what a notebook calls (frames, views), and how it is drawn (figures).

Where the configuration names the repository's address, a figure leads there instead.
"""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer
from sphinx.application import Sphinx
from sphinx.config import Config

from livrev.site.build_cache import recall_or_make
from livrev.site.public_urls import address_of_repository
from livrev.site.shells import Page, empty_page, fill_pages
from livrev.site.state import build_state

_PACKAGE = Path(__file__).resolve().parents[1]
_SHOWN = {folder: _PACKAGE / folder for folder in ("show/figures", "frames", "show/views")}
_USED = re.compile(r"^from livrev\.(frames|show\.views|show\.figures)\.(\w+) import", re.MULTILINE)


def address_of_code(config: Config, code: str) -> str | None:
    """Return where that function can be read that draws what *code* shows: in the repository where its address is known, else
    in the book; None where *code* calls no such function.
    """
    drawing = _functions_that_draw()
    called = [name for name in re.findall(r"\b(\w+)\(", code) if name in drawing]
    if not called:
        return None
    path, line = drawing[called[-1]]
    if repository := address_of_repository(config):
        branch = config["html_theme_options"].get("repository_branch") or "main"
        return f"{repository}/blob/{branch}/src/livrev/{path.relative_to(_PACKAGE).as_posix()}#L{line}"
    return f"{_name_of(path)}.html#line-{line}"


@cache
def _functions_that_draw() -> dict[str, tuple[Path, int]]:
    """Return file and line of each function that returns a figure; where two have one name, that which is nearer to the notebook."""
    found = {}
    for folder in _SHOWN.values():
        for path in sorted(folder.glob("[!_]*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.FunctionDef) and getattr(node.returns, "id", "") == "ShownFigure":
                    found[node.name] = (path, node.lineno)
    return found


def _name_of(path: Path) -> str:
    return f"code/{path.parent.name}-{path.stem}"


def code_page(path: Path) -> str:
    """Return the article that shows one module, with links to the modules it uses."""
    source = path.read_text(encoding="utf-8")
    used = sorted(
        {
            (kind, name)
            for kind, name in _USED.findall(source)
            if _PACKAGE.joinpath(*kind.split("."), f"{name}.py").is_file()
        }
    )
    links = ", ".join(
        f'<a href="{kind.rpartition(".")[2]}-{name}.html">livrev.{kind}.{name}</a>' for kind, name in used
    )
    uses = f"<p>It uses {links}.</p>" if links else ""
    code = highlight(source, PythonLexer(), HtmlFormatter(linespans="line", wrapcode=True))
    code = code.replace("<pre>", '<pre tabindex="0">', 1)  # a line may be longer than a phone is wide
    place = path.relative_to(_PACKAGE).as_posix()
    return f"<section><h1>{_title_of(path)}</h1><p>src/livrev/{place}, under the MIT licence.</p>{uses}{code}</section>"


def _title_of(path: Path) -> str:
    return ".".join(("livrev", *path.relative_to(_PACKAGE).with_suffix("").parts))


def collect_code(app: Sphinx) -> Iterator[Page]:
    """Yield the empty page of a module."""
    yield empty_page("code")


def write_code_pages(app: Sphinx) -> None:
    """Fill it with each module that is shown."""
    paths = [path for folder in _SHOWN.values() for path in sorted(folder.glob("[!_]*.py"))]
    bodies = recall_or_make(build_state(app).review.repository, "code", lambda: [code_page(path) for path in paths])
    names = (_name_of(path).partition("/")[2] for path in paths)
    fill_pages(Path(app.outdir), "code", zip(names, map(_title_of, paths), bodies, strict=True))
