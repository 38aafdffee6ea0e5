"""Run one notebook in a kernel of its own, which may note what it reads of the review; store what it said as text.

A kernel spends three seconds on imports and on reading before its first cell. Where the system can copy processes, a nursery does
both once, and each kernel is a fork of it: as fresh as any other, since nothing in the nursery has run a cell. It speaks with
Jupyter through a small process that stands for the kernel: when one of the two ends, the other does.

`python -m livrev.site.kernel -f CONNECTION_FILE` is a kernel that notes what it reads; those of a nursery call `watch` themselves.
"""

import asyncio
import json
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from livrev.paths import Repository
from livrev.records.reads import watch_reads
from livrev.transaction import write_atomically

if TYPE_CHECKING:  # each kernel of its own imports this module, and nbformat would cost it a second
    from nbformat import NotebookNode

# Seconds. A kernel that starts beside others on a slow machine takes its time, and so does a cell; only one that hangs is ended.
_START, _CELL = 600, 600
_PLACE, _ROOT = "LIVREV_READS", "LIVREV_READS_OF"
_KEPT = "text/plain"
_KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}
_STAND_IN = """
import json, os, signal, socket, sys
signal.signal(signal.SIGINT, signal.SIG_IGN)
link = socket.socket(socket.AF_UNIX)
link.connect(sys.argv[1])
link.sendall(json.dumps({"folder": os.getcwd(), "arguments": sys.argv[2:], "environment": dict(os.environ)}).encode() + b"\\n")
link.recv(1)
"""
_KEEP_NURSERY = "import sys; from livrev.site.kernel import keep_nursery; keep_nursery(*sys.argv[1:])"
_LOOK_UP = 2.0  # seconds between looks at whether the build still runs


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


def available() -> bool:
    """Say whether this system can copy processes; where it cannot, each kernel starts by itself."""
    return hasattr(os, "fork") and sys.platform == "linux"


@contextmanager
def open_nursery(repository: Repository) -> Iterator[list[str]]:
    """Start a nursery for *repository*; yield the command that starts a kernel in it; end both nursery and kernels."""
    with tempfile.TemporaryDirectory(prefix="livrev-") as folder:
        place = str(Path(folder) / "nursery")
        with socket.socket(socket.AF_UNIX) as door:
            door.bind(place)
            door.listen(64)  # those who come before the nursery is ready wait here
            command = [sys.executable, "-c", _KEEP_NURSERY, str(door.fileno()), str(repository.root)]
            nursery = subprocess.Popen(command, cwd=repository.notebooks, pass_fds=[door.fileno()])
        with nursery:  # the door is now its own: should it fail, nobody waits at it
            try:
                yield [sys.executable, "-I", "-S", "-c", _STAND_IN, place, "-f", "{connection_file}"]
            finally:
                nursery.terminate()


def keep_nursery(number: str, root: str) -> None:
    """Import, read, then fork a kernel for each that asks at the door, as long as the process that started this one lives.

    *number* is that of the file of the door, *root* the folder of the review.
    """
    # As a kernel does before its first cell; Matplotlib asks for it when it is imported.
    os.environ.setdefault("MPLBACKEND", "module://matplotlib_inline.backend_inline")
    door = socket.socket(fileno=int(number))
    _prepare(Repository(Path(root)))
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the system clears away the kernels that ended
    door.settimeout(_LOOK_UP)
    parent = os.getppid()
    while os.getppid() == parent:
        try:
            asker, _ = door.accept()
        except TimeoutError:
            continue
        if os.fork() == 0:
            door.close()
            _become_kernel(asker)
        asker.close()


def _prepare(repository: Repository) -> None:
    """Import what notebooks import, and read the records, if they can be read: a notebook says what is wrong with them."""
    import builtins
    import importlib
    import pkgutil

    import ipykernel.kernelapp  # noqa: F401
    import matplotlib.figure
    import matplotlib.font_manager
    import matplotlib.textpath  # noqa: F401

    os.environ.setdefault(
        "PYDEVD_DISABLE_FILE_VALIDATION", "1"
    )  # else the debugger, which nobody uses, speaks of itself
    with suppress(ImportError):
        importlib.import_module("ipykernel.debugger")  # which each kernel would import by itself
    # pandas asks, when it is imported, whether it is in a notebook, and prints fewer columns there.
    builtins.get_ipython = lambda: SimpleNamespace(kernel=True)  # type: ignore[attr-defined]
    import pandas  # noqa: F401

    del builtins.get_ipython  # type: ignore[attr-defined]
    import livrev.draw
    import livrev.frames
    import livrev.records.review
    import livrev.review.results
    import livrev.show.views
    from livrev.diagnostics import ReviewError

    for package in (livrev.frames, livrev.show.views):
        for module in pkgutil.iter_modules(package.__path__):
            with suppress(ImportError):  # the notebook that wants it will say so
                importlib.import_module(f"{package.__name__}.{module.name}")
    try:
        review = livrev.records.review.load_review(repository)
        livrev.records.review.cache_review(review)
        livrev.review.results.compute_results(review)
    except (ReviewError, OSError, ValueError):
        return


def _become_kernel(asker: socket.socket) -> None:
    """Turn this process into the kernel that *asker* wants."""
    from ipykernel.kernelapp import IPKernelApp

    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    asker.settimeout(None)
    said = json.loads(asker.makefile("rb").readline())
    os.environ.update(said["environment"])
    os.chdir(said["folder"])
    watch()
    threading.Thread(target=_end_with, args=(asker,), daemon=True).start()
    try:
        IPKernelApp.launch_instance(said["arguments"], parent_handle=os.getppid())
    finally:
        os._exit(0)


def _end_with(asker: socket.socket) -> None:
    """End this kernel where the process that stands for it has ended."""
    asker.recv(1)
    os._exit(0)


if __name__ == "__main__":
    watch()
    from ipykernel.kernelapp import IPKernelApp

    IPKernelApp.launch_instance()
