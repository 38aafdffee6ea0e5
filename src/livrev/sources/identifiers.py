"""Understand what a person wants added: a DOI, a PMID, a PMCID, an NCT number, an address, or a file."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.parse import unquote, urlsplit

from livrev.sources.publication import clean_doi

Kind = Literal["doi", "pmid", "pmcid", "nct", "address", "file"]
_FORMS = "a DOI (10.…/…), a PMID, a PMCID (PMC…), an NCT number, an address (https://…) or a file"


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
