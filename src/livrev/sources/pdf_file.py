"""Read a PDF by pdfminer: its text in reading order, column by column, and the little that it says of itself.

pdfminer looks at where the letters stand, not at the order in which they were drawn, so that columns stay apart. What it
leaves to us are words parted at a line's end, ligatures, and headers that stand on every page.
"""

import io
import itertools
import logging
import re
import unicodedata
from collections import Counter
from functools import partial

from pdfminer.high_level import extract_pages
from pdfminer.layout import LAParams, LTChar, LTPage, LTTextContainer, LTTextLine
from pdfminer.pdfdocument import PDFDocument, PDFEncryptionError, PDFPasswordIncorrect, PDFTextExtractionNotAllowed
from pdfminer.pdfparser import PDFParser
from pdfminer.utils import decode_text

from livrev.sources.fields import read_names
from livrev.sources.publication import Publication, Section, Unreadable, clean, clean_doi, find_ncts

_MOST_PAGES = 400
_NO_TITLE = re.compile(r"(?i)^(?:untitled|microsoft word|.*\.(?:docx?|indd|tex|pdf|qxd))\b|^\W*$")
_ACCOUNT = re.compile(r"[a-z0-9._@-]+")  # who saved the file, by the name of an account
_LIGATURES = {ord(sign): unicodedata.normalize("NFKC", sign) for sign in "ﬀﬁﬂﬃﬄﬅﬆ"}
_HYPHENS = "-\u2010\u00ad"
_PARTED = re.compile(rf"(?P<head>[^\W\d_]+)(?P<sign>[{_HYPHENS}])\n(?P<tail>[^\W\d_]+)")
# Before and after these a hyphen at a line's end belongs to the word: fluorouracil-based, non-small.
_KEEP_BEFORE = re.compile(
    r"(?:based|free|related|specific|positive|negative|treated|na[iï]ve|dependent|like|associated|induced|mediated|directed|"
    r"cell|stage|up|only)\b"
)
_KEEP_AFTER = re.compile(
    r"(?i)\b(?:non|anti|pre|post|self|quasi|co|multi|semi|intra|inter|long|short|high|low|first|second|third|later|front|double|"
    r"single|open|one|two|three|four|five|six|well|t|b|x|nk)$"
)
# Where a figure stands on either side, the sign at the line's end is part of what is said: 12-month, PD-1, 0.42–0.99, 34·2.
_FIGURES = re.compile(rf"(?<=\d)([{_HYPHENS}–—])\n(?=\w)|(?<=[^\W\d_])([{_HYPHENS}])\n(?=\d)|(?<=\d)(·)\s(?=\d)")


def read_pdf(raw: bytes) -> Publication:
    """Return the text of a PDF by paragraphs, with title, authors and DOI where it names them. Raises Unreadable."""
    logging.getLogger("pdfminer").setLevel(logging.CRITICAL)  # it speaks of every oddity; what matters is raised
    try:
        document = PDFDocument(PDFParser(io.BytesIO(raw)))
        layouts = list(itertools.islice(extract_pages(io.BytesIO(raw), laparams=LAParams()), _MOST_PAGES + 1))
        said = document.info[0] if document.info else {}
        values = (said.get(name, b"") for name in ("Title", "Author"))
        title, author = (clean(decode_text(value)) if isinstance(value, bytes) else "" for value in values)
    except PDFPasswordIncorrect:
        cure = "open it, save it without one, and add that file"
        raise Unreadable(f"is a PDF under a password (encrypted); {cure}") from None
    except (PDFEncryptionError, PDFTextExtractionNotAllowed):
        cure = "print it to a new PDF, or save its text, and add that"
        raise Unreadable(f"is an encrypted PDF that cannot be read; {cure}") from None
    except MemoryError:
        raise
    except Exception as error:  # pdfminer raises what its parser meets, of its own kinds and of Python's
        met = clean(str(error))[:100]
        raise Unreadable(f"is a PDF that cannot be read ({met}); get it again, or save its text") from None
    if len(layouts) > _MOST_PAGES:
        raise Unreadable(f"is a PDF of more than {_MOST_PAGES} pages; take out those that matter")
    boxes = ([box.get_text() for box in page if isinstance(box, LTTextContainer)] for page in layouts)
    paragraphs = _without_headers([list(filter(None, map(_paragraph, texts))) for texts in boxes])
    if not paragraphs:
        raise Unreadable("is a PDF without text (a scan?); run text recognition first, or give its text as a file")
    start = " ".join(paragraphs)[:6000]
    return Publication(
        title=title if title and not _NO_TITLE.match(title) else _largest(layouts[0]) or paragraphs[0][:300],
        authors=read_names([author] if not _ACCOUNT.fullmatch(author) else [], given_first=True),
        doi=clean_doi(start),
        nct=find_ncts(start),
        body=tuple(Section("", text) for text in paragraphs),
        service="PDF",
    )


def _largest(page: LTPage) -> str:
    """Return the first lines in the largest letters of a page: its title; where all are of one size, its first line."""
    lines = [line for box in page if isinstance(box, LTTextContainer) for line in box if isinstance(line, LTTextLine)]
    sized = [(max((c.size for c in line if isinstance(c, LTChar)), default=0.0), line.get_text()) for line in lines]
    sized = [(round(size, 1), text) for size, text in sized if len(text.strip()) > 3]
    runs = [(size, [text for _, text in run]) for size, run in itertools.groupby(sized, key=lambda pair: pair[0])]
    texts = max(runs, key=lambda run: run[0], default=(0.0, []))[1]
    return _paragraph("".join(texts[:1] if len(texts) == len(sized) else texts))[:300]


def _paragraph(box: str) -> str:
    """Return a box of text on one line: ligatures undone, words that were parted at a line's end mended."""
    # a soft hyphen that was drawn is a hyphen: many fonts give both the same number
    drawn = re.sub(r"\u00ad(?=\s*\n)", "\u2010", box.translate(_LIGATURES)).replace("\u00ad", "-")
    lines = clean(drawn, lines=True)
    return clean(_PARTED.sub(_mend, _FIGURES.sub(lambda sign: sign[sign.lastindex or 0], lines)))


def _mend(parted: re.Match[str]) -> str:
    head, tail = parted["head"], parted["tail"]
    before = parted.string[max(0, parted.start() - 1) : parted.start()]
    joined = _KEEP_BEFORE.match(tail) or _KEEP_AFTER.search(head) or not tail[0].islower()
    return f"{head}-{tail}" if joined or (before and before in _HYPHENS) else head + tail


def _without_headers(pages: list[list[str]]) -> list[str]:
    """Return the paragraphs of all *pages*, one that runs over a column or a page in one piece.

    What stands on most pages is left out, as the title of a journal and page numbers do.
    """
    numberless = partial(re.sub, r"\d+", "#")
    counted = Counter(numberless(text) for page in pages for text in {*page})
    often = max(3, len(pages) // 2)
    found: list[str] = []
    for text in (text for page in pages for text in page):
        if counted[numberless(text)] >= often and len(text) <= 200:
            continue
        if found and text[0].islower() and re.search(rf"[^\W\d_][,{_HYPHENS}]?$", found[-1]):
            found[-1] = clean(_PARTED.sub(_mend, f"{found[-1]}\n{text}"))
        else:
            found.append(text)
    return found
