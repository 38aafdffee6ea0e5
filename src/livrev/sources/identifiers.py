"""Understand what a person wants added (a DOI, a PMID, a PMCID, an NCT number, an address, or a file), and let no address in
that no record may hold: what that is says `livrev.records.safe_text`; here it is asked of what files and services give."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.parse import quote, unquote, urlsplit

from livrev.records.safe_text import fault_of
from livrev.sources.publication import Unreadable, clean_doi

Kind = Literal["doi", "pmid", "pmcid", "nct", "address", "file"]
_FORMS = "a DOI (10.…/…), a PMID, a PMCID (PMC…), an NCT number, an address (https://…) or a file"
# What reference managers write into the field of the address, and only they can follow.
_INTERNAL = re.compile(r"(?i)<go to isi>|(?:internal-pdf|papers\d?|zotero|mendeley|paperpile|readcube)\b:?|n/?a$")
# A DOI or a number of a database is read elsewhere; a host or path without a scheme leads nowhere, and does no harm.
_NO_ADDRESS = re.compile(r"(?i)(?:doi:\s*)?10\.\d{4,9}/\S+|\w[\w.+-]*(?:/[\w./+%=&?#~-]*)?")
# How each kind of identifier is written, and where an address of a known place carries it.
_IDENTIFIERS: tuple[tuple[Kind, str], ...] = (
    ("doi", r"(?:(?:doi:\s*)?|(?:dx\.)?doi\.org/.*?)(10\.\d{4,9}/.*)"),
    ("pmcid", r"(?:pmcid:\s*)?(PMC\d{1,9})(?:\.\d+)?"),
    ("pmcid", r"(?:(?:pmc\.)?ncbi\.nlm\.nih\.gov|europepmc\.org)/.*?(PMC\d+).*"),
    ("nct", r"(NCT\d{8})"),
    ("nct", r"(?:classic\.)?clinicaltrials\.gov/.*?(NCT\d{8}).*"),
    ("pmid", r"(?:pmid:?\s*)?([1-9]\d{0,7})"),
    ("pmid", r"(?:pubmed\.ncbi\.nlm\.nih\.gov|[^/]+/pubmed)/(?:.*/)?(\d{1,8})"),
    ("pmid", r"europepmc\.org/(?:article|abstract)/med/(\d+)"),
)
_SEPARATOR = re.compile(r"\s*[;,]?\s+(?=https?://)|;(?=https?://)")


class NotUnderstood(ValueError):
    """Raised where a word is none of the things that can be added."""


@dataclass(frozen=True, slots=True)
class Request:
    """What is wanted, and its bare identifier, address or path."""

    kind: Kind
    value: str


def read_request(word: str) -> Request:
    """Return what *word* asks for. Raises NotUnderstood, with the cure."""
    word = word.strip().strip("<>")
    if not word:
        raise NotUnderstood(f"nothing was asked for; give {_FORMS}")
    if word.lower().startswith("file:"):
        raise NotUnderstood(f"{word}: file: addresses are not read; give the path of the file itself")
    if re.match(r"(?i)https?://", word):
        return _identifier(_host_and_path(word)) or Request("address", word)
    if Path(word).is_file():
        return Request("file", word)
    if found := _identifier(word):
        return found
    if re.match(r"[a-zA-Z][a-zA-Z0-9+.-]*://", word):
        raise NotUnderstood(f"{word}: only http and https addresses are read")
    if Path(word).is_dir():
        raise NotUnderstood(f"{word}: is a folder; give one file of it")
    if "/" in word or re.search(r"\.(?:xml|nxml|html?|pdf|txt|ris|bib|json)$", word, re.IGNORECASE):
        raise NotUnderstood(f"{word}: there is no such file, and it is no DOI; give {_FORMS}")
    raise NotUnderstood(f"{word}: not understood; give {_FORMS}")


def _identifier(said: str) -> Request | None:
    """Return the identifier that *said* is, or that host and path of an address of a known place carry."""
    for kind, pattern in _IDENTIFIERS:
        if (found := re.fullmatch(pattern, said, re.IGNORECASE)) and (kind != "doi" or clean_doi(found[1])):
            return Request(kind, clean_doi(found[1]) if kind == "doi" else found[1].upper())
    return None


def _host_and_path(address: str) -> str:
    try:
        parts = urlsplit(address)
        return f"{(parts.hostname or '').removeprefix('www.')}/{unquote(parts.path).strip('/')}"
    except ValueError:
        raise NotUnderstood(f"{address}: is no address; correct it") from None


def read_address(field: str, values: Iterable[str | None]) -> str:
    """Return the first address of *values*, which stand in *field* of a file; nothing where there is none.

    Every one is looked at. Raises Unreadable for one that no record may hold: of another scheme than http and https, with a
    password, or with a sign that ends an attribute or a field. It is a mistake or an attack, and a person must see it.
    """
    pieces = (piece.strip() for value in values for piece in _SEPARATOR.split((value or "").strip()))
    return next(filter(None, [_check(field, piece) for piece in pieces]), "")


def _check(field: str, address: str) -> str:
    address = re.sub(r"^<(https?://[^<>]*)>$", r"\1", address)
    if not address or _INTERNAL.match(address) or _NO_ADDRESS.fullmatch(address):
        return ""
    written = re.sub(r"(?i)^(https?://[^/?#]*)|[^\x00-\xa0]", lambda found: found[1] or quote(found[0]), address)
    if fault := fault_of(written):
        shown = address if len(address) <= 80 else address[:79] + "…"
        raise Unreadable(f"{field}: {shown} {fault[0]}; {fault[1]}", value=address)
    return written
