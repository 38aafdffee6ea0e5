"""Read a file by what it holds, not by how it is called: records of services, exports of reference managers, papers, pages."""

import re
from collections.abc import Callable
from pathlib import Path
from textwrap import dedent

from livrev.diagnostics import Refused, find_conflict
from livrev.sources.bibtex import read_bibtex
from livrev.sources.json_records import read_json_file
from livrev.sources.markup import decode, looks_binary
from livrev.sources.pdf_file import read_pdf
from livrev.sources.publication import Publication, Section, Unreadable, clean, clean_doi, find_ncts
from livrev.sources.tagged import read_endnote, read_medline, read_ris, read_web_of_science
from livrev.sources.web_page import read_web_page
from livrev.sources.xml_records import read_jats, read_pubmed_xml

_LIMIT = 60_000_000
_KINDS = "PubMed XML, JATS, HTML, PDF, plain text, RIS, MEDLINE (.nbib), EndNote (.enw), Web of Science text, BibTeX or CSL-JSON"
_EXPORT = "export the reference as RIS, BibTeX or CSL-JSON (from PubMed: .nbib)"
# The first of these that is found in the beginning of a text tells its format.
_TEXTS: tuple[tuple[re.Pattern[str], Callable[[str], Publication]], ...] = (
    (re.compile(r"^(?:FN|VR)\s[\s\S]{0,400}?^PT\s+\w|\A\s*PT\s[JBSCP]\s*$", re.MULTILINE), read_web_of_science),
    (re.compile(r"^PMID\s*-\s*\d+\s*$[\s\S]*?^[A-Z]{2,4}\s*- ", re.MULTILINE), read_medline),
    (re.compile(r"^%[0AT]\s+\w[\s\S]*?^%[A-Z@\d]\s", re.MULTILINE), read_endnote),
    (re.compile(r"^\s{0,3}(?:TY|ty)\s{1,2}-|\A(?![\s\S]*^[A-Z]{3,4}\s?- )(?:[A-Z][A-Z0-9]  - .*\s+){3}", re.MULTILINE), read_ris),
    (re.compile(r"^\s*@\s*(?:string|comment|preamble|[A-Za-z]+\s*[{(][^\n,{}()=]*,)", re.MULTILINE | re.IGNORECASE), read_bibtex),
)  # fmt: skip
# Formats that look like text and are not read: their names, and what they begin with.
_OTHERS = (
    ("RTF", re.compile(r"\A\{\\rtf")),
    ("RefWorks tagged text", re.compile(r"\ART\s+\w.*\n(?:[A-Z][A-Z0-9]\s.*\n)")),
    ("PubMed's abstract or summary as text", re.compile(r"\A\d+[.:]\s+[^\n]*\b(?:19|20)\d\d\b[^\n]*(?:;\s*\d|doi:)")),
    ("Ovid's text", re.compile(r"\A<1>\s*\n")),
    ("the text of the Cochrane Library", re.compile(r"\ARecord #\d+ of \d+")),
    ("a table of references", re.compile(r"\A\W{0,3}(?=[^\n]*\b(?:title|TI)\b)(?:[^\n,;\t]{1,60}[,;\t]){4,}", re.IGNORECASE)),
    ("tagged text of an unknown kind", re.compile(r"\A(?:(?:[A-Z][A-Z0-9]{1,3})\s*[-:]\s+\S.*\n(?:[ \t]+.*\n)*){5}")),
)  # fmt: skip
_XML = {
    "EndNote XML": r"<records?>\s*<record>|<rec-number>", "RDF (Zotero)": r"<rdf:RDF", "MODS": r"<(?:mods:)?mods",
    "a summary of E-utilities (eSummary)": r"<eSummaryResult|<DocSum", "TEI": r"<TEI\b",
}  # fmt: skip
_HTML = re.compile("html|head|body|meta|title|div|section|main|p|h[1-6]|span|table|a|script|link")
_NOT_AN_ELEMENT = re.compile(r"<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^\[>]*(?:\[.*?\]\s*)?>", re.DOTALL | re.IGNORECASE)
_ROOT = re.compile(r"<(?:[\w.-]+:)?([A-Za-z][\w.-]*)")


class FileNotRead(Refused):
    """Raised where a file is none of the kinds that can be read; the message names it and the cure."""


