"""The markup in a field of a service becomes labelled sections of plain words."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from livrev.sources.markup import read_fragment
from livrev.sources.publication import Section


@pytest.mark.parametrize(
    ("text", "sections"),
    [
        ("Plain words.", [("", "Plain words.")]),
        ("", []),
        ("<h4>Background</h4>A.<h4>Results: </h4>B <i>C</i>.", [("Background", "A."), ("Results", "B C.")]),
        ("Before. <h4>Aim</h4> A.", [("", "Before."), ("Aim", "A.")]),
        (
            "<jats:sec><jats:title>Results</jats:title><jats:p>A.</jats:p><jats:p>B.</jats:p></jats:sec>",
            [("Results", "A. B.")],
        ),
        ("p < 0.05 and n > 3 &amp; more", [("", "p < 0.05 and n > 3 & more")]),
        ("HR<0.7 and 10<sup>6</sup> cells, CO<sub>2</sub>", [("", "HR<0.7 and 10^6 cells, CO2")]),
        ("A <script>alert(1)</script>B", [("", "A B")]),
        ("Alpha &#945; &lt;b&gt;", [("", "Alpha α <b>")]),
    ],
)
def test_fragments(text: str, sections: list[tuple[str, str]]) -> None:
    assert read_fragment(text) == tuple(Section(label, words) for label, words in sections)


@settings(max_examples=80)
@given(st.text(alphabet=st.sampled_from("<>/&;h4psubi ab1.\"'=\x00\n"), max_size=60))
def test_no_text_whatever_is_an_error(text: str) -> None:
    for section in read_fragment(text):
        assert section.text and "\n" not in section.text
