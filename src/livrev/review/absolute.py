"""Say a ratio as patients per 1000, from the risk that a named study reports for those who were not treated."""

import math
from collections.abc import Iterable
from dataclasses import dataclass

from livrev.records.measures import SHARES
from livrev.records.model import Estimate, Outcome
from livrev.records.review import Review
from livrev.review.pool_inputs import count_of
from livrev.review.pools import Pooled, pool_evidence


@dataclass(frozen=True, slots=True)
class Absolute:
    """Events per 1000 patients: without, with (and its interval), and the difference; the time where there is one."""

    without: float
    with_: float
    low: float
    high: float
    months: float | None

    @property
    def difference(self) -> tuple[float, float, float]:
        """How many more (fewer: negative) of 1000 have the event: value and interval."""
        return self.with_ - self.without, self.low - self.without, self.high - self.without


def absolute_effect(pooled: Pooled, baseline: Outcome) -> Absolute:
    """Return the events per 1000 that a pooled ratio means, given the *baseline* risk. Raises ValueError as absolute_ratio."""
    ratios = (pooled.pool.value, *pooled.pool.hk_modified_ci)
    return absolute_ratio(pooled.record["measure"], ratios, baseline)


def absolute_ratio(measure: str, ratios: tuple[float, float, float], baseline: Outcome) -> Absolute:
    """Return the events per 1000 that a ratio (value, low, high) of *measure* means, given the *baseline* risk.

    A baseline that is a survival rate at a time gives the risk of the event by then, and a hazard ratio h turns survival S
    into S to the power h (GRADE handbook; proportional hazards). A baseline that is a share is multiplied by a risk ratio.
    Raises ValueError where measure and baseline do not fit each other.
    """
    if measure == "HR" and baseline.measure == "rate-at-time" and baseline.value is not None:
        survival = baseline.value / 100
        without, *others = (1000 * (1 - math.pow(survival, ratio)) for ratio in (1, *ratios))
        with_, low, high = others
        return Absolute(without, with_, low, high, baseline.time_months)
    if measure == "RR" and baseline.measure in SHARES:
        events, total = count_of(baseline)
        without = 1000 * events / total
        with_, lower, upper = (min(1000.0, without * ratio) for ratio in ratios)
        return Absolute(without, with_, lower, upper, None)
    raise ValueError(f"{baseline.outcome} ({baseline.measure}) is no baseline for a pool of measure {measure}")


def absolute_estimates(review: Review) -> Iterable[Estimate]:
    """Yield what each pool with a baseline means for 1000 people: `pool.<id>.without`, `.with`, `.difference`, `.months`."""
    pools = pool_evidence(review)
    for record in review.tables["appraisals"].records:
        if record["pool"] in pools and record["baseline"] is not None:
            pooled, baseline = pools[record["pool"]], review.outcomes[record["baseline"]]
            yield from _estimates(pooled, baseline, absolute_effect(pooled, baseline))


def _estimates(pooled: Pooled, baseline: Outcome, effect: Absolute) -> Iterable[Estimate]:
    said: dict[str, tuple[float, ...]] = {
        "without": (effect.without,),
        "with": (effect.with_, effect.low, effect.high),
        "difference": effect.difference,
        "months": () if effect.months is None else (effect.months,),
    }
    for suffix, (value, *interval) in ((suffix, numbers) for suffix, numbers in said.items() if numbers):
        low, high = interval or (None, None)
        yield Estimate(
            name=f"pool.{pooled.record['pool']}.{suffix}", label=f"{pooled.record['title']}: for 1000 people, {suffix}",
            value=value, low=low, high=high, level=None if low is None else 95,
            unit="months" if suffix == "months" else "per 1000",
            method="the pooled ratio, applied to the risk in a named arm",
            rests_on=(*(outcome.outcome for outcome in pooled.outcomes), baseline.outcome),
        )  # fmt: skip
