"""Cells as spreadsheets write them: what has one meaning is read, what has two is refused with the cure."""

import csv

import pytest

from livrev.diagnostics import ReviewError
from livrev.stats.spreadsheet import (
    UnreadableNumber,
    is_missing,
    learn_style,
    parse_interval,
    parse_number,
    read_sheet,
    split_estimate,
)
from livrev.stats.study_layout import knows


def read(content: str | bytes):
    return read_sheet("t.csv", content if isinstance(content, bytes) else content.encode(), knows)


def numbers(cells: list[str], separator: str = ",", *, whole: bool = False) -> list[float]:
    style = learn_style([(cell, whole) for cell in cells], separator)
    return [parse_number(cell, style, whole=whole) for cell in cells]


@pytest.mark.parametrize(
    ("cells", "separator", "whole", "expected"),
    [
        (["0,75", "1,024"], ";", False, [0.75, 1.024]),  # a comma is the decimal point elsewhere
        (["0.75", "1,024"], "\t", False, [0.75, 1024]),  # a point is
        (["1,024", "12,345"], ",", True, [1024, 12345]),  # a count has no decimals
        (["1.024", "3.000"], ";", True, [1024, 3000]),
        (["3.0", "12.000"], ",", True, [3, 12]),
        (["3,0", "20,0"], ";", True, [3, 20]),
        (["3,000"], ",", True, [3000]),  # a quoted comma in a table with commas
        (["1,234,567"], ";", True, [1234567]),
        (["1.234,5", "1,234"], ";", False, [1234.5, 1.234]),
        (["1,234.5", "1,234"], "\t", False, [1234.5, 1234]),
        (["1 024", "1\u202f024", "1'024", "1’024", "1 024,5"], ";", False, [1024, 1024, 1024, 1024, 1024.5]),
        (["0·75", "−0·5", "1·024"], ",", False, [0.75, -0.5, 1.024]),
        (["−0.5", "–0.5", "+0.5", ".5", "5.", "1e-3", "1.024"], ",", False,
         [-0.5, -0.5, 0.5, 0.5, 5, 1e-3, 1.024]),
        (["0,5", "1,5E-05"], ";", False, [0.5, 1.5e-5]),
    ],
)  # fmt: skip
def test_a_number_is_read_as_the_table_shows(cells, separator, whole, expected):
    assert numbers(cells, separator, whole=whole) == expected


@pytest.mark.parametrize(
    ("cells", "separator", "whole"),
    [
        (["1,024"], ";", False),  # 1.024 or 1024
        (["1,024"], ",", False),
        (["3,000"], ";", True),
        (["3.000"], ";", True),
        (["0,75", "1,024", "1,000,000"], ";", False),
    ],
)
def test_a_number_with_two_meanings_is_refused(cells, separator, whole):
    with pytest.raises(UnreadableNumber, match="may be"):
        numbers(cells, separator, whole=whole)


@pytest.mark.parametrize(
    "cell", ["12%", "<0.01", "0,75,3", "1.2.3", "abc", "0.75*", "1.02,4.5", "inf", "0x10", "1,02.5"]
)
def test_what_is_no_number_is_refused_with_a_cure(cell):
    with pytest.raises(UnreadableNumber, match="is no number") as error:
        numbers([cell])
    assert error.value.cure


@pytest.mark.parametrize(
    "cell", ["", "NA", "n/a", "N.A.", "NR", "not reported", "–", "—", "-", "−", ".", "#N/A", "NaN", " "]
)
def test_a_missing_number_is_known_by_its_usual_words(cell):
    assert is_missing(cell)


@pytest.mark.parametrize("cell", ["0", "no", "-1", "0.0", "A"])
def test_what_is_there_is_not_missing(cell):
    assert not is_missing(cell)


@pytest.mark.parametrize(
    "cell",
    [
        "0.60–0.93", "0.60-0.93", "0.60 - 0.93", "0.60 to 0.93", "0.60 TO 0.93", "(0.60; 0.93)", "[0.60, 0.93]", "0.60,0.93",
        "0.60 0.93", "0.60--0.93", "0.60/0.93", "0.60..0.93", "0.60 — 0.93", "0·60–0·93", "95% CI 0.60-0.93", "0.60|0.93",
        "95% CI: 0.60 to 0.93", "(95 % CI, 0.60 to 0.93)", "CI 95%: 0.60 bis 0.93", "0.60\u00a0–\u00a00.93", "(0.60 ~ 0.93)",
    ],
)  # fmt: skip
def test_an_interval_in_one_cell_is_read_in_many_spellings(cell):
    assert parse_interval(cell, learn_style([], ","), lambda low, high: low > 0)[:2] == (0.60, 0.93)


@pytest.mark.parametrize("cell", ["0,60–0,93", "0,60,0,93", "0,60-0,93", "0,60; 0,93", "(0,60, 0,93)", "0,60 0,93"])
def test_an_interval_may_have_decimal_commas(cell):
    assert parse_interval(cell, learn_style([("0,75", False)], ";"), lambda low, high: low > 0)[:2] == (0.60, 0.93)


