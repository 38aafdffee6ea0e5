"""A swimmer plot shows single patients: as long as they were followed, with their best response and how it ended."""

import pandas as pd

import livrev
from livrev.frames.open_review import OpenReview
from livrev.records.review import Review
from livrev.show.figures.svg import Word


def test_a_swimmer_is_as_long_as_he_was_followed() -> None:
    columns = ["patient", "target", "months", "end", "at_least", "best", "best_month"]
    rows = [("Roe", "GPC3", 12, "dead", "no", "partial", 2), ("Poe", "CEA", 60, "alive", "yes", None, None)]
    shown = livrev.draw.courses(pd.DataFrame(rows, columns=columns).set_index("patient"))
    (plot,) = shown.figure.axes
    bars = [tuple(line.get_xdata()) for line in plot.lines if line.get_linewidth() == 8.5]
    assert bars == [(0, 60), (0, 12)]
    said = [text.get_text() for text in shown.figure.findobj(Word)]
    assert said.index("Poe, CEA") < said.index("Roe, GPC3") and "→ over 60, alive" in said and "× 12, dead" in said
    assert [line.get_xdata()[0] for line in plot.lines if line.get_marker() == "^"] == [2]
    assert shown.marks[1].said == "Roe, GPC3: 12 months, dead, partial response at month 2"


def test_the_courses_are_those_of_the_table(real_review: Review) -> None:
    records = real_review.tables["courses"].records
    assert livrev.draw.courses(OpenReview(real_review).table("courses")).alt.startswith(
        f"Swimmer plot of {len(records)} patients."
    )
