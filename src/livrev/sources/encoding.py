"""Read bytes as text whatever they claim to be: the mark, UTF-8, what was declared, and only then a guess."""

import codecs
import re

from charset_normalizer import from_bytes

_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_META = re.compile(rb"""<meta[^>]+charset\s*=\s*["']?\s*([A-Za-z0-9_.:-]+)""", re.IGNORECASE)
_DECLARED = re.compile(rb"""^\s*<\?xml[^>]+encoding\s*=\s*["']([A-Za-z0-9_.:-]+)""")
_LOOKED_AT = 50_000  # a guess needs no more
_TOO_FEW = 40  # from fewer letters beyond ASCII nothing can be told; then it is what Western software writes


def decode(raw: bytes, declared: str = "") -> str:
    """Return *raw* as text, with line feeds. *declared* is the charset that came with it, if any.

    UTF-8 that holds is never an accident, so it goes before a declaration, which often is one.
    """
    for mark, encoding in _MARKS:
        if raw.startswith(mark):
            return _lines(raw.decode(encoding, errors="replace"))
    try:
        return _lines(raw.decode("utf-8"))
    except UnicodeDecodeError:
        pass
    inner = _DECLARED.search(raw[:200]) or _META.search(raw[:2048])
    for name in (declared, inner.group(1).decode("ascii") if inner else ""):
        try:
            if name and codecs.lookup(name).name not in ("utf-8", "ascii"):
                return _lines(raw.decode(name))
        except (LookupError, UnicodeDecodeError):
            continue
    telling = sum(byte > 127 for byte in raw[:_LOOKED_AT]) >= _TOO_FEW
    guess = from_bytes(raw[:_LOOKED_AT]).best() if telling else None
    encoding = guess.encoding if guess else "cp1252"
    return _lines(raw.decode(encoding, errors="replace"))


def looks_binary(raw: bytes) -> bool:
    """Tell whether *raw* cannot be text: NUL bytes without the mark of UTF-16, or mostly control characters."""
    head = raw[:4096]
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return False
    controls = sum(byte < 9 or 13 < byte < 32 for byte in head)
    return b"\0" in head or controls > len(head) // 10


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")
