"""Retractions and corrections as tables: what was looked up, and what a retraction does to a pool."""

from livrev.records.review import Review
from livrev.review.pools import Pooled, pool_evidence
from livrev.review.retraction_effects import STATES, before_retractions, retracted_outcomes, retraction_rows
from livrev.show.format import format_number
from livrev.show.tables import ShownTable, show_table
from livrev.show.views.documents import address_of


def show_retraction_states(review: Review) -> ShownTable:
    """Return how many references are in each state, and the days on which they were looked up."""
    rows = []
    for state in STATES:
        found = [row for row in retraction_rows(review).values() if row["state"] == state]
        days = sorted(str(row["checked_on"]) for row in found if row["checked_on"])
        rows.append(
            {
                "state": state,
                "references": len(found),
                "first": days[0] if days else "",
                "last": days[-1] if days else "",
            }
        )
    columns = {"state": "State", "references": "References", "first": "Looked up from", "last": "Until"}
    caption = "What is known of retractions and corrections; unchecked is not none"
    return show_table(rows, name="table-retraction-states", caption=caption, columns=columns)


def show_retractions(review: Review) -> ShownTable:
    """Return every reference that was looked up, with what was found and where."""
    rows = [
        {**row, "citekey": address_of(review, row["citekey"]), "checked_on": str(row["checked_on"])}
        for row in retraction_rows(review).values()
        if row["state"] != "unchecked"
    ]
    columns = {
        "citekey": "Reference", "state": "State", "checked_on": "Looked up", "where": "Where",
        "notice_doi": "Notice", "note": "What it says",
    }  # fmt: skip
    caption = "References for which a retraction was looked for"
    return show_table(
        rows,
        name="table-retractions",
        caption=caption,
        columns=columns,
        filters=["state"],
        download="data/retractions.csv",
    )


def show_changed_pools(review: Review) -> ShownTable:
    """Return each pool that a retraction changed: as it was with the retracted study, and as it is without."""
    before, after = pool_evidence(before_retractions(review)), pool_evidence(review)
    gone = retracted_outcomes(review)
    rows = []
    for key, old in before.items():
        lost = [outcome for outcome in old.outcomes if outcome.outcome in gone]
        if lost:
            names = dict.fromkeys(review.studies[outcome.study].name for outcome in lost)
            new = after.get(key)
            without = _say(new) if new else "too few studies are left to pool"
            rows.append({"pool": old.record["title"], "studies": list(names), "with": _say(old), "without": without})
    columns = {"pool": "Pool", "studies": "Retracted", "with": "With the retracted study", "without": "Without it"}
    return show_table(
        rows, name="table-changed-pools", caption="What retractions changed in the pools", columns=columns
    )


def _say(pooled: Pooled) -> str:
    pool, times = pooled.pool, 100 if pooled.record["measure"] == "proportion" else 1
    value, low, high = (format_number(times * number, 2) for number in (pool.value, *pool.modified))
    return f"{value} ({low} to {high}), {pool.k} studies"
