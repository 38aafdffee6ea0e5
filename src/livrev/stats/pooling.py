"""Pool effects: random effects by REML with modified Hartung-Knapp, and beside it what other conventions give.

Between-study variance by REML and DerSimonian-Laird, and its Q-profile interval, hold whatever the unit of measure.

The same model with a design stands behind networks and meta-regressions: generalised least squares, and tau² by REML. The
contrasts of a study may be correlated; heterogeneity is, by one half (Higgins et al. 2012, https://doi.org/10.1002/jrsm.1044).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from livrev.stats.effect_sizes import Effect, Interval, Scale, Z

Vector = NDArray[np.float64]
_TOLERANCE = 1e-14
_ITERATIONS = 1000
# The restricted likelihood may have two peaks; against a grid twenty times finer, this ladder missed none in 5,000 random sets.
_LADDER: Vector = np.concatenate(([0.0], np.geomspace(1e-6, 1e6, 97)))


def as_arrays(effects: Sequence[Effect]) -> tuple[Vector, Vector]:
    """Return estimates and variances of *effects*."""
    return np.array([one.estimate for one in effects], np.float64), np.array([one.se for one in effects]) ** 2


def restricted_likelihood(effects: Vector, variances: Vector, tau2: Vector) -> Vector:
    """Return the restricted log-likelihood at each of *tau2*, up to a constant (Harville 1977, https://doi.org/10.2307/2286796)."""
    total = variances + tau2[:, None]
    weights = 1 / total
    sums = weights.sum(axis=1)
    means = (weights * effects).sum(axis=1) / sums
    squares = (weights * (effects - means[:, None]) ** 2).sum(axis=1)
    likelihood: Vector = -0.5 * (np.log(total).sum(axis=1) + np.log(sums) + squares)
    return likelihood


def estimate_reml(effects: Vector, variances: Vector) -> float:
    """Return tau² by restricted maximum likelihood, at the highest peak of the likelihood where it has several."""
    unit = float(np.median(variances))
    scaled, spread = effects / np.sqrt(unit), variances / unit

    def slope(tau2: float) -> float:
        weights = 1 / (spread + tau2)
        total = weights.sum()
        residuals = scaled - (weights * scaled).sum() / total
        return float(((weights * residuals) ** 2).sum() - total + (weights**2).sum() / total)

    return unit * _find_peak(restricted_likelihood(scaled, spread, _LADDER), slope)


def _find_peak(heights: Vector, slope: Callable[[float], float]) -> float:
    """Return tau² where a likelihood with these *heights* at _LADDER is highest: where its *slope* beside the best is zero."""
    from scipy.optimize import brentq

    best, last = int(np.argmax(heights)), len(_LADDER) - 1
    low, high = float(_LADDER[max(best - 1, 0)]), float(_LADDER[min(best + 1, last)])
    while best == last and slope(high) > 0:  # beyond the ladder
        low, high = high, 10 * high
    below, above = slope(low), slope(high)
    if best == 0 and below <= 0:
        return 0.0
    return float(brentq(slope, low, high, xtol=_TOLERANCE)) if below > 0 > above else float(_LADDER[best])


_WIDEST = 1e6


@dataclass(frozen=True, slots=True)
class Summary:
    """A pooled value with its 95 % interval, on the scale of the input."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Pool:
    """A pool of k studies: values and intervals (95 %) on the scale of the input, the rest on that of analysis.

    *hk_modified_ci* is the Hartung-Knapp interval whose standard error is never below the Wald one (Wald's for one study
    and for proportions), *hk_ci* the one without that rule. *tau2*, *estimate* and *se* (of the Wald interval) are on the
    scale of analysis, *i2* and *weights* in percent. None: not defined for so few studies, or by this model.
    """

    k: int
    value: float
    hk_modified_ci: Interval
    hk_ci: Interval | None = None
    wald: Interval
    tau2: float | None = None
    tau2_interval: Interval | None = None
    i2: float | None = None
    q: float | None = None
    q_p: float | None = None
    prediction: Interval | None = None
    common: Summary
    dersimonian_laird: Summary
    weights: tuple[float, ...]
    estimate: float
    se: float


def pool_effects(effects: Sequence[Effect], *, scale: Scale) -> Pool:
    """Pool *effects*, which are on the scale of analysis, and return the pool on the scale of the input.

    Random effects: tau² by REML with its Q-profile interval (Viechtbauer 2007, https://doi.org/10.1002/sim.2514);
    Hartung-Knapp-Sidik-Jonkman with t(k-1), plain and modified (standard error never below Wald's; Röver, Knapp and
    Friede 2015, https://doi.org/10.1186/s12874-015-0091-1); I² from tau² (Higgins and Thompson 2002,
    https://doi.org/10.1002/sim.1186); prediction interval with t(k-2), from three studies on (Higgins, Thompson and
    Spiegelhalter 2009, https://doi.org/10.1111/j.1467-985X.2008.00552.x), with the modified standard error in place of
    Wald's (Partlett and Riley 2017, https://doi.org/10.1002/sim.7140). Beside it the common effect, and random effects
    with the tau² of DerSimonian and Laird (1986, https://doi.org/10.1016/0197-2456(86)90046-2). One study stands for
    itself. Raises ValueError without effects, or where they cannot be pooled.

    >>> from livrev.stats.effect_sizes import LOG, effect_from_interval
    >>> trials = [("A", 0.75, 0.60, 0.93), ("B", 0.80, 0.62, 1.03), ("C", 0.70, 0.50, 0.98)]
    >>> pool = pool_effects([effect_from_interval(*trial, scale=LOG) for trial in trials], scale=LOG)
    >>> pool.k, round(pool.value, 3), [round(bound, 3) for bound in pool.hk_modified_ci]
    (3, 0.757, [0.546, 1.049])
    """
    from meta_analyze import MetaAnalysisError

    if not effects:
        raise ValueError("there are no effects to pool")
    try:
        return _pool(tuple(effects), scale)
    except MetaAnalysisError as error:
        raise ValueError(f"these effects cannot be pooled: {error}") from error


@lru_cache(maxsize=4096)  # results, figures, tables and checks of one build ask for the same pools again and again
def _pool(effects: tuple[Effect, ...], scale: Scale) -> Pool:
    from meta_analyze.estimators import estimate_tau2
    from meta_analyze.heterogeneity import classical_heterogeneity, q_profile_tau2_interval, tau2_inconsistency

    k, (estimates, variances) = len(effects), as_arrays(effects)
    if variances.max() > _WIDEST**2 * variances.min():
        raise ValueError("standard errors differ more than a millionfold; is one study in another unit?")
    common = summarise(estimates, variances, scale)
    if k == 1:  # nothing can be said of what lies between studies
        alone = common.low, common.high
        return Pool(
            k=1, value=common.value, hk_modified_ci=alone, wald=alone, common=common, dersimonian_laird=common,
            weights=(100.0,), estimate=effects[0].estimate, se=effects[0].se,
        )  # fmt: skip
    tau2, mean, se, spread, weights = _random_effects(estimates, variances)
    modified = se * max(1.0, spread)
    q, _, q_p, _, _ = classical_heterogeneity(estimates, variances)
    laird = float(estimate_tau2(estimates, variances, method="DL").value)
    unit = float(np.median(variances))
    between = q_profile_tau2_interval(
        estimates / np.sqrt(unit), variances / unit, confidence_level=0.95, tau2_estimate=tau2 / unit,
        atol=_TOLERANCE, max_iter=_ITERATIONS,
    )  # fmt: skip

    def around(reach: float) -> Interval:
        return scale.around(mean, reach)[1:]

    ahead = around(t_quantile(k - 2) * float(np.hypot(np.sqrt(tau2), modified))) if k > 2 else None
    return Pool(
        k=k, value=scale.back(mean), hk_modified_ci=around(t_quantile(k - 1) * modified),
        hk_ci=around(t_quantile(k - 1) * se * spread), wald=around(Z * se), tau2=tau2,
        tau2_interval=(between.ci_low * unit, between.ci_high * unit), i2=100 * tau2_inconsistency(variances, tau2)[0],
        q=q, q_p=q_p, prediction=ahead, common=common, dersimonian_laird=summarise(estimates, variances + laird, scale),
        weights=tuple(100 * float(weight) for weight in weights), estimate=mean, se=se,
    )  # fmt: skip


def modified_interval(effects: Sequence[Effect], *, scale: Scale) -> Interval:
    """Return the modified Hartung-Knapp interval alone, as pool_effects gives it beside all else; of two effects or more."""
    _, mean, se, spread, _ = _random_effects(*as_arrays(effects))
    reach = t_quantile(len(effects) - 1) * (se * max(1.0, spread))
    return scale.around(mean, reach)[1:]


def _random_effects(estimates: Vector, variances: Vector) -> tuple[float, float, float, float, Vector]:
    """Return tau² by REML, the mean, its Wald standard error, the factor that Hartung and Knapp put on it, and the weights."""
    tau2 = estimate_reml(estimates, variances)
    mean, se, weights = weighted_mean(estimates, variances + tau2)
    squares = ((estimates - mean) ** 2 / (variances + tau2)).sum()
    spread = 0.0 if np.all(estimates == estimates[0]) else float(np.sqrt(squares / (len(estimates) - 1)))
    return tau2, mean, se, spread, weights


def weighted_mean(estimates: Vector, variances: Vector) -> tuple[float, float, Vector]:
    """Return the inverse-variance mean, its standard error, and the weights as shares."""
    weights = 1 / variances
    total = float(weights.sum())
    return float(weights @ estimates) / total, total**-0.5, weights / total


def summarise(estimates: Vector, variances: Vector, scale: Scale) -> Summary:
    """Return the inverse-variance mean with its Wald interval, on the scale of the input."""
    mean, se, _ = weighted_mean(estimates, variances)
    return Summary(*scale.around(mean, Z * se))


@lru_cache
def t_quantile(df: int) -> float:
    """Return how many standard errors a 95 % interval reaches by Student's t with *df* degrees of freedom."""
    from scipy.special import stdtrit

    return float(stdtrit(df, 0.975))


@dataclass(frozen=True)
class Model:
    """n contrasts of all studies, their covariance, the design, and how heterogeneity is shared between contrasts."""

    estimates: Vector  # n
    covariance: Vector  # n, n
    design: Vector  # n, treatments (or groups) less one
    shared: Vector  # n, n: one on the diagonal, one half beside it within a study


@dataclass(frozen=True)
class Fit:
    """Weighted least squares at one tau², or at each of several: basic contrasts, their covariance, and what they rest on."""

    estimates: Vector
    covariance: Vector
    q: Vector  # the weighted sum of squares
    weights: Vector
    residuals: Vector  # weighted


def fit_at(model: Model, tau2: float | Vector) -> Fit:
    """Return the weighted least squares fit with *tau2* between studies."""
    weights = np.asarray(np.linalg.inv(model.covariance + np.multiply.outer(tau2, model.shared)), np.float64)
    weighted = weights @ model.design
    covariance = np.asarray(np.linalg.inv(model.design.T @ weighted), np.float64)
    estimates = np.matvec(covariance, np.vecmat(model.estimates, weighted))
    apart = model.estimates - estimates @ model.design.T
    residuals = np.matvec(weights, apart)
    return Fit(estimates, covariance, np.vecdot(apart, residuals), weights, residuals)


def estimate_model_reml(model: Model) -> float:
    """Return tau² by restricted maximum likelihood: the highest peak of the likelihood where it has several."""
    unit = float(np.median(np.diag(model.covariance)))
    scaled = replace(model, estimates=model.estimates / unit**0.5, covariance=model.covariance / unit)
    fits = fit_at(scaled, _LADDER)
    heights = np.linalg.slogdet(fits.weights)[1] + np.linalg.slogdet(fits.covariance)[1] - fits.q

    def slope(tau2: float) -> float:
        fit = fit_at(scaled, tau2)
        weighted = fit.weights @ scaled.design
        free = fit.weights - weighted @ fit.covariance @ weighted.T
        return float(fit.residuals @ scaled.shared @ fit.residuals - (free * scaled.shared).sum())

    return unit * _find_peak(heights, slope)
