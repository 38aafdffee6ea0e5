"""The fonts of the book, all free and out of wheels: Libertinus Serif (by Typst), Noto Sans, and those that stand in for a sign."""

import hashlib
import io
import os
import re
import struct
from collections.abc import Iterable
from functools import cache
from importlib.util import find_spec
from pathlib import Path

_SERIF = {"Regular": ("normal", 400), "Italic": ("italic", 400), "Bold": ("normal", 700)}
_PACKAGES = ("noto_cjk_sans_jp_regular", "manimgx_fonts")
FEATURES = ["kern", "liga", "mark", "mkmk", "ccmp", "locl", "tnum", "lnum"]
# Beyond what Libertinus and DejaVu cover as a matter of course: Latin, Greek, Cyrillic, signs, arrows, mathematics, forms.
_STRANGE = re.compile(
    "[^\t\n\r\u0020-\u007e\u00a0-\u052f\u1d00-\u1dff\u1e00-\u1fff\u2010-\u2027\u2030-\u205e\u2070-\u209f\u20a0-\u20bf\u2100-\u214f"
    "\u2150-\u218b\u2190-\u23ff\u2500-\u25ff\u2900-\u297f\u2a00-\u2aff\u2028\u2029\u202f\u205f\u200d\ufe0e\ufe0f\ufb00-\ufb06\ufffd]"
)


def strange_signs(text: str) -> dict[str, int]:
    """Return each sign of *text* that the fonts of the book may lack, with the place where it stands first."""
    found: dict[str, int] = {}
    for sign in _STRANGE.finditer(text):
        found.setdefault(sign[0], sign.start())
    return found


def book_fonts() -> list[Path]:
    """Return matplotlib's DejaVu fonts, but not its font of last resort: it would hide what is missing."""
    return _files("matplotlib", "mpl-data/fonts/ttf/DejaVuSans*.ttf")


def sans_face() -> Path:
    """Return Noto Sans, of every weight from regular to bold."""
    return _files(_PACKAGES[1], "NotoSans[[]wght].ttf")[0]


@cache
def sans_files() -> tuple[Path, ...]:
    """Return Noto Sans regular and bold, for what knows no variable font: cut out once, kept and known where matplotlib’s own are."""
    from matplotlib import get_cachedir
    from matplotlib.font_manager import fontManager

    source = sans_face().read_bytes()
    signs = [sign for first, last in ((0x20, 0x45F), (0x1E00, 0x23FF)) for sign in range(first, last + 1)]
    digest = hashlib.sha256(source + repr((signs, FEATURES)).encode()).hexdigest()[:8]
    files = {w: Path(get_cachedir()) / f"livrev-sans-{w}-{digest}.ttf" for w in (400, 700)}
    for weight, file in files.items():
        if not file.is_file():
            half = file.with_suffix(f".{os.getpid()}")
            half.write_bytes(cut_font(source, signs, weight=weight))
            half.replace(file)
        fontManager.addfont(file)
    return tuple(files.values())


def cut_font(source: bytes, signs: Iterable[int], *, weight: int = 0, flavor: str | None = None) -> bytes:
    """Return the font *source* with these *signs* alone, of one *weight* where it is variable and one is named, as TrueType or WOFF."""
    from fontTools.subset import Options, Subsetter
    from fontTools.ttLib import TTFont
    from fontTools.varLib.instancer import instantiateVariableFont

    names = ["*"] if weight else [0, 1, 2, 13, 14]
    subsetter = Subsetter(Options(layout_features=FEATURES, name_IDs=names, hinting=False, desubroutinize=True))
    subsetter.populate(unicodes=signs)
    with TTFont(io.BytesIO(source), recalcTimestamp=False) as font:
        subsetter.subset(font)
        if weight:
            instantiateVariableFont(font, {"wght": weight}, inplace=True, updateFontNames=True)
        font.flavor = flavor
        written = io.BytesIO()
        font.save(written)
    return written.getvalue()


@cache
def serif_faces() -> dict[tuple[str, int], bytes]:
    """Return Libertinus Serif by style and weight, as OpenType. Raises FileNotFoundError where Typst does not carry it any more."""
    from fontTools.ttLib import TTFont

    faces: dict[tuple[str, int], bytes] = {}
    for library in filter(Path.is_file, _files("typst", "_typst*")):
        data = library.read_bytes()
        for start in (found.start() for found in re.finditer(rb"OTTO\0[\5-\x28]", data)):
            tables = struct.iter_unpack(">4x4xII", data[start + 12 : start + 12 + 16 * data[start + 5]])
            font = data[start : start + max(first + length for first, length in tables)]
            name, _, style = TTFont(io.BytesIO(font), lazy=True)["name"].getDebugName(4).rpartition(" ")
            if name == "Libertinus Serif" and style in _SERIF:
                faces.setdefault(_SERIF[style], font)
            if len(faces) == len(_SERIF):
                return faces
    raise FileNotFoundError("typst does not carry Libertinus Serif any more; look at which fonts it now embeds")


def fallback_fonts() -> list[Path]:
    """Return the fonts that stand in, the same ones in the same order on every machine."""
    return [font for name in _PACKAGES for font in _files(name, "*.[ot]t[fc]")]


def without_glyph(signs: Iterable[str]) -> list[str]:
    """Return those of *signs* that no font has."""
    return [sign for sign in signs if ord(sign) not in _covered()]


@cache
def _covered() -> frozenset[int]:
    from fontTools.ttLib import TTFont

    covered: set[int] = set()
    for font in (*book_fonts(), *fallback_fonts()):
        with TTFont(font, fontNumber=0, lazy=True) as opened:
            covered.update(opened.getBestCmap())
    return frozenset(covered)


def _files(package: str, pattern: str) -> list[Path]:
    spec = find_spec(package)  # found, not imported: an import may take a second
    folders = (spec.submodule_search_locations or ()) if spec else ()
    return [file for folder in folders for file in sorted(Path(folder).glob(pattern))]
