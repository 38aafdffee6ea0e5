"""Pooling, held against metafor (R) on pinned cases, against PyMARE, and at its edges.

metafor and livrev agree to 1e-6 (effects) and 1e-4 (proportions, whose likelihood is climbed step by step), but for
what metafor/README.md explains: two studies have no prediction interval here; leaving one of two out leaves nothing to
say of heterogeneity; where the restricted likelihood has two peaks, livrev takes the higher and metafor may stop at the
lower; where studies have either no events or nothing else, livrev refuses and metafor's optimiser stops somewhere.
"""

import csv
import math
import warnings
from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from metafor.agreement import CASES, REFERENCE, VALIDATION, analyse_case, compare, largest_differences

from livrev.stats.additional_analyses import accumulate, compare_subgroups, leave_one_out, regress_on_precision
from livrev.stats.effect_sizes import IDENTITY, LOG, Effect, effect_from_interval, normal_quantile
from livrev.stats.pool_report import as_data
from livrev.stats.pooling import Pool, estimate_reml, modified_interval, pool_effects, restricted_likelihood
from livrev.stats.proportions import Count, pool_proportions

EFFECTS = [case for case in CASES if case["measure"] != "proportion" and case["kind"] != "two-peaks"]
COUNTS = [case for case in CASES if case["measure"] == "proportion" and not case["expected"].get("refused")]
TWO_PEAKS = [case for case in CASES if case["kind"] == "two-peaks"]
NEAR_ZERO = ("i2", "leave-one-out i2")


def name(case: dict[str, str]) -> str:
    return case["id"]


def effects(*pairs: tuple[float, float]) -> list[Effect]:
    return [Effect(f"study {i}", estimate, se) for i, (estimate, se) in enumerate(pairs, 1)]


def counts(*pairs: tuple[int, int]) -> list[Count]:
    return [Count(f"study {i}", events, total) for i, (events, total) in enumerate(pairs, 1)]


def on_log(some: list[Effect]) -> Pool:
    return pool_effects(some, scale=LOG)


# Against metafor


@pytest.mark.parametrize("case", EFFECTS, ids=name)
def test_effects_agree_with_metafor(case):
    for pair in compare(case, analyse_case(case)):
        # I² follows tau², which metafor leaves within 1e-12 of 0 and livrev at 0.
        assert pair.difference < (1e-4 if pair.quantity in NEAR_ZERO else 1e-6), pair


@pytest.mark.parametrize("case", COUNTS, ids=name)
def test_proportions_agree_with_rma_glmm(case):
    for pair in compare(case, analyse_case(case)):
        assert pair.difference < 1e-4, pair


@pytest.mark.parametrize("case", COUNTS, ids=name)
def test_proportions_agree_with_the_defaults_of_rma_glmm(case):
    """The defaults of glmer stop early, by up to 1e-4; in one case with 0 of 10, 5 of 10 and 10 of 10 by 5e-4."""
    found = as_data(analyse_case(case))
    tolerance = 1e-3 if case["events"] == [0, 5, 10] else 1e-4
    for key in ("value", "ci_low", "ci_high"):
        assert found[key] == pytest.approx(case["expected"]["default"][key], rel=tolerance)


@pytest.mark.parametrize("case", TWO_PEAKS, ids=name)
def test_the_higher_of_two_peaks_is_taken(case):
    found, expected = as_data(analyse_case(case)), case["expected"]
    estimates = np.array(case["value"])
    variances = ((np.array(case["ci_high"]) - np.array(case["ci_low"])) / (2 * normal_quantile(95))) ** 2
    ours, theirs = restricted_likelihood(estimates, variances, np.array([found["tau2"], expected["tau2"]]))
    same = found["tau2"] == pytest.approx(expected["tau2"], rel=1e-6)
    assert same or ours > theirs + 0.01
    if same:
        assert all(pair.difference < 1e-6 for pair in compare(case, analyse_case(case)) if "leave" not in pair.quantity)


def test_the_reference_is_wide():
    assert len(EFFECTS) + len(COUNTS) >= 220
    assert {"R", "metafor", "lme4"} <= REFERENCE["versions"].keys()
    kinds = Counter(case["kind"] for case in CASES)
    assert {"levels", "huge", "equal", "subgroups", "empty-cells", "count-subgroups"} <= kinds.keys()
    sizes = {len(case.get("value", ())) for case in CASES}
    assert {2, 3, 10, 40} <= sizes


