"""Proportions: the exact interval of one, and the pool of many by a logistic regression with a random intercept for each study."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from math import log, sqrt

import numpy as np

from livrev.stats.effect_sizes import LOGIT, Effect, Interval, Z
from livrev.stats.pooling import Pool, Summary, Vector, summarise, t_quantile

_POINTS = 7
_NODES, _WEIGHTS = np.polynomial.hermite_e.hermegauss(_POINTS)
_LOG_WEIGHTS = np.log(_WEIGHTS / np.sqrt(2 * np.pi)) + _NODES**2 / 2
_GRID = np.array([(i, j) for i in range(-2, 3) for j in range(-2, 3)], dtype=np.float64)
_FIRST, _SECOND = np.array([1, -8, 0, 8, -1]) / 12, np.array([-1, 16, -30, 16, -1]) / 12  # derivatives on five points
_STARTS = np.array([0.05, 0.1, 0.2, 0.35, 0.5, 0.7, 1.0, 1.4, 2.0, 3.0, 4.5])
_LARGEST_TAU = 15.0


@dataclass(frozen=True, slots=True)
class Count:
    """One study's count: *events* among *total*."""

    study: str
    events: int
    total: int
    subgroup: str = ""


def clopper_pearson(events: int, total: int) -> Interval:
    """Return the exact 95 % interval of *events* among *total* (Clopper and Pearson 1934, https://doi.org/10.1093/biomet/26.4.404).

    Two shares from 0 to 1. Raises ValueError where events lies outside 0 to total, or total is not positive.

    >>> [round(share, 4) for share in clopper_pearson(3, 20)]
    [0.0321, 0.3789]
    """
    from scipy.special import betaincinv

    if total <= 0 or not 0 <= events <= total:
        raise ValueError(f"{events} of {total} is no proportion")
    low = 0.0 if events == 0 else float(betaincinv(events, total - events + 1, 0.025))
    high = 1.0 if events == total else float(betaincinv(events + 1, total - events, 0.975))
    return low, high


def pool_proportions(counts: Sequence[Count]) -> Pool:
    """Pool *counts* by maximum likelihood, as metafor's `rma.glmm(measure="PLO")` does with its defaults.

    Values are shares from 0 to 1, tau² is the variance of the logits. The likelihood is integrated by adaptive
    Gauss-Hermite quadrature with 7 points (Stijnen, Hamza and Özdemir 2010, https://doi.org/10.1002/sim.4040); intervals
    are z on the logit, with the standard error from the joint information of both parameters. Q is the likelihood ratio
    against one share for each study, the prediction interval t(k-2); tau² has none. The common effect is one share for
    all; DerSimonian-Laird, I² and the weights rest on logits with ½ added to both cells of a study that has an empty one.
    Raises ValueError where no study, or no finite estimate, is there.

    >>> pool = pool_proportions([Count("A", 3, 20), Count("B", 2, 31), Count("C", 5, 12)])
    >>> round(pool.value, 4), [round(bound, 4) for bound in pool.wald]
    (0.1646, [0.0609, 0.3746])
    """
    from meta_analyze.estimators import estimate_tau2
    from meta_analyze.heterogeneity import tau2_inconsistency
    from scipy.special import chdtrc
    from scipy.stats import binom

    if not counts:
        raise ValueError("there are no counts to pool")
    events, totals = _as_arrays(counts)
    _refuse_without_estimate(events, totals)
    k = len(counts)
    common = _fit_common(events, totals)
    mean, tau, se = _fit(events, totals) if k > 1 else common
    logits, variances = _logits(events, totals)
    weights = 1 / (variances + tau**2)
    wald = LOGIT.around(mean, Z * se)[1:]
    between = float(estimate_tau2(logits, variances, method="DL").value) if k > 1 else 0.0
    alike, apart = (binom.logpmf(events, totals, share) for share in (events.sum() / totals.sum(), events / totals))
    q = max(0.0, 2 * float((apart - alike).sum()))
    pool = Pool(
        k=k, value=LOGIT.back(mean), hk_modified_ci=wald, wald=wald, common=Summary(*LOGIT.around(common[0], Z * common[2])),
        dersimonian_laird=summarise(logits, variances + between, LOGIT),
        weights=tuple(100 * float(weight) for weight in weights / weights.sum()), estimate=mean, se=se,
    )  # fmt: skip
    if k == 1:
        return pool
    ahead = LOGIT.around(mean, t_quantile(k - 2) * float(np.hypot(tau, se)))[1:] if k > 2 else None
    i2 = 100 * tau2_inconsistency(variances, tau**2)[0]
    return replace(pool, tau2=tau**2, i2=i2, q=q, q_p=float(chdtrc(k - 1, q)), prediction=ahead)


def logit_effects(counts: Sequence[Count]) -> list[Effect]:
    """Return the logit of each study with its standard error, ½ added to both cells where one is empty."""
    return [
        Effect(count.study, float(logit), sqrt(variance), count.subgroup)
        for count, logit, variance in zip(counts, *_logits(*_as_arrays(counts)), strict=True)
    ]


def _as_arrays(counts: Sequence[Count]) -> tuple[Vector, Vector]:
    events, totals = np.array([(count.events, count.total) for count in counts], np.float64).T
    return events, totals


