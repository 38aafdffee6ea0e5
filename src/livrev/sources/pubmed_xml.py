"""Read PubMed's XML (https://dtd.nlm.nih.gov/ncbi/pubmed/out/pubmed_250101.dtd): one article, or a set."""

import re

from lxml import etree

from livrev.sources.markup import MarkupError, parse_xml, text_of
from livrev.sources.publication import (
    Author,
    Notice,
    Publication,
    Section,
    clean,
    clean_doi,
    find_ncts,
    kind_of_notice,
)

ADDRESS = "https://pubmed.ncbi.nlm.nih.gov"
_OF_A_PAPER = ("RetractionIn", "ErratumIn", "ExpressionOfConcernIn", "CorrectedandRepublishedIn", "UpdateIn")
_OF_A_NOTICE = ("RetractionOf", "ErratumFor", "ExpressionOfConcernFor", "CorrectedandRepublishedFrom", "UpdateOf")


def read_pubmed_xml(raw: bytes, declared: str = "") -> list[Publication]:
    """Return the articles of a PubmedArticleSet, or the one PubmedArticle. Raises MarkupError where there is neither."""
    root = parse_xml(raw, declared)
    if root.tag == "PubmedArticle":
        return [read_article(root)]
    if root.tag != "PubmedArticleSet":
        raise MarkupError(f"is no PubmedArticleSet, but <{root.tag}>")
    return [read_article(article) for article in root.iterfind("PubmedArticle")]


def read_article(article: etree._Element) -> Publication:
    """Return one PubmedArticle as a publication. Raises MarkupError where it has no PMID or no title."""
    pmid = text_of(article.find("MedlineCitation/PMID"))
    paper = article.find("MedlineCitation/Article")
    if paper is None or not pmid:
        raise MarkupError("holds an article without MedlineCitation/Article or PMID")
    title = text_of(paper.find("ArticleTitle")) or text_of(paper.find("VernacularTitle"))
    # Brackets mark a title that was translated into English.
    title = re.sub(r"^\[(.*)\]\.?$", r"\1", title).rstrip(".") if title else ""
    if not title:
        raise MarkupError(f"holds an article without a title (PMID {pmid})")
    ids = {node.get("IdType"): text_of(node) for node in article.iterfind("PubmedData/ArticleIdList/ArticleId")}
    located = [text_of(node) for node in paper.iterfind("ELocationID[@EIdType='doi']")]
    banks = [text_of(node) for node in paper.iterfind("DataBankList/DataBank/AccessionNumberList/AccessionNumber")]
    abstract = tuple(_sections(paper))
    return Publication(
        title=title,
        authors=tuple(_authors(paper)),
        year=_year(paper),
        journal=text_of(paper.find("Journal/Title"))
        or text_of(article.find("MedlineCitation/MedlineJournalInfo/MedlineTA")),
        volume=text_of(paper.find("Journal/JournalIssue/Volume")),
        number=text_of(paper.find("Journal/JournalIssue/Issue")),
        pages=_pages(paper),
        doi=clean_doi(ids.get("doi") or (located[0] if located else "")),
        pmid=pmid,
        pmcid=ids.get("pmc", ""),
        nct=find_ncts(*banks, *(section.text for section in abstract)),
        abstract=abstract,
        kinds=tuple(text_of(node) for node in paper.iterfind("PublicationTypeList/PublicationType")),
        language=text_of(paper.find("Language")),
        address=f"{ADDRESS}/{pmid}/",
        service="PubMed",
        notices=tuple(_notices(article)),
    )


def _sections(paper: etree._Element) -> list[Section]:
    found = []
    for node in paper.iterfind("Abstract/AbstractText"):
        text = text_of(node)
        if text:
            found.append(Section(clean(node.get("Label", "")), text))
    return found


def _authors(paper: etree._Element) -> list[Author]:
    found = []
    for node in paper.iterfind("AuthorList/Author"):
        if node.get("ValidYN") == "N":
            continue
        body, family = text_of(node.find("CollectiveName")), text_of(node.find("LastName"))
        if body:
            found.append(Author(body, group=True))
        elif family:
            given = text_of(node.find("ForeName")) or " ".join(text_of(node.find("Initials")))
            suffix = text_of(node.find("Suffix"))
            found.append(Author(f"{family} {suffix}".strip(), given))
    return found


def _year(paper: etree._Element) -> int | None:
    """Return the year of the issue, failing that of the publication online."""
    for path in ("Journal/JournalIssue/PubDate/Year", "Journal/JournalIssue/PubDate/MedlineDate", "ArticleDate/Year"):
        if match := re.search(r"\b(?:19|20)\d\d\b", text_of(paper.find(path))):
            return int(match.group())
    return None


def _pages(paper: etree._Element) -> str:
    """Return the pages with the last one written out: `289-95` is 289--295."""
    first, dash, last = text_of(paper.find("Pagination/MedlinePgn")).partition("-")
    if not dash:
        return first
    if first.isdigit() and last.isdigit() and len(last) < len(first):
        last = first[: len(first) - len(last)] + last
    return f"{first}--{last}"


def _notices(article: etree._Element) -> list[Notice]:
    found = []
    for node in article.iterfind("MedlineCitation/CommentsCorrectionsList/CommentsCorrections"):
        said = node.get("RefType", "")
        if said in _OF_A_PAPER or said in _OF_A_NOTICE:
            doi = clean_doi(text_of(node.find("RefSource")))
            kind = kind_of_notice(said)
            found.append(Notice(kind, said, doi, text_of(node.find("PMID")), is_notice=said in _OF_A_NOTICE))
    return found
