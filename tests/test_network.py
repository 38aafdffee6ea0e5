"""Networks, held against metafor's `rma.mv` on pinned cases, and against pimeta (a port of netmeta)."""

import json
import math
import warnings
from pathlib import Path

import pytest
from metafor.agreement import analyse_network, ask_pimeta, second_opinion

from livrev.diagnostics import ReviewError
from livrev.stats.effect_sizes import LOG
from livrev.stats.network import fit_network
from livrev.stats.network_studies import Contrast, NetworkError, contribute

CASES = json.loads((Path(__file__).parent / "metafor" / "network.json").read_text(encoding="utf-8"))["cases"]
FITTED = [case for case in CASES if "pieces" not in case["expected"]]
APART = [case for case in CASES if "pieces" in case["expected"]]


def forward(case: dict):
    return math.log if case["measure"] in ("HR", "OR", "RR") else float


@pytest.mark.parametrize("case", FITTED, ids=lambda case: case["id"])
def test_a_network_agrees_with_rma_mv(case):
    network, expected, to = analyse_network(case).network, case["expected"], forward(case)
    variance = min((to(row["ci_high"]) - to(row["ci_low"])) / 3.92 for row in case["rows"]) ** 2
    assert network.reference == case["reference"]
    assert (network.q_df, network.is_tree) == (expected["q_df"], expected["design_df"] == 0)
    assert network.q == pytest.approx(expected["q"], rel=1e-6, abs=1e-9)
    if expected["q_df"]:
        assert network.tau2 == pytest.approx(expected["tau2"], rel=1e-4, abs=1e-6 * variance)
        assert network.q_p == pytest.approx(expected["q_p"], rel=1e-6)
        assert network.i2 == pytest.approx(max(0, (expected["q"] - expected["q_df"]) / expected["q"]), abs=1e-6)
    else:
        assert (network.tau2, network.i2, network.q_p, network.q) == (None, None, None, 0)
    ours = {row.treatment: row for row in network.estimates}
    for row in expected["estimates"]:
        mine = ours[row["treatment"]]
        for name in ("common_value", "common_low", "common_high"):
            assert to(getattr(mine, name)) == pytest.approx(to(row[name]), rel=1e-6, abs=1e-9)
        for name, theirs in (("value", row["value"]), ("low", row["ci_low"]), ("high", row["ci_high"])):
            assert to(getattr(mine, name)) == pytest.approx(to(theirs), rel=1e-5, abs=1e-5)
    assert {name: row.p_score for name, row in ours.items()} == pytest.approx(expected["p_scores"], abs=1e-5)
    league = {(cell.a, cell.b): cell for cell in network.league}
    for cell in expected["league"]:
        assert to(league[cell["a"], cell["b"]].value) == pytest.approx(to(cell["value"]), abs=1e-5)
        assert to(league[cell["b"], cell["a"]].low) == pytest.approx(-to(cell["ci_high"]), abs=1e-5)


@pytest.mark.parametrize("case", FITTED, ids=lambda case: case["id"])
def test_inconsistency_agrees_with_rma_mv(case):
    network, expected, to = analyse_network(case).network, case["expected"], forward(case)
    if not expected["design_df"]:
        assert (network.inconsistency, network.splits) == (None, ())
        return
    found = network.inconsistency
    assert (found.df, found.design_q) == (
        expected["design_df"],
        pytest.approx(expected["design_q"], rel=1e-6, abs=1e-8),
    )
    assert found.p == pytest.approx(expected["design_p"], rel=1e-5)
    splits = {(split.a, split.b): (to(split.direct), to(split.indirect), split.p) for split in network.splits}
    splits |= {(b, a): (-direct, -indirect, p) for (a, b), (direct, indirect, p) in splits.items()}
    assert len(network.splits) == len(expected["splits"])
    for split in expected["splits"]:
        theirs = (to(split["direct"]), to(split["indirect"]), split["p"])
        assert splits[split["a"], split["b"]] == pytest.approx(theirs, abs=2e-5)


