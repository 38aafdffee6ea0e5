"""The studies of a network: their arms, their contrasts and covariances, and which treatments hang together."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from livrev.stats.least_squares import Array, Model


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
    estimates: Array
    covariance: Array

    def pair(self, a: str, b: str) -> tuple[float, float] | None:
        """Return arm *a* less arm *b* with its variance; None where the study has not both."""
        if a not in self.arms or b not in self.arms:
            return None
        row = np.array([(arm == a) - (arm == b) for arm in self.arms[1:]], dtype=np.float64)
        return float(row @ self.estimates), float(row @ self.covariance @ row)


def gather_studies(rows: Sequence[Contrast]) -> list[ArmContrasts]:
    """Return the studies of *rows* in their order. Raises NetworkError where one does not say all its covariances."""
    if not rows:
        raise NetworkError("holds no contrasts", "write one row a contrast")
    grouped: dict[str, list[Contrast]] = {}
    for row in rows:
        grouped.setdefault(row.study, []).append(row)
    return [_gather(study, some) for study, some in grouped.items()]


def _gather(study: str, rows: Sequence[Contrast]) -> ArmContrasts:
    pairs: dict[frozenset[str], Contrast] = {}
    for row in rows:
        pair = frozenset((row.treatment, row.comparator))
        if len(pair) == 1:
            raise NetworkError(f"sets {row.treatment} against itself", "name two treatments", study)
        if pair in pairs:
            raise NetworkError(
                f"compares {row.treatment} with {row.comparator} twice", "keep one row a comparison", study
            )
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
    if len(others) > 1:
        _fill_covariances(study, estimates, covariance, others, base, pairs, complete=complete)
    if np.linalg.eigvalsh(covariance)[0] <= 1e-12 * covariance.max():
        said = f"gives variances of {', '.join(others)} against {base} that fit no covariance"
        raise NetworkError(said, "look the intervals, their levels and the covariance up", study)
    return ArmContrasts(study, (base, *others), estimates, covariance)


def _fill_covariances(
    study: str, estimates: Array, covariance: Array, others: list[str], base: str, pairs: dict[frozenset[str], Contrast], *,
    complete: bool,
) -> None:  # fmt: skip
    """Write the covariances of the contrasts against *base*: from the variances of all pairs, or as they are given."""
    given = {row.covariance for row in pairs.values() if row.covariance is not None}
    if complete:
        for i, first in enumerate(others):
            for j, second in enumerate(others[:i]):
                row = pairs[frozenset((first, second))]
                sums = {base: 0.0, first: estimates[i], second: estimates[j]}
                if abs(sums[row.treatment] - sums[row.comparator] - row.estimate) > row.se:
                    said = f"gives comparisons of {first}, {second} and {base} that do not add up"
                    raise NetworkError(said, "look whether one of them is turned round", study)
                covariance[i, j] = covariance[j, i] = (covariance[i, i] + covariance[j, j] - row.se**2) / 2
        return
    if len(given) != 1:
        lacking = f"has {len(others) + 1} arms, {len(others)} rows and no covariance"
        said = "gives several covariances" if given else lacking
        cure = (
            "give all pairs of its arms, or one covariance: that of any two of its contrasts on the scale of analysis"
        )
        raise NetworkError(said, cure, study)
    if len({row.comparator == base for row in pairs.values()}) > 1:
        raise NetworkError(f"does not set every arm against {base}", f"make {base} the comparator of each row", study)
    covariance[~np.eye(len(others), dtype=bool)] = given.pop()


def refuse_pieces(studies: Sequence[ArmContrasts]) -> None:
    """Raise NetworkError, naming the treatments of each piece, where *studies* hang together in more than one."""
    from scipy.sparse.csgraph import connected_components

    names = sorted({arm for study in studies for arm in study.arms})
    joined = [[any({a, b} <= set(study.arms) for study in studies) for b in names] for a in names]
    many, pieces = connected_components(np.array(joined), directed=False)
    if many > 1:
        named = ([name for name, piece in zip(names, pieces, strict=True) if piece == i] for i in range(many))
        said = "; ".join(f"{number}: {', '.join(piece)}" for number, piece in enumerate(named, 1))
        cure = "add a study that joins them, or fit each alone"
        raise NetworkError(f"falls into {many} pieces that no study joins ({said})", cure)


def stack(studies: Sequence[ArmContrasts], columns: Sequence[str]) -> Model:
    """Return *studies* as one model; *columns* are the treatments but the reference."""
    from scipy.linalg import block_diag

    pairs = [(study.arms[0], arm) for study in studies for arm in study.arms[1:]]
    return Model(
        estimates=np.concatenate([study.estimates for study in studies]),
        covariance=block_diag(*(study.covariance for study in studies)),
        design=np.array(
            [[(arm == name) - (base == name) for name in columns] for base, arm in pairs], dtype=np.float64
        ),
        shared=block_diag(*((np.eye(len(study.estimates)) + 1) / 2 for study in studies)),
    )
