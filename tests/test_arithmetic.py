"""The documents' arithmetic, computed again."""

import pytest
from small_review import set_cell

from livrev.checks.documents import check_arithmetic
from livrev.paths import Repository
from livrev.records.model import ArithmeticClaim
from livrev.records.review import Review, load_review

CLAIM = {"check": "sum", "finding": "cress-01", "a": "1", "b": "2", "printed": "3", "tolerance": "0", "reading": "?"}


@pytest.mark.parametrize(
    ("operation", "a", "b", "gives"),
    [
        ("percent-of", "12", "40", 30),
        ("share-of", "40", "30", 12),
        ("implied-total", "12", "30", 40),
        ("days-between", "2020-02-28", "2020-03-01", 2),
        ("days-between", "2020-03-01", "2020-02-28", -2),
    ],
)
def test_operations(operation: str, a: str, b: str, gives: float) -> None:
    assert ArithmeticClaim.model_validate(CLAIM | {"operation": operation, "a": a, "b": b}).expected == pytest.approx(
        gives
    )


def test_an_unknown_operation_is_refused() -> None:
    with pytest.raises(ValueError, match="input_value='guess'"):
        ArithmeticClaim.model_validate(CLAIM | {"operation": "guess"})


def test_what_is_printed_agrees_within_its_tolerance(repository: Repository, review: Review) -> None:
    assert [(c.expected, c.printed, c.agrees) for c in review.all(ArithmeticClaim)] == [(30.0, 30.0, True)]
    set_cell(repository, "arithmetic", 0, "printed", "31")
    assert [claim.agrees for claim in load_review(repository).all(ArithmeticClaim)] == [False]


@pytest.mark.parametrize(
    ("column", "value", "said"),
    [("b", "0", "cannot be computed"), ("a", "dozen", "cannot be computed")],
)
def test_a_check_that_cannot_be_done_is_named(repository: Repository, column: str, value: str, said: str) -> None:
    set_cell(repository, "arithmetic", 0, column, value)
    assert [problem.message[: len(said)] for problem in check_arithmetic(load_review(repository))] == [said]
