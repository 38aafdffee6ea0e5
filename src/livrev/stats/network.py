"""Network meta-analysis of contrasts: random effects by REML, the common effect beside it, and consistency.

One tau² for all comparisons, heterogeneity correlated by one half within a study, normal quantiles: what metafor's
`rma.mv(yi, V, mods = ~ X - 1, random = ~ contrast | study, rho = 1/2)` fits. Sources: Higgins et al. 2012
(https://doi.org/10.1002/jrsm.1044) for the model and its designs, Krahn et al. 2013
(https://doi.org/10.1186/1471-2288-13-35) for the decomposition of Q, Dias et al. 2010 (https://doi.org/10.1002/sim.3767) for
direct against indirect evidence, Rücker and Schwarzer 2015 (https://doi.org/10.1186/s12874-015-0060-8) for P-scores, Salanti et al. 2011
(https://doi.org/10.1016/j.jclinepi.2010.03.016) for ranks by simulation.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations, product
from statistics import NormalDist
from typing import Literal

import numpy as np

from livrev.stats.effect_sizes import IDENTITY, Effect, Scale
from livrev.stats.network_studies import ArmContrasts, Contrast, NetworkError, Pair, gather_studies, stack
from livrev.stats.pooling import Fit, estimate_model_reml, fit_at, weighted_mean

Differences = dict[Pair, Effect]
_NORMAL = NormalDist()
_DRAWS, _SEED = 10_000, 1
_LEAST_INDIRECT = 1e-9  # of a network estimate's information: what must come from elsewhere to be called indirect


@dataclass(frozen=True, slots=True)
class TreatmentEffect:
    """A treatment against the reference: random effects, common effect, its P-score (0 to 1, 1 is best), and its rank.

    The rank (1 is best) is the median of many draws from the random-effects estimates, with the interval of 95 % of them.
    """

    treatment: str
    value: float
    low: float
    high: float
    common_value: float
    common_low: float
    common_high: float
    p_score: float
    rank: float
    rank_low: float
    rank_high: float


@dataclass(frozen=True, slots=True)
class LeagueCell:
    """Treatment *a* against treatment *b*, by random effects."""

    a: str
    b: str
    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Inconsistency:
    """Q between designs (Cochran's Q less that within designs) with its degrees of freedom and p."""

    design_q: float
    df: int
    p: float


@dataclass(frozen=True, slots=True)
class Split:
    """Direct and indirect evidence on *a* against *b*, and the p of their difference."""

    a: str
    b: str
    direct: float
    indirect: float
    p: float


@dataclass(frozen=True, slots=True)
class Network:
    """A network meta-analysis: values and 95 % intervals on the scale of the input, tau² and Q on that of analysis.

    *i2* is a share from 0 to 1. *tau2*, *i2* and *q_p* are None where no degree of freedom is left; the estimates are
    the common-effect ones then. *league* has every ordered pair. *is_tree*: no comparison can be tested against another,
    so *inconsistency* is None and *splits* is empty. *edges* says how many studies compare a pair directly.
    """

    reference: str
    treatments: tuple[str, ...]
    studies: int
    tau2: float | None
    i2: float | None
    q: float
    q_df: int
    q_p: float | None
    is_tree: bool
    estimates: tuple[TreatmentEffect, ...]
    league: tuple[LeagueCell, ...]
    inconsistency: Inconsistency | None
    splits: tuple[Split, ...]
    edges: dict[Pair, int]
    draws: int = _DRAWS


def fit_network(
    contrasts: Sequence[Contrast], *, reference: str | None = None, small: Literal["better", "worse"] = "better",
    scale: Scale = IDENTITY,
) -> Network:  # fmt: skip
    """Fit a network of treatments to *contrasts*, which are on the scale of analysis.

    A study of two arms has one contrast; one of more has all its pairs (their covariances follow from their variances,
    (v_a + v_b - v_ab)/2), or its contrasts against one comparator with their covariance. *reference* is the treatment of
    most studies where none is named, the first by the alphabet of several. *small* says whether an estimate below the
    reference is better, for P-scores. *scale* leads back to the scale of the input. Raises NetworkError where a study does
    not say its covariances, where treatments hang together in no one network, and where *reference* is not one of them.

    >>> rows = [Contrast("1", "B", "A", -0.3, 0.1), Contrast("2", "C", "A", -0.5, 0.2), Contrast("3", "C", "B", -0.1, 0.2)]
    >>> network = fit_network(rows, reference="A")
    >>> [(row.treatment, round(row.value, 3)) for row in network.estimates]
    [('A', 0.0), ('B', -0.311), ('C', -0.456)]
    >>> network.inconsistency.df, [(split.a, split.b) for split in network.splits]
    (1, [('B', 'A'), ('C', 'A'), ('C', 'B')])
    """
    from scipy.special import chdtrc

    studies = gather_studies(contrasts)
    counted = Counter(arm for study in studies for arm in study.arms)
    treatments = sorted(counted)
    if reference is None:
        reference = max(treatments, key=lambda name: counted[name])
    elif reference not in counted:
        raise NetworkError(f"{reference} is no treatment of the network", f"choose one of {', '.join(treatments)}")
    columns = [name for name in treatments if name != reference]
    model = stack(studies, columns)
    common = fit_at(model, 0.0)
    q_df = sum(len(study.arms) - 1 for study in studies) - len(columns)
    tau2 = estimate_model_reml(model) if q_df else None
    random = fit_at(model, tau2) if tau2 else common
    differences = _compare_all(random, treatments, reference)
    q = float(common.q) if q_df else 0.0
    designs: dict[tuple[str, ...], list[ArmContrasts]] = {}
    for study in studies:
        designs.setdefault(tuple(sorted(study.arms)), []).append(study)
    inconsistency = None
    if design_df := sum(len(design) - 1 for design in designs) - len(columns):
        within = (fit_at(stack(some, design[1:]), 0.0).q for design, some in designs.items() if len(some) > 1)
        design_q = max(0.0, float(common.q - sum(within)))
        inconsistency = Inconsistency(design_q, design_df, float(chdtrc(design_df, design_q)))
    return Network(
        reference=reference, treatments=tuple(treatments), studies=len(studies), tau2=tau2,
        i2=(max(0.0, (q - q_df) / q) if q > 0 else 0.0) if q_df else None,
        q=q, q_df=q_df, q_p=float(chdtrc(q_df, q)) if q_df else None, is_tree=inconsistency is None,
        estimates=_effects(treatments, reference, differences, _compare_all(common, treatments, reference), random, small, scale),
        league=tuple(LeagueCell(*pair, *found.interval(scale)) for pair, found in differences.items() if pair[0] != pair[1]),
        inconsistency=inconsistency,
        splits=_split(studies, differences, tau2 or 0.0, scale) if design_df else (),
        edges=_count_edges(studies),
    )  # fmt: skip


def _compare_all(fit: Fit, treatments: Sequence[str], reference: str) -> Differences:
    """Return each treatment less each, with its standard error, on the scale of analysis."""
    place = treatments.index(reference)
    estimates = np.insert(fit.estimates, place, 0.0)
    covariance = np.insert(np.insert(fit.covariance, place, 0.0, axis=0), place, 0.0, axis=1)
    variances = np.diag(covariance)
    errors = np.sqrt(np.maximum(variances[:, None] + variances - 2 * covariance, 0.0))
    each = list(enumerate(treatments))
    return {
        (a, b): Effect(a, float(estimates[i] - estimates[j]), float(errors[i, j]))
        for (i, a), (j, b) in product(each, each)
    }


def _effects(
    treatments: Sequence[str], reference: str, differences: Differences, common: Differences, random: Fit, small: str, scale: Scale
) -> tuple[TreatmentEffect, ...]:  # fmt: skip
    """Return the effect, P-score and rank of each treatment; the draws behind the ranks are the same with every run."""
    sign = -1.0 if small == "better" else 1.0
    normals = np.random.default_rng(_SEED).standard_normal((_DRAWS, len(random.estimates)))
    drawn = random.estimates + normals @ np.linalg.cholesky(random.covariance).T
    drawn = np.insert(drawn, treatments.index(reference), 0.0, axis=1)
    ranks = np.argsort(np.argsort(-sign * drawn, axis=1), axis=1) + 1.0
    effects = []
    for name, rank in zip(treatments, np.quantile(ranks, [0.5, 0.025, 0.975], axis=0, method="nearest").T, strict=True):
        others = [differences[name, other] for other in treatments if other != name]
        score = sum(_NORMAL.cdf(sign * one.estimate / one.se) for one in others) / len(others)
        here, beside = (found[name, reference].interval(scale) for found in (differences, common))
        effects.append(TreatmentEffect(name, *here, *beside, score, *map(float, rank)))
    return tuple(effects)


def _split(studies: Sequence[ArmContrasts], differences: Differences, tau2: float, scale: Scale) -> tuple[Split, ...]:
    """Return direct and indirect evidence wherever there are both, the indirect worked out from network and direct."""
    splits = []
    for a, b in _count_edges(studies):
        pairs = [pair for study in studies if (pair := study.pair(a, b)) is not None]
        estimates, variances = np.array(pairs).T
        direct, se, _ = weighted_mean(estimates, variances + tau2)
        whole, information = differences[a, b], se**-2
        rest = whole.se**-2 - information
        if rest <= _LEAST_INDIRECT * whole.se**-2:
            continue
        indirect = (whole.se**-2 * whole.estimate - information * direct) / rest
        z = (direct - indirect) / float(np.sqrt(1 / information + 1 / rest))
        splits.append(Split(a, b, scale.back(direct), scale.back(indirect), 2 * _NORMAL.cdf(-abs(z))))
    return tuple(splits)


def _count_edges(studies: Sequence[ArmContrasts]) -> dict[Pair, int]:
    """Return how many studies compare each pair, written as the first of them writes it."""
    edges: dict[Pair, int] = {}
    for study in studies:
        for a, b in combinations(reversed(study.arms), 2):
            pair = (b, a) if (b, a) in edges else (a, b)
            edges[pair] = edges.get(pair, 0) + 1
    return edges