def test_the_book_says_how_closely_they_agree():
    """Every line of the validation page is a quantity that was compared so often and never differed by more."""
    with VALIDATION.open(encoding="utf-8", newline="") as file:
        said = {
            (row["family"], row["quantity"]): (int(row["compared"]), int(row["digits"])) for row in csv.DictReader(file)
        }
    found = largest_differences()
    assert said.keys() == found.keys()
    for key, (worst, count) in found.items():
        assert said[key][0] == count, key
        assert worst <= 10.0 ** -said[key][1], key
    assert min(digits for _, digits in said.values()) >= 4


# Against PyMARE


@pytest.mark.parametrize("case", [case for case in EFFECTS if case["kind"] == "spread"][::6], ids=name)
def test_a_second_engine_agrees(case):
    with warnings.catch_warnings():
        # PyMARE leaves a file of its own open while it is imported.
        warnings.simplefilter("ignore")
        from pymare import Dataset
        from pymare.estimators import DerSimonianLaird, VarianceBasedLikelihoodEstimator
    analysis = analyse_case(case)
    y = np.array([[effect.estimate] for effect in analysis.studies.effects])
    v = np.array([[effect.se**2] for effect in analysis.studies.effects])
    unit = float(np.median(v))
    data = Dataset(y=y / math.sqrt(unit), v=v / unit)
    reml = VarianceBasedLikelihoodEstimator(method="REML").fit_dataset(data).summary()
    assert float(reml.tau2.squeeze()) * unit == pytest.approx(analysis.pool.tau2, rel=1e-2, abs=1e-3 * unit)
    estimate = float(reml.get_fe_stats()["est"].squeeze()) * math.sqrt(unit)
    assert estimate == pytest.approx(analysis.pool.estimate, abs=0.01 * analysis.pool.se)
    assert float(reml.get_heterogeneity_stats()["Q"].squeeze()) == pytest.approx(analysis.pool.q, rel=1e-6)
    laird = DerSimonianLaird().fit_dataset(data).summary()
    found = analysis.studies.scale.back(float(laird.get_fe_stats()["est"].squeeze()) * math.sqrt(unit))
    assert found == pytest.approx(analysis.pool.dersimonian_laird.value, rel=1e-9)


# Edges


def test_one_study_stands_for_itself():
    pool = on_log(effects((math.log(0.8), 0.1)))
    assert pool.value == pytest.approx(0.8)
    assert pool.hk_modified_ci == pool.wald == pytest.approx((0.8 * math.exp(-0.196), 0.8 * math.exp(0.196)), rel=1e-4)
    assert (pool.tau2, pool.q, pool.i2, pool.prediction, pool.hk_ci) == (None,) * 5


def test_two_studies_have_no_prediction_interval():
    pool = on_log(effects((-0.2, 0.1), (-0.4, 0.1)))
    assert pool.prediction is None
    assert pool.hk_modified_ci[0] < pool.wald[0] < pool.value < pool.wald[1] < pool.hk_modified_ci[1]


def test_equal_values_give_no_heterogeneity_and_no_empty_interval():
    pool = on_log(effects((-0.3, 0.1), (-0.3, 0.2), (-0.3, 0.4)))
    assert pool.tau2 == pool.i2 == pool.q == 0
    assert pool.tau2_interval == (0, 0)
    assert pool.value == pytest.approx(math.exp(-0.3))
    assert pool.hk_ci == pytest.approx((pool.value, pool.value))
    assert pool.hk_modified_ci[0] < pool.wald[0]


def test_one_huge_study_decides_the_common_effect_not_the_random_one():
    pool = on_log(effects((0.0, 0.001), (-1.0, 0.2), (-0.9, 0.2), (-1.1, 0.2)))
    assert pool.common.value == pytest.approx(1, abs=1e-3)
    assert pool.value < 0.6
    assert max(pool.weights) < 40


def test_studies_in_different_units_are_refused():
    with pytest.raises(ValueError, match="another unit"):
        on_log(effects((0.0, 1e-9), (-1.0, 0.2)))


def test_nothing_to_pool():
    with pytest.raises(ValueError, match="no effects"):
        on_log([])
    with pytest.raises(ValueError, match="no counts"):
        pool_proportions([])


PAIRS = st.lists(st.tuples(st.floats(-3, 3), st.floats(0.02, 2)), min_size=2, max_size=12)


