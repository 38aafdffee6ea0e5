"""Effects as they are pooled: an estimate and a standard error, from a printed value and its interval."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from statistics import NormalDist

from livrev.show.format import format_number

Interval = tuple[float, float]
_SMALLEST, _LARGEST = 1e-60, 1e60


@dataclass(frozen=True, slots=True)
class Scale:
    """A scale of analysis: its name, the way there from the scale of the input, and the way back."""

    name: str
    forward: Callable[[float], float]
    back: Callable[[float], float]

    def interval_back(self, interval: Interval | None) -> Interval | None:
        """Return *interval* on the scale of the input; None stays None."""
        return None if interval is None else (self.back(interval[0]), self.back(interval[1]))


def _share(logit: float) -> float:
    return 1 / (1 + math.exp(-logit)) if logit >= 0 else math.exp(logit) / (1 + math.exp(logit))


def _exp(number: float) -> float:
    """Return e to *number*, and infinity where that is beyond what a float can hold."""
    return math.exp(number) if number < 709 else math.inf


IDENTITY = Scale("identity", float, float)
LOG = Scale("log", math.log, _exp)
LOGIT = Scale("logit", lambda share: math.log(share / (1 - share)), _share)


@dataclass(frozen=True, slots=True)
class Effect:
    """One study's effect on the scale of analysis, with its standard error."""

    study: str
    estimate: float
    se: float
    subgroup: str = ""


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

    The centre is the value as printed. The standard error is the width of the interval on the scale of analysis over
    twice the normal quantile of its level (Cochrane Handbook 6.5, section 6.3.2), so rounding of the value, which may
    put it off the middle of the interval, does not touch it. Raises ValueError where the numbers are no effect.
    """
    numbers = (value, low, high)
    if not all(math.isfinite(number) for number in numbers):
        raise ValueError("value and interval must be finite numbers")
    if scale is LOG and min(numbers) <= 0:
        raise ValueError("a ratio and its interval lie above 0; with an empty cell there is no ratio to pool")
    if not low < high:
        raise ValueError("the lower limit must be below the upper one")
    if not low <= value <= high:
        raise ValueError(f"the interval {_said(low)} to {_said(high)} does not hold the value")
    se = (scale.forward(high) - scale.forward(low)) / (2 * normal_quantile(level))
    if not _SMALLEST < se < _LARGEST or abs(value) > _LARGEST:
        raise ValueError("the numbers are too large or too close together to reckon with; change the unit")
    return Effect(study, scale.forward(value), se, subgroup)


def effect_from_two_counts(
    study: str, events: int, total: int, other_events: int, other_total: int, *, odds: bool = False
) -> Effect:
    """Return the log risk ratio (or *odds* ratio) of *events* of *total* against *other_events* of *other_total*.

    Where a cell of the four is empty, ½ is added to all, as metafor's `escalc` does. Raises ValueError where the counts
    are no shares, or where nothing, or all, happened in both arms.
    """
    for some, whole in ((events, total), (other_events, other_total)):
        if whole <= 0 or not 0 <= some <= whole:
            raise ValueError(f"{some} of {whole} is no share")
    cells = (events, total - events, other_events, other_total - other_events)
    if events == other_events == 0 or cells[1] == cells[3] == 0:
        raise ValueError("both arms without an event, or without a patient spared, say nothing of the ratio")
    a, b, c, d = (cell + (0.5 if 0 in cells else 0.0) for cell in cells)
    if odds:
        return Effect(study, math.log(a * d / (b * c)), math.sqrt(1 / a + 1 / b + 1 / c + 1 / d))
    n, m = a + b, c + d
    return Effect(study, math.log(a / n) - math.log(c / m), math.sqrt(1 / a - 1 / n + 1 / c - 1 / m))


def off_centre(value: float, low: float, high: float, *, scale: Scale) -> float:
    """Return how far *value* lies from the middle of its interval, as a share of half the width (0: in the middle)."""
    bottom, top = scale.forward(low), scale.forward(high)
    return abs(scale.forward(value) - (bottom + top) / 2) / ((top - bottom) / 2)


def _said(number: float) -> str:
    return format_number(number, max(0, len(f"{number:.6f}".rstrip("0").partition(".")[2])))
