"""What is like the included comes first, with the words that say so; the measure says how well, and how well it could."""

import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from livrev.records.review import Review
from livrev.records.search_log import Screened
from livrev.update.ranking import Decision, decisions_of, train_ranker

sys.path.append(str(Path(__file__).parent.parent / "benchmarks"))
from ranking_quality import cross_validate, measure_ranking

GARDEN = [
    *(
        Decision(f"Cress against leafoma, trial {name}", True)
        for name in ("one", "two", "three", "four", "five", "six")
    ),
    *(Decision(f"Mowing the lawn in {name}", False) for name in ("May", "June", "July", "August", "spring", "autumn")),
]


def test_the_likest_comes_first_and_says_why() -> None:
    ranker = train_ranker(GARDEN)
    assert ranker is not None
    cress, lawn, neither = ranker.rank(["A new trial of cress", "The lawn in winter", "Stamps"])
    assert cress.score > neither.score > lawn.score
    assert "cress (+)" in cress.why and "trial (+)" in cress.why
    assert lawn.why[0] == "lawn (-)"
    assert neither.why == ()
    assert ranker.rank([]) == []


def test_the_order_of_the_log_makes_no_difference() -> None:
    one, other = train_ranker(GARDEN), train_ranker(GARDEN[::-1])
    texts = ["cress and lawn", "a trial", "mowing leafoma"]
    assert one is not None and other is not None
    assert one.rank(texts) == other.rank(texts)


def test_from_too_few_decisions_nothing_is_learnt() -> None:
    assert train_ranker(GARDEN[:6]) is None
    assert train_ranker(GARDEN[2:10]) is None


def test_what_was_not_read_or_repeats_another_teaches_nothing() -> None:
    row = Screened(record="a", title="Cress", stage="title", decision="include", reason="eligible")
    changes: list[dict[str, str | None]] = [
        {},
        {"decision": "exclude", "reason": "not-found"},
        {"decision": "duplicate", "reason": "duplicate-report"},
        {"decision": "unsure", "reason": "not-clear"},
        {"title": None},
        {"record": "b", "decision": "exclude", "reason": "review"},
    ]
    log = [row.model_copy(update=changed) for changed in changes]
    assert decisions_of(log) == [Decision("Cress", True), Decision("Cress", False)]


def test_the_measure_by_hand() -> None:
    included = np.array([True, False, True, False, False, False, False, False, False, False])
    scores = np.array([0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1, 0.0])
    measured = measure_ranking(scores, included)
    assert measured.recall == {10: 0.5, 20: 0.5, 50: 1.0}
    assert measured.best == {10: 0.5, 20: 1.0, 50: 1.0}
    assert measured.saved == pytest.approx(0.65)  # three of ten were read to meet both
    assert measured.saved_best == pytest.approx(0.75)


def test_equal_scores_count_as_the_worst_order() -> None:
    included = np.array([True] * 5 + [False] * 5)
    measured = measure_ranking(np.zeros(10), included)
    assert measured.recall[50] == 0.0 and measured.saved == pytest.approx(-0.05)


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=2).filter(lambda x: any(i for _, i in x)))
def test_no_ranking_beats_the_best(pairs: list[tuple[float, bool]]) -> None:
    scores, included = np.array([s for s, _ in pairs]), np.array([i for _, i in pairs])
    measured = measure_ranking(scores, included)
    assert all(0 <= measured.recall[share] <= measured.best[share] for share in measured.recall)
    assert -0.05 - 1e-9 <= measured.saved <= measured.saved_best + 1e-9


def test_a_text_is_scored_by_a_model_that_did_not_see_it() -> None:
    decisions = [Decision(f"word{n}", n % 2 == 0) for n in range(40)]
    scores = cross_validate(decisions)
    assert len(set(np.round(scores, 6))) <= 10  # unknown words: every fold gives its own base rate, and nothing more


def test_the_real_log_is_ranked_better_than_by_lot(real_review: Review) -> None:
    decisions = decisions_of(real_review.screening.values())
    included = np.array([decision.included for decision in decisions])
    measured = measure_ranking(cross_validate(decisions), included)
    assert measured.recall[10] > 0.13 and measured.recall[20] > 0.25 and measured.recall[50] > 0.6
    assert 0.1 < measured.saved < measured.saved_best
