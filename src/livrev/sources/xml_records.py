"""Read one reference in XML: PubMed's own (articles and chapters of books, one or a set), or the JATS of full texts.

https://dtd.nlm.nih.gov/ncbi/pubmed/out/pubmed_250101.dtd; https://jats.nlm.nih.gov, as PubMed Central and Europe PMC give it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import chain

from lxml import etree

from livrev.sources.fields import Fields, read_name
from livrev.sources.markup import name_of, parse_xml, plain_text, prose_of, read_table, text_of
from livrev.sources.publication import PUBMED, Author, Publication, Section, Unreadable, doi_address, read_notices

_PARSER = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True)
_RECORDS = ("PubmedArticle", "PubmedBookArticle")
_SIGNED = ("LastName", "ForeName", "Suffix", "CollectiveName", "Initials")
_TERMS = ("SupplMeshList/SupplMeshName", "KeywordList/Keyword", "Article/PublicationTypeList/PublicationType")
# Where the fields stand in an article (MedlineCitation, PubmedData), and in a chapter (BookDocument).
_PAPER, _CHAPTER = "MedlineCitation/Article", "BookDocument"
_ISSUE, _BOOK = f"{_PAPER}/Journal/JournalIssue", f"{_CHAPTER}/Book"
_PUBMED = {
    "pmid": f"MedlineCitation/PMID {_CHAPTER}/PMID",
    "title": f"{_PAPER}/ArticleTitle {_PAPER}/VernacularTitle {_CHAPTER}/ArticleTitle {_CHAPTER}/VernacularTitle "
             f"{_BOOK}/BookTitle",
    "booktitle": f"{_BOOK}/BookTitle",
    "year": f"{_ISSUE}/PubDate/Year {_ISSUE}/PubDate/MedlineDate {_PAPER}/ArticleDate/Year {_BOOK}/PubDate/Year "
            f"{_BOOK}/PubDate/MedlineDate {_BOOK}/BeginningDate/Year {_CHAPTER}/ContributionDate/Year",
    "journal": f"{_PAPER}/Journal/Title MedlineCitation/MedlineJournalInfo/MedlineTA",
    "volume": f"{_ISSUE}/Volume {_BOOK}/Volume", "number": f"{_ISSUE}/Issue",
    "pages": f"{_PAPER}/Pagination/MedlinePgn {_CHAPTER}/Pagination/MedlinePgn",
    "publisher": f"{_BOOK}/Publisher/PublisherName",
    "doi": f"*/ArticleIdList/ArticleId[@IdType='doi'] {_PAPER}/ELocationID[@EIdType='doi'][@ValidYN='Y']",
    "pmcid": "PubmedData/ArticleIdList/ArticleId[@IdType='pmc']",
    "nct": f"{_PAPER}/DataBankList/DataBank/AccessionNumberList/AccessionNumber",
    "kinds": f"{_PAPER}/PublicationTypeList/PublicationType {_CHAPTER}/PublicationType",
    "language": f"{_PAPER}/Language {_CHAPTER}/Language",
}  # fmt: skip
_REFERENCES, _REST = b"<ReferenceList>", b"</PubmedData></PubmedArticle>"
_META, _JOURNAL = "front/article-meta", "front/journal-meta"
# the date of the issue goes before that of the first appearance
_DATES = [f"{_META}/pub-date[@{name}='{kind}']/year"
          for kind in ("ppub", "epub-ppub", "collection", "pub", "epub") for name in ("pub-type", "date-type")]  # fmt: skip
_JATS = {
    "title": f"{_META}/title-group/article-title", "subtitle": f"{_META}/title-group/subtitle",
    "year": " ".join([*_DATES, f"{_META}/pub-date/year"]), "journal": f"{_JOURNAL}//journal-title",
    "volume": f"{_META}/volume", "number": f"{_META}/issue", "pages": f"{_META}/fpage", "last_page": f"{_META}/lpage",
    "article_number": f"{_META}/elocation-id", "publisher": f"{_JOURNAL}/publisher/publisher-name",
    "doi": f"{_META}/article-id[@pub-id-type='doi']", "pmid": f"{_META}/article-id[@pub-id-type='pmid']",
    "pmcid": f"{_META}/article-id[@pub-id-type='pmcid'] {_META}/article-id[@pub-id-type='pmc']",
    "nct": f"{_META}//ext-link",
}  # fmt: skip
_HREF = "{http://www.w3.org/1999/xlink}href"
_MARKS = frozenset(("xref", "fn"))
_PARTS = ("surname", "given-names", "prefix", "suffix")
_NAMES = ("name", "name-alternatives/name", "string-name", "name-alternatives/string-name")
_MEMBERS = frozenset(("contrib-group", "xref", "fn", "address", "aff"))
_SILENT = ("title", "label", "fig", "ref-list", "back", "disp-formula", "supplementary-material")
_NOT_THE_ABSTRACT = (
    "graphical", "teaser", "toc", "summary", "plain-language-summary", "key-points", "executive-summary",
)  # fmt: skip


def read_pubmed_xml(raw: bytes, declared: str = "") -> list[Publication]:
    """Return the articles and chapters of a PubmedArticleSet, or the one that *raw* is. Raises Unreadable where it is neither."""
    root = parse_xml(raw, declared)
    if root.tag not in (*_RECORDS, "PubmedArticleSet", "PubmedBookArticleSet"):
        raise Unreadable(f"is no PubmedArticleSet, but <{root.tag}>")
    return [read_article(record) for record in (root, *root) if record.tag in _RECORDS]


def read_record(raw: bytes) -> Publication:
    """Return the publication written in *raw*, one whole PubmedArticle. Raises Unreadable.

    For those who read millions: its list of references, half of the bytes and by the DTD the last thing in it, is not parsed.
    """
    references = raw.find(_REFERENCES)
    try:
        return read_article(etree.fromstring(raw[:references] + _REST if references > 0 else raw, _PARSER))
    except etree.XMLSyntaxError as error:
        raise Unreadable(f"is no XML ({error.msg})") from None


def read_article(record: etree._Element) -> Publication:
    """Return one PubmedArticle, or one PubmedBookArticle, which is a chapter of a book or the book itself.

    Raises Unreadable where it has no PMID or no title.
    """
    fields = Fields("PubMed", _PUBMED, lambda path: map(text_of, record.iterfind(path)))
    found = fields.publication()
    if not found.pmid:
        raise Unreadable("has no PMID")
    if not found.title:
        raise Unreadable(f"PMID {found.pmid} has no title")
    whole = found.title == found.booktitle
    kind = () if record.tag == "PubmedArticle" else ("book",) if whole else ("chapter",)
    lists = next(filter(None, (record.findall(f"{place}/AuthorList") for place in (_PAPER, _CHAPTER, _BOOK))), ())
    said = ((plain_text(node.get("Label", "")), text_of(node)) for node in record.iterfind(".//Abstract/AbstractText"))
    return replace(
        found,
        authors=_signed(person for one in lists if one.get("Type") != "editors" for person in one.iterfind("Author")),
        editors=_signed(record.iterfind(f"{_CHAPTER}//AuthorList[@Type='editors']/Author")),
        booktitle="" if whole else found.booktitle,
        pages=_pages(fields.one("pages")),
        abstract=tuple(Section(label if label.upper() != "UNLABELLED" else "", text) for label, text in said if text),
        kinds=(*kind, *found.kinds),
        terms=tuple(_terms(record)),
        address=f"{PUBMED}/{found.pmid}/",
        notices=read_notices(
            (node.get("RefType", ""), text_of(node.find("RefSource")), text_of(node.find("PMID")))
            for node in record.iterfind("MedlineCitation/CommentsCorrectionsList/CommentsCorrections")
        ),
    )


def _signed(people: Iterable[etree._Element]) -> tuple[Author, ...]:
    found = []
    for node in (node for node in people if node.get("ValidYN") != "N"):
        family, given, suffix, body, initials = (text_of(node.find(name)) for name in _SIGNED)
        if body:
            found.append(Author(body, group=True))
        elif family:
            found.append(Author(family, given or " ".join(initials), suffix=suffix))
    return tuple(found)


def _terms(record: etree._Element) -> Iterator[str]:
    """Give MeSH descriptors, each also with its qualifiers, supplementary concepts, keywords and kinds of publication."""
    for heading in record.iterfind("MedlineCitation/MeshHeadingList/MeshHeading"):
        descriptor = heading.findtext("DescriptorName") or ""
        yield descriptor
        yield from (f"{descriptor}/{qualifier.text}" for qualifier in heading.iterfind("QualifierName"))
    terms = (term for path in _TERMS for term in record.iterfind(f"MedlineCitation/{path}"))
    yield from filter(None, map(text_of, terms))


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
    articles = [node for node in root.iter("article") if next(node.iterancestors("article"), None) is None]
    if len(articles) > 1:
        raise Unreadable(f"holds {len(articles)} articles; give a file with one")
    article = next(iter(articles), None)
    if article is None or (meta := article.find(_META)) is None:
        raise Unreadable(f"is no JATS article (no front/article-meta in <{root.tag}>)")
    fields = Fields("JATS", _JATS, lambda path: (text_of(node, leave_out=_MARKS) for node in article.iterfind(path)))
    found = fields.publication()
    abstracts = (node for node in meta.iterfind("abstract") if node.get("abstract-type") not in _NOT_THE_ABSTRACT)
    body = tuple(chain.from_iterable(map(_sections, article.findall("body"))))
    pmc = f"https://pmc.ncbi.nlm.nih.gov/articles/{found.pmcid}/" if found.pmcid else ""
    return replace(
        found,
        authors=tuple(_people(meta)),
        abstract=tuple(chain.from_iterable(map(_sections, abstracts))),
        body=body,
        kinds=(article.get("article-type"),) if article.get("article-type") else (),
        language=article.get("{http://www.w3.org/XML/1998/namespace}lang", ""),
        address=pmc or doi_address(found.doi),
        open_text=bool(body),
        notices=read_notices(
            (node.get("related-article-type", ""), node.get(_HREF, "") or text_of(node), "")
            for node in meta.iterfind("related-article")
        ),
    )


def _people(meta: etree._Element) -> Iterator[Author]:
    """Yield the authors: the members of a collaboration that signs as such are not named one by one."""
    people = meta.iterfind("contrib-group/contrib")
    for node in (one for one in people if one.get("contrib-type", "author") in ("author", "person")):
        name = next((found for path in _NAMES if (found := node.find(path)) is not None), None)
        body = text_of(node.find("collab"), leave_out=_MEMBERS) or text_of(node.find("on-behalf-of"))
        author = _person(name) if name is not None else Author(body, group=True) if body else None
        if author:
            yield author


def _person(name: etree._Element) -> Author | None:
    family, given, prefix, suffix = (text_of(name.find(part)) for part in _PARTS)
    if not family:
        return read_name(text_of(name) if name.tag == "string-name" else given, given_first=True)
    family = f"{prefix} {family}" if prefix.islower() else family  # von; Dr. is none of the name
    return Author(family, given, suffix=suffix)


def _sections(parent: etree._Element) -> Iterator[Section]:
    """Yield the paragraphs below *parent*, each under the title of the section that holds it, in reading order."""
    stack: list[tuple[etree._Element, str]] = [(parent, "")]
    while stack:
        node, label = stack.pop()
        name = name_of(node)
        if name == "p":
            if text := prose_of(node):
                yield Section(label, text)
        elif name == "table-wrap":  # a table that is a picture yields nothing
            called = text_of(node.find("label")).rstrip(".: ").lower() or "table"
            for table in node.iter("table"):
                yield from read_table(table, called)
        elif name not in _SILENT:
            title = text_of(node.find("title"), leave_out=_MARKS) if name == "sec" else ""
            stack += [(child, title or label) for child in reversed(node)]
