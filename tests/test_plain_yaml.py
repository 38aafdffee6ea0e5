"""YAML is read as plain data; every key knows its line."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from livrev.records.plain_yaml import Mapping, read_yaml


def test_keys_know_their_lines() -> None:
    data, problems = read_yaml("a: 1\nb:\n- c: 2\n  d: 3\n", "file.yml", first_line=11)
    assert problems == []
    assert data == {"a": 1, "b": [{"c": 2, "d": 3}]}
    assert (data.line_of("b"), data["b"][0].line_of("d"), data["b"][0].line) == (12, 14, 13)
    assert data.line_of("not there") == data.line


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("a: 1\nb: !!python/object/apply:os.system [ls]", 2, "is a tag"),
        ("a: !!str 1", 1, "is a tag"),
        ("a: &x 1\nb: 2", 1, "is an anchor"),
        ("a: &x 1\nb: *x", 2, "is an alias"),
        ("a: 1\na: 2", 2, "stands twice"),
        ("a:\n  b: 1\n  b: 2", 3, "stands twice"),
        ("a: 1\nb: [1", 2, "cannot be read"),
        ("a: 1\n\tb: 2", 2, "cannot be read"),
        ("a: 1\n--- \nb: 2", 2, "cannot be read"),
        ("a: 1\nb: \x07", 2, "cannot be read"),
        ("a: 2026-02-31", 1, "is not a value of its kind"),
        ("a: " + "[" * 51 + "]" * 51, 1, "is nested more than 50 deep"),
    ],
)
def test_what_is_not_plain_is_refused_at_its_line(text: str, line: int, message: str) -> None:
    _, problems = read_yaml(text, "file.yml")
    assert any(p.line == line and p.message.startswith(message) and p.cure for p in problems), problems


def test_nothing_is_none() -> None:
    assert read_yaml("", "file.yml") == (None, [])


def test_a_key_that_is_no_text_becomes_text() -> None:
    data, _ = read_yaml("5: five", "file.yml")
    assert isinstance(data, Mapping) and data == {"5": "five"}


@given(st.text())
def test_no_text_whatever_ends_in_an_exception(text: str) -> None:
    read_yaml(text, "file.yml")
