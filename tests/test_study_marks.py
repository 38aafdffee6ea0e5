"""A harvest plot has one bar a study, in the column where its interval points."""

import pandas as pd
import pytest
from matplotlib.patches import Rectangle

from livrev.frames.open_review import OpenReview
from livrev.records.review import Review
from livrev.show.figures.study_marks import directions
from livrev.show.figures.svg import Word

BARS = ["label", "row", "direction", "strength", "second_hand"]


def test_a_harvest_has_one_named_bar_a_study_as_long_as_its_design() -> None:
    bars = [
        ("Roe", "Death", "favours", 1, False),
        ("Poe", "Death", "favours", 3, False),
        ("Moe", "Death", "no clear difference", 3, True),
    ]
    shown = directions(
        pd.DataFrame(bars, columns=BARS), strengths=("a", "b", "c"), columns=("for", "unclear", "against")
    )
    long, short, second_hand = (bar for bar in shown.figure.findobj(Rectangle) if bar.get_gid())
    assert long.get_width() == second_hand.get_width() == pytest.approx(3 * short.get_width())
    assert long.get_facecolor() != second_hand.get_facecolor()
    said = [text.get_text() for text in shown.figure.findobj(Word)]
    assert {"for: 2", "unclear: 1", "against: none", "Moe"} <= set(said)
    assert shown.marks[2].said == "Moe, death: unclear; c; read second-hand"
    assert shown.alt.startswith("Harvest plot of 3 results. Poe, death: for; c; Roe, death: for; a; ")


def test_directions_follow_the_intervals(real_review: Review) -> None:
    found = OpenReview(real_review).directions("contrast == 'treatment' and stratum == 'all' and measure == 'HR'")
    assert found.loc["leap-012--os-hr-final", "direction"] == "no clear difference"
    assert found.loc["leap-012--pfs-hr", "direction"] == "favours"
    assert len(real_review.tables["swim"].records) == 9


def test_a_harvest_of_nothing_is_not_drawn() -> None:
    with pytest.raises(ValueError, match="nothing to draw"):
        directions(pd.DataFrame(columns=BARS), strengths=("a", "b", "c"), columns=("x", "y", "z"))
