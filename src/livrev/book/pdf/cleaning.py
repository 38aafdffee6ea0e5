"""Turn the article of a built page into what is printed: nothing to click, everything to read.

What needs more than plain HTML is marked with `data-typst`: the call of the template (`book.typ`) that sets it.
"""

import hashlib
import re
import shutil
from pathlib import Path
from urllib.parse import unquote

from bs4 import BeautifulSoup, Tag

from livrev.book.pdf.failure import PdfFailed
from livrev.book.pdf.reading import Page
from livrev.book.pdf.tables import cut_table, shape_table

_TO_CLICK = (
    "script, style, link, a.headerlink, button, input, nav, svg.sd-octicon, .toctree-wrapper, .livrev-download,"
    " .livrev-filters, .backrefs, .sd-summary-state-marker, hr.footnotes, p.sidebar-title:empty, noscript, colgroup,"
    " a.livrev-more, p.livrev-minutes, span.livrev-screen, .ex-app"
)
_CALLS = (
    ("div.cell_input", "cell-input"),
    ("div.livrev-answer", "answer"),
    ("div.admonition", "admonition"),
    ("p.admonition-title, .sd-card-title, .sd-card-header:not(summary), summary, p.sidebar-title", "box-title"),
    ("aside.sidebar, div.topic", "admonition"),
    ("div.sd-tab-content", "tab"),
    (".sd-tab-label", "tab-label"),
    ("div.sd-card, details", "card"),
    ("div.sd-card-footer", "card-footer"),
    ("div.citation", "entry"),
    ("div.citation span.label", "entry-label"),
    ("span.sd-badge", "badge"),
    ("p.table-note", "table-note"),
    ("span.livrev-card", "footnote"),
)
_BLOCKS = {"div", "p", "section", "ul", "ol", "dl", "table", "figure", "pre", "aside", "blockquote", "details"}
_KEPT = {"id", "href", "src", "alt", "class", "colspan", "rowspan", "start", "data-typst", "data-tex", "data-columns"}
_LONG_CODE = 30  # lines; longer code may run over the end of a page
_LABEL = re.compile(r"\b(note|hint|tip|seealso|important|attention|caution|warning|danger|error)\b")


def clean_page(page: Page, *, html: Path, workshop: Path) -> None:
    """Clean the article of *page* in place; pictures go from *html* to *workshop*."""
    article = page.article
    for table in article.find_all("table"):
        cut_table(table)
    _strip_attributes(article)
    _follow_cards(article)
    for element in article.select(_TO_CLICK):
        element.decompose()
    _lower_headings(article, front=page.front)
    _copy_pictures(article, page=html / f"{page.name}.html", workshop=workshop)
    _mark_code(article)
    _mark_mathematics(article)
    _set_footnotes(article)
    _run_in_labels(article)
    for selector, call in _CALLS:
        for element in article.select(selector):
            _mark(element, call)
    for table in article.select("table"):
        shape_table(table)


def _strip_attributes(article: Tag) -> None:
    """Drop every attribute that is not needed; a page cannot bring marks of its own."""
    for element in article.find_all(True):
        for name in [name for name in element.attrs if name not in _KEPT or name.startswith("data-")]:
            del element[name]


def _follow_cards(article: Tag) -> None:
    """Let the title of a card carry the link that on screen covers the card."""
    for link in article.select("a.sd-stretched-link"):
        card = link.find_parent(class_="sd-card")
        title = card.select_one(".sd-card-title") if card else None
        if title is not None and not title.find("a"):
            anchor = new_tag("a", href=str(link.get("href", "")))
            anchor.extend(list(title.contents))
            title.append(anchor)
        link.decompose()


def _lower_headings(article: Tag, *, front: bool) -> None:
    """Set chapters below parts, and let headings step one level at a time."""
    last = 0 if front else 1
    for heading in article.find_all(re.compile("^h[1-6]$")):
        level = min(int(heading.name[1]) + (0 if front else 1), last + 1, 6)
        heading.name, last = f"h{level}", level


