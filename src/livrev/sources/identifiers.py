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
        return _read_address(word)
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


def _identifier(word: str) -> Request | None:
    if re.match(r"(?i)(?:doi:\s*)?10\.\d{4,9}/", word) and (doi := clean_doi(word)):
        return Request("doi", doi)
    if re.fullmatch(r"(?i)(?:pmcid:\s*)?PMC\d{1,9}(?:\.\d+)?", word):
        return Request("pmcid", re.sub(r"(?i)^pmcid:\s*", "", word).upper().partition(".")[0])
    if re.fullmatch(r"(?i)NCT\d{8}", word):
        return Request("nct", word.upper())
    if match := re.fullmatch(r"(?i)(?:pmid:?\s*)?([1-9]\d{0,7})", word):
        return Request("pmid", match.group(1))
    return None


def _read_address(word: str) -> Request:
    """Return the identifier that an address of a known place carries, else the address itself."""
    try:
        parts = urlsplit(word)
        host, path = (parts.hostname or "").removeprefix("www."), unquote(parts.path).strip("/")
    except ValueError:
        raise NotUnderstood(f"{word}: is no address; correct it") from None
    last = path.rpartition("/")[2]
    if host in ("doi.org", "dx.doi.org") and (doi := clean_doi(path)):
        return Request("doi", doi)
    if (host == "pubmed.ncbi.nlm.nih.gov" or path.startswith("pubmed/")) and re.fullmatch(r"\d{1,8}", last):
        return Request("pmid", last)
    if host in ("ncbi.nlm.nih.gov", "pmc.ncbi.nlm.nih.gov", "europepmc.org") and (
        found := re.search(r"(?i)PMC\d+", path)
    ):
        return Request("pmcid", found.group().upper())
    if host == "europepmc.org" and re.fullmatch(r"(?i)(?:article|abstract)/MED/\d+", path):
        return Request("pmid", last)
    if host in ("clinicaltrials.gov", "classic.clinicaltrials.gov") and (found := re.search(r"(?i)NCT\d{8}", path)):
        return Request("nct", found.group().upper())
    return Request("address", word)


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
    start, path = re.fullmatch(r"(https?://[^/?#]*)?(.*)", address, re.DOTALL | re.IGNORECASE).groups()  # type: ignore[union-attr]
    written = (start or "") + re.sub(r"[^\x00-\xa0]", lambda letter: quote(letter[0]), path)
    if fault := fault_of(written):
        shown = address if len(address) <= 80 else address[:79] + "…"
        raise Unreadable(f"{field}: {shown} {fault[0]}; {fault[1]}", value=address)
    return written
