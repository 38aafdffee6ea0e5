"""Read a web page: what its head says of the publication, its main text, and the results in its tables.

The head holds the meta elements that journals fill for indexers, and JSON-LD. Highwire Press tags go first, then those of
bepress, EPrints, PRISM, Dublin Core, and schema.org; Open Graph says least.
"""

import json
import re
import warnings
from collections import defaultdict
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from typing import Any

from lxml import etree, html

from livrev.sources.fields import Fields, read_name, read_names
from livrev.sources.markup import is_power, name_of, parse_html, plain_title, read_table, text_of
from livrev.sources.publication import Author, Publication, Section, Unreadable, clean, find_ncts

# The tags that say each field, the most trusted first.
_TAGS = {
    "title": "citation_title eprints.title dc.title dcterms.title ld:headline ld:name og:title twitter:title",
    "year": """citation_publication_date citation_cover_date citation_date citation_year eprints.date
        prism.publicationdate prism.coverdate citation_online_date dc.date.issued dcterms.issued dc.date
        dcterms.date dcterms.created ld:datepublished article:published_time og:article:published_time date pubdate
        parsely-pub-date ld:datecreated""",
    "authors": """citation_author citation_authors eprints.creators_name dc.creator dcterms.creator
        dc.contributor.author ld:author article:author author parsely-author sailthru.author byl""",
    "editors": "citation_editor",
    "journal": """citation_journal_title eprints.publication prism.publicationname ld:periodical.name ld:journal.name
        citation_journal_abbrev dc.source.journal dcterms.ispartof""",
    "booktitle": """citation_inbook_title citation_conference_title citation_conference citation_book_title
        eprints.book_title eprints.event_title ld:book.name""",
    "volume": """citation_volume eprints.volume prism.volume ld:volumenumber ld:publicationvolume.volumenumber
        ld:publicationissue.volumenumber ld:periodical.volumenumber""",
    "number": """citation_issue citation_number eprints.number prism.number prism.issueidentifier ld:issuenumber
        ld:publicationissue.issuenumber ld:periodical.issuenumber""",
    "pages": """citation_firstpage citation_first_page citation_start_page prism.startingpage ld:pagestart
        citation_article_number citation_elocation_id citation_pages citation_page_range eprints.pagerange
        ld:pagination""",
    "last_page": "citation_lastpage citation_last_page citation_end_page prism.endingpage ld:pageend",
    "doi": """citation_doi prism.doi dc.identifier.doi eprints.id_number dc.identifier dcterms.identifier doi
        ld:identifier ld:identifier.value ld:sameas ld:sameas.value ld:@id ld:doi""",
    "pmid": "citation_pmid citation_pubmed_id ncbi_uid pmid", "pmcid": "citation_pmcid citation_pmc",
    "publisher": """citation_publisher citation_technical_report_institution citation_dissertation_institution
        eprints.publisher dc.publisher ld:publisher.name ld:publisher og:site_name""",
    "abstract": """citation_abstract eprints.abstract dcterms.abstract dc.description.abstract dc.description
        ld:abstract""",
    "kinds": "ld:@type", "language": "citation_language dc.language ld:inlanguage",
    "terms": "citation_keywords keywords",
}  # fmt: skip
_WORKS = (
    "ScholarlyArticle", "MedicalScholarlyArticle", "NewsArticle", "Article", "Report", "BlogPosting", "Chapter", "Book",
    "TechArticle", "ReportageNewsArticle", "MedicalWebPage", "WebPage", "CreativeWork", "Dataset",
)  # fmt: skip
_COPIES = re.compile(r"^(?:bepress_citation|wkhealth)_")  # Highwire's tags under names of their own
_NOBODY = re.compile(r"(?i)https?://|^@|^(?:admin|administrator|editor|editorial team|staff|webmaster)$")


def read_web_page(raw: bytes, declared: str = "", address: str = "") -> Publication:
    """Return the publication that an HTML page describes. Raises Unreadable where there is no HTML or no title."""
    root = parse_html(raw, declared)
    head, people = _read_head(root)
    fields = Fields("web page", _TAGS, lambda tag: head.get(tag, ()))
    meeting = any(tag in head for tag in ("citation_conference_title", "citation_conference"))
    found = fields.publication(kinds=("conference",) if meeting else (), given_first=True)
    if not (title := plain_title(fields.one("title") or text_of(root.find(".//title")) or text_of(root.find(".//h1")))):
        raise Unreadable("is a page without a title")
    for node in root.iter("sup"):  # 10^6 where the page raises the 6, since what follows flattens the page
        before, parent = node.getprevious(), node.getparent()
        said = before.tail if before is not None else parent.text if parent is not None else ""
        if is_power(said or "", node.text or ""):
            node.text = f"^{node.text}"
    body, author, site = _read_main(root, address)
    publisher = found.publisher or site
    # a page that names no person is signed by whoever publishes it
    signed = tuple(Author(name, group=True) for name in (author, publisher) if name)
    return replace(
        found,
        title=title,
        authors=_authors(head, people) or signed[:1],
        editors=found.editors if found.booktitle else (),
        publisher=publisher,
        nct=find_ncts(title),
        body=(*body, *_tables(root)),
        language=clean(root.get("lang", "")) or found.language,
        address=address,
    )


