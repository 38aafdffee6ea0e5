"""Read PubMed's own XML, one record at a time: baseline and update files (`pubmed*.xml.gz`), and what E-utilities send.

The bytes are cut at the tags of the records before any XML is parsed. So a record that is not wanted is never parsed, one
that is broken harms no other, and memory holds one record, however long the file.
"""

import re
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from lxml import etree

from livrev.update.record import Record

_BLOCK = 1 << 20
_LONGEST = 64 << 20  # bytes of one record; the longest that PubMed ever printed is far below
_OPEN = re.compile(rb"<(PubmedArticle|PubmedBookArticle|DeleteCitation)(?=[\s>])")
_ENCODING = re.compile(rb"""^\s*<\?xml[^>]*encoding=["']([^"']+)""")
_PMID = re.compile(rb"""<PMID(?:\s+Version=["'](\d{1,4})["'])?[^>]*>\s*(\d{1,9})\s*</PMID>""")
_YEAR = re.compile(r"(?:19|20)\d\d")
_PARSER = etree.XMLParser(
    resolve_entities=False, no_network=True, huge_tree=False, remove_comments=True, remove_pis=True
)
_REFERENCES, _REST = b"<ReferenceList>", b"</PubmedData></PubmedArticle>"


UNCLOSED = "unclosed"


class BrokenFile(Exception):
    """Raised where a file cannot be read on: what it held up to there was given already."""


def unpack(path: Path) -> Iterator[bytes]:
    """Give the bytes of a gzip file piece by piece. Raises BrokenFile where it is cut off or damaged."""
    try:
        with path.open("rb") as file:
            yield from _inflate(iter(lambda: file.read(_BLOCK), b""))
    except OSError as error:
        raise BrokenFile(f"cannot be read ({error.strerror})") from None
    except zlib.error as error:
        raise BrokenFile(f"is no whole gzip file ({error})") from None


def _inflate(packed: Iterable[bytes]) -> Iterator[bytes]:
    """Unpack gzip members one after the other; the checksum of each is checked by zlib."""
    inflater, fresh, any_bytes = zlib.decompressobj(wbits=31), True, False
    for block in packed:
        any_bytes = True
        while block:
            if fresh:
                block = block.lstrip(b"\0")  # a member may be padded
                if not block:
                    break
            fresh = False
            yield inflater.decompress(block, _BLOCK)  # never more at a time, however well it was packed
            block = inflater.unconsumed_tail or inflater.unused_data
            if inflater.eof:
                inflater, fresh = zlib.decompressobj(wbits=31), True
    if not fresh or not any_bytes:
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
            _check_head(buffer)
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


def _check_head(head: bytes) -> None:
    found = _ENCODING.match(head)
    if found and found[1].lower() not in (b"utf-8", b"us-ascii", b"utf8"):
        raise BrokenFile(f"is in {found[1].decode('latin-1')}; PubMed writes UTF-8")


def read_article(raw: bytes) -> Record:
    """Return the record written in *raw*, one whole PubmedArticle. Raises ValueError("what is wrong").

    Its list of references, half of the bytes and by the DTD the last thing in it, is not parsed.
    """
    references = raw.find(_REFERENCES)
    try:
        article = etree.fromstring(raw[:references] + _REST if references > 0 else raw, _PARSER)
    except etree.XMLSyntaxError as error:
        raise ValueError(f"is no XML ({error.msg})") from None
    medline = article.find("MedlineCitation")
    pmid = medline.find("PMID") if medline is not None else None
    if medline is None or pmid is None or not (pmid.text or "").isascii() or not (pmid.text or "").strip().isdigit():
        raise ValueError("has no PMID")
    body = medline.find("Article")
    if body is None:
        raise ValueError(f"PMID {pmid.text} has no Article")
    title = body.find("ArticleTitle")
    words = _text(title) if title is not None else ""
    return Record(
        words or _text(body.find("VernacularTitle")),
        year=_year(body),
        doi=_doi(article, body),
        pmid=pmid.text.strip(),
        nct=_trials(body),
        journal=_text(body.find("Journal/Title")),
        authors=tuple(_authors(body)),
        abstract=_abstract(body),
        terms=tuple(_terms(medline)),
        version=_number(pmid.get("Version")),
    )