@settings(max_examples=60)
@given(PAIRS)
def test_the_modified_interval_is_never_narrower(pairs):
    pool = on_log(effects(*pairs))
    slack = 1e-9 * pool.value
    for inner in (pool.wald, pool.hk_ci):
        assert pool.hk_modified_ci[0] <= inner[0] + slack and inner[1] <= pool.hk_modified_ci[1] * (1 + 1e-9)
    assert sum(pool.weights) == pytest.approx(100)
    low, high = pool.tau2_interval
    assert 0 <= low <= high


@settings(max_examples=40)
@given(PAIRS, st.sampled_from([1e-8, 1e-4, 0.3, 7.0, 1e4]))
def test_the_unit_of_measure_does_not_matter(pairs, unit):
    plain = pool_effects(effects(*pairs), scale=IDENTITY)
    scaled = pool_effects(effects(*((y * unit, se * unit) for y, se in pairs)), scale=IDENTITY)
    reach = plain.hk_modified_ci[1] - plain.hk_modified_ci[0]
    assert scaled.value / unit == pytest.approx(plain.value, abs=1e-6 * reach)
    assert scaled.hk_modified_ci[1] / unit == pytest.approx(plain.hk_modified_ci[1], abs=1e-6 * reach)
    assert scaled.tau2 / unit**2 == pytest.approx(plain.tau2, rel=1e-5, abs=1e-8)


@settings(max_examples=40)
@given(PAIRS)
def test_inverting_every_ratio_inverts_the_pool(pairs):
    straight, inverted = on_log(effects(*pairs)), on_log(effects(*((-y, se) for y, se in pairs)))
    assert inverted.value == pytest.approx(1 / straight.value, rel=1e-6)
    assert inverted.hk_modified_ci[0] == pytest.approx(1 / straight.hk_modified_ci[1], rel=1e-5)


def test_the_standard_error_follows_the_level():
    at_95 = effect_from_interval("A", 0.8, 0.6, 1.07, scale=LOG)
    at_99 = effect_from_interval("A", 0.8, 0.6, 1.07, scale=LOG, level=99)
    assert at_95.se == pytest.approx(math.log(1.07 / 0.6) / 3.919928)
    assert at_99.se == pytest.approx(math.log(1.07 / 0.6) / 5.151659)


def test_a_rounded_value_stays_the_centre():
    effect = effect_from_interval("A", 0.5, 0.3, 0.9, scale=LOG)
    assert effect.estimate == math.log(0.5)
    assert effect.se == pytest.approx(math.log(3) / 3.919928)


@pytest.mark.parametrize(
    ("numbers", "level", "said"),
    [
        ((0.0, 0.0, 1.0), 95, "above 0"),
        ((2.0, 0.5, 1.5), 95, "does not hold the value"),
        ((1.0, 1.5, 0.5), 95, "below the upper"),
        ((1.0, 1.0, 1.0), 95, "below the upper"),
        ((1e300, 1e299, 1e301), 95, "change the unit"),
        ((math.nan, 0.5, 1.5), 95, "finite"),
        ((1.0, 0.5, 1.5), 0.95, "in percent, as 95"),
        ((1.0, 0.5, 1.5), 100, "below 100"),
    ],
)
def test_what_is_no_effect_is_refused(numbers, level, said):
    with pytest.raises(ValueError, match=said):
        effect_from_interval("A", *numbers, scale=LOG, level=level)


# Proportions


def test_equal_shares_are_their_own_pool():
    """metafor's optimiser stops with an error here; the answer is plain."""
    pool = pool_proportions(counts((5, 20), (10, 40), (20, 80)))
    assert pool.value == pytest.approx(0.25)
    assert (pool.tau2, pool.i2) == (0, 0)
    assert pool.q == pytest.approx(0, abs=1e-9)


def test_one_count_stands_for_itself():
    pool = pool_proportions(counts((3, 20)))
    assert pool.value == pytest.approx(0.15)
    assert pool.tau2 is None
    assert 0 < pool.hk_modified_ci[0] < 0.15 < pool.hk_modified_ci[1] < 1


@pytest.mark.parametrize(
    ("pairs", "said"),
    [
        (((0, 10), (0, 12)), "no study has an event.*0 of 22.*0 to 0.15"),
        (((10, 10), (12, 12)), "every patient.*22 of 22"),
        (((0, 10), (12, 12)), "^each study has either no events or nothing else.*12 of 22"),
        (((4, 4), (3, 3), (3, 3), (1, 8), (0, 3), (5, 5), (7, 7), (0, 5)), "^nearly every study.*no usable estimate"),
    ],
)
def test_counts_without_an_estimate_are_refused_with_the_exact_interval(pairs, said):
    with pytest.raises(ValueError, match=said):
        pool_proportions(counts(*pairs))