def _tables(root: etree._Element) -> Iterator[Section]:
    """Yield the cells of the tables that hold data, each with its place; tables within tables lay out a page."""
    tables = [node for node in root.iter("table") if node.find(".//table") is None]
    for number, table in enumerate(tables, 1):
        caption = next((text_of(node) for node in table.iter() if name_of(node) == "caption"), "")
        called = caption.partition(".")[0].lower() if caption.lower().startswith("table") else f"table {number}"
        yield from read_table(table, called[:20])


def _read_main(root: etree._Element, address: str) -> tuple[tuple[Section, ...], str, str]:
    """Return the paragraphs of the main text, without menus and the like, and who is said to have written and publish it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from trafilatura import bare_extraction

        try:
            page = html.tostring(root, encoding="unicode")
            found = bare_extraction(page, url=address or None, include_comments=False, include_tables=False)
        except (ValueError, TypeError, AttributeError, KeyError, RecursionError, etree.LxmlError):
            found = None
    if found is None or isinstance(found, dict):
        paragraphs = (text_of(node) for node in root.iter("p"))
        return tuple(Section("", text) for text in paragraphs if text), "", ""
    lines = clean(found.text, lines=True).split("\n")
    return tuple(Section("", line) for line in lines if line), clean(found.author), clean(found.sitename)


def _read_head(root: etree._Element) -> tuple[dict[str, list[str]], tuple[Author, ...]]:
    """Return what the head of a page says, by lower-case names, JSON-LD under `ld:`, and the authors that JSON-LD names."""
    said: dict[str, list[str]] = defaultdict(list)
    for node in root.iter("meta"):
        name = (node.get("name") or node.get("property") or node.get("itemprop") or "").strip().lower()
        if name and (content := clean(node.get("content"))):
            said[_COPIES.sub("citation_", re.sub(r"^(dc|prism):", r"\1.", name))].append(content)
    work = _find_work(root)
    for name, value in _leaves(work):
        said[name].append(value)
    return said, tuple(filter(None, map(_person, _listed(work.get("author") or work.get("creator")))))


def _authors(head: dict[str, list[str]], people: tuple[Author, ...]) -> tuple[Author, ...]:
    for tag in _TAGS["authors"].split():
        if tag == "ld:author" and people:
            return people
        names = [re.sub(r"^[Bb]y:?\s+(?=\S+\s)", "", value) for value in head.get(tag, []) if not _NOBODY.search(value)]
        if found := read_names(names, given_first=True):
            return found
    return ()


def _leaves(thing: dict[str, Any], prefix: str = "ld:", depth: int = 5) -> Iterator[tuple[str, str]]:
    """Yield each text that JSON-LD says of a work, by its name; of what it is part of, behind the kind: `ld:periodical.name`."""
    for name, value in thing.items() if depth else ():
        for item in _listed(value):
            if isinstance(item, dict):
                for kind in _listed(item.get("@type")) if name == "isPartOf" else [name]:
                    yield from _leaves(item, f"ld:{kind}.".lower(), depth - 1)
            elif isinstance(item, str | int):
                yield f"{prefix}{name}".lower(), str(item)


def _find_work(root: etree._Element) -> dict[str, Any]:
    """Return what JSON-LD says of the work that the page is, or nothing; the most telling kind where there are several."""
    found: list[tuple[int, dict[str, Any]]] = []
    left: list[Any] = []
    for node in root.iter("script"):
        if node.get("type", "").strip().lower().startswith("application/ld+json"):
            with suppress(json.JSONDecodeError, RecursionError):  # the page says it in another way, or not
                left += _listed(json.loads(node.text or ""))
    for item in left:  # which grows while it is read
        if isinstance(item, dict):
            left += [*_listed(item.get("@graph")), *_listed(item.get("mainEntity"))]
            found += [(_WORKS.index(kind), item) for kind in _listed(item.get("@type")) if kind in _WORKS]
    return min(found, key=lambda pair: pair[0], default=(0, {}))[1]


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _person(who: Any) -> Author | None:
    said = who if isinstance(who, dict) else {"name": who}
    parts = (said.get(part) for part in ("familyName", "givenName", "name"))
    family, given, name = (clean(part) if isinstance(part, str) else "" for part in parts)
    if family and (given or not name):
        return Author(family, given)
    if not name or _NOBODY.search(name):
        return None
    return Author(name, group=True) if "Organization" in str(said.get("@type")) else read_name(name, given_first=True)
