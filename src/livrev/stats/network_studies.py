"""The studies of a network: their arms, contrasts and covariances, which treatments hang together, and who contributes what."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise

import numpy as np

from livrev.stats.pooling import Model, Vector

Pair = tuple[str, str]
_NOTHING = 1e-10


class NetworkError(ValueError):
    """Raised where rows make no network; *cure* says what to do, *study* which one is at fault (none: the whole)."""

    def __init__(self, message: str, cure: str, study: str = "") -> None:
        super().__init__(message)
        self.cure, self.study = cure, study


@dataclass(frozen=True, slots=True)
class Contrast:
    """One row of a network: *treatment* against *comparator*, on the scale of analysis.

    *covariance* is that of any two contrasts of the study, where it gives them against one comparator only.
    """

    study: str
    treatment: str
    comparator: str
    estimate: float
    se: float
    covariance: float | None = None


@dataclass(frozen=True)
class ArmContrasts:
    """One study: its arms (the first is the one that the others are set against), their contrasts and covariances."""

    study: str
    arms: tuple[str, ...]
    estimates: Vector
    covariance: Vector

    def pair(self, a: str, b: str) -> tuple[float, float] | None:
        """Return arm *a* less arm *b* with its variance; None where the study has not both."""
        if a not in self.arms or b not in self.arms:
            return None
        row = np.array([(arm == a) - (arm == b) for arm in self.arms[1:]], dtype=np.float64)
        return float(row @ self.estimates), float(row @ self.covariance @ row)


def gather_studies(rows: Sequence[Contrast]) -> list[ArmContrasts]:
    """Return the studies of *rows* in order. Raises NetworkError where one lacks covariances, or they make several networks."""
    from scipy.sparse.csgraph import connected_components

    if not rows:
        raise NetworkError("holds no contrasts", "write one row a contrast")
    named = dict.fromkeys(row.study for row in rows)
    studies = [_gather(name, [row for row in rows if row.study == name]) for name in named]
    names = sorted({arm for study in studies for arm in study.arms})
    joined = [[any({a, b} <= set(study.arms) for study in studies) for b in names] for a in names]
    many, pieces = connected_components(np.array(joined), directed=False)
    if many > 1:
        apart = (", ".join(np.array(names)[pieces == i]) for i in range(many))
        said = "; ".join(f"{number}: {piece}" for number, piece in enumerate(apart, 1))
        cure = "add a study that joins them, or fit each alone"
        raise NetworkError(f"falls into {many} pieces that no study joins ({said})", cure)
    return studies


def _gather(study: str, rows: Sequence[Contrast]) -> ArmContrasts:
    pairs: dict[frozenset[str], Contrast] = {}
    for row in rows:
        pair = frozenset((row.treatment, row.comparator))
        if len(pair) == 1:
            raise NetworkError(f"sets {row.treatment} against itself", "name two treatments", study)
        if pair in pairs:
            said = f"compares {row.treatment} with {row.comparator} twice"
            raise NetworkError(said, "keep one row a comparison", study)
        pairs[pair] = row
    arms = list(dict.fromkeys(arm for row in rows for arm in (row.comparator, row.treatment)))
    named = [arm for row in rows for arm in (row.treatment, row.comparator)]
    against = [row.comparator for row in rows]
    base = max(arms, key=lambda arm: (named.count(arm), against.count(arm)))
    others = [arm for arm in arms if arm != base]
    missing = [arm for arm in others if frozenset((arm, base)) not in pairs]
    complete = len(pairs) == len(arms) * (len(arms) - 1) // 2
    if len(arms) > 2 and not complete and (missing or len(pairs) > len(others)):
        cure = "give all pairs of its arms, or each arm against one comparator with their covariance"
        raise NetworkError(f"has {len(arms)} arms and {len(pairs)} of their comparisons", cure, study)
    found = [pairs[frozenset((arm, base))] for arm in others]
    estimates = np.array([row.estimate if row.comparator == base else -row.estimate for row in found])
    covariance = np.diag([row.se**2 for row in found])
    if len(others) > 1 and complete:
        sums = {base: 0.0, **dict(zip(others, estimates, strict=True))}
        for (j, second), (i, first) in combinations(enumerate(others), 2):
            row = pairs[frozenset((first, second))]
            if abs(sums[row.treatment] - sums[row.comparator] - row.estimate) > row.se:
                said = f"gives comparisons of {first}, {second} and {base} that do not add up"
                raise NetworkError(said, "look whether one of them is turned round", study)
            covariance[i, j] = covariance[j, i] = (covariance[i, i] + covariance[j, j] - row.se**2) / 2
    elif len(others) > 1:
        covariance[~np.eye(len(others), dtype=bool)] = _one_covariance(study, rows, base)
    if np.linalg.eigvalsh(covariance)[0] <= 1e-12 * covariance.max():
        said = f"gives variances of {', '.join(others)} against {base} that fit no covariance"
        raise NetworkError(said, "look the intervals, their levels and the covariance up", study)
    return ArmContrasts(study, (base, *others), estimates, covariance)


def _one_covariance(study: str, rows: Sequence[Contrast], base: str) -> float:
    given = {row.covariance for row in rows if row.covariance is not None}
    if len(given) != 1:
        said = "gives several covariances" if given else f"has {len(rows) + 1} arms, {len(rows)} rows and no covariance"
        cure = (
            "give all pairs of its arms, or one covariance: that of any two of its contrasts on the scale of analysis"
        )
        raise NetworkError(said, cure, study)
    if len({row.comparator == base for row in rows}) > 1:
        raise NetworkError(f"does not set every arm against {base}", f"make {base} the comparator of each row", study)
    return given.pop()


def stack(studies: Sequence[ArmContrasts], columns: Sequence[str]) -> Model:
    """Return *studies* as one model; *columns* are the treatments, without the reference where one is set."""
    from scipy.linalg import block_diag

    pairs = [(study.arms[0], arm) for study in studies for arm in study.arms[1:]]
    design = np.array([[(arm == name) - (base == name) for name in columns] for base, arm in pairs], np.float64)
    covariance = block_diag(*(study.covariance for study in studies))
    shared = block_diag(*((np.eye(len(study.estimates)) + 1) / 2 for study in studies))
    return Model(np.concatenate([study.estimates for study in studies]), covariance, design, shared)


def contribute(contrasts: Sequence[Contrast], *, tau2: float = 0.0) -> dict[Pair, dict[Pair, float]]:
    """Return the share, from 0 to 1, of each estimate of the network of *contrasts* that each direct comparison contributes.

    *contrasts* and errors are those of `fit_network`, *tau2* is that of the network (0: the common effect). The evidence
    on a against b is a flow from a to b through the direct comparisons (König, Krahn and Binder 2013,
    https://doi.org/10.1002/sim.6001); it is cut into paths, the shortest first, and each path's share is spread evenly
    over its comparisons (Papakonstantinou et al. 2018, https://doi.org/10.12688/f1000research.14770.3).

    >>> rows = [Contrast("1", "B", "A", -0.3, 0.1), Contrast("2", "C", "B", -0.1, 0.1)]
    >>> {direct: round(share, 2) for direct, share in contribute(rows)["A", "C"].items()}
    {('A', 'B'): 0.5, ('B', 'C'): 0.5}
    """
    studies = gather_studies(contrasts)
    names = sorted({arm for study in studies for arm in study.arms})
    model = stack(studies, names)
    laplacian = model.design.T @ np.linalg.inv(model.covariance + tau2 * model.shared) @ model.design
    weights = np.diag(np.diag(laplacian)) - laplacian  # a study of several arms is spread over its pairs
    potentials = np.linalg.pinv(laplacian)
    found = {}
    for a, b in combinations(range(len(names)), 2):
        level = potentials[:, a] - potentials[:, b]
        shares = _cut_into_paths(weights * (level[:, None] - level[None, :]), a, b)
        found[names[a], names[b]] = {(names[i], names[j]): share for (i, j), share in sorted(shares.items())}
    return found


def share_by_study(contrasts: Sequence[Contrast], *, tau2: float = 0.0) -> dict[Pair, dict[str, float]]:
    """Return the share of each estimate that each study contributes: every contribution, divided among its studies by weight.

    The weight of a study in a comparison is the inverse of its variance plus *tau2*. Arguments and errors are those of
    `contribute`.
    """
    weights: dict[frozenset[str], dict[str, float]] = {}
    for study in gather_studies(contrasts):
        for arms in combinations(study.arms, 2):
            if (pair := study.pair(*arms)) is not None:
                weights.setdefault(frozenset(arms), {})[study.study] = 1 / (pair[1] + tau2)
    shares: dict[Pair, dict[str, float]] = {}
    for estimate, parts in contribute(contrasts, tau2=tau2).items():
        of_studies = shares.setdefault(estimate, {})
        for direct, share in parts.items():
            own = weights[frozenset(direct)]
            for name, weight in own.items():
                of_studies[name] = of_studies.get(name, 0.0) + share * weight / sum(own.values())
    return shares


def _cut_into_paths(flow: Vector, start: int, end: int) -> dict[tuple[int, int], float]:
    """Return the share of each comparison in the *flow* from *start* to *end*, which is used up on the way."""
    from scipy.sparse.csgraph import breadth_first_order

    flow = np.where(flow > _NOTHING, flow, 0.0)
    shares: dict[tuple[int, int], float] = {}
    while (came_from := breadth_first_order(flow, start)[1])[end] >= 0:  # the path of fewest comparisons
        path = [end]
        while path[0] != start:
            path.insert(0, int(came_from[path[0]]))
        steps = list(pairwise(path))
        least = min(flow[step] for step in steps)
        for i, j in steps:
            flow[i, j] = flow[i, j] - least if flow[i, j] - least > _NOTHING else 0.0
            edge = (min(i, j), max(i, j))
            shares[edge] = shares.get(edge, 0.0) + float(least) / len(steps)
    whole = sum(shares.values())
    return {edge: share / whole for edge, share in shares.items()}
