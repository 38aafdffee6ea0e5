"""Pool again under other rules: without second-hand numbers, meeting abstracts, interim reports, high risk of bias."""

from collections.abc import Callable
from dataclasses import dataclass

from livrev.records.model import Outcome
from livrev.review.bias import HIGH
from livrev.review.pools import FEWEST, Pooled
from livrev.stats.pooling import Pool, Summary


@dataclass(frozen=True, slots=True)
class Variant:
    """The pool under another rule; None where nothing is left out, or nothing is left, and why. A common effect has no pool."""

    rule: str
    pool: Pool | None
    reason: str
    flips: bool
    common: Summary | None = None


WITHOUT_HIGH_RISK = "without high risk of bias"
# What each rule leaves out. Flagged results are in no pool to begin with.
RULES: dict[str, Callable[[Pooled, Outcome], bool]] = {
    "without numbers read second-hand": lambda pooled, outcome: outcome.basis == "secondary",
    "without meeting abstracts": lambda pooled, outcome: outcome.basis == "conference-abstract",
    "without interim reports": lambda pooled, outcome: outcome.outcome in pooled.interim,
    "without subgroups": lambda pooled, outcome: getattr(outcome, "report", None) == "subgroup",
    WITHOUT_HIGH_RISK: lambda pooled, outcome: pooled.risk_of(outcome.study) == HIGH,
    "printed strata only": lambda pooled, outcome: (
        pooled.record["measure"] == "ratio-of-HR"
        and outcome.stratum not in (pooled.record["stratum"], pooled.record["other_stratum"])
    ),
}


def vary(pooled: Pooled) -> list[Variant]:
    """Return *pooled* under each of RULES, and with a common effect in place of random ones."""
    common = pooled.pool.common
    changes = pooled.verdict != pooled.side((common.low, common.high))
    return [
        *(_leave_out(pooled, rule, excluded) for rule, excluded in RULES.items()),
        Variant("common effect", None, "", changes, common),
    ]


def _leave_out(pooled: Pooled, rule: str, excluded: Callable[[Pooled, Outcome], bool]) -> Variant:
    kept = [member for member in pooled.members if not any(excluded(pooled, outcome) for outcome in member.outcomes)]
    if len(kept) == len(pooled.members):
        return Variant(rule, None, "leaves nothing out", False)
    if not kept:
        return Variant(rule, None, "leaves no study", False)
    try:
        pool = pooled.pool_again(kept)
    except ValueError as error:
        return Variant(rule, None, str(error), False)
    # Below three studies no pooled interval is headlined, so none can overturn one either.
    flips = len(kept) >= FEWEST and pooled.verdict != pooled.side(pool.hk_modified_ci)
    return Variant(rule, pool, "", flips)
