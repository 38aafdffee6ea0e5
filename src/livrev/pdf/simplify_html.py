"""Turn the article of a built page into what is printed: nothing to click, everything to read.

What needs more than plain HTML is marked with `data-typst`: the call of the template (`book.typ`) that sets it.
"""

import re
from collections.abc import Mapping
from pathlib import Path

from bs4 import Tag

from livrev.pdf.elements import Finder, classes_of, new_tag
from livrev.pdf.landscape_tables import gather_lying_tables
from livrev.pdf.notes import set_evidence_notes, set_footnotes
from livrev.pdf.pictures import copy_pictures
from livrev.pdf.reading import Page
from livrev.pdf.tables import cut_table, shape_table

_TO_CLICK = (
    "script, style, link, template, dialog, a.headerlink, button, input, select, nav, svg.sd-octicon, .toctree-wrapper,"
    " .livrev-download, .livrev-citing-part, .livrev-filters, .backrefs, .sd-summary-state-marker, hr.footnotes, p.sidebar-title:empty,"
    " noscript, colgroup, a.livrev-more, p.livrev-minutes, span.livrev-screen, div.cell_input, div.livrev-notes,"
    " details.above-input,"
    " .ex-app"
)
_HIDDEN = "[hidden], [popover]:not(.livrev-card)"
_ONLINE = ".livrev-only-online"
_CALLS = (
    ("div.livrev-answer", "answer"),
    ("div.admonition", "admonition"),
    ("p.admonition-title, .sd-card-title, .sd-card-header:not(summary), summary, p.sidebar-title", "box-title"),
    ("aside.sidebar, div.topic", "admonition"),
    ("div.sd-tab-content", "tab"),
    (".sd-tab-label", "tab-label"),
    ("div.sd-card, details", "card"),
    ("div.sd-card-footer", "card-footer"),
    ("div.citation-list", "entries"),
    ("div.citation", "entry"),
    ("div.citation span.label", "entry-label"),
    ("span.sd-badge", "badge"),
    ("p.livrev-elsewhere", "elsewhere"),
)
_BLOCKS = {"div", "p", "section", "ul", "ol", "dl", "table", "figure", "pre", "aside", "blockquote", "details"}
_KEPT = {"id", "href", "src", "alt", "class", "colspan", "rowspan", "start", "data"}
_LABEL = re.compile(r"\b(note|hint|tip|seealso|important|attention|caution|warning|danger|error)\b")


def clean_page(page: Page, *, html: Path, workshop: Path, palette: Mapping[str, str]) -> None:
    """Clean the article of *page* in place; pictures go from *html* to *workshop*, painted with *palette*."""
    article = page.article
    given = Finder(article)
    computed = bool(given.select("div.cell_input"))
    _point_online(given, page.name)
    _follow_cards(given)
    for element in given.select(_HIDDEN):
        element.decompose()
    _strip_attributes(article)
    _free_tables(given)
    for table in given.select("table"):
        cut_table(table)
    for element in given.select(_TO_CLICK):
        element.decompose()
    for term in given.select("a.livrev-term"):
        term.unwrap()
    for certainty in given.select("span.livrev-certainty"):
        certainty.string = f"({certainty.get_text()})"
    _lower_headings(article, front=page.outside)
    copy_pictures(given, page=html / f"{page.name}.html", workshop=workshop, palette=palette)
    _mark_code(given)
    _mark_mathematics(given)
    set_footnotes(given)
    set_evidence_notes(given, article)
    _run_in_labels(given)
    if computed:
        _say_where_the_code_is(article, page.name)
    made = Finder(article)
    for selector, call in _CALLS:
        for element in made.select(selector):
            _mark(element, call)
    tables = article.find_all("table")
    for table in tables:
        shape_table(table)
    if tables:
        gather_lying_tables(article)


def _point_online(given: Finder, name: str) -> None:
    """Print one sentence in place of what works on screen only: containers of the class `livrev-only-online`."""
    for element in given.select(_ONLINE):
        if element.find_parent(class_=_ONLINE[1:]) is None:
            element.replace_with(
                _sentence("This part is interactive: open the page ", f"{name}.html", " of the HTML book.")
            )


def _say_where_the_code_is(article: Tag, name: str) -> None:
    """Name the notebook under the title of a page whose code is not printed."""
    title = article.find("h1") or article.find(re.compile("^h[1-6]$"))
    assert isinstance(title, Tag)
    title.insert_after(
        _sentence(
            "What follows is computed by ", f"{name}.ipynb", ", whose code stands in the HTML book and is not printed."
        )
    )


def _sentence(before: str, file: str, after: str) -> Tag:
    paragraph, code = new_tag("p", **{"class": "livrev-elsewhere"}), new_tag("code")
    code.string = file
    paragraph.extend([before, code, after])
    return paragraph


def _strip_attributes(article: Tag) -> None:
    """Drop every attribute that is not needed, but in drawings; a page cannot bring marks of its own."""
    drawn = {id(part) for drawing in article.find_all("svg") for part in [drawing, *drawing.find_all(True)]}
    for element in article.find_all(True):
        if id(element) in drawn:
            continue
        for name in [name for name in element.attrs if name not in _KEPT]:
            if not (name == "aria-label" and element.name in ("object", "embed")):
                del element[name]


def _free_tables(given: Finder) -> None:
    """Let a table that a chapter asked for stand by itself, its number and caption those of the HTML."""
    for figure in given.select("figure.livrev-tabled"):
        table, said = figure.find("table"), figure.select_one("figcaption > p")
        assert isinstance(table, Tag) and said is not None
        for caption in table.find_all("caption"):
            caption.decompose()
        said.name = "caption"
        table.insert(0, said.extract())
        table["id"], table["data-numbered"] = figure["id"], "as-in-html"
        figure.replace_with(table.extract())


def _follow_cards(given: Finder) -> None:
    """Let the title of a card carry the link that on screen covers the card."""
    for link in given.select("a.sd-stretched-link"):
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


def _mark_code(given: Finder) -> None:
    for listing in given.select("pre"):
        outer = listing.find_parent("div", class_=re.compile("^highlight-"))
        language = re.search(r"highlight-(\w+)", classes_of(outer)) if outer else None
        code = new_tag("pre")
        if language and language[1].startswith(("ipython", "python")):
            code["class"] = "python"
        code.string = listing.get_text().rstrip("\n")
        listing.replace_with(code)
    for code in given.select("code, kbd, samp"):
        text = code.get_text()
        code.clear()
        code.name, code.string = "code", text
        del code["class"]


def _mark_mathematics(given: Finder) -> None:
    for formula in given.select("span.math, div.math"):
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


def _run_in_labels(given: Finder) -> None:
    """Let each entry of the bibliography begin with its label in the same line."""
    for label in given.select("div.citation > span.label"):
        paragraph = label.find_next_sibling("p")
        if paragraph is not None:
            paragraph.insert(0, label.extract())


def _mark(element: Tag, call: str) -> None:
    """Have *element* set by *call*; block elements become divisions, so that pandoc keeps the mark."""
    if call == "admonition" and (kind := _LABEL.search(classes_of(element))):
        call = f'admonition(kind: "{kind[1]}")'
    element["data-typst"] = call
    if element.name == "span":
        return
    if not any(isinstance(c, Tag) and c.name in _BLOCKS for c in element.children):
        paragraph = new_tag("p")
        paragraph.extend(list(element.contents))
        element.append(paragraph)
    element.name = "div"
