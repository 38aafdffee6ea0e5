"""Published meta-analyses beside what their own tables give when they are pooled again."""

from livrev.records.review import Review
from livrev.review.published import Recomputed, recompute_published
from livrev.show.format import format_outcome, format_pooled
from livrev.show.tables import ShownTable, show_table
from livrev.show.views.documents import address_of


def show_recomputed(review: Review) -> ShownTable:
    """Return one row a published pool: as published, by our conventions, by older ones, and why they differ."""
    rows = []
    for again in recompute_published(review):
        rows.append(
            {
                "title": again.record["title"],
                "source": address_of(review, again.record["meta_citekey"]),
                "published": _say_published(again),
                "k": len(again.studies),
                **_say_ours(again),
                "left_out": again.left_out,
                "difference": again.record["difference"],
            }
        )
    columns = {
        "title": "Pool", "source": "Published in", "published": "As published", "k": "Studies pooled again",
        "ours": "REML, modified Hartung-Knapp", "dl": "DerSimonian-Laird", "common": "Common effect",
        "left_out": "Left out", "difference": "Why they differ",
    }  # fmt: skip
    caption = "Published meta-analyses, pooled again from their own tables"
    return show_table(rows, name="table-recomputed", caption=caption, columns=columns)


def _say_published(again: Recomputed) -> str:
    outcome = again.published
    if outcome is None:
        return "not pooled there"
    return format_outcome(outcome)


def _say_ours(again: Recomputed) -> dict[str, str]:
    pool = again.pool
    if pool is None:
        return {"ours": again.reason}
    measure, common, older = again.record["measure"], pool.common, pool.dersimonian_laird
    return {
        "ours": format_pooled(measure, pool.value, pool.hk_modified_ci),
        "dl": format_pooled(measure, older.value, (older.low, older.high)),
        "common": format_pooled(measure, common.value, (common.low, common.high)),
    }
