"""Notes on citations and terms: what a link leads to, kept on the page, to be shown beside it without leaving the page.

Each note is a native popover after the text; `cards.js` opens it beside its link on hover, focus and tap. Without JavaScript
the links lead to the references and to the glossary.
"""

import re
from html import escape
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from livrev.records.safe_text import as_attribute
from livrev.site.citations import SafeHtml
from livrev.site.glossary_links import Glossary, mark_terms, read_glossary
from livrev.site.state import build_state, kept_state


def glossaries_of(env: BuildEnvironment) -> list[Glossary]:
    """Return the glossaries of the book, one for each page that defines terms."""
    terms = env.domaindata.get("std", {}).get("terms", {})
    pages = sorted({page for page, _ in terms.values()})
    return [read_glossary(page, env.get_doctree(page)) for page in pages if page in env.found_docs]


def _glossaries(app: Sphinx) -> list[Glossary]:
    return build_state(app).once("glossaries", lambda: glossaries_of(app.env))


def find_redefined(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Read the glossaries once; name every page to be written again where a definition changed."""
    said, kept = repr(_glossaries(app)), kept_state(env)
    same, kept.glossaries = kept.glossaries == said, said
    return [] if same else sorted(env.found_docs)


def take_notes(app: Sphinx, document: nodes.document, page: str) -> None:
    """Mark the terms of a page, and leave its notes on the document for the page that is written."""
    if app.builder.name != "html":
        return
    notes = _cited(app, document)
    for glossary in _glossaries(app):
        if glossary.page == page:
            continue
        address = app.builder.get_relative_uri(page, glossary.page)
        for term in mark_terms(document, glossary, address):
            names = ", ".join((term.name, *term.synonyms))
            notes[term.anchor] = _note(
                term.anchor,
                f"<b>{escape(names)}.</b> {escape(term.definition)}",
                f"{address}#{term.anchor}",
                "In the glossary",
            )
    document["livrev_notes"] = "".join(notes.values())


def _cited(app: Sphinx, document: nodes.document) -> dict[str, str]:
    """Return a note for each reference that *document* cites, and drop the tooltips, which said it again and again."""
    domain: Any = app.env.domains.get("cite") if hasattr(app.env, "domains") else None
    backend = SafeHtml()
    known = {citation.citation_id: citation for citation in getattr(domain, "citations", ())}
    notes: dict[str, str] = {}
    for cited in document.findall(nodes.inline):
        if "bibtex-citation" not in cited.get("classes", ()):
            continue
        for link in cited.findall(nodes.reference):
            address = link.get("refuri") or f"#{link.get('refid', '')}"
            anchor = address.rpartition("#")[2]
            if anchor not in known:
                continue
            link.attributes.pop("reftitle", None)
            link["classes"] = [*link.get("classes", ()), "livrev-cite"]
            if anchor not in notes:
                said = known[anchor].formatted_entry.text.render(backend)
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
        context["body"] = f'{context["body"]}\n<div class="livrev-notes">{_inert(notes)}</div>\n'


def _inert(notes: str) -> str:
    """Return *notes* without identifiers of their own making: the name of a note is all that a page may point at."""
    return re.sub(r'(<(?!span class="livrev-note)[^>]*?) id="[^"]*"', r"\1", notes)
