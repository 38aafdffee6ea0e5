"""Single patients whose course was printed."""

from livrev.records.review import Review
from livrev.show.figures.style import ShownFigure
from livrev.show.figures.swimmer import Course, draw_swimmer
from livrev.show.tables import ShownTable, show_table
from livrev.show.views.documents import address_of


def draw_courses(review: Review) -> ShownFigure:
    """Draw every patient whose months of follow-up were printed."""
    return draw_swimmer(
        [
            Course(
                record["patient"],
                record["target"],
                record["months"],
                record["end"],
                record["at_least"] == "yes",
                record["best"] or "",
                record["best_month"],
            )
            for record in review.tables["courses"].records
        ]
    )


def show_courses(review: Review) -> ShownTable:
    """Return the courses as a table, each with the page on which it was read."""
    rows = [{**record, "citekey": address_of(review, record["citekey"])} for record in review.tables["courses"].records]
    columns = {
        "patient": "Patient", "target": "Target", "treatment": "Treatment", "months": "Months", "at_least": "At least",
        "end": "End", "best": "Best response", "note": "Mind", "citekey": "Source",
    }  # fmt: skip
    return show_table(rows, name="table-courses", caption="Single patients whose course was printed", columns=columns)
