"""Execute the notebooks in parallel, each once for every state of its code and of what it reads.

An executed copy bears a mark of its code and of all that it read: where either has changed, it is made again. The book is made
of the notebooks as they are, with the outputs of these copies.
"""

import json
import sys
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from livrev.paths import Repository
from livrev.site.build_cache import Inputs, digest_all
from livrev.transaction import write_atomically

_MARK = "livrev"
_CURE = "open it with livrev notebook {stem}, run it from the top, mend what fails; then build again"


class NotebookFailed(Exception):
    """Raised where a notebook cannot be read, or a cell of it ends in an error."""


@dataclass(frozen=True)
class Kernels:
    """The notebooks to execute, what the files were like before the first could read them, and what starts a kernel."""

    repository: Repository
    outdated: list[Path]
    inputs: Inputs
    command: list[str]


def fresh_copies(repository: Repository, inputs: Inputs | None = None) -> dict[str, Path]:
    """Return the executed copies that are as new as all that their notebooks read, by the name of the notebook's file."""
    fresh, now = {}, inputs or Inputs(repository)
    for path in repository.notebook_files():
        copy = _copy_of(repository, path)
        try:
            mark = json.loads(copy.read_text(encoding="utf-8"))["metadata"][_MARK]
            if mark["code"] == _code_of(json.loads(path.read_text(encoding="utf-8"))) and now.hold(mark["read"]):
                fresh[path.name] = copy
        except (OSError, ValueError, LookupError, TypeError, AttributeError):
            continue  # it was never executed, or one of the two is no notebook
    return fresh


def _copy_of(repository: Repository, path: Path) -> Path:
    return repository.build / ".executed" / path.name


def _code_of(notebook: Any) -> str:
    """Return a digest of the code of *notebook*, read as JSON."""
    return digest_all(["".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "code"])


def executed(repository: Repository, path: Path) -> dict[str, Any]:
    """Return the notebook at *path* as it is, as JSON, with the outputs of its executed copy. Raises OSError where there is none."""
    notebook: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    made = json.loads(_copy_of(repository, path).read_text(encoding="utf-8"))
    notebook["metadata"] |= {"language_info": made["metadata"]["language_info"]}
    runs = [cell for cell in made["cells"] if cell["cell_type"] == "code"]
    for cell, run in zip((one for one in notebook["cells"] if one["cell_type"] == "code"), runs, strict=True):
        cell |= {"outputs": run["outputs"], "execution_count": run["execution_count"]}
    return notebook


@contextmanager
def start_kernels(repository: Repository) -> Iterator[Kernels]:
    """Yield what starts kernels for the notebooks that are outdated: copies of one process, where the system can do that.

    That process begins at once with what all of them need, while the caller does other things. Raises NotebookFailed where a
    file is no notebook.
    """
    from livrev.site.kernel import available, open_nursery

    inputs = Inputs(repository)
    fresh = fresh_copies(repository, inputs)
    outdated = [path for path in repository.notebook_files() if path.name not in fresh]
    if wrong := [f"{repository.relative(path)}: {said}" for path in outdated if (said := _fault_of(path))]:
        raise NotebookFailed("\n".join(wrong))
    if not outdated or not available():
        command = [sys.executable, "-m", "livrev.site.kernel", "-f", "{connection_file}"]
        yield Kernels(repository, outdated, inputs, command)
        return
    inputs.take(inputs.everything())
    with open_nursery(repository) as command:
        yield Kernels(repository, outdated, inputs, command)


def execute_notebooks(
    repository: Repository, *, workers: int = 2, report: Callable[[str], None] = lambda line: None
) -> int:
    """Execute every notebook whose executed copy is not there, or is older than what it read; return how many were executed.

    *workers* run at a time. Raises NotebookFailed with what failed in each notebook.
    """
    with start_kernels(repository) as kernels:
        return execute_in(kernels, workers=workers, report=report)


def execute_in(kernels: Kernels, *, workers: int, report: Callable[[str], None]) -> int:
    """Execute the notebooks that *kernels* were started for, as execute_notebooks does."""
    longest_first = sorted(
        kernels.outdated, key=lambda path: -path.stat().st_size
    )  # so that no worker waits at the end
    failures = []
    with tempfile.TemporaryDirectory(prefix="livrev-") as notes, ThreadPoolExecutor(max_workers=workers) as pool:
        running = {pool.submit(_execute, path, kernels, Path(notes)): path for path in longest_first}
        for number, future in enumerate(as_completed(running), 1):
            path, failure = running[future], future.result()
            if failure:
                cure = _CURE.format(stem=path.stem)
                failures.append(f"{kernels.repository.relative(path)}: {failure}\n{cure}")
            report(f"  [{number}/{len(running)}] {path.name}{' failed' if failure else ''}")
    if failures:
        raise NotebookFailed("\n".join(failures))
    return len(running)


def _execute(path: Path, kernels: Kernels, notes: Path) -> str:
    """Run one notebook and keep the executed copy; return the traceback of the cell that failed, or nothing."""
    import nbformat
    from nbclient.exceptions import CellExecutionError, CellTimeoutError

    from livrev.site.kernel import missing_module, run_watched

    try:
        made, read = run_watched(path, kernels.command, kernels.repository, notes / f"{path.stem}.jsonl")
    except (CellExecutionError, CellTimeoutError, RuntimeError) as error:
        return f"{error}\n{missing_module(error)}".rstrip()
    made.metadata[_MARK] = {"code": _code_of(made), "read": kernels.inputs.take(read or kernels.inputs.everything())}
    copy = _copy_of(kernels.repository, path)
    copy.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(copy, nbformat.writes(made))
    return ""


def _fault_of(path: Path) -> str:
    """Return what is wrong with a file that is no notebook; else nothing."""
    import nbformat

    try:
        nbformat.validate(nbformat.reads(path.read_text(encoding="utf-8"), as_version=4))
    except (OSError, ValueError, AttributeError, KeyError, TypeError, nbformat.ValidationError) as error:
        return f"is no notebook ({(str(error).splitlines() or [type(error).__name__])[0]}); restore it"
    return ""
