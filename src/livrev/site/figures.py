"""Put the figures of notebooks into their pages: drawn in the page itself, with words, data and code beside them.

A figure comes as HTML (what a screen shows), as SVG (what the PDF shows), and as words. The page gets all three: the drawing, the
picture for the printed book, hidden on screens, and the words as its description. Below the caption stand the links to its
data, its picture and its code.
"""

import re
from html import escape, unescape
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms import SphinxTransform
from sphinx.transforms.post_transforms import SphinxPostTransform

from livrev.paths import find_repository
from livrev.show.figures.shown import DATA_END, DATA_START
from livrev.site.code_pages import address_of_code
from livrev.site.edition import cite_part
from livrev.site.state import kept_state
from livrev.transaction import write_atomically

DRAWING = "livrev-drawing"
_CALLED = re.compile(r"\breview\.(pool|draw_family|network)\(\"([\w-]+)\"")
_FOLDER = "figures"
_COPY = ' · <a class="headerlink livrev-copy" href="#{}">Copy link</a></p>'


def connect(app: Sphinx) -> None:
    """Connect both steps to Sphinx."""
    app.add_transform(KeepData)
    app.add_post_transform(PlaceFigures)


class KeepData(SphinxTransform):
    """While a page is read: write the data of its figures to files, and note by which code each was drawn."""

    default_priority = 850

    def apply(self, **kwargs: Any) -> None:
        """Take the data out of each drawing of the page."""
        for bundle in _bundles(self.document):
            for raw in bundle.findall(nodes.raw):
                if DRAWING not in raw.astext():
                    continue
                drawing, _, rest = raw.astext().partition(DATA_START)
                raw.children = [nodes.Text(drawing)]
                data = unescape(rest.partition(DATA_END)[0])
                figure = bundle.parent
                if isinstance(figure, nodes.figure) and figure["names"] and data:
                    self._keep(figure, figure["names"][0], data)

    def _keep(self, figure: nodes.figure, name: str, data: str) -> None:
        write_data(self.app, name, data)
        figure["livrev_name"] = name
        cell = figure.parent.parent if figure.parent is not None else None
        figure["livrev_code"] = cell.astext() if isinstance(cell, nodes.Element) else ""


class PlaceFigures(SphinxPostTransform):
    """Before one form of each output is chosen: join drawing, picture and words, and link data and code below the caption."""

    default_priority = 3
    formats = ("html",)

    def run(self, **kwargs: Any) -> None:
        """Describe each picture of the page with its words, and put its drawing before it."""
        for bundle in list(_bundles(self.document)):
            forms = {form.get("mime_type"): form for form in bundle.children if isinstance(form, nodes.Element)}
            images = list(bundle.findall(nodes.image))
            for image in images:
                if "text/plain" in forms:
                    image["alt"] = forms["text/plain"].astext().strip()
            drawing = forms.get("text/html")
            if drawing is None or not images or DRAWING not in drawing.astext():
                continue
            images[0]["loading"] = "lazy"
            both = nodes.container("", *drawing.children, images[0], classes=["livrev-shown"])
            drawing.children = []
            drawing += both
        for figure in self.document.findall(nodes.figure):
            if not figure.get("livrev_name"):
                continue
            uris = [image["uri"] for image in figure.findall(nodes.image)]
            picture = next((self.env.images[uri][1] for uri in uris if uri in self.env.images), "")
            behind = link_behind(
                self.app, self.env.docname, figure["livrev_name"], picture=picture, code=figure.get("livrev_code", "")
            )
            place, caption = f"{self.env.docname}.html#{figure['ids'][0]}", figure.next_node(nodes.caption)
            behind += cite_part(self.app, caption.astext() if caption is not None else figure["livrev_name"], place)
            figure += nodes.raw("", behind.replace("</p>", _COPY.format(figure["ids"][0]), 1), format="html")


def write_data(app: Sphinx, name: str, data: str) -> None:
    """Keep the data of the figure *name* as CSV, for its page to lead to."""
    folder = find_repository(app.srcdir).build / "assets" / _FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    write_atomically(folder / f"{name}.csv", data)


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


def _bundles(document: nodes.document) -> list[nodes.container]:
    return [bundle for bundle in document.findall(nodes.container) if bundle.get("nb_element") == "mime_bundle"]