def read_deleted(raw: bytes) -> list[str]:
    """Return the PMIDs that a DeleteCitation names. Raises ValueError where it is no XML."""
    try:
        return [_text(pmid) for pmid in etree.fromstring(raw, _PARSER).findall("PMID")]
    except etree.XMLSyntaxError as error:
        raise ValueError(f"DeleteCitation is no XML ({error.msg})") from None


def peek(raw: bytes) -> tuple[str, int]:
    """Return PMID and version of a record that is not parsed; ("", 1) where it has none. By the DTD its PMID comes first."""
    found = _PMID.search(raw, 0, 2000)
    return (found[2].decode(), int(found[1] or 1)) if found else ("", 1)


def _text(element: Any) -> str:
    """Return the words of an element, marked-up or not, in one line."""
    if element is None:
        return ""
    text = element.text if not len(element) else "".join(element.itertext())
    return " ".join((text or "").split())


def _abstract(body: Any) -> str:
    """Return the abstract, each part on its line behind its label."""
    parts = []
    for part in body.iterfind("Abstract/AbstractText"):
        if words := _text(part):
            label = part.get("Label")
            parts.append(f"{label}: {words}" if label and label.upper() != "UNLABELLED" else words)
    return "\n".join(parts)


def _authors(body: Any) -> Iterator[str]:
    for author in body.iterfind("AuthorList/Author"):
        if author.get("ValidYN") == "N":
            continue
        last = author.findtext("LastName")
        if last:
            initials = author.findtext("Initials")
            yield f"{last} {initials}" if initials else last
        elif name := _text(author.find("CollectiveName")):
            yield name


def _terms(medline: Any) -> Iterator[str]:
    """Give MeSH descriptors, each also with its qualifiers, supplementary concepts, keywords and kinds of publication."""
    for heading in medline.iterfind("MeshHeadingList/MeshHeading"):
        descriptor = heading.findtext("DescriptorName") or ""
        yield descriptor
        for qualifier in heading.iterfind("QualifierName"):
            yield f"{descriptor}/{qualifier.text}"
    for path in ("SupplMeshList/SupplMeshName", "KeywordList/Keyword", "Article/PublicationTypeList/PublicationType"):
        for term in medline.iterfind(path):
            if words := _text(term):
                yield words


def _doi(article: Any, body: Any) -> str:
    for place in body.iterfind("ELocationID"):
        if place.get("EIdType") == "doi" and place.get("ValidYN", "Y") == "Y" and place.text:
            return str(place.text).strip().lower()
    for place in article.iterfind("PubmedData/ArticleIdList/ArticleId"):
        if place.get("IdType") == "doi" and place.text:
            return str(place.text).strip().lower()
    return ""


def _trials(body: Any) -> tuple[str, ...]:
    """Return the numbers of ClinicalTrials.gov under which the authors registered their trial."""
    numbers = (element.text for element in body.iterfind("DataBankList/DataBank/AccessionNumberList/AccessionNumber"))
    return tuple(dict.fromkeys(n.strip() for n in numbers if n and re.fullmatch(r"\s*NCT\d{8}\s*", n)))


def _year(body: Any) -> int | None:
    date = body.find("Journal/JournalIssue/PubDate")
    if date is not None:
        found = _YEAR.search(date.findtext("Year") or date.findtext("MedlineDate") or "")
        if found:
            return int(found[0])
    found = _YEAR.search(body.findtext("ArticleDate/Year") or "")
    return int(found[0]) if found else None


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() else 1
