"""Read a web page: what its head says of the publication (Highwire, Dublin Core, JSON-LD), and its main text."""

import re
import warnings

from lxml import etree, html

from livrev.sources.fragments import read_fragment
from livrev.sources.markup import MarkupError, is_power, parse_html, text_of
from livrev.sources.publication import Author, Publication, Section, clean, clean_doi, find_ncts

_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_DATES = ("citation_publication_date", "citation_date", "citation_online_date", "dc.date", "prism.publicationdate",
          "article:published_time", "date")  # fmt: skip


def read_web_page(raw: bytes, declared: str = "", address: str = "") -> Publication:
    """Return the publication that an HTML page describes. Raises MarkupError where there is no HTML or no title."""
    root = parse_html(raw, declared)
    head = _read_head(root)
    first = root.find(".//h1")
    title = _one(head, "citation_title", "dc.title", "og:title") or text_of(root.find(".//title")) or text_of(first)
    if not title:
        raise MarkupError("is a page without a title")
    _mark_powers(root)
    body, author, site = _read_main(root, address)
    names = head.get("citation_author") or head.get("dc.creator") or head.get("author") or []
    authors = tuple(_author(name) for name in names) or ((Author(author, group=True),) if author else ())
    first_page, last_page = _one(head, "citation_firstpage"), _one(head, "citation_lastpage")
    abstract = read_fragment(_one(head, "citation_abstract", "dc.description") or "")
    publisher = _one(head, "citation_publisher", "dc.publisher", "og:site_name") or site
    doi = clean_doi(_one(head, "citation_doi", "dc.identifier", "prism.doi"))
    pmid = _one(head, "citation_pmid")
    journal = _one(head, "citation_journal_title", "prism.publicationname")
    # a page that names no person is signed by whoever publishes it
    authors = authors or ((Author(publisher, group=True),) if publisher else ())
    return Publication(
        title=title,
        authors=authors,
        year=_year(head),
        journal=journal,
        volume=_one(head, "citation_volume"),
        number=_one(head, "citation_issue"),
        pages=f"{first_page}--{last_page}" if first_page and last_page else first_page,
        publisher=publisher,
        doi=doi,
        pmid=pmid if pmid.isdigit() else "",
        nct=find_ncts(title, *(section.text for section in abstract)),
        abstract=abstract,
        body=body,
        language=clean(root.get("lang", "")) or _one(head, "citation_language"),
        address=address,
        service="web page",
    )


def _read_head(root: etree._Element) -> dict[str, list[str]]:
    """Return what the meta elements say, by lower-case name."""
    found: dict[str, list[str]] = {}
    for node in root.iter("meta"):
        name = (node.get("name") or node.get("property") or "").strip().lower()
        content = clean(node.get("content"))
        if name and content:
            found.setdefault(name, []).append(content)
    return found


def _one(head: dict[str, list[str]], *names: str) -> str:
    return next((head[name][0] for name in names if name in head), "")


def _author(name: str) -> Author:
    """Return `Family, Given` or `Given Family` as an author."""
    if "," in name:
        family, _, given = name.partition(",")
        return Author(family.strip(), given.strip())
    given, _, family = name.rpartition(" ")
    return Author(family, given) if given else Author(name, group=True)


def _year(head: dict[str, list[str]]) -> int | None:
    for name in _DATES:
        if name in head and (match := _YEAR.search(head[name][0])):
            return int(match.group())
    return None


def _mark_powers(root: etree._Element) -> None:
    """Write 10^6 where the page raises the 6: what follows flattens the page."""
    for node in root.iter("sup"):
        before, parent = node.getprevious(), node.getparent()
        said = before.tail if before is not None else parent.text if parent is not None else ""
        if is_power(said or "", node.text or ""):
            node.text = f"^{node.text}"


def _read_main(root: etree._Element, address: str) -> tuple[tuple[Section, ...], str, str]:
    """Return the paragraphs of the main text, without menus and the like, and who is said to have written and publish it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from trafilatura import bare_extraction

        try:
            found = bare_extraction(
                html.tostring(root, encoding="unicode"),
                url=address or None,
                include_comments=False,
                include_tables=False,
            )
        except (ValueError, TypeError, AttributeError, KeyError, RecursionError, etree.LxmlError):
            found = None
    if found is None or isinstance(found, dict):
        paragraphs = (text_of(node) for node in root.iter("p"))
        return tuple(Section("", text) for text in paragraphs if text), "", ""
    lines = clean(found.text, lines=True).split("\n")
    return tuple(Section("", line) for line in lines if line), clean(found.author), clean(found.sitename)
