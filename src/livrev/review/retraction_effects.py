"""What became of a publication after it appeared: which studies are retracted, and what that does to the pools."""

import dataclasses
from collections.abc import Iterable

from livrev.records.model import Estimate, PoolPlan
from livrev.records.review import Review, Rows

LABELS = {
    "unchecked": "references with a DOI for which no retraction was looked for",
    "none-seen": "references for which a retraction was looked for in the archive, and none was seen",
    "none": "references for which a register lists no retraction",
    "correction": "references with a correction",
    "concern": "references with an expression of concern",
    "retracted": "retracted references",
}
MARKS = {"retracted": "retracted", "concern": "expression of concern", "correction": "corrected"}


def mark_of(review: Review, citekey: str) -> str:
    """Return the word that stands beside every citation of a publication, or nothing where none is needed."""
    row = review.retractions.get(citekey)
    return MARKS.get(row.state, "") if row else ""


def _retracted(review: Review) -> set[str]:
    return {key for key, row in review.retractions.items() if row.state == "retracted"}


def retracted_studies(review: Review) -> frozenset[str]:
    """Return the studies whose main publication is retracted."""
    gone = _retracted(review)
    return frozenset(study.study for study in review.studies.values() if study.citekey in gone)


def retracted_outcomes(review: Review) -> frozenset[str]:
    """Return the results that may not be pooled: of a retracted study, or read in a retracted report."""
    studies, gone = retracted_studies(review), _retracted(review)
    rows = review.tables["outcomes"]
    each = zip(rows.column("outcome"), rows.column("study"), rows.column("citekey"), strict=True)
    return frozenset(outcome for outcome, study, citekey in each if study in studies or citekey in gone)


def kept_pools(review: Review, *, fewest: int) -> dict[str, PoolPlan]:
    """Return the pools without their retracted results, by their id.

    A pool that retractions leave with less than *fewest* results is none any more and is left out.
    """
    gone = retracted_outcomes(review)
    kept = [(plan, plan.without(gone)) for plan in review.pools.values()]
    return {fewer.pool: fewer for plan, fewer in kept if fewer == plan or len(fewer.outcomes) >= fewest}


def before_retractions(review: Review) -> Review:
    """Return *review* as if nothing in it had been retracted: what the pools were."""
    rows = review.tables["retractions"]
    kept = [record for record in rows.records if record["state"] != "retracted"]
    before = Rows(rows.table, kept, rows.lines[: len(kept)])
    return dataclasses.replace(review, tables=review.tables | {"retractions": before})


def retraction_estimates(review: Review) -> Iterable[Estimate]:
    """Yield how many references are in each state, and the first and last day on which one was looked up."""
    rows = review.retractions
    looked = {key: row.checked_on for key, row in rows.items() if row.checked_on}
    states = ((state, label, [k for k, row in rows.items() if row.state == state]) for state, label in LABELS.items())
    for name, label, found in (
        *states, ("count", "references with a DOI", rows), ("checked", "references for which a retraction was looked for", looked),
        ("studies", "retracted studies", sorted(retracted_studies(review))),
    ):  # fmt: skip
        yield Estimate.make(f"retractions.{name}", len(found), label, found or rows)
    for name, day in (("first", min), ("last", max)) if looked else ():
        label, how = f"{name} day on which retractions were looked for", f"{name} day of the table of retractions"
        ordinal = day(looked.values()).toordinal()
        yield Estimate.make(f"retractions.{name}_checked", ordinal, label, looked, unit="date", method=how)
