"""Single patients whose course was printed."""

from livrev.figures.style import ShownFigure
from livrev.figures.swimmer import Course, draw_swimmer
from livrev.library import Library
from livrev.tables import ShownTable, show_table
from livrev.views.documents import address_of


def draw_courses(library: Library) -> ShownFigure:
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
            for record in library.tables["courses"].records
        ]
    )


def show_courses(library: Library) -> ShownTable:
    """Return the courses as a table, each with the page on which it was read."""
    rows = [
        {**record, "citekey": address_of(library, record["citekey"])} for record in library.tables["courses"].records
    ]
    columns = {
        "patient": "Patient", "target": "Target", "treatment": "Treatment", "months": "Months", "at_least": "At least",
        "end": "End", "best": "Best response", "note": "Mind", "citekey": "Source",
    }  # fmt: skip
    return show_table(rows, name="table-courses", caption="Single patients whose course was printed", columns=columns)
