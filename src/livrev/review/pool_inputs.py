"""Turn reported results into the members of a pool: ratios with intervals, counts, two arms, two strata of a trial.

A pool's *measure* says which: HR, OR, MD, SMD, RD (as reported, with its interval), RR (two arms, each with a count, or as
reported), proportion (one arm with a count), ratio-of-HR (two strata of one trial). Ratios are pooled as logarithms,
differences on their own scale. Of several reports of a result the latest counts; one that may not be pooled still points somewhere.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import NamedTuple

from livrev.records.measures import DIFFERENCES, SHARES
from livrev.records.model import Outcome, Plan
from livrev.records.review import Review
from livrev.review.studies import family_of
from livrev.stats import effect_sizes
from livrev.stats.effect_sizes import IDENTITY, LOG, LOGIT, Effect, Scale, Z, normal_quantile
from livrev.stats.proportions import Count, clopper_pearson, logit_effects


class Reported(NamedTuple):
    """A value with its interval as it was printed, and the level of that interval in percent."""

    value: float
    low: float
    high: float
    level: float = 95
    linear: bool = False

    @property
    def at_95(self) -> tuple[float, float]:
        """The bounds of a ratio, or of a difference (*linear*), at 95 percent, whatever the level at which they are printed."""
        if self.level == 95:
            return self.low, self.high
        scale = IDENTITY if self.linear else LOG
        low, high = scale.forward(self.low), scale.forward(self.high)
        return scale.around((low + high) / 2, (high - low) / 2 * Z / normal_quantile(self.level))[1:]


def reported_of(outcome: Outcome) -> Reported | None:
    """Return value and interval of a result; None where one of them is missing. A level that is not stated is taken for 95."""
    if outcome.value is None or outcome.ci_low is None or outcome.ci_high is None:
        return None
    level, linear = outcome.ci_level or 95, outcome.measure in DIFFERENCES
    return Reported(outcome.value, outcome.ci_low, outcome.ci_high, level, linear)


@dataclass(frozen=True, slots=True)
class Member:
    """One study in a pool, by its key: its effect, the results that this rests on, its year (0: not known), for shares its count.

    *reported* is its value and interval as printed; None where both were computed, from counts or from two results.
    """

    key: str
    effect: Effect
    outcomes: tuple[Outcome, ...] = ()
    year: int = 0
    count: Count | None = None
    reported: Reported | None = None

    @property
    def study(self) -> str:
        """Name of the study."""
        return self.effect.study

    @property
    def subgroup(self) -> str:
        """Name of the subgroup, empty where there is none."""
        return self.effect.subgroup

    def interval(self, scale: Scale) -> tuple[float, float, float]:
        """Return value and 95 % interval, on the scale of the input, by which the member is weighted; exact for a count."""
        if self.count is not None:
            return self.count.events / self.count.total, *clopper_pearson(self.count.events, self.count.total)
        return self.effect.interval(scale)


def scale_of(measure: str) -> Scale:
    """Return the scale on which results of *measure* are pooled."""
    return LOGIT if measure == "proportion" else IDENTITY if measure in DIFFERENCES else LOG


def make_members(review: Review, plan: Plan) -> list[Member]:
    """Return the members of the pool that *plan* describes. Raises ValueError, naming the result that does not fit."""
    others = plan.comparators or (None,) * len(plan.outcomes)
    if len(others) != len(plan.outcomes):
        raise ValueError(f"{len(plan.outcomes)} outcomes have {len(others)} comparators; give each its own")
    return [_make(review, plan, key, other) for key, other in zip(plan.outcomes, others, strict=True)]


def _make(review: Review, plan: Plan, key: str, other: str | None) -> Member:
    for named in filter(None, (key, other)):
        if named not in review.outcomes:
            raise ValueError(f"{named} is not in outcomes")
    outcome, second = review.outcomes[key], review.outcomes[other] if other else None
    study, count, reported = review.studies[outcome.study], None, None
    compared = second if plan.measure in ("RR", "ratio-of-HR") else None
    if compared and family_of(review, compared.study) != family_of(review, outcome.study):
        raise ValueError(f"{key} is set against {other}, of another study; write comparators in the order of outcomes")
    if compared and compared.measure in SHARES and compared.arm == outcome.arm:
        raise ValueError(f"{key} is set against {other}, which is the same arm")
    match plan.measure, second:
        case "proportion", None:
            count = Count(study.short_name, *count_of(outcome))
            effect = logit_effects([count])[0]
        case "RR", Outcome():
            effect = effect_sizes.effect_from_two_counts(study.short_name, *count_of(outcome), *count_of(second))
        case "ratio-of-HR", Outcome():
            effect = _contrast(review, study.short_name, plan, outcome, second)
        case "HR" | "OR" | "RR" | "MD" | "SMD" | "RD", None:
            effect, reported = effect_of(review, outcome), reported_of(outcome)
        case _:
            missing = "needs a comparator" if second is None else "takes no comparator"
            raise ValueError(f"{key}: a pool of measure {plan.measure} {missing}")
    outcomes = (outcome,) if second is None else (outcome, second)
    return Member(study.study, effect, outcomes, study.year or 0, count, reported)


def count_of(outcome: Outcome) -> tuple[int, int]:
    """Return events and total of a share; events that were printed as a percentage only are the nearest whole number.

    Raises ValueError where the total, or both events and percentage, are missing.
    """
    if outcome.measure not in SHARES or outcome.total is None:
        raise ValueError(f"{outcome.outcome} is no share of a stated total; it cannot be pooled")
    if outcome.events is not None:
        return outcome.events, outcome.total
    if outcome.value is None:
        raise ValueError(f"{outcome.outcome} has neither events nor a percentage; it cannot be pooled")
    return round(outcome.value * outcome.total / 100), outcome.total


def effect_of(review: Review, outcome: Outcome) -> Effect:
    """Return a reported ratio or difference as an effect on its scale. Raises ValueError where value, interval or level is missing."""
    reported = reported_of(outcome)
    if reported is None or outcome.ci_level is None:
        raise ValueError(f"{outcome.outcome} has no value with an interval of a stated level; it cannot be pooled")
    name, scale, numbers = review.studies[outcome.study].short_name, scale_of(outcome.measure), reported[:3]
    try:
        return effect_sizes.effect_from_interval(name, *numbers, scale=scale, level=reported.level)
    except ValueError as error:
        raise ValueError(f"{outcome.outcome}: {error}") from error


def _contrast(review: Review, name: str, plan: Plan, first: Outcome, second: Outcome) -> Effect:
    """Return the log ratio of the hazard ratios in the pool's stratum and in its other stratum."""
    here, there = plan.stratum, plan.other_stratum or ""
    sides = {outcome.stratum: effect_of(review, outcome) for outcome in (first, second)}
    if len(sides) != 2 or not set(sides) <= {here, there, "all"}:
        raise ValueError(f"{first.outcome} and {second.outcome} are not of two of the strata {here}, {there} and all")
    for missing, present in ((here, there), (there, here)):
        if missing not in sides:
            sides[missing] = complement_effect(sides[present], sides["all"])
    return replace(effect_sizes.compare_effects(sides[here], sides[there]), study=name)


