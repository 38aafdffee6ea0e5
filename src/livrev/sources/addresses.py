"""Let an address into a record only where it is one of the public web, written as such: everything else is refused at reading."""

import re
from collections.abc import Iterable
from urllib.parse import urlsplit

from livrev.sources.publication import Unreadable

_HARMFUL = {
    '"': "a quotation mark", "'": "a quotation mark", "<": "an angle bracket", ">": "an angle bracket", "`": "a backtick",
    "\\": "a backslash", "{": "a brace", "}": "a brace",
}  # fmt: skip
# What reference managers write into the field of the address, and only they can follow.
_INTERNAL = re.compile(r"(?i)<go to isi>|(?:internal-pdf|papers\d?|zotero|mendeley|paperpile|readcube)\b:?|n/?a$")
_SCHEME = re.compile(r"(?i)([a-z][a-z0-9+.-]*):")
_CURE = "delete or correct it, then add it again"


def read_address(field: str, values: Iterable[str | None]) -> str:
    """Return the first address of *values*, which stand in *field* of a file; nothing where there is none.

    Every one is looked at. Raises Unreadable for one of another scheme than http and https, with a password, or with a sign
    that ends an attribute or a field: such an address is a mistake or an attack, and a person must see it.
    """
    addresses = [
        _check(field, address.strip())
        for value in values
        for address in re.split(r"\s*[;,]?\s+(?=https?://)|;(?=https?://)", (value or "").strip())
    ]
    return next(filter(None, addresses), "")


def _check(field: str, address: str) -> str:
    address = re.sub(r"^<(https?://[^<>]*)>$", r"\1", address)
    if not address or _INTERNAL.match(address) or not (scheme := _SCHEME.match(address)):
        if any(sign in address for sign in "\"'<>") and not _INTERNAL.match(address):
            raise _refused(field, address, "is no address of the web")
        return ""
    if scheme[1].lower() == "doi" or address.startswith("10."):
        return ""  # the number itself is read elsewhere
    if scheme[1].lower() not in ("http", "https"):
        raise _refused(field, address, f"has the scheme {scheme[1]}:, and only http and https are taken")
    if sign := next((said for sign, said in _HARMFUL.items() if sign in address), ""):
        raise _refused(field, address, f"holds {sign}")
    if any(character.isspace() or not character.isprintable() for character in address):
        raise _refused(field, address, "holds a space")
    try:
        parts = urlsplit(address)
        host, secret = parts.hostname, "@" in parts.netloc
    except ValueError:
        host, secret = None, False
    if not host:
        raise _refused(field, address, "names no host")
    if secret:
        raise _refused(field, address, "carries a user name or password")
    return address


def _refused(field: str, address: str, why: str) -> Unreadable:
    shown = address if len(address) <= 80 else address[:79] + "…"
    return Unreadable(f"{field}: {shown} {why}; {_CURE}", value=address)
