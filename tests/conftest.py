"""A small review to break, its book, built once for all tests, and the real review to hold to its word.

What is imported here is imported by the process that hands out the tests, too, before any other may begin: what fixtures need
they import themselves.
"""

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

from livrev.paths import Repository

if TYPE_CHECKING:
    from livrev.records.model import Estimate
    from livrev.records.review import Review

# No property is timed. Where CI decides, every run tries the same examples; at home each run tries new ones.
settings.register_profile("livrev", settings.get_profile("ci" if os.environ.get("CI") else "default"), deadline=None)
settings.load_profile("livrev")


# What takes longest, longest first: whoever would begin it last would work alone at the end. The small book is built by one
# worker while the other walks through the real one, so that nobody waits for it.
LONGEST = (
    "browser/test_every_page", "test_book", "browser/test_exploring", "browser/test_comfort", "browser/", "test_authoring",
    "test_watch_chaos", "test_pooling", "test_figures", "test_new_review", "test_pdf", "test_check",
)  # fmt: skip


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let what takes long begin first, and the tests of the browser stay together, so that a worker opens it once."""
    import matplotlib

    matplotlib.use("agg")
    items.sort(key=lambda item: next((rank for rank, part in enumerate(LONGEST) if part in item.nodeid), len(LONGEST)))


@pytest.fixture(scope="session")
def _written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from small_review import write_review

    return write_review(tmp_path_factory.mktemp("review") / "small").root


@pytest.fixture
def repository(_written: Path, tmp_path: Path) -> Repository:
    """Return a small review of one's own, to change at will."""
    return Repository(Path(shutil.copytree(_written, tmp_path / "review")))


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """Return a folder that all workers of this run share."""
    base = tmp_path_factory.getbasetemp()
    folder = (base if worker_id == "master" else base.parent) / "shared"
    folder.mkdir(exist_ok=True)
    return folder


@pytest.fixture(scope="session")
def small_book(shared: Path) -> Repository:
    """Return the small review with its book, which the first worker that asks builds: to be looked at, not to be changed."""
    from building import alone, take_letters
    from click.testing import CliRunner
    from small_review import ROOT, write_review

    from livrev.cli import main

    repository = Repository(shared / "small")
    with alone(shared):
        if not (shared / "built").exists():
            take_letters(write_review(repository.root), Repository(ROOT))
            said = CliRunner().invoke(main, ["--root", str(repository.root), "build", "--no-pdf"])
            assert said.exit_code == 0, said.output
            (shared / "built").write_text(said.stdout, encoding="utf-8")
    return repository


@pytest.fixture(scope="session")
def stored(shared: Path) -> bytes:
    """Return the notebook of the small review as `livrev store` leaves it, which the first worker that asks lets it do."""
    from building import alone
    from small_review import write_review

    from livrev.site.kernel import run_notebook, store_outputs

    place = shared / "stored.ipynb"
    with alone(shared):
        if not place.exists():
            path = write_review(shared / "to-store").notebooks / "working.ipynb"
            assert store_outputs(path, run_notebook(path)) is True
            place.write_bytes(path.read_bytes())
    return place.read_bytes()


@pytest.fixture
def built(small_book: Repository, tmp_path: Path) -> Repository:
    """Return a copy of the small review with its book, to change and to build again (building.py)."""
    return Repository(Path(shutil.copytree(small_book.root, tmp_path / "built")))


@pytest.fixture(scope="session")
def real() -> Repository:
    """Return the review that this package was written for."""
    return Repository(Path(__file__).parents[1])


@pytest.fixture(scope="session")
def real_review(real: Repository) -> "Review":
    from livrev.records.review import load_review

    return load_review(real)


@pytest.fixture(scope="session")
def real_results(real_review: "Review") -> "dict[str, Estimate]":
    """Return every Result of the real review: to be looked at, not to be changed."""
    from livrev.review.results import compute_results

    return compute_results(real_review)


@pytest.fixture
def review(repository: Repository) -> "Review":
    from livrev.records.review import load_review

    return load_review(repository)


@pytest.fixture
def reread(repository: Repository) -> "Callable[[], Review]":
    """Return a function that reads the small review again, whatever is wrong with it."""

    from livrev.records.review import read_review

    def read() -> "Review":
        found, problems = read_review(repository)
        assert found is not None, problems
        return found

    return read
