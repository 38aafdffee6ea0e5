"""Reported results that contradict themselves are found; those that only look odd are left alone."""

from collections.abc import Callable
from typing import Any

import pytest
from small_review import DAY, OUTCOMES, STUDIES, add_row, replace, set_cell

from livrev.checks.outcomes import RULES, check_outcomes, check_studies_of
from livrev.paths import Repository
from livrev.records.measures import Printed
from livrev.records.model import Outcome
from livrev.records.review import Review, load_review

_WHERE = {"basis": "abstract", "address": "https://example.org/trial", "read_on": DAY, "place": "abstract"}
_NONE = {"value": None, "ci_low": None, "ci_high": None, "ci_level": None, "p": None, "events": None, "total": None}


def fields_of(review: Review, **changes: Any) -> set[str]:
    """Return the fields that are complained of in a hazard ratio of 0.70 (0.50 to 0.98), changed."""
    outcome = review.outcomes["roe-2019--os"].model_dump() | {"p": None} | changes
    return {field for rule in RULES for field, *_ in rule(Outcome.model_validate(outcome))}


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        # the interval holds its value
        ({}, set()),
        ({"value": 0.98}, {"value"}),
        ({"value": 0.99}, {"ci_high"}),
        ({"value": 0.49}, {"ci_low"}),
        ({"ci_low": "0.98", "ci_high": "0.50"}, {"ci_low"}),
        ({"ci_low": None}, {"ci_low"}),
        ({"ci_low": None, "ci_high": None, "ci_level": None}, set()),
        # the value lies near the geometric mean of its bounds, as far as printed digits allow
        ({"value": "0.76", "ci_low": "0.50", "ci_high": "1.00"}, set()),
        ({"value": "0.92", "ci_low": "0.50", "ci_high": "1.00"}, {"value"}),
        ({"value": "0.9", "ci_low": "0.5", "ci_high": "1.0"}, set()),  # fewer digits, more room
        ({"value": 0.3, "ci_low": 0.2, "ci_high": 0.6}, set()),
        ({"value": "0.1", "ci_low": "0.0", "ci_high": "0.3"}, {"ci_low"}),
        ({"value": 1.02, "ci_low": 1.01, "ci_high": 1.04}, set()),
        ({"measure": "OR", "value": 125.0, "ci_low": 101.0, "ci_high": 154.0}, set()),
        ({"measure": "OR", "value": 150.0, "ci_low": 101.0, "ci_high": 154.0}, {"value"}),
        # value and bounds are printed with like decimals, or the note says that they are not
        ({"value": "0.7"}, {"value"}),
        ({"ci_low": "0.500"}, {"value"}),
        ({"value": "0.7", "note": "printed so"}, set()),
        ({"value": "0.7", "note": "page not found again on 2026-11-27"}, set()),
        ({"value": "9.5", "ci_low": "6.01", "ci_high": "14.9"}, set()),  # from 10 on papers drop digits
        ({"measure": "median-months", "value": "19", "ci_low": "11.5", "ci_high": "25"}, set()),
        # other measures are not held to the geometric mean
        ({"measure": "median-months", "value": 19.0, "ci_low": 11.0, "ci_high": 20.0}, set()),
        ({"measure": "median-months", "value": -1.0, "ci_low": None, "ci_high": None, "ci_level": None}, {"value"}),
        ({"measure": "RD", "value": -5.0, "ci_low": -10.0, "ci_high": 1.0}, set()),
        # a ratio is above nothing
        ({"value": 0.0}, {"value"}),
        ({"value": -0.7, "ci_low": -1.0, "ci_high": 2.0}, {"value", "ci_low"}),
        # the level
        ({"ci_level": None}, {"ci_level"}),
        ({"ci_level": 90.0}, set()),
        # the p-value, at the level of its interval
        ({"p": "0.04"}, set()),
        ({"p": "<0.05"}, set()),
        ({"p": "0.9"}, {"p"}),
        ({"p": "<0.0001"}, {"p"}),
        ({"p": ">0.05"}, set()),
        ({"p": "0.7", "value": "1.50", "ci_low": "1.10", "ci_high": "2.05", "ci_level": 90.0}, {"p"}),
        ({"p": "0.03", "value": "1.50", "ci_low": "1.10", "ci_high": "2.05", "ci_level": 90.0}, set()),
        ({"p": "1e-9", "value": "0.10", "ci_low": "0.05", "ci_high": "0.20"}, set()),
        ({"p": "0.04", "ci_level": None}, {"ci_level"}),
        # counts
        (_NONE | {"measure": "proportion", "events": 12, "total": 40, "value": 30.0}, set()),
        (_NONE | {"measure": "proportion", "events": 12, "total": 40, "value": 31.0}, {"value"}),
        (_NONE | {"measure": "proportion", "events": 1, "total": 3, "value": 33.3}, set()),
        (_NONE | {"measure": "proportion", "events": 1, "total": 3, "value": "33"}, set()),
        (_NONE | {"measure": "proportion", "events": 1, "total": 3, "value": "33.0"}, {"value"}),
        (_NONE | {"measure": "proportion", "events": 1, "total": 3, "value": 33.9}, {"value"}),
        (_NONE | {"measure": "proportion", "events": 501, "total": 1000, "value": 50.1}, set()),
        (_NONE | {"measure": "count", "events": 4, "total": 3}, {"events"}),
        (_NONE | {"measure": "percent", "value": 100.0}, set()),
        (_NONE | {"measure": "percent", "value": 101.0}, {"value"}),
        (_NONE | {"measure": "rate-at-time", "value": -1.0, "time_months": 12.0}, {"value"}),
        (_NONE | {"measure": "rate-at-time", "value": 0.72, "time_months": 12.0}, {"value"}),
        (_NONE | {"measure": "rate-at-time", "value": 72.0}, {"time_months"}),
    ],
    ids=lambda said: ", ".join(sorted(said)) if isinstance(said, set) else str(said),
)
def test_each_rule_both_ways(review: Review, changes: dict[str, Any], fields: set[str]) -> None:
    assert fields_of(review, **changes) == fields


