"""The review is found from any folder within it, and no other module knows where things stand."""

from pathlib import Path

import pytest

from livrev.paths import Repository, RepositoryNotFound, find_repository


def test_it_is_found_from_below(repository: Repository) -> None:
    assert find_repository(repository.notebooks).root == repository.root.resolve()


def test_where_there_is_none_the_cure_is_said(tmp_path: Path) -> None:
    with pytest.raises(RepositoryNotFound, match="--root DIR"):
        find_repository(tmp_path)


def test_places_are_shown_from_the_root(repository: Repository, tmp_path: Path) -> None:
    assert repository.relative(repository.data / "studies.csv") == "data/studies.csv"
    assert repository.relative(tmp_path / "elsewhere.csv") == (tmp_path / "elsewhere.csv").as_posix()


def test_chapters_come_in_the_order_of_their_names(repository: Repository) -> None:
    assert [path.name for path in repository.chapter_files()] == ["index.md", "methods.md"]
