"""The certainty of an answer follows from steps with reasons; what a ratio means is said for a thousand patients."""

import dataclasses
from typing import Any

import pytest
from real_pools import cut_pool

from livrev.checks.pools import check_appraisals
from livrev.frames.computed import certainty_steps, summary_of_findings
from livrev.records.review import Review, Rows
from livrev.review.absolute import absolute_effect
from livrev.review.certainty import Step, certainty_of, judge_certainty, propose_certainty
from livrev.review.pools import Pooled, pool_evidence


def pools(review: Review) -> dict[str, Pooled]:
    return pool_evidence(review)


def with_appraisal(review: Review, pool: str, **changes: Any) -> Review:
    rows = review.tables["appraisals"]
    records = [r | changes if r["pool"] == pool else r for r in rows.records]
    changed = Rows(rows.table, records, rows.lines)
    return dataclasses.replace(review, tables=review.tables | {"appraisals": changed})


def test_the_levels_have_a_floor_and_a_ceiling() -> None:
    assert [certainty_of("high", steps) for steps in (0, -1, -3, -9)] == ["high", "moderate", "very low", "very low"]
    assert certainty_of("low", 5) == "high"


def test_randomised_and_prognostic_evidence_starts_high_and_one_arm_starts_low(real_review: Review) -> None:
    starts = {key: propose_certainty(real_review, pool).start for key, pool in pools(real_review).items()}
    assert starts["hcc-antivegf-os"] == starts["prognosis-os"] == "high"
    assert starts["rt-out-of-field-response"] == "low"


def test_each_step_gives_its_reason(real_review: Review) -> None:
    steps = propose_certainty(real_review, pools(real_review)["hcc-tki-os"]).steps
    assert steps["risk_of_bias"].by == -1 and "of the weight at high risk" in steps["risk_of_bias"].reason
    assert steps["inconsistency"].by == -1 and "I² 5" in steps["inconsistency"].reason
    assert steps["imprecision"].by == -1 and "the interval holds 1" in steps["imprecision"].reason
    wide = propose_certainty(real_review, pools(real_review)["hcc-hcv-ratio-os"]).steps["imprecision"]
    assert wide.by == -2


def test_the_target_decides_what_is_precise(real_review: Review) -> None:
    """The whole interval lies below 1, and it holds 0.8: sure of any effect is not sure of a large one."""
    review = cut_pool(real_review, "hcc-antivegf-os", "imbrave150", "orient-32", "nct04560894", "hepatorch")
    pooled = pools(review)["hcc-antivegf-os"]
    low, high = pooled.pool.hk_modified_ci
    assert low < 0.8 < high < 1
    steps = [propose_certainty(review, pooled, threshold).steps["imprecision"] for threshold in (None, 0.8)]
    assert [step.by for step in steps] == [0, -1] and "holds 0.8" in steps[1].reason


def test_a_prediction_interval_that_is_not_shown_takes_nothing_down(real_review: Review) -> None:
    """With three studies it reaches across 1 whatever they found; with five or more that disagree it says something."""
    review = cut_pool(real_review, "hcc-tki-pfs", "cares-310", "apollo", "cosmic-312")
    three, more = pools(review)["hcc-tki-pfs"], pools(review)["hcc-hbv-os"]
    assert three.pool.k == 3 and three.pool.prediction is not None and three.side(three.pool.prediction) == "across"
    assert propose_certainty(review, three).steps["inconsistency"] == Step(0, "I² 0 %")
    assert more.pool.k >= 5
    assert "the next study may lie" in propose_certainty(review, more).steps["inconsistency"].reason


def test_published_syntheses_are_printed_beside_the_pool(real_review: Review) -> None:
    row = summary_of_findings(real_review).loc["prognosis-os"]
    assert (
        row["target"] == "any effect"
        and "Tian 2023" in row["published"]
        and "HR 1.82 (95 % CI 1.59 to 2.08)" in row["published"]
    )
    found = check_appraisals(with_appraisal(real_review, "prognosis-os", overlap=None))
    assert ["overlap" in str(problem) for problem in found] == [True]
    named = with_appraisal(real_review, "prognosis-os", published=("imbrave150--os-hr-update",))
    assert "is no result of a published meta-analysis" in str(next(iter(check_appraisals(named))))


def test_how_a_number_was_read_is_no_bias(real_review: Review) -> None:
    rows = real_review.tables["outcomes"]
    retold = Rows(rows.table, [r | {"basis": "secondary"} for r in rows.records], rows.lines)
    review = dataclasses.replace(real_review, tables=real_review.tables | {"outcomes": retold})
    proposed, before = (propose_certainty(r, pools(r)["tace-pfs"]) for r in (review, real_review))
    assert proposed == before


def test_the_appraisals_of_the_review_follow_from_their_steps(real_review: Review) -> None:
    assert list(check_appraisals(real_review)) == []
    for key, appraisal in real_review.appraisals.items():
        assert judge_certainty(real_review, pools(real_review)[key], appraisal).certainty == appraisal.certainty


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"certainty": "high"}, "does not follow: from high, risk_of_bias -1 leads to moderate"),
        ({"imprecision": -1, "certainty": "low"}, "is empty, though imprecision departs from the proposal"),
        ({"baseline": "imbrave150--orr-pct-sorafenib-primary"}, "is no baseline for a pool of measure HR"),
    ],
)
def test_a_judgement_that_does_not_hold_is_named(real_review: Review, changes: dict[str, Any], said: str) -> None:
    found = [str(p) for p in check_appraisals(with_appraisal(real_review, "hcc-antivegf-os", **changes))]
    assert len(found) == 1 and said in found[0] and found[0].startswith("data/appraisals.csv:2 "), found


def test_a_pool_that_nobody_judged_is_named(real_review: Review) -> None:
    rows = real_review.tables["appraisals"]
    fewer = Rows(rows.table, rows.records[1:], rows.lines[1:])
    review = dataclasses.replace(real_review, tables=real_review.tables | {"appraisals": fewer})
    assert ["has no appraisal" in str(problem) for problem in check_appraisals(review)] == [True]


def test_a_hazard_ratio_is_said_as_patients_per_thousand(real_review: Review) -> None:
    """546 of 1000 alive at 12 months under sorafenib: survival 0.546 to the power of the pooled ratio with it."""
    pooled = pools(real_review)["hcc-antivegf-os"]
    effect = absolute_effect(pooled, real_review.outcomes["imbrave150--os-rate12-sorafenib-primary"])
    assert effect.without == pytest.approx(454)
    assert effect.with_ == pytest.approx(1000 * (1 - 0.546**pooled.pool.value))
    assert effect.low < effect.with_ < effect.high < effect.without
    assert effect.difference[0] == pytest.approx(effect.with_ - 454)
    assert effect.months == 12


def test_a_risk_ratio_multiplies_the_share(real_review: Review) -> None:
    pooled = pools(real_review)["hcc-tki-orr"]
    effect = absolute_effect(pooled, real_review.outcomes["apollo--orr-pct-sorafenib-primary"])
    assert effect.without == pytest.approx(1000 * 15 / 216)
    assert effect.with_ == pytest.approx(effect.without * pooled.pool.value)
    assert effect.high <= 1000


def test_the_tables_hold_every_pool(real_review: Review) -> None:
    summary = summary_of_findings(real_review)
    assert list(summary.index) == list(certainty_steps(real_review).index) == list(pools(real_review))
    first = summary.iloc[0]
    assert round(first["without"]) == 454 and first["months"] == 12 and first["difference"] < 0
