"""What a pool says beside its interval: under other rules, with few studies (Bayes, chances, E-values), and with one study more."""

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from livrev.records.measures import RATIOS
from livrev.records.model import Estimate, Outcome
from livrev.records.review import Review
from livrev.records.settings import FewStudies
from livrev.review.bias import HIGH
from livrev.review.pool_inputs import Member
from livrev.review.pools import FEWEST, Pooled, pool_evidence
from livrev.stats.effect_sizes import Effect
from livrev.stats.few_trials import BayesPool, EValue, as_risk_ratio, e_value, pool_with_prior, smallest_detectable
from livrev.stats.pooling import Pool, Summary, modified_interval


@dataclass(frozen=True, slots=True)
class Variant:
    """The pool under another rule, and whose earlier report is in; None where nothing is left out, or nothing is left, and why.

    A common effect has no pool.
    """

    rule: str
    pool: Pool | None
    reason: str
    flips: bool
    common: Summary | None = None


FIRST_HAND = "first-hand numbers only"
WITHOUT_HIGH_RISK = "without high risk of bias"
# What each rule leaves out. Flagged results are in no pool to begin with.
RULES: dict[str, Callable[[Pooled, Outcome], bool]] = {
    "without meeting abstracts": lambda pooled, outcome: outcome.basis == "conference-abstract",
    "without interim reports": lambda pooled, outcome: outcome.outcome in pooled.interim,
    "without subgroups": lambda pooled, outcome: outcome.report == "subgroup",
    WITHOUT_HIGH_RISK: lambda pooled, outcome: pooled.risk_of(outcome.study) == HIGH,
    "printed strata only": lambda pooled, outcome: pooled.plan.measure == "ratio-of-HR"
    and outcome.stratum not in (pooled.plan.stratum, pooled.plan.other_stratum),
}  # fmt: skip


def vary(pooled: Pooled) -> list[Variant]:
    """Return *pooled* with first-hand numbers only, under each of RULES, and with a common effect in place of random ones."""
    common, kept = pooled.pool.common, {FIRST_HAND: pooled.first_hand}
    for rule, excluded in RULES.items():
        kept[rule] = tuple(m for m in pooled.members if not any(excluded(pooled, outcome) for outcome in m.outcomes))
    changes = pooled.verdict != pooled.side((common.low, common.high))
    same = Variant("common effect", None, "", changes, common)
    return [*(_pool_kept(pooled, rule, members) for rule, members in kept.items()), same]


def _pool_kept(pooled: Pooled, rule: str, kept: tuple[Member, ...]) -> Variant:
    if not kept or kept == pooled.members:
        return Variant(rule, None, "leaves nothing out" if kept else "leaves no study", False)
    try:
        pool = pooled.pool_again(kept)
    except ValueError as error:
        return Variant(rule, None, str(error), False)
    # Below three studies no pooled interval is headlined, so none can overturn one either.
    flips = len(kept) >= FEWEST and pooled.verdict != pooled.side(pool.hk_modified_ci)
    earlier = [m.study for m in kept if not {o.outcome for o in m.outcomes} <= {*pooled.names}]
    return Variant(rule, pool, f"earlier report: {', '.join(earlier)}" if earlier else "", flips)


@dataclass(frozen=True, slots=True)
class SmallPool:
    """A pool of few ratios, looked at once more: *posteriors* for each scale of the prior, of which the first is told.

    *chance* is the probability that the mean effect lies on the side of 1 where its estimate lies, *beyond* that it lies beyond
    *threshold* on that side, *detectable* the ratio on that side that the pool would have found with 80 percent power.
    """

    posteriors: tuple[BayesPool, ...]
    chance: float
    beyond: float
    threshold: float
    detectable: float


def small_pools(review: Review, pools: Mapping[str, Pooled]) -> dict[str, SmallPool]:
    """Return those of *pools* that hold ratios of fewer studies than the settings say, by their ids."""
    found = {key: look_again(pooled, review.settings.few_studies) for key, pooled in pools.items()}
    return {key: small for key, small in found.items() if small is not None}


def look_again(pooled: Pooled, few: FewStudies) -> SmallPool | None:
    """Return what *pooled* says with the priors and beyond the threshold of *few*; None where it holds no ratios, or enough studies."""
    if pooled.pool.k >= few.fewer_than or pooled.plan.measure not in RATIOS:
        return None
    effects, scale = pooled.effects, pooled.scale
    posteriors = tuple(pool_with_prior(effects, scale=scale, prior_scale=prior) for prior in few.prior_scales)
    told, sign = posteriors[0], 1 if posteriors[0].value > 1 else -1
    chances = [told.probability_below(ratio**-sign) for ratio in (1, few.threshold)]
    chance, beyond = (1 - below if sign > 0 else below for below in chances)
    found = smallest_detectable(pooled.pool.se, pooled.pool.k)
    return SmallPool(posteriors, chance, beyond, few.threshold**-sign, math.exp(sign * found))


