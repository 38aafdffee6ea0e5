"""An empirical sentence says where it comes from, and a certainty word is that of the appraisal beside it."""

import pytest

from livrev.checks.prose import check_uncited, study_names
from livrev.checks.results import check_certainty_words
from livrev.records.review import Review
from livrev.records.settings import Prose
from livrev.review.certainty import certainty_by_name

RATED = {"pool.x": "low", "strategy.y": "very low"}


def lines(text: str) -> list[int]:
    words = Prose(subjects=("tumours?",), exceptions=("The patients of the example",))
    return [problem.line for problem in check_uncited(text, "chapters/x.md", {"LEAP-002"}, words)]


@pytest.mark.parametrize(
    "sentence",
    [
        "The drug lengthened life in two trials.",
        "Most patients responded.",
        "In mice the tumours shrank.",
        "LEAP-002 missed its aim.",
        "- The cohort lived longer and died of it.",
    ],
)
def test_what_happened_needs_a_source(sentence: str) -> None:
    assert lines(f"# Title\n\n{sentence}\n") == [3]


@pytest.mark.parametrize(
    "sentence",
    [
        "The drug lengthened life in two trials {cite:p}`Roe2020drug`.",
        "The drug lengthened life in trials: {result}`pool.x`.",
        "Most patients responded.{evidence}`jiang-12`",
        "Whether patients lived longer is unknown.",
        "We think that the patients responded.",
        "This chapter says how the studies were found.",
        "In mice the tumours shrank ({numref}`fig-x`).",
        "In mice the livers shrank.",  # no subject that the review names
        "The patients of the example lived longer.",
    ],
)
def test_what_is_sourced_open_or_no_evidence_is_left_alone(sentence: str) -> None:
    assert lines(f"# Title\n\n{sentence}\n") == []


def test_the_plain_summary_retells_and_what_is_missing_looks_ahead() -> None:
    text = "# T\n\n**In plain words.**\nSome patients responded.\n\nMost patients responded.\n\n## What is missing\n\nPatients died.\n"
    assert lines(text) == [6]


def test_the_line_and_the_sentence_are_printed() -> None:
    (problem,) = check_uncited("# T\n\nMost patients responded.\n", "chapters/x.md")
    assert str(problem).startswith("chapters/x.md:3 sentence: “Most patients responded.” says what happened")


@pytest.mark.parametrize(
    ("sentence", "said"),
    [
        ("It is {result}`pool.x` (moderate certainty).", ["moderate"]),
        ("It is {result}`pool.x|short` (low certainty).", []),
        ("The certainty is very low{evidence}`strategy.y`.", []),
        ("The certainty is low{evidence}`strategy.y`.", ["low"]),
        ("It has low certainty{evidence}`pool.x` and very low certainty{evidence}`strategy.y`.", []),
        ("It has high certainty.", []),
    ],
)
def test_a_certainty_word_is_that_of_the_appraisal(sentence: str, said: list[str]) -> None:
    assert [problem.value for problem in check_certainty_words(sentence, "chapters/x.md", RATED)] == said


def test_the_chapters_of_the_review_answer_for_themselves(real_review: Review) -> None:
    names = study_names(study.name for study in real_review.studies.values())
    assert "LEAP-002" in names and "CheckMate 459" in names
    rated = certainty_by_name(real_review)
    for path in real_review.repository.chapter_files():
        text = path.read_text(encoding="utf-8")
        assert list(check_uncited(text, path.name, names, real_review.settings.prose)) == []
        assert list(check_certainty_words(text, path.name, rated)) == []


def test_a_changed_appraisal_is_seen_in_the_chapters(real_review: Review) -> None:
    rated = certainty_by_name(real_review) | {"pool.hcc-antivegf-os": "low"}
    found = [
        problem
        for path in real_review.repository.chapter_files()
        for problem in check_certainty_words(path.read_text(encoding="utf-8"), path.name, rated)
    ]
    assert found and all("pool.hcc-antivegf-os" in problem.message for problem in found)
