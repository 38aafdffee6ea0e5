"""Agreement of two readings, by a worked example."""

import pytest
from small_review import add_row, set_cell

from livrev.paths import Repository
from livrev.records.review import Review, load_review
from livrev.review.agreement import agreement_estimates, agreements, compare_readings


def test_kappa_of_a_worked_example() -> None:
    # Two readers, fifty proposals: both yes 20, both no 15, yes/no 5, no/yes 10: 0.7 seen, 0.5 by chance, so 0.4.
    pairs = [("y", "y")] * 20 + [("n", "n")] * 15 + [("y", "n")] * 5 + [("n", "y")] * 10
    assert compare_readings("read", pairs, categorical=True).kappa == pytest.approx(0.4)


@pytest.mark.parametrize(
    ("pairs", "kappa"),
    [
        ([], 0.0),
        ([("a", "a")] * 3, 1.0),
        ([("a", "b"), ("b", "a")], -1.0),
        ([("a", "a"), ("b", "b")], 1.0),
        ([("a", "b")], 0.0),
    ],
)
def test_kappa_at_its_ends(pairs: list[tuple[str, str]], kappa: float) -> None:
    assert compare_readings("read", pairs, categorical=True).kappa == pytest.approx(kappa)


def test_pairs_are_counted_where_both_readers_saw_a_number(review: Review) -> None:
    found = agreements(review)
    value, low = found["value"], found["ci_low"]
    assert (value.pairs, value.same, value.kappa) == (2, 1, None)
    assert (low.pairs, low.same) == (0, 0)
    assert found["measure"].kappa == 1.0


def test_a_result_that_was_not_found_again_is_no_pair(repository: Repository) -> None:
    set_cell(repository, "readings", 1, "found", "no")
    assert agreements(load_review(repository))["value"].pairs == 1


def test_verdicts_read_twice_are_counted_and_those_read_once_are_not(repository: Repository) -> None:
    for finding, second in {"cress-01": "confirmed", "cress-02": ""}.items():
        row = {"finding": finding, "first": "confirmed", "second": second, "settled": "confirmed"}
        add_row(repository, "verdict_readings", row)
    found = {estimate.name: estimate.value for estimate in agreement_estimates(load_review(repository))}
    assert (found["verdicts.pairs"], found["verdicts.share"], found["verdicts.kappa"]) == (1, 100, 1)
    assert found["verdicts.turned"] == 0
