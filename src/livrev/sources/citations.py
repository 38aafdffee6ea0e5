"""Read one reference as reference managers write it: RIS, BibTeX or CSL-JSON."""

import json
import re
from typing import Any

import rispy
from bibtexparser.entrypoint import parse_string

from livrev.sources.fragments import read_fragment
from livrev.sources.publication import Author, Publication, clean, clean_doi, find_ncts

_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_ONE = "give a file with one reference"


class CitationError(ValueError):
    """Raised where a file of references cannot be read, or holds none or several."""


def read_ris(text: str) -> Publication:
    """Return the one reference of a RIS file. Raises CitationError."""
    try:
        entries = rispy.loads(text, skip_unknown_tags=True)
    except Exception as error:  # rispy raises what its parser meets
        raise CitationError(f"is RIS that cannot be read ({clean(str(error))[:100]}); export it again") from None
    entry = _single([e for e in entries if e.get("type_of_reference")], "RIS")
    first, last = clean(entry.get("start_page")), clean(entry.get("end_page"))
    names = entry.get("authors") or entry.get("first_authors") or []
    abstract = read_fragment(" ".join(entry.get("abstract", "").split()))
    title = entry.get("title") or entry.get("primary_title") or ""
    return Publication(
        title=_title(title),
        authors=tuple(_author(name) for name in names if clean(name)),
        year=_year(entry.get("year") or entry.get("publication_year") or entry.get("date")),
        journal=clean(entry.get("journal_name") or entry.get("secondary_title") or entry.get("alternate_title1")),
        volume=clean(entry.get("volume")),
        number=clean(entry.get("number")),
        pages=f"{first}--{last}" if last else first.replace("-", "--"),
        publisher=clean(entry.get("publisher")),
        doi=clean_doi(entry.get("doi")),
        pmid=_digits(
            entry.get("pubmed_id") or (entry.get("accession_number") if "medline" in str(entry).lower() else "")
        ),
        nct=find_ncts(*(section.text for section in abstract)),
        abstract=abstract,
        kinds=(clean(entry["type_of_reference"]),),
        language=clean(entry.get("language")),
        address=_address(entry.get("urls") or [entry.get("url")]),
        service="RIS",
    )


def read_bibtex(text: str) -> Publication:
    """Return the one entry of a BibTeX file. Raises CitationError."""
    review = parse_string(text, append_middleware=[])
    if review.failed_blocks and not review.entries:
        raise CitationError("is BibTeX that cannot be read (an open brace, a missing comma?); export it again")
    entry = _single(review.entries, "BibTeX")
    fields = {field.key.lower(): _undo_tex(str(field.value)) for field in entry.fields}
    authors = str(next((field.value for field in entry.fields if field.key.lower() == "author"), ""))
    return Publication(
        title=_title(fields.get("title", "")),
        authors=tuple(_bibtex_author(name) for name in _split_and(authors)),
        year=_year(fields.get("year") or fields.get("date")),
        journal=fields.get("journal", "") or fields.get("journaltitle", ""),
        volume=fields.get("volume", ""),
        number=fields.get("number", "") or fields.get("issue", ""),
        pages=re.sub(r"-+|–", "--", fields.get("pages", "")),
        publisher=fields.get("publisher", ""),
        doi=clean_doi(fields.get("doi")),
        pmid=_digits(fields.get("pmid")),
        nct=find_ncts(fields.get("nct", ""), fields.get("abstract", "")),
        abstract=read_fragment(fields.get("abstract", "")),
        kinds=(entry.entry_type.lower(),),
        language=fields.get("language", ""),
        address=_address([fields.get("url")]),
        service="BibTeX",
    )


