"""Mean differences are read, checked, pooled, judged, drawn and explored on their own scale, about 0."""

import dataclasses
import datetime

import pytest
from small_review import add_pool, replace, set_cell

from livrev.checks.run import check_review
from livrev.frames.computed import changes
from livrev.frames.open_review import OpenReview
from livrev.paths import Repository
from livrev.records.model import Outcome, PoolPlan
from livrev.records.review import Review, load_review
from livrev.review.certainty import propose_certainty
from livrev.review.pool_inputs import scale_of
from livrev.review.pools import Pooled, pool_evidence
from livrev.review.results import compute_results
from livrev.review.snapshot import side_of, take_snapshot, write_snapshot
from livrev.show.figures.svg import Word
from livrev.show.format import format_outcome
from livrev.show.views import explorer, forest_plots, sensitivity_plots
from livrev.stats.effect_sizes import IDENTITY, LOG, Effect
from livrev.stats.pooling import pool_effects

WIDTH = 2 * 1.959963984540054


@pytest.fixture
def pooled_review(repository: Repository) -> Review:
    add_pool(repository)
    return load_review(repository)


def test_a_difference_has_its_own_scale_and_0_for_no_effect() -> None:
    def no_effect(measure: str) -> float | None:
        plan = PoolPlan(pool="any", title="Any", measure=measure)
        return Pooled(plan, (), pool_effects([Effect("A", 0.1, 0.1)], scale=IDENTITY)).no_effect

    assert {measure: (scale_of(measure), no_effect(measure)) for measure in ("MD", "SMD", "RD", "HR")} == {
        "MD": (IDENTITY, 0), "SMD": (IDENTITY, 0), "RD": (IDENTITY, 0), "HR": (LOG, 1),
    }  # fmt: skip
    assert no_effect("proportion") is None


def test_the_review_with_differences_is_sound(pooled_review: Review) -> None:
    assert check_review(pooled_review.repository) == []


def test_differences_are_pooled_as_they_are(pooled_review: Review) -> None:
    pooled = pool_evidence(pooled_review)["pain"]
    expected = pool_effects(
        [Effect("a", -5, 8 / WIDTH), Effect("b", -9.5, 12 / WIDTH), Effect("c", -8, 12 / WIDTH)], scale=IDENTITY
    )
    assert (pooled.pool.value, *pooled.pool.hk_modified_ci) == pytest.approx((expected.value, *expected.hk_modified_ci))
    assert pooled.pool.value < 0 and pooled.verdict == ("below" if pooled.pool.hk_modified_ci[1] < 0 else "across")
    estimate = compute_results(pooled_review)["pool.pain"]
    assert estimate.value == pooled.pool.value and estimate.unit == "" and "mean differences" in estimate.method


def test_a_study_without_which_the_answer_changes_is_found_about_0(pooled_review: Review) -> None:
    left_out = OpenReview(pooled_review).pool("pain").leave_one_out()
    low, high = pool_evidence(pooled_review)["pain"].pool.hk_modified_ci
    across = (left_out["ci_low"] < 0) & (left_out["ci_high"] > 0)
    assert list(left_out["changes"]) == list(across != (low < 0 < high))


def test_certainty_is_judged_about_0(pooled_review: Review) -> None:
    pooled = pool_evidence(pooled_review)["pain"]
    steps = propose_certainty(pooled_review, pooled).steps
    assert steps["imprecision"].reason.endswith("hold 0") or steps["imprecision"].reason.endswith("holds 0")
    assert steps["indirectness"].reason == "a kind of pain and a way of treating in common"


def test_the_forest_plot_is_linear_about_0(pooled_review: Review) -> None:
    shown = forest_plots.draw_pooled(pool_evidence(pooled_review)["pain"])
    axes = shown.figure.axes[0]
    low, high = axes.get_xlim()
    assert axes.get_xscale() == "linear" and low < -15 and 0 < high < 5
    assert "mean difference −8.0 (95 % CI −14.0 to −2.0)" in next(
        mark.said for mark in shown.marks if "Roe" in mark.said
    )
    texts = [text.get_text() for text in shown.figure.findobj(Word)]
    assert "← cress better" in texts and "water better →" in texts and "−10" in texts
    assert not any("log scale" in text for text in texts)


