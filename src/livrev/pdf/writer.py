"""Write the document tree of a page as Typst. Every text becomes a string of Typst's code, so that none of it is read as markup.

A place is called `page#name`. A link is written as `#to("page#name")[…]`: only the whole book knows whether that place is
printed (see `typesetting`).
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
from livrev.pdf.tables import ROWS_PRINTED, let_break, shape_table
from livrev.show.tables import Link
from livrev.show.views.cards import Card
from livrev.site.chapter_figures import NumberedTable
from livrev.site.explorer import ExplorerView
from livrev.site.roles import EvidenceMark

_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_OPENS = re.compile(r'<a\b[^>]*\bhref="(?P<address>[^"]*)"[^>]*>')
_WRAPS = {
    "paragraph": ("", "\n\n"),
    "emphasis": ("#emph[", "];"),
    "strong": ("#strong[", "];"),
    "superscript": ("#super[", "];"),
    "subscript": ("#sub[", "];"),
    "block_quote": ("#quote(block: true)[", "]\n\n"),
    "bullet_list": ("#list(tight: false, ", ")\n\n"),
    "enumerated_list": ("#enum(tight: false, ", ")\n\n"),
    "list_item": ("[", "], "),
    "definition_list": ("#terms(", ")\n\n"),
    "topic": ("#admonition()[", "]\n\n"),
    "sidebar": ("#admonition()[", "]\n\n"),
    "rubric": ("#box-title[", "]\n\n"),
    "dropdown_main": ("#card[", "]\n\n"),
    "dropdown_title": ("#box-title[", "]\n\n"),
    "line": ("", "#linebreak();"),
    "line_block": ("", "\n\n"),
    "attribution": ("— ", "\n\n"),
}
"""What stands before and after the children of a node, by its name or class; any other node is its children."""
_WRAPS_OF_CLASSES = {
    "livrev-answer": ("#answer[", "]\n\n"),
    "sd-card": ("#card[", "]\n\n"),
    "sd-card-title": ("#box-title[", "]\n\n"),
    "sd-tab-label": ("#box-title[", "]\n\n"),
    "livrev-certainty": ('#"(";', '#")";'),
}
_SKIPPED = {
    "comment", "toctree", "index", "substitution_definition", "system_message", "footnote", "meta", "transition", "colspec",
    "label", "caption", "pending",
}  # fmt: skip
_SCREEN_CLASSES = ON_SCREEN | {
    "only-dark",
    "dark-only",
    "sd-summary-state-marker",
    "contents",
    "cell_input",
    "sd-stretched-link",
}
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
    document.walkabout(writer)
    return PrintedPage(writer.said() + writer.notes(), writer.places)


class _Writer(nodes.NodeVisitor):  # type: ignore[misc]
    def __init__(self, document: nodes.document, page: str, numbers: Numbers, bibliography: Bibliography) -> None:
        super().__init__(document)
        self._page, self._numbers, self._bibliography = page, numbers, bibliography
        self._parts: list[str] = []
        self._depth, self._figures, self._in_table = 0, 0, False
        self._cards: dict[tuple[Card, ...], int] = {}
        self.places: dict[str, str] = {}
        self._computed = any(node.get("nb_element") == "cell_code" for node in document.findall(nodes.container))

    def said(self) -> str:
        """Return what was written so far."""
        return "".join(self._parts)

    def _add(self, *parts: str) -> None:
        self._parts.extend(parts)

    def _inner(self, *children: nodes.Node) -> str:
        """Return what *children* say, apart."""
        outer, self._parts = self._parts, []
        for child in children:
            child.walkabout(self)
        said, self._parts = self.said(), outer
        return said

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

    def dispatch_visit(self, node: nodes.Node) -> None:
        """Write what stands before the children of *node*, with a mark for links to it."""
        if isinstance(node, nodes.Text):
            self._write_text(node)
            return
        name, classes = type(node).__name__, set(node.get("classes", ()))
        if name in _SKIPPED or _SCREEN_CLASSES & classes or node.get("nb_element") == "cell_code_source":
            raise nodes.SkipNode
        method = getattr(self, f"visit_{name.lower()}", None)
        if method is not None:
            method(node)
            return
        if isinstance(node, nodes.Admonition):
            self._open_admonition(node, name)
            return
        before = self._wrap_of(node)[0]
        self._add(*((before, self._mark(node)) if before.endswith("[") else (self._mark(node), before)))

    def dispatch_departure(self, node: nodes.Node) -> None:
        """Write what stands after the children of *node*."""
        if isinstance(node, nodes.Text):
            return
        method = getattr(self, f"depart_{type(node).__name__.lower()}", None)
        if method is not None:
            method(node)
        elif isinstance(node, nodes.Admonition):
            self._add("]\n\n")
        else:
            self._add(self._wrap_of(node)[1])

    def _wrap_of(self, node: nodes.Element) -> tuple[str, str]:
        wraps = [_WRAPS_OF_CLASSES[one] for one in node.get("classes", ()) if one in _WRAPS_OF_CLASSES]
        return wraps[0] if wraps else _WRAPS.get(type(node).__name__, ("", ""))

    def _write_text(self, node: nodes.Text) -> None:
        text = node.astext()
        if not self._in_table:
            self._add(f"#{quote(text)};")
            return
        for said, place in self._bibliography.name_keys(text):
            self._add(f"#to({quote(place)})[#{quote(said)};];" if place else f"#{quote(let_break(said))};")

    # Headings and what has a caption

    def visit_section(self, node: nodes.section) -> None:
        self._depth += 1

    def depart_section(self, node: nodes.section) -> None:
        self._depth -= 1

    def visit_title(self, node: nodes.title) -> None:
        above = node.parent
        if not isinstance(above, nodes.section):
            self._add("#box-title[", self._inner(*node.children), "]\n\n")
            raise nodes.SkipNode
        number = self._numbers(above)
        body = (f"#{quote(number)};" if number else "") + self._inner(*node.children)
        self._add(f"#heading(depth: {self._depth})[{body}]{self._label(above, node)}\n\n")
        if self._page not in self.places:
            self.places[self._page] = f"{self._page}#{above['ids'][0]}"
            if self._computed:
                where = "whose code stands in the HTML book and is not printed."
                self._add(f"#elsewhere[What follows is computed by #raw({quote(self._page + '.ipynb')}), {where}]\n\n")
        raise nodes.SkipNode

    def visit_figure(self, node: nodes.figure) -> None:
        captions = [child for child in node if isinstance(child, nodes.caption)]
        number = self._numbers(node) if captions else ""
        said = (f"#{quote(number)};" if number else "") + "".join(self._caption(one) for one in captions)
        if isinstance(node, NumberedTable):
            (table,) = (
                one
                for raw in node.findall(nodes.raw)
                for made in read_html(raw.astext())
                for one in made.findall(nodes.table)
            )
            self._write_table(table, said, "", self._label(node))
        else:
            body = self._inner(*(child for child in node if child not in captions))
            caption = f"caption: [{said}], " if said else ""
            self._figures += 1
            place = (
                "bottom" if self._figures < 3 else "auto"
            )  # at the top it would stand above the title of the chapter
            self._add(f"#figure(kind: image, placement: {place}, {caption}[{body}]){self._label(node)}\n\n")
        raise nodes.SkipNode

    visit_numberedtable = visit_figure

    def _caption(self, node: nodes.Element) -> str:
        """Return a caption whose first sentence is what the list of figures or tables says."""
        said = self._inner(*node.children)
        first, stop, more = said.partition(". ")
        return f'{first}.";#rest[#" {more}]' if stop and first.startswith('#"') and '"' not in first[2:] else said

    def visit_table(self, node: nodes.table) -> None:
        said = "".join(self._caption(child) for child in node if isinstance(child, nodes.title))
        self._write_table(node, said, 'numbering: "1", supplement: [Table], ' if said else "", self._label(node))
        raise nodes.SkipNode

    def _write_table(self, node: nodes.table, caption: str, numbering: str, label: str) -> None:
        heads, rows = (
            [row for part in node.findall(kind) for row in part.findall(nodes.row)]
            for kind in (nodes.thead, nodes.tbody)
        )
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
        spans = any("table.cell" in cell for row in cells for cell in row)
        body, setting = self._body(cells[: len(heads)], cells[len(heads) :], texts, spans)
        says = f"caption: [{caption}], " if caption else ""
        self._add(f"#{setting}[#figure(kind: table, {numbering}{says}{{{note}{body}}}){label}]\n\n")

    def _body(
        self, heads: list[list[str]], rows: list[list[str]], texts: list[list[str]], spans: bool
    ) -> tuple[str, str]:
        """Return the table, or where it is too wide its rows as records, and how it is set."""
        columns = max(map(len, (*heads, *rows)), default=1)
        if spans or not heads or any(len(row) != columns for row in rows):
            shape, size = None, f"columns: {columns}"
        else:
            shape = shape_table(texts[len(heads) - 1], texts[len(heads) :])
            size = f"columns: ({', '.join(shape.widths)},), align: ({', '.join(shape.aligns)},)"
        if shape is not None and not shape.setting:
            said = ", ".join(f"({', '.join(row)},)" for row in rows)
            return f"records(({', '.join(heads[-1])},), ({said},))", "portrait-table()"
        header = f"table.header({', '.join(cell for row in heads for cell in row)})," if heads else ""
        return (
            f"table({size}, {header} {', '.join(cell for row in rows for cell in row)})",
            shape.setting if shape else "portrait-table()",
        )

    def _cell(self, entry: nodes.entry) -> str:
        said = self._inner(*entry.children).strip()
        across, down = (1 + int(entry.get(name, 0)) for name in ("morecols", "morerows"))
        return f"[{said}]" if across == down == 1 else f"table.cell(colspan: {across}, rowspan: {down})[{said}]"

    # Words

    def visit_reference(self, node: nodes.reference) -> None:
        if self._in_table and (found := self._bibliography.find(node.astext(), node.get("refuri", ""))):
            self._add(f"#to({quote(found.place)})[#{quote(found.label)};];")
            raise nodes.SkipNode
        numbered = any({"std-numref", "std-doc"} & set(one["classes"]) for one in node.findall(nodes.inline))
        self._add(self._open_link(node.get("refuri") or f"#{node.get('refid', '')}", "to-page" if numbered else "to"))

    def depart_reference(self, node: nodes.reference) -> None:
        self._add("];")

    visit_number_reference, depart_number_reference = visit_reference, depart_reference

    def _open_link(self, address: str, call: str = "to") -> str:
        if address.startswith(("http://", "https://", "mailto:")):
            return f"#link({quote(address)})["
        path, _, name = address.partition("#")
        page = posixpath.normpath(posixpath.join(posixpath.dirname(self._page), unquote(path))) if path else self._page
        return f"#{call}({quote('#'.join(filter(None, (page.removesuffix('.html'), unquote(name)))))})["

    def visit_raw(self, node: nodes.raw) -> None:
        source = node.astext().strip()
        if "html" not in node.get("format", ""):
            pass
        elif opens := _OPENS.fullmatch(source):
            self._add(self._open_link(opens["address"]))
        elif source == "</a>":
            self._add("];")
        elif source.startswith("<br"):
            self._add("#linebreak();")
        else:
            self._add(self._inner(*read_html(source)))
        raise nodes.SkipNode

    def visit_literal(self, node: nodes.literal) -> None:
        text = node.astext()
        self._add(f"#raw({quote(let_break(text) if self._in_table else text)});")
        raise nodes.SkipNode

    def visit_literal_block(self, node: nodes.literal_block) -> None:
        language = 'lang: "python", ' if "python" in node.get("language", "") else ""
        lines = ' + "\\n" + '.join(map(quote, node.astext().rstrip("\n").expandtabs().split("\n")))
        self._add(f"#raw(block: true, {language}{lines})\n\n")
        raise nodes.SkipNode

    def visit_math(self, node: nodes.math) -> None:
        self._add(formula(node.astext(), "$"))
        raise nodes.SkipNode

    def visit_math_block(self, node: nodes.math_block) -> None:
        number = f"#equation-number[({node['number']})]" if node.get("number") else ""
        self._add(f"#equation[{formula(node.astext(), '$$')}{number}]{self._label(node)}\n\n")
        raise nodes.SkipNode

    def visit_image(self, node: nodes.image) -> None:
        if ":" in node["uri"]:  # on another host: what it shows, in words
            self._add(f"#{quote(node.get('alt', ''))};")
        else:
            self._add(f"#picture({quote('/' + node['uri'].lstrip('/'))}, {quote(node.get('alt', ''))});")
        raise nodes.SkipNode

    def visit_footnote_reference(self, node: nodes.footnote_reference) -> None:
        notes = [note for note in self.document.findall(nodes.footnote) if node.get("refid") in note["ids"]]
        self._add(*(f"#footnote[{self._inner(*note.children).strip()}];" for note in notes))
        raise nodes.SkipNode

    def visit_definition_list_item(self, node: nodes.definition_list_item) -> None:
        terms = '#", ";'.join(self._inner(term) for term in node if isinstance(term, nodes.term))
        said = "".join(self._inner(*part.children) for part in node if isinstance(part, nodes.definition))
        self._add(f"terms.item([{terms}], [{said}]), ")
        raise nodes.SkipNode

    def visit_citation(self, node: nodes.citation) -> None:
        siblings = node.parent.children
        place = siblings.index(node)
        opens, closes = (
            not any(isinstance(one, nodes.citation) for one in siblings[max(at, 0) : at + 1])
            for at in (place - 1, place + 1)
        )
        label = "".join(f"#entry-label[#{quote(f'[{one.astext()}]')};]" for one in node if isinstance(one, nodes.label))
        said = self._inner(*node.children).strip()
        self._add("#entries[" * opens, f"#entry[{self._mark(node)}{label}{said}]\n\n", "]\n\n" * closes)
        raise nodes.SkipNode

    def _open_admonition(self, node: nodes.Element, name: str) -> None:
        own = any(isinstance(child, nodes.title) for child in node)
        title = "" if own else f"#box-title[{admonitionlabels[name]}]\n\n"
        self._add(f'#admonition(kind: "{name}")[{title}')

    # Evidence: numbers here, notes at the end of the page

    def visit_evidencemark(self, node: EvidenceMark) -> None:
        number = self._cards.setdefault(node["cards"], len(self._cards) + 1)
        times = sum(place.startswith(f"{self._page}#mark-{number}-") for place in self.places) + 1
        here, note = f"{self._page}#mark-{number}-{times}", f"{self._page}#note-{number}"
        self.places |= {here: here, note: note}
        self._add(f"#super[#mark({quote(here)});#to({quote(note)})[{number}];];")
        raise nodes.SkipNode

    def visit_explorerview(self, node: ExplorerView) -> None:
        self._add(
            f"#elsewhere[This part is interactive: open the page #raw({quote(self._page + '.html')}) of the HTML book.]\n\n"
        )
        raise nodes.SkipNode

    def notes(self) -> str:
        """Return the notes of the page: what each card of evidence says, and the way back to each mark of it."""
        if not self._cards:
            return ""
        self._in_table = True
        notes = "".join(self._note(cards, number) for cards, number in self._cards.items())
        return f"#notes[{notes}]\n"

    def _note(self, cards: Sequence[Card], number: int) -> str:
        marks = [place for place in self.places if place.startswith(f"{self._page}#mark-{number}-")]
        back = "".join(
            f"#to({quote(place)})[{number if index == 0 else f' {chr(97 + index)}' if index < 26 else f' {index + 1}'}];"
            for index, place in enumerate(marks)
        )
        said = "".join(f'#" ";{self._card(card)}' for card in cards)
        return f"#note[#mark({quote(f'{self._page}#note-{number}')});#note-number[{back}]{said}]\n"

    def _card(self, card: Card) -> str:
        facts = "".join(
            f"#fact[#{quote(f' {name}: ')};{self._fact(what)}#{quote('.')};];"
            for name, what in card.facts
            if name in _ON_PAPER
        )
        self._parts, outer = [], self._parts
        self._write_text(nodes.Text(card.head.rstrip(".") + "."))
        head, self._parts = self.said(), outer
        return head + facts

    def _fact(self, what: str | Link) -> str:
        if isinstance(what, Link) and what.address.startswith(("https://", "http://")):
            return self._inner(nodes.reference("", what.text, refuri=what.address))
        return self._inner(nodes.paragraph("", str(what).rstrip("."))).strip()


@cache
def formula(tex: str, fence: str) -> str:
    """Return a formula in Typst, whose source is read aloud where it cannot be seen; *fence* is $, or $$ for one of its own line."""
    made = str(pypandoc.convert_text(f"{fence}{tex.strip()}{fence}", "typst", format="markdown"))
    return f"#formula({quote(tex)})[{made.strip()}];"
