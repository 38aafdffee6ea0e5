"""The fonts that stand in where those of the book have no sign: of Chinese, Arabic, emoji and other scripts, out of wheels.

All are Noto, under the SIL Open Font License. They are looked for only where a text holds such a sign.
"""

import re
from collections.abc import Iterable
from functools import cache
from importlib.util import find_spec
from pathlib import Path

_PACKAGES = ("noto_cjk_sans_jp_regular", "manimgx_fonts")
# What Libertinus and DejaVu cover as a matter of course: Latin, Greek, Cyrillic, signs, arrows, mathematics, forms.
_OF_THE_BOOK = re.compile(
    "[\t\n\r\u0020-\u007e\u00a0-\u052f\u1d00-\u1dff\u1e00-\u1fff\u2010-\u2027\u2030-\u205e\u2070-\u209f\u20a0-\u20bf\u2100-\u214f"
    "\u2150-\u218b\u2190-\u23ff\u2500-\u25ff\u2900-\u297f\u2a00-\u2aff\u2028\u2029\u202f\u205f\u200d\ufe0e\ufe0f\ufb00-\ufb06\ufffd]*"
)


def strange_signs(text: str) -> dict[str, int]:
    """Return each sign of *text* that the fonts of the book may lack, with the place where it stands first."""
    if text.isascii() or _OF_THE_BOOK.fullmatch(text):
        return {}
    found: dict[str, int] = {}
    for place, sign in enumerate(text):
        if not _OF_THE_BOOK.fullmatch(sign):
            found.setdefault(sign, place)
    return found


def book_fonts() -> list[Path]:
    """Return matplotlib's DejaVu fonts, but not its font of last resort: it would hide what is missing."""
    return sorted(
        font for folder in _folders("matplotlib") for font in (folder / "mpl-data/fonts/ttf").glob("DejaVuSans*.ttf")
    )


def fallback_fonts() -> list[Path]:
    """Return the fonts that stand in, the same ones in the same order on every machine."""
    return [font for name in _PACKAGES for folder in _folders(name) for font in sorted(folder.glob("*.[ot]t[fc]"))]


def without_glyph(signs: Iterable[str]) -> list[str]:
    """Return those of *signs* that no font has."""
    return [sign for sign in signs if ord(sign) not in _covered()]


@cache
def _covered() -> frozenset[int]:
    from fontTools.ttLib import TTFont

    covered: set[int] = set()
    for font in (*book_fonts(), *fallback_fonts()):
        with TTFont(font, fontNumber=0, lazy=True) as opened:
            covered |= set(opened.getBestCmap())
    return frozenset(covered)


def _folders(package: str) -> list[Path]:
    spec = find_spec(package)  # found, not imported: an import may take a second
    return [Path(place) for place in (spec.submodule_search_locations or ())] if spec else []
