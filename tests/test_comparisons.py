"""Two estimates against each other, by hand and as a network of two studies gives them."""

import math

import pytest

from livrev.stats.comparisons import compare_effects
from livrev.stats.effect_sizes import IDENTITY, LOG, Effect
from livrev.stats.network import Contrast, fit_network

FIRST, SECOND = Effect("A", math.log(0.6), 0.1), Effect("B", math.log(0.9), 0.2)


def test_an_indirect_comparison_is_what_a_network_of_two_studies_says():
    found = compare_effects(FIRST, SECOND)
    network = fit_network(
        [Contrast("1", "A", "C", FIRST.estimate, FIRST.se), Contrast("2", "B", "C", SECOND.estimate, SECOND.se)],
        reference="B", scale=LOG,
    )  # fmt: skip
    row = network.estimates[0]
    assert (found.value, found.low, found.high) == pytest.approx((row.value, row.low, row.high))


def test_two_strata_are_compared_by_hand():
    found = compare_effects(FIRST, SECOND)
    se = math.sqrt(0.1**2 + 0.2**2)
    assert found.value == pytest.approx(0.6 / 0.9)
    assert (found.low, found.high) == pytest.approx(tuple(0.6 / 0.9 * math.exp(z * 1.959964 * se) for z in (-1, 1)))
    assert found.p == pytest.approx(math.erfc(abs(math.log(0.6 / 0.9)) / se / math.sqrt(2)))


def test_the_other_way_round_is_the_inverse():
    here, there = compare_effects(FIRST, SECOND), compare_effects(SECOND, FIRST)
    assert (there.value, there.low, there.high) == pytest.approx((1 / here.value, 1 / here.high, 1 / here.low))
    assert there.p == pytest.approx(here.p)


def test_differences_are_subtracted():
    assert compare_effects(Effect("x", 3.0, 1.0), Effect("y", 1.0, 1.0), scale=IDENTITY).value == 2
