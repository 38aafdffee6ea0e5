"""Kernels are copies of one process that has read the records; each is as fresh as a kernel of its own."""

import os
import time
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from nbclient.exceptions import CellExecutionError
from small_review import write_review

from livrev.paths import Repository
from livrev.site.kernel import run_notebook
from livrev.site.kernel_forkserver import available, open_nursery

pytestmark = pytest.mark.skipif(not available(), reason="this system cannot copy processes")
CELLS = [
    "import os, sys\nfrom livrev.records.review import load_review\nreview = load_review()",
    "import pandas\nprint('livrev.show.views.evidence' in sys.modules, len(review.sources), os.path.basename(os.getcwd()),"
    " pandas.get_option('display.max_columns'))",
    "print(os.getpid())",
    "sys.marked = getattr(sys, 'marked', 0) + 1\nprint(sys.marked)",
]


@pytest.fixture(scope="module")
def nursery(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Repository, list[str]]]:
    """A review, and what starts a kernel in its nursery."""
    repository = write_review(tmp_path_factory.mktemp("nursery") / "review")
    with open_nursery(repository) as command:
        yield repository, command


def write(path: Path, cells: list[str]) -> Path:
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])  # type: ignore[no-untyped-call]
    nbformat.write(notebook, path)  # type: ignore[no-untyped-call]
    return path


def said(path: Path, command: list[str]) -> list[str]:
    cells = run_notebook(path, command).cells
    return ["".join(output["text"] for output in cell.outputs).strip() for cell in cells]


def test_each_kernel_is_its_own_copy_and_ends_with_its_notebook(nursery: tuple[Repository, list[str]]) -> None:
    repository, command = nursery
    path = write(repository.notebooks / "copies.ipynb", CELLS)
    first, second = said(path, command), said(path, command)
    assert first[1] == f"True 1 {repository.notebooks.name} 20", "pandas knows that it is in a notebook"
    assert first[2] != second[2]
    assert first[3] == second[3] == "1"  # what one notebook does, the next does not see
    for _ in range(50):
        if not any(Path(f"/proc/{pid}").exists() for pid in (first[2], second[2])):
            break
        time.sleep(0.1)
    assert not any(Path(f"/proc/{pid}").exists() for pid in (first[2], second[2]))
    assert str(os.getpid()) not in (first[2], second[2])


def test_a_cell_that_fails_says_so(nursery: tuple[Repository, list[str]]) -> None:
    repository, command = nursery
    path = write(repository.notebooks / "fails.ipynb", ["1 / 0"])
    with pytest.raises(CellExecutionError, match="ZeroDivisionError"):
        run_notebook(path, command)


def test_records_that_cannot_be_read_are_the_notebooks_to_report(repository: Repository) -> None:
    (repository.data / "studies.csv").write_text("nonsense\n", encoding="utf-8")
    path = write(repository.notebooks / "reads.ipynb", CELLS[:1])
    with open_nursery(repository) as command, pytest.raises(CellExecutionError, match="ReviewError"):
        run_notebook(path, command)