def test_the_value_tells_a_dash_from_a_minus():
    style = learn_style([], ",")
    assert parse_interval("-0.5--0.1", style, lambda low, high: low <= -0.3 <= high <= 0)[:2] == (-0.5, -0.1)
    assert parse_interval("-0.5-0.1", style, lambda low, high: True)[:2] == (-0.5, 0.1)
    with pytest.raises(UnreadableNumber, match=r"may be -0.5 to -0.1 or -0.5 to 0.1") as error:
        parse_interval("-0.5--0.1", style, lambda low, high: True)
    assert "write “to”" in error.value.cure


@pytest.mark.parametrize(
    ("cell", "said"), [("0.93-0.60", "down to"), ("0.6", "is no interval"), ("", "is no interval")]
)
def test_what_is_no_interval_is_refused(cell, said):
    with pytest.raises(UnreadableNumber, match=said):
        parse_interval(cell, learn_style([], ","), lambda low, high: True)


def test_a_level_beside_the_interval_is_kept():
    assert parse_interval("90% CI 0.6-0.9", learn_style([], ","), lambda low, high: True) == (0.6, 0.9, 90)


@pytest.mark.parametrize(
    ("cell", "parts"),
    [
        ("0.75 (0.60–0.93)", ("0.75", "(0.60–0.93)")),
        ("0.75 [0.60; 0.93], p = 0.01", ("0.75", "[0.60; 0.93]")),
        ("0.75, 95% CI 0.60 to 0.93", ("0.75", "95% CI 0.60 to 0.93")),
        ("−0.5 (−0.9 to −0.1)", ("−0.5", "(−0.9 to −0.1)")),
        ("0.75", ("0.75", "")),
    ],
)
def test_a_value_and_its_interval_in_one_cell_are_parted(cell, parts):
    assert split_estimate(cell) == parts


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"])
def test_a_table_is_read_in_every_encoding_that_spreadsheets_write(encoding):
    sheet = read("study,value\nMüller,0.75\n".encode(encoding))
    assert sheet.rows == [(2, ["Müller", "0.75"])]
    assert bool(sheet.notes) == (encoding == "cp1252")


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_the_separator_is_found_by_the_header(separator, end):
    lines = ["study,HR,Lower".replace(",", separator), "A,1,2".replace(",", separator)]
    assert read(end.join(lines)).rows == [(2, ["A", "1", "2"])]


def test_a_comma_in_a_name_does_not_make_a_table_of_commas():
    assert read("study;HR (95% CI, adjusted)\nA;0,75 (0,6-0,93)\n").header == ["study", "HR (95% CI, adjusted)"]


def test_lines_are_counted_behind_the_line_of_the_separator():
    sheet = read("sep=;\nstudy;value\n\nA;1\n")
    assert (sheet.separator, sheet.header_line, sheet.rows) == (";", 2, [(4, ["A", "1"])])


def test_empty_columns_at_the_end_are_dropped():
    sheet = read("study,value,,\nA,1,,\nB,2,,,,\n,,,\n")
    assert (sheet.header, sheet.rows) == (["study", "value"], [(2, ["A", "1"]), (3, ["B", "2"])])
    assert not sheet.problems


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"PK\x03\x04rest", "is a workbook"),
        (b"\xd0\xcf\x11\xe0rest", "old Excel"),
        (b"%PDF-1.7", "is a PDF"),
        (b"<!doctype html>", "is a web page"),
        (b"<table><tr><td>study", "is a web page"),
        (b"a\xff\x81b", "is no text"),
        (b"study,val\x00ue\n", "is no text"),
    ],
)
def test_another_file_is_named_as_what_it_is(content, said):
    with pytest.raises(ReviewError, match=said):
        read(content)


def test_a_cell_without_end_is_named_by_its_line():
    assert "close every quotation mark" in str(read('study,value\nA,"1' + "x" * 200_000).problems[0].cure)
    assert read("x" * 200_000 + ",study\n").problems


def test_a_cell_without_end_is_named_also_where_a_library_lifted_the_limit() -> None:
    before = csv.field_size_limit(10_000_000)
    try:
        assert read("x" * 200_000 + ",study\n").problems
    finally:
        csv.field_size_limit(before)


def test_marks_of_a_conflict_are_named_and_not_taken_for_studies() -> None:
    ours, middle, theirs = "<" * 7 + " HEAD", "=" * 7, ">" * 7 + " b"
    content = f"study,value,ci_low,ci_high\n{ours}\nA,0.75,0.6,0.93\n{middle}\nB,0.76,0.6,0.93\n{theirs}\n"
    with pytest.raises(ReviewError, match=rf"t\.csv:2 conflict: {ours} is a mark that git left"):
        read(content)


def test_what_nobody_sees_is_left_out_and_told() -> None:
    sheet = read("study,value,ci_low,ci_high\nA\u202e\u200b,0.75,0.6\u2060,0.93\n")
    assert sheet.rows == [(2, ["A", "0.75", "0.6", "0.93"])] and "nobody sees" in sheet.notes[0]


def test_wide_digits_are_digits_and_a_shortened_count_is_none() -> None:
    assert numbers(["０．７５", "1.5e-3"]) == [0.75, 1.5e-3]
    with pytest.raises(UnreadableNumber, match="may have lost digits where a spreadsheet shortened it"):
        numbers(["1E+02"], whole=True)
