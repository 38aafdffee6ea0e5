"""What one more study would have to show for a pooled answer to change."""

from collections.abc import Iterable

from livrev.records.model import Estimate
from livrev.records.review import Review
from livrev.review.pools import Pooled, pool_evidence
from livrev.stats.effect_sizes import Effect
from livrev.stats.pooling import modified_interval

_STEPS, _HALVINGS = 40, 20
_METHOD = (
    "bisection over the result of one more study, as precise as the most precise of the pool, pooled with the others"
)


def turning_point(pooled: Pooled) -> Effect | None:
    """Return the mildest result with which one more study would change the answer of a pool, None where none would.

    The study is as precise as the most precise of the pool. Where the pooled interval lies on one side of no effect, results
    are tried from the pooled one on, until the interval reaches over; where it reaches over, from no effect on, to the side
    of the pooled value, until the interval lies there. Twenty standard errors away the trying ends: some pools a single
    study only makes more uneven, never more certain.
    """
    level = pooled.no_effect
    if level is None:
        return None
    error = min(effect.se for effect in pooled.effects)
    across, none = pooled.verdict == "across", pooled.scale.forward(level)
    onward = 1 if (pooled.pool.estimate > none) == across else -1  # up, where a value below no effect is to be weakened
    start = none if across else pooled.pool.estimate

    def changes(distance: float) -> bool:
        more = Effect("", start + onward * distance, error)
        return pooled.side(modified_interval([*pooled.effects, more], scale=pooled.scale)) != pooled.verdict

    far = next((step * error / 2 for step in range(_STEPS + 1) if changes(step * error / 2)), None)
    if far is None:
        return None
    near = max(0.0, far - error / 2)
    for _ in range(_HALVINGS):
        half = (near + far) / 2
        near, far = (near, half) if changes(half) else (half, far)
    return Effect("", start + onward * far, error)


def turning_estimates(review: Review) -> Iterable[Estimate]:
    """Yield, for each pool of treatment effects that one more study could turn, the result with which it would."""
    for key, pooled in pool_evidence(review).items():
        if pooled.record["contrast"] != "treatment" or (turn := turning_point(pooled)) is None:
            continue
        value, low, high = turn.interval(pooled.scale)
        yield Estimate(
            name=f"pool.{key}.turns", value=value, low=low, high=high, level=95, unit="", precision=2, method=_METHOD,
            label=f"{pooled.record['title']}: result of one more study that would change the answer",
            rests_on=tuple(outcome.outcome for outcome in pooled.outcomes),
        )  # fmt: skip