def test_single_differences_are_drawn_and_said(pooled_review: Review) -> None:
    outcomes = [o for o in pooled_review.outcomes.values() if o.measure == "MD" and o.contrast == "treatment"]
    shown = forest_plots.draw_results(
        pooled_review, outcomes, ["trials"] * len(outcomes), favours=("cress better", "water better")
    )
    assert shown.figure.axes[0].get_xscale() == "linear"
    assert shown.alt.startswith("Mean difference of 3 results: 3 wholly below 0, 0 wholly above, 0 across it.")
    assert format_outcome(pooled_review.outcomes["roe-2019--pain"]).startswith("MD −8.0 (95 % CI −14.0 to −2.0)")


def test_strips_funnel_and_the_picture_of_answers_take_differences(pooled_review: Review) -> None:
    pooled = pool_evidence(pooled_review)["pain"]
    for shown in (sensitivity_plots.draw_changes(pooled), sensitivity_plots.draw_conventions([pooled])):
        assert shown.figure.axes[0].get_xscale() == "linear"
    assert "standard error of its logarithm" not in sensitivity_plots.draw_asymmetry(pooled).alt
    shown = forest_plots.draw_summary(pooled_review, ["# Pain", "pool.pain | Cress v water"], favours=("less", "more"))
    assert "mean difference" in shown.alt and shown.figure.axes[0].get_xscale() == "linear"


def test_an_interval_at_another_level_is_stretched_about_its_middle() -> None:
    outcome = Outcome(
        outcome="a--b", study="a", citekey="Roe2019trial", contrast="treatment", endpoint="pain", stratum="all", measure="MD",
        value=-2, ci_low=-4, ci_high=0, ci_level=90, basis="abstract", address="https://example.org", read_on="2026-01-15",
        place="abstract",
    )  # fmt: skip
    kind, value, low, high = explorer.drawn_numbers(outcome)
    assert (kind, value, low, high) == (
        "difference",
        -2,
        pytest.approx(-4.383, abs=0.001),
        pytest.approx(0.383, abs=0.001),
    )


def test_the_explorer_gets_the_pool_on_its_scale(pooled_review: Review) -> None:
    data = explorer.explorer_data(pooled_review)
    (pool,) = data["pools"]
    assert (pool["scale"], pool["unit"], pool["members"][0]["low"]) == (
        "identity",
        "mean difference",
        pytest.approx(-9),
    )
    assert "difference" in data["results"]["kind"]


@pytest.mark.parametrize(
    ("column", "value", "said"),
    [
        ("ci_low", "-40.0", "value: -8.0 is far from the middle of its bounds, -21; read value and bounds again"),
        ("ci_low", "-5.0", "ci_low: -5.0 is above value -8.0"),
        ("p", "0.40", "p: 0.40 does not agree with the interval, which implies about 0.009"),
    ],
)
def test_what_cannot_be_is_said(repository: Repository, column: str, value: str, said: str) -> None:
    set_cell(repository, "outcomes", 4, column, value)
    assert any(said in str(problem) for problem in check_review(repository))


def test_ratios_and_differences_stand_in_no_pool_together(repository: Repository) -> None:
    add_pool(repository)
    replace(repository.data / "pools.csv", "zoe-2022--pain;roe-2019--pain", "zoe-2022--pain;roe-2019--os")
    assert any("roe-2019--os has measure HR, the pool MD" in str(problem) for problem in check_review(repository))


def test_a_change_of_side_is_told_about_0() -> None:
    assert (
        side_of((-3.0, -5.0, -1.0, 3.0, None), 0) == "below 0"
        and side_of((60.0, 55.0, 70.0, 3.0, None), 0) == "above 0"
    )


def test_what_is_new_takes_the_side_of_a_difference_about_0(pooled_review: Review) -> None:
    now = take_snapshot(pooled_review, version="0.0.1", date=datetime.date(2026, 1, 1))
    before = now.estimates | {"pool.pain": (-5.0, -9.0, 0.5, 3.0, None)}
    write_snapshot(pooled_review.repository, dataclasses.replace(now, estimates=before))
    turned = changes(pooled_review).query("kind == 'interval'")
    assert turned[["before", "after"]].to_numpy().tolist() == [["across 0", "below 0"]]
