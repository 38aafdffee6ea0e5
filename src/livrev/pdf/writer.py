"""Write the document tree of a page as Typst. Every text becomes a string of Typst's code, so that none of it is read as markup.

A place is called `page#name`. A link is written as `#to("page#name")[…]`: only the whole book knows whether that place is
printed (see `livrev.pdf.book`).
"""

import posixpath
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache
from urllib.parse import unquote

import pypandoc
from docutils import nodes
from sphinx.locale import admonitionlabels

from livrev.pdf.bibliography import Bibliography
from livrev.pdf.html import ON_SCREEN, read_html
from livrev.pdf.tables import ROWS_PRINTED, let_break, set_cells
from livrev.show.tables import Link
from livrev.show.views.cards import Card
from livrev.site.chapter_figures import NumberedTable
from livrev.site.explorer import ExplorerView
from livrev.site.roles import EvidenceMark

_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_WRAPS = {
    "paragraph": ("", "\n\n"), "emphasis": ("#emph[", "];"), "strong": ("#strong[", "];"),
    "superscript": ("#super[", "];"), "subscript": ("#sub[", "];"), "block_quote": ("#quote(block: true)[", "]\n\n"),
    "bullet_list": ("#list(tight: false, ", ")\n\n"), "enumerated_list": ("#enum(tight: false, ", ")\n\n"),
    "list_item": ("[", "], "), "definition_list": ("#terms(", ")\n\n"), "topic": ("#admonition()[", "]\n\n"),
    "sidebar": ("#admonition()[", "]\n\n"), "rubric": ("#box-title[", "]\n\n"), "line": ("", "#linebreak();"),
    "dropdown_title": ("#box-title[", "]\n\n"), "line_block": ("", "\n\n"), "attribution": ("— ", "\n\n"),
}  # fmt: skip
"""What stands before and after the children of a node, by its name or class; any other node is its children."""
_WRAPS_OF_CLASSES = {
    "livrev-answer": ("#answer[", "]\n\n"), "sd-card": ("#card[", "]\n\n"), "livrev-certainty": ('#"(";', '#")";'),
    **dict.fromkeys(("sd-card-title", "sd-tab-label"), ("#box-title[", "]\n\n")),
}  # fmt: skip
_SKIPPED = {
    "comment", "toctree", "index", "substitution_definition", "system_message", "footnote", "meta", "transition", "colspec",
    "label", "caption", "pending",
}  # fmt: skip
_SCREEN_CLASSES = ON_SCREEN | {
    "only-dark", "dark-only", "sd-summary-state-marker", "contents", "cell_input", "sd-stretched-link",
}  # fmt: skip
# What a note keeps of a card of evidence; the rest stands on screen only.
_ON_PAPER = ("Said by", "Sentence", "Verdict", "Certainty", "Kind", "Read in", "Reference", "Flag")


def quote(text: str) -> str:
    """Return *text* as a string of Typst's code, in one line."""
    return '"' + _CONTROL.sub(" ", text).replace("\\", "\\\\").replace('"', '\\"') + '"'


@dataclass
class PrintedPage:
    """A page in Typst, and where each name of it leads: to the label of the same place."""

    markup: str = ""
    places: dict[str, str] = field(default_factory=dict)


Numbers = Callable[[nodes.Element], str]
"""Return what is printed before the title of a section, or before the caption of a figure or table."""


def write_page(document: nodes.document, page: str, *, numbers: Numbers, bibliography: Bibliography) -> PrintedPage:
    """Return *document*, the page called *page* with all its references resolved, in Typst."""
    writer = _Writer(document, page, numbers, bibliography)
    return PrintedPage(writer.write(document) + writer.notes(), writer.places)


