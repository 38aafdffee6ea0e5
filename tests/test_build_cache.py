"""What a build keeps for the next belongs to one state of what is read; what is unpickled lies where this user alone can write."""

import os
import pickle
import shutil
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from building import build_again
from small_review import METHODS, replace, set_cell

from livrev.paths import Repository
from livrev.records.reads import CITED
from livrev.site.build_cache import Inputs, keep, private_doctrees, recall, recall_or_make

CHANGES: dict[str, Callable[[Repository], object]] = {
    "data/outcomes.csv": lambda r: set_cell(r, "outcomes", 0, "value", "0.71"),
    "data/sources": lambda r: replace(r.sources / "Doe2020cress.md", "No paper was found.", "None was found."),
    "data/sources/": lambda r: (r.sources / "Roe2021more.md").write_text("more"),
    "data": lambda r: (r.data / "new.csv").write_text("a\n"),
    "data/new.csv": lambda r: (r.data / "new.csv").write_text("a\n"),
    "requirements.txt": lambda r: r.lock.write_text("cress==1.1\n"),
    CITED: lambda r: (r.chapters / "methods.md").write_text(METHODS + "{cite:p}`Roe2019trial`\n"),
}


@pytest.mark.parametrize("name", CHANGES)
def test_what_changed_is_found_to_have_changed_and_nothing_else_is(repository: Repository, name: str) -> None:
    read = Inputs(repository).take(CHANGES)
    assert Inputs(repository).hold(read)
    CHANGES[name](repository)
    changed = {one for one in CHANGES if not Inputs(repository).hold({one: read[one]})}
    below = {
        one for one in CHANGES if one == name or (name.startswith(f"{one.rstrip('/')}/") and not one.endswith("/"))
    }
    assert name in changed and changed <= below | {"data", "data/new.csv", "data/sources"}


def test_what_changes_while_it_is_read_counts_as_changed(repository: Repository) -> None:
    before = Inputs(repository)
    before.take(before.everything())
    set_cell(repository, "outcomes", 0, "value", "0.71")
    assert not Inputs(repository).hold(before.take(["data/outcomes.csv"]))
    assert not Inputs(repository).hold(before.take(before.everything()))


def test_what_was_kept_comes_back_until_an_input_changes(repository: Repository) -> None:
    assert recall(repository, "sums") is None
    assert recall_or_make(repository, "sums", lambda: {"kept": [1, None, 0.1]}) == {"kept": [1, None, 0.1]}
    assert recall_or_make(repository, "sums", lambda: "made again") == {"kept": [1, None, 0.1]}
    replace(repository.sources / "Doe2020cress.md", "The trial prints the same.", "The trial prints just that.")
    assert recall(repository, "sums") is None
    keep(repository, "others", 1)
    kept = [place.name for place in (repository.build / ".kept").rglob("*.json")]
    assert kept == ["others.json"], "what belongs to other inputs is deleted"


@pytest.fixture
def caches(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "caches"))
    return tmp_path / "caches" / "livrev"


def fill(repository: Repository) -> Path:
    """Keep something for the build of *repository*, and return where."""
    with private_doctrees(repository) as folder:
        folder.mkdir(exist_ok=True)
        (folder / "kept").write_text("kept", encoding="utf-8")
    return folder


def is_kept(repository: Repository) -> bool:
    with private_doctrees(repository) as folder:
        return (folder / "kept").is_file()


def test_it_is_kept_for_this_user_alone(repository: Repository, caches: Path) -> None:
    folder = fill(repository)
    assert folder.is_relative_to(caches) and is_kept(repository)
    assert [stat.S_IMODE(place.stat().st_mode) for place in (caches, folder.parent)] == [0o700, 0o700]


def test_where_the_build_was_deleted_it_is_too(repository: Repository, caches: Path) -> None:
    fill(repository)
    shutil.rmtree(repository.build)
    assert not is_kept(repository)


@pytest.mark.parametrize("mark", ["", "guessed"])
def test_a_build_that_came_with_the_checkout_has_nothing(repository: Repository, caches: Path, mark: str) -> None:
    fill(repository)
    (repository.build / ".doctrees").write_text(mark, encoding="utf-8")
    assert not is_kept(repository)


def test_what_belongs_to_no_build_any_more_is_deleted_by_the_next(
    repository: Repository, tmp_path: Path, caches: Path
) -> None:
    gone = Repository(tmp_path / "gone")
    gone.root.mkdir()
    folder = fill(gone)
    fill(repository)
    assert folder.is_dir()
    shutil.rmtree(gone.root)
    assert is_kept(repository) and not folder.parent.exists()


def without_home(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setenv("HOME", str(root / "no-such-home"))


def with_the_root_as_home(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setenv("HOME", "")


def within_the_checkout(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(root / ".cache"))


def by_a_link(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    caches = root.parent / "linked"
    caches.mkdir()
    (root.parent / "elsewhere").mkdir()
    (caches / "livrev").symlink_to(root.parent / "elsewhere")
    monkeypatch.setenv("XDG_CACHE_HOME", str(caches))


def in_the_way_of_a_file(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (root.parent / "file").write_text("", encoding="utf-8")
    monkeypatch.setenv("XDG_CACHE_HOME", str(root.parent / "file"))


def read_only(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: Path, *asked: object, **options: object) -> None:
        raise OSError(30, os.strerror(30), str(self))

    monkeypatch.setenv("XDG_CACHE_HOME", "/read-only")
    monkeypatch.setattr(Path, "mkdir", refuse)


@pytest.mark.parametrize(
    "place", [without_home, with_the_root_as_home, within_the_checkout, by_a_link, in_the_way_of_a_file, read_only]
)
def test_where_nothing_can_be_kept_privately_it_is_kept_for_the_moment(
    repository: Repository, monkeypatch: pytest.MonkeyPatch, place: Callable[[Path, pytest.MonkeyPatch], None]
) -> None:
    place(repository.root, monkeypatch)
    with private_doctrees(repository) as folder:
        assert folder.is_dir() and not folder.is_relative_to(repository.root)
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert not folder.exists()


class Hostile:
    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.mkdir, (os.environ["LIVREV_PROOF"],)


def test_no_pickle_lies_in_the_build_and_none_that_is_put_there_is_loaded(
    built: Repository, tmp_path: Path, caches: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert [path for path in built.build.rglob("*") if path.suffix in (".pickle", ".doctree", ".pkl")] == []
    monkeypatch.setenv("LIVREV_PROOF", str(tmp_path / "ran"))
    shutil.rmtree(built.build / ".doctrees", ignore_errors=True)
    (built.build / ".doctrees").unlink(missing_ok=True)
    for name in (".doctrees/environment.pickle", ".doctrees/chapters/index.doctree", "html/environment.pickle"):
        (built.build / name).parent.mkdir(parents=True, exist_ok=True)
        (built.build / name).write_bytes(pickle.dumps(Hostile()))
    build_again(built)
    assert not (tmp_path / "ran").exists() and (built.build / ".doctrees").is_file()
    assert list(caches.glob("*/doctrees/environment.pickle")), "it is kept, but elsewhere"