def _logits(events: Vector, totals: Vector) -> tuple[Vector, Vector]:
    added = np.where((events == 0) | (events == totals), 0.5, 0.0)
    yes, no = events + added, totals - events + added
    return np.log(yes / no), 1 / yes + 1 / no


def _refuse_without_estimate(events: Vector, totals: Vector) -> None:
    patients, all_events = int(totals.sum()), int(events.sum())
    low, high = clopper_pearson(all_events, patients)
    exact = f"{all_events} of {patients}, exact 95 % interval {low:.4g} to {high:.4g} of the sum, or of each study"
    if all_events in (0, patients):
        what = "no study has an event" if all_events == 0 else "every patient of every study has the event"
        raise ValueError(f"{what}, so the model has no finite estimate; give the exact interval instead: {exact}")
    if len(events) > 1 and np.all((events == 0) | (events == totals)):
        said = "each study has either no events or nothing else, so the variance between studies has no finite estimate"
        raise ValueError(f"{said}; show the studies instead: {exact}")


def _fit_common(events: Vector, totals: Vector) -> tuple[float, float, float]:
    yes, no = float(events.sum()), float((totals - events).sum())
    return log(yes / no), 0.0, sqrt(1 / yes + 1 / no)


def log_likelihood(events: Vector, totals: Vector, points: Vector) -> Vector:
    """Return the log-likelihood at each row (mean, tau) of *points*, less that of one share for each study."""
    from scipy.special import xlogy

    mean, tau = points[:, :1], points[:, 1:]
    logits, variances = _logits(events, totals)
    mode = tau * (logits - mean) / (tau**2 + variances)
    longest = 1 / np.maximum(np.abs(tau), 1e-3)  # at most 1 on the logit, or Newton's steps go to and fro
    for _ in range(200):
        share = 1 / (1 + np.exp(-(mean + tau * mode)))
        slope = tau * (events - totals * share) - mode
        curve = tau**2 * totals * share * (1 - share) + 1
        step = np.clip(slope / curve, -longest, longest)
        mode += step
        if np.abs(step).max() < 1e-11:
            break
    share = 1 / (1 + np.exp(-(mean + tau * mode)))
    spread = 1 / np.sqrt(tau**2 * totals * share * (1 - share) + 1)
    u = mode[..., None] + spread[..., None] * _NODES
    logit = mean[..., None] + tau[..., None] * u
    apart = xlogy(events, events / totals) + xlogy(totals - events, (totals - events) / totals)
    joint = events[:, None] * logit - totals[:, None] * np.logaddexp(0, logit) - u**2 / 2 - apart[:, None]
    terms = joint + _LOG_WEIGHTS
    top = terms.max(axis=2)
    study = top + np.log(np.exp(terms - top[..., None]).sum(axis=2)) + np.log(spread)
    likelihood: Vector = study.sum(axis=1)
    return likelihood


def _fit(events: Vector, totals: Vector) -> tuple[float, float, float]:
    """Return mean, tau and the standard error of the mean where the likelihood is highest."""
    from scipy.optimize import minimize

    common, _, common_se = _fit_common(events, totals)
    logits, variances = _logits(events, totals)
    weights = 1 / (variances + _STARTS[:, None] ** 2)
    starts = np.column_stack(((weights * logits).sum(axis=1) / weights.sum(axis=1), _STARTS))
    heights = log_likelihood(events, totals, np.vstack((starts, [[common, 0.0]])))

    @cache
    def look(mean: float, tau: float) -> tuple[float, Vector, Vector]:
        return _differentiate(events, totals, np.array([mean, tau]))

    found = minimize(
        lambda point: -look(*point)[0], starts[int(np.argmax(heights[:-1]))], method="trust-exact",
        jac=lambda point: -look(*point)[1], hess=lambda point: look(*point)[2],
        options={"gtol": 1e-7, "max_trust_radius": 1.0, "initial_trust_radius": 0.5, "maxiter": 100},
    )  # fmt: skip
    mean, tau = found.x
    height, _, information = look(mean, tau)
    if abs(tau) > _LARGEST_TAU:
        said = "nearly every study has either no events or nothing else, so the variance between studies has no usable estimate"
        raise ValueError(f"{said} (tau above {_LARGEST_TAU:g} on the logit); show the studies, with exact intervals")
    if abs(tau) < 1e-5 or height <= heights[-1] + 1e-12:
        return common, 0.0, common_se
    return float(mean), abs(float(tau)), sqrt(float(np.linalg.inv(information)[0, 0]))


def _differentiate(events: Vector, totals: Vector, point: Vector) -> tuple[float, Vector, Vector]:
    """Return height, slope and information (minus the second derivatives) by central differences of fourth order."""
    _, variances = _logits(events, totals)
    step = 1e-2 / sqrt(float((1 / (variances + point[1] ** 2)).sum()))  # a small part of the rough standard error
    f = log_likelihood(events, totals, point + step * _GRID).reshape(5, 5)
    slope = np.array([_FIRST @ f[:, 2], f[2] @ _FIRST]) / step
    both = _FIRST @ f @ _FIRST
    return float(f[2, 2]), slope, -np.array([[_SECOND @ f[:, 2], both], [both, f[2] @ _SECOND]]) / step**2
