"""Put the figures of notebooks into their pages: drawn in the page itself, with words, data and code beside them.

A figure comes as HTML (what a screen shows), as SVG (what the PDF shows), and as words. The page gets all three: the drawing, the
picture for the printed book, hidden on screens, and the words as its description. Below the caption stand the links to its
data, its picture and its code: the modules that draw, as they are, beside the pages, or in the repository where its address is known.
"""

import ast
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from html import escape, unescape
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import quote

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.transforms.post_transforms import SphinxPostTransform

from livrev.paths import find_repository
from livrev.show.figures.shown import DATA_END, DATA_START
from livrev.site.edition import cite_part
from livrev.site.public_urls import address_of_repository
from livrev.site.state import build_state, executed_notebook, kept_state
from livrev.transaction import write_if_changed

_CALLED = re.compile(r"\breview\.(pool|draw_family|network)\(\"([\w-]+)\"")
_FOLDER = "figures"
_PICTURE = re.compile(r'<img\b(?P<rest>[^>]*?\bsrc="[^"]*_images/(?P<name>[^"/]+\.svg)"[^>]*?)\s*/?>')
_SIZE = re.compile(r'<svg\b[^>]*?\bwidth="([\d.]+)pt"[^>]*?\bheight="([\d.]+)pt"')
_TABLE = re.compile(r'<div class="livrev-table" id="(?P<name>[^"]*)">.*?<caption>(?P<caption>.*?)</caption>', re.DOTALL)
Size = tuple[int, int]
_PACKAGE = Path(__file__).resolve().parents[1]
_CODE = ("show/figures", "frames", "show/views")


@dataclass(frozen=True, slots=True)
class Shown:
    """A figure or table as a page can hold it: HTML, and of a figure also picture, words and data; *code* made it."""

    html: str
    caption: str
    svg: str = ""
    alt: str = ""
    data: str = ""
    code: str = ""


class PlaceFigures(SphinxPostTransform):
    """Before one form of each output is chosen: join drawing, picture and words, and link data and code below the caption."""

    default_priority = 3
    formats = ("html",)

    def run(self, **kwargs: Any) -> None:
        for bundle in [one for one in self.document.findall(nodes.container) if one.get("nb_element") == "mime_bundle"]:
            forms = {form.get("mime_type"): form for form in bundle.children if isinstance(form, nodes.Element)}
            images = list(bundle.findall(nodes.image))
            for image in images:
                if "text/plain" in forms:
                    image["alt"] = forms["text/plain"].astext().strip()
            drawing = forms.get("text/html")
            if drawing is None or not images or "livrev-drawing" not in drawing.astext():
                continue
            for raw in drawing.findall(nodes.raw):
                raw.children = [nodes.Text(_split_drawing(raw.astext())[0])]
            images[0]["loading"] = "lazy"
            both = nodes.container("", *drawing.children, images[0], classes=["livrev-shown"])
            drawing.children = []
            drawing += both
        for figure in self.document.findall(nodes.figure):
            named = in_notebooks(self.app).get(next(iter(figure["names"]), ""))
            name = figure.get("livrev_name") or (named and named.data and figure["names"][0])
            if not name:
                continue
            uris = [image["uri"] for image in figure.findall(nodes.image)]
            picture = next((self.env.images[uri][1] for uri in uris if uri in self.env.images), "")
            code = figure.get("livrev_code") or (named.code if named else "")
            behind = link_behind(self.app, self.env.docname, name, picture=picture, code=code)
            here, caption = f"#{figure['ids'][0]}", figure.next_node(nodes.caption)
            behind = behind.replace("</p>", f' · <a class="headerlink livrev-copy" href="{here}">Copy link</a></p>', 1)
            behind += cite_part(self.app, caption.astext() if caption else name, f"{self.env.docname}.html{here}")
            figure += nodes.raw("", behind, format="html")


def in_notebooks(app: Sphinx) -> dict[str, Shown]:
    """Return every figure and table that a notebook shows, by its name."""
    return build_state(app).once("in notebooks", lambda: dict(_read_notebooks(app)))


def _read_notebooks(app: Sphinx) -> Iterator[tuple[str, Shown]]:
    repository = build_state(app).review.repository
    for path in repository.notebook_files():
        for cell in json.loads(executed_notebook(app, f"{repository.notebooks.name}/{path.stem}") or "")["cells"]:
            code = "".join(cell["source"])
            for output in cell.get("outputs", ()):
                data = output.get("data", {})
                said = {kind: "".join(text) for kind, text in data.items() if kind != "application/json"}
                html, figure = said.get("text/html", ""), cell["metadata"].get("mystnb", {}).get("figure")
                if figure and "image/svg+xml" in said:
                    drawing, data = _split_drawing(html)
                    shown = Shown(drawing, figure["caption"], said["image/svg+xml"], said["text/plain"], data, code)
                    yield str(figure["name"]), shown
                elif table := _TABLE.match(html):
                    yield unescape(table["name"]), Shown(html, unescape(table["caption"]), code=code)


