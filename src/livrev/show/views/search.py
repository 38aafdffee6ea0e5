"""How the evidence was found and read: queries, screening, the flow of records, the two readings."""

from collections import Counter

from livrev.records.review import Review
from livrev.review.readings import FIELDS, agreement_of_readings
from livrev.show.figures import ShownFigure, draw_flow
from livrev.show.format import format_number
from livrev.show.tables import ShownTable, show_table


def show_queries(review: Review) -> ShownTable:
    """Return every query: words, day, results."""
    columns = {
        "query_id": "Query", "question": "Question", "query": "Words", "date": "Day", "hits": "Results", "looked_at": "Looked at",
    }  # fmt: skip
    rows = review.tables["queries"].records
    return show_table(
        rows, name="table-queries", caption="Every query that was asked", columns=columns, filters=["question"]
    )


def show_search_strategies(review: Review) -> ShownTable:
    """Return every search of a database: its whole words, and when it was last run."""
    columns = {
        "search": "Search", "service": "Database", "question": "Question", "query": "Words", "written_on": "Written down",
        "last_run": "Last run", "hits": "Results", "note": "Note",
    }  # fmt: skip
    rows = [row | {"last_run": row["last_run"] or "not yet"} for row in review.tables["search_strategies"].records]
    return show_table(rows, name="table-searches", caption="Every search of a database", columns=columns)


def show_screening(review: Review) -> ShownTable:
    """Return every screening decision with its reason."""
    columns = {
        "record": "Record",
        "title": "Title",
        "year": "Year",
        "stage": "Stage",
        "decision": "Decision",
        "reason": "Reason",
    }
    rows = review.tables["screening"].records
    caption = "One decision a record"
    return show_table(
        rows, name="table-screening", caption=caption, columns=columns, filters=["stage", "decision", "reason"]
    )


def draw_search_flow(review: Review) -> ShownFigure:
    """Draw the flow of records; every number is counted from the screening log and the tables."""
    rows = review.tables["screening"].records
    decisions = Counter(row["decision"] for row in rows)
    reasons = Counter(row["reason"] for row in rows if row["decision"] == "exclude")
    looked = [query["looked_at"] for query in review.tables["queries"].records if query["looked_at"] is not None]
    main = [
        f"{sum(looked)} results looked at in {len(looked)} queries\n(the same record may return many times)",
        f"{len(rows)} distinct records screened",
        f"{len(rows) - decisions['duplicate']} records assessed for eligibility",
        f"{len(review.studies)} studies in the review\nfrom {decisions['include']} included records",
        f"{len(review.outcomes)} reported results",
    ]
    excluded = "\n".join(f"{reason.replace('-', ' ')}: {number}" for reason, number in reasons.most_common(4))
    more = sum(reasons.values()) - sum(number for _, number in reasons.most_common(4))
    left = f"{decisions['exclude']} excluded\n{excluded}" + (f"\nother reasons: {more}" if more else "")
    left += f"\nnot decided yet: {decisions['unsure']}" if decisions["unsure"] else ""
    side = [None, f"{decisions['duplicate']} duplicates", left, None, None]
    return draw_flow(main, side)


def show_agreement(review: Review) -> ShownTable:
    """Return the agreement of the two independent readings, field by field."""
    rows = [
        {
            "field": result.field,
            "kind": "number" if result.kappa is None else "category",
            "pairs": result.pairs,
            "same": result.same,
            "share": f"{format_number(100 * result.same / result.pairs, 1)} %" if result.pairs else "",
            "kappa": "" if result.kappa is None else format_number(result.kappa, 2),
        }
        for result in (agreement_of_readings(review, field) for field in FIELDS)
    ]
    columns = {
        "field": "Field", "kind": "Kind", "pairs": "Read twice", "same": "Same", "share": "Agreement", "kappa": "Cohen's kappa",
    }  # fmt: skip
    return show_table(rows, name="table-agreement", caption="Agreement of the two readings", columns=columns)
