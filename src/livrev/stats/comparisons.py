"""Set two estimates against each other: two treatments by way of a third, two strata, survival in two groups at several times.

Survival is a share (0 to 1) with its standard error. Under proportional hazards survival in one group is that in the other raised
to a power, the hazard ratio: so the ratio of log survival is the same at every time, and in every period. Errors of logarithms
are by the delta method; those of a period follow from the two at its ends, since what happens in disjoint periods is
uncorrelated, as in Greenwood's formula.
"""

import math
from dataclasses import dataclass

from livrev.stats.effect_sizes import LOG, Effect, Interval, Z, normal_quantile


def compare_effects(first: Effect, second: Effect) -> Effect:
    """Return how much the *first* effect differs from the *second*, of other patients: for ratios, their ratio.

    Two strata of a trial (Altman and Bland 2003, https://doi.org/10.1136/bmj.326.7382.219): a stratum and the whole trial share
    patients and must not be given. Or two treatments, each compared with the same third in studies of its own (Bucher et
    al. 1997, https://doi.org/10.1016/S0895-4356(97)00049-8): assumes that patients and conduct of the studies differ in
    nothing that changes the effects. All effects are on the scale of analysis.

    >>> found = compare_effects(Effect("with", math.log(0.9), 0.15), Effect("without", math.log(0.6), 0.15))
    >>> [round(number, 2) for number in found.interval(LOG)]
    [1.5, 0.99, 2.27]
    """
    named = f"{first.study} v {second.study}"
    return Effect(named, first.estimate - second.estimate, math.hypot(first.se, second.se))


@dataclass(frozen=True, slots=True)
class Survival:
    """The share alive (or free of an event) at a time, and its standard error; None where nothing tells it."""

    share: float
    se: float | None

    @property
    def log_variance(self) -> float | None:
        """The variance of the logarithm of the share."""
        return None if self.se is None else (self.se / self.share) ** 2


def survival_from_interval(share: float, low: float, high: float) -> Survival:
    """Return survival whose error is that of a symmetric 95 percent interval of the same width as *low* to *high*."""
    return Survival(share, (high - low) / (2 * Z))


def survival_from_patients(share: float, patients: int) -> Survival:
    """Return survival with the binomial error of *patients*: too small an error where many were censored before that time."""
    return Survival(share, math.sqrt(share * (1 - share) / patients))


def difference(treated: Survival, control: Survival) -> tuple[float, Interval | None]:
    """Return by how much more of *treated* are alive than of *control*, and its 95 percent interval.

    >>> value, interval = difference(survival_from_patients(0.6, 100), survival_from_patients(0.5, 100))
    >>> round(value, 2), [round(bound, 2) for bound in interval]
    (0.1, [-0.04, 0.24])
    """
    value = treated.share - control.share
    if treated.se is None or control.se is None:
        return value, None
    reach = Z * math.hypot(treated.se, control.se)
    return value, (value - reach, value + reach)


def ratio_between(
    treated: tuple[Survival | None, Survival], control: tuple[Survival | None, Survival]
) -> tuple[float, float | None]:
    """Return the logarithm of the ratio of log survival from the first time to the second, and its standard error.

    The first of a pair is None for the beginning, when all are alive. Raises ValueError where nobody died in between.

    >>> log_ratio, se = ratio_between((None, Survival(0.7, 0.03)), (None, Survival(0.6, 0.03)))
    >>> round(math.exp(log_ratio), 3), round(se, 3)
    (0.698, 0.155)
    """
    (hazard, variance), (other, other_variance) = _between(*treated), _between(*control)
    if min(hazard, other) <= 0:
        raise ValueError("survival does not fall between the two times; there is no ratio")
    known = variance is not None and other_variance is not None
    se = math.sqrt((variance or 0) / hazard**2 + (other_variance or 0) / other**2) if known else None
    return math.log(hazard / other), se


def _between(first: Survival | None, second: Survival) -> tuple[float, float | None]:
    """Return the cumulative hazard from *first* to *second*, and its variance (0 at least, where printed errors disagree)."""
    before = Survival(1.0, 0.0) if first is None else first
    hazard = math.log(before.share) - math.log(second.share)
    if before.log_variance is None or second.log_variance is None:
        return hazard, None
    return hazard, max(second.log_variance - before.log_variance, 0.0)


MARKS = ("proportional", "waning", "delayed", "crossing", "not known")


def compare_periods(
    early: tuple[float, float], late: tuple[float, float], *, alike: float = 1.5, level: float = 90
) -> tuple[str, float, Interval]:
    """Return how a ratio changes from an early period to a late one: one of MARKS, the late over the early ratio, its interval.

    *early* and *late*, from disjoint periods, are logarithms with standard errors. Where the interval of the change at *level*
    percent holds no 1: `crossing` if the two ratios lie on different sides of 1, else `delayed` (the late one is lower) or
    `waning`. Where it lies within *alike* and its reciprocal: `proportional`. Otherwise the numbers cannot tell: `not known`.

    >>> mark, change, _ = compare_periods((math.log(1.65), 0.198), (math.log(0.61), 0.121))
    >>> mark, round(change, 2)
    ('crossing', 0.37)
    """
    change = compare_effects(Effect("late", *late), Effect("early", *early))
    value, low, high = LOG.around(change.estimate, normal_quantile(level) * change.se)
    mark = "not known"
    if low > 1 or high < 1:
        mark = "crossing" if early[0] * late[0] < 0 else "delayed" if value < 1 else "waning"
    elif 1 / alike <= low and high <= alike:
        mark = "proportional"
    return mark, value, (low, high)
