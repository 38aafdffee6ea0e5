"""A number that changes after two people read it is found, whichever number of the row it is."""

import pytest
from small_review import add_row, set_cell

from livrev.checks.readings import check_readings, check_verdict_readings
from livrev.paths import Repository
from livrev.records.review import Review, load_review, read_review


def said(repository: Repository) -> list[str]:
    review, _ = read_review(repository)
    assert review is not None
    return [str(problem) for problem in check_readings(review)]


def test_the_results_of_the_review_are_as_they_were_read(real_review: Review, repository: Repository) -> None:
    assert list(check_readings(real_review)) == [] == list(check_readings(load_review(repository)))


@pytest.mark.parametrize("settled", ["same", "first", "second"])
def test_a_digit_that_changed_is_found(repository: Repository, settled: str) -> None:
    set_cell(repository, "readings", 0, "settled", settled)
    set_cell(repository, "outcomes", 1, "value", "31")
    found = said(repository)
    assert len(found) == (2 if settled == "same" else 1)
    assert (
        "data/readings.csv:2 value: 30 was read for roe-2019--orr, whose value is now 31; read the source again"
        in found[0]
    )


def test_bounds_and_counts_are_held_too(repository: Repository) -> None:
    for field, number in {"ci_low_1": "0.50", "ci_low_2": "0.50", "events_1": "7", "events_2": "7"}.items():
        set_cell(repository, "readings", 1, field, number)
    set_cell(repository, "outcomes", 0, "ci_low", "0.51")
    found = said(repository)
    assert any("ci_low: 0.50 was read" in one for one in found)
    assert any("events: 7 was read" in one and "is now empty" in one for one in found)


def test_the_reading_that_was_put_aside_holds_nothing(repository: Repository) -> None:
    set_cell(repository, "outcomes", 0, "value", "0.71")  # which the second reading says; the first was settled on
    assert any("value: 0.70 was read for roe-2019--os" in one for one in said(repository))
    set_cell(repository, "readings", 1, "settled", "second")
    assert said(repository) == []


def test_what_one_reading_alone_saw_may_stay_out_of_the_row(repository: Repository) -> None:
    set_cell(repository, "readings", 0, "events_2", "5")
    set_cell(repository, "outcomes", 1, "events", "")
    assert said(repository) == []


def of_verdicts(repository: Repository, *rows: dict[str, str]) -> list[str]:
    for row in rows:
        add_row(repository, "verdict_readings", row)
    return [str(problem) for problem in check_verdict_readings(load_review(repository))]


BOTH = {"finding": "cress-01", "first": "confirmed", "second": "confirmed", "settled": "confirmed"}
ONCE = {
    "finding": "cress-02",
    "first": "not-verifiable",
    "settled": "not-verifiable",
    "remark": "entered later; read once",
}


def test_a_verdict_on_no_finding_is_named(repository: Repository) -> None:
    add_row(repository, "verdict_readings", BOTH | {"finding": "weed-01"})
    assert "verdict_readings.csv:2 finding: weed-01 is not known" in str(read_review(repository)[1][0])


def test_a_finding_without_a_row_is_named(repository: Repository) -> None:
    assert any("cress-01 has no row" in problem for problem in of_verdicts(repository, ONCE))


def test_verdicts_stand_as_they_were_settled(repository: Repository, real_review: Review) -> None:
    assert of_verdicts(repository) == []  # nobody read them twice
    assert of_verdicts(repository, BOTH, ONCE) == [] == list(check_verdict_readings(real_review))


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (
            BOTH | {"settled": "imprecise", "second": "imprecise"},
            "imprecise is not the verdict of cress-01, confirmed",
        ),
        (BOTH | {"first": "opinion", "second": "imprecise"}, "or neither reading gave it"),
        (BOTH | {"second": "imprecise"}, "remark: is empty where the readings differ"),
        (BOTH | {"second": ""}, "remark: is empty where the readings differ"),
    ],
)
def test_a_verdict_that_does_not_fit_its_readings_is_found(
    repository: Repository, row: dict[str, str], said: str
) -> None:
    assert any(said in problem for problem in of_verdicts(repository, row, ONCE))
