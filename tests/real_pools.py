"""A pool of the real review with the studies that a test speaks of, so that no trial which joins it later breaks the test."""

import dataclasses

from livrev.records.review import Review, Rows


def cut_pool(review: Review, pool: str, *studies: str) -> Review:
    """Return *review* with one of its pools cut to the results of *studies*; each must have one there."""
    rows = review.tables["pools"]
    (whole,) = (record for record in rows.records if record["pool"] == pool)
    kept = [number for number, name in enumerate(whole["outcomes"]) if name.partition("--")[0] in studies]
    assert len(kept) == len(studies), f"{pool} no longer holds one result of each of {studies}"
    columns = {
        column: tuple(whole[column][number] for number in kept)
        for column in ("outcomes", "comparators")
        if whole[column]
    }
    records = [record | columns if record is whole else record for record in rows.records]
    return dataclasses.replace(review, tables=review.tables | {"pools": Rows(rows.table, records, rows.lines)})
