"""A pool of few studies says how likely an effect is, and how large one would have to be for it to be found."""

import dataclasses
import math

import pytest
from real_pools import cut_pool

from livrev.frames.open_review import OpenReview
from livrev.records.review import Review
from livrev.records.settings import FewStudies
from livrev.review.pools import pool_evidence
from livrev.review.results import compute_results
from livrev.review.sensitivity import e_values_of, look_again, small_pools
from livrev.show.views.forest_plots import draw_pooled

THREE = ("cares-310", "apollo", "cosmic-312")


def test_pools_of_fewer_than_five_ratios_are_looked_at_again(real_review: Review) -> None:
    pools, small = pool_evidence(real_review), small_pools(real_review, pool_evidence(real_review))
    few = {key for key, pooled in pools.items() if pooled.pool.k < 5}
    assert set(small) == few and {"hcc-tki-os", "hcc-tki-orr"} <= few
    share = pools["rt-out-of-field-response"]
    scarce = dataclasses.replace(share, pool=dataclasses.replace(share.pool, k=4))
    assert small_pools(real_review, {"share": scarce}) == {}, "a share, however few its studies"


def test_chances_are_those_of_the_side_where_the_estimate_lies(real_review: Review) -> None:
    """Response above 1, death below 1; with tau all but 0 the chance is that of the normal distribution."""
    pools = pool_evidence(real_review)
    deaths = look_again(pools["hcc-mono-os"], FewStudies(prior_scales=(1e-6,)))
    common, se = math.log(pools["hcc-mono-os"].pool.common.value), pools["hcc-mono-os"].pool.se
    assert deaths.chance == pytest.approx((1 + math.erf(-common / se / math.sqrt(2))) / 2, abs=1e-6)
    response = look_again(pools["hcc-tki-orr"], FewStudies())
    assert response.threshold == 1.25 and response.detectable > 1 and 0.5 < response.beyond < response.chance
    assert deaths.threshold == 0.8 and deaths.detectable < 1 and deaths.beyond < deaths.chance


def test_a_wider_prior_gives_a_wider_interval(real_review: Review) -> None:
    told, narrow, wide = small_pools(real_review, pool_evidence(real_review))["tace-os"].posteriors
    lengths = [math.log(one.interval[1] / one.interval[0]) for one in (narrow, told, wide)]
    assert lengths == sorted(lengths) and (told.prior_scale, wide.prior_scale) == (0.5, 1)


def test_they_are_results_and_stand_in_the_figure(real_review: Review) -> None:
    review = cut_pool(real_review, "hcc-tki-os", *THREE)
    results, pooled = compute_results(review), pool_evidence(review)
    small = small_pools(review, pooled)["hcc-tki-os"]
    shown = draw_pooled(pooled["hcc-tki-os"], small=small)
    assert results["pool.hcc-tki-os.bayes"].value == small.posteriors[0].value
    assert results["pool.hcc-tki-os.chance"].value == 100 * small.chance
    assert [mark.row["label"] for mark in shown.marks][-2:] == ["All studies", "The same by Bayes"]
    assert "would find with 80 % power" in shown.alt and "prediction interval" not in shown.alt  # three studies
    assert "pool.hcc-tki-os.prediction" not in results and "pool.tace-pfs.prediction" in results


def test_prognosis_has_e_values_and_treatment_has_none(real_review: Review) -> None:
    found = e_values_of(pool_evidence(real_review))
    assert set(found) == {"prognosis-os", "prognosis-pfs"}
    assert all(1 < value.limit < value.estimate for value in found.values())


def test_a_pool_without_one_study_is_a_result_that_does_not_rest_on_it(real_review: Review) -> None:
    results = compute_results(cut_pool(real_review, "hcc-tki-os", *THREE))
    without = results["pool.tace-pfs.except.cares-005"]
    whole = results["pool.tace-pfs"]
    assert without.k == (whole.k or 0) - 1 and "cares-005--pfs-hr" in whole.rests_on
    assert "cares-005--pfs-hr" not in without.rests_on and without.value != whole.value
    assert "pool.hcc-tki-os.except.cares-310" not in results  # two are too few


def test_a_reader_asks_for_a_threshold_and_a_prior_of_their_own(real_review: Review) -> None:
    review, small = OpenReview(real_review), small_pools(real_review, pool_evidence(real_review))["hcc-tki-os"]
    pool = review.pool("hcc-tki-os")
    assert pool.chance() == small.chance and pool.chance(0.8) == small.beyond
    assert pool.chance(prior_scale=0.1) > pool.chance() > pool.chance(prior_scale=1)
    with pytest.raises(ValueError, match="pools no ratios"):
        review.pool("rt-out-of-field-response").chance()
