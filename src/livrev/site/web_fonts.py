"""Serve the book's own letters, a serif and a sans: cut to the signs that it may hold, in two parts, the second of which is
fetched only where a page has one of its signs. What they do not have, the reader's device draws.
"""

import hashlib
from collections.abc import Iterator
from pathlib import Path

from livrev.show.fonts import FEATURES, cut_font, sans_face, serif_faces

FOLDER, STYLE = "fonts", "fonts.css"
# What nearly every page shows (Latin, punctuation, a few signs of statistics), and what names and formulas need besides.
_PARTS = {
    "basic": "20-7E,A0-FF,3B1-3B3,2009,2010-2014,2018-201A,201C-201E,2020-2022,2026,202F,2032,2060,2190-2193,2212,2248,2260,2264,2265,25CF",
    "more": "100-24F,2B9-2DD,300-33F,370-3B0,3B4-3FF,400-45F,1E00-1EFF,2030,203A,2039,2070-209C,20A0-20BF,2100-2138,2150-215E,"
    "2194-21FF,2200-2211,2213-2247,2249-225F,2261-2263,2266-22FF,25A0-25CE,25D0-25FF",
}  # fmt: skip
_FACE = (
    "@font-face{{font-family:{family!r};font-style:{style};font-weight:{weight};font-display:swap;{more}"
    "src:url({file}) format('woff');unicode-range:{signs}}}\n"
)


def write_fonts(folder: Path) -> None:
    """Write the letters into *folder*/fonts, and *folder*/fonts.css, which names them; what is there already stays."""
    rules = []
    for family, style, weight, more, source in _faces():
        for part, signs in _PARTS.items():
            digest = hashlib.sha256(source + f"{signs}{FEATURES}".encode()).hexdigest()[:8]
            file = f"{FOLDER}/{family.split()[-1].lower()}-{style}-{weight.partition(' ')[0]}-{part}-{digest}.woff"
            if not (place := folder / file).is_file():
                place.parent.mkdir(parents=True, exist_ok=True)
                half = place.with_suffix(".part")
                ends = [one.partition("-") for one in signs.split(",")]
                wanted = [one for first, _, last in ends for one in range(int(first, 16), int(last or first, 16) + 1)]
                half.write_bytes(cut_font(source, wanted, flavor="woff"))
                half.replace(place)
            ranges = ",".join(f"U+{one}" for one in signs.split(","))
            rules.append(_FACE.format(family=family, style=style, weight=weight, more=more, file=file, signs=ranges))
    (folder / STYLE).write_text("".join(rules), encoding="utf-8")


def _faces() -> Iterator[tuple[str, str, str, str, bytes]]:
    """Yield family, style, weight, what else its rule says, and file of each face; the serif as large as the sans looks."""
    for (style, weight), source in serif_faces().items():
        yield "Libertinus Serif", style, str(weight), "size-adjust:113%;", source
    yield "Noto Sans", "normal", "400 700", "", sans_face().read_bytes()
