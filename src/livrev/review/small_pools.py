"""What a pool of few studies says beside its interval: a Bayesian estimate, chances, what it could not have seen, and E-values."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from livrev.records.measures import RATIOS
from livrev.records.model import Estimate
from livrev.records.review import Review
from livrev.review.pools import Pooled, pool_evidence
from livrev.stats.confounding import EValue, e_value
from livrev.stats.few_trials import BayesPool, pool_with_prior, smallest_detectable


@dataclass(frozen=True, slots=True)
class SmallPool:
    """A pool of few ratios, looked at once more.

    *posteriors* has one for each scale of the prior, the first is the one that is told. *chance* is the probability that the
    mean effect lies on the side of 1 where its estimate lies, *beyond* that it lies beyond *threshold* on that side.
    *detectable* is the ratio on that side that the pool would have found with 80 percent power.
    """

    posteriors: tuple[BayesPool, ...]
    chance: float
    beyond: float
    threshold: float
    detectable: float


def small_pools(review: Review, pools: Mapping[str, Pooled] | None = None) -> dict[str, SmallPool]:
    """Return those of *pools* (all) that hold ratios of fewer studies than the settings say, by their ids."""
    few = review.settings.few_studies
    return {
        key: look_again(pooled, prior_scales=few.prior_scales, threshold=few.threshold)
        for key, pooled in (pool_evidence(review) if pools is None else pools).items()
        if pooled.pool.k < few.fewer_than and is_ratio(pooled)
    }


def is_ratio(pooled: Pooled) -> bool:
    """Tell whether *pooled* pools ratios, by their logarithms."""
    return pooled.record["measure"] in (*RATIOS, "ratio-of-HR")


def look_again(pooled: Pooled, *, prior_scales: Iterable[float], threshold: float) -> SmallPool:
    """Return what *pooled* says with half-normal priors of *prior_scales* on tau, and beyond *threshold* (a ratio below 1)."""
    posteriors = tuple(pool_with_prior(pooled.effects, scale=pooled.scale, prior_scale=prior) for prior in prior_scales)
    told, sign = posteriors[0], 1 if posteriors[0].value > 1 else -1
    chances = [told.probability_below(ratio**-sign) for ratio in (1, threshold)]
    chance, beyond = (1 - below if sign > 0 else below for below in chances)
    found = smallest_detectable(pooled.pool.se, pooled.pool.k)
    return SmallPool(posteriors, chance, beyond, threshold**-sign, math.exp(sign * found))


def small_pool_estimates(review: Review) -> Iterable[Estimate]:
    """Yield the Results of the small pools, and for prognosis the E-value of a pool and of its interval's nearer limit."""
    pools = pool_evidence(review)
    for key, small in small_pools(review, pools).items():
        told, where = small.posteriors[0], "below" if small.threshold < 1 else "above"
        for posterior in small.posteriors:
            name = "bayes" if posterior is told else f"bayes.tau-{posterior.prior_scale:g}"
            said = f"Bayesian estimate, half-normal prior of scale {posterior.prior_scale:g} on tau"
            low, high = posterior.interval
            yield _estimate(key, pools[key], name, posterior.value, said, low=low, high=high, level=95)
        for name, chance, line in (("chance", small.chance, 1), ("beyond", small.beyond, small.threshold)):
            said = f"chance that the mean effect lies {where} {line:.3g}"
            yield _estimate(key, pools[key], name, 100 * chance, said, unit="%", precision=0 if chance < 0.99 else 1)
        yield _estimate(
            key, pools[key], "detectable", small.detectable, "smallest effect that it finds with 80 % power"
        )
    for key, found in e_values_of(pools).items():
        yield _estimate(key, pools[key], "e-value", found.estimate, "E-value")
        yield _estimate(key, pools[key], "e-value.limit", found.limit, "E-value of the limit nearer to 1")


def e_values_of(pools: Mapping[str, Pooled]) -> dict[str, EValue]:
    """Return the E-value of each prognostic pool of hazard ratios, its outcome taken for a common one."""
    return {
        key: e_value(pooled.pool.value, *pooled.pool.hk_modified_ci, measure="HR")
        for key, pooled in pools.items()
        if (pooled.record["contrast"], pooled.record["measure"]) == ("prognostic", "HR")
    }


def _estimate(key: str, pooled: Pooled, name: str, value: float, said: str, **changes: Any) -> Estimate:
    shown: dict[str, Any] = {"unit": "", "precision": 2} | changes
    return Estimate(
        name=f"pool.{key}.{name}", value=value, label=f"{pooled.record['title']}: {said}", k=pooled.pool.k, method=said,
        rests_on=tuple(outcome.outcome for outcome in pooled.outcomes), **shown,
    )  # fmt: skip
