"""Run one notebook in a kernel of its own, which may note what it reads of the review; store what it said as text.

`python -m livrev.site.kernel -f CONNECTION_FILE` is a kernel that notes it; those of the fork server call `watch` themselves.
"""

import asyncio
import json
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from livrev.paths import Repository
from livrev.records.reads import watch_reads
from livrev.transaction import write_atomically

if TYPE_CHECKING:  # each kernel of the fork server imports this module, and nbformat would cost it a second
    from nbformat import NotebookNode

# Seconds. A kernel that starts beside others on a slow machine takes its time, and so does a cell; only one that hangs is ended.
_START, _CELL = 600, 600
_PLACE, _ROOT = "LIVREV_READS", "LIVREV_READS_OF"
_KEPT = "text/plain"
_KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}


def run_notebook(
    path: Path, command: list[str] | None = None, environment: Mapping[str, str] | None = None
) -> "NotebookNode":
    """Return the notebook at *path*, executed in its own folder, in a kernel that *command* starts, with *environment* added.

    Raises nbclient.exceptions.CellExecutionError where a cell fails, CellTimeoutError after ten minutes in one cell, and
    RuntimeError where the kernel does not start.
    """
    import nbformat
    from nbclient import NotebookClient

    notebook: NotebookNode = nbformat.read(path, as_version=4)
    client = NotebookClient(
        notebook, timeout=_CELL, startup_timeout=_START, kernel_name="python3", record_timing=False,
        resources={"metadata": {"path": str(path.parent)}}, extra_arguments=["--log-level=ERROR"],
        kernel_manager_class=_manager(command),
    )  # fmt: skip
    # client.execute() would leave its event loop open
    asyncio.run(client.async_execute(env={**os.environ, **(environment or {})}))
    return notebook


def missing_module(error: Exception) -> str:
    """Return the cure, as a line, where a cell failed because a package is not installed; else nothing."""
    if getattr(error, "ename", "") not in ("ModuleNotFoundError", "ImportError"):
        return ""
    found = re.search(r"No module named '([\w.]+)'", str(getattr(error, "evalue", "")))
    if not found:
        return ""
    name = found[1].partition(".")[0]
    return (
        f"{name} is not installed: add it to dependencies in pyproject.toml, make requirements.txt again "
        "(CONTRIBUTING.md gives the command of uv), then install: make .venv/.ready\n"
    )


def _manager(command: list[str] | None) -> type:
    """Return a manager of kernels that starts them by *command*, if there is one."""
    from jupyter_client.kernelspec import KernelSpec
    from jupyter_client.manager import AsyncKernelManager

    if command is None:
        return AsyncKernelManager

    class Manager(AsyncKernelManager):
        @property
        def kernel_spec(self) -> KernelSpec:
            return KernelSpec(argv=command, display_name="Python 3", language="python")

    return Manager


def run_watched(
    path: Path, command: list[str], repository: Repository, place: Path
) -> "tuple[NotebookNode, list[str]]":
    """Run a notebook as run_notebook does; return it with the names of what it read of *repository*, noted at *place*.

    There are none where the kernel noted nothing.
    """
    executed = run_notebook(path, command, {_PLACE: str(place), _ROOT: str(repository.root)})
    lines = place.read_text(encoding="utf-8").splitlines() if place.is_file() else []
    return executed, [json.loads(line) for line in lines]


def watch() -> None:
    """In a kernel: note from now on what is read, where the environment asks for it."""
    if _PLACE in os.environ:
        file = Path(os.environ[_PLACE]).open("a", encoding="utf-8", buffering=1)  # noqa: SIM115 - as long as the kernel lives
        watch_reads(Repository(Path(os.environ[_ROOT])), lambda name: print(json.dumps(name), file=file))


def store_outputs(path: Path) -> bool:
    """Execute the notebook at *path* and store its text output; return whether the file changed.

    Pictures and HTML are dropped: they are made again whenever the book is built. Raises
    nbclient.exceptions.CellExecutionError where a cell fails; the file is then left as it was.
    """
    text = as_stored(run_notebook(path))
    if path.read_text(encoding="utf-8") == text:
        return False
    write_atomically(path, text)
    return True


def as_stored(notebook: "NotebookNode") -> str:
    """Return an executed notebook as the repository keeps it: text that git can merge, with cells counted from the top."""
    import nbformat

    notebook.metadata = {"kernelspec": _KERNEL, "language_info": {"name": "python"}}
    for number, cell in enumerate(notebook.cells, 1):
        cell["id"] = f"cell-{number:02d}"
        if cell.cell_type == "code":
            cell.outputs = [_text_only(output) for output in cell.outputs]
            cell.metadata.pop("execution", None)
    return str(nbformat.writes(notebook, indent=1)) + "\n"


def _text_only(output: Any) -> Any:
    if "data" in output:
        output["data"] = {_KEPT: output["data"].get(_KEPT, "")}
        output["metadata"] = {}
    return output


if __name__ == "__main__":
    watch()
    from ipykernel.kernelapp import IPKernelApp

    IPKernelApp.launch_instance()
