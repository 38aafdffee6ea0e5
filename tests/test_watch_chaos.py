"""`livrev watch` is killed at each of its steps: data/ is as it was or as it is after, never between, and nothing is lost."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from kills import KILLED, Small, small_process
from pytest_httpserver import HTTPServer
from small_review import write_review
from watched_services import World, small_world, write_searches

from livrev.paths import Repository
from livrev.transaction import finish_change


def data_of(root: Path) -> dict[str, bytes]:
    return {str(p.relative_to(root)): p.read_bytes() for p in (root / "data").rglob("*") if p.is_file()}


class Place:
    """A fresh small review to be killed in, and what it holds before and after a look."""

    def __init__(self, folder: Path, small: Small) -> None:
        self.folder, self.small, self.number = folder, small, 0
        model = write_review(folder / "model")
        write_searches(model)
        self.files = {p.relative_to(model.root): p.read_bytes() for p in model.root.rglob("*") if p.is_file()}
        self.before = data_of(model.root)
        assert small.rehearse("livrev", ["--root", str(model.root), "watch", "--dry-run"]) == 0
        done = self.fresh()
        assert self.watch(done) == 0
        self.after = data_of(done)
        assert {name for name in self.after if self.after[name] != self.before[name]} == {
            f"data/{name}.csv" for name in ("retractions", "search/candidates", "search/queries", "search/strategies")
        }

    def fresh(self) -> Path:
        self.number += 1
        root = self.folder / f"review-{self.number}"
        for name, content in self.files.items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_bytes(content)
        return root

    def watch(self, root: Path, step: int | None = None) -> int:
        """Look, and be killed before the change of a file that follows *step* others; return the exit status."""
        words = ["--root", str(root), "watch", "--report", str(root / "report.md")]
        return self.small.run("livrev", words, step=step, root=root)

    def look_again(self, root: Path) -> bool:
        """Hold data/ against before and after, as the next command finds it; return whether it was new.

        Then finish the look, where it was new and every fourth time: it must end as if nothing had happened, and its
        report must be there.
        """
        finish_change(Repository(root))  # what every command does first
        found = data_of(root)
        assert found in (self.before, self.after), [n for n in found if found[n] not in (self.before[n], self.after[n])]
        self.number += 1
        if found == self.after or self.number % 4 == 0:
            assert self.watch(root) == 0
            assert data_of(root) == self.after
            assert (root / "report.md").exists(), "new records stand in data/, and nobody was told"
        assert [path.name for path in Repository(root).pending.glob("*")] in ([], ["lock"])
        return found == self.after


@pytest.fixture(scope="module")
def world(make_httpserver: HTTPServer) -> World:
    world = small_world(make_httpserver)
    # Both registers answer for every reference, so that the look that follows has nothing left to ask.
    world.add_paper("50000001", title="Cress and the back", doi="10.1234/cress", hidden="yes")
    os.environ.update(world.environment)
    return world


@pytest.fixture(scope="module")
def place(world: World, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    with small_process("livrev.cli") as small:
        yield Place(tmp_path_factory.mktemp("chaos"), small)


def test_killed_before_any_change_of_a_file(place: Place) -> None:
    """Every place at which a file below the review is changed, one after the other."""
    outcomes, killed = [], True
    while killed:
        root = place.fresh()
        killed = place.watch(root, len(outcomes)) == KILLED
        outcomes.append(place.look_again(root))
    first_new = outcomes.index(True)
    assert not any(outcomes[:first_new]) and all(outcomes[first_new:]), "once decided, it stays decided"
    assert first_new > 10 and len(outcomes) - first_new > 5, "the kills did not reach both sides of the decision"


def test_a_look_killed_over_and_over_asks_each_question_once(place: Place, world: World) -> None:
    root = place.fresh()
    world.asked.clear()
    for step in range(4, 40, 4):
        place.watch(root, step)
    place.look_again(root)
    asked = [(path, tuple(sorted(params.items()))) for path, params in world.asked]
    twice = {question for question in asked if asked.count(question) > 2}
    # A question whose answer came as the process died is asked once more; no other is.
    assert not twice