@pytest.mark.parametrize("case", APART, ids=lambda case: case["id"])
def test_pieces_are_refused_and_named(case):
    with pytest.raises(ReviewError) as error:
        analyse_network(case)
    said = str(error.value)
    assert f"{len(case['expected']['pieces'])} pieces" in said
    assert all(", ".join(piece) in said for piece in case["expected"]["pieces"])


def test_the_cases_are_of_every_kind():
    assert len(CASES) >= 60
    sizes = {max(sum(row["study"] == r["study"] for r in case["rows"]) for row in case["rows"]) for case in CASES}
    assert {1, 2, 3, 6} <= sizes
    tau2 = [case["expected"].get("tau2") for case in FITTED]
    assert (
        any(t is None for t in tau2) and any(t is not None and t < 1e-9 for t in tau2) and max(t or 0 for t in tau2) > 1
    )


TESTED = [case for case in FITTED if case["expected"]["q_df"] and "covariance" not in case["id"]]
TWO_ARMED = [case for case in TESTED if len({row["study"] for row in case["rows"]}) == len(case["rows"])]


@pytest.mark.parametrize("case", TWO_ARMED, ids=lambda case: case["id"])
def test_a_second_engine_agrees_on_studies_of_two_arms(case):
    analysis, to = analyse_network(case), forward(case)
    theirs, place = ask_pimeta(case, method_tau="REML")
    assert analysis.network.tau2 == pytest.approx(theirs.tau2, rel=1e-3, abs=1e-5)
    for cell in analysis.network.league:
        assert to(cell.value) == pytest.approx(theirs.TE_random[place[cell.a]][place[cell.b]], abs=1e-3)


@pytest.mark.parametrize("case", TESTED, ids=lambda case: case["id"])
def test_a_second_engine_agrees_given_the_same_tau2(case):
    """Given, not estimated: pimeta's own REML drops the covariances of studies of several arms."""
    pairs = list(second_opinion(case))
    assert len(pairs) >= len(analyse_network(case).network.league)
    assert max(pair.difference for pair in pairs) < 1e-6


# By hand


def test_one_study_of_two_arms_stands_for_itself():
    network = fit_network([Contrast("Roe", "B", "A", -0.5, 0.2)], reference="A", scale=LOG)
    row = network.estimates[1]
    assert (row.value, row.high) == pytest.approx((math.exp(-0.5), math.exp(-0.5 + 1.959964 * 0.2)))
    assert (network.tau2, network.is_tree, network.splits) == (None, True, ())
    assert row.p_score == pytest.approx(0.99379, abs=1e-5)


def test_a_chain_adds_up():
    network = fit_network([Contrast("1", "B", "A", -0.5, 0.3), Contrast("2", "C", "B", 0.2, 0.4)], reference="A")
    c = network.estimates[2]
    assert (c.value, c.high - c.value) == pytest.approx((-0.3, 1.959964 * 0.5))


def test_all_pairs_and_one_comparator_with_covariance_say_the_same():
    pairs = [Contrast("1", "B", "A", -0.5, 0.3), Contrast("1", "C", "A", -0.2, 0.4), Contrast("1", "C", "B", 0.3, 0.35)]
    covariance = (0.09 + 0.16 - 0.35**2) / 2
    against_one = [Contrast("1", row.treatment, "A", row.estimate, row.se, covariance) for row in pairs[:2]]
    more = [Contrast("2", "B", "A", -0.1, 0.2), Contrast("3", "C", "B", 0.4, 0.2)]
    found, same = fit_network([*pairs, *more]), fit_network([*against_one, *more])
    assert [cell.value for cell in found.league] == pytest.approx([cell.value for cell in same.league])
    assert found.tau2 == pytest.approx(same.tau2)


def test_a_common_arm_may_stand_first_in_every_row():
    against = [Contrast("1", arm, "A", estimate, 0.3, 0.05) for arm, estimate in (("B", -0.5), ("C", -0.2))]
    turned = [Contrast("1", "A", row.treatment, -row.estimate, 0.3, 0.05) for row in against]
    assert fit_network(turned, reference="A").league == fit_network(against, reference="A").league


