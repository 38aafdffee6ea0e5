"""Read a file by what it holds, not by how it is called: PubMed XML, JATS, HTML, PDF, RIS, BibTeX, CSL-JSON or text."""

import re
from pathlib import Path

from livrev.sources.citations import CitationError, read_bibtex, read_csl_json, read_ris
from livrev.sources.encoding import decode, looks_binary
from livrev.sources.jats import read_jats
from livrev.sources.markup import MarkupError
from livrev.sources.pdf_file import PdfError, read_pdf
from livrev.sources.publication import Publication, Section, clean, clean_doi, find_ncts
from livrev.sources.pubmed_xml import read_pubmed_xml
from livrev.sources.text_extraction import LONGEST_TEXT
from livrev.sources.web_page import read_web_page

_LIMIT = 60_000_000
_RIS = re.compile(r"^\s*TY  - ", re.MULTILINE)
_BIBTEX = re.compile(r"^\s*@\s*\w+\s*[{(]", re.MULTILINE)
_HTML = re.compile(r"<(?:!doctype\s+html|html|head|body|meta|article\s+class|div|p|h1)\b", re.IGNORECASE)
_KINDS = "PubMed XML, JATS, HTML, PDF, plain text, RIS, BibTeX or CSL-JSON"


class FileNotRead(ValueError):
    """Raised where a file is none of the kinds that can be read; the message names it and the cure."""


def read_file(path: Path) -> Publication:
    """Return the one publication that *path* describes. Raises FileNotRead."""
    try:
        if path.stat().st_size > _LIMIT:
            raise FileNotRead(f"{path}: is larger than {_LIMIT // 1_000_000} MB; give the part that matters")
        raw = path.read_bytes()
    except OSError as error:
        raise FileNotRead(f"{path}: cannot be read ({error.strerror})") from None
    try:
        return read_bytes(raw)
    except (MarkupError, PdfError, CitationError) as error:
        message, _, cure = str(error).partition("; ")
        raise FileNotRead(f"{path}: {message}; {cure or f'give {_KINDS}'}") from None


def read_bytes(raw: bytes, declared: str = "", address: str = "") -> Publication:
    """Return the one publication that *raw* describes. Raises MarkupError, PdfError or CitationError (all ValueError)."""
    if not raw.strip():
        raise MarkupError("is empty; get it again")
    if b"%PDF-" in raw[:1024]:
        return read_pdf(raw)
    if looks_binary(raw):
        raise MarkupError("is neither text nor PDF")
    text = decode(raw, declared).lstrip("\ufeff")
    head = text.lstrip()[:3000]
    if head.startswith("<"):
        return _read_markup(raw, head, declared, address)
    if head[:1] in "{[":
        return read_csl_json(text)
    if _RIS.search(head):
        return read_ris(text)
    if _BIBTEX.match(head):
        return read_bibtex(text)
    return read_plain_text(text)


def _read_markup(raw: bytes, head: str, declared: str, address: str) -> Publication:
    if re.search(r"<PubmedArticle(?:Set)?\b", head):
        found = read_pubmed_xml(raw, declared)
        if len(found) != 1:
            raise MarkupError(f"holds {len(found) or 'no'} articles; give a file with one")
        return found[0]
    if re.search(r"<(?:\w+:)?article\b(?![^>]*class=)|<pmc-articleset|<!DOCTYPE article", head) and not _is_html(head):
        return read_jats(raw, declared)
    if _is_html(head):
        return read_web_page(raw, declared, address)
    raise MarkupError("is XML, but neither PubMed's nor JATS")


def _is_html(head: str) -> bool:
    return bool(_HTML.search(head)) and not re.match(r"<\?xml(?![\s\S]*<(?:html|!doctype html))", head, re.IGNORECASE)


def read_plain_text(text: str) -> Publication:
    """Return plain text by paragraphs; its first line is taken for the title."""
    if len(text) > LONGEST_TEXT:
        raise MarkupError(f"has {len(text):,} characters (at most {LONGEST_TEXT:,}); give the part that matters")
    cleaned = clean(text, lines=True)
    if not cleaned:
        raise MarkupError("holds no words; get it again")
    title, _, rest = cleaned.partition("\n")
    rest_blocks = [" ".join(block.split()) for block in re.split(r"\n\s*\n", rest)]
    start = cleaned[:6000]
    return Publication(
        title=clean(title)[:300],
        doi=clean_doi(start),
        nct=find_ncts(start),
        body=tuple(Section("", block) for block in rest_blocks if block),
        service="text",
    )
