"""Read JATS (https://jats.nlm.nih.gov), the XML of full texts in PubMed Central and Europe PMC."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import chain

from lxml import etree

from livrev.sources.fields import Fields, read_name, space_initials
from livrev.sources.markup import name_of, parse_xml, prose_of, read_table, text_of
from livrev.sources.publication import Author, Notice, Publication, Section, Unreadable, clean, doi_address, read_notice

_META, _JOURNAL = "front/article-meta", "front/journal-meta"
_FIELDS = {
    "title": f"{_META}/title-group/article-title",
    "subtitle": f"{_META}/title-group/subtitle",
    # that of the issue goes before that of the first appearance
    "year": " ".join(
        f"{_META}/pub-date[@{name}='{kind}']/year"
        for kind in ("ppub", "epub-ppub", "collection", "pub", "epub")
        for name in ("pub-type", "date-type")
    )
    + f" {_META}/pub-date/year",
    "journal": f"{_JOURNAL}//journal-title",
    "volume": f"{_META}/volume",
    "number": f"{_META}/issue",
    "pages": f"{_META}/fpage",
    "last_page": f"{_META}/lpage",
    "article_number": f"{_META}/elocation-id",
    "publisher": f"{_JOURNAL}/publisher/publisher-name",
    "doi": f"{_META}/article-id[@pub-id-type='doi']",
    "pmid": f"{_META}/article-id[@pub-id-type='pmid']",
    "pmcid": f"{_META}/article-id[@pub-id-type='pmcid'] {_META}/article-id[@pub-id-type='pmc']",
    "nct": f"{_META}//ext-link",
}
_MARKS = frozenset(("xref", "fn"))
_NAMES = ("name", "name-alternatives/name", "string-name", "name-alternatives/string-name")
_MEMBERS = frozenset(("contrib-group", "xref", "fn", "address", "aff"))
_SILENT = ("title", "label", "fig", "table-wrap", "ref-list", "back", "disp-formula", "supplementary-material")
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
    fields = Fields("JATS", _FIELDS, lambda path: (text_of(node, leave_out=_MARKS) for node in article.iterfind(path)))
    found = fields.publication()
    if not found.title:
        raise Unreadable("is a JATS article without a title")
    abstracts = (node for node in meta.iterfind("abstract") if node.get("abstract-type") not in _NOT_THE_ABSTRACT)
    body = tuple(chain.from_iterable(map(_sections, article.findall("body"))))
    pmc = f"https://pmc.ncbi.nlm.nih.gov/articles/{found.pmcid}/" if found.pmcid else ""
    return replace(
        found,
        authors=tuple(_people(meta)),
        abstract=tuple(chain.from_iterable(map(_sections, abstracts))),
        body=body,
        kinds=tuple(filter(None, (article.get("article-type", ""),))),
        language=article.get("{http://www.w3.org/XML/1998/namespace}lang", ""),
        address=pmc or (doi_address(found.doi) if found.doi else ""),
        open_text=bool(body),
        notices=tuple(_notices(meta)),
    )


def _people(meta: etree._Element) -> Iterator[Author]:
    """Yield the authors: the members of a collaboration that signs as such are not named one by one."""
    for node in meta.iterfind("contrib-group/contrib"):
        if node.get("contrib-type", "author") != "author":
            continue
        names = (found for path in _NAMES if (found := node.find(path)) is not None)
        body = text_of(node.find("collab"), leave_out=_MEMBERS) or text_of(node.find("on-behalf-of"))
        if (name := next(names, None)) is not None:
            if author := _person(name):
                yield author
        elif body:
            yield Author(body, group=True)


def _person(name: etree._Element) -> Author | None:
    family, given = text_of(name.find("surname")), text_of(name.find("given-names"))
    if not family:
        return read_name(text_of(name) if name.tag == "string-name" else given, given_first=True)
    prefix = text_of(name.find("prefix"))
    family = f"{prefix} {family}" if prefix and prefix.islower() else family  # von; Dr. is none of the name
    return Author(family, space_initials(given), suffix=text_of(name.find("suffix")))


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
        if name == "table-wrap":  # a table that is a picture yields nothing
            called = text_of(node.find("label")).rstrip(".: ").lower() or "table"
            for table in node.iter("table"):
                yield from read_table(table, called)
        if name in _SILENT:
            continue
        title = node.find("title") if name == "sec" else None
        inner = clean(text_of(title, leave_out=frozenset(("xref",)))) or label if title is not None else label
        stack += [(child, inner) for child in reversed(node)]


def _notices(meta: etree._Element) -> Iterator[Notice]:
    for node in meta.iterfind("related-article"):
        where = node.get("{http://www.w3.org/1999/xlink}href", "") or text_of(node)
        if (notice := read_notice(node.get("related-article-type", ""), where)).kind != "other":
            yield notice