class _Writer:
    """Writes one page: for each node of a kind in the tables above what stands there, for any other what its method says."""

    def __init__(self, document: nodes.document, page: str, numbers: Numbers, bibliography: Bibliography) -> None:
        self._document, self._page, self._numbers, self._bibliography = document, page, numbers, bibliography
        self._depth, self._figures, self._in_table, self._in_fold = 0, 0, False, False
        self._marks: dict[tuple[Card, ...], list[str]] = {}
        self.places: dict[str, str] = {}
        self._computed = any(node.get("nb_element") == "cell_code" for node in document.findall(nodes.container))

    def write(self, node: nodes.Node) -> str:
        """Return *node* and all that is in it, with a mark for links to it; nothing where it is for screens only."""
        if isinstance(node, nodes.Text):
            return self._text(node.astext())
        name, classes = type(node).__name__, node.get("classes", ())
        if name in _SKIPPED or _SCREEN_CLASSES.intersection(classes) or node.get("nb_element") == "cell_code_source":
            return ""
        if method := getattr(self, f"_write_{name.lower()}", None):
            return str(method(node))
        if isinstance(node, nodes.Admonition):
            own = any(isinstance(child, nodes.title) for child in node)
            title = "" if own else f"#box-title[{admonitionlabels[name]}]\n\n"
            return f'#admonition(kind: "{name}")[{title}{self._inside(node)}]\n\n'
        wraps = [_WRAPS_OF_CLASSES[one] for one in classes if one in _WRAPS_OF_CLASSES]
        before, after = wraps[0] if wraps else _WRAPS.get(name, ("", ""))
        mark = self._mark(node)
        return (before + mark if before.endswith("[") else mark + before) + self._inside(node) + after

    def _inside(self, node: nodes.Element, *, but: Sequence[nodes.Node] = ()) -> str:
        return "".join(self.write(child) for child in node.children if child not in but)

    def _text(self, text: str) -> str:
        if not self._in_table:
            return f"#{quote(text)};"
        return "".join(
            f"#to({quote(place)})[#{quote(said)};];" if place else f"#{quote(let_break(said))};"
            for said, place in self._bibliography.name_keys(text)
        )

    def _label(self, node: nodes.Element, *more: nodes.Element) -> str:
        """Return a label for the thing before it, to which every name of *node* and *more* leads."""
        names = [name for one in (node, *more) for name in one["ids"]]
        if not names:
            return ""
        place = f"{self._page}#{names[0]}"
        self.places |= {f"{self._page}#{name}": place for name in names}
        return f" #label({quote(place)})"

    def _mark(self, node: nodes.Element) -> str:
        """Return a mark, where nothing else could bear the label of *node*; nothing where it has no name."""
        label = self._label(node) if node.get("ids") else ""
        return f"#[#metadata(none){label}];" if label else ""

    # Headings and what has a caption

    def _write_section(self, node: nodes.section) -> str:
        self._depth += 1
        said = self._inside(node)
        self._depth -= 1
        return said

    def _write_title(self, node: nodes.title) -> str:
        above = node.parent
        if not isinstance(above, nodes.section):
            return f"#box-title[{self._inside(node)}]\n\n"
        number = self._numbers(above)
        body = (f"#{quote(number)};" if number else "") + self._inside(node)
        said = f"#heading(depth: {self._depth})[{body}]{self._label(above, node)}\n\n"
        if self._page not in self.places:
            self.places[self._page] = f"{self._page}#{above['ids'][0]}"
            if self._computed:
                where = "whose code stands in the HTML book and is not printed."
                said += f"#elsewhere[What follows is computed by #raw({quote(self._page + '.ipynb')}), {where}]\n\n"
        return said

    def _write_figure(self, node: nodes.figure) -> str:
        captions = [child for child in node if isinstance(child, nodes.caption)]
        number = self._numbers(node) if captions else ""
        said = (f"#{quote(number)};" if number else "") + "".join(self._caption(one) for one in captions)
        if isinstance(node, NumberedTable):
            made = (one for raw in node.findall(nodes.raw) for one in read_html(raw.astext()))
            (table,) = (table for one in made for table in one.findall(nodes.table))
            return self._set_table(table, said, "", self._label(node))
        body = self._inside(node, but=captions)
        caption = f"caption: [{said}], " if said else ""
        self._figures += 1
        # A notebook's headings stand over its figures. At the top one of the first would stand above the title of a chapter.
        place = "none" if self._in_fold or self._computed else "bottom" if self._figures < 3 else "auto"
        # Where a label of its own would be is the place of the text before it, which may be on the page before.
        return f"#figure(kind: image, placement: {place}, {caption}[{self._mark(node)}{body}])\n\n"

    _write_numberedtable = _write_figure

    def _write_dropdown_main(self, node: nodes.Element) -> str:
        """Return a fold, open; one that holds a figure goes with the figures, so that it stays behind the one that it tells of."""
        self._in_fold = any(node.findall(nodes.figure))
        card = "floating-card" if self._in_fold else "card"
        said = f"#{card}[{self._mark(node)}{self._inside(node)}]\n\n"
        self._in_fold = False
        return said

    def _caption(self, node: nodes.Element) -> str:
        """Return a caption whose first sentence is what the list of figures or tables says."""
        said = self._inside(node)
        first, stop, more = said.partition(". ")
        return f'{first}.";#rest[#" {more}]' if stop and first.startswith('#"') and '"' not in first[2:] else said

    def _write_table(self, node: nodes.table) -> str:
        said = "".join(self._caption(child) for child in node if isinstance(child, nodes.title))
        return self._set_table(node, said, 'numbering: "1", supplement: [Table], ' if said else "", self._label(node))

    def _set_table(self, node: nodes.table, caption: str, numbering: str, label: str) -> str:
        heads = [row for part in node.findall(nodes.thead) for row in part.findall(nodes.row)]
        rows = [row for part in node.findall(nodes.tbody) for row in part.findall(nodes.row)]
        note, count = "", len(rows)
        if count > ROWS_PRINTED:
            note = f"table-note({quote(f'The first {ROWS_PRINTED} of {count} rows; all stand in the HTML book.')}); "
        elif not rows:
            note = 'table-note("There are none."); '
        rows = rows[:ROWS_PRINTED]
        self._in_table = True
        cells = [[self._cell(entry) for entry in row] for row in (*heads, *rows)]
        self._in_table = False
        texts = [[" ".join(entry.astext().split()) for entry in row] for row in (*heads, *rows)]
        body, setting = set_cells(cells, texts, heads=len(heads))
        says = f"caption: [{caption}], " if caption else ""
        return f"#{setting}[#figure(kind: table, {numbering}{says}{{{note}{body}}}){label}]\n\n"

    def _cell(self, entry: nodes.entry) -> str:
        said = self._inside(entry).strip()
        across, down = (1 + int(entry.get(name, 0)) for name in ("morecols", "morerows"))
        return f"[{said}]" if across == down == 1 else f"table.cell(colspan: {across}, rowspan: {down})[{said}]"

    # Words

    def _write_reference(self, node: nodes.reference) -> str:
        if self._in_table and (found := self._bibliography.find(node.astext(), node.get("refuri", ""))):
            return f"#to({quote(found.place)})[#{quote(found.label)};];"
        numbered = any({"std-numref", "std-doc"} & set(one["classes"]) for one in node.findall(nodes.inline))
        opens = self._open_link(node.get("refuri") or f"#{node.get('refid', '')}", "to-page" if numbered else "to")
        return f"{opens}{self._inside(node)}];"

    _write_number_reference = _write_reference

    def _open_link(self, address: str, call: str = "to") -> str:
        if address.startswith(("http://", "https://", "mailto:")):
            return f"#link({quote(address)})["
        path, _, name = address.partition("#")
        page = posixpath.normpath(posixpath.join(posixpath.dirname(self._page), unquote(path))) if path else self._page
        return f"#{call}({quote('#'.join(filter(None, (page.removesuffix('.html'), unquote(name)))))})["

    def _write_raw(self, node: nodes.raw) -> str:
        source = node.astext().strip()
        if "html" not in node.get("format", ""):
            return ""
        if opens := re.fullmatch(r'<a\b[^>]*\bhref="([^"]*)"[^>]*>', source):
            return self._open_link(opens[1])
        if source == "</a>":
            return "];"
        return "#linebreak();" if source.startswith("<br") else "".join(map(self.write, read_html(source)))

    def _write_literal(self, node: nodes.literal) -> str:
        text = node.astext()
        return f"#raw({quote(let_break(text) if self._in_table else text)});"

    def _write_literal_block(self, node: nodes.literal_block) -> str:
        language = 'lang: "python", ' if "python" in node.get("language", "") else ""
        lines = ' + "\\n" + '.join(map(quote, node.astext().rstrip("\n").expandtabs().split("\n")))
        return f"#raw(block: true, {language}{lines})\n\n"

    def _write_math(self, node: nodes.math) -> str:
        return formula(node.astext(), "$")

    def _write_math_block(self, node: nodes.math_block) -> str:
        number = f"#equation-number[({node['number']})]" if node.get("number") else ""
        return f"#equation[{formula(node.astext(), '$$')}{number}]{self._label(node)}\n\n"

    def _write_image(self, node: nodes.image) -> str:
        if ":" in node["uri"]:  # on another host: what it shows, in words
            return f"#{quote(node.get('alt', ''))};"
        return f"#picture({quote('/' + node['uri'].lstrip('/'))}, {quote(node.get('alt', ''))});"

    def _write_footnote_reference(self, node: nodes.footnote_reference) -> str:
        notes = [note for note in self._document.findall(nodes.footnote) if node.get("refid") in note["ids"]]
        return "".join(f"#footnote[{self._inside(note).strip()}];" for note in notes)

    def _write_definition_list_item(self, node: nodes.definition_list_item) -> str:
        terms = '#", ";'.join(self.write(term) for term in node if isinstance(term, nodes.term))
        said = "".join(self._inside(part) for part in node if isinstance(part, nodes.definition))
        return f"terms.item([{terms}], [{said}]), "

    def _write_citation(self, node: nodes.citation) -> str:
        beside = node.previous_sibling(), node.next_node(descend=False, siblings=True)
        opens, closes = (not isinstance(one, nodes.citation) for one in beside)
        label = "".join(f"#entry-label[#{quote(f'[{one.astext()}]')};]" for one in node if isinstance(one, nodes.label))
        said = self._inside(node).strip()
        return "#entries[" * opens + f"#entry[{self._mark(node)}{label}{said}]\n\n" + "]\n\n" * closes

    # Evidence: numbers here, notes at the end of the page

    def _write_evidencemark(self, node: EvidenceMark) -> str:
        marks = self._marks.setdefault(node["cards"], [])
        number = [*self._marks].index(node["cards"]) + 1
        here, note = f"{self._page}#mark-{number}-{len(marks) + 1}", f"{self._page}#note-{number}"
        marks.append(here)
        self.places |= {here: here, note: note}
        return f"#super[#mark({quote(here)});#to({quote(note)})[{number}];];"

    def _write_explorerview(self, node: ExplorerView) -> str:
        page = quote(self._page + ".html")
        return f"#elsewhere[This part is interactive: open the page #raw({page}) of the HTML book.]\n\n"

    def notes(self) -> str:
        """Return the notes of the page: what each card of evidence says, and the way back to each mark of it."""
        self._in_table, notes = True, ""
        for number, (cards, marks) in enumerate(self._marks.items(), 1):
            letters = [f" {chr(97 + index)}" if index < 26 else f" {index + 1}" for index in range(1, len(marks))]
            ways = zip(marks, [number, *letters], strict=True)
            back = "".join(f"#to({quote(place)})[{letter}];" for place, letter in ways)
            said = "".join(f'#" ";{self._card(card)}' for card in cards)
            notes += f"#note[#mark({quote(f'{self._page}#note-{number}')});#note-number[{back}]{said}]\n"
        return f"#notes[{notes}]\n" if notes else ""

    def _card(self, card: Card) -> str:
        facts = [(quote(f" {name}: "), self._fact(what)) for name, what in card.facts if name in _ON_PAPER]
        said = "".join(f"#fact[#{name};{what}#{quote('.')};];" for name, what in facts)
        return self._text(card.head.rstrip(".") + ".") + said

    def _fact(self, what: str | Link) -> str:
        if isinstance(what, Link) and what.address.startswith(("https://", "http://")):
            return self.write(nodes.reference("", what.text, refuri=what.address))
        return self._text(str(what).rstrip("."))


@cache
def formula(tex: str, fence: str) -> str:
    """Return a formula in Typst, whose source is read aloud where it cannot be seen; *fence* is $, or $$ for one of its own line."""
    made = str(pypandoc.convert_text(f"{fence}{tex.strip()}{fence}", "typst", format="markdown"))
    return f"#formula({quote(tex)})[{made.strip()}];"
