"""The random-effects model behind networks and meta-regressions: generalised least squares, and tau² by REML.

The contrasts of a study may be correlated; heterogeneity is, by one half (Higgins et al. 2012,
https://doi.org/10.1002/jrsm.1044). The restricted likelihood is Harville's (1977, https://doi.org/10.2307/2286796).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
_LADDER = np.concatenate(([0.0], np.geomspace(1e-6, 1e6, 97)))
_TOLERANCE = 1e-14


@dataclass(frozen=True)
class Block:
    """The studies of one size, stacked: k studies of m contrasts, their covariances and rows of the design matrix."""

    estimates: Array  # k, m
    covariance: Array  # k, m, m
    design: Array  # k, m, treatments less one
    shared: Array  # m, m: one on the diagonal, one half beside it


@dataclass(frozen=True)
class Fit:
    """Weighted least squares at one tau²: basic contrasts, their covariance, and the weighted sum of squared residuals."""

    estimates: Array
    covariance: Array
    q: float


def fit_at(blocks: Sequence[Block], tau2: float) -> Fit:
    """Return the weighted least squares fit with *tau2* between studies."""
    information, score, weights = _normal_equations(blocks, tau2)
    covariance = np.asarray(np.linalg.inv(information), dtype=np.float64)
    estimates = covariance @ score
    q = sum(
        float(np.einsum("ki,kij,kj->", r, w, r))
        for block, w in zip(blocks, weights, strict=True)
        for r in (block.estimates - block.design @ estimates,)
    )
    return Fit(estimates, covariance, q)


def _normal_equations(blocks: Sequence[Block], tau2: float) -> tuple[Array, Array, list[Array]]:
    many = blocks[0].design.shape[2]
    information, score = np.zeros((many, many)), np.zeros(many)
    weights: list[Array] = []
    for block in blocks:
        w = np.asarray(np.linalg.inv(block.covariance + tau2 * block.shared), dtype=np.float64)
        weighted = w @ block.design
        information += np.tensordot(block.design, weighted, ([0, 1], [0, 1]))
        score += np.tensordot(weighted, block.estimates, ([0, 1], [0, 1]))
        weights.append(w)
    return information, score, weights


def restricted_log_likelihood(blocks: Sequence[Block], tau2: float) -> float:
    """Return the restricted log-likelihood at *tau2*, up to a constant."""
    fit = fit_at(blocks, tau2)
    spread = sum(float(np.linalg.slogdet(block.covariance + tau2 * block.shared)[1].sum()) for block in blocks)
    return -0.5 * (spread - float(np.linalg.slogdet(fit.covariance)[1]) + fit.q)


def _slope(blocks: Sequence[Block], tau2: float) -> float:
    """Return the derivative of the restricted log-likelihood, times two."""
    information, score, weights = _normal_equations(blocks, tau2)
    covariance = np.linalg.inv(information)
    estimates = covariance @ score
    slope = 0.0
    for block, w in zip(blocks, weights, strict=True):
        weighted = w @ block.shared @ w
        r = block.estimates - block.design @ estimates
        slope += float(np.einsum("ki,kij,kj->", r, weighted, r)) - float(np.einsum("kij,ji->", w, block.shared))
        slope += float(np.sum(covariance * np.tensordot(block.design, weighted @ block.design, ([0, 1], [0, 1]))))
    return slope


def estimate_model_reml(blocks: Sequence[Block]) -> float:
    """Return tau² by restricted maximum likelihood: the highest peak of the likelihood where it has several."""
    from scipy.optimize import brentq

    unit = float(np.median(np.concatenate([np.diagonal(b.covariance, axis1=1, axis2=2).ravel() for b in blocks])))
    scaled = [Block(b.estimates / unit**0.5, b.covariance / unit, b.design, b.shared) for b in blocks]
    best = int(np.argmax([restricted_log_likelihood(scaled, float(tau2)) for tau2 in _LADDER]))
    low, high = float(_LADDER[max(best - 1, 0)]), float(_LADDER[min(best + 1, len(_LADDER) - 1)])
    below, above = _slope(scaled, low), _slope(scaled, high)
    if best == 0 and below <= 0:
        return 0.0
    if below > 0 > above:
        return unit * float(brentq(lambda tau2: _slope(scaled, tau2), low, high, xtol=_TOLERANCE, rtol=1e-13))
    return unit * float(_LADDER[best])
