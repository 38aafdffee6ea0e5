"""Notes on citations and terms: what a link leads to, kept on the page, to be shown beside it without leaving the page.

The words of the glossary are found in the text of a page, and the first of each section leads to its definition. Each note is a
native popover after the text; `cards.js` opens it beside its link on hover, focus and tap. Without JavaScript the links lead to
the references and to the glossary.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from html import escape
from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from livrev.records.safe_text import as_attribute
from livrev.show.format import within_sentence
from livrev.site.citations import SafeHtml
from livrev.site.state import build_state, kept_state

# Running text only: a table is read cell by cell, and a caption stands beside what it explains.
_SKIPPED = (
    nodes.reference, nodes.literal, nodes.raw, nodes.math, nodes.footnote_reference, addnodes.pending_xref,
    nodes.table, nodes.figure, addnodes.glossary, nodes.footnote, nodes.citation, nodes.topic,
)  # fmt: skip
_SKIPPED_CLASSES = {
    "livrev-result", "livrev-certainty", "bibtex-citation", "livrev-evidence", "livrev-doors", "livrev-counts", "livrev-imprint",
    "livrev-citing",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Term:
    """A definition: its anchor in the glossary, its names, the first of which is the usual one, and its words."""

    anchor: str
    names: tuple[str, ...]
    definition: str


@dataclass(frozen=True)
class Glossary:
    """The definitions of one page of the book."""

    page: str
    terms: tuple[Term, ...]

    @cached_property
    def ways(self) -> list[tuple[str, Term]]:
        """Every way of writing a term, as it stands within a sentence, the longest first."""
        names = [(name, term) for term in self.terms for name in term.names]
        ways = [(" ".join(map(_small, way.split())), term) for name, term in names for way in _ways(name)]
        return sorted(ways, key=lambda way: len(way[0]), reverse=True)

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """A pattern with a group for each of the ways; it matches nothing where there is none."""
        found = "|".join(f"({_either_case(way)})" for way, _ in self.ways) or "(?!)"
        return re.compile(rf"(?<![\w-])(?:{found})(?![\w-])")


def read_glossary(page: str, document: nodes.document) -> Glossary:
    """Return the definitions of *document*, the page called *page*."""
    terms = []
    for listed in document.findall(addnodes.glossary):
        for item in listed.findall(nodes.definition_list_item):
            names = [term for term in item.children if isinstance(term, nodes.term)]
            said = " ".join(" ".join(part.astext().split()) for part in item.findall(nodes.definition))
            if names and names[0]["ids"]:
                terms.append(Term(names[0]["ids"][0], tuple(name.astext() for name in names), said))
    return Glossary(page, tuple(terms))


def _ways(name: str) -> Iterator[str]:
    """Yield the ways in which a term is written: both halves of a pair of names, and the plural of each."""
    halves = name.split(" and ")
    for half in [name, *(halves if len(halves) == 2 and all(map(_is_abbreviation, halves)) else [])]:
        yield half
        yield f"{half[:-2]}es" if half.endswith("sis") else f"{half[:-1]}ies" if half.endswith("apy") else f"{half}s"


def _is_abbreviation(word: str) -> bool:
    return word == word.upper() or sum(letter.isupper() or letter.isdigit() for letter in word) > 1


def _small(word: str) -> str:
    """Return *word* as it stands within a sentence: `Anti-VEGF` begins small there, `PD-1` does not."""
    return within_sentence(word) if _is_abbreviation(word) else word.lower()


def _either_case(way: str) -> str:
    """Return a pattern for *way*, which may begin a sentence, and whose words may stand on two lines."""
    first = f"[{way[0]}{way[0].upper()}]" if way[0].islower() else re.escape(way[0])
    return first + re.escape(way[1:]).replace(r"\ ", r"\s+")


def mark_terms(document: nodes.document, glossary: Glossary, address: str) -> list[Term]:
    """Lead the first occurrence of each term in each section of *document* to *address*; return the terms found.

    Only running text is marked: no heading, table, caption, link or code.
    """
    found: dict[str, Term] = {}
    for text, section in list(_running_text(document, set())):
        said, start = str(text), 0
        pieces: list[nodes.Node] = []
        for match in glossary.pattern.finditer(said):
            _, term = glossary.ways[(match.lastindex or 0) - 1]
            if term.anchor in section:
                continue
            section.add(term.anchor)
            found[term.anchor] = term
            to = f"{address}#{term.anchor}"
            link = nodes.reference("", match[0], refuri=to, internal=True, classes=["livrev-term"])
            pieces += [nodes.Text(said[start : match.start()]), link]
            start = match.end()
        if pieces:
            text.parent.replace(text, [*pieces, nodes.Text(said[start:])])
    return list(found.values())


def _running_text(
    node: nodes.Element, seen: set[str], depth: int = 0, in_paragraph: bool = False
) -> Iterator[tuple[nodes.Text, set[str]]]:
    """Yield each piece of running text below *node*, with the set of terms that its section of the second level has had."""
    for child in node.children:
        if isinstance(child, nodes.Text):
            if in_paragraph:
                yield child, seen
        elif not isinstance(child, _SKIPPED) and not _SKIPPED_CLASSES & set(child.get("classes", ())):
            deeper = isinstance(child, nodes.section)
            below = set() if deeper and depth < 2 else seen
            yield from _running_text(child, below, depth + deeper, in_paragraph or isinstance(child, nodes.paragraph))


def _glossaries(app: Sphinx) -> list[Glossary]:
    """Return the glossaries of the book, one for each page that defines terms, read once."""
    pages = {page for page, _ in app.env.domaindata.get("std", {}).get("terms", {}).values()} & app.env.found_docs
    return build_state(app).once(
        "glossaries", lambda: [read_glossary(page, app.env.get_doctree(page)) for page in sorted(pages)]
    )


def find_redefined(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Read the glossaries once; name every page to be written again where a definition changed."""
    said, kept = repr(_glossaries(app)), kept_state(env)
    same, kept.glossaries = kept.glossaries == said, said
    return [] if same else sorted(env.found_docs)


