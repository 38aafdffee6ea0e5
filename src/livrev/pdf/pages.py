"""While Sphinx writes a page as HTML, write it in Typst as well: both come from one document tree, and only pages that change."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

from livrev.paths import Repository, find_repository
from livrev.pdf.bibliography import Bibliography, Entry
from livrev.pdf.writer import PrintedPage, write_page
from livrev.site.state import build_state
from livrev.transaction import write_atomically


def place_of_page(repository: Repository, page: str) -> Path:
    """Return the file of *page* in Typst."""
    return repository.build / "pdf" / "pages" / f"{page}.json"


def keep_printed(repository: Repository, page: str, printed: PrintedPage) -> None:
    """Keep what was written of *page* for the PDF, and for the builds in which the page does not change."""
    place = place_of_page(repository, page)
    place.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(place, json.dumps(asdict(printed), ensure_ascii=False))


def read_printed(repository: Repository, page: str) -> PrintedPage:
    """Return what was written of *page*. Raises OSError where nothing was."""
    return PrintedPage(**json.loads(place_of_page(repository, page).read_text(encoding="utf-8")))


def write_printed(app: Sphinx, document: nodes.document, page: str) -> None:
    """Write a page in Typst, before notes for the screen are put into it (`site.tooltips`)."""
    if app.builder.name != "html":
        return
    bibliography = build_state(app).once("printed bibliography", lambda: _read_bibliography(app))
    printed = write_page(document, page, numbers=lambda node: _number_of(app, page, node), bibliography=bibliography)
    keep_printed(find_repository(app.srcdir), page, printed)


def _number_of(app: Sphinx, page: str, node: nodes.Element) -> str:
    """Return the number of a section, figure or table as the HTML has it, with what stands around it."""
    if isinstance(node, nodes.section):
        known = app.env.toc_secnumbers.get(page, {})
        place = f"#{node['ids'][0]}"
        number = known.get(place if place in known else "")
        return ".".join(map(str, number)) + ". " if number else ""
    kind = app.env.get_domain("std").get_enumerable_node_type(node)
    numbers = app.env.toc_fignumbers.get(page, {}).get(kind, {}) if kind else {}
    number = numbers.get(next(iter(node["ids"]), ""))
    return f"{app.config.numfig_format[kind] % '.'.join(map(str, number))} " if number else ""


def _read_bibliography(app: Sphinx) -> Bibliography:
    domain: Any = app.env.get_domain("cite")
    references = build_state(app).review.references
    entries = {}
    for citation in domain.citations:
        fields = references[citation.key].fields if citation.key in references else {}
        place = f"{citation.bibliography_key.docname}#{citation.citation_id}"
        addresses = (f"https://doi.org/{fields.get('doi')}", fields.get("url", ""))
        entries[citation.key] = Entry(place, citation.formatted_entry.label, fields.get("title", ""), addresses)
    return Bibliography(entries)
