"""The random-effects model behind networks and meta-regressions: generalised least squares, and tau² by REML.

The contrasts of a study may be correlated; heterogeneity is, by one half (Higgins et al. 2012,
https://doi.org/10.1002/jrsm.1044). The restricted likelihood is Harville's (1977, https://doi.org/10.2307/2286796).
"""

from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from numpy.typing import NDArray

from livrev.stats.pooling import LADDER, find_peak

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Model:
    """n contrasts of all studies, their covariance, the design, and how heterogeneity is shared between contrasts."""

    estimates: Array  # n
    covariance: Array  # n, n
    design: Array  # n, treatments (or groups) less one
    shared: Array  # n, n: one on the diagonal, one half beside it within a study


@dataclass(frozen=True)
class Fit:
    """Weighted least squares at one tau²: basic contrasts, their covariance, the weighted sum of squares, and what it rests on."""

    estimates: Array
    covariance: Array
    q: float
    weights: Array
    residuals: Array  # weighted


def fit_at(model: Model, tau2: float) -> Fit:
    """Return the weighted least squares fit with *tau2* between studies."""
    weights = np.asarray(np.linalg.inv(model.covariance + tau2 * model.shared), dtype=np.float64)
    weighted = weights @ model.design
    covariance = np.asarray(np.linalg.inv(model.design.T @ weighted), dtype=np.float64)
    estimates = covariance @ (weighted.T @ model.estimates)
    apart = model.estimates - model.design @ estimates
    residuals = weights @ apart
    return Fit(estimates, covariance, float(apart @ residuals), weights, residuals)


def restricted_log_likelihood(model: Model, tau2: float) -> float:
    """Return the restricted log-likelihood at *tau2*, up to a constant."""
    fit = fit_at(model, tau2)
    spread = np.linalg.slogdet(fit.weights)[1] + np.linalg.slogdet(fit.covariance)[1]
    return 0.5 * (float(spread) - fit.q)


def _slope(model: Model, tau2: float) -> float:
    """Return the derivative of the restricted log-likelihood, times two."""
    fit = fit_at(model, tau2)
    weighted = fit.weights @ model.design
    free = fit.weights - weighted @ fit.covariance @ weighted.T
    return float(fit.residuals @ model.shared @ fit.residuals - (free * model.shared).sum())


def estimate_model_reml(model: Model) -> float:
    """Return tau² by restricted maximum likelihood: the highest peak of the likelihood where it has several."""
    unit = float(np.median(np.diag(model.covariance)))
    scaled = replace(model, estimates=model.estimates / unit**0.5, covariance=model.covariance / unit)
    heights = np.array([restricted_log_likelihood(scaled, float(tau2)) for tau2 in LADDER])
    return unit * find_peak(heights, partial(_slope, scaled))