def test_the_reference_is_the_treatment_of_most_studies():
    rows = [Contrast("1", "B", "A", 0.1, 0.1), Contrast("2", "B", "C", 0.1, 0.1)]
    assert fit_network(rows).reference == "B"
    assert fit_network(rows[:1]).reference == "A"


def test_a_turned_row_changes_nothing():
    rows = [Contrast("1", "B", "A", 0.1, 0.1), Contrast("2", "C", "A", 0.3, 0.2), Contrast("3", "C", "B", 0.6, 0.2)]
    turned = [rows[0], Contrast("2", "A", "C", -0.3, 0.2), rows[2]]
    here, there = fit_network(rows), fit_network(turned)
    assert [row.value for row in here.estimates] == pytest.approx([row.value for row in there.estimates])


def test_small_says_which_way_a_p_score_counts():
    rows = [Contrast("1", "B", "A", -0.5, 0.2), Contrast("2", "C", "A", -0.1, 0.2)]
    better = {row.treatment: row.p_score for row in fit_network(rows).estimates}
    worse = {row.treatment: row.p_score for row in fit_network(rows, small="worse").estimates}
    assert max(better, key=better.get) == "B" and max(worse, key=worse.get) == "A"
    assert sum(better.values()) == pytest.approx(1.5)
    assert all(worse[name] == pytest.approx(1 - score) for name, score in better.items())


def three(*rows: tuple[str, str, float], covariance: float | None = None) -> list[Contrast]:
    return [Contrast("Roe", a, b, estimate, 0.2, covariance) for a, b, estimate in rows]


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (three(("B", "A", 0.1), ("C", "A", 0.2)), "3 arms, 2 rows and no covariance"),
        (three(("B", "A", 0.1), ("C", "B", 0.2), covariance=0.01), "does not set every arm against B"),
        (three(("B", "A", 0.1), ("A", "C", 0.2), covariance=0.01), "does not set every arm against A"),
        (three(("B", "A", 0.1), ("C", "A", 0.2), covariance=0.05), "fit no covariance"),
        (three(("B", "A", 0.1), ("A", "B", 0.2)), "twice"),
        (three(("B", "B", 0.1)), "against itself"),
        (three(("B", "A", 0.1), ("C", "A", 0.2), ("B", "C", 0.9)), "do not add up"),
        (three(("B", "A", 0.1), ("D", "C", 0.2)), "4 arms and 2 of their comparisons"),
        ([], "holds no contrasts"),
    ],
)
def test_a_study_that_does_not_say_its_covariances_is_refused(rows, said):
    with pytest.raises(NetworkError, match=said) as error:
        fit_network(rows)
    assert error.value.cure


def test_a_reference_that_is_no_treatment_is_refused():
    with pytest.raises(NetworkError, match="D is no treatment"):
        fit_network(three(("B", "A", 0.1)), reference="D")


# What each comparison contributes

PAIRED = [case for case in CASES if "pieces" not in case["expected"] and "covariance" not in case["id"]]


@pytest.mark.parametrize("case", PAIRED, ids=lambda case: case["id"])
def test_the_shares_agree_with_a_second_engine(case):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pimeta import netcontrib, netmeta
    analysis = analyse_network(case)
    rows, tau2 = analysis.contrasts, analysis.network.tau2 or 0.0
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
        shares = contribute(analyse_network(case).contrasts)
        assert all(sum(parts.values()) == pytest.approx(1) for parts in shares.values())


def test_a_triangle_is_worked_by_hand():
    """Two equal ways from A to C, direct and by B: the direct one carries two thirds of the flow, each leg a sixth."""
    rows = [Contrast("1", "B", "A", 0.1, 1), Contrast("2", "C", "B", 0.1, 1), Contrast("3", "C", "A", 0.1, 1)]
    assert contribute(rows)["A", "C"] == pytest.approx({("A", "C"): 2 / 3, ("A", "B"): 1 / 6, ("B", "C"): 1 / 6})


def test_pieces_that_no_study_joins_are_refused():
    with pytest.raises(NetworkError, match="2 pieces"):
        contribute([Contrast("1", "B", "A", 0.1, 1), Contrast("2", "D", "C", 0.1, 1)])
