"""`livrev add` is killed at each of its steps, and finds the review as it was before or as it is after, never between."""

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from service_answers import pubmed_xml
from small_review import write_review

from livrev.cli import main
from livrev.paths import Repository
from livrev.transaction import finish_change

_CHANGES = frozenset(["os.rename", "os.remove", "os.rmdir", "os.mkdir", "os.chmod", "os.truncate"])


def state_of(root: Path) -> dict[str, bytes]:
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in root.rglob("*")
        if path.is_file() and ".livrev" not in path.parts
    }


def in_child(words: list[str], prepare: Callable[[], None] = lambda: None) -> int:
    """Run livrev in a process of its own, made by fork so that Python need not start anew; return its process id."""
    child = os.fork()
    if child:
        return child
    status = 70
    try:
        os.fsync = lambda handle: (
            None
        )  # a kill loses nothing that was written; waiting for the disk is all that it would cost
        silent = os.open(os.devnull, os.O_WRONLY)
        os.dup2(silent, 1)
        os.dup2(silent, 2)
        prepare()
        main(words, standalone_mode=False)
        status = 0
    except SystemExit as stop:
        status = int(stop.code or 0)
    finally:
        os._exit(status)


def wait_for(child: int) -> tuple[bool, int]:
    """Return whether the process was killed, and its exit status."""
    status = os.waitpid(child, 0)[1]
    return os.WIFSIGNALED(status), os.waitstatus_to_exitcode(status)


def changes_a_file(event: str, arguments: tuple[Any, ...]) -> bool:
    if event == "open":
        return bool((arguments[2] or 0) & (os.O_WRONLY | os.O_RDWR | os.O_CREAT))
    return event in _CHANGES


def killer(root: Path, step: int) -> Callable[[], None]:
    """Return what makes a process kill itself, without warning, before its *step*-th change of a file below *root*."""
    count = 0

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        nonlocal count
        if changes_a_file(event, arguments) and any(str(root) in str(argument) for argument in arguments):
            count += 1
            if count > step:
                os.kill(os.getpid(), signal.SIGKILL)

    return lambda: sys.addaudithook(hook)


class Place:
    """A fresh small review to be killed in, and what it holds before and after."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.number = folder, 0
        self.paper = folder / "record.xml"
        self.paper.write_text(pubmed_xml(), encoding="utf-8")
        self.before = state_of(write_review(folder / "model").root)
        # what the children need is imported once, here
        for words in (
            [*self.words(folder / "model"), "--dry-run"],
            ["--root", str(folder / "model"), "extract", str(self.paper)],
        ):
            assert CliRunner().invoke(main, words).exit_code == 0
        done = self.fresh()
        assert wait_for(in_child(self.words(done))) == (False, 0)
        self.after = state_of(done)
        assert self.after.keys() > self.before.keys()

    def fresh(self) -> Path:
        self.number += 1
        root = self.folder / f"review-{self.number}"
        for name, content in self.before.items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_bytes(content)
        return root

    def words(self, root: Path) -> list[str]:
        return ["--root", str(root), "add", str(self.paper)]

    def found_by_the_next(self, root: Path) -> bool:
        """Do what the next command does first; return whether the review is new, and fail where it is neither old nor new."""
        finish_change(Repository(root))
        found = state_of(root)
        assert found in (self.before, self.after), sorted(set(found.items()) ^ set(self.before.items()))[:3]
        litter = (
            sorted(path.name for path in Repository(root).pending.glob("*"))
            if Repository(root).pending.exists()
            else []
        )
        assert litter in ([], ["lock"])
        return found == self.after


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    return Place(tmp_path_factory.mktemp("chaos"))


def test_killed_before_any_change_of_a_file(place: Place) -> None:
    outcomes: list[bool] = []
    killed, step = True, 0
    while killed:
        root = place.fresh()
        killed, _ = wait_for(in_child(place.words(root), killer(root, step)))
        outcomes.append(place.found_by_the_next(root))
        step += 1
    first_new = outcomes.index(True)
    assert not any(outcomes[:first_new]) and all(outcomes[first_new:]), "once decided, it stays decided"
    assert first_new > 10 and len(outcomes) - first_new > 10, "the kills did not reach both sides of the decision"


def test_after_a_kill_it_can_be_added(place: Place) -> None:
    root = place.fresh()
    wait_for(in_child(place.words(root), killer(root, 12)))
    if not place.found_by_the_next(root):
        assert wait_for(in_child(place.words(root))) == (False, 0)
    assert state_of(root) == place.after


def test_the_next_command_says_that_it_finished_a_change(place: Place) -> None:
    for step in range(10, 60):
        root = place.fresh()
        wait_for(in_child(place.words(root), killer(root, step)))
        if (Repository(root).pending / "decided").is_dir():
            break
    result = CliRunner().invoke(main, ["--root", str(root), "extract", str(place.paper)])
    assert result.stderr.startswith("finished an interrupted change: references.bib, data/features/")
    assert state_of(root) == place.after
