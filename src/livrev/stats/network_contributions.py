"""How much each direct comparison contributes to each estimate of a network: the flow of evidence, cut into paths."""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise

import numpy as np

from livrev.stats.least_squares import Array
from livrev.stats.network_studies import ArmContrasts, Contrast, gather_studies, refuse_pieces

_NOTHING = 1e-10


@dataclass(frozen=True, slots=True)
class Contribution:
    """The *share*, from 0 to 1, of the estimate of *a* against *b* that comes from studies of *direct_a* and *direct_b*."""

    a: str
    b: str
    direct_a: str
    direct_b: str
    share: float


def contribute(contrasts: Sequence[Contrast], *, tau2: float = 0.0) -> tuple[Contribution, ...]:
    """Return what each direct comparison contributes to each estimate of the network of *contrasts*.

    *contrasts* are on the scale of analysis, as `fit_network` takes them; *tau2* is that of the network (0: the common
    effect). The evidence on a against b is a flow from a to b through the direct comparisons (König, Krahn and Binder
    2013, https://doi.org/10.1002/sim.6001); it is cut into paths, the shortest first, and each path's share is spread
    evenly over its comparisons (Papakonstantinou et al. 2018, https://doi.org/10.12688/f1000research.14770.3). The shares
    of one estimate add up to 1. Raises NetworkError where a study does not say its covariances, or where no study joins the pieces.

    >>> rows = [Contrast("1", "B", "A", -0.3, 0.1), Contrast("2", "C", "B", -0.1, 0.1)]
    >>> [(c.a, c.b, c.direct_a, c.direct_b, round(c.share, 2)) for c in contribute(rows) if (c.a, c.b) == ("A", "C")]
    [('A', 'C', 'A', 'B', 0.5), ('A', 'C', 'B', 'C', 0.5)]
    """
    studies = gather_studies(contrasts)
    refuse_pieces(studies)
    names = sorted({arm for study in studies for arm in study.arms})
    weights = _edge_weights(studies, names, tau2)
    laplacian = np.diag(weights.sum(axis=1)) - weights
    potentials = np.linalg.pinv(laplacian)
    found = []
    for a, b in combinations(range(len(names)), 2):
        level = potentials[:, a] - potentials[:, b]
        shares = _cut_into_paths(weights * (level[:, None] - level[None, :]), a, b)
        found += [
            Contribution(names[a], names[b], names[i], names[j], float(share))
            for (i, j), share in sorted(shares.items())
        ]
    return tuple(found)


@dataclass(frozen=True, slots=True)
class StudyShare:
    """The *share*, from 0 to 1, of the estimate of *a* against *b* that comes from one *study*."""

    a: str
    b: str
    study: str
    share: float


def share_by_study(contrasts: Sequence[Contrast], *, tau2: float = 0.0) -> tuple[StudyShare, ...]:
    """Return what each study contributes to each estimate: every contribution, divided among its studies by weight.

    The weight of a study in a comparison is the inverse of its variance plus *tau2*. Arguments and errors are those of
    `contribute`.
    """
    weights: dict[frozenset[str], dict[str, float]] = {}
    for study in gather_studies(contrasts):
        for arms in combinations(study.arms, 2):
            if (pair := study.pair(*arms)) is not None:
                weights.setdefault(frozenset(arms), {})[study.study] = 1 / (pair[1] + tau2)
    shares: dict[tuple[str, str, str], float] = {}
    for part in contribute(contrasts, tau2=tau2):
        own = weights[frozenset((part.direct_a, part.direct_b))]
        for name, weight in own.items():
            key = (part.a, part.b, name)
            shares[key] = shares.get(key, 0.0) + part.share * weight / sum(own.values())
    return tuple(StudyShare(*key, share) for key, share in shares.items())


def _edge_weights(studies: Sequence[ArmContrasts], names: Sequence[str], tau2: float) -> Array:
    """Return how precisely each pair is compared directly; a study of several arms is spread over its pairs."""
    places = {name: i for i, name in enumerate(names)}
    weights = np.zeros((len(names), len(names)))
    for study in studies:
        many = len(study.arms) - 1
        against_first = np.hstack((-np.ones((many, 1)), np.eye(many)))
        precision = np.linalg.inv(study.covariance + tau2 * (np.eye(many) + 1) / 2)
        information = against_first.T @ precision @ against_first
        rows = [places[arm] for arm in study.arms]
        weights[np.ix_(rows, rows)] -= information - np.diag(np.diag(information))
    return weights


def _cut_into_paths(flow: Array, start: int, end: int) -> dict[tuple[int, int], float]:
    """Return the share of each comparison in the *flow* from *start* to *end*, which is used up on the way."""
    flow = np.where(flow > _NOTHING, flow, 0.0)
    shares: dict[tuple[int, int], float] = {}
    while path := _shortest_path(flow, start, end):
        steps = list(pairwise(path))
        least = min(flow[step] for step in steps)
        for i, j in steps:
            flow[i, j] = flow[i, j] - least if flow[i, j] - least > _NOTHING else 0.0
            edge = (min(i, j), max(i, j))
            shares[edge] = shares.get(edge, 0.0) + float(least) / len(steps)
    whole = sum(shares.values())
    return {edge: share / whole for edge, share in shares.items()}


def _shortest_path(flow: Array, start: int, end: int) -> list[int]:
    """Return the path of fewest comparisons along which something flows; empty where there is none."""
    came_from = {start: start}
    waiting = deque([start])
    while waiting and end not in came_from:
        here = waiting.popleft()
        for there in np.flatnonzero(flow[here]):
            if int(there) not in came_from:
                came_from[int(there)] = here
                waiting.append(int(there))
    if end not in came_from:
        return []
    path = [end]
    while path[-1] != start:
        path.append(came_from[path[-1]])
    return path[::-1]
