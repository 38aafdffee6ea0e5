"""Propose the certainty of a pooled answer by GRADE, from what the data can tell, with a reason for every step.

Randomised comparisons start high, and so does evidence on prognosis, whatever its design (Foroutan2020grade); all else
starts low. Five things bring it down, a large effect brings it up. What code cannot see (missing strata, plausible bias,
how far a population is from ours) is for the person who judges. The target (Core GRADE) is any effect, or an effect beyond a
threshold that the appraisal names; imprecision is judged against it. How a number was read is no part of this.
"""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from livrev.records.measures import RATIOS
from livrev.records.model import Appraisal, Study
from livrev.records.review import Review
from livrev.review.bias import HIGH, LOW, RANDOMISED
from livrev.review.pools import Pooled
from livrev.stats.additional_analyses import regress_on_precision

LEVELS = ("very low", "low", "moderate", "high")
_FEW_PATIENTS = (100, 30)
# Where benefit and harm become clear (for ratios: a quarter); what a mean difference is worth, only a person knows.
_CLEAR = {"SMD": (-0.5, 0.5), "MD": (-math.inf, math.inf), "RD": (-math.inf, math.inf)}


@dataclass(frozen=True, slots=True)
class Step:
    """How far one domain moves the certainty (down: -1 or -2, up: 1), and why."""

    by: int
    reason: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """Where the certainty starts, and one step for each domain and for the upgrade."""

    start: str
    steps: dict[str, Step]

    @property
    def certainty(self) -> str:
        """The certainty that these steps lead to."""
        return certainty_of(self.start, sum(step.by for step in self.steps.values()))


def certainty_of(start: str, steps: int) -> str:
    """Return the level *steps* above (or below) *start*, within the four levels."""
    return LEVELS[min(max(LEVELS.index(start) + steps, 0), len(LEVELS) - 1)]


def name_target(threshold: float | None) -> str:
    """Return the target of a certainty in words: any effect, or one beyond *threshold*."""
    return "any effect" if threshold is None else f"an effect beyond {threshold:g}"


def certainty_by_name(review: Review) -> dict[str, str]:
    """Return the certainty of every rated name: `pool.<id>` from the appraisals, `strategy.<id>` from the strategies."""
    rated: dict[str, str] = {f"strategy.{key}": strategy.certainty for key, strategy in review.strategies.items()}
    return rated | {f"pool.{key}": appraisal.certainty for key, appraisal in review.appraisals.items()}


def propose_certainty(review: Review, pooled: Pooled, threshold: float | None = None) -> Proposal:
    """Return what the data propose for *pooled*: that it has any effect, or one beyond *threshold*."""
    contrast, studies = pooled.plan.contrast, [review.studies[member.key] for member in pooled.members]
    randomised = all(study.design in RANDOMISED for study in studies) and contrast == "treatment"
    low, high = pooled.pool.hk_modified_ci
    large = not randomised and pooled.plan.measure in RATIOS and (low > 2 or high < 0.5)
    steps = {
        "risk_of_bias": _risk_of_bias(pooled), "inconsistency": _inconsistency(pooled),
        "indirectness": _indirectness(review, pooled, studies), "imprecision": _imprecision(pooled, threshold),
        "publication_bias": _publication_bias(pooled),
        "upgrade": Step(1, "large effect: the whole interval lies beyond a factor of 2") if large else Step(0, "none"),
    }  # fmt: skip
    return Proposal("high" if randomised or contrast == "prognostic" else "low", steps)


def judge_certainty(review: Review, pooled: Pooled, appraisal: Appraisal) -> Proposal:
    """Return the proposal with the steps that a person judged otherwise."""
    proposal = propose_certainty(review, pooled, appraisal.threshold)
    steps = {domain: getattr(appraisal, domain) for domain in proposal.steps}
    judged = {domain: Step(by, appraisal.difference) for domain, by in steps.items() if by is not None}
    return Proposal(proposal.start, proposal.steps | judged)


def _risk_of_bias(pooled: Pooled) -> Step:
    """Step down once where most of the weight is not at low risk of bias, twice where most is at high risk."""
    control = ["one arm, no control"] if pooled.plan.measure == "proportion" else []
    if not pooled.bias:
        return Step(-1, "; ".join([*control, "risk of bias not judged"]))
    weighed = list(zip(pooled.pool.weights, (pooled.risk_of(member.key) for member in pooled.members), strict=True))
    high = sum(weight for weight, risk in weighed if risk == HIGH)
    other = sum(weight for weight, risk in weighed if risk not in (LOW, HIGH))
    said = f"{high:.0f} % of the weight at high risk, {other:.0f} % with some concerns"
    found = Counter(d for judged in pooled.bias.values() for d, level in judged.domains.items() if level != LOW)
    most = [domain for domain, number in found.most_common(3) if 2 * number > len(pooled.bias)]
    reason = "; ".join([*control, said + (f", mostly for {', '.join(most)}" if most else "")])
    return Step(-2 if high > 50 else -1 if high + other > 50 or control else 0, reason)


def _inconsistency(pooled: Pooled) -> Step:
    if (i2 := pooled.pool.i2) is None:
        return Step(0, "one study")
    reasons = [f"I² {i2:.0f} %"] if i2 > 50 else []
    if pooled.verdict in ("below", "above") and pooled.prediction and pooled.side(pooled.prediction) == "across":
        reasons.append(f"the next study may lie on the other side of {pooled.no_effect:g}")
    return Step(-1, "; ".join(reasons)) if reasons else Step(0, f"I² {i2:.0f} %")


def _indirectness(review: Review, pooled: Pooled, studies: Sequence[Study]) -> Step:
    name = review.settings.condition.name
    if not set.intersection(*(set(study.condition) for study in studies)):
        return Step(-1, f"no {name} that all studies share")
    if pooled.plan.contrast != "prognostic" and not set.intersection(*(set(study.strategy) for study in studies)):
        return Step(-1, "no way of treating that all studies share")
    return Step(0, f"a {name} and a way of treating in common")


def _imprecision(pooled: Pooled, threshold: float | None) -> Step:
    low, high = pooled.pool.hk_modified_ci
    if pooled.plan.measure == "proportion":
        total = sum(member.count.total for member in pooled.members if member.count)
        return Step(-sum(total < few for few in _FEW_PATIENTS), f"{total} patients")
    least, most = _CLEAR.get(pooled.plan.measure, (0.75, 1.25))
    if low < least and high > most:
        return Step(-2, "the interval holds both a clear benefit and a clear harm")
    target = pooled.no_effect if threshold is None else threshold
    holds = low <= (target or 0) <= high
    return Step(-holds, f"the interval {'holds' if holds else 'does not hold'} {target:g}")


def _publication_bias(pooled: Pooled) -> Step:
    if pooled.plan.measure == "proportion":
        return Step(0, "not tested for shares")
    try:
        egger = regress_on_precision(pooled.effects)
    except ValueError as error:
        return Step(0, str(error))
    if egger is None:
        return Step(0, "too few studies to see asymmetry")
    lopsided = egger.pvalue < 0.1
    return Step(-lopsided, f"{'funnel lopsided, ' if lopsided else ''}Egger p = {egger.pvalue:.2f}")
