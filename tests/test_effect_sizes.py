"""Effects of two arms and of means, and the pools of them, equal to metafor's `escalc` and `rma` on pinned tables."""

import json
import math
from pathlib import Path

import numpy as np
import pytest
from metafor.agreement import rows_as_csv

from livrev.stats.effect_sizes import (
    LOG,
    MEASURES,
    Effect,
    compare_effects,
    effect_from_error,
    effect_from_means,
    effect_from_two_counts,
)
from livrev.stats.network import fit_network
from livrev.stats.network_studies import Contrast
from livrev.stats.pooling import pool_effects
from livrev.stats.study_table import read_studies

CASES = json.loads((Path(__file__).parent / "metafor" / "escalc.json").read_text(encoding="utf-8"))["cases"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['measure']}-{len(case['yi'])}")
def test_the_table_of_escalc_gives_what_escalc_and_rma_give(case):
    studies = read_studies("table.csv", rows_as_csv(case["columns"]), case["measure"])
    ours = np.array([(effect.estimate, effect.se**2) for effect in studies.effects])
    assert ours == pytest.approx(np.column_stack((case["yi"], case["vi"])), rel=1e-9, abs=1e-12)
    pool, theirs = pool_effects(studies.effects, scale=studies.scale), case["pool"]
    forward = MEASURES[case["measure"]].forward
    ours = np.array([forward(number) for number in (pool.value, *pool.hk_modified_ci, *pool.wald)])
    expected = [theirs[key] for key in ("estimate", "ci_low", "ci_high", "wald_low", "wald_high")]
    assert ours == pytest.approx(np.array(expected), rel=1e-6, abs=1e-6 * (expected[2] - expected[1]))
    assert pool.tau2 == pytest.approx(theirs["tau2"], rel=1e-4, abs=1e-6 * float(np.median(case["vi"])))


def test_the_cases_have_every_measure_and_empty_cells():
    assert {case["measure"] for case in CASES} == MEASURES.keys() - {"proportion"}
    tables = [case["columns"] for case in CASES if "ai" in case["columns"]]
    assert any(a == c == 0 for table in tables for a, c in zip(table["ai"], table["ci"], strict=True))
    assert any(a == n for table in tables for a, n in zip(table["ai"], table["n1i"], strict=True))


def test_a_risk_difference_is_worked_by_hand():
    effect = effect_from_two_counts("Roe", 15, 100, 10, 100, measure="RD")
    assert effect.estimate == pytest.approx(0.05)
    assert effect.se**2 == pytest.approx(0.15 * 0.85 / 100 + 0.1 * 0.9 / 100)


def test_a_ratio_of_two_arms_without_events_is_only_made_where_it_is_asked_for():
    with pytest.raises(ValueError, match="say nothing"):
        effect_from_two_counts("Roe", 0, 20, 0, 25)
    assert effect_from_two_counts("Roe", 0, 20, 0, 20, keep_uninformative=True).estimate == 0
    assert effect_from_two_counts("Roe", 0, 20, 0, 20, measure="RD").estimate == 0


@pytest.mark.parametrize(
    ("sd", "n", "said"), [(0, 20, "above 0"), (-1, 20, "above 0"), (3, 1, "too few"), (3, 0, "too few")]
)
def test_means_without_spread_or_patients_are_refused(sd, n, said):
    with pytest.raises(ValueError, match=said):
        effect_from_means("Roe", 5, sd, n, 6, 3, 2)


@pytest.mark.parametrize(("estimate", "se"), [(float("nan"), 1), (0, 0), (0, -1), (0, float("inf")), (0, 1e99)])
def test_an_estimate_without_a_usable_error_is_refused(estimate, se):
    with pytest.raises(ValueError, match=r"standard error|change the unit"):
        effect_from_error("Roe", estimate, se)


FIRST, SECOND = Effect("A", math.log(0.6), 0.1), Effect("B", math.log(0.9), 0.2)


def test_an_indirect_comparison_is_what_a_network_of_two_studies_says():
    found = compare_effects(FIRST, SECOND)
    network = fit_network(
        [Contrast("1", "A", "C", FIRST.estimate, FIRST.se), Contrast("2", "B", "C", SECOND.estimate, SECOND.se)],
        reference="B", scale=LOG,
    )  # fmt: skip
    row = network.estimates[0]
    assert found.interval(LOG) == pytest.approx((row.value, row.low, row.high))


def test_two_strata_are_compared_by_hand():
    found = compare_effects(FIRST, SECOND)
    se = math.sqrt(0.1**2 + 0.2**2)
    assert found.interval(LOG) == pytest.approx(tuple(0.6 / 0.9 * math.exp(z * 1.959964 * se) for z in (0, -1, 1)))


def test_the_other_way_round_is_the_inverse():
    here, there = compare_effects(FIRST, SECOND), compare_effects(SECOND, FIRST)
    value, low, high = here.interval(LOG)
    assert there.interval(LOG) == pytest.approx((1 / value, 1 / high, 1 / low))


def test_differences_are_subtracted():
    assert compare_effects(Effect("x", 3.0, 1.0), Effect("y", 1.0, 1.0)).estimate == 2
