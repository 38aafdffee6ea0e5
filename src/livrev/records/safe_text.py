"""What text and addresses of a record may not hold: characters that nobody sees, and places to which no reader may be sent."""

import ipaddress
import re
import unicodedata
from collections.abc import Iterable
from contextlib import suppress
from html import escape
from urllib.parse import quote, urlsplit

from livrev.diagnostics import Problem

HTML = re.compile(r"<\s*(?:/|!|\?|[A-Za-z])")
"""Where a tag, a comment or an instruction to a machine may begin."""
_TURNS = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_UNSEEN = (
    "\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b\u2060-\u2064\u206a-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb"
)
_TAGS = "\U000e0000-\U000e007f"
# Joiners belong between letters of Arabic or Indic scripts and between the parts of an emoji, and nowhere else.
_HIDDEN = re.compile(f"[{_TURNS}{_UNSEEN}{_TAGS}]|(?<![\u0590-\u0dff\u2190-\uffff\U0001f000-\U0001faff])[\u200c\u200d]")
_TURNING = re.compile(f"[{_TURNS}]")


def hidden_in(text: str) -> tuple[int, str, str] | None:
    """Return where the first such character of *text* is, what it is, and the cure; None where there is none."""
    if text.isascii():
        return None
    if match := _HIDDEN.search(text):
        what = "turns the direction of what follows" if _TURNING.match(match.group()) else "is not seen"
        named = unicodedata.name(match.group(), f"U+{ord(match.group()):04X}").lower()
        return match.start(), f"holds a character that {what} ({named})", "delete it"
    if not unicodedata.is_normalized("NFC", text):
        composed = unicodedata.normalize("NFC", text)
        at = next((i for i, (a, b) in enumerate(zip(text, composed, strict=False)) if a != b), 0)
        return at, "writes a letter and its accent as two characters (NFD)", "write the letter as one (NFC)"
    return None


def check_hidden(text: str, file: str) -> Iterable[Problem]:
    """Yield a problem for each line of *text* that holds such a character."""
    for number, line in enumerate(() if text.isascii() else text.split("\n"), 1):
        if found := hidden_in(line):
            around = line[max(0, found[0] - 20) : found[0] + 20].strip()
            yield Problem(file, number, "text", around, *found[1:])


_SCHEMES = ("http", "https", "mailto")
# A letter, digit or mark that an address may hold (RFC 3986), or a letter beyond ASCII; quotes, spaces and < > are not among them.
_ALLOWED = re.compile(r"[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%\u00a0-\U0010ffff]*")
_RECORDED = re.compile(r"[A-Za-z0-9\-._~:/?#\[\]@!$&()*+,;=%]*")
_HOST = re.compile(
    r"(?:[A-Za-z0-9_\u00a1-\U0010ffff](?:[\w\u00a1-\U0010ffff-]*[\w\u00a1-\U0010ffff])?\.)+[\w\u00a1-\U0010ffff-]+\.?"
)
# Proxies of libraries, translating mirrors, and copies of a site for those who make it: no reader may be sent there.
_NOT_FOR_READERS = re.compile(
    r"proxy|weglot|vercel\.app|platformsh|platform\.sh|cloudfrontnet|mjhls|develop-|dev\."
    r"|(?:^|[.-])(?:staging|stage|stg)\d*[.-]|(?:^|[.-])dev\d*[.-]|(?:^|[.-])qa\d*[.-]"
    r"|(?<!\.edu)(?<!\.gov)(?<!\.com)(?<!\.org)(?<!\.net)\.qa$"
)
_SCHEME = re.compile(r"\s*([A-Za-z][A-Za-z0-9+.-]*):")


def fault_of(address: str) -> tuple[str, str] | None:
    """Return what is wrong with a web address of a record, and the cure; None where nothing is."""
    if strange := re.search(r"[^!-~\u00a1-\U0010ffff]", address):
        said = f"holds a space or control character (U+{ord(strange.group()):04X})"
        return said, "write %20, or cut the address there"
    if hidden := hidden_in(address):
        return hidden[1:]
    if not _RECORDED.fullmatch(address):
        bad = next(c for c in address if not _RECORDED.fullmatch(c))
        return f"holds {bad}, which no address does", f"delete it, or write {quote(bad)}"
    try:
        parts = urlsplit(address)
        host, _ = parts.hostname or "", parts.port
    except ValueError as error:
        return f"is no address ({error})", "copy it again from the browser"
    if parts.scheme not in ("http", "https"):
        said = f"begins with {parts.scheme}:" if parts.scheme else "names no scheme"
        return said, "write an address that begins with http:// or https://"
    if parts.username is not None or parts.password is not None:
        return "holds a name or password before the host", "delete what stands before the @"
    if not host:
        return "names no host", "copy it again from the browser"
    with suppress(ValueError):
        ipaddress.ip_address(host)
        return f"leads to the number {host}", "give the public address of the page, by its name"
    if not _HOST.fullmatch(host):
        return f"leads to {host}, which is no public host", "give the public address of the page"
    if _NOT_FOR_READERS.search(host):
        said = f"leads to {host}, a proxy, a mirror or a copy for those who make the site"
        return said, "give the address of the publisher or of a public archive"
    return None


def allowed_address(address: str) -> str:
    """Return *address* where a page may lead to it (http, https, mailto, or a place within the book), else nothing."""
    address = address.strip()
    if not _ALLOWED.fullmatch(address) or address.startswith("//") or hidden_in(address):
        return ""
    try:
        scheme, parts = _SCHEME.match(address), urlsplit(address)
    except ValueError:
        return ""
    nowhere = parts.scheme in ("http", "https") and (not parts.hostname or parts.username is not None)
    return "" if nowhere or (scheme and scheme[1].lower() not in _SCHEMES) else address


def as_attribute(address: str) -> str:
    """Return *address* as it may stand within the quotes of an attribute; `#` where no page may lead to it."""
    return escape(allowed_address(address) or "#", quote=True)
