"""What few or unrandomised studies can say: a Bayesian estimate, the effect that a pool could have seen, and the E-value.

Where fewer than five studies are pooled, tau² is hardly estimated, and the modified Hartung-Knapp interval is so wide that
it finds nothing. A half-normal prior on tau says beforehand how much trials of one question differ; Friede et al. 2017
(https://doi.org/10.1002/jrsm.1217) recommend scales of 0.5 or 1 for logarithms of odds ratios, Röver et al. 2021
(https://doi.org/10.1002/jrsm.1475) compare priors. The prior of the mean effect is flat.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from livrev.stats.effect_sizes import Effect, Interval, Scale, Z
from livrev.stats.pooling import Vector, as_arrays, restricted_likelihood, t_quantile

# Nodes and weights of the quadrature in units of the prior's scale, in panels that are finer near 0; beyond 9 lies 2e-19 of it.
_PANELS = np.concatenate(([0.0], np.geomspace(1e-4, 9.0, 24)))[:, None]
_POINTS, _WEIGHTS = np.polynomial.legendre.leggauss(16)
_NODES = (_PANELS[:-1] + np.diff(_PANELS, axis=0) / 2 * (_POINTS + 1)).ravel()
_STEPS = (np.diff(_PANELS, axis=0) / 2 * _WEIGHTS).ravel()


@dataclass(frozen=True, slots=True)
class BayesPool:
    """Posterior of a pool: median and central 95 % interval of the mean effect, on the scale of the input.

    *means*, *errors* and *weights* are the normal distributions whose mixture the posterior is, on that of analysis.
    """

    prior_scale: float
    value: float
    interval: Interval
    scale: Scale
    means: Vector
    errors: Vector
    weights: Vector

    def probability_below(self, threshold: float) -> float:
        """Return the probability that the mean effect lies below *threshold*, on the scale of the input (1: any benefit)."""
        return _mixture_cdf(self.scale.forward(threshold), self.means, self.errors, self.weights)


def pool_with_prior(effects: Sequence[Effect], *, scale: Scale, prior_scale: float = 0.5) -> BayesPool:
    """Pool *effects*, on the scale of analysis, with a half-normal prior of *prior_scale* on tau and a flat one on the mean.

    The mean is integrated out exactly, tau by Gauss-Legendre quadrature. *prior_scale* is on the scale of analysis; 0.5 and
    1 suit logarithms of ratios, not differences in months. Raises ValueError without effects, or where it is not above 0.

    >>> from livrev.stats.effect_sizes import LOG
    >>> pool = pool_with_prior([Effect("A", -0.4, 0.12), Effect("B", -0.2, 0.15)], scale=LOG)
    >>> round(pool.value, 3), round(pool.probability_below(1), 3)
    (0.732, 0.913)
    """
    from scipy.optimize import brentq

    if not effects:
        raise ValueError("there are no effects to pool")
    if not prior_scale > 0:
        raise ValueError("the scale of the prior of tau lies above 0")
    estimates, variances = as_arrays(effects)
    tau = _NODES * prior_scale
    height = restricted_likelihood(estimates, variances, tau**2) - _NODES**2 / 2
    density = np.exp(height - height.max()) * _STEPS
    weights = density / density.sum()
    precision = 1 / (variances + tau[:, None] ** 2)
    information = precision.sum(axis=1)
    means, errors = (precision * estimates).sum(axis=1) / information, information**-0.5

    def quantile(share: float) -> float:
        ends = float((means - 40 * errors).min()), float((means + 40 * errors).max())
        return scale.back(brentq(lambda point: _mixture_cdf(point, means, errors, weights) - share, *ends, xtol=1e-12))

    interval = quantile(0.025), quantile(0.975)
    return BayesPool(prior_scale, quantile(0.5), interval, scale, means, errors, weights)


def _mixture_cdf(point: float, means: Vector, errors: Vector, weights: Vector) -> float:
    from scipy.special import ndtr

    return float((weights * ndtr((point - means) / errors)).sum())


def smallest_detectable(se: float, k: int, *, power: float = 0.8) -> float:
    """Return the smallest true effect, on the scale of analysis, that a pool of *k* studies would have found.

    Found: the modified Hartung-Knapp interval (Wald's for one study) excludes 0; *se* is the standard error of the
    pool, taken as known, and the weighted squares about the mean as chi-squared with k - 1 degrees of freedom. Raises
    ValueError where *power* is no share above the level of the test, or there is no study.

    >>> round(smallest_detectable(0.1, 1), 4), round(smallest_detectable(0.1, 3), 4), round(smallest_detectable(0.1, 10), 4)
    (0.2802, 0.5929, 0.3318)
    """
    from scipy.optimize import brentq

    if k < 1 or not se > 0 or not 0.05 < power < 1:
        raise ValueError("a pool has a study, a standard error above 0, and a power between 0.05 and 1")
    return se * float(brentq(lambda effect: power_of_pool(effect, k) - power, 0.0, 1e4, xtol=1e-10))


def power_of_pool(effect: float, k: int) -> float:
    """Return the chance that a pool of *k* studies finds a true *effect*, given in standard errors of the pool."""
    from scipy.special import ndtr

    if k == 1:
        return float(ndtr(effect - Z) + ndtr(-effect - Z))
    factors, weights = _factors(k - 1)
    reach = t_quantile(k - 1) * factors
    return float((weights * (ndtr(effect - reach) + ndtr(-effect - reach))).sum())


@lru_cache
def _factors(df: int) -> tuple[Vector, Vector]:
    """Return what the standard error is multiplied by (never below 1), over even shares of the chi-squared distribution."""
    from scipy.special import chdtr, gammaincinv

    points, weights = np.polynomial.legendre.leggauss(200)
    kept = float(chdtr(df, df))  # up to here the factor is 1
    shares = kept + (1 - kept) * (points + 1) / 2
    factors = np.sqrt(2 * gammaincinv(df / 2, shares) / df)
    return np.concatenate(([1.0], factors)), np.concatenate(([kept], weights * (1 - kept) / 2))


@dataclass(frozen=True, slots=True)
class EValue:
    """E-value of an estimate, and of the limit of its interval that lies nearer to 1 (1 where the interval holds 1)."""

    estimate: float
    limit: float


def e_value(value: float, low: float, high: float) -> EValue:
    """Return the E-value of a risk ratio *value* with its interval *low* to *high*, from an observational study.

    It is the risk ratio that an unmeasured confounder needs with both exposure and outcome to explain the estimate away
    (VanderWeele and Ding 2017, https://doi.org/10.7326/M16-2607). Raises ValueError where the numbers are no such ratio.

    >>> found = e_value(3.9, 1.8, 8.7)
    >>> round(found.estimate, 2), round(found.limit, 2)
    (7.26, 3.0)
    """
    if not (0 < low <= value <= high and math.isfinite(high)):
        raise ValueError(f"{value:g} ({low:g} to {high:g}) is no ratio with its interval; they lie above 0, in order")
    nearer = 1.0 if low <= 1 <= high else low if low > 1 else high
    return EValue(_explain_away(value), _explain_away(nearer))


def _explain_away(risk_ratio: float) -> float:
    above = max(risk_ratio, 1 / risk_ratio)
    return above + math.sqrt(above * (above - 1))


def as_risk_ratio(hazard_ratio: float) -> float:
    """Return a hazard ratio of a common outcome (above 15 %) as a risk ratio: (1 - 0.5^√HR)/(1 - 0.5^√(1/HR)). Source: e_value's."""
    root = math.sqrt(hazard_ratio)
    return math.expm1(-math.log(2) * root) / math.expm1(-math.log(2) / root)  # exactly, where HR is small
