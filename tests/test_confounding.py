"""E-values: what an unmeasured confounder would have to be, checked by the bias that such a confounder makes."""

import math

import pytest

from livrev.stats.few_trials import e_value


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
    for measure in ("RR", "OR", "HR"):
        assert e_value(0.5, 0.4, 0.6, measure=measure).estimate == pytest.approx(
            e_value(2, 1.5, 3, measure=measure).estimate
        )


def test_common_outcomes_pull_ratios_towards_1():
    assert e_value(4, 2, 8, measure="OR").estimate == pytest.approx(e_value(2, 1, 3).estimate)
    hr = (1 - 0.5 ** math.sqrt(2)) / (1 - 0.5 ** math.sqrt(0.5))
    assert e_value(2, 1.5, 3, measure="HR").estimate == pytest.approx(e_value(hr, hr, hr).estimate)
    assert e_value(2, 1.5, 3, measure="HR", common_outcome=False) == e_value(2, 1.5, 3)


@pytest.mark.parametrize("numbers", [(0, 0.1, 1), (1, 2, 3), (2, 1, 1.5), (-1, -2, 3), (2, 1, math.inf)])
def test_what_is_no_ratio_is_refused(numbers):
    with pytest.raises(ValueError, match="no ratio"):
        e_value(*numbers)
