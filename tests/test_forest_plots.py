"""The answers in one picture, and the pools of a family: intervals on the axis, certainty beside them, every number in words."""

import pytest

from livrev.records.review import Review
from livrev.review.pools import pool_evidence
from livrev.show.figures.forest import squares
from livrev.show.figures.svg import Word
from livrev.show.views.forest_plots import draw_family, draw_summary

SIDES = ("fewer", "more")


def test_the_certainty_stands_in_squares(real_review: Review) -> None:
    lines = ["# Cress", "pool.tace-pfs | Progression", "strategy.gpc3-car-t | Cells | one arm"]
    shown = draw_summary(real_review, lines, favours=SIDES)
    pooled, single = shown.marks
    assert pooled.said.startswith("Progression (Cress): ratio ") and "studies, certainty low" in pooled.said
    assert single.said == "Cells (Cress): one arm, certainty very low"
    assert single.row["value"] is None and single.row["said"] == "one arm"
    for svg in (shown.to_svg(), shown.to_svg(narrow=True)):
        assert ">■■□□</text>" in svg and ">■□□□</text>" in svg and ">one arm</text>" in svg
    assert (squares("high"), squares("quite sure")) == ("■■■■", "□□□□")


def test_the_lines_of_a_chapter_are_drawn_from_the_records(real_review: Review) -> None:
    lines = ["# Head", "pool.tace-pfs | Progression", "", "strategy.gpc3-car-t | Cells | small series"]
    said = draw_summary(real_review, lines, favours=SIDES).alt
    pool = pool_evidence(real_review)["tace-pfs"].pool
    judged = next(row for row in real_review.tables["appraisals"].records if row["pool"] == "tace-pfs")
    low, high = pool.hk_modified_ci
    assert (
        f"Progression (Head): ratio {pool.value:.2f} (95 % CI {low:.2f} to {high:.2f}), {pool.k} studies, certainty {judged['certainty']}"
        in said
    )
    assert f"Cells (Head): small series, certainty {real_review.strategies['gpc3-car-t'].certainty}" in said


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("pool.nothing | x", "no pool with an appraisal is called nothing"),
        ("pool.rt-out-of-field-response | x", "only ratios or differences stand on one axis"),
        ("strategy.gpc3-car-t | x", "the third part"),
        ("tace-pfs", r"write pool\.<id> \| words"),
    ],
)
def test_a_line_that_names_nothing_is_quoted(real_review: Review, line: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        draw_summary(real_review, ["# Head", line], favours=SIDES)
    with pytest.raises(ValueError, match="begin with a head"):
        draw_summary(real_review, [line], favours=SIDES)


def test_a_family_says_whether_its_pools_differ(real_review: Review) -> None:
    shown = draw_family(real_review, "hcc-cause-os")
    labels = [text.get_text() for text in shown.figure.findobj(Word)]
    assert [label for label in labels if "hepatitis" in label] == ["hepatitis B", "hepatitis C", "no viral hepatitis"]
    assert any("test of interaction, whether the pools differ: F" in label for label in labels)
    with pytest.raises(ValueError, match="no pool is of the family x"):
        draw_family(real_review, "x")
