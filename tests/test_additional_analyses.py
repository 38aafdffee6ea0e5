"""Subgroups with one tau² for all, against metafor; the other analyses of a pool are tested in test_pooling.py."""

import json
from pathlib import Path

import pytest

from livrev.stats.additional_analyses import compare_subgroups_jointly
from livrev.stats.effect_sizes import Effect

CASES = json.loads((Path(__file__).parent / "metafor" / "subgroups.json").read_text(encoding="utf-8"))["cases"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{len(case['groups'])}-{len(set(case['groups']))}")
def test_the_joint_test_agrees_with_rma(case):
    rows = zip(case["estimates"], case["errors"], case["groups"], strict=True)
    found = compare_subgroups_jointly([Effect(str(i), y, se, group) for i, (y, se, group) in enumerate(rows)])
    expected = case["expected"]
    assert found.df == tuple(expected["df"])
    assert found.tau2 == pytest.approx(expected["tau2"], rel=1e-4, abs=1e-8)
    assert (found.f, found.p) == pytest.approx((expected["f"], expected["p"]), rel=1e-5)


def test_without_a_study_to_spare_there_is_no_joint_test():
    two = [Effect("A", 0.1, 0.1, "x"), Effect("B", 0.2, 0.1, "y")]
    assert compare_subgroups_jointly(two) is None
    assert compare_subgroups_jointly([Effect("A", 0.1, 0.1, "x"), Effect("B", 0.2, 0.1, "x")]) is None
