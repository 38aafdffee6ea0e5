"""Lettering fits its room and loses no word; every ink is known to both themes, and can be read in both."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from livrev.show.figures.sheet import BAND, BLUE, BUBBLE, GROUND, INK, INKS, MUTED, VERMILION, ZONES, measure, wrap
from livrev.site.assets import STATIC

WORDS = st.lists(
    st.text(st.characters(categories=["L", "N"], max_codepoint=0x24F), min_size=1, max_size=9), min_size=1, max_size=12
)
CSS = (STATIC / "livrev.css").read_text(encoding="utf-8")
DARK_GROUND = "#121212"


def luminance(colour: str) -> float:
    long = colour if len(colour) == 7 else "#" + "".join(2 * digit for digit in colour[1:])
    parts = [int(long[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def inks(theme: str) -> dict[str, str]:
    """Return what each ink becomes in *theme*, as the style sheet says."""
    names = dict(re.findall(r'\[fill="(#\w+)"\] \{ fill: var\(--([\w-]+)\)', CSS))
    light, dark = re.findall(r"\{((?: --livrev-[\w-]+: #\w+;)+)", CSS)
    values = dict(re.findall(r"--([\w-]+): (#\w+);", light if theme == "light" else dark))
    ground = "#ffffff" if theme == "light" else DARK_GROUND
    return {ink: values.get(name, ground) for ink, name in names.items()}


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_style_sheet_knows_every_ink(theme: str) -> None:
    known = inks(theme)
    assert set(INKS) <= set(known)
    if theme == "light":
        expanded = {
            ink: value if len(value) == 7 else "#" + "".join(2 * d for d in value[1:]) for ink, value in known.items()
        }
        assert {ink: expanded[ink] for ink in INKS} == {ink: ink for ink in INKS}


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("letters", [INK, MUTED])
def test_words_can_be_read(theme: str, letters: str) -> None:
    known = inks(theme)
    grounds = [GROUND, *([BAND, BUBBLE, *ZONES] if letters == INK else [])]
    assert min(contrast(known[letters], known[ground]) for ground in grounds) >= 4.5


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_marks_stand_out(theme: str) -> None:
    known = inks(theme)
    assert min(contrast(known[mark], known[GROUND]) for mark in (BLUE, VERMILION, MUTED)) >= 3


@given(words=WORDS, width=st.floats(20, 300))
def test_a_line_keeps_to_its_room_and_no_word_is_lost(words: list[str], width: float) -> None:
    lines = wrap(" ".join(words), width)
    assert " ".join(lines) == " ".join(words)
    assert all(measure(line) <= width or " " not in line for line in lines)


def test_a_long_word_is_cut_after_its_hyphen_where_that_is_allowed() -> None:
    assert wrap("meta-analysis", 40, hyphens=True) == ["meta-", "analysis"]
    assert wrap("meta-analysis", 40) == ["meta-analysis"]


def test_bold_letters_are_longer() -> None:
    assert measure("All studies", bold=True) > measure("All studies")
