"""Contributions of direct comparisons, by hand and as pimeta (a port of netmeta) gives them."""

import json
import math
import warnings
from pathlib import Path

import pytest
from metafor.agreement import analyse_network

from livrev.stats.network import Contrast, NetworkError, contribute

CASES = json.loads((Path(__file__).parent / "metafor" / "network.json").read_text(encoding="utf-8"))["cases"]
PAIRED = [case for case in CASES if "pieces" not in case["expected"] and "covariance" not in case["id"]]


@pytest.mark.parametrize("case", PAIRED, ids=lambda case: case["id"])
def test_the_shares_agree_with_a_second_engine(case):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pimeta import netcontrib, netmeta
    analysis = analyse_network(case)
    rows, tau2 = analysis.table.contrasts, analysis.network.tau2 or 0.0
    fitted = netmeta(
        [row.estimate for row in rows], [row.se for row in rows], [row.treatment for row in rows],
        [row.comparator for row in rows], [row.study for row in rows], tau_preset=math.sqrt(tau2),
    )  # fmt: skip
    theirs = netcontrib(fitted)
    for matrix, between in ((theirs.common, 0.0), (theirs.random, tau2)):
        ours = contribute(rows, tau2=between)
        for comparison, shares in zip(theirs.comparisons, matrix, strict=True):
            for direct, share in zip(theirs.directs, shares, strict=True):
                parts = ours[tuple(comparison.split(":"))]
                assert parts.get(tuple(direct.split(":")), 0.0) == pytest.approx(share, abs=1e-6)


def test_the_shares_of_an_estimate_add_up_to_one():
    for case in PAIRED[::7]:
        shares = contribute(analyse_network(case).table.contrasts)
        assert all(sum(parts.values()) == pytest.approx(1) for parts in shares.values())


def test_a_triangle_is_worked_by_hand():
    """Two equal ways from A to C, direct and by B: the direct one carries two thirds of the flow, each leg a sixth."""
    rows = [Contrast("1", "B", "A", 0.1, 1), Contrast("2", "C", "B", 0.1, 1), Contrast("3", "C", "A", 0.1, 1)]
    assert contribute(rows)["A", "C"] == pytest.approx({("A", "C"): 2 / 3, ("A", "B"): 1 / 6, ("B", "C"): 1 / 6})


def test_pieces_that_no_study_joins_are_refused():
    with pytest.raises(NetworkError, match="2 pieces"):
        contribute([Contrast("1", "B", "A", 0.1, 1), Contrast("2", "D", "C", 0.1, 1)])
