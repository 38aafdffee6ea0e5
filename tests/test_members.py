"""Reported results become members of a pool: counts, two arms, and two strata of one trial."""

import contextlib
import dataclasses
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from livrev.checks.pools import check_pools
from livrev.records.model import PoolPlan
from livrev.records.review import Review, Rows
from livrev.records.tables import check_foreign_keys
from livrev.review.pool_inputs import complement_effect, count_of, make_members
from livrev.review.pools import pool_evidence
from livrev.stats.effect_sizes import Effect, effect_from_two_counts


def record_of(review: Review, pool: str, **changes: Any) -> dict[str, Any]:
    return next(record for record in review.tables["pools"].records if record["pool"] == pool) | changes


def test_a_risk_ratio_is_worked_by_hand() -> None:
    effect = effect_from_two_counts("Roe", 15, 100, 10, 100)
    assert math.exp(effect.estimate) == pytest.approx(1.5)
    assert effect.se == pytest.approx(math.sqrt(1 / 15 - 1 / 100 + 1 / 10 - 1 / 100))


def test_an_odds_ratio_is_worked_by_hand() -> None:
    effect = effect_from_two_counts("Roe", 15, 100, 10, 100, measure="OR")
    assert math.exp(effect.estimate) == pytest.approx(15 * 90 / (85 * 10))
    assert effect.se == pytest.approx(math.sqrt(1 / 15 + 1 / 85 + 1 / 10 + 1 / 90))


def test_an_empty_cell_gets_a_half_as_metafor_gives_it() -> None:
    """metafor 3.8-1: escalc(measure="RR", ai=0, n1i=20, ci=3, n2i=25) gives yi -1.7323, vi 2.1996."""
    effect = effect_from_two_counts("Roe", 0, 20, 3, 25)
    assert (effect.estimate, effect.se**2) == pytest.approx((-1.7323, 2.1996), abs=5e-5)


@pytest.mark.parametrize("counts", [(0, 20, 0, 25), (20, 20, 25, 25), (21, 20, 3, 25), (1, 0, 3, 25), (-1, 9, 3, 25)])
def test_counts_that_say_nothing_are_refused(counts: tuple[int, int, int, int]) -> None:
    with pytest.raises(ValueError, match=r"no share|say nothing"):
        effect_from_two_counts("Roe", *counts)


@given(
    st.floats(-1, 1), st.floats(-1, 1), st.floats(0.05, 0.5), st.floats(0.05, 0.5)
)  # fmt: skip
def test_the_rest_of_a_trial_is_what_the_whole_was_made_of(a: float, b: float, se_a: float, se_b: float) -> None:
    """A whole made of two parts by inverse variance gives back the second part when the first is taken away."""
    weight_a, weight_b = se_a**-2, se_b**-2
    whole = Effect("Roe", (weight_a * a + weight_b * b) / (weight_a + weight_b), (weight_a + weight_b) ** -0.5)
    rest = complement_effect(Effect("Roe", a, se_a), whole)
    assert (rest.estimate, rest.se) == pytest.approx((b, se_b), rel=1e-6, abs=1e-6)


def test_a_stratum_as_precise_as_the_whole_is_refused() -> None:
    with pytest.raises(ValueError, match="not wider than that of the whole"):
        complement_effect(Effect("Roe", 0.0, 0.1), Effect("Roe", 0.0, 0.1))


def test_printed_strata_and_worked_out_ones_agree_where_both_are_known(real_review: Review) -> None:
    """ASTRUM-007 prints both strata; the ratio is the one over the other, with the variances added."""
    member = next(m for m in pool_evidence(real_review)["liver-ratio-os"].members if m.study.startswith("ASTRUM"))
    assert math.exp(member.effect.estimate) == pytest.approx(0.68 / 0.69)
    se = [math.log(high / low) / (2 * 1.959964) for low, high in ((0.43, 1.11), (0.55, 0.87))]
    assert member.effect.se == pytest.approx(math.hypot(*se), rel=1e-6)


def test_the_stratum_without_is_turned_round(real_review: Review) -> None:
    """STELLAR-303 prints the stratum without liver metastases (0.79) and the whole (0.80): with them it is above 0.80."""
    ratio = record_of(
        real_review, "liver-ratio-os", outcomes=("stellar-303--os-hr-no-liver-metastases-interim",),
        comparators=("stellar-303--os-hr-primary",),
    )  # fmt: skip
    (member,) = make_members(real_review, PoolPlan.model_validate(ratio))
    assert math.exp(member.effect.estimate) > 0.80 / 0.79


def test_events_printed_as_a_percentage_are_the_nearest_whole_number(real_review: Review) -> None:
    outcome = real_review.outcomes["cares-310--orr-pct-camrelizumab-rivoceranib-primary"]
    assert (outcome.events, count_of(outcome)) == (None, (68, 272))


@pytest.mark.parametrize(
    ("pool", "changes", "said"),
    [
        ("hcc-tki-orr", {"comparators": ("apollo--orr-pct-sorafenib-primary",)}, r"\d outcomes have 1 comparators"),
        ("rt-out-of-field-response", {"comparators": "x"}, "x is not in outcomes"),
        ("liver-ratio-os", {"comparators": ()}, "needs a comparator"),
        ("hcc-mono-os", {"comparators": "imbrave150--os-hr-update"}, "takes no comparator"),
        ("hcc-tki-os", {"measure": "proportion"}, "is no share of a stated total"),
        (
            "hcc-tki-orr",
            {"comparators": ("apollo--orr-pct-sorafenib-primary", "cares-310--orr-pct-sorafenib-primary", "x")},
            "of another study; write comparators in the order of outcomes",
        ),
        (
            "hcc-tki-orr",
            {"comparators": ("cares-310--orr-pct-camrelizumab-rivoceranib-primary",) * 3},
            "which is the same arm",
        ),
        ("rt-out-of-field-response", {}, ""),  # as it is nothing is wrong with it
        ("liver-ratio-os", {"other_stratum": "hbv"}, "are not of two of the strata liver-metastases, hbv and all"),
    ],
)
def test_a_pool_that_cannot_be_made_says_why(real_review: Review, pool: str, changes: Any, said: str) -> None:
    record = record_of(real_review, pool)
    if isinstance(one := changes.get("comparators"), str):  # the same for each
        changes = changes | {"comparators": (one,) * len(record["outcomes"])}
    record |= changes
    with pytest.raises(ValueError, match=said) if changes else contextlib.nullcontext():
        make_members(real_review, PoolPlan.model_validate(record))
    rows = Rows(real_review.tables["pools"].table, [record], [2])
    broken = dataclasses.replace(real_review, tables=real_review.tables | {"pools": rows})
    lost = check_foreign_keys(broken.tables, {name: name for name in broken.tables})
    found = [*(problem for problem in lost if problem.file == "pools"), *check_pools(broken)]
    assert bool(found) == bool(changes), "the checks are silent, or find fault with what is sound"
