"""Read one reference in XML: PubMed's own (articles and chapters of books, one or a set), or the JATS of full texts.

https://dtd.nlm.nih.gov/ncbi/pubmed/out/pubmed_250101.dtd; https://jats.nlm.nih.gov, as PubMed Central and Europe PMC give it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import chain

from lxml import etree

from livrev.sources.fields import Fields, read_name, space_initials
from livrev.sources.markup import name_of, parse_xml, prose_of, read_table, text_of
from livrev.sources.publication import (
    PUBMED,
    Author,
    Publication,
    Section,
    Unreadable,
    clean,
    doi_address,
    read_notices,
)

_PARSER = etree.XMLParser(
    resolve_entities=False, no_network=True, huge_tree=False, remove_comments=True, remove_pis=True
)
_TERMS = ("SupplMeshList/SupplMeshName", "KeywordList/Keyword", "Article/PublicationTypeList/PublicationType")
# Where the fields stand in an article (MedlineCitation, PubmedData), and in a chapter (BookDocument).
_PAPER, _CHAPTER = "MedlineCitation/Article", "BookDocument"
_ISSUE, _BOOK = f"{_PAPER}/Journal/JournalIssue", f"{_CHAPTER}/Book"
_PUBMED = {
    "pmid": f"MedlineCitation/PMID {_CHAPTER}/PMID",
    "title": " ".join(f"{place}/{name}" for place in (_PAPER, _CHAPTER) for name in ("ArticleTitle", "VernacularTitle"))
    + f" {_BOOK}/BookTitle",
    "booktitle": f"{_BOOK}/BookTitle",
    "year": f"{_ISSUE}/PubDate/Year {_ISSUE}/PubDate/MedlineDate {_PAPER}/ArticleDate/Year {_BOOK}/PubDate/Year "
    f"{_BOOK}/PubDate/MedlineDate {_BOOK}/BeginningDate/Year {_CHAPTER}/ContributionDate/Year",
    "journal": f"{_PAPER}/Journal/Title MedlineCitation/MedlineJournalInfo/MedlineTA",
    "volume": f"{_ISSUE}/Volume {_BOOK}/Volume",
    "number": f"{_ISSUE}/Issue",
    "pages": f"{_PAPER}/Pagination/MedlinePgn {_CHAPTER}/Pagination/MedlinePgn",
    "publisher": f"{_BOOK}/Publisher/PublisherName",
    "doi": f"*/ArticleIdList/ArticleId[@IdType='doi'] {_PAPER}/ELocationID[@EIdType='doi'][@ValidYN='Y']",
    "pmcid": "PubmedData/ArticleIdList/ArticleId[@IdType='pmc']",
    "nct": f"{_PAPER}/DataBankList/DataBank/AccessionNumberList/AccessionNumber",
    "kinds": f"{_PAPER}/PublicationTypeList/PublicationType {_CHAPTER}/PublicationType",
    "language": f"{_PAPER}/Language {_CHAPTER}/Language",
}
_REFERENCES, _REST = b"<ReferenceList>", b"</PubmedData></PubmedArticle>"
_META, _JOURNAL = "front/article-meta", "front/journal-meta"
_JATS = {
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


def read_pubmed_xml(raw: bytes, declared: str = "") -> list[Publication]:
    """Return the articles and chapters of a PubmedArticleSet, or the one that *raw* is. Raises Unreadable where it is neither."""
    root = parse_xml(raw, declared)
    if root.tag in _READERS:
        return [_READERS[root.tag](root)]
    if root.tag not in ("PubmedArticleSet", "PubmedBookArticleSet"):
        raise Unreadable(f"is no PubmedArticleSet, but <{root.tag}>")
    return [_READERS[record.tag](record) for record in root if record.tag in _READERS]


def read_record(raw: bytes) -> Publication:
    """Return the publication written in *raw*, one whole PubmedArticle. Raises Unreadable.

    For those who read millions: its list of references, half of the bytes and by the DTD the last thing in it, is not parsed.
    """
    references = raw.find(_REFERENCES)
    try:
        return read_article(etree.fromstring(raw[:references] + _REST if references > 0 else raw, _PARSER))
    except etree.XMLSyntaxError as error:
        raise Unreadable(f"is no XML ({error.msg})") from None


def read_article(article: etree._Element) -> Publication:
    """Return one PubmedArticle as a publication. Raises Unreadable where it has no PMID or no title."""
    found = _read(article)
    citation = article.find("MedlineCitation")
    authors = _signed(article.iterfind(f"{_PAPER}/AuthorList/Author"))
    notices = read_notices(
        (node.get("RefType", ""), text_of(node.find("RefSource")), text_of(node.find("PMID")))
        for node in citation.iterfind("CommentsCorrectionsList/CommentsCorrections")
    )
    return replace(found, authors=tuple(authors), terms=tuple(_terms(citation)), notices=notices)


def read_chapter(record: etree._Element) -> Publication:
    """Return one PubmedBookArticle, a chapter of a book or the book itself. Raises Unreadable where it has no PMID or title."""
    found = _read(record)
    whole = found.title == found.booktitle
    lists = record.findall(f"{_CHAPTER}/AuthorList") or record.findall(f"{_BOOK}/AuthorList")
    authors = (person for one in lists if one.get("Type") != "editors" for person in one.iterfind("Author"))
    return replace(
        found,
        authors=tuple(_signed(authors)),
        editors=tuple(_signed(record.iterfind(f"{_CHAPTER}//AuthorList[@Type='editors']/Author"))),
        booktitle="" if whole else found.booktitle,
        kinds=("book" if whole else "chapter", *found.kinds),
    )


_READERS = {"PubmedArticle": read_article, "PubmedBookArticle": read_chapter}


def _read(record: etree._Element) -> Publication:
    """Return what articles and chapters have in common."""
    fields = Fields("PubMed", _PUBMED, lambda path: map(text_of, record.iterfind(path)))
    found = fields.publication()
    if not found.pmid:
        raise Unreadable("has no PMID")
    if not found.title:
        raise Unreadable(f"PMID {found.pmid} has no title")
    return replace(
        found,
        pages=_pages(fields.one("pages")),
        abstract=tuple(_labelled(record.iterfind(".//Abstract/AbstractText"))),
        address=f"{PUBMED}/{found.pmid}/",
    )


def _labelled(parts: Iterable[etree._Element]) -> Iterator[Section]:
    for node in parts:
        if text := text_of(node):
            label = clean(node.get("Label", ""))
            yield Section("" if label.upper() == "UNLABELLED" else label, text)


def _signed(people: Iterable[etree._Element]) -> Iterator[Author]:
    for node in people:
        if node.get("ValidYN") == "N":
            continue
        body, family = text_of(node.find("CollectiveName")), text_of(node.find("LastName"))
        if body:
            yield Author(body, group=True)
        elif family:
            given = space_initials(text_of(node.find("ForeName"))) or " ".join(text_of(node.find("Initials")))
            yield Author(family, given, suffix=text_of(node.find("Suffix")))


def _terms(citation: etree._Element) -> Iterator[str]:
    """Give MeSH descriptors, each also with its qualifiers, supplementary concepts, keywords and kinds of publication."""
    for heading in citation.iterfind("MeshHeadingList/MeshHeading"):
        descriptor = heading.findtext("DescriptorName") or ""
        yield descriptor
        for qualifier in heading.iterfind("QualifierName"):
            yield f"{descriptor}/{qualifier.text}"
    for path in _TERMS:
        for term in citation.iterfind(path):
            if words := text_of(term):
                yield words


def _pages(said: str) -> str:
    """Return the pages with the last one written out: `289-95` is 289--295."""
    first, dash, last = said.partition("-")
    if first.isdigit() and last.isdigit() and len(last) < len(first):
        last = first[: len(first) - len(last)] + last
    return f"{first}--{last}" if dash else first


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
    fields = Fields("JATS", _JATS, lambda path: (text_of(node, leave_out=_MARKS) for node in article.iterfind(path)))
    found = fields.publication()
    if not found.title:
        raise Unreadable("is a JATS article without a title")
    abstracts = (node for node in meta.iterfind("abstract") if node.get("abstract-type") not in _NOT_THE_ABSTRACT)
    body = tuple(chain.from_iterable(map(_sections, article.findall("body"))))
    notices = read_notices(
        (node.get("related-article-type", ""), node.get("{http://www.w3.org/1999/xlink}href", "") or text_of(node), "")
        for node in meta.iterfind("related-article")
    )
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
        notices=notices,
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
