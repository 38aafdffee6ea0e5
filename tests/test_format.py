"""A Result in words."""

import math
from typing import Any

import pytest

from livrev.records.measures import Printed
from livrev.records.model import Estimate
from livrev.show.format import format_estimate, format_number, within_sentence


def estimate(**changes: Any) -> Estimate:
    fields: dict[str, Any] = {
        "name": "x",
        "value": 0.7,
        "unit": "",
        "label": "x",
        "low": 0.5,
        "high": 0.98,
        "level": 95,
        "method": "as reported",
        "rests_on": ("x",),
        "precision": 2,
    }
    return Estimate(**fields | changes)


@pytest.mark.parametrize(
    ("number", "precision", "said"),
    [
        (0.7, 2, "0.70"),
        (3, 0, "3"),
        (9999, 0, "9999"),
        (10_000, 0, "10,000"),
        (1234567.8, 1, "1,234,567.8"),
        (-1.5, 1, "−1.5"),
        (-12_000, 0, "−12,000"),
        (-0.04, 1, "0.0"),
        (0, 0, "0"),
        (math.inf, 2, "∞"),
        (-math.inf, 2, "−∞"),
        (Printed("12345.60"), 0, "12,345.60"),
    ],
)
def test_numbers(number: float, precision: int, said: str) -> None:
    assert format_number(number, precision) == said


@pytest.mark.parametrize(
    ("changes", "form", "said"),
    [
        ({}, "short", "0.70 (95 % CI 0.50 to 0.98)"),
        ({}, "value", "0.70"),
        ({"level": 90}, "short", "0.70 (90 % CI 0.50 to 0.98)"),
        ({"level": None}, "short", "0.70 (interval, level not stated, 0.50 to 0.98)"),
        ({"low": None}, "short", "0.70"),
        ({"k": 3, "n": 120}, "full", "0.70 (95 % CI 0.50 to 0.98), k = 3, n = 120"),
        ({"value": 30, "unit": "%", "precision": 0, "low": None}, "short", "30 %"),
        ({"value": 19.2, "unit": "months", "precision": 1, "low": None}, "value", "19.2 months"),
        ({"value": 12, "precision": 0}, "words", "twelve"),
        ({"value": 0, "precision": 0}, "words", "no"),
        ({"value": 13, "precision": 0}, "words", "13"),
        ({"value": 2.5, "precision": 1}, "words", "2.5"),
        ({"value": 3, "unit": "%", "precision": 0}, "words", "3 %"),
        ({"events": 12, "n": 40}, "count", "12 of 40"),
        ({"events": 0, "n": 40}, "count", "0 of 40"),
    ],
)
def test_forms(changes: dict[str, Any], form: str, said: str) -> None:
    assert format_estimate(estimate(**changes), form) == said


def test_a_form_that_cannot_be_is_refused() -> None:
    with pytest.raises(ValueError, match="unknown form loud; use one of full, short"):
        format_estimate(estimate(), "loud")
    with pytest.raises(ValueError, match="has no events and total"):
        format_estimate(estimate(), "count")


@pytest.mark.parametrize(
    ("label", "said"), [("Hepatitis B", "hepatitis B"), ("ALBI grade 1", "ALBI grade 1"), ("", "")]
)
def test_a_label_keeps_its_capitals_within_a_sentence(label: str, said: str) -> None:
    assert within_sentence(label) == said


@pytest.mark.parametrize(
    ("value", "low", "high", "said"),
    [
        (-129, -184, -67, "129 fewer per 1000 (67 to 184 fewer)"),
        (-88, -183, 36, "88 fewer per 1000 (183 fewer to 36 more)"),
        (223, 73, 369, "223 more per 1000 (73 to 369 more)"),
        (12, -9, 40, "12 more per 1000 (40 more to 9 fewer)"),
    ],
)
def test_a_difference_is_said_in_people(value: float, low: float, high: float, said: str) -> None:
    difference = estimate(value=value, low=low, high=high, unit="per 1000", precision=0)
    assert format_estimate(difference, "people") == said


def test_people_need_an_interval() -> None:
    with pytest.raises(ValueError, match="x has no interval"):
        format_estimate(estimate(low=None, high=None), "people")
