"""Lettering fits: no line is longer than its room, and no word is lost."""

from hypothesis import given
from hypothesis import strategies as st

from livrev.show.figures.sheet import measure, wrap

WORDS = st.lists(
    st.text(st.characters(categories=["L", "N"], max_codepoint=0x24F), min_size=1, max_size=9), min_size=1, max_size=12
)


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
