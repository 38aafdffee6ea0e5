"""A ratio said in people, from the risk of a named arm."""

import pytest

from livrev.records.model import Estimate


def test_the_difference_is_what_the_ratio_makes_of_the_arm_it_is_applied_to(real_results: dict[str, Estimate]) -> None:
    results = real_results
    ratio, baseline = results["pool.hcc-antivegf-os"], results["outcome.imbrave150--os-rate12-sorafenib-primary"]
    without, treated, difference = (
        results[f"pool.hcc-antivegf-os.{name}"] for name in ("without", "with", "difference")
    )
    assert without.value == pytest.approx(1000 - 10 * baseline.value)
    assert treated.value == pytest.approx(1000 * (1 - (baseline.value / 100) ** ratio.value))
    assert difference.value == pytest.approx(treated.value - without.value)
    assert difference.low is not None and difference.low < difference.value < 0
    assert results["pool.hcc-antivegf-os.months"].value == 12


def test_a_pool_without_a_baseline_is_not_said_in_people(real_results: dict[str, Estimate]) -> None:
    assert not [name for name in real_results if name.startswith("pool.liver-ratio-os.diff")]
