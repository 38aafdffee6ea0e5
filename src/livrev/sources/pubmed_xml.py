"""Read PubMed's XML (https://dtd.nlm.nih.gov/ncbi/pubmed/out/pubmed_250101.dtd): articles and chapters of books, one or a set.

The files of its baseline and updates (`pubmed*.xml.gz`) are cut at the tags of the records before any XML is parsed. So a
record that is not wanted is never parsed, one that is broken harms no other, and memory holds one, however long the file.
"""

import gzip
import re
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from lxml import etree

from livrev.sources.fields import Fields, space_initials
from livrev.sources.markup import parse_xml, text_of
from livrev.sources.publication import PUBMED, Author, Notice, Publication, Section, Unreadable, clean, read_notice

_PARSER = etree.XMLParser(
    resolve_entities=False, no_network=True, huge_tree=False, remove_comments=True, remove_pis=True
)
_TERMS = ("SupplMeshList/SupplMeshName", "KeywordList/Keyword", "Article/PublicationTypeList/PublicationType")
_BLOCK = 1 << 20
_LONGEST = 64 << 20  # bytes of one record; the longest that PubMed ever printed is far below
_OPEN = re.compile(rb"<(PubmedArticle|PubmedBookArticle|DeleteCitation)(?=[\s>])")
_ENCODING = re.compile(rb"""^\s*<\?xml[^>]*encoding=["']([^"']+)""")
_PMID = re.compile(rb"""<PMID(?:\s+Version=["'](\d{1,4})["'])?[^>]*>\s*(\d{1,9})\s*</PMID>""")
UNCLOSED = "unclosed"
# Where the fields stand in an article (MedlineCitation, PubmedData), and in a chapter (BookDocument).
_PAPER, _CHAPTER = "MedlineCitation/Article", "BookDocument"
_ISSUE, _BOOK = f"{_PAPER}/Journal/JournalIssue", f"{_CHAPTER}/Book"
_FIELDS = {
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
    authors = _people(article.iterfind(f"{_PAPER}/AuthorList/Author"))
    return replace(found, authors=tuple(authors), terms=tuple(_terms(citation)), notices=tuple(_notices(citation)))


def read_chapter(record: etree._Element) -> Publication:
    """Return one PubmedBookArticle, a chapter of a book or the book itself. Raises Unreadable where it has no PMID or title."""
    found = _read(record)
    whole = found.title == found.booktitle
    lists = record.findall(f"{_CHAPTER}/AuthorList") or record.findall(f"{_BOOK}/AuthorList")
    authors = (person for one in lists if one.get("Type") != "editors" for person in one.iterfind("Author"))
    return replace(
        found,
        authors=tuple(_people(authors)),
        editors=tuple(_people(record.iterfind(f"{_CHAPTER}//AuthorList[@Type='editors']/Author"))),
        booktitle="" if whole else found.booktitle,
        kinds=("book" if whole else "chapter", *found.kinds),
    )


_READERS = {"PubmedArticle": read_article, "PubmedBookArticle": read_chapter}


def _read(record: etree._Element) -> Publication:
    """Return what articles and chapters have in common."""
    fields = Fields("PubMed", _FIELDS, lambda path: map(text_of, record.iterfind(path)))
    found = fields.publication()
    if not found.pmid:
        raise Unreadable("has no PMID")
    if not found.title:
        raise Unreadable(f"PMID {found.pmid} has no title")
    return replace(
        found,
        pages=_pages(fields.one("pages")),
        abstract=tuple(_sections(record.iterfind(".//Abstract/AbstractText"))),
        address=f"{PUBMED}/{found.pmid}/",
    )


def _sections(parts: Iterable[etree._Element]) -> Iterator[Section]:
    for node in parts:
        if text := text_of(node):
            label = clean(node.get("Label", ""))
            yield Section("" if label.upper() == "UNLABELLED" else label, text)


def _people(people: Iterable[etree._Element]) -> Iterator[Author]:
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


def _notices(citation: etree._Element) -> Iterator[Notice]:
    for node in citation.iterfind("CommentsCorrectionsList/CommentsCorrections"):
        said, pmid = node.get("RefType", ""), text_of(node.find("PMID"))
        if (notice := read_notice(said, text_of(node.find("RefSource")), pmid=pmid)).kind != "other":
            yield notice


class BrokenFile(Exception):
    """Raised where a file cannot be read on: what it held up to there was given already."""


def unpack(path: Path) -> Iterator[bytes]:
    """Give the bytes of a gzip file piece by piece. Raises BrokenFile where it is cut off or damaged."""
    any_bytes = False
    try:
        with gzip.open(path) as file:
            while piece := file.read1(_BLOCK):  # what was unpacked before the file breaks off is not lost
                any_bytes = True
                yield piece
    except (gzip.BadGzipFile, zlib.error) as error:
        raise BrokenFile(f"is no whole gzip file ({error})") from None
    except EOFError:
        any_bytes = False
    except OSError as error:
        raise BrokenFile(f"cannot be read ({error.strerror})") from None
    if not any_bytes:
        raise BrokenFile("ends before its end; get it again")


def split_records(pieces: Iterable[bytes]) -> Iterator[tuple[str, bytes]]:
    """Cut PubMed XML into its records: the tag of each (PubmedArticle, DeleteCitation, …) and its bytes, the tag included.

    What another record begins in before it was closed comes as UNCLOSED, so that the other is not lost with it.
    Raises BrokenFile where the text is not UTF-8 by its own word, ends within a record, or holds none and is not a
    whole PubMed file.
    """
    kept, first = b"", True
    for piece in pieces:
        buffer = kept + piece if kept else piece
        if first and (b">" in buffer or len(buffer) > 200):  # the head may be cut too
            found = _ENCODING.match(buffer)
            if found and found[1].lower() not in (b"utf-8", b"us-ascii", b"utf8"):
                raise BrokenFile(f"is in {found[1].decode('latin-1')}; PubMed writes UTF-8")
            first = False
        place = 0
        while (opened := _OPEN.search(buffer, place)) is not None:
            tag = opened[1]
            end = buffer.find(b"</" + tag + b">", opened.end())
            if end < 0:
                place = opened.start()
                break
            if (inner := buffer.find(b"<PubmedArticle>", opened.end(), end)) >= 0:
                yield UNCLOSED, buffer[opened.start() : inner]
                place = inner
                continue
            end += len(tag) + 3
            yield tag.decode(), buffer[opened.start() : end]
            place = end
        else:
            place = max(place, len(buffer) - 256)  # a tag may be cut in two
        kept = buffer[place:]
        if len(kept) > _LONGEST:
            raise BrokenFile(f"holds a record longer than {_LONGEST >> 20} MB; get it again")
    if _OPEN.match(kept):
        raise BrokenFile("ends within a record; get it again")
    if not re.search(rb"</?Pubmed(?:ArticleSet|BookArticleSet)\s*/?>\s*$", kept):
        raise BrokenFile("is not PubMed XML to its end; get it again")


def read_deleted(raw: bytes) -> list[str]:
    """Return the PMIDs that a DeleteCitation names. Raises ValueError where it is no XML."""
    try:
        return [text_of(pmid) for pmid in parse_xml(raw).findall("PMID")]
    except Unreadable as error:
        raise ValueError(f"DeleteCitation {error}") from None


def peek(raw: bytes) -> tuple[str, int]:
    """Return PMID and version of a record that is not parsed; ("", 1) where it has none. By the DTD its PMID comes first."""
    found = _PMID.search(raw, 0, 2000)
    return (found[2].decode(), int(found[1] or 1)) if found else ("", 1)
