"""The reporting items of PRISMA as a table: what each asks, and where the book answers."""

from collections import Counter

from livrev.records.review import Review
from livrev.show.tables import Link, ShownTable, show_table


def show_reporting(review: Review, *, living: bool = False) -> ShownTable:
    """Return the items of PRISMA 2020, or (*living*) those of its extension for living reviews."""
    rows = [
        {**record, "place": _link(record["place"])}
        for record in review.tables["prisma"].records
        if record["item"].startswith("L") == living
    ]
    columns = {
        "item": "Item", "section": "Section", "topic": "Topic", "asks": "What it asks, in our words", "state": "Done",
        "place": "Where", "remark": "What is lacking",
    }  # fmt: skip
    name, of = ("table-prisma-lsr", "the extension for living reviews") if living else ("table-prisma", "PRISMA 2020")
    return show_table(rows, name=name, caption=f"The items of {of}", columns=columns, filters=["section", "state"])


def show_reporting_counts(review: Review) -> ShownTable:
    """Return how many items are done, partly done, and not done."""
    counted = Counter((r["item"].startswith("L"), r["state"]) for r in review.tables["prisma"].records)
    rows = [
        {"list": name, **{state: counted[living, state] for state in ("done", "partly", "not done")}}
        for living, name in ((False, "PRISMA 2020"), (True, "Extension for living reviews"))
    ]
    columns = {"list": "List", "done": "Done", "partly": "Partly", "not done": "Not done"}
    return show_table(rows, name="table-prisma-counts", caption="How much is answered", columns=columns)


def _link(place: str | None) -> Link | str:
    if not place:
        return ""
    page, _, anchor = place.partition("#")
    return Link(
        page + (f", {anchor.replace('-', ' ')}" if anchor else ""), f"../{page}.html" + (f"#{anchor}" if anchor else "")
    )