def test_a_wide_spread_is_climbed_to_the_top():
    """`rma.glmm` gives 3.2337628 and 5.9453667 with tolPwrss at 1e-12; with its default, 3.2351 and 5.9465."""
    pool = pool_proportions(counts((40, 40), (25, 50), (50, 50), (1, 43)))
    assert pool.estimate == pytest.approx(3.2337628, rel=1e-6)
    assert math.sqrt(pool.tau2) == pytest.approx(5.9453667, rel=1e-6)


@settings(max_examples=40)
@given(st.lists(st.tuples(st.integers(0, 30), st.integers(1, 40)), min_size=2, max_size=8))
def test_events_and_their_absence_mirror_each_other(pairs):
    here = [(min(events, total), total) for events, total in pairs]
    try:
        straight = pool_proportions(counts(*here))
    except ValueError:
        with pytest.raises(ValueError, match="estimate"):
            pool_proportions(counts(*((total - events, total) for events, total in here)))
        return
    mirrored = pool_proportions(counts(*((total - events, total) for events, total in here)))
    assert 1 - mirrored.value == pytest.approx(straight.value, abs=1e-5)
    assert mirrored.tau2 == pytest.approx(straight.tau2, rel=1e-3, abs=1e-5)


# Without each, one more at a time, in groups, and by size


def test_leaving_one_out_keeps_the_order_and_pools_the_rest():
    some = effects((-0.5, 0.1), (-0.4, 0.1), (0.6, 0.1))
    steps = leave_one_out(some, on_log)
    assert [step.name for step in steps] == ["study 1", "study 2", "study 3"]
    assert steps[2].pool == on_log(some[:2])
    assert leave_one_out(some[:1], on_log) == ()


def test_leaving_one_out_says_where_nothing_can_be_pooled():
    steps = leave_one_out(counts((3, 20), (0, 10), (0, 12)), pool_proportions)
    assert steps[0].pool is None and "no study has an event" in steps[0].reason
    assert steps[1].pool is not None


def test_accumulating_ends_with_the_whole_pool():
    some = effects((-0.5, 0.1), (-0.4, 0.1), (0.6, 0.1))
    steps = accumulate(some, on_log)
    assert [step.pool.k for step in steps] == [1, 2, 3]
    assert steps[-1].pool == on_log(some)


def test_a_subgroup_of_one_takes_part_in_the_test_of_interaction():
    some = [Effect("A", -0.5, 0.1, "yes"), Effect("B", -0.5, 0.1, "yes"), Effect("C", 0.5, 0.1, "no")]
    found = compare_subgroups(some, on_log)
    assert [group.k for group in found.groups] == [2, 1]
    assert found.df == 1
    assert found.q == pytest.approx(1 / (0.005 + 0.01))
    assert found.p == pytest.approx(math.erfc(math.sqrt(found.q / 2)), rel=1e-6)


def test_one_subgroup_has_no_interaction():
    found = compare_subgroups(effects((-0.5, 0.1), (-0.4, 0.1)), on_log)
    assert (found.q, found.df, found.p) == (None, 0, None)


def test_egger_wants_ten_studies_that_differ():
    some = effects(*((0.1 * i, 0.1 + 0.02 * i) for i in range(10)))
    assert regress_on_precision(some[:9]) is None
    assert regress_on_precision(some).df == 8
    with pytest.raises(ValueError, match="Egger"):
        regress_on_precision(effects(*([(0.1, 0.2)] * 10)))


def test_a_second_peak_far_up_is_found():
    estimates = np.array([0.001, -5.751, -2.434, -2.899, -0.017])
    errors = np.array([0.245, 2.409, 5.088, 0.986, 0.116])
    assert estimate_reml(estimates, errors**2) == pytest.approx(3.17, abs=0.02)


def test_a_peak_beyond_the_ladder_is_found():
    estimates = np.array([0.0, 1.0, 5.0, 30.0])
    assert estimate_reml(estimates, np.full(4, 1e-10)) == pytest.approx(estimates.var(ddof=1), rel=1e-9)


@pytest.mark.parametrize("errors", [(0.1, 0.2), (0.1, 0.2, 0.15), (0.1, 0.1, 0.1, 0.3)])
def test_the_interval_alone_is_that_of_the_pool(errors):
    effects = [Effect(str(number), 0.1 * number**2 - 0.3, error) for number, error in enumerate(errors)]
    assert modified_interval(effects, scale=LOG) == pool_effects(effects, scale=LOG).hk_modified_ci
