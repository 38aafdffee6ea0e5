"""Stored notebooks hold text and execution counts, and nothing else."""

import subprocess
import sys

import nbformat
import pytest
from click.testing import CliRunner
from nbclient.exceptions import CellExecutionError

from livrev.cli import main
from livrev.paths import Repository
from livrev.site.kernel import store_outputs


def test_outputs_are_stored_as_text_once(repository: Repository, stored: bytes) -> None:
    path = repository.notebooks / "working.ipynb"
    path.write_bytes(stored)
    notebook = nbformat.read(path, as_version=4)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert [cell.execution_count for cell in code] == [1, 2, 3]
    assert [set(output.data) for cell in code for output in cell.outputs] == [{"text/plain"}, {"text/plain"}]
    assert "cress-01" in code[1].outputs[0].data["text/plain"]
    assert "Bars of the number of findings" in code[2].outputs[0].data["text/plain"]
    assert code[2].metadata == {"mystnb": {"figure": {"caption": "What was confirmed.", "name": "fig-verdicts"}}}
    assert store_outputs(path) is False


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


def test_a_kernel_of_the_fork_server_imports_nothing_slow() -> None:
    """Each copy imports this module by itself: what it takes with it, every notebook waits for."""
    asked = "import sys, livrev.site.kernel; print(*{'nbformat', 'jsonschema', 'pandas'} & set(sys.modules))"
    assert subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True).stdout == "\n"
