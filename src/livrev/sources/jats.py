"""Read JATS (https://jats.nlm.nih.gov), the XML of full texts in PubMed Central and Europe PMC."""

import re
from collections.abc import Iterator

from lxml import etree

from livrev.sources.markup import name_of, parse_xml, prose_of, text_of
from livrev.sources.names import read_name, space_initials
from livrev.sources.publication import (
    Author,
    Notice,
    Publication,
    Section,
    Unreadable,
    clean,
    clean_doi,
    doi_address,
    find_ncts,
    kind_of_notice,
)
from livrev.sources.result_tables import read_table

_ABOUT_ANOTHER = ("retracted-article", "corrected-article", "object-of-concern")
_NAMES = ("name", "name-alternatives/name", "string-name", "name-alternatives/string-name")
_MEMBERS = frozenset(("contrib-group", "xref", "fn", "address", "aff"))
_SILENT = ("title", "label", "fig", "ref-list", "back", "disp-formula", "supplementary-material")
_NOT_THE_ABSTRACT = (
    "graphical", "teaser", "toc", "summary", "plain-language-summary", "key-points", "executive-summary",
)  # fmt: skip


def read_jats(raw: bytes, declared: str = "") -> Publication:
    """Return the article that *raw* holds, abstract and text by sections. Raises Unreadable where it is no JATS."""
    root = parse_xml(raw, declared)
    for node in root.iter():
        if isinstance(node.tag, str):
            node.tag = etree.QName(node).localname
    article = root if root.tag == "article" else root.find(".//article")
    meta = article.find("front/article-meta") if article is not None else None
    if article is None or meta is None:
        raise Unreadable(f"is no JATS article (no front/article-meta in <{root.tag}>)")
    title = _title(meta)
    if not title:
        raise Unreadable("is a JATS article without a title")
    ids = {node.get("pub-id-type"): text_of(node) for node in meta.iterfind("article-id")}
    pmcid = ids.get("pmcid") or ids.get("pmc") or ""
    if pmcid:
        pmcid = "PMC" + pmcid.upper().removeprefix("PMC")
    doi, pmid = clean_doi(ids.get("doi")), ids.get("pmid", "")
    main = article.find("body")
    body = tuple(_sections(main)) if main is not None else ()
    return Publication(
        title=title,
        authors=tuple(_people(meta)),
        year=_year(meta),
        journal=text_of(article.find("front/journal-meta//journal-title")),
        volume=text_of(meta.find("volume")),
        number=text_of(meta.find("issue")),
        pages=_pages(meta),
        publisher=text_of(article.find("front/journal-meta/publisher/publisher-name")),
        doi=doi,
        pmid=pmid if pmid.isdigit() else "",
        pmcid=pmcid,
        nct=find_ncts(*(text_of(node) for node in meta.iterfind(".//ext-link"))),
        abstract=tuple(_abstract(meta)),
        body=body,
        kinds=(article.get("article-type", ""),) if article.get("article-type") else (),
        language=article.get("{http://www.w3.org/XML/1998/namespace}lang", ""),
        address=f"https://pmc.ncbi.nlm.nih.gov/articles/{pmcid}/" if pmcid else doi_address(doi) if doi else "",
        service="JATS",
        open_text=bool(body),
        notices=tuple(_notices(meta)),
    )


def _title(meta: etree._Element) -> str:
    """Return the title with its subtitle."""
    silent = frozenset(("xref", "fn"))
    title = text_of(meta.find("title-group/article-title"), leave_out=silent).rstrip(".")
    subtitle = text_of(meta.find("title-group/subtitle"), leave_out=silent).rstrip(".")
    return f"{title}{' ' if title.endswith(('?', '!', ':')) else ': '}{subtitle}" if title and subtitle else title


def _people(meta: etree._Element) -> Iterator[Author]:
    """Yield the authors: the members of a collaboration that signs as such are not named one by one."""
    for node in meta.iterfind("contrib-group/contrib"):
        if node.get("contrib-type", "author") != "author":
            continue
        collab = node.find("collab")
        name = next((node.find(path) for path in _NAMES if node.find(path) is not None), None)
        if name is not None:
            if author := _person(name):
                yield author
        elif (collab is not None and (body := text_of(collab, leave_out=_MEMBERS))) or (
            body := text_of(node.find("on-behalf-of"))
        ):
            yield Author(body, group=True)


def _person(name: etree._Element) -> Author | None:
    family, given = text_of(name.find("surname")), text_of(name.find("given-names"))
    if not family:
        return read_name(text_of(name) if name.tag == "string-name" else given, given_first=True)
    prefix = text_of(name.find("prefix"))
    family = f"{prefix} {family}" if prefix and prefix.islower() else family  # von; Dr. is none of the name
    return Author(family, space_initials(given), suffix=text_of(name.find("suffix")))


def _year(meta: etree._Element) -> int | None:
    dates = {
        node.get("pub-type") or node.get("date-type") or "": text_of(node.find("year"))
        for node in meta.iterfind("pub-date")
    }
    preferred = ("ppub", "epub-ppub", "collection", "pub", "epub", "")
    for kind in (*preferred, *dates):
        if re.fullmatch(r"(?:19|20)\d\d", dates.get(kind, "")):
            return int(dates[kind])
    return None


def _pages(meta: etree._Element) -> str:
    first, last = text_of(meta.find("fpage")), text_of(meta.find("lpage"))
    if not first:
        return text_of(meta.find("elocation-id"))
    return f"{first}--{last}" if last and last != first else first


def _abstract(meta: etree._Element) -> Iterator[Section]:
    for node in meta.iterfind("abstract"):
        if node.get("abstract-type") in _NOT_THE_ABSTRACT:
            continue
        yield from _sections(node)


def _sections(parent: etree._Element) -> Iterator[Section]:
    """Yield the paragraphs below *parent*, each under the title of the section that holds it, in reading order."""
    stack: list[tuple[etree._Element, str]] = [(parent, "")]
    while stack:
        node, label = stack.pop()
        name = name_of(node)
        if name == "p":
            if text := prose_of(node):
                yield Section(label, text)
            continue
        if name == "table-wrap":
            yield from _table(node)
        if name in (*_SILENT, "table-wrap"):
            continue
        title = node.find("title") if name == "sec" else None
        inner = clean(text_of(title, leave_out=frozenset(("xref",)))) or label if title is not None else label
        stack += [(child, inner) for child in reversed(node)]


def _table(wrap: etree._Element) -> Iterator[Section]:
    """Yield the cells of a table, each with its place; one that is a picture yields nothing."""
    called = text_of(wrap.find("label")).rstrip(".: ").lower() or "table"
    for table in wrap.iter("table"):
        yield from read_table(table, called)


def _notices(meta: etree._Element) -> Iterator[Notice]:
    for node in meta.iterfind("related-article"):
        said = node.get("related-article-type", "")
        kind = kind_of_notice(said)
        if kind != "other":
            doi = clean_doi(node.get("{http://www.w3.org/1999/xlink}href", "") or text_of(node))
            yield Notice(kind, said, doi, is_notice=said in _ABOUT_ANOTHER)
