"""Read a web page: what its head says of the publication, its main text, and the results in its tables."""

import warnings
from collections.abc import Iterator

from lxml import etree, html

from livrev.sources.markup import is_power, name_of, parse_html, plain_title, read_fragment, text_of
from livrev.sources.page_head import Head
from livrev.sources.publication import (
    Author,
    Publication,
    Section,
    Unreadable,
    clean,
    clean_doi,
    find_ncts,
    find_pmcid,
    find_year,
    page_range,
)
from livrev.sources.result_tables import read_table


def read_web_page(raw: bytes, declared: str = "", address: str = "") -> Publication:
    """Return the publication that an HTML page describes. Raises Unreadable where there is no HTML or no title."""
    root = parse_html(raw, declared)
    head = Head(root)
    title = plain_title(head.one("title") or text_of(root.find(".//title")) or text_of(root.find(".//h1")))
    if not title:
        raise Unreadable("is a page without a title")
    _mark_powers(root)
    body, author, site = _read_main(root, address)
    abstract = read_fragment(head.one("abstract"))
    publisher = head.one("publisher") or site
    # a page that names no person is signed by whoever publishes it
    signed = (Author(name, group=True) for name in (author, publisher) if name)
    first, last = head.one("first"), head.one("last")
    doi = next(filter(None, map(clean_doi, head.all("doi"))), "")
    pmid = head.one("pmid")
    booktitle = head.one("booktitle")
    return Publication(
        title=title,
        authors=head.authors() or tuple(signed)[:1],
        editors=head.editors() if booktitle else (),
        year=find_year(*head.dates()),
        journal="" if booktitle else plain_title(head.one("journal")),
        booktitle=plain_title(booktitle),
        volume=head.one("volume"),
        number=head.one("number"),
        pages=f"{first}--{last}" if first and last and first != last else page_range(first or head.one("pages")),
        publisher=publisher,
        doi=doi,
        pmid=pmid if pmid.isdigit() else "",
        pmcid=find_pmcid(head.one("pmcid"), f"PMC{head.one('pmcid')}"),
        nct=find_ncts(title, *(section.text for section in abstract)),
        abstract=abstract,
        body=(*body, *_tables(root)),
        kinds=head.kinds,
        language=clean(root.get("lang", "")) or head.one("language"),
        terms=head.terms(),
        address=address,
        service="web page",
    )


def _tables(root: etree._Element) -> Iterator[Section]:
    """Yield the cells of the tables that hold data, each with its place; tables within tables lay out a page."""
    tables = [node for node in root.iter("table") if node.find(".//table") is None]
    for number, table in enumerate(tables, 1):
        caption = next((text_of(node) for node in table.iter() if name_of(node) == "caption"), "")
        called = caption.partition(".")[0].lower() if caption.lower().startswith("table") else f"table {number}"
        yield from read_table(table, called[:20])


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
