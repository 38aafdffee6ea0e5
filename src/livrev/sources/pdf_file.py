"""Read a PDF: its text page by page, and the little that it says of itself."""

import io
import logging
import re

from pypdf import PdfReader
from pypdf.errors import PyPdfError

from livrev.sources.publication import Author, Publication, Section, clean, clean_doi, find_ncts

_MOST_PAGES = 400
_NO_TITLE = re.compile(r"(?i)^(?:untitled|microsoft word|.*\.(?:docx?|indd|tex|pdf|qxd))\b|^\W*$")


class PdfError(ValueError):
    """Raised where a PDF cannot be read, or holds no text."""


def read_pdf(raw: bytes) -> Publication:
    """Return the text of a PDF by paragraphs, with title, authors and DOI where it names them. Raises PdfError."""
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # it speaks of every oddity; what matters is raised
    try:
        reader = PdfReader(io.BytesIO(raw))
        if reader.is_encrypted and not reader.decrypt(""):
            raise PdfError("is a PDF under a password; take the password off")
        if len(reader.pages) > _MOST_PAGES:
            raise PdfError(f"is a PDF of {len(reader.pages)} pages (at most {_MOST_PAGES}); take out those that matter")
        pages = [page.extract_text() for page in reader.pages]
        said = reader.metadata
        title, author = (clean(said.title), clean(said.author)) if said else ("", "")
    except PdfError:
        raise
    except (
        PyPdfError,
        ValueError,
        KeyError,
        IndexError,
        TypeError,
        AttributeError,
        RecursionError,
        OverflowError,
    ) as error:
        raise PdfError(f"is a PDF that cannot be read ({clean(str(error))[:100]}); save its text as a file") from None
    paragraphs = [text for page in pages for text in _paragraphs(page)]
    if not paragraphs:
        raise PdfError("is a PDF without text (a scan?); run text recognition first, or give its text as a file")
    start = " ".join(paragraphs)[:6000]
    return Publication(
        title=title if title and not _NO_TITLE.match(title) else paragraphs[0][:300],
        authors=tuple(_author(name) for name in re.split(r"\s*[;]\s*|\s+and\s+", author) if name),
        doi=clean_doi(start),
        nct=find_ncts(start),
        body=tuple(Section("", text) for text in paragraphs),
        service="PDF",
    )


def _author(name: str) -> Author:
    family, comma, given = name.partition(",")
    if comma:
        return Author(family.strip(), given.strip())
    given, _, family = name.rpartition(" ")
    return Author(family, given) if given else Author(name, group=True)


def _paragraphs(page: str) -> list[str]:
    """Return the paragraphs of one page: lines joined, words that were parted at a line's end mended."""
    text = clean(page, lines=True)
    text = re.sub(r"(?<=[a-z])-\n(?=[a-z])", "", text)
    return [joined for block in re.split(r"\n\s*\n", text) if (joined := " ".join(block.split()))]
