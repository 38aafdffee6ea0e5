"""Few trials: the posterior against R's own integration, and the smallest effect seen against integration and simulation."""

import json
import math
from pathlib import Path

import numpy as np
import pytest

from livrev.stats.effect_sizes import IDENTITY, LOG, Effect
from livrev.stats.few_trials import as_risk_ratio, e_value, pool_with_prior, power_of_pool, smallest_detectable
from livrev.stats.pooling import pool_effects

REFERENCE = json.loads((Path(__file__).parent / "metafor" / "bayes.json").read_text(encoding="utf-8"))


def effects(estimates, errors):
    return [Effect(f"S{i}", y, s) for i, (y, s) in enumerate(zip(estimates, errors, strict=True))]


@pytest.mark.parametrize("case", REFERENCE["cases"], ids=lambda case: f"{len(case['y'])}-{case['scale']}")
def test_the_posterior_agrees_with_an_integration_in_r(case):
    pool, theirs = (
        pool_with_prior(effects(case["y"], case["s"]), scale=IDENTITY, prior_scale=case["scale"]),
        case["expected"],
    )
    ours = {
        "median": pool.value, "low": pool.interval[0], "high": pool.interval[1], "below": pool.probability_below(0),
        "below_far": pool.probability_below(math.log(0.8)),
    }  # fmt: skip
    assert ours == pytest.approx({name: theirs[name] for name in ours}, rel=1e-6, abs=1e-6)


def test_the_posterior_agrees_with_a_plain_grid_of_mean_and_tau():
    y, s, scale = np.array([-0.4, -0.1, -0.3]), np.array([0.15, 0.2, 0.3]), 0.5
    mean, tau = np.arange(-4, 3.5, 0.0025) + 0.00125, np.linspace(0, 5, 2501)  # 0 is the edge of two cells
    log = -0.5 * (tau[:, None] / scale) ** 2 + np.zeros(len(mean))
    for estimate, error in zip(y, s, strict=True):
        variance = error**2 + tau[:, None] ** 2
        log -= 0.5 * (np.log(variance) + (estimate - mean) ** 2 / variance)
    joint = np.exp(log - log.max())
    joint[0] /= 2  # trapezium
    share = joint[:, mean < 0].sum() / joint.sum()
    assert pool_with_prior(effects(y, s), scale=IDENTITY, prior_scale=scale).probability_below(0) == pytest.approx(
        share, abs=2e-4
    )


def test_a_ratio_is_given_on_its_own_scale():
    some = effects([-0.4, -0.2], [0.12, 0.15])
    ratio, log = pool_with_prior(some, scale=LOG), pool_with_prior(some, scale=IDENTITY)
    assert ratio.interval == pytest.approx([math.exp(bound) for bound in log.interval])
    assert ratio.probability_below(0.9) == log.probability_below(math.log(0.9))


def test_a_narrow_prior_leads_to_the_common_effect():
    some = effects([-0.4, -0.1, -0.3], [0.15, 0.2, 0.3])
    pool, common = pool_with_prior(some, scale=IDENTITY, prior_scale=1e-6), pool_effects(some, scale=IDENTITY).common
    assert (pool.value, *pool.interval) == pytest.approx((common.value, common.low, common.high), abs=1e-6)


@pytest.mark.parametrize(("some", "prior", "said"), [([], 0.5, "no effects"), (effects([0], [1]), 0, "above 0")])
def test_what_cannot_be_pooled_is_refused(some, prior, said):
    with pytest.raises(ValueError, match=said):
        pool_with_prior(some, scale=IDENTITY, prior_scale=prior)


@pytest.mark.parametrize("case", REFERENCE["detectable"], ids=lambda case: f"{case['k']}-{case['power']}")
def test_the_smallest_effect_agrees_with_an_integration_in_r(case):
    assert smallest_detectable(0.2, case["k"], power=case["power"]) == pytest.approx(0.2 * case["effect"], rel=1e-5)


def test_a_simulation_finds_the_smallest_effect_as_often_as_said():
    rng = np.random.default_rng(20261127)
    errors, k = np.array([0.1, 0.2, 0.15]), 3
    se = float((errors**-2).sum() ** -0.5)
    effect = smallest_detectable(se, k)
    y = rng.normal(effect, errors, (200_000, k))
    weights = errors**-2 / (errors**-2).sum()
    mean = y @ weights
    spread = np.sqrt(((y - mean[:, None]) ** 2 / errors**2).sum(axis=1) / (k - 1))
    found = np.abs(mean) > 4.302653 * se * np.maximum(1, spread)
    assert found.mean() == pytest.approx(0.8, abs=0.005)


def test_without_an_effect_a_pool_finds_less_than_its_level():
    assert power_of_pool(0, 1) == pytest.approx(0.05)
    assert power_of_pool(0, 3) < 0.02


def test_two_studies_hardly_see_anything():
    assert smallest_detectable(0.1, 2) > 3 * smallest_detectable(0.1, 1)


@pytest.mark.parametrize(("se", "k", "power"), [(0, 3, 0.8), (0.1, 0, 0.8), (0.1, 3, 1), (0.1, 3, 0.01)])
def test_what_is_no_pool_has_no_power(se, k, power):
    with pytest.raises(ValueError, match="a pool has"):
        smallest_detectable(se, k, power=power)


# E-values: what an unmeasured confounder would have to be


@pytest.mark.parametrize("ratio", [1.2, 2.0, 3.9, 0.5])
def test_a_confounder_as_strong_as_the_e_value_explains_just_the_ratio(ratio):
    """The largest bias that a confounder makes is a·b/(a + b - 1) (Ding and VanderWeele 2016)."""
    e = e_value(ratio, ratio, ratio).estimate
    assert e * e / (2 * e - 1) == pytest.approx(max(ratio, 1 / ratio))


def test_an_interval_that_holds_1_needs_no_confounder():
    assert e_value(0.8, 0.6, 1.1).limit == 1


def test_the_limit_nearer_to_1_counts():
    assert e_value(0.5, 0.3, 0.8).limit == pytest.approx(e_value(0.8, 0.8, 0.8).estimate)
    assert e_value(2, 1.5, 3).limit == pytest.approx(e_value(1.5, 1.5, 1.5).estimate)


def test_protection_and_harm_mirror_each_other():
    assert e_value(0.5, 0.4, 0.6).estimate == pytest.approx(e_value(2, 1.5, 3).estimate)
    assert as_risk_ratio(0.5) == pytest.approx(1 / as_risk_ratio(2))


def test_common_outcomes_pull_ratios_towards_1():
    assert as_risk_ratio(2) == pytest.approx((1 - 0.5 ** math.sqrt(2)) / (1 - 0.5 ** math.sqrt(0.5)))
    assert as_risk_ratio(1) == 1 < as_risk_ratio(2) < 2


@pytest.mark.parametrize("numbers", [(0, 0.1, 1), (1, 2, 3), (2, 1, 1.5), (-1, -2, 3), (2, 1, math.inf)])
def test_what_is_no_ratio_is_refused(numbers):
    with pytest.raises(ValueError, match="no ratio"):
        e_value(*numbers)
