"""Additional analyses of a pool (PRISMA's word): without each study, one study more at a time, by subgroup, by precision."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TypeVar

import numpy as np

from livrev.stats.effect_sizes import Effect
from livrev.stats.pooling import Model, Pool, as_arrays, estimate_model_reml, fit_at

if TYPE_CHECKING:
    from meta_analyze import EggerTestResult

FEWEST = 10


class Poolable(Protocol):
    """Anything that comes from a study with a name and may belong to a subgroup."""

    @property
    def study(self) -> str: ...
    @property
    def subgroup(self) -> str: ...  # empty where there is none


Item = TypeVar("Item", bound=Poolable)


@dataclass(frozen=True, slots=True)
class PartPool:
    """The pool of *k* studies out of all, None where they cannot be pooled, and why.

    *name* is the study that was left out or added, or the subgroup.
    """

    name: str
    k: int
    pool: Pool | None
    reason: str = ""


def leave_one_out(items: Sequence[Item], pool: Callable[[Sequence[Item]], Pool]) -> tuple[PartPool, ...]:
    """Return the pool without each of *items*, in their order; empty for a single one.

    >>> from livrev.stats.effect_sizes import LOG
    >>> from livrev.stats.pooling import pool_effects
    >>> trials = [Effect("A", -0.4, 0.1), Effect("B", -0.3, 0.2), Effect("C", 0.1, 0.3)]
    >>> steps = leave_one_out(trials, lambda some: pool_effects(some, scale=LOG))
    >>> [(step.name, round(step.pool.value, 2)) for step in steps]
    [('A', 0.85), ('B', 0.79), ('C', 0.68)]
    """
    if len(items) < 2:
        return ()
    return tuple(_pool_part(item.study, [*items[:i], *items[i + 1 :]], pool) for i, item in enumerate(items))


def accumulate(items: Sequence[Item], pool: Callable[[Sequence[Item]], Pool]) -> tuple[PartPool, ...]:
    """Return the pool of the first item, the first two, and so on; the order, mostly by year, is the caller's."""
    return tuple(_pool_part(item.study, items[: i + 1], pool) for i, item in enumerate(items))


def _pool_part(name: str, items: Sequence[Item], pool: Callable[[Sequence[Item]], Pool]) -> PartPool:
    try:
        return PartPool(name, len(items), pool(items))
    except ValueError as error:
        return PartPool(name, len(items), None, str(error))


@dataclass(frozen=True, slots=True)
class Subgroups:
    """Subgroups in order of appearance, and the test of interaction; None where there is none to make."""

    groups: tuple[PartPool, ...]
    q: float | None
    df: int
    p: float | None


def compare_subgroups(items: Sequence[Item], pool: Callable[[Sequence[Item]], Pool]) -> Subgroups:
    """Pool each subgroup with a tau² of its own, and test whether the pooled values differ.

    Q between groups, from their estimates and Wald variances, is what metafor documents for independent subgroups:
    `rma()` in each, then `rma(estimate, sei=se, mods=~group, method="FE")`.
    """
    from meta_analyze.heterogeneity import classical_heterogeneity

    names = list(dict.fromkeys(item.subgroup for item in items))
    groups = tuple(_pool_part(name, [item for item in items if item.subgroup == name], pool) for name in names)
    pools = [group.pool for group in groups if group.pool is not None]
    df = len(groups) - 1
    if len(pools) < len(groups) or df == 0:
        return Subgroups(groups, None, df, None)
    q, _, p, _, _ = classical_heterogeneity(np.array([p.estimate for p in pools]), np.array([p.se for p in pools]) ** 2)
    return Subgroups(groups, q, df, p)


@dataclass(frozen=True, slots=True)
class InteractionTest:
    """The test whether subgroups differ, with one tau² for all: F on two degrees of freedom."""

    f: float
    df: tuple[int, int]
    p: float
    tau2: float


def compare_subgroups_jointly(effects: Sequence[Effect]) -> InteractionTest | None:
    """Test whether the subgroups of *effects* differ, by one model with a tau² that they share.

    REML, and F with the modified Hartung-Knapp variance (never below the one without it), as metafor's
    `rma(mods = ~ group, test = "adhoc")`: with few studies a subgroup, one shared tau² is better known than one each,
    and F, unlike chi-squared, knows how few they are (Knapp and Hartung 2003, https://doi.org/10.1002/sim.1482).
    None where there is one subgroup, or no study more than there are subgroups.
    """
    from scipy.special import fdtrc

    groups = list(dict.fromkeys(effect.subgroup for effect in effects))
    df = len(groups) - 1, len(effects) - len(groups)
    if min(df) < 1:
        return None
    estimates, variances = as_arrays(effects)
    design = np.array([[1.0, *(effect.subgroup == group for group in groups[1:])] for effect in effects])
    model = Model(estimates, np.diag(variances), design, np.eye(len(effects)))
    tau2 = estimate_model_reml(model)
    fit = fit_at(model, tau2)
    apart = fit.estimates[1:]
    f = float(apart @ np.linalg.solve(fit.covariance[1:, 1:], apart)) / df[0] / max(1.0, float(fit.q) / df[1])
    return InteractionTest(f, df, float(fdtrc(*df, f)), tau2)


def regress_on_precision(effects: Sequence[Effect]) -> "EggerTestResult | None":
    """Return Egger's classical regression, as metafor's `regtest(model="lm")`; None below ten studies.

    Effects are regressed on their standard errors with inverse-variance weights and multiplicative dispersion; the
    slope is Egger's intercept, tested by t on k-2 degrees of freedom, its interval at 95 %. Raises ValueError where
    the standard errors, or the effects, do not vary. Source: Egger et al. 1997, https://doi.org/10.1136/bmj.315.7109.629.
    """
    if len(effects) < FEWEST:
        return None
    from meta_analyze import MetaAnalysisError, meta_analysis

    estimates, variances = as_arrays(effects)  # the library has the regression on a fitted result; the fit is not used
    fitted = meta_analysis(effect=estimates, variance=variances, model="common")
    try:
        return fitted.egger_test(confidence_level=0.95)
    except MetaAnalysisError as error:
        raise ValueError(f"Egger's regression cannot be made: {error}") from error
