"""Pool by subgroup, and ask whether the subgroups differ: one test of interaction, not a p-value for each."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

import numpy as np

from livrev.stats.pooling import Pool


class Grouped(Protocol):
    """Anything that belongs to a subgroup."""

    @property
    def subgroup(self) -> str:
        """Name of the subgroup."""


Item = TypeVar("Item", bound=Grouped)


@dataclass(frozen=True, slots=True)
class Group:
    """One subgroup with its pool; None where its members cannot be pooled, and why."""

    subgroup: str
    k: int
    pool: Pool | None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Subgroups:
    """Subgroups in order of appearance, and the test of interaction; None where there is none to make."""

    groups: tuple[Group, ...]
    q: float | None
    df: int
    p: float | None


def compare_subgroups(items: Sequence[Item], pool: Callable[[Sequence[Item]], Pool]) -> Subgroups:
    """Pool each subgroup with a tau² of its own, and test whether the pooled values differ.

    Q between groups is the weighted sum of squares of the groups' estimates about their common-effect mean, with the
    Wald variances, on chi-squared with one degree of freedom less than there are groups. This is what metafor
    documents for independent subgroups: `rma()` in each, then `rma(estimate, sei=se, mods=~group, method="FE")`.
    """
    from scipy.stats import chi2

    names = list(dict.fromkeys(item.subgroup for item in items))
    groups = tuple(_pool_group(name, [item for item in items if item.subgroup == name], pool) for name in names)
    pools = [group.pool for group in groups if group.pool is not None]
    df = len(groups) - 1
    if len(pools) < len(groups) or df == 0:
        return Subgroups(groups, None, df, None)
    estimates, weights = np.array([p.estimate for p in pools]), np.array([p.se for p in pools]) ** -2.0
    mean = (weights * estimates).sum() / weights.sum()
    q = float((weights * (estimates - mean) ** 2).sum())
    return Subgroups(groups, q, df, float(chi2.sf(q, df)))


def _pool_group(name: str, items: Sequence[Item], pool: Callable[[Sequence[Item]], Pool]) -> Group:
    try:
        return Group(name, len(items), pool(items))
    except ValueError as error:
        return Group(name, len(items), None, str(error))
