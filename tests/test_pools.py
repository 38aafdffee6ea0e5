"""What is pooled together may stand together, and the pool says what it is."""

import dataclasses
import math
from typing import Any

import pytest
from real_pools import cut_pool
from small_review import add_pool, set_cell

from livrev.checks.pools import check_pools
from livrev.paths import Repository
from livrev.records.model import Estimate
from livrev.records.review import Review, Rows, read_review
from livrev.review.pools import pool_estimates, pool_evidence

POOL = "hcc-antivegf-os"


def with_pool(review: Review, **changes: Any) -> Review:
    """The real review with one pool, changed."""
    rows = review.tables["pools"]
    record = next(record for record in rows.records if record["pool"] == POOL) | changes
    return dataclasses.replace(review, tables=review.tables | {"pools": Rows(rows.table, [record], [2])})


def problems_of(review: Review) -> list[str]:
    return [str(problem) for problem in check_pools(review)]


def test_the_pools_of_the_review_are_in_order(real_review: Review) -> None:
    assert problems_of(real_review) == []
    assert len(pool_evidence(real_review)) >= 9


@pytest.mark.parametrize(
    ("outcomes", "said"),
    [
        (("imbrave150--os-hr-update", "hepatorch--os-hr-primary"), "2 results are too few to pool"),
        (
            ("imbrave150--os-hr-primary", "hepatorch--os-hr-primary", "orient-32--os-hr-primary"),
            "imbrave150--os-hr-primary was superseded by a later report",
        ),
        (
            ("imbrave150--os-hr-update", "hepatorch--os-hr-primary", "orient-32--pfs-hr-primary"),
            "orient-32--pfs-hr-primary has endpoint pfs, the pool os",
        ),
        (
            ("imbrave150--os-hr-update", "hepatorch--os-hr-primary", "jitc-a143-melanoma--os-hr"),
            "jitc-a143-melanoma--os-hr has contrast prognostic, the pool treatment",
        ),
        (
            ("imbrave150--os-hr-update", "hepatorch--os-hr-primary", "keynote-189--os-hr-lm"),
            "keynote-189--os-hr-lm has stratum liver-metastases, the pool all",
        ),
        (
            ("imbrave150--os-hr-update", "imbrave150--os-hr-hbv-subgroup", "hepatorch--os-hr-primary"),
            "imbrave150--os-hr-hbv-subgroup is of the same study as imbrave150--os-hr-update",
        ),
        (
            ("imbrave150--os-hr-update", "hepatorch--os-hr-primary", "hepatorch--os-hr-primary"),
            "hepatorch--os-hr-primary is of the same study as hepatorch--os-hr-primary",
        ),
        (
            ("imbrave150--os-hr-update", "hepatorch--os-hr-primary", "bacci--os-hr-primary"),
            "bacci--os-hr-primary is flagged",
        ),
    ],
)
def test_what_may_not_stand_together_is_named(real_review: Review, outcomes: tuple[str, ...], said: str) -> None:
    found = problems_of(with_pool(real_review, outcomes=outcomes))
    assert any(said in problem and problem.startswith("data/pools.csv:2 outcomes: ") for problem in found), found


def test_a_member_that_is_no_result_is_named(repository: Repository) -> None:
    add_pool(repository)
    set_cell(repository, "pools", 0, "outcomes", "moe-2021--pain;no-such--row")
    assert "pools.csv:2 outcomes: no-such--row is not in outcomes" in "\n".join(map(str, read_review(repository)[1]))


def test_what_was_read_only_once_is_named(real_review: Review) -> None:
    readings = real_review.tables["readings"]
    kept = [record for record in readings.records if record["outcome"] != "hepatorch--os-hr-primary"]
    tables = real_review.tables | {"readings": Rows(readings.table, kept, readings.lines[: len(kept)])}
    found = problems_of(dataclasses.replace(real_review, tables=tables))
    assert [p for p in found if "hepatorch--os-hr-primary was read only once; have it read a second time" in p]


def test_a_pool_that_lost_a_member_is_no_result(real_review: Review) -> None:
    outcomes = ("imbrave150--os-hr-update", "hepatorch--os-hr-primary", "no-such--row")
    assert list(pool_estimates(with_pool(real_review, outcomes=outcomes))) == []


def test_a_pool_is_worked_by_hand(real_review: Review) -> None:
    """Where tau² is zero the pool is the mean weighted by the inverse variances: 0.649 for these four trials."""
    review = cut_pool(real_review, POOL, "imbrave150", "orient-32", "nct04560894", "hepatorch")
    pooled = pool_evidence(review)[POOL]
    assert pooled.pool.tau2 == pytest.approx(0, abs=1e-6)
    weights = [1 / effect.se**2 for effect in pooled.effects]
    mean = sum(w * e.estimate for w, e in zip(weights, pooled.effects, strict=True)) / sum(weights)
    assert pooled.pool.value == pytest.approx(math.exp(mean), rel=1e-6)
    assert len(pooled.left_out) == pooled.pool.k == 4
    assert {pooled.side(step.pool.hk_modified_ci) for step in pooled.left_out if step.pool} == {pooled.verdict}


def test_an_interval_at_another_level_has_its_own_standard_error(real_review: Review) -> None:
    effects = {effect.study: effect for effect in pool_evidence(real_review)["hcc-tki-pfs"].effects}
    assert effects["COSMIC-312"].se == pytest.approx(math.log(0.91 / 0.44) / (2 * 2.5758293), rel=1e-6)


def test_one_digit_moves_the_result(real_review: Review, real_results: dict[str, Estimate]) -> None:
    before = real_results[f"pool.{POOL}"]
    record = next(r for r in real_review.tables["outcomes"].records if r["outcome"] == "hepatorch--os-hr-primary")
    rows = real_review.tables["outcomes"]
    changed = [r | {"value": 0.86} if r is record else r for r in rows.records]
    tables = real_review.tables | {"outcomes": Rows(rows.table, changed, rows.lines)}
    after = {e.name: e for e in pool_estimates(dataclasses.replace(real_review, tables=tables))}[f"pool.{POOL}"]
    assert after.value > before.value + 0.01


def test_a_pool_rests_on_its_rows_and_counts_them(real_review: Review) -> None:
    estimates = {estimate.name: estimate for estimate in pool_estimates(real_review)}
    pool = estimates["pool.liver-stratum-os"]
    assert len(pool.rests_on) == pool.k == estimates["pool.liver-stratum-os.k"].value >= 8
    assert pool.low is not None and pool.high is not None and pool.low < pool.value < pool.high
    ahead = estimates["pool.liver-stratum-os.prediction"]
    assert ahead.low is not None and ahead.high is not None and ahead.low < pool.low and pool.high < ahead.high


def test_a_pool_grows_year_by_year_and_ends_with_what_has_no_year(real_review: Review) -> None:
    pooled = pool_evidence(real_review)["liver-stratum-os"]
    years = {member.study: member.year for member in pooled.members}
    grown = [years[step.name] for step in pooled.by_year]
    dated = [year for year in grown if year]
    assert 0 < len(dated) < len(grown) and grown == sorted(dated) + [0] * (len(grown) - len(dated))
    last = pooled.by_year[-1].pool
    assert last is not None and last.value == pytest.approx(pooled.pool.value, abs=1e-12)
