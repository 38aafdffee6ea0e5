"""Pool the table of a published meta-analysis again, by our conventions, and set both results side by side."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from livrev.records.model import Outcome
from livrev.records.review import Review
from livrev.review.pool_inputs import Member, effect_of
from livrev.review.pools import pool_members
from livrev.stats.effect_sizes import LOG, effect_from_interval, effect_from_two_counts
from livrev.stats.pooling import Pool
from livrev.stats.proportions import Count, logit_effects


@dataclass(frozen=True)
class Recomputed:
    """A published pool: its record, what was published, our pool of the same table, and the rows left out."""

    record: dict[str, Any]
    published: Outcome | None
    studies: tuple[str, ...]
    pool: Pool | None
    reason: str
    left_out: tuple[str, ...]


def recompute_published(review: Review) -> list[Recomputed]:
    """Return every published pool of the table of published pools, pooled again from its own per-study table or the trials on file."""
    return [_recompute(review, record) for record in review.tables["meta_pools"].records]


def _recompute(review: Review, record: dict[str, Any]) -> Recomputed:
    published = review.outcomes[record["published"]] if record["published"] else None
    rows = [row for row in review.tables["meta_tables"].records if row["meta_citekey"] == record["meta_citekey"]]
    here, other = (
        [row for row in rows if row["pool"] == table and stratum in (None, row["stratum"])]
        for table, stratum in (
            (record["table"], record["stratum"]),
            (record["control_table"] or record["table"], record["control_stratum"]),
        )
    )
    members = [Member((), effect_of(review, review.outcomes[key]), 0) for key in record["outcomes"]]
    left_out, pool, reason = [], None, ""
    for row in here:
        try:
            members.append(_member(record["measure"], row, other))
        except ValueError as error:
            left_out.append(f"{row['study_label']}: {error}")
    try:
        pool = pool_members(members, record["measure"])
    except ValueError as error:
        reason = str(error)
    return Recomputed(record, published, tuple(member.study for member in members), pool, reason, tuple(left_out))


def _member(measure: str, row: dict[str, Any], other: Sequence[dict[str, Any]]) -> Member:
    name, count = row["study_label"], (row["events"], row["total"])
    if measure == "HR":
        if None in (row["value"], row["ci_low"], row["ci_high"], row["ci_level"]):
            raise ValueError("no interval of a stated level")
        bounds = (row["value"], row["ci_low"], row["ci_high"])
        return Member((), effect_from_interval(name, *bounds, scale=LOG, level=row["ci_level"]), 0)
    if None in count:
        raise ValueError("no counts")
    if measure == "proportion":
        return Member((), logit_effects([Count(name, *count)])[0], 0, Count(name, *count))
    control = next((r for r in other if r is not row and r["study_label"] == name), None)
    if control is None or None in (control["events"], control["total"]):
        raise ValueError("no second group in the table")
    return Member((), effect_from_two_counts(name, *count, control["events"], control["total"], measure="OR"), 0)
