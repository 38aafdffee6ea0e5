"""The pools of the review: which results are pooled together, and what the pool gives.

Which results are comparable is a judgement, written down with its reason in the table of pools; the arithmetic is code.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from livrev.library import Library
from livrev.model import Estimate, Outcome
from livrev.synthesis.effect_sizes import LOG, Effect, effect_from_interval
from livrev.synthesis.leave_one_out import Step, leave_one_out
from livrev.synthesis.pooling import Pool, pool_effects

FEWEST = 3
_METHOD = "random effects (REML), modified Hartung-Knapp interval"


@dataclass(frozen=True)
class Pooled:
    """One pool: its record, the results in it, the pool itself, and the pool without each study."""

    record: dict[str, Any]
    outcomes: tuple[Outcome, ...]
    effects: tuple[Effect, ...]
    pool: Pool
    left_out: tuple[Step, ...]

    @property
    def flips(self) -> tuple[str, ...]:
        """Studies without which the interval would change its side of 1, or lie on no side any more."""
        said = _verdict(self.pool)
        return tuple(step.study for step in self.left_out if step.pool is not None and _verdict(step.pool) != said)


def _verdict(pool: Pool) -> str:
    low, high = pool.modified
    return "below" if high < 1 else "above" if low > 1 else "across"


def pool_evidence(library: Library) -> dict[str, Pooled]:
    """Return every pool of the table of pools, by its id; one whose members are unknown or have no interval is left out.

    `livrev check` names such members, and a chapter that prints the missing Result fails the build.
    """
    pools = {}
    for record in library.tables["pools"].records:
        if not all(_can_be_pooled(library.outcomes.get(key)) for key in record["outcomes"]):
            continue
        outcomes = tuple(library.outcomes[key] for key in record["outcomes"])
        effects = tuple(effect_of(library, outcome) for outcome in outcomes)
        left_out = leave_one_out(effects, lambda items: pool_effects(items, scale=LOG))
        pools[record["pool"]] = Pooled(record, outcomes, effects, pool_effects(effects, scale=LOG), left_out)
    return pools


def _can_be_pooled(outcome: Outcome | None) -> bool:
    return outcome is not None and None not in (outcome.value, outcome.ci_low, outcome.ci_high, outcome.ci_level)


def effect_of(library: Library, outcome: Outcome) -> Effect:
    """Return a reported ratio as an effect on the log scale, its interval at whatever level it was printed."""
    if outcome.value is None or outcome.ci_low is None or outcome.ci_high is None or outcome.ci_level is None:
        raise ValueError(f"{outcome.outcome} has no value with an interval of a stated level; it cannot be pooled")
    name = library.studies[outcome.study].name.partition(" (")[0]
    level = outcome.ci_level
    return effect_from_interval(name, outcome.value, outcome.ci_low, outcome.ci_high, scale=LOG, level=level)


def pool_estimates(library: Library) -> Iterable[Estimate]:
    """Yield, for each pool, the pooled ratio, its prediction interval, and I², tau² and the number of studies."""
    for key, pooled in pool_evidence(library).items():
        pool, title = pooled.pool, pooled.record["title"]
        rests = tuple(outcome.outcome for outcome in pooled.outcomes)
        keys = tuple(dict.fromkeys(outcome.citekey for outcome in pooled.outcomes))
        low, high = pool.modified

        shared: dict[str, Any] = {
            "unit": "", "method": _METHOD, "rests_on": rests, "citekeys": keys, "k": pool.k, "precision": 2,
        }  # fmt: skip
        name = f"pool.{key}"
        bounds = {"low": low, "high": high, "level": 95}
        yield Estimate(**(shared | {"name": name, "value": pool.value, "label": title} | bounds))
        if pool.prediction is not None:
            bounds = {"low": pool.prediction[0], "high": pool.prediction[1], "level": 95}
            more = {"name": f"{name}.prediction", "value": pool.value, "label": f"{title}: next study"}
            yield Estimate(**(shared | more | bounds))
        more = {"name": f"{name}.k", "value": pool.k, "label": f"{title}: studies", "precision": 0}
        yield Estimate(**(shared | more))
        if pool.i2 is not None:
            more = {"name": f"{name}.i2", "value": pool.i2, "label": f"{title}: I²", "unit": "%", "precision": 0}
            yield Estimate(**(shared | more))