def _copy_pictures(article: Tag, *, page: Path, workshop: Path) -> None:
    """Bring pictures to where Typst may read them; a picture on another host becomes its description."""
    folder = workshop / "images"
    folder.mkdir(exist_ok=True)
    for drawing in article.select("svg"):
        source = str(drawing)
        name = hashlib.sha256(source.encode()).hexdigest()[:20] + ".svg"
        (folder / name).write_text(source, encoding="utf-8")
        drawing.replace_with(new_tag("img", src=f"images/{name}", alt=_say_drawing(drawing)))
    for image in article.select("img"):
        address = str(image.get("src", ""))
        if address.startswith("images/"):
            continue
        if re.match(r"(?i)[a-z]+:", address):
            image.replace_with(str(image.get("alt", "")))
            continue
        source_path = (page.parent / unquote(address.partition("?")[0])).resolve()
        if not source_path.is_file():
            raise PdfFailed(f"{page}: the picture {address} is missing; delete _build and run livrev build again")
        shutil.copyfile(source_path, folder / source_path.name)
        image["src"] = f"images/{source_path.name}"
    for link in article.select("a.image-reference"):
        link.unwrap()


def _say_drawing(drawing: Tag) -> str:
    title = drawing.find("title")
    return title.get_text(" ", strip=True) if title else ""


def _mark_code(article: Tag) -> None:
    for listing in article.select("pre"):
        outer = listing.find_parent("div", class_=re.compile("^highlight-"))
        language = re.search(r"highlight-(\w+)", _classes(outer)) if outer else None
        code = new_tag("pre")
        if language and language[1].startswith(("ipython", "python")):
            code["class"] = "python"
        code.string = listing.get_text().rstrip("\n")
        listing.replace_with(code)
    for code in article.select("code, kbd, samp"):
        text = code.get_text()
        code.clear()
        code.name, code.string = "code", text
        del code["class"]


def _mark_mathematics(article: Tag) -> None:
    for formula in article.select("span.math, div.math"):
        number = formula.select_one(".eqno")
        said = number.extract().get_text(strip=True) if number else ""
        source = formula.get_text().strip()
        formula.clear()
        if formula.name == "div":
            wrapper = formula.wrap(new_tag("div"))
            if formula.get("id"):
                wrapper["id"] = formula["id"]
                del formula["id"]
        formula["data-tex"] = re.sub(r"^\\[(\[]|\\[)\]]$", "", source).strip()
        formula.string = "formula"
        if formula.name == "div" and said:
            _mark(wrapper, "equation")
            label = new_tag("div")
            label.string = said
            _mark(label, "equation-number")
            wrapper.append(label)


def _set_footnotes(article: Tag) -> None:
    """Put each footnote where it is referred to, so that it stands at the foot of that page."""
    notes = {str(note["id"]): note for note in article.select("aside.footnote[id]")}
    for reference in article.select("a.footnote-reference"):
        note = notes.get(str(reference.get("href", ""))[1:])
        if note is None:
            continue
        body = BeautifulSoup(str(note), "lxml").select_one("aside")
        assert body is not None
        for label in body.select("span.label"):
            label.decompose()
        mark = new_tag("span")
        for index, paragraph in enumerate(body.find_all("p")):
            if index:
                mark.append(" ")
            mark.extend(list(paragraph.contents))
        _mark(mark, "footnote")
        reference.replace_with(mark)
    for note_list in article.select("aside.footnote-list, aside.footnote"):
        note_list.decompose()


def _run_in_labels(article: Tag) -> None:
    """Let each entry of the bibliography begin with its label in the same line."""
    for label in article.select("div.citation > span.label"):
        paragraph = label.find_next_sibling("p")
        if paragraph is not None:
            paragraph.insert(0, label.extract())


def _mark(element: Tag, call: str) -> None:
    """Have *element* set by *call*; block elements become divisions, so that pandoc keeps the mark."""
    if call == "cell-input" and element.get_text().count("\n") > _LONG_CODE:
        call = "cell-input(whole: false)"
    if call == "admonition" and (kind := _LABEL.search(_classes(element))):
        call = f'admonition(kind: "{kind[1]}")'
    element["data-typst"] = call
    if element.name == "span":
        return
    if not any(isinstance(c, Tag) and c.name in _BLOCKS for c in element.children):
        paragraph = new_tag("p")
        paragraph.extend(list(element.contents))
        element.append(paragraph)
    element.name = "div"


def _classes(element: Tag) -> str:
    return " ".join(element.get("class") or ())


def new_tag(name: str, **attributes: str) -> Tag:
    """Return a new element that belongs to no document."""
    return Tag(name=name, attrs=dict(attributes))
