"""Stored notebooks hold text and execution counts, and nothing else; each kernel of a nursery is as fresh as one of its own."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import nbformat
import pytest
from click.testing import CliRunner
from nbclient.exceptions import CellExecutionError
from small_review import write_review

from livrev.cli import main
from livrev.paths import Repository
from livrev.site import kernel
from livrev.site.kernel import available, open_nursery, run_notebook, store_outputs

forks = pytest.mark.skipif(not available(), reason="this system cannot copy processes")
CELLS = [
    "import os, sys\nfrom livrev.records.review import load_review\nreview = load_review()",
    "import pandas\nprint('livrev.show.views.forest_plots' in sys.modules, len(review.sources), os.path.basename(os.getcwd()),"
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
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    nbformat.write(notebook, path)
    return path


def said(path: Path, command: list[str]) -> list[str]:
    cells = run_notebook(path, command).cells
    return ["".join(output["text"] for output in cell.outputs).strip() for cell in cells]


def test_outputs_are_stored_as_text_once(
    repository: Repository, stored: bytes, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = repository.notebooks / "working.ipynb"
    path.write_bytes(stored)
    notebook = nbformat.read(path, as_version=4)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert [cell.execution_count for cell in code] == [1, 2, 3]
    assert [set(output.data) for cell in code for output in cell.outputs] == [{"text/plain"}, {"text/plain"}]
    assert "cress-01" in code[1].outputs[0].data["text/plain"]
    assert "Bars of the number of findings" in code[2].outputs[0].data["text/plain"]
    assert code[2].metadata == {"mystnb": {"figure": {"caption": "What was confirmed.", "name": "fig-verdicts"}}}
    # Another kernel says the same: a copy, which begins sooner than the one that said it first.
    if available():
        monkeypatch.setattr(
            kernel, "run_notebook", partial(run_notebook, command=request.getfixturevalue("nursery")[1])
        )
    said_again = CliRunner().invoke(main, ["--root", str(repository.root), "store", str(path)]).stdout
    assert said_again == "working.ipynb: unchanged\n" and path.read_bytes() == stored


def test_a_notebook_that_fails_is_left_as_it_was(repository: Repository) -> None:
    path = repository.notebooks / "broken.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("raise ValueError('no')")]), path)
    before = path.read_bytes()
    with pytest.raises(CellExecutionError):
        store_outputs(path)
    assert path.read_bytes() == before


def test_a_package_that_is_not_installed_is_named_with_its_cure(repository: Repository) -> None:
    path = repository.notebooks / "working.ipynb"
    notebook = nbformat.read(path, as_version=4)
    notebook.cells[1].source = "import seeborn.objects"
    nbformat.write(notebook, path)
    result = CliRunner().invoke(main, ["--root", str(repository.root), "store", str(path)])
    assert result.exit_code == 1 and "ModuleNotFoundError" in result.stderr
    assert (
        "seeborn is not installed: add it to dependencies in pyproject.toml, make requirements.txt again"
        in result.stderr
    )
    assert "then install: make .venv/.ready" in result.stderr


def test_a_kernel_imports_nothing_slow() -> None:
    """Each that is no copy imports this module by itself: what it takes with it, every notebook waits for."""
    asked = "import sys, livrev.site.kernel; print(*{'nbformat', 'jsonschema', 'pandas'} & set(sys.modules))"
    assert subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True).stdout == "\n"


@forks
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


@forks
def test_a_cell_that_fails_says_so(nursery: tuple[Repository, list[str]]) -> None:
    repository, command = nursery
    path = write(repository.notebooks / "fails.ipynb", ["1 / 0"])
    with pytest.raises(CellExecutionError, match="ZeroDivisionError"):
        run_notebook(path, command)


@forks
def test_records_that_cannot_be_read_are_the_notebooks_to_report(repository: Repository) -> None:
    (repository.data / "studies.csv").write_text("nonsense\n", encoding="utf-8")
    path = write(repository.notebooks / "reads.ipynb", CELLS[:1])
    with open_nursery(repository) as command, pytest.raises(CellExecutionError, match="ReviewError"):
        run_notebook(path, command)
