"""data/review.yml says what is special to a review, and every name in it is held against the file that it points to."""

from collections.abc import Callable

import pytest
from small_review import replace, set_cell

from livrev.paths import Repository
from livrev.records.review import Review, read_review


def test_questions_are_known_by_name_and_have_a_short_form(review: Review) -> None:
    question = next(iter(review.settings.questions.values()))
    assert question.brief == question.short and question.label != question.short
    with pytest.raises(ValueError, match=r"golf is not a question of data/review\.yml; use one of exercise"):
        review.settings.question("golf")


def test_studies_hold_their_condition_under_one_name(real_review: Review) -> None:
    assert real_review.settings.condition.column == "cancer"
    rows = {row["study"]: row["cancer"] for row in real_review.tables["studies"].records}
    assert {study.study: study.condition for study in real_review.studies.values()} == rows


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("column: condition", "column: candition", "data/review.yml:6 condition.column: candition is not such a column"),
        ("column: condition", "column: name", "data/review.yml:6 condition.column: name is not such a column"),
        ("chapter: index", "chapter: nowhere", "data/review.yml:4 chapter: chapters/nowhere has no such file; write that page"),
        ("designs: [rct]", "designs: [rtc]", "data/review.yml:9 designs: rtc is not a design of the vocabulary; use one of rct"),
        ("designs: [rct]", "designs: [rct, prospective-cohort]", "data/review.yml:10 designs: prospective-cohort is in two"),
        ("- {name: cohort, designs: [prospective-cohort]}\n", "", "data/review.yml:8 designs: prospective-cohort is in no group"),
        ("groups: [treatments", "groups: [drugs", "data/review.yml:12 search.groups: drugs is not a group; use groups of"),
        ("subject: cress", "sobject: cress", "data/review.yml:2 sobject: cress is not a field of this record"),
        ("subject: cress\n", "", "subject: is missing; add the field"),
        ("subject: cress", "subject: cress\nprose: {names: ['[']}", "data/review.yml:3 prose.names: [ is not a regular expression"),
        ("subject: cress", "subject: cress\npages: {pools: notebooks/none}", "data/review.yml:3 pages.pools: notebooks/none has no"),
    ],
)  # fmt: skip
def test_what_points_nowhere_is_said_with_its_line(repository: Repository, old: str, new: str, said: str) -> None:
    replace(repository.settings, old, new)
    problems = [str(problem) for problem in read_review(repository)[1]]
    assert any(said in problem for problem in problems), problems


def test_a_population_that_the_settings_do_not_name_is_said(repository: Repository) -> None:
    note = repository.sources / "Doe2020cress.md"
    note.write_text(
        note.read_text(encoding="utf-8").replace("population: gardener", "population: fish"), encoding="utf-8"
    )
    (problem,) = read_review(repository)[1]
    assert "population: fish is not a population; use one of gardener" in str(problem)


def test_a_study_asks_a_question_of_the_review(repository: Repository) -> None:
    set_cell(repository, "studies", 1, "question", "golf")
    (problem,) = read_review(repository)[1]
    assert str(problem).startswith("data/studies.csv:3 question: golf is not a question of this review; use one of")


def test_a_review_without_settings_is_not_read(repository: Repository, reread: Callable[[], Review]) -> None:
    repository.settings.unlink()
    review, problems = read_review(repository)
    assert review is None and [problem.file for problem in problems] == ["data/review.yml"]
