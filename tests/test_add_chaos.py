"""`livrev add` is killed at each of its steps, and finds the review as it was before or as it is after, never between."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from kills import KILLED, Small, small_process
from service_answers import pubmed_xml
from small_review import write_review

from livrev.cli import main
from livrev.paths import Repository
from livrev.transaction import finish_change


def state_of(root: Path) -> dict[str, bytes]:
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in root.rglob("*")
        if path.is_file() and ".livrev" not in path.parts
    }


class Place:
    """A fresh small review to be killed in, and what it holds before and after."""

    def __init__(self, folder: Path, small: Small) -> None:
        self.folder, self.small, self.number = folder, small, 0
        self.paper = folder / "record.xml"
        self.paper.write_text(pubmed_xml(), encoding="utf-8")
        self.before = state_of(write_review(folder / "model").root)
        assert small.rehearse("livrev", ["--root", str(folder / "model"), "add", str(self.paper), "--dry-run"]) == 0
        done = self.fresh()
        assert self.add(done) == 0
        self.after = state_of(done)
        assert self.after.keys() > self.before.keys()

    def fresh(self) -> Path:
        self.number += 1
        root = self.folder / f"review-{self.number}"
        for name, content in self.before.items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_bytes(content)
        return root

    def add(self, root: Path, step: int | None = None) -> int:
        """Add the paper, and be killed before the change of a file that follows *step* others; return the exit status."""
        return self.small.run("livrev", ["--root", str(root), "add", str(self.paper)], step=step, root=root)

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
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    with small_process("livrev.cli") as small:
        yield Place(tmp_path_factory.mktemp("chaos"), small)


def test_killed_before_any_change_of_a_file(place: Place) -> None:
    outcomes: list[bool] = []
    killed, step = True, 0
    while killed:
        root = place.fresh()
        killed = place.add(root, step) == KILLED
        outcomes.append(place.found_by_the_next(root))
        step += 1
    first_new = outcomes.index(True)
    assert not any(outcomes[:first_new]) and all(outcomes[first_new:]), "once decided, it stays decided"
    assert first_new > 3 and len(outcomes) - first_new > 10, "the kills did not reach both sides of the decision"


@pytest.mark.parametrize("step", [3, 12])  # before the decision, and after it
def test_after_a_kill_it_can_be_added(place: Place, step: int) -> None:
    root = place.fresh()
    assert place.add(root, step) == KILLED
    if not place.found_by_the_next(root):
        assert place.add(root) == 0
    assert state_of(root) == place.after


def test_the_next_command_says_that_it_finished_a_change(place: Place) -> None:
    for step in range(10, 60):
        root = place.fresh()
        place.add(root, step)
        if (Repository(root).pending / "decided.json").exists():
            break
    result = CliRunner().invoke(main, ["--root", str(root), "extract", str(place.paper)])
    assert result.stderr.startswith("finished an interrupted change: references.bib, data/features/")
    assert state_of(root) == place.after
