"""Effects as they are pooled: an estimate and a standard error, from what papers print or from the raw numbers; and two compared.

Sources: Cochrane Handbook 6.5, chapter 6; what two arms give is what metafor's `escalc` gives with its defaults
(Viechtbauer 2010, https://doi.org/10.18637/jss.v036.i03).

Survival is a share (0 to 1) with its standard error. Under proportional hazards the ratio of log survival is the hazard ratio, at
every time and in every period. Errors of logarithms are by the delta method; those of a period follow from the two at its ends,
since what happens in disjoint periods is uncorrelated, as in Greenwood's formula.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from statistics import NormalDist
from typing import Literal

Interval = tuple[float, float]
CountMeasure = Literal["OR", "RR", "RD"]
Change = Literal["proportional", "waning", "delayed", "crossing", "not known"]
Z = NormalDist().inv_cdf(0.975)  # how many standard errors an interval of 95 % reaches to each side
_SMALLEST, _LARGEST = 1e-60, 1e60
_BEYOND = "the numbers are too large or too close together to reckon with; change the unit"


@dataclass(frozen=True, slots=True)
class Scale:
    """A scale of analysis: its name, the way there from the scale of the input, and the way back."""

    name: str
    forward: Callable[[float], float]
    back: Callable[[float], float]

    def around(self, estimate: float, reach: float) -> tuple[float, float, float]:
        """Return *estimate* and what lies *reach* below and above it, on the scale of the input."""
        return self.back(estimate), self.back(estimate - reach), self.back(estimate + reach)


def _share(logit: float) -> float:
    return 1 / (1 + math.exp(-logit)) if logit >= 0 else math.exp(logit) / (1 + math.exp(logit))


IDENTITY = Scale("identity", float, float)
LOG = Scale("log", math.log, lambda number: math.exp(number) if number < 709 else math.inf)
LOGIT = Scale("logit", lambda share: math.log(share / (1 - share)), _share)

MEASURES = {
    "HR": LOG, "OR": LOG, "RR": LOG, "RD": IDENTITY, "MD": IDENTITY, "SMD": IDENTITY, "proportion": LOGIT,
    "generic": IDENTITY,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Effect:
    """One study's effect on the scale of analysis, with its standard error."""

    study: str
    estimate: float
    se: float
    subgroup: str = ""

    def interval(self, scale: Scale) -> tuple[float, float, float]:
        """Return the effect with its 95 % interval, on the scale of the input."""
        return scale.around(self.estimate, Z * self.se)


def normal_quantile(level: float) -> float:
    """Return how many standard errors an interval of *level* percent reaches to each side (95: 1.96).

    Raises ValueError where *level* is not a percentage from 50 to just under 100.
    """
    if not 50 <= level < 100:
        hint = f"in percent, as {100 * level:g}" if 0.5 <= level < 1 else "from 50 to below 100, in percent"
        raise ValueError(f"{level:g} is no level of a confidence interval; give it {hint}")
    return NormalDist().inv_cdf(0.5 + level / 200)


def effect_from_interval(
    study: str, value: float, low: float, high: float, *, scale: Scale, level: float = 95, subgroup: str = ""
) -> Effect:
    """Return the effect whose printed *value* has the interval *low* to *high* at *level* percent.

    The centre is the value as printed, the standard error the width of the interval on the scale of analysis over twice
    the normal quantile of its level (Cochrane Handbook 6.5, section 6.3.2). Raises ValueError where the numbers are no effect.

    >>> effect = effect_from_interval("A", 0.75, 0.60, 0.93, scale=LOG)
    >>> round(effect.estimate, 4), round(effect.se, 4)
    (-0.2877, 0.1118)
    """
    if not all(map(math.isfinite, (value, low, high))):
        raise ValueError("value and interval must be finite numbers")
    if scale is LOG and min(value, low, high) <= 0:
        raise ValueError("a ratio and its interval lie above 0; with an empty cell there is no ratio to pool")
    if not low < high:
        raise ValueError("the lower limit must be below the upper one")
    if not low <= value <= high:
        said = f"{low:.10g} to {high:.10g}".replace("-", "−")
        raise ValueError(f"the interval {said} does not hold the value")
    if abs(value) > _LARGEST:
        raise ValueError(_BEYOND)
    se = (scale.forward(high) - scale.forward(low)) / (2 * normal_quantile(level))
    return effect_from_error(study, scale.forward(value), se, subgroup)


