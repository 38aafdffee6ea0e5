"""Records do not change, know no foreign field, and refuse what cannot be."""

import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from livrev.records.model import Finding, Source, parse_ranges


def finding(**changes: Any) -> Finding:
    fields: dict[str, Any] = {
        "id": "cress-01",
        "sentence": 2,
        "fingerprint": "0123456789abcdef",
        "topic": "general",
        "direction": "for",
        "population": "patient",
        "type": "result",
        "statement": "Cress helps.",
        "verdict": "confirmed",
        "settled_by": ("Roe2019trial",),
        "explanation": "The trial says so.",
    }
    return Finding(**fields | changes)


def test_a_record_does_not_change() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        finding().statement = "Cress harms."  # type: ignore[misc]


@pytest.mark.parametrize(
    "change",
    [
        {"fingerprint": "0123456789ABCDEF"},
        {"fingerprint": "0123"},
        {"sentence": 0},
        {"id": "../cress"},
        {"id": ""},
        {"statement": ""},
        {"statement": "one\ntwo"},
        {"statement": "one\x1b[31mtwo"},
        {"direction": "sideways"},
        {"settled_by": ("Roe 2019",)},
        {"settled_by": ()},
        {"colour": "green"},
    ],
    ids=str,
)
def test_a_finding_that_cannot_be_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        finding(**change)


def test_an_opinion_needs_no_settling_source() -> None:
    assert finding(verdict="opinion", settled_by=()).settled_by == ()


@pytest.mark.parametrize("key", ["Roe2019trial", "AbouAlfa2016randomized", "Jottendimpower131", "NCT01234567"])
def test_citekeys_are_known_by_their_form(key: str) -> None:
    assert finding(settled_by=(key,)).settled_by == (key,)


@pytest.mark.parametrize(
    "key",
    ["roe2019trial", "Roe2019", "Roe19trial", "Röe2019trial", "../Roe2019trial", "Roe2019trial\n", "NCT0123456", ""],
)
def test_other_forms_are_no_citekeys(key: str) -> None:
    with pytest.raises(ValidationError, match="citekey"):
        finding(settled_by=(key,))


def test_a_source_is_not_read_tomorrow() -> None:
    tomorrow = datetime.date.today() + datetime.timedelta(days=1)
    fields = {
        "citekey": "Doe2020cress",
        "kind": "news",
        "title": "T",
        "document": "d.txt",
        "language": "English",
        "reports_on": (),
        "findings": (),
    }
    assert Source(**fields, read_on=tomorrow - datetime.timedelta(days=1)).findings == ()
    with pytest.raises(ValidationError, match="future"):
        Source(**fields, read_on=tomorrow)


@pytest.mark.parametrize(
    ("said", "meant"), [(3, (3,)), ("1-3", (1, 2, 3)), ("1–2, 8", (1, 2, 8)), (" 4 - 5 ,7", (4, 5, 7))]
)
def test_ranges_are_spelt_out(said: object, meant: tuple[int, ...]) -> None:
    assert parse_ranges(said) == meant


@pytest.mark.parametrize("said", ["", "3-1", "0", "a", "1,,2", "-3", "1-1000000", None])
def test_what_is_no_range_is_refused(said: object) -> None:
    with pytest.raises(ValueError, match="sentence"):
        parse_ranges(said)


@given(st.lists(st.integers(1, 99_999), min_size=1))
def test_a_list_of_numbers_comes_back(numbers: list[int]) -> None:
    assert parse_ranges(", ".join(map(str, numbers))) == tuple(numbers)
