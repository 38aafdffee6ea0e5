"""Two estimates against each other, by hand and as a network of two studies gives them."""

import math

import pytest

from livrev.stats.comparisons import compare_effects
from livrev.stats.effect_sizes import LOG, Effect
from livrev.stats.network import fit_network
from livrev.stats.network_studies import Contrast

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