def test_the_small_review_breaks_no_rule(review: Review) -> None:
    assert list(check_outcomes(review)) == []


def test_a_row_that_says_another_once_more_is_named(repository: Repository) -> None:
    first = next(row for row in OUTCOMES if row["measure"] == "HR")
    for name, changes in (("again", {}), ("later", {"value": "0.71"}), ("elsewhere", {"basis": "secondary"})):
        add_row(repository, "outcomes", first | _WHERE | {"outcome": f"roe-2019--{name}"} | changes)
    found = [str(problem) for problem in check_outcomes(load_review(repository))]
    assert len(found) == 1 and f"roe-2019--again is {first['outcome']} once more; delete" in found[0], found


@pytest.mark.parametrize(
    ("older", "said"),
    [("roe-2019--os", ""), ("roe-2019--pain", "is of pain (treatment), this row of os (treatment)")],
)
def test_a_result_replaces_one_of_the_same_endpoint(repository: Repository, older: str, said: str) -> None:
    first = next(row for row in OUTCOMES if row["measure"] == "HR")
    newer = {"outcome": "roe-2019--newer", "value": "0.71", "supersedes": older}
    add_row(repository, "outcomes", first | _WHERE | newer)
    found = "".join(str(problem) for problem in check_outcomes(load_review(repository)))
    assert said in found and bool(said) == bool(found), found


@pytest.mark.parametrize(
    ("table", "column", "value", "said"),
    [
        ("studies", "year", "2009", "year: 2009 is no year of its papers, 2019"),
        ("outcomes", "data_cutoff", "2020-05", "lies after the year of Roe2019trial, 2019"),
    ],
)
def test_years_fit_the_papers(repository: Repository, table: str, column: str, value: str, said: str) -> None:
    rows = {"studies": STUDIES, "outcomes": OUTCOMES}[table]
    at = next(i for i, row in enumerate(rows) if row["citekey"] == "Roe2019trial")
    set_cell(repository, table, at, column, value)
    assert said in "\n".join(str(problem) for problem in check_studies_of(load_review(repository)))


@pytest.mark.parametrize(("events", "said"), [("12", True), ("13", True), ("11", False)])
def test_a_part_is_smaller_than_the_whole(
    repository: Repository, reread: Callable[[], Review], events: str, said: bool
) -> None:
    """Deaths of any cause that were read as deaths from treatment: the broader endpoint has the same count."""
    replace(
        repository.vocabulary,
        "  orr: {label: Objective response}",
        "  orr: {label: Objective response}\n  cr: {label: Complete response, broader: orr}",
    )
    whole = next(row for row in OUTCOMES if row["outcome"] == "roe-2019--orr")
    part = whole | {"outcome": "roe-2019--cr", "endpoint": "cr", "value": "", "events": events}
    part |= {"basis": "abstract", "address": "https://example.org/trial", "read_on": "2026-01-15", "place": "abstract"}
    add_row(repository, "outcomes", part)
    assert ["of roe-2019--orr" in problem.message for problem in check_studies_of(reread())] == [True] * said


def test_a_wider_level_is_read_as_a_larger_error(review: Review) -> None:
    outcome: Outcome = review.outcomes["poe-2018--os-lm"]
    assert [found[0] for rule in RULES for found in rule(outcome.model_copy(update={"p": "0.38"}))] == ["p"]
    wider = outcome.model_copy(update={"p": "0.38", "ci_level": Printed("50")})
    assert not [found for rule in RULES for found in rule(wider)]
