"""Stored notebooks hold text and execution counts, and nothing else; each notebook has a process of its own, which ends with it."""

import os
import subprocess
import sys
import time
from pathlib import Path

import nbformat
import pytest
from click.testing import CliRunner
from matplotlib import pyplot
from nbclient.exceptions import CellExecutionError

from livrev.cli import main
from livrev.paths import Repository
from livrev.site import kernel
from livrev.site.kernel import run_notebook, run_notebooks

CELLS = [
    "import os, sys\nfrom livrev.records.review import load_review\nreview = load_review()",
    "import pandas\nprint(len(review.sources), os.path.basename(os.getcwd()), pandas.get_option('display.max_columns'))",
    "print(os.getpid())",
    "sys.marked = getattr(sys, 'marked', 0) + 1\nprint(sys.marked)",
]


def write(path: Path, *cells: str) -> Path:
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    nbformat.write(notebook, path)
    return path


def said(path: Path) -> list[str]:
    cells = run_notebook(path).cells
    return ["".join(output["text"] for output in cell.outputs).strip() for cell in cells]


def is_gone(pid: str) -> bool:
    """Wait for the end of a process, five seconds at most; tell whether it came."""
    for _ in range(50):
        if not Path(f"/proc/{pid}").exists():
            return True
        time.sleep(0.1)
    return False


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
    # Another process says the same.
    said_again = CliRunner().invoke(main, ["--root", str(repository.root), "store", str(path)]).stdout
    assert said_again == "working.ipynb: unchanged\n" and path.read_bytes() == stored


def test_a_notebook_that_fails_is_left_as_it_was_and_others_are_stored(repository: Repository) -> None:
    path = repository.notebooks / "broken.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("raise ValueError('no')")]), path)
    before, other = path.read_bytes(), write(repository.notebooks / "other.ipynb", "import time\ntime.sleep(0.5)\n6")
    result = CliRunner().invoke(main, ["--root", str(repository.root), "store", str(path), str(other)])
    assert result.exit_code == 1 and "the notebook was left as it was" in result.stderr
    assert path.read_bytes() == before
    assert "other.ipynb: stored" in result.stdout, "what one does wrong, another need not pay for"


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


def test_each_notebook_has_its_own_process_which_ends_with_it(repository: Repository) -> None:
    path = write(repository.notebooks / "copies.ipynb", *CELLS)
    first, second = said(path), said(path)
    assert first[1] == f"1 {repository.notebooks.name} 20", "pandas knows that it is in a notebook"
    assert first[2] != second[2]
    assert first[3] == second[3] == "1"  # what one notebook does, the next does not see
    assert is_gone(first[2]) and is_gone(second[2])
    assert str(os.getpid()) not in (first[2], second[2])


def test_a_notebook_says_what_it_would_say_in_jupyter(tmp_path: Path) -> None:
    pyplot.figure()  # who asks may have drawn, for another kind of picture
    path = write(
        tmp_path / "rich.ipynb",
        "import sys\nprint('one')\ndisplay('two')\nprint('three')\nprint('four', file=sys.stderr)\n5",
        "import matplotlib.pyplot as plt\nplt.plot([1, 2]);",
        "%time 6\n!echo seven\n_6 = 8",
        "import asyncio\nawait asyncio.sleep(0)",
        "1 / 0",
    )
    notebook = nbformat.read(path, as_version=4)
    notebook.cells[-1].metadata["tags"] = ["raises-exception"]
    nbformat.write(notebook, path)
    made = run_notebook(path)
    pyplot.close()
    first, drawn, shell, waited, failed = (cell.outputs for cell in made.cells)
    texts = [output.get("text") or output["data"]["text/plain"] for output in first]
    assert texts[:3] == ["one\n", "'two'", "three\n"] and set(texts[3:]) == {"four\n", "5"}
    assert [output.output_type for output in drawn] == ["display_data"] and "image/png" in drawn[0].data
    assert any("seven" in output.get("text", "") for output in shell) and waited == []
    assert [(output.output_type, output.ename) for output in failed] == [("error", "ZeroDivisionError")]
    assert [cell.execution_count for cell in made.cells] == [1, 2, 3, 4, 5]
    assert made.metadata.language_info["pygments_lexer"] == "ipython3"


def test_a_cell_that_fails_says_so(tmp_path: Path) -> None:
    with pytest.raises(CellExecutionError, match="ZeroDivisionError"):
        run_notebook(write(tmp_path / "fails.ipynb", "1 / 0"))


def test_a_cell_that_asks_or_hangs_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kernel, "_CELL", 1)
    hangs = write(tmp_path / "hangs.ipynb", "while True:\n    pass")
    asks = write(tmp_path / "asks.ipynb", "input()")
    errors = dict(run_notebooks([hangs, asks]))
    assert "the cell took more than 1 seconds" in str(errors[hangs])
    assert "StdinNotImplementedError" in str(errors[asks])


def test_a_process_that_ends_too_soon_is_told(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="ended before the notebook did"):
        run_notebook(write(tmp_path / "ends.ipynb", "import os\nos._exit(0)"))


def test_notebooks_that_nobody_waits_for_are_ended(tmp_path: Path) -> None:
    sleeps = "import os, pathlib, time\npathlib.Path('pid').write_text(str(os.getpid()))\ntime.sleep(600)"
    runs = run_notebooks([write(tmp_path / "quick.ipynb", "1"), write(tmp_path / "sleeps.ipynb", sleeps)])
    assert next(runs)[0].name == "quick.ipynb"
    while not (tmp_path / "pid").is_file() or not (tmp_path / "pid").read_text():
        time.sleep(0.05)
    runs.close()  # type: ignore[attr-defined]
    assert is_gone((tmp_path / "pid").read_text())


def test_where_processes_cannot_be_copied_a_notebook_ends_with_the_one_that_asked_too(tmp_path: Path) -> None:
    path = write(
        tmp_path / "sleeps.ipynb", "import os, time\nos.write(2, str(os.getpid()).encode() + b'\\n')\ntime.sleep(600)"
    )
    asked = "import sys, pathlib; from livrev.site import kernel; kernel._HOW = 'spawn'; kernel.run_notebook(pathlib.Path(sys.argv[1]))"
    with subprocess.Popen([sys.executable, "-c", asked, path], stderr=subprocess.PIPE, text=True) as asker:
        assert asker.stderr is not None
        pid = next(line.strip() for line in asker.stderr if line.strip().isdigit())
        asker.kill()
        assert is_gone(pid)


def test_records_that_cannot_be_read_are_the_notebooks_to_report(repository: Repository) -> None:
    (repository.data / "studies.csv").write_text("nonsense\n", encoding="utf-8")
    with pytest.raises(CellExecutionError, match="ReviewError"):
        run_notebook(write(repository.notebooks / "reads.ipynb", CELLS[0]))
