"""Pool the table of a published meta-analysis again, by our conventions, and set both results side by side."""

from collections.abc import Sequence
from dataclasses import dataclass

from livrev.records.model import Outcome, PublishedPool, PublishedStudy
from livrev.records.review import Review
from livrev.review.pool_inputs import Member, effect_of
from livrev.review.pools import pool_members
from livrev.stats.effect_sizes import LOG, effect_from_interval, effect_from_two_counts
from livrev.stats.pooling import Pool
from livrev.stats.proportions import Count, logit_effects


@dataclass(frozen=True)
class Recomputed:
    """A published pool: its row, what was published, our pool of the same table, and the rows left out."""

    plan: PublishedPool
    published: Outcome | None
    studies: tuple[str, ...]
    pool: Pool | None
    reason: str
    left_out: tuple[str, ...]


def recompute_published(review: Review) -> list[Recomputed]:
    """Return every published pool of the table of published pools, pooled again from its own per-study table or the trials on file."""
    return [_recompute(review, plan) for plan in review.all(PublishedPool)]


def _recompute(review: Review, plan: PublishedPool) -> Recomputed:
    def rows(table: str | None, stratum: str | None) -> list[PublishedStudy]:
        own = (row for row in review.all(PublishedStudy) if (row.meta_citekey, row.pool) == (plan.meta_citekey, table))
        return [row for row in own if stratum in (None, row.stratum)]

    other = rows(plan.control_table or plan.table, plan.control_stratum)
    members = [Member(key, effect_of(review, review.outcomes[key])) for key in plan.outcomes]
    left_out, pool, reason = [], None, ""
    for row in rows(plan.table, plan.stratum):
        try:
            members.append(_member(plan.measure, row, other))
        except ValueError as error:
            left_out.append(f"{row.study_label}: {error}")
    try:
        pool = pool_members(members, plan.measure)
    except ValueError as error:
        reason = str(error)
    published = review.outcomes[plan.published] if plan.published else None
    return Recomputed(plan, published, tuple(member.study for member in members), pool, reason, tuple(left_out))


def _member(measure: str, row: PublishedStudy, other: Sequence[PublishedStudy]) -> Member:
    name = row.study_label
    if measure == "HR":
        if row.value is None or row.ci_low is None or row.ci_high is None or row.ci_level is None:
            raise ValueError("no interval of a stated level")
        effect = effect_from_interval(name, row.value, row.ci_low, row.ci_high, scale=LOG, level=row.ci_level)
        return Member(name, effect)
    if row.events is None or row.total is None:
        raise ValueError("no counts")
    if measure == "proportion":
        count = Count(name, row.events, row.total)
        return Member(name, logit_effects([count])[0], count=count)
    control = next((r for r in other if r is not row and r.study_label == name), None)
    if control is None or control.events is None or control.total is None:
        raise ValueError("no second group in the table")
    counts = (row.events, row.total, control.events, control.total)
    return Member(name, effect_from_two_counts(name, *counts, measure="OR"))
