"""The one door through which records enter."""

import pytest
from small_review import replace, set_cell

from livrev.library import Library, load_library, read_library
from livrev.paths import Repository
from livrev.problems import ReviewError


def test_everything_is_there_and_typed(library: Library) -> None:
    assert list(library.findings) == ["cress-01", "cress-02"]
    assert library.studies["roe-2019"].n == 80
    assert library.studies["poe-2018"].cancer == ("melanoma", "leafoma")
    assert library.outcomes["roe-2019--os"].ci_high == 0.98
    assert library.outcomes["roe-2019--orr"].comparator is None
    assert library.strategies["watering"].findings_for == ("cress-01",)
    assert library.line_of("outcomes", "roe-2019--orr-water") == 4


def test_columns_of_the_subject_are_kept(library: Library) -> None:
    assert library.studies["roe-2019"].arms == "cress v water"  # type: ignore[attr-defined]


def test_what_is_wrong_stops_the_reading_and_is_told_whole(repository: Repository) -> None:
    set_cell(repository, "studies", 0, "n", "many")
    replace(repository.sources / "Doe2020cress.md", "topic: gardening", "topic: golf")
    with pytest.raises(ReviewError) as raised:
        load_library(repository)
    fields = {problem.field for problem in raised.value.problems}
    assert {"n", "topic"} <= fields


def test_what_is_unsafe_to_show_does_not_stop_the_reading(repository: Repository) -> None:
    set_cell(repository, "studies", 0, "note", "=cmd()")
    assert load_library(repository).tables["studies"].records[0]["note"] == "=cmd()"
    assert [problem.unsafe for problem in read_library(repository)[1]] == [True]


def test_it_is_found_from_the_working_folder(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(repository.notebooks)
    assert load_library().repository.root == repository.root.resolve()