def effect_from_error(study: str, estimate: float, se: float, subgroup: str = "") -> Effect:
    """Return the effect of an *estimate* and its error, on the scale of analysis. Raises ValueError where they are none."""
    if not math.isfinite(estimate) or not math.isfinite(se) or se <= 0:
        raise ValueError("an estimate is a finite number, its standard error lies above 0")
    if not _SMALLEST < se < _LARGEST or abs(estimate) > _LARGEST:
        raise ValueError(_BEYOND)
    return Effect(study, estimate, se, subgroup)


def effect_from_two_counts(
    study: str, events: int, total: int, other_events: int, other_total: int, *, measure: CountMeasure = "RR",
    subgroup: str = "", keep_uninformative: bool = False,
) -> Effect:  # fmt: skip
    """Return the effect of *events* among *total* against *other_events* among *other_total*.

    *measure* is OR (log odds ratio), RR (log risk ratio) or RD (risk difference). Where a cell of the four is empty, ½
    is added to all four, as `escalc` does (`add=1/2, to="only0"`). Raises ValueError where a count is no share and, unless
    *keep_uninformative* asks for what `escalc` makes of it, where nothing, or everything, happened in both arms, which
    says nothing of a ratio (Cochrane Handbook 6.5, section 10.4.4.1).

    >>> effect = effect_from_two_counts("A", 15, 100, 10, 100)
    >>> round(effect.estimate, 4), round(effect.se, 4)
    (0.4055, 0.383)
    """
    for some, whole in ((events, total), (other_events, other_total)):
        if whole <= 0 or not 0 <= some <= whole:
            raise ValueError(f"{some} of {whole} is no share")
    cells = (events, total - events, other_events, other_total - other_events)
    says_nothing = cells[0] == cells[2] == 0 or cells[1] == cells[3] == 0
    if says_nothing and measure != "RD" and not keep_uninformative:
        raise ValueError("both arms without an event, or without a patient spared, say nothing of the ratio")
    a, b, c, d = (cell + (0.5 if 0 in cells else 0.0) for cell in cells)
    n, m = a + b, c + d
    estimate, variance = {
        "OR": (math.log(a * d / (b * c)), 1 / a + 1 / b + 1 / c + 1 / d),
        "RR": (math.log(a / n) - math.log(c / m), 1 / a - 1 / n + 1 / c - 1 / m),
        "RD": (a / n - c / m, a * b / n**3 + c * d / m**3),
    }[measure]
    return Effect(study, estimate, math.sqrt(variance), subgroup)


def effect_from_means(
    study: str, mean: float, sd: float, n: int, other_mean: float, other_sd: float, other_n: int, *,
    standardised: bool = False, subgroup: str = "",
) -> Effect:  # fmt: skip
    """Return the difference of two means: in their unit, or *standardised* as Hedges' g.

    *sd* and *other_sd* are standard deviations, *n* and *other_n* patients. The variance of the difference is
    sd²/n + other_sd²/other_n; g has the exact gamma correction (Hedges 1981, https://doi.org/10.3102/10769986006002107)
    and the variance 1/n + 1/other_n + g²/(2(n + other_n)), as `escalc(measure="SMD")` has. Raises ValueError where a
    standard deviation is not above 0, or too few patients are there.

    >>> effect_from_means("A", 55, 47, 155, 75, 64, 156).estimate
    -20
    >>> round(effect_from_means("A", 55, 47, 155, 75, 64, 156, standardised=True).estimate, 4)
    -0.3552
    """
    if not (sd > 0 and other_sd > 0):
        raise ValueError("a standard deviation lies above 0")
    if min(n, other_n) < 1 or n + other_n < 4:
        raise ValueError("there are too few patients for a standard deviation")
    if not standardised:
        return effect_from_error(study, mean - other_mean, math.hypot(sd / n**0.5, other_sd / other_n**0.5), subgroup)
    df = n + other_n - 2
    pooled_sd = math.sqrt(((n - 1) * sd**2 + (other_n - 1) * other_sd**2) / df)
    # 1 - 3/(4 df - 1), exactly
    correction = math.exp(math.lgamma(df / 2) - math.log(math.sqrt(df / 2)) - math.lgamma((df - 1) / 2))
    g = correction * (mean - other_mean) / pooled_sd
    return effect_from_error(study, g, math.sqrt(1 / n + 1 / other_n + g**2 / (2 * (n + other_n))), subgroup)


