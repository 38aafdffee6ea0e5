"""Make the printed book: while Sphinx writes a page it is written in Typst too, then Typst sets the book, the same bytes every time.

Both forms of a page come from one document tree, and only pages that change are written. Joined to a book, every link leads
somewhere; title page, properties, template and fonts are added.
"""

import csv
import json
import os
import re
import shutil
import warnings
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import typst
from docutils import nodes
from sphinx.application import Sphinx
from sphinx_external_toc.api import SiteMap, TocTree
from sphinx_external_toc.parsing import parse_toc_yaml

from livrev.paths import Repository, find_repository
from livrev.pdf.bibliography import Bibliography, Entry
from livrev.pdf.writer import PrintedPage, quote, write_page
from livrev.records.plain_yaml import Mapping, read_mapping
from livrev.records.settings import read_settings
from livrev.show.fonts import book_fonts, fallback_fonts, sans_files, strange_signs
from livrev.show.format import format_day
from livrev.site.build import EPOCH
from livrev.site.state import build_state
from livrev.transaction import write_if_changed

_LINK = re.compile(r'#(?P<call>to|to-page)\("(?P<place>(?:[^"\\]|\\.)*)"\)\[')
TEMPLATE = Path(__file__).resolve().parent / "book.typ"


class PdfFailed(Exception):
    """Raised where the PDF cannot be made; its message says what is missing or wrong, and the cure."""


def place_of_page(repository: Repository, page: str) -> Path:
    """Return the file of *page* in Typst, for the builds in which the page does not change, too."""
    return repository.build / "pdf" / "pages" / f"{page}.json"


def keep_printed(repository: Repository, page: str, printed: PrintedPage) -> None:
    """Keep what was written of *page* for the PDF."""
    write_if_changed(place_of_page(repository, page), json.dumps(asdict(printed), ensure_ascii=False))


def write_printed(app: Sphinx, document: nodes.document, page: str) -> None:
    """Write a page in Typst, before notes for the screen are put into it (livrev.site.tooltips)."""
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


def _join_pages(repository: Repository) -> str:
    """Return the whole book in Typst: opening page, parts, bibliography, and as an appendix the notebooks.

    A link to what is not printed becomes its text. Raises PdfFailed where a page was not written.
    """
    site = parse_toc_yaml(repository.contents)
    printed = [("outside", _read(repository, site.root.docname))]
    bibliography: list[tuple[str, PrintedPage]] = []
    appendix: list[tuple[str, PrintedPage]] = []
    for part in site.root.subtrees:
        title = part.caption or ""
        for name in _files(site, part):
            page = _read(repository, name)
            if "#entry[" in page.markup and not re.search(r"#(heading\(depth: 2|figure\(|terms\()", page.markup):
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
    if appendix:
        made.insert(len(made) - len(appendix), "#appendix()\n\n")
    return "".join(made)


def _files(site: SiteMap, part: TocTree) -> Iterator[str]:
    """Yield the pages of *part*, each followed by those below it."""
    for name in part.files():
        yield name.removesuffix(".md").removesuffix(".ipynb")
        for below in site[name].subtrees:
            yield from _files(site, below)


def _read(repository: Repository, name: str) -> PrintedPage:
    place = place_of_page(repository, name)
    try:
        return PrintedPage(**json.loads(place.read_text(encoding="utf-8")))
    except OSError as error:
        raise PdfFailed(f"{place}: no such page; delete _build and run livrev build again") from error


def write_pdf(repository: Repository) -> Path:
    """Write the PDF of the book from the pages that its HTML was written with, and return its place.

    What is made on the way stays in `_build/pdf/`. The same pages, pictures and front matter give the same bytes. Raises PdfFailed
    where a page, a picture or a tool is missing, with Typst's own words and place.
    """
    workshop, output = repository.build / "pdf", repository.pdf
    workshop.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(TEMPLATE, workshop / TEMPLATE.name)
    source = workshop / "main.typ"
    # The moment that the PDF bears is the one that all builds agree on, never now.
    created = datetime.fromtimestamp(int(os.environ.get("SOURCE_DATE_EPOCH", EPOCH)), UTC)
    markup = _open_book(repository, created) + _join_pages(repository)
    source.write_text(markup, encoding="utf-8")
    fonts = workshop / "fonts"
    fonts.mkdir(exist_ok=True)
    for font in (*book_fonts(), *sans_files(), *(fallback_fonts() if strange_signs(markup) else ())):
        shutil.copyfile(font, fonts / font.name)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            # PDF/UA-1: readable by ear; PDF/A-2a: fonts and colours within the file, for keeping and for printers
            data = typst.compile(
                source, root=repository.root, font_paths=[fonts], ignore_system_fonts=True, format="pdf",
                timestamp=int(created.timestamp()), pdf_standards=["ua-1", "a-2a"],
            )  # fmt: skip
    except typst.TypstError as error:
        said = (error.diagnostic or error.message).strip()
        if "could not be displayed" in said:
            said += "\nno font of the book has this character; livrev check names where it stands"
        raise PdfFailed(f"{source}: Typst cannot set the book:\n{said}") from error
    output.parent.mkdir(parents=True, exist_ok=True)
    output.write_bytes(data)
    return output


def _open_book(repository: Repository, created: datetime) -> str:
    """Return what sets the title page and the properties: of the configuration, `CITATION.cff` (if there is one) and the records.

    Without a citation file the book has not been released, and bears no version.
    """
    config = read_mapping(repository.config, repository)[0] or Mapping()
    cited = read_mapping(repository.citation, repository)[0] or Mapping()
    settings = read_settings(repository)[0]
    title, author = str(config.get("title", "Untitled")), str(config.get("author", ""))
    whole = str(cited.get("title", "")) or title
    head, _, rest = whole.partition(f"{title}: ")
    day = format_day(date.fromisoformat(str(cited.get("date-released") or created.date())))
    edition = f"Version {cited['version']}, {day}" if cited.get("version") else "Not released yet"
    queries = repository.data / "search" / "queries.csv"
    rows = csv.DictReader(queries.read_text(encoding="utf-8").splitlines()) if queries.is_file() else ()
    searched = max((row.get("date") or "" for row in rows), default="")
    said = {
        "title": title,
        "subtitle": f"{rest[0].upper()}{rest[1:]}" if rest and not head else "A living literature review",
        "author": author,
        "edition": edition,
        "searched": f"Evidence last searched on {format_day(date.fromisoformat(searched))}" if searched else "",
        "citation": f"{author[:1].upper()}{author[1:]}. {whole}. {edition}.",
        "address": str(cited.get("url") or cited.get("repository-code") or ""),
        "licence": (settings and settings.licence) or "",
        "advice": (settings and settings.advice) or "",
    }
    values = {name: quote(text) for name, text in said.items()} | {
        "keywords": "(" + "".join(f"{quote(str(word))}, " for word in cited.get("keywords") or ()) + ")",
        "created": f"datetime(year: {created.year}, month: {created.month}, day: {created.day})",
    }
    arguments = "".join(f"  {name}: {value},\n" for name, value in values.items())
    return f'#import "{TEMPLATE.name}": *\n#show: book.with(\n{arguments})\n\n'
