"""The answers in one picture: the intervals are on the axis, the certainty beside them, the words hold every number."""

import pytest

from livrev.records.review import Review
from livrev.review.pools import pool_evidence
from livrev.show.figures.answers import Answer, Question, draw_answers
from livrev.show.views.answers import draw_summary

SIDES = ("fewer", "more")
CRESS = Question(
    "Cress",
    [Answer("Cress v water", "moderate", 0.7, 0.5, 0.9, 4), Answer("Cress in mice", "very low", said="one arm")],
)


def test_each_answer_tells_its_numbers_and_how_sure_it_is() -> None:
    shown = draw_answers([CRESS], measure="ratio", favours=SIDES)
    pooled, single = shown.marks
    assert pooled.said == "Cress. Cress v water: 0.70 (95 % CI 0.50 to 0.90), 4 studies, certainty moderate"
    assert (pooled.row["value"], pooled.row["low"], pooled.row["high"], pooled.row["studies"]) == (0.7, 0.5, 0.9, 4)
    assert single.row["value"] is None and single.row["said"] == "one arm"
    for svg in (shown.to_svg(), shown.to_svg(narrow=True)):
        assert ">■■■□</text>" in svg and ">■□□□</text>" in svg and ">one arm</text>" in svg
    assert "Cress in mice: one arm, certainty very low." in shown.alt


@pytest.mark.parametrize("answers", [[], [Answer("Cress", "quite sure", 1)]])
def test_what_cannot_be_drawn_is_said(answers: list[Answer]) -> None:
    with pytest.raises(ValueError, match=r"nothing to draw|quite sure is none of"):
        draw_answers([Question("Cress", answers)], measure="ratio", favours=SIDES)


def test_the_lines_of_a_chapter_are_drawn_from_the_records(real_review: Review) -> None:
    lines = ["# Head", "pool.tace-pfs | Progression", "", "strategy.gpc3-car-t | Cells | small series"]
    said = draw_summary(real_review, lines, favours=SIDES).alt
    pool = pool_evidence(real_review)["tace-pfs"].pool
    judged = next(row for row in real_review.tables["appraisals"].records if row["pool"] == "tace-pfs")
    low, high = pool.hk_modified_ci
    assert (
        f"Progression: {pool.value:.2f} (95 % CI {low:.2f} to {high:.2f}), {pool.k} studies, certainty {judged['certainty']}"
        in said
    )
    assert f"Cells: small series, certainty {real_review.strategies['gpc3-car-t'].certainty}" in said


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