def compare_effects(first: Effect, second: Effect) -> Effect:
    """Return how much the *first* effect differs from the *second*, of other patients, on the scale of analysis.

    Of two strata of a trial (Altman and Bland 2003, https://doi.org/10.1136/bmj.326.7382.219), or of two treatments, each
    compared with the same third in studies of its own (Bucher et al. 1997, https://doi.org/10.1016/S0895-4356(97)00049-8),
    if patients and conduct of the studies differ in nothing that changes the effects.

    >>> found = compare_effects(Effect("with", math.log(0.9), 0.15), Effect("without", math.log(0.6), 0.15))
    >>> [round(number, 2) for number in found.interval(LOG)]
    [1.5, 0.99, 2.27]
    """
    change = first.estimate - second.estimate
    return Effect(f"{first.study} v {second.study}", change, math.hypot(first.se, second.se))


@dataclass(frozen=True, slots=True)
class Survival:
    """The share alive (or free of an event) at a time, and its standard error; None where nothing tells it."""

    share: float
    se: float | None


def survival_from_interval(share: float, low: float, high: float) -> Survival:
    """Return survival whose error is that of a symmetric 95 percent interval of the same width as *low* to *high*."""
    return Survival(share, (high - low) / (2 * Z))


def survival_from_patients(share: float, patients: int) -> Survival:
    """Return survival with the binomial error of *patients*: too small an error where many were censored before that time."""
    return Survival(share, math.sqrt(share * (1 - share) / patients))


def survival_difference(treated: Survival, control: Survival) -> tuple[float, Interval | None]:
    """Return by how much more of *treated* are alive than of *control*, and its 95 percent interval.

    >>> value, interval = survival_difference(survival_from_patients(0.6, 100), survival_from_patients(0.5, 100))
    >>> round(value, 2), [round(bound, 2) for bound in interval]
    (0.1, [-0.04, 0.24])
    """
    value = treated.share - control.share
    if treated.se is None or control.se is None:
        return value, None
    return value, IDENTITY.around(value, Z * math.hypot(treated.se, control.se))[1:]


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
    before = first or Survival(1.0, 0.0)
    hazard = math.log(before.share) - math.log(second.share)
    if before.se is None or second.se is None:
        return hazard, None
    return hazard, max((second.se / second.share) ** 2 - (before.se / before.share) ** 2, 0.0)


def compare_periods(
    early: tuple[float, float], late: tuple[float, float], *, alike: float = 1.5, level: float = 90
) -> tuple[Change, float, Interval]:
    """Return how a ratio changes from an early period to a late one: a word, the late over the early ratio, its interval.

    *early* and *late*, from disjoint periods, are logarithms with standard errors. Where the interval of the change at *level*
    percent holds no 1: `crossing` if the two ratios lie on different sides of 1, else `delayed` (the late one is lower) or
    `waning`. Where it lies within *alike* and its reciprocal: `proportional`. Otherwise the numbers cannot tell: `not known`.

    >>> mark, change, _ = compare_periods((math.log(1.65), 0.198), (math.log(0.61), 0.121))
    >>> mark, round(change, 2)
    ('crossing', 0.37)
    """
    change = compare_effects(Effect("late", *late), Effect("early", *early))
    value, low, high = LOG.around(change.estimate, normal_quantile(level) * change.se)
    mark: Change = "proportional" if 1 / alike <= low and high <= alike else "not known"
    if low > 1 or high < 1:
        mark = "crossing" if early[0] * late[0] < 0 else "delayed" if value < 1 else "waning"
    return mark, value, (low, high)
