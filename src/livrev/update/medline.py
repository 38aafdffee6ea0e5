"""Cut PubMed's files into records: those of its baseline and its updates (`pubmed*.xml.gz`), one at a time.

The bytes are cut at the tags of the records before any XML is parsed. So a record that is not wanted is never parsed, one
that is broken harms no other, and memory holds one record, however long the file.
"""

import gzip
import re
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path

from livrev.sources.markup import parse_xml, text_of
from livrev.sources.publication import Unreadable

_BLOCK = 1 << 20
_LONGEST = 64 << 20  # bytes of one record; the longest that PubMed ever printed is far below
_OPEN = re.compile(rb"<(PubmedArticle|PubmedBookArticle|DeleteCitation)(?=[\s>])")
_ENCODING = re.compile(rb"""^\s*<\?xml[^>]*encoding=["']([^"']+)""")
_PMID = re.compile(rb"""<PMID(?:\s+Version=["'](\d{1,4})["'])?[^>]*>\s*(\d{1,9})\s*</PMID>""")


UNCLOSED = "unclosed"


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
