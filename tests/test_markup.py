"""Bytes become text whatever they claim to be, and the markup of services becomes sections."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html

from livrev.sources.markup import decode, looks_binary, read_fragment, read_table
from livrev.sources.publication import Section
from livrev.text.numbers import quantity_to_json
from livrev.text.quantities import find_quantities


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


def cell_of(row: str, column: str, cell: str) -> str:
    rows = f"<tr><th>x</th><th>{column}</th></tr><tr><td>{row}</td><td>{cell}</td></tr>"
    return next(iter(read_table(html.fromstring(f"<table>{rows}</table>"), "table 1"))).text


@pytest.mark.parametrize(
    ("row", "column", "cell", "quantity"),
    [
        ("Survival", "HR (95% CI)", "0.71 (0.52–0.97)", {"kind": "HR", "value": 0.71, "low": 0.52, "high": 0.97, "level": 95}),
        ("HR (90% CI)", "Radish v water", "0.71 [0.52, 0.97]", {"kind": "HR", "value": 0.71, "low": 0.52, "level": 90}),
        ("Median OS, months (95% CI)", "Radish (n = 30)", "12.1 (10.0–14.2)",
         {"kind": "median", "value": 12.1, "low": 10, "high": 14.2, "unit": "months"}),
        ("Response, n (%)", "Radish (n = 30)", "9 (30)", {"kind": "proportion", "events": 9, "total": 30, "value": 30}),
        ("Response, n (%)", "Radish (n = 300)", "9 (30)", {"kind": "proportion", "value": 30}),
        ("Survival", "P value", "0.03", {"kind": "p", "p": "0.03"}),
    ],
)  # fmt: skip
def test_a_cell_is_read(row: str, column: str, cell: str, quantity: dict[str, object]) -> None:
    found = [quantity_to_json(q) for q in find_quantities(cell_of(row, column, cell))]
    assert any(quantity.items() <= q.items() for q in found), (cell_of(row, column, cell), found)


def test_a_size_that_is_not_of_these_patients_is_no_total() -> None:
    assert "total" not in str(
        [quantity_to_json(q) for q in find_quantities(cell_of("n (%)", "Radish (n = 300)", "9 (30)"))]
    )


def test_cells_that_span_and_tables_of_nothing() -> None:
    for nothing in ("<table><tr><td>no figure</td></tr></table>", "<table><tr></tr><tr></tr></table>"):
        assert list(read_table(html.fromstring(nothing), "table 1")) == []
    twice = "<table><tr><th>x</th><th>a</th><th>b</th></tr><tr><td>r</td><td>9</td><td>9</td></tr></table>"
    assert [s.text for s in read_table(html.fromstring(twice), "table 1")] == ["r, a: 9.", "r, b: 9."]
    ragged = "<table><tr><th>a</th></tr><tr><td>r</td><td colspan='999'>5</td><td>6</td></tr><tr></tr></table>"
    assert [s.text for s in read_table(html.fromstring(ragged), "table 1")] == ["r: 5.", "r: 6."]


def test_a_ratio_takes_the_one_p_value_of_its_row() -> None:
    head = "<tr><th>x</th><th>HR (95% CI)</th><th>P value</th>{}</tr>"
    row = "<tr><td>Survival</td><td>0.71 (0.52–0.97)</td><td>0.03</td>{}</tr>"
    one = html.fromstring(f"<table>{head.format('')}{row.format('')}</table>")
    assert next(iter(read_table(one, "table 1"))).text == "Survival, HR: HR 0.71 (95% CI 0.52 to 0.97), p=0.03."
    two = html.fromstring(f"<table>{head.format('<th>P value, adjusted</th>')}{row.format('<td>0.04</td>')}</table>")
    assert next(iter(read_table(two, "table 1"))).text == "Survival, HR: HR 0.71 (95% CI 0.52 to 0.97)."