def read_csl_json(text: str) -> Publication:
    """Return the one item of a CSL-JSON file. Raises CitationError."""
    try:
        data = json.loads(text)
    except (json.JSONDecodeError, RecursionError) as error:
        raise CitationError(f"is JSON that cannot be read ({error}); export it again") from None
    items = data if isinstance(data, list) else data.get("items", [data]) if isinstance(data, dict) else []
    item = _single([item for item in items if isinstance(item, dict) and item.get("title")], "CSL-JSON")

    def plain(field: str) -> str:
        value = item.get(field, "")
        return clean(str(value)) if isinstance(value, str | int | float) else ""

    authors = item.get("author", [])
    abstract = read_fragment(plain("abstract"))
    return Publication(
        title=_title(plain("title")),
        authors=tuple(filter(None, map(_csl_author, authors if isinstance(authors, list) else []))),
        year=_csl_year(item.get("issued")),
        journal=plain("container-title"),
        volume=plain("volume"),
        number=plain("issue"),
        pages=re.sub(r"-+|–", "--", plain("page")),
        publisher=plain("publisher"),
        doi=clean_doi(plain("DOI")),
        pmid=_digits(plain("PMID")),
        pmcid=plain("PMCID"),
        nct=find_ncts(plain("note"), *(section.text for section in abstract)),
        abstract=abstract,
        kinds=(plain("type"),) if plain("type") else (),
        language=plain("language"),
        address=_address([plain("URL")]),
        service="CSL-JSON",
    )


def _single(entries: list[Any], format_: str) -> Any:
    if len(entries) != 1:
        raise CitationError(f"is {format_} with {len(entries) or 'no'} references; {_ONE}")
    return entries[0]


def _title(text: str) -> str:
    """Return a title without markup: reference managers keep the tags that publishers sent."""
    return clean(" ".join(section.text for section in read_fragment(clean(text)))).rstrip(".")


def _author(name: str) -> Author:
    family, comma, given = clean(name).partition(",")
    return Author(family.strip(), given.strip(" ,")) if comma else Author(clean(name), group=True)


def _split_and(authors: str) -> list[str]:
    """Return the names of a BibTeX author field; `and` within braces parts nothing, `others` is nobody."""
    names, depth, name = [], 0, ""
    for word in re.split(r"(\s+)", authors.strip()):
        if depth == 0 and word == "and":
            names.append(name)
            name = ""
            continue
        name += word
        depth += word.count("{") - word.count("}")
    return [name.strip() for name in [*names, name] if name.strip() not in ("", "others")]


def _bibtex_author(name: str) -> Author:
    if re.fullmatch(r"\{[^{}]*\}", name):
        return Author(_undo_tex(name), group=True)
    family, comma, given = name.partition(",")
    if not comma:
        given, _, family = name.rpartition(" ")
    return Author(_undo_tex(family), _undo_tex(given)) if given.strip() else Author(_undo_tex(family), group=True)


def _undo_tex(text: str) -> str:
    """Return *text* as it is printed: accents made letters, escapes and braces gone."""
    from pybtex.richtext import Text

    plain = re.sub(r"(?<!\\)%", r"\\%", text)
    try:
        printed = str(Text.from_latex(plain))
    except Exception:  # what LaTeX cannot read is taken as it stands
        printed = text
    return clean(re.sub(r"\\([%&#_$])", r"\1", printed).translate(str.maketrans("", "", "{}")))


def _csl_author(author: Any) -> Author | None:
    if not isinstance(author, dict):
        return None
    if body := clean(str(author.get("literal") or "")):
        return Author(body, group=True)
    particle = clean(str(author.get("non-dropping-particle") or author.get("dropping-particle") or ""))
    family = f"{particle} {clean(str(author.get('family') or ''))}".strip()
    return Author(family, clean(str(author.get("given") or ""))) if family else None


def _csl_year(issued: Any) -> int | None:
    if not isinstance(issued, dict):
        return None
    parts = issued.get("date-parts")
    if isinstance(parts, list) and parts and isinstance(parts[0], list) and parts[0]:
        return _year(str(parts[0][0]))
    return _year(str(issued.get("raw") or issued.get("literal") or ""))


def _year(text: str | None) -> int | None:
    match = _YEAR.search(text or "")
    return int(match.group()) if match else None


def _digits(text: str | None) -> str:
    match = re.fullmatch(r"(?:PMID:?\s*)?([1-9]\d{0,7})", clean(text))
    return match.group(1) if match else ""


def _address(addresses: list[str | None]) -> str:
    found = (clean(address) for address in addresses)
    return next((address for address in found if re.match(r"https?://\S+$", address)), "")