def _split_drawing(html: str) -> tuple[str, str]:
    drawing, _, rest = html.partition(DATA_START)
    return drawing, unescape(rest.partition(DATA_END)[0])


def keep_data(app: Sphinx, env: Any) -> None:
    """Before the pages are written: keep the data of each figure of the notebooks."""
    for name, shown in in_notebooks(app).items():
        if shown.data:
            write_data(app, name, shown.data)


def write_data(app: Sphinx, name: str, data: str) -> None:
    """Keep the data of the figure *name* as CSV, for its page to lead to."""
    write_if_changed(find_repository(app.srcdir).build / "assets" / _FOLDER / f"{name}.csv", data)


def link_behind(app: Sphinx, page: str, name: str, *, picture: str = "", code: str = "") -> str:
    """Return the line below a caption: links to the data of the figure *name*, its *picture*, its code, and its pool in the explorer.

    *picture* is a file in `_images`; *code* is the code of the cell, or the call that draws.
    """
    up, name = "../" * page.count("/"), escape(name)
    links = [f'<a href="{up}_static/{_FOLDER}/{name}.csv" download>Data (CSV)</a>']
    if picture:
        links.append(f'<a href="{up}_images/{escape(picture)}" download="{name}.svg">Picture (SVG)</a>')
    if address := address_of_code(app.config, code):
        links.append(f'<a href="{escape(address if "//" in address else up + address)}">Code</a>')
    if (view := _view_of(name, code)) and (explorer := next(iter(kept_state(app.env).explorer_pages), "")):
        links.append(f'<a href="{up}{explorer}.html#{view}">Open in the explorer</a>')
    return f'<p class="livrev-download livrev-behind">{" · ".join(links)}</p>'


def _view_of(name: str, code: str) -> str:
    """Return the view of the explorer that shows what a figure shows: its pool, its family of pools, its network; else nothing."""
    for kind in ("pool", "family"):
        if name.startswith(f"fig-{kind}-"):
            return f"{kind}={name.removeprefix(f'fig-{kind}-')}"
    called = _CALLED.search(code)
    return f"{called[1].removeprefix('draw_')}={called[2]}" if called else ""


def give_sizes(body: str, size_of: Callable[[str], Size | None]) -> str:
    """Return *body* with width and height on each picture of known size; all pictures but the first wait to be near.

    *size_of* returns width and height in CSS pixels of a picture by its file name.
    """
    seen = count()

    def mend(match: re.Match[str]) -> str:
        size = size_of(match["name"])
        added = ' loading="lazy"' if next(seen) and " loading=" not in match["rest"] else ""
        if size and " width=" not in match["rest"]:
            added += f' width="{size[0]}" height="{size[1]}"'
        return f'<img{match["rest"]} decoding="async"{added} />'

    return _PICTURE.sub(mend, body)


@cache
def size_of_file(picture: Path) -> Size | None:
    """Return width and height, in CSS pixels, that an SVG gives in points; None where it gives none."""
    with picture.open(encoding="utf-8") as file:
        found = _SIZE.search(file.read(2000))
    return (round(float(found[1]) * 96 / 72), round(float(found[2]) * 96 / 72)) if found else None


def describe_pictures(app: Sphinx, page: str, context: dict[str, Any], doctree: nodes.document | None) -> None:
    """Tell the browser how large each picture of a page will be, and which it may fetch later."""
    if doctree is not None and app.builder.name == "html":
        files = {name: Path(app.srcdir) / source for source, name in app.builder.images.items()}
        sizes = {name: size_of_file(file) for name, file in files.items() if file.suffix == ".svg"}
        context["body"] = give_sizes(str(context["body"]), sizes.get)


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
    return f"{_name_of(path)}#:~:text={quote(f'def {called[-1]}(')}"


@cache
def _functions_that_draw() -> dict[str, tuple[Path, int]]:
    """Return file and line of each function that returns a figure; where two have one name, that which is nearer to the notebook."""
    found = {}
    for path in _modules():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef) and getattr(node.returns, "id", "") == "ShownFigure":
                found[node.name] = (path, node.lineno)
    return found


def _modules() -> list[Path]:
    return [path for folder in _CODE for path in sorted((_PACKAGE / folder).glob("[!_]*.py"))]


def _name_of(path: Path) -> str:
    return f"code/{path.parent.name}-{path.stem}.txt"


def write_code(app: Sphinx) -> None:
    """Write each module whose functions draw, as it is."""
    for path in _modules():
        write_if_changed(Path(app.outdir) / _name_of(path), path.read_text(encoding="utf-8"))
