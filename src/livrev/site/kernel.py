"""Run notebooks, each in a process of its own, which may note what it reads of the review; store what they said as text.

To import and to read takes seconds before a first cell can run. Where the system can copy processes, the process of a notebook
is therefore a copy of the one that asks: as fresh as any other, since that one runs no cell. In it works ipykernel's own kernel
without sockets, so that a cell says what it would say in Jupyter.
"""

import asyncio
import importlib
import multiprocessing
import os
import re
import signal
import sys
import threading
from collections.abc import Coroutine, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any, NoReturn

from livrev.paths import Repository
from livrev.records.reads import watch_reads
from livrev.transaction import write_atomically

if TYPE_CHECKING:
    from nbformat import NotebookNode

_HOW = "fork" if sys.platform == "linux" else "spawn"
_CELL = 600  # seconds; a cell on a slow machine takes its time, only one that hangs is ended
_KEPT = "text/plain"
_KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}
_NEEDED = (
    "IPython.core.magics", "ipykernel.debugger", "ipykernel.inprocess.ipkernel", "ipykernel.inprocess.manager", "nbclient",
    "matplotlib.pyplot", "livrev.draw", "livrev.frames.open_review", "livrev.show.figures.svg",
)  # fmt: skip
_COLUMNS = 20  # that pandas prints in a notebook; it looks where it is when it is imported


@dataclass(frozen=True)
class Run:
    """An executed notebook, and the names of what it read of the review, where somebody asked for these."""

    notebook: "NotebookNode"
    read: tuple[str, ...] = ()


def run_notebook(path: Path) -> "NotebookNode":
    """Return the notebook at *path*, executed in its own folder, in a process of its own.

    Raises nbclient.exceptions.CellExecutionError where a cell fails or takes more than ten minutes, ValueError where the file
    is no notebook, RuntimeError where the process ends before the notebook does.
    """
    ((_, run),) = run_notebooks([path], workers=1)
    if isinstance(run, Exception):
        raise run
    return run.notebook


def run_notebooks(
    paths: Iterable[Path], *, workers: int = 2, watched: Repository | None = None
) -> Iterator[tuple[Path, Run | Exception]]:
    """Execute the notebooks at *paths*, so many at a time; yield each as it ends, with its run or what run_notebook would raise.

    What they read of the review *watched* is noted. Those that still run when nobody asks any more are ended.
    """
    begin: Any = multiprocessing.get_context(_HOW)
    running: dict[Any, tuple[Path, BaseProcess]] = {}
    waiting = iter(paths)
    if _HOW == "fork":
        _prepare()
    try:
        while True:
            while len(running) < workers and (path := next(waiting, None)):
                ours, theirs = begin.Pipe(duplex=False)
                process = begin.Process(target=_run_here, args=(path, watched, theirs))
                process.start()
                theirs.close()
                running[ours] = path, process
            if not running:
                return
            for ended in wait(running):
                path, process = running[ended]
                run = _answer_of(ended)
                process.join()
                del running[ended]
                yield path, run
    finally:
        for _, process in running.values():
            process.kill()
            process.join()


def _answer_of(connection: Any) -> Run | Exception:
    try:
        run: Run | Exception = connection.recv()
    except EOFError:
        return RuntimeError("the kernel ended before the notebook did; is there enough memory?")
    return run


def _run_here(path: Path, watched: Repository | None, answer: Connection) -> NoReturn:
    """Execute the notebook at *path* in this process, which is there for nothing else, and *answer*."""
    threading.Thread(target=_end_with_parent, daemon=True).start()
    read: list[str] = []
    try:
        path = path.resolve()
        os.chdir(path.parent)
        import nbformat

        notebook = nbformat.read(path, as_version=4)
        if watched:
            watch_reads(watched, read.append)
        _execute(notebook)
        answer.send(Run(notebook, tuple(read)))
    except Exception as error:
        answer.send(error)
    os._exit(0)


def _end_with_parent() -> None:
    if parent := multiprocessing.parent_process():
        parent.join()
        os._exit(1)


def _prepare() -> None:
    """Import what every notebook needs: done before this process is copied, it is done once for all of them."""
    # Else the debugger, which nobody uses, speaks of itself.
    os.environ.setdefault("PYDEVD_DISABLE_FILE_VALIDATION", "1")
    for name in _NEEDED:
        with suppress(ImportError):  # the notebook that wants it will say so
            importlib.import_module(name)


def _execute(notebook: "NotebookNode") -> None:
    """Run the cells of *notebook*, which then holds what they said. Raises CellExecutionError."""
    _prepare()
    import pandas
    from ipykernel.inprocess.manager import InProcessKernelManager
    from matplotlib import pyplot
    from nbclient.exceptions import CellExecutionError
    from nbformat.v4 import output_from_msg
    from traitlets.config import Config

    pandas.set_option("display.max_columns", _COLUMNS)
    manager: Any = InProcessKernelManager(config=Config({"HistoryManager": {"enabled": False}}))
    manager.start_kernel()
    manager.kernel.shell.enable_matplotlib("inline")
    pyplot.close("all")  # what the one that was copied had drawn
    manager.kernel.shell.loop_runner = _await  # the loop of this thread runs the kernel itself
    client = manager.client()
    client.start_channels()
    signal.signal(signal.SIGALRM, _too_long)
    for cell in (cell for cell in notebook.cells if cell.cell_type == "code"):
        signal.alarm(_CELL)
        client.execute(cell.source, allow_stdin=False)
        signal.alarm(0)
        reply = client.get_shell_msg()["content"]
        cell.outputs, cell.execution_count = [], reply["execution_count"]
        while (message := client.get_iopub_msg())["content"].get("execution_state") != "idle":
            with suppress(ValueError):  # what is no output of a cell
                cell.outputs.append(output_from_msg(message))
        if reply["status"] == "error" and "raises-exception" not in cell.metadata.get("tags", ()):
            raise CellExecutionError.from_cell_and_msg(cell, reply)
    notebook.metadata["language_info"] = manager.kernel.language_info


def _await(cell: "Coroutine[Any, Any, object]") -> object:
    with ThreadPoolExecutor(1) as beside:
        return beside.submit(asyncio.run, cell).result()


def _too_long(number: int, frame: FrameType | None) -> None:
    raise TimeoutError(f"the cell took more than {_CELL} seconds")


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


def store_outputs(path: Path, notebook: "NotebookNode") -> bool:
    """Store at *path* the text output of the *notebook* that was executed there; return whether the file changed.

    Pictures and HTML are dropped: they are made again whenever the book is built.
    """
    text = as_stored(notebook)
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
