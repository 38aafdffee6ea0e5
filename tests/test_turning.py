"""One more study would change a pooled answer with this result, and not with a milder one."""

import pytest
from small_review import add_pool

from livrev.frames.open_review import OpenReview
from livrev.paths import Repository
from livrev.records.review import Review, load_review
from livrev.review.pools import Pooled, pool_evidence
from livrev.review.sensitivity import turning_estimates, turning_point
from livrev.show.format import format_estimate
from livrev.stats.effect_sizes import Effect
from livrev.stats.pooling import pool_effects


def answer_with(pooled: Pooled, estimate: float, error: float) -> str:
    pool = pool_effects([*pooled.effects, Effect("one more", estimate, error)], scale=pooled.scale)
    return pooled.side(pool.hk_modified_ci)


@pytest.mark.parametrize("key", ["hcc-antivegf-os", "tace-pfs", "hcc-tki-orr"])
def test_just_there_the_answer_changes(real_review: Review, key: str) -> None:
    pooled = pool_evidence(real_review)[key]
    turn = turning_point(pooled)
    assert turn is not None and turn.se == min(effect.se for effect in pooled.effects)
    start = 0 if pooled.verdict == "across" else pooled.pool.estimate
    milder = turn.estimate + (0.01 if turn.estimate < start else -0.01)
    assert answer_with(pooled, turn.estimate, turn.se) != pooled.verdict == answer_with(pooled, milder, turn.se)


def test_a_pool_that_one_study_cannot_turn_has_no_such_result(real_review: Review) -> None:
    pooled = pool_evidence(real_review)["liver-ratio-os"]
    assert pooled.verdict == "across" and turning_point(pooled) is None
    names = {estimate.name for estimate in turning_estimates(real_review)}
    assert "pool.hcc-antivegf-os.turns" in names and "pool.liver-ratio-os.turns" not in names
    assert not any(name.startswith("pool.prognosis") for name in names)  # no treatment effect


def test_a_difference_turns_on_its_own_scale(repository: Repository) -> None:
    add_pool(repository)
    review = load_review(repository)
    pooled, [said] = pool_evidence(review)["pain"], turning_estimates(review)
    assert pooled.verdict == "below" and said.low is not None and said.low < said.value < 20
    turn = turning_point(pooled)
    assert turn is not None and said.value == turn.estimate > pooled.pool.value
    assert answer_with(pooled, turn.estimate, turn.se) == "across" != answer_with(pooled, turn.estimate - 0.05, turn.se)
    assert OpenReview(review).turning.loc["pain", "turns"] == format_estimate(said, "full")
