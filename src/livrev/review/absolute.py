"""Say an effect in people: of 1000, from the risk that a named study reports; and benefit beside harm, of a hundred people.

Where a pool, or one trial, gives a ratio, it is applied to the risk in a named arm; where a trial prints both arms, these stand
side by side, with the interval of their risk ratio, or of their difference in survival.
"""

import math
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass

from livrev.records.measures import SHARES
from livrev.records.model import Consequence, Estimate, Outcome
from livrev.records.review import Review
from livrev.review.over_time import survival_of
from livrev.review.pool_inputs import count_of, reported_of
from livrev.review.pools import Pooled, pool_evidence
from livrev.stats.effect_sizes import LOG, effect_from_two_counts, survival_difference

_METHOD = "the pooled ratio, applied to the risk in a named arm"


@dataclass(frozen=True, slots=True)
class Absolute:
    """Events per 1000 patients, or of 100: without, with (and its interval, NaN where there is none); the time where there is one."""

    without: float
    with_: float
    low: float
    high: float
    months: float | None = None

    @property
    def difference(self) -> tuple[float, float, float]:
        """How many more (fewer: negative) of 1000 have the event: value and interval."""
        return self.with_ - self.without, self.low - self.without, self.high - self.without


def absolute_effect(pooled: Pooled, baseline: Outcome) -> Absolute:
    """Return the events per 1000 that a pooled ratio means, given the *baseline* risk. Raises ValueError as absolute_ratio."""
    ratios = (pooled.pool.value, *pooled.pool.hk_modified_ci)
    return absolute_ratio(pooled.plan.measure, ratios, baseline)


def absolute_ratio(measure: str, ratios: tuple[float, float, float], baseline: Outcome) -> Absolute:
    """Return the events per 1000 that a ratio (value, low, high) of *measure* means, given the *baseline* risk.

    A baseline that is a survival rate at a time gives the risk of the event by then, and a hazard ratio h turns survival S
    into S to the power h (GRADE handbook; proportional hazards). A baseline that is a share is multiplied by a risk ratio.
    Raises ValueError where measure and baseline do not fit each other.
    """
    if measure == "HR" and baseline.measure == "rate-at-time" and baseline.value is not None:
        survival = baseline.value / 100
        without, with_, low, high = (1000 * (1 - math.pow(survival, ratio)) for ratio in (1, *ratios))
        return Absolute(without, with_, low, high, baseline.time_months)
    if measure == "RR" and baseline.measure in SHARES:
        events, total = count_of(baseline)
        without = 1000 * events / total
        return Absolute(without, *(min(1000.0, without * ratio) for ratio in ratios))
    raise ValueError(f"{baseline.outcome} ({baseline.measure}) is no baseline for a pool of measure {measure}")


def absolute_estimates(review: Review) -> Iterable[Estimate]:
    """Yield what each pool with a baseline means for 1000 people: `pool.<id>.without`, `.with`, `.difference`, `.months`."""
    pools = pool_evidence(review)
    for key, appraisal in review.appraisals.items():
        if key not in pools or appraisal.baseline is None:
            continue
        pooled, effect = pools[key], absolute_effect(pools[key], review.outcomes[appraisal.baseline])
        rests_on, (difference, low, high) = (*pooled.names, appraisal.baseline), effect.difference
        for suffix, value, interval in (
            ("without", effect.without, None), ("with", effect.with_, (effect.low, effect.high)),
            ("difference", difference, (low, high)), ("months", effect.months, None),
        ):  # fmt: skip
            if value is not None:
                name, label = f"pool.{key}.{suffix}", f"{pooled.plan.title}: for 1000 people, {suffix}"
                unit = "months" if suffix == "months" else "per 1000"
                yield Estimate.make(name, value, label, rests_on, interval, unit=unit, method=_METHOD)


@dataclass(frozen=True, slots=True)
class Tradeoff:
    """One consequence of a way of treating: its *effect* on 100 people, taken from the risk of the arm that *source* names.

    Where there is no baseline to apply it to, there is no effect, and the *ratio* stands alone, if there is one.
    """

    row: Consequence
    certainty: str
    because: str
    rests_on: tuple[str, ...]
    ratio: Outcome | None = None
    effect: Absolute | None = None
    source: str = ""


def tradeoffs(review: Review, *, without: Mapping[str, float] | None = None) -> dict[str, Tradeoff]:
    """Return every consequence of the table of tradeoffs, by its id.

    *without* gives another risk under the control, of 100, for some of them, by id: a reader's own baseline. A row whose results
    do not fit each other is left out; `livrev check` names it. Raises ValueError where a risk is not between 0 and 100.
    """
    for key, risk in (without or {}).items():
        if not 0 < risk < 100:
            raise ValueError(f"{key}: a risk of {risk:g} of 100 is not between 0 and 100")
    found, pools = {}, pool_evidence(review)
    for row in review.all(Consequence):
        with suppress(ValueError):
            found[row.tradeoff] = weigh(review, row, pools, without=(without or {}).get(row.tradeoff))
    return found


