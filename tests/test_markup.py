"""Bytes become text whatever they claim to be, and the markup of services becomes sections."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from livrev.sources.markup import decode, looks_binary, read_fragment
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
        ("Grown <i>in vivo </i>here", [("", "Grown in vivo here")]),
        ("<h4><b>Aim</b></h4>A.<h4>Results</h4>B.", [("Aim", "A."), ("Results", "B.")]),
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


RUSSIAN = "Редис помогает больным: выживаемость была дольше, чем с водой, и никто не умер от редиса за два года."


@pytest.mark.parametrize("charset", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_what_western_software_writes(charset: str) -> None:
    assert decode("Müller’s grün\r\ncress".encode(charset)) == "Müller’s grün\ncress"


@pytest.mark.parametrize("charset", ["koi8-r", "cp1251"])
def test_a_declared_charset_is_used_where_utf8_does_not_hold(charset: str) -> None:
    assert decode(RUSSIAN.encode(charset), charset) == RUSSIAN


def test_a_false_declaration_does_not_spoil_utf8() -> None:
    assert decode("grün".encode(), "iso-8859-1") == "grün"


def test_without_a_declaration_enough_text_is_guessed() -> None:
    assert decode(RUSSIAN.encode("cp1251")) == RUSSIAN


def test_a_page_may_declare_itself() -> None:
    assert RUSSIAN in decode(f'<html><meta charset="koi8-r"><p>{RUSSIAN}'.encode("koi8-r"))


@settings(max_examples=60)
@given(st.binary(max_size=200), st.sampled_from(["", "utf-8", "ascii", "no-such", "utf-16", "koi8-r"]))
def test_no_bytes_whatever_are_an_error(raw: bytes, declared: str) -> None:
    assert "\r" not in decode(raw, declared)


def test_what_is_no_text() -> None:
    assert looks_binary(b"\x7fELF\0\0") and looks_binary(bytes(range(32)) * 10)
    assert not looks_binary("grün".encode("utf-16")) and not looks_binary(b"plain\ttext\n") and not looks_binary(b"")
