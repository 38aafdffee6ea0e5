"""Set two independent estimates against each other: two treatments by way of a third, or two strata of one trial."""

import math
from dataclasses import dataclass
from statistics import NormalDist

from livrev.stats.effect_sizes import LOG, Effect, Scale

_NORMAL = NormalDist()
_Z = _NORMAL.inv_cdf(0.975)


@dataclass(frozen=True, slots=True)
class Comparison:
    """The difference of two effects (of ratios: their ratio) with its 95 % interval and p, on the scale of the input.

    *estimate* and *se* are on the scale of analysis.
    """

    value: float
    low: float
    high: float
    p: float
    estimate: float
    se: float


def compare_indirectly(first: Effect, second: Effect, *, scale: Scale = LOG) -> Comparison:
    """Return the *first* treatment against the *second*, each of which was compared with the same third.

    Both effects, on the scale of analysis, are treatment against that common comparator, from different studies. Assumes
    that patients and conduct of the studies differ in nothing that changes the effects. Source: Bucher et al. 1997,
    https://doi.org/10.1016/S0895-4356(97)00049-8.

    >>> against_c = Effect("A", math.log(0.6), 0.1), Effect("B", math.log(0.8), 0.1)
    >>> found = compare_indirectly(*against_c)
    >>> round(found.value, 2), round(found.low, 2), round(found.high, 2)
    (0.75, 0.57, 0.99)
    """
    return _compare(first, second, scale)


def compare_strata(first: Effect, second: Effect, *, scale: Scale = LOG) -> Comparison:
    """Return how much the effect in the *first* stratum differs from that in the *second*: for ratios, their ratio.

    The strata share no patient; a stratum and the whole trial do, and must not be given here. Source: Altman and Bland
    2003, https://doi.org/10.1136/bmj.326.7382.219.

    >>> found = compare_strata(Effect("with", math.log(0.9), 0.15), Effect("without", math.log(0.6), 0.15))
    >>> round(found.value, 2), round(found.p, 3)
    (1.5, 0.056)
    """
    return _compare(first, second, scale)


def _compare(first: Effect, second: Effect, scale: Scale) -> Comparison:
    estimate, se = first.estimate - second.estimate, math.hypot(first.se, second.se)
    p = 2 * _NORMAL.cdf(-abs(estimate / se))
    return Comparison(
        scale.back(estimate), scale.back(estimate - _Z * se), scale.back(estimate + _Z * se), p, estimate, se
    )