def small_pool_estimates(review: Review) -> Iterable[Estimate]:
    """Yield the Results of the small pools, and for prognosis the E-value of a pool and of its interval's nearer limit."""
    pools = pool_evidence(review)
    for key, small in small_pools(review, pools).items():
        make, where = partial(_estimate, pools[key]), "below" if small.threshold < 1 else "above"
        for posterior in small.posteriors:
            name = "bayes" if posterior is small.posteriors[0] else f"bayes.tau-{posterior.prior_scale:g}"
            said = f"Bayesian estimate, half-normal prior of scale {posterior.prior_scale:g} on tau"
            yield make(name, posterior.value, said, interval=posterior.interval)
        for name, chance, line in (("chance", small.chance, 1), ("beyond", small.beyond, small.threshold)):
            said = f"chance that the mean effect lies {where} {line:.3g}"
            yield make(name, 100 * chance, said, unit="%", precision=0 if chance < 0.99 else 1)
        yield make("detectable", small.detectable, "smallest effect that it finds with 80 % power")
    for key, found in e_values_of(pools).items():
        yield _estimate(pools[key], "e-value", found.estimate, "E-value")
        yield _estimate(pools[key], "e-value.limit", found.limit, "E-value of the limit nearer to 1")


def e_values_of(pools: Mapping[str, Pooled]) -> dict[str, EValue]:
    """Return the E-value of each prognostic pool of hazard ratios, its outcome taken for a common one."""
    prognostic = {k: p.pool for k, p in pools.items() if (p.plan.contrast, p.plan.measure) == ("prognostic", "HR")}
    return {k: e_value(*map(as_risk_ratio, (pool.value, *pool.hk_modified_ci))) for k, pool in prognostic.items()}


def _estimate(pooled: Pooled, name: str, value: float, said: str, **more: Any) -> Estimate:
    name, label, more = f"pool.{pooled.plan.pool}.{name}", f"{pooled.plan.title}: {said}", {"precision": 2} | more
    return Estimate.make(name, value, label, pooled.names, k=pooled.pool.k, method=said, **more)


_STEPS, _HALVINGS = 40, 20
_METHOD = (
    "bisection over the result of one more study, as precise as the most precise of the pool, pooled with the others"
)


def turning_point(pooled: Pooled) -> Effect | None:
    """Return the mildest result with which one more study would change the answer of a pool, None where none would.

    The study is as precise as the most precise of the pool. Where the pooled interval lies on one side of no effect, results
    are tried from the pooled one on, until the interval reaches over; where it reaches over, from no effect on, to the side
    of the pooled value, until the interval lies there. Twenty standard errors away the trying ends: some pools a single
    study only makes more uneven, never more certain.
    """
    if (level := pooled.no_effect) is None:
        return None
    error = min(effect.se for effect in pooled.effects)
    across, none = pooled.verdict == "across", pooled.scale.forward(level)
    onward = 1 if (pooled.pool.estimate > none) == across else -1  # up, where a value below no effect is to be weakened
    start = none if across else pooled.pool.estimate

    def changes(distance: float) -> bool:
        more = Effect("", start + onward * distance, error)
        return pooled.side(modified_interval([*pooled.effects, more], scale=pooled.scale)) != pooled.verdict

    far = next((step * error / 2 for step in range(_STEPS + 1) if changes(step * error / 2)), None)
    if far is None:
        return None
    near = max(0.0, far - error / 2)
    for _ in range(_HALVINGS):
        half = (near + far) / 2
        near, far = (near, half) if changes(half) else (half, far)
    return Effect("", start + onward * far, error)


def turning_estimates(review: Review) -> Iterable[Estimate]:
    """Yield, for each pool of treatment effects that one more study could turn, the result with which it would."""
    said = "result of one more study that would change the answer"
    for key, pooled in pool_evidence(review).items():
        if pooled.plan.contrast == "treatment" and (turn := turning_point(pooled)) is not None:
            (value, low, high), label = turn.interval(pooled.scale), f"{pooled.plan.title}: {said}"
            around = low, high
            yield Estimate.make(f"pool.{key}.turns", value, label, pooled.names, around, precision=2, method=_METHOD)
