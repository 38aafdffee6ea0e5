"""Write each page in Typst while Sphinx writes it as HTML, and join the pages to a book in which every link leads somewhere.

Both forms of a page come from one document tree, and only pages that change are written.
"""

import json
import re
from dataclasses import asdict
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

from livrev.paths import Repository, find_repository
from livrev.pdf import PdfFailed
from livrev.pdf.bibliography import Bibliography, Entry
from livrev.pdf.writer import PrintedPage, quote, write_page
from livrev.records.plain_yaml import Mapping, read_mapping
from livrev.site.build_cache import write_if_changed
from livrev.site.state import build_state

_LINK = re.compile(r'#(?P<call>to|to-page)\("(?P<place>(?:[^"\\]|\\.)*)"\)\[')


def place_of_page(repository: Repository, page: str) -> Path:
    """Return the file of *page* in Typst, for the builds in which the page does not change, too."""
    return repository.build / "pdf" / "pages" / f"{page}.json"


def keep_printed(repository: Repository, page: str, printed: PrintedPage) -> None:
    """Keep what was written of *page* for the PDF."""
    write_if_changed(place_of_page(repository, page), json.dumps(asdict(printed), ensure_ascii=False))


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


def join_pages(repository: Repository) -> str:
    """Return the whole book in Typst: opening page, parts, bibliography, and as an appendix the notebooks.

    A link to what is not printed becomes its text. Raises PdfFailed where a page was not written.
    """
    contents = read_mapping(repository.contents, repository)[0] or Mapping()
    if "root" not in contents:
        raise PdfFailed(f"{repository.contents}: no root page; add a line such as root: chapters/index")
    printed = [("outside", _read(repository, str(contents["root"])))]
    bibliography: list[tuple[str, PrintedPage]] = []
    appendix: list[tuple[str, PrintedPage]] = []
    for part in contents.get("parts") or [{"chapters": contents.get("chapters") or []}]:
        title = str(part.get("caption") or "")
        for name in _files(part.get("chapters") or []):
            page = _read(repository, name)
            if _is_bibliography(page):
                bibliography.append(("outside", page))
            elif name.startswith(f"{repository.notebooks.name}/"):
                appendix.append(("notebook", page))
            else:
                printed.append((f"chapter.with(part: {quote(title)})" if title else "chapter", page))
                title = ""
    pages = [*printed, *bibliography, *appendix]
    places = {name: label for _, page in pages for name, label in page.places.items()}

    def lead(found: re.Match[str]) -> str:
        place = places.get(found["place"])
        return f'#{found["call"]}(label("{place}"))[' if place else "#["

    made = [f"#({call})[\n{_LINK.sub(lead, page.markup)}\n]\n\n" for call, page in pages]
    made.insert(len(pages) - len(appendix), "#appendix()\n\n" * bool(appendix))
    return "".join(made)


def _is_bibliography(page: PrintedPage) -> bool:
    return "#entry[" in page.markup and not re.search(r"#(heading\(depth: 2|figure\(|terms\()", page.markup)


def _files(entries: list[Any]) -> list[str]:
    """Return the pages of *entries*, each followed by those below it."""
    files = [[str(entry.get("file") or ""), *_files(entry.get("sections") or [])] for entry in entries]
    return [name.removesuffix(".md").removesuffix(".ipynb") for names in files for name in names if name]


def _read(repository: Repository, name: str) -> PrintedPage:
    try:
        return PrintedPage(**json.loads(place_of_page(repository, name).read_text(encoding="utf-8")))
    except OSError as error:
        missing = place_of_page(repository, name)
        raise PdfFailed(f"{missing}: no such page; delete _build and run livrev build again") from error
