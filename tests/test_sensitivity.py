"""A pool is made again under other rules, and published pools are made again from their own tables."""

import pytest
from real_pools import cut_pool

from livrev.frames.open_review import OpenReview
from livrev.records.review import Review
from livrev.review.pools import FEWEST, pool_evidence, recompute_published
from livrev.review.sensitivity import FIRST_HAND, RULES, vary

FOUR = ("imbrave150", "orient-32", "nct04560894", "hepatorch")


def test_each_rule_leaves_out_what_it_says(real_review: Review) -> None:
    pooled = pool_evidence(cut_pool(real_review, "hcc-antivegf-os", *FOUR))["hcc-antivegf-os"]
    variants = {variant.rule: variant for variant in vary(pooled)}
    abstracts = [m for m in pooled.members if m.outcomes[0].basis == "conference-abstract"]
    assert len(abstracts) == 2
    kept = variants["without meeting abstracts"].pool
    assert kept is not None and kept.k == pooled.pool.k - 2
    assert variants["without subgroups"].reason == "leaves nothing out"
    assert set(variants) == {FIRST_HAND, *RULES, "common effect"}


def test_the_first_hand_form_takes_an_earlier_report(real_review: Review) -> None:
    """IMbrave150's update was read elsewhere, its first report in its own abstract; HEPATORCH was read nowhere else."""
    review = cut_pool(real_review, "hcc-antivegf-os", *FOUR)
    pooled = pool_evidence(review)["hcc-antivegf-os"]
    read = {o.outcome: o for member in pooled.first_hand for o in member.outcomes}
    assert "imbrave150--os-hr-abstract" in read and not any(key.startswith("hepatorch") for key in read)
    assert all(o.basis != "secondary" and not o.flag for o in read.values())
    variant = vary(pooled)[0]
    assert variant.pool is not None and variant.pool.k == len(pooled.first_hand) == 3
    assert (variant.rule, variant.reason) == (FIRST_HAND, "earlier report: IMbrave150")
    opened = OpenReview(review).pool("hcc-antivegf-os", without=["imbrave150"])
    assert opened.rules().loc[FIRST_HAND, "k"] == 2


def test_fewer_than_three_studies_overturn_nothing(real_review: Review) -> None:
    for pooled in pool_evidence(real_review).values():
        for variant in vary(pooled):
            assert not (variant.flips and variant.pool is not None and variant.pool.k < FEWEST)


def test_a_rule_that_changes_the_answer_is_marked(real_review: Review) -> None:
    marked = [(p, v) for p in pool_evidence(real_review).values() for v in vary(p) if v.pool and v.pool.k >= FEWEST]
    assert {variant.flips for _, variant in marked} == {True, False}
    for pooled, variant in marked:
        assert variant.pool is not None
        assert variant.flips == (pooled.side(variant.pool.hk_modified_ci) != pooled.verdict)


def test_a_published_pool_is_reproduced_by_its_own_convention(real_review: Review) -> None:
    """DerSimonian-Laird gives the printed numbers to the digit, from a publication's own table and from the trials on file."""
    found = {again.plan.meta_pool: again for again in recompute_published(real_review)}
    for key in ("li-hbv", "li-size", "five-os"):
        again = found[key]
        assert again.pool is not None and again.published is not None
        older = again.pool.dersimonian_laird
        printed = again.published.value, again.published.ci_low, again.published.ci_high
        assert (round(older.value, 2), round(older.low, 2), round(older.high, 2)) == printed


def test_a_misprint_shows(real_review: Review) -> None:
    again = next(a for a in recompute_published(real_review) if a.plan.meta_pool == "li-hcv")
    assert again.pool is not None and again.published is not None
    assert round(again.pool.dersimonian_laird.high, 2) == 1.13 and again.published.ci_high == 1.03


def test_what_cannot_be_pooled_again_is_left_out_by_name(real_review: Review) -> None:
    again = {a.plan.meta_pool: a for a in recompute_published(real_review)}
    assert again["fang-orr"].left_out == ("Dong 2022 concurrent TACE/HAIC: no second group in the table",)
    assert again["emj-hbv"].left_out == ("COSMIC-312: no interval of a stated level",)


def test_an_interval_at_90_percent_has_its_own_standard_error(real_review: Review) -> None:
    again = next(a for a in recompute_published(real_review) if a.plan.meta_pool == "onc-pfs")
    assert again.pool is not None and "CCTG CO.26" in again.studies and again.pool.k == 4
    assert again.pool.value == pytest.approx(0.807, abs=0.001)


def test_the_tables_show_every_pool(real_review: Review) -> None:
    opened = OpenReview(real_review)
    assert len(opened.published_pools) == len(real_review.tables["meta_pools"].records)
    for name, pooled in pool_evidence(real_review).items():
        rules = opened.pool(name).rules()
        assert list(rules.index) == [FIRST_HAND, *RULES, "common effect"]
        assert rules.loc["common effect", "value"] == pooled.pool.common.value


def test_a_stratum_is_as_interim_as_its_report(real_review: Review) -> None:
    """COSMIC-312 reported survival at an interim analysis; its strata are labelled as subgroups, and leave all the same."""
    five = ("imbrave150", "himalaya", "rationale-301", "checkmate-459", "cosmic-312")
    pooled = pool_evidence(cut_pool(real_review, "hcc-hbv-os", *five))["hcc-hbv-os"]
    assert pooled.interim == {"cosmic-312--os-hr-hbv-subgroup"}
    variant = {v.rule: v for v in vary(pooled)}["without interim reports"]
    assert variant.pool is not None and variant.pool.k == 4 and variant.flips


def test_printed_strata_are_told_from_worked_out_ones(real_review: Review) -> None:
    printed = {v.rule: v for v in vary(pool_evidence(real_review)["liver-ratio-os"])}["printed strata only"]
    assert printed.pool is not None and printed.pool.k == 1
