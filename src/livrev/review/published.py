"""Pool the table of a published meta-analysis again, by our conventions, and set both results side by side."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from livrev.records.model import Outcome
from livrev.records.review import Review
from livrev.review.pool_inputs import effect_of
from livrev.stats.effect_sizes import LOG, Effect, effect_from_interval, effect_from_two_counts
from livrev.stats.pooling import Pool, pool_effects
from livrev.stats.proportions import Count, pool_proportions


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
    on_file = [effect_of(review, review.outcomes[key]) for key in record["outcomes"]]
    items: list[Effect | Count] = list(on_file)
    studies, left_out = [effect.study for effect in on_file], []
    for row in here:
        try:
            items.append(_member(record["measure"], row, other))
            studies.append(row["study_label"])
        except ValueError as error:
            left_out.append(f"{row['study_label']}: {error}")
    try:
        pool: Pool | None = _pool(record["measure"], items)
        reason = ""
    except ValueError as error:
        pool, reason = None, str(error)
    return Recomputed(record, published, tuple(studies), pool, reason, tuple(left_out))


def _member(measure: str, row: dict[str, Any], other: Sequence[dict[str, Any]]) -> Effect | Count:
    name = row["study_label"]
    if measure == "HR":
        if None in (row["value"], row["ci_low"], row["ci_high"], row["ci_level"]):
            raise ValueError("no interval of a stated level")
        return effect_from_interval(name, row["value"], row["ci_low"], row["ci_high"], scale=LOG, level=row["ci_level"])
    if row["events"] is None or row["total"] is None:
        raise ValueError("no counts")
    if measure == "proportion":
        return Count(name, row["events"], row["total"])
    control = next((r for r in other if r is not row and r["study_label"] == name), None)
    if control is None or control["events"] is None or control["total"] is None:
        raise ValueError("no second group in the table")
    return effect_from_two_counts(name, row["events"], row["total"], control["events"], control["total"], measure="OR")


def _pool(measure: str, items: Sequence[Effect | Count]) -> Pool:
    counts = [item for item in items if isinstance(item, Count)]
    if measure == "proportion":
        return pool_proportions(counts)
    return pool_effects([item for item in items if isinstance(item, Effect)], scale=LOG)