def weigh(review: Review, row: Consequence, pools: Mapping[str, Pooled], *, without: float | None = None) -> Tradeoff:
    """Return what one row of the table of tradeoffs means, out of *pools*. Raises ValueError where its results do not fit each other."""
    pooled, judged = pools.get(row.pool or ""), review.appraisals.get(row.pool or "")
    if row.pool and pooled is None:
        raise ValueError(f"{row.pool} cannot be pooled")
    certainty = row.certainty or (judged and judged.certainty)
    because = row.because or (judged and judged.reason)
    if not certainty or not because:
        raise ValueError("says neither how sure it is nor why")
    ratio, baseline, treated = (review.outcomes[key] if key else None for key in (row.ratio, row.baseline, row.treated))
    results = tuple(outcome.outcome for outcome in (ratio, baseline, treated) if outcome)
    rests_on = (*(pooled.names if pooled else ()), *results)
    if baseline is None:
        return Tradeoff(row, certainty, because, rests_on, ratio)
    effect = _effect(review, pooled, ratio, baseline, treated)
    source = f"{review.studies[baseline.study].short_name}, {baseline.arm}"
    if without is not None:
        effect, source = _from_risk(effect, without / 100), "a risk of your own"
    before, after, low, high = (number / 10 for number in (effect.without, effect.with_, effect.low, effect.high))
    of_100 = Absolute(before, after, low, high, effect.months)
    return Tradeoff(row, certainty, because, rests_on, effect=of_100, source=source)


def _effect(
    review: Review, pooled: Pooled | None, ratio: Outcome | None, baseline: Outcome, treated: Outcome | None
) -> Absolute:
    """Return the effect per 1000 by a pool, by a ratio, or by two printed arms; bounds that cannot be had are NaN."""
    if pooled is not None:
        return absolute_effect(pooled, baseline)
    if ratio is not None:
        if (reported := reported_of(ratio)) is None:
            raise ValueError(f"{ratio.outcome} has no interval")
        return absolute_ratio(ratio.measure, (reported.value, *reported.at_95), baseline)
    if treated is None:
        raise ValueError("name a pool, a ratio, or the result of the treated arm")
    one, other = ((o.study, o.endpoint, o.measure, o.stratum, o.time_months) for o in (treated, baseline))
    if one != other:
        raise ValueError(f"{treated.outcome} and {baseline.outcome} are not the same result of two arms")
    if baseline.measure == "rate-at-time":
        (here, _), (there, _) = survival_of(review, treated), survival_of(review, baseline)
        ends = survival_difference(here, there)[1] or (math.nan, math.nan)
        low, high = (1000 * (1 - there.share - end) for end in ends[::-1])
        return Absolute(1000 * (1 - there.share), 1000 * (1 - here.share), low, high, baseline.time_months)
    if baseline.measure in SHARES:
        if baseline.total and treated.total:  # as counts, with the interval of their risk ratio
            (events, total), (before, whole) = count_of(treated), count_of(baseline)
            effect = effect_from_two_counts(treated.study, events, total, before, whole)
            _, low, high = effect.interval(LOG)
            without = 1000 * before / whole
            return Absolute(without, 1000 * events / total, without * low, min(1000.0, without * high))
        if baseline.value is not None and treated.value is not None:
            return Absolute(10 * baseline.value, 10 * treated.value, math.nan, math.nan)
    raise ValueError(f"{baseline.outcome} and {treated.outcome} are neither rates at a time nor shares of patients")


def _from_risk(effect: Absolute, risk: float) -> Absolute:
    """Return *effect* for people whose *risk* without the treatment is another: by a ratio of log survival at a time, else of risks."""
    numbers = (effect.with_, effect.low, effect.high)
    if effect.months is None:
        return Absolute(1000 * risk, *(min(1000.0, 1000 * risk * one / effect.without) for one in numbers))
    survival = math.log1p(-effect.without / 1000)
    powers = (math.log1p(-one / 1000) / survival if one < 1000 else math.nan for one in numbers)
    with_, low, high = (1000 * (1 - (1 - risk) ** power) for power in powers)
    return Absolute(1000 * risk, with_, low, high, effect.months)


def tradeoff_estimates(review: Review) -> Iterable[Estimate]:
    """Yield `tradeoff.<id>.without` and `tradeoff.<id>.with`, of 100 people, where there is a baseline."""
    for key, found in tradeoffs(review).items():
        if (effect := found.effect) is None:
            continue
        label = f"{found.row.regimen} against {found.row.against}: {found.row.consequence}"
        interval = None if math.isnan(effect.low + effect.high) else (effect.low, effect.high)
        for suffix, value, around in (("without", effect.without, None), ("with", effect.with_, interval)):
            yield Estimate.make(
                f"tradeoff.{key}.{suffix}", value, f"{label}, {suffix}", found.rests_on, around,
                unit="of 100", precision=0 if value >= 10 else 1, method=f"risk in {found.source}",
            )  # fmt: skip
