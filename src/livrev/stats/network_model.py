"""The likelihood of a network: the contrasts of each study with their covariances, weighted least squares, and REML."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Row = tuple[
    str, str, str, float, float, float | None
]  # study, treatment, comparator, estimate, standard error, covariance
_LADDER = np.concatenate(([0.0], np.geomspace(1e-6, 1e6, 97)))
_TOLERANCE = 1e-14


class NetworkError(ValueError):
    """Raised where rows make no network; *cure* says what to do, *study* which one is at fault (none: the whole)."""

    def __init__(self, message: str, cure: str, study: str = "") -> None:
        super().__init__(message)
        self.cure, self.study = cure, study


@dataclass(frozen=True)
class ArmContrasts:
    """One study: its arms (the first is the one that the others are set against), their contrasts and covariances."""

    study: str
    arms: tuple[str, ...]
    estimates: Array
    covariance: Array

    def pair(self, a: str, b: str) -> tuple[float, float] | None:
        """Return arm *a* less arm *b* with its variance; None where the study has not both."""
        if a not in self.arms or b not in self.arms:
            return None
        row = np.array([(arm == a) - (arm == b) for arm in self.arms[1:]], dtype=np.float64)
        return float(row @ self.estimates), float(row @ self.covariance @ row)


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


def gather_studies(rows: Sequence[Row]) -> list[ArmContrasts]:
    """Return the studies of *rows* in their order. Raises NetworkError where one does not say all its covariances."""
    if not rows:
        raise NetworkError("holds no contrasts", "write one row a contrast")
    grouped: dict[str, list[Row]] = {}
    for row in rows:
        grouped.setdefault(row[0], []).append(row)
    return [_gather(study, some) for study, some in grouped.items()]


def _gather(study: str, rows: Sequence[Row]) -> ArmContrasts:
    pairs: dict[frozenset[str], Row] = {}
    for row in rows:
        pair = frozenset(row[1:3])
        if len(pair) == 1:
            raise NetworkError(f"sets {row[1]} against itself", "name two treatments", study)
        if pair in pairs:
            raise NetworkError(f"compares {row[1]} with {row[2]} twice", "keep one row a comparison", study)
        pairs[pair] = row
    arms = list(dict.fromkeys(arm for row in rows for arm in (row[2], row[1])))
    named = [arm for row in rows for arm in row[1:3]]
    against = [row[2] for row in rows]
    base = max(arms, key=lambda arm: (named.count(arm), against.count(arm)))
    others = [arm for arm in arms if arm != base]
    missing = [arm for arm in others if frozenset((arm, base)) not in pairs]
    complete = len(pairs) == len(arms) * (len(arms) - 1) // 2
    if len(arms) > 2 and not complete and (missing or len(pairs) > len(others)):
        cure = "give all pairs of its arms, or each arm against one comparator with their covariance"
        raise NetworkError(f"has {len(arms)} arms and {len(pairs)} of their comparisons", cure, study)
    found = [pairs[frozenset((arm, base))] for arm in others]
    estimates = np.array([row[3] if row[2] == base else -row[3] for row in found])
    covariance = np.diag([row[4] ** 2 for row in found])
    if len(others) > 1:
        _fill_covariances(study, estimates, covariance, others, base, pairs, complete=complete)
    if np.linalg.eigvalsh(covariance)[0] <= 1e-12 * covariance.max():
        said = f"gives variances of {', '.join(others)} against {base} that fit no covariance"
        raise NetworkError(said, "look the intervals, their levels and the covariance up", study)
    return ArmContrasts(study, (base, *others), estimates, covariance)


def _fill_covariances(
    study: str, estimates: Array, covariance: Array, others: list[str], base: str, pairs: dict[frozenset[str], Row], *,
    complete: bool,
) -> None:  # fmt: skip
    """Write the covariances of the contrasts against *base*: from the variances of all pairs, or as they are given."""
    given = {row[5] for row in pairs.values() if row[5] is not None}
    if complete:
        for i, first in enumerate(others):
            for j, second in enumerate(others[:i]):
                _, one, other, estimate, se, _ = pairs[frozenset((first, second))]
                sums = {base: 0.0, first: estimates[i], second: estimates[j]}
                if abs(sums[one] - sums[other] - estimate) > se:
                    said = f"gives comparisons of {first}, {second} and {base} that do not add up"
                    raise NetworkError(said, "look whether one of them is turned round", study)
                variance = se**2
                covariance[i, j] = covariance[j, i] = (covariance[i, i] + covariance[j, j] - variance) / 2
        return
    if len(given) != 1:
        said = (
            "gives several covariances"
            if given
            else f"has {len(others) + 1} arms, {len(others)} rows and no covariance"
        )
        cure = (
            "give one covariance, that of any two of its contrasts on the scale of analysis, or all pairs of its arms"
        )
        raise NetworkError(said, cure, study)
    if len({row[2] == base for row in pairs.values()}) > 1:
        raise NetworkError(f"does not set every arm against {base}", f"make {base} the comparator of each row", study)
    covariance[~np.eye(len(others), dtype=bool)] = given.pop()


def design_of(study: ArmContrasts) -> frozenset[str]:
    """Return the design of a study: which treatments it compares."""
    return frozenset(study.arms)


def find_components(groups: Sequence[Sequence[str]]) -> list[list[str]]:
    """Return the pieces that treatments fall into where each of *groups* is compared within one study."""
    pieces: list[set[str]] = []
    for group in groups:
        joined = set(group)
        apart = []
        for piece in pieces:
            if piece & joined:
                joined |= piece
            else:
                apart.append(piece)
        pieces = [*apart, joined]
    return sorted(sorted(piece) for piece in pieces)


def stack(studies: Sequence[ArmContrasts], columns: Sequence[str]) -> list[Block]:
    """Return *studies* as blocks of one size each; *columns* are the treatments but the reference."""
    places = {name: i for i, name in enumerate(columns)}
    sizes: dict[int, list[ArmContrasts]] = {}
    for study in studies:
        sizes.setdefault(len(study.estimates), []).append(study)
    blocks = []
    for size, some in sizes.items():
        design = np.zeros((len(some), size, len(columns)))
        for s, study in enumerate(some):
            for i, arm in enumerate(study.arms[1:]):
                if arm in places:
                    design[s, i, places[arm]] = 1
                if study.arms[0] in places:
                    design[s, i, places[study.arms[0]]] = -1
        estimates = np.stack([study.estimates for study in some])
        covariance = np.stack([study.covariance for study in some])
        blocks.append(Block(estimates, covariance, design, (np.eye(size) + 1) / 2))
    return blocks


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
        information += np.einsum("kip,kij,kjq->pq", block.design, w, block.design, optimize=True)
        score += np.einsum("kip,kij,kj->p", block.design, w, block.estimates, optimize=True)
        weights.append(w)
    return information, score, weights


def restricted_log_likelihood(blocks: Sequence[Block], tau2: float) -> float:
    """Return the restricted log-likelihood at *tau2*, up to a constant (Harville 1977)."""
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
        slope += float(np.einsum("pq,kiq,kij,kjp->", covariance, block.design, weighted, block.design, optimize=True))
    return slope


def estimate_network_reml(blocks: Sequence[Block]) -> float:
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