def take_notes(app: Sphinx, document: nodes.document, page: str) -> None:
    """Mark the terms of a page, and leave its notes on the document for the page that is written."""
    notes = _cited(app, document)
    for glossary in _glossaries(app):
        if glossary.page == page:
            continue
        address = app.builder.get_relative_uri(page, glossary.page)
        for term in mark_terms(document, glossary, address):
            said = f"<b>{escape(', '.join(term.names))}.</b> {escape(term.definition)}"
            notes[term.anchor] = _note(term.anchor, said, f"{address}#{term.anchor}", "In the glossary")
    document["livrev_notes"] = "".join(notes.values())


def _cited(app: Sphinx, document: nodes.document) -> dict[str, str]:
    """Return a note for each reference that *document* cites, and drop the tooltips, which said it again and again."""
    citations = getattr(app.env.domains.get("cite"), "citations", ())
    known = {citation.citation_id: citation for citation in citations}
    notes: dict[str, str] = {}
    cited = [node for node in document.findall(nodes.inline) if "bibtex-citation" in node["classes"]]
    for link in (link for node in cited for link in node.findall(nodes.reference)):
        address = link.get("refuri") or f"#{link.get('refid', '')}"
        anchor = address.rpartition("#")[2]
        if anchor not in known:
            continue
        link.attributes.pop("reftitle", None)
        link["classes"] += ["livrev-cite"]
        if anchor not in notes:
            said = known[anchor].formatted_entry.text.render(SafeHtml())
            notes[anchor] = _note(anchor, said, address, "In the references", kind=" livrev-source")
    return notes


def _note(anchor: str, said: str, address: str, where: str, *, kind: str = "") -> str:
    """Return one note as HTML that may stand within a paragraph; *said* is HTML already. Paper lists those of a kind."""
    return (
        f'<span class="livrev-note{kind}" id="note-{escape(anchor)}" popover>{said}'
        f' <a class="livrev-more" href="{as_attribute(address)}">{where}</a></span>\n'
    )


def append_notes(app: Sphinx, page: str, context: dict[str, Any], doctree: nodes.document | None) -> None:
    """Put the notes of a page after its text, where paper prints the references among them."""
    notes = doctree.get("livrev_notes") if doctree is not None else None
    if notes and context.get("body"):
        # Without identifiers of their own making: the name of a note is all that a page may point at.
        inert = re.sub(r'(<(?!span class="livrev-note)[^>]*?) id="[^"]*"', r"\1", notes)
        context["body"] = f'{context["body"]}\n<div class="livrev-notes">{inert}</div>\n'
