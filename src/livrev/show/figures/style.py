"""One visual language for every figure: two widths, few inks, and colours that colour-blind readers can tell apart.

What is a single study is blue, what was pooled is vermilion; a hollow mark means that the interval holds no effect. A page
in the dark theme exchanges the inks below one by one (`livrev.css`), so a figure uses no other colour.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

from livrev.show.fonts import sans_files

# Okabe and Ito's palette, as far as it is used.
BLUE, VERMILION = "#0072b2", "#d55e00"
INK, MUTED, GRID, GROUND = "#333333", "#5f6770", "#e3e6ea", "#ffffff"
BAND, BUBBLE = "#fbeadc", "#c5e0f1"  # a pool's interval, and an area, behind words
ZONES = ("#f0f1f3", "#e0e3e6", "#cdd2d7")
INKS = (BLUE, VERMILION, INK, MUTED, GRID, GROUND, BAND, BUBBLE, *ZONES)
WIDE, NARROW = 518.0, 259.0  # points: a page, and a phone
SIZE, SMALL, LINE = 9.7, 9.3, 12.2  # points: letters, small letters, and from one line to the next

_RC: Any = {
    "font.family": ["Noto Sans", "DejaVu Sans"],  # the second has the arrows and some signs that the first lacks
    "font.size": SIZE,
    "text.color": INK,
    "figure.facecolor": GROUND,
    "svg.fonttype": "none",
    "svg.hashsalt": "livrev",
}


@contextmanager
def house_style() -> Iterator[None]:
    """Draw in the house style within the block; leave the reader's own settings as they were."""
    import matplotlib

    lettering()
    with matplotlib.rc_context(_RC):
        yield


@cache
def lettering() -> list[str]:
    """Return the families that figures are lettered in, made known to matplotlib."""
    from matplotlib.font_manager import fontManager

    for file in sans_files():
        fontManager.addfont(file)
    return list(_RC["font.family"])
