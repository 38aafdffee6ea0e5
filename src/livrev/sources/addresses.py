"""Let an address into a record only where the records allow it: everything else is refused at reading.

What an address may be is said once, in `livrev.records.safe_text`; here it is asked of what files and services give.
"""

import re
from collections.abc import Iterable
from urllib.parse import quote

from livrev.records.safe_text import fault_of
from livrev.sources.publication import Unreadable

# What reference managers write into the field of the address, and only they can follow.
_INTERNAL = re.compile(r"(?i)<go to isi>|(?:internal-pdf|papers\d?|zotero|mendeley|paperpile|readcube)\b:?|n/?a$")
# A DOI or a number of a database is read elsewhere; a host or path without a scheme leads nowhere, and does no harm.
_NO_ADDRESS = re.compile(r"(?i)(?:doi:\s*)?10\.\d{4,9}/\S+|\w[\w.+-]*(?:/[\w./+%=&?#~-]*)?")
_SEPARATOR = re.compile(r"\s*[;,]?\s+(?=https?://)|;(?=https?://)")


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