def parts_of_wholes(review: Review, plan: Plan) -> dict[str, float]:
    """Return, for each stratum whose other stratum is worked out from the whole trial, its share of the trial's information.

    Above one half the stratum that is worked out rests on little, and its interval covers too rarely.
    """
    shares = {}
    for keys in zip(plan.outcomes, plan.comparators, strict=False) if plan.measure == "ratio-of-HR" else ():
        pair = sorted(
            (review.outcomes[key] for key in keys if key in review.outcomes), key=lambda o: o.stratum == "all"
        )
        if [outcome.stratum == "all" for outcome in pair] == [False, True]:
            part, whole = pair
            shares[part.outcome] = (effect_of(review, whole).se / effect_of(review, part).se) ** 2
    return shares


def complement_effect(stratum: Effect, whole: Effect) -> Effect:
    """Return the effect outside a stratum, from those inside it and in the whole trial.

    A stratum and the whole share patients and may not be set against each other as if they were two trials. The whole is taken
    as the inverse-variance mean of the stratum and the rest; what is left without the stratum's information belongs to the
    rest, and is independent. Stratum and rest then differ by exactly as many standard errors as stratum and whole, with
    variance V(stratum) - V(whole). Raises ValueError where the stratum is printed as precisely as the whole.
    """
    if not whole.se < stratum.se:
        raise ValueError("the interval of the stratum is not wider than that of the whole trial")
    inside, all_ = stratum.se**-2, whole.se**-2  # weights
    outside = all_ - inside
    return Effect(whole.study, (all_ * whole.estimate - inside * stratum.estimate) / outside, outside**-0.5)


def latest_reports(outcomes: Iterable[Outcome]) -> list[Outcome]:
    """Return *outcomes* without those that another of them supersedes: one report of each result."""
    kept = list(outcomes)
    old = {outcome.supersedes for outcome in kept if outcome.supersedes}
    return [outcome for outcome in kept if outcome.outcome not in old]


DIRECTIONS = ("favours", "no clear difference", "against")


def direction_of(outcome: Outcome) -> str | None:
    """Return where a hazard ratio points: by its interval, else by its p; None where neither is printed."""
    if outcome.value is None:
        return None
    favours, unclear, against = DIRECTIONS
    side = favours if outcome.value < 1 else against
    if outcome.ci_low is not None and outcome.ci_high is not None:
        return side if outcome.ci_high < 1 or outcome.ci_low > 1 else unclear
    p = (outcome.p or "").lstrip("<=").strip()
    if not p.replace(".", "", 1).isdigit():
        return None
    return side if float(p) < 0.05 or (outcome.p or "").startswith("<0.05") else unclear
