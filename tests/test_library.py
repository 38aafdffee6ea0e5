"""The one door through which records enter."""

import pytest
from small_review import replace, set_cell

from livrev.diagnostics import ReviewError
from livrev.paths import Repository
from livrev.records.model import Outcome
from livrev.records.review import Review, load_review, read_review


def test_everything_is_there_and_typed(review: Review) -> None:
    assert list(review.findings) == ["cress-01", "cress-02"]
    assert review.studies["roe-2019"].n == 80
    assert review.studies["poe-2018"].condition == ("acute-pain", "chronic-pain")
    assert review.outcomes["roe-2019--os"].ci_high == 0.98
    assert review.outcomes["roe-2019--orr"].comparator is None
    assert review.strategies["coaching"].findings_for == ("cress-01",)
    assert review.line_of("outcomes", "roe-2019--orr-water") == 4
    assert next(iter(review.all(Outcome))) is next(iter(review.outcomes.values())), "made twice"


def test_columns_of_the_subject_are_kept(review: Review) -> None:
    assert review.studies["roe-2019"].arms == "cress v water"  # type: ignore[attr-defined]


def test_what_is_wrong_stops_the_reading_and_is_told_whole(repository: Repository) -> None:
    set_cell(repository, "studies", 0, "n", "many")
    replace(repository.sources / "Doe2020cress.md", "topic: gardening", "topic: golf")
    with pytest.raises(ReviewError) as raised:
        load_review(repository)
    fields = {problem.field for problem in raised.value.problems}
    assert {"n", "topic"} <= fields


def test_what_is_unsafe_to_show_does_not_stop_the_reading(repository: Repository) -> None:
    set_cell(repository, "studies", 0, "note", "=cmd()")
    assert load_review(repository).tables["studies"].records[0]["note"] == "=cmd()"
    assert [problem.unsafe for problem in read_review(repository)[1]] == [True]


def test_it_is_found_from_the_working_folder(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(repository.notebooks)
    assert load_review().repository.root == repository.root.resolve()