def read_file(path: Path) -> Publication:
    """Return the one publication that *path* describes. Raises FileNotRead."""
    try:
        if not path.is_file():
            raise FileNotRead(f"{path}: is no file; give the path of one")
        if path.stat().st_size > _LIMIT:
            raise FileNotRead(f"{path}: is larger than {_LIMIT // 1_000_000} MB; give the part that matters")
        raw = path.read_bytes()
    except OSError as error:
        raise FileNotRead(f"{path}: cannot be read ({error.strerror})") from None
    try:
        return read_bytes(raw)
    except Unreadable as error:
        message, _, cure = str(error).partition("; ")
        place = f"{path}:{error.line}" if error.line else str(path)
        raise FileNotRead(f"{place}: {message}; {cure or f'give {_KINDS}'}") from None


def read_bytes(raw: bytes, declared: str = "", address: str = "") -> Publication:
    """Return the one publication that *raw* describes. Raises Unreadable."""
    if not raw.strip():
        raise Unreadable("is empty; get it again")
    if b"%PDF-" in raw[:1024]:
        return read_pdf(raw)
    if raw.startswith(b"PK\x03\x04"):
        raise Unreadable(f"is a document of an office program or an archive, which is not read; {_EXPORT}")
    if looks_binary(raw):
        raise Unreadable("is neither text nor PDF")
    text = dedent(decode(raw, declared).lstrip("\ufeff"))
    if conflict := find_conflict(text, "text.txt"):
        said = "holds marks that git left around two versions; keep one of the two and delete the marks"
        raise Unreadable(said, line=conflict.line)
    try:
        return _read_text(raw, text, declared, address)
    except Unreadable as error:
        place = text.find(error.value) if error.value else -1
        error.line = error.line or (text.count("\n", 0, place) + 1 if place >= 0 else 0)
        raise


def _read_text(raw: bytes, text: str, declared: str, address: str) -> Publication:
    head = text.lstrip()[:6000]
    if head.startswith("<") and not re.match(r"<\d+>", head):
        return _read_markup(raw, text.lstrip(), declared, address)
    if re.match(r"\[\s*[\[{\]]|\{(?!\\rtf)", head):
        return read_json_file(text)
    for pattern, read in _TEXTS:
        if pattern.search(head):
            return read(text)
    for name, pattern in _OTHERS:
        if pattern.search(head):
            raise Unreadable(f"is {name}, which is not read; {_EXPORT}")
    return read_plain_text(text)


def _read_markup(raw: bytes, text: str, declared: str, address: str) -> Publication:
    """Read what begins with a tag, by its first element: no declaration and no type is needed."""
    head = text[:200_000]
    root = _ROOT.search(_NOT_AN_ELEMENT.sub("", head))
    name = root[1].lower() if root else ""
    if name.startswith("pubmed"):
        found = read_pubmed_xml(raw, declared)
        if len(found) != 1:
            raise Unreadable(f"holds {len(found) or 'no'} articles; give a file with one")
        return found[0]
    is_html = re.match(r"\s*<!doctype\s+html", text, re.IGNORECASE) or _HTML.fullmatch(name)
    marks = re.search(r"<(?:\w+:)?front\b|<!DOCTYPE article|\sarticle-type=", head)
    is_jats = (marks and name in ("article", "book-part-wrapper")) or (name == "article" and not is_html)
    if is_jats or re.search(r"<(?:\w+:)?article-meta\b", head):
        return read_jats(raw, declared)
    if is_html:
        return read_web_page(raw, declared, address)
    other = next((kind for kind, pattern in _XML.items() if re.search(pattern, head)), "")
    said = f"is {other}, which is not read" if other else "is XML, but neither PubMed's nor JATS"
    raise Unreadable(f"{said}; {_EXPORT}")


def read_plain_text(text: str) -> Publication:
    """Return plain text by paragraphs; its first line is taken for the title."""
    cleaned = clean(text, lines=True)
    if not cleaned:
        raise Unreadable("holds no words; get it again")
    title, _, rest = cleaned.partition("\n")
    blocks = (" ".join(block.split()) for block in re.split(r"\n\s*\n", rest))
    body, start = tuple(Section("", block) for block in blocks if block), cleaned[:6000]
    doi, nct = clean_doi(start), find_ncts(start)
    return Publication(title=clean(title)[:300], doi=doi, nct=nct, body=body, service="text")
