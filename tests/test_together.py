"""Several files are written as one, whatever stops it."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from kills import KILLED, Small, small_process
from kills import planned as plan_of

from livrev.paths import Repository
from livrev.transaction import ChangeFailed, NewText, finish_change, write_together

OLD = {"a.txt": "old a\n", "data/b.txt": "old b\n", "data/gone.txt": "to go\n"}
NEW = {"a.txt": "new a\n", "data/b.txt": "new b\n", "data/new/c.txt": "new c\n"}
TEXTS: dict[str, str | None] = {"data/gone.txt": None} | NEW


@pytest.fixture
def place(tmp_path: Path) -> Repository:
    for name, text in OLD.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    return Repository(tmp_path)


def texts_of(place: Repository) -> dict[str, str]:
    files = (path for path in place.root.rglob("*") if path.is_file() and place.pending not in path.parents)
    return {place.relative(path): path.read_text() for path in files}


def planned(place: Repository) -> dict[Path, NewText]:
    return plan_of(place.root, TEXTS)


def test_all_are_written_and_nothing_is_left_behind(place: Repository) -> None:
    (place.root / "a.txt").chmod(0o640)
    write_together(place, planned(place))
    assert texts_of(place) == NEW
    assert [path.name for path in place.pending.iterdir()] == ["lock"]
    assert (place.root / "a.txt").stat().st_mode & 0o777 == 0o640
    assert finish_change(place) == []


def test_what_someone_else_changed_meanwhile_is_not_overwritten(place: Repository) -> None:
    plan = planned(place)
    (place.root / "data" / "b.txt").write_text("theirs\n")
    with pytest.raises(ChangeFailed, match=r"data/b\.txt: was changed meanwhile"):
        write_together(place, plan)
    assert texts_of(place) == OLD | {"data/b.txt": "theirs\n"}


def test_where_one_file_cannot_be_written_none_is(place: Repository) -> None:
    plan = planned(place)
    (place.root / "data" / "new").write_text("a file stands where the folder should")
    with pytest.raises(ChangeFailed, match="cannot be written"):
        write_together(place, plan)
    assert texts_of(place) == OLD | {"data/new": "a file stands where the folder should"}


def test_a_list_that_cannot_be_read_is_named_with_the_cure(place: Repository) -> None:
    place.pending.mkdir()
    (place.pending / "decided.json").write_text("{")
    with pytest.raises(
        ChangeFailed, match=r"decided\.json: cannot be read .*; restore the files from git, then delete it"
    ):
        finish_change(place)


@pytest.fixture(scope="module")
def small() -> Iterator[Small]:
    with small_process("livrev.transaction") as small:
        yield small


def old_one(root: Path) -> Repository:
    for name, text in OLD.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    return Repository(root)


def test_killed_at_every_step_it_is_old_or_new(small: Small, tmp_path: Path) -> None:
    seen = set()
    for step in range(200):
        place = old_one(tmp_path / str(step))
        killed = small.run("write", str(place.root), TEXTS, step=step, root=place.root, looks=True) == KILLED
        # the one who comes next may be killed too
        small.run("finish", str(place.root), step=step % 7, root=place.root, looks=True)
        finish_change(place)
        found = texts_of(place)
        assert found in (OLD, NEW), f"killed at step {step}: {found}"
        seen.add(found == NEW)
        if not killed:
            break
    assert not killed and seen == {True, False}, "the kills did not reach from the beginning to the end"
    assert step > 20


def test_killed_while_taking_back_the_old_files_stay(small: Small, tmp_path: Path) -> None:
    for step in range(200):
        place = old_one(tmp_path / str(step))
        # A file stands where a folder should, which is found only when the first files are written already.
        killed = (
            small.run("write", str(place.root), TEXTS, "data/new", step=step, root=place.root, looks=True) == KILLED
        )
        small.run("finish", str(place.root), step=step % 5, root=place.root, looks=True)
        try:
            finish_change(place)
        except ChangeFailed:
            assert finish_change(place) == []
        assert texts_of(place) == OLD | {"data/new": "in the way"}, step
        if not killed:
            break
    assert not killed and step > 20


def test_two_at_a_time_do_not_mix(place: Repository) -> None:
    plan = planned(place)
    other = {path: NewText(f"other {path.name}\n", new.held) for path, new in plan.items()}
    failed: list[ChangeFailed] = []

    def write(texts: dict[Path, NewText]) -> None:
        try:
            write_together(place, texts)
        except ChangeFailed as error:
            failed.append(error)

    threads = [threading.Thread(target=write, args=(texts,)) for texts in (plan, other)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(failed) == 1
    assert texts_of(place) in (
        NEW,
        {"data/gone.txt": "other gone.txt\n"} | {name: f"other {Path(name).name}\n" for name in NEW},
    )
