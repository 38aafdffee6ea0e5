"""Start kernels as copies of one process that has already imported the package and read the records.

A kernel of its own spends three seconds on imports and on reading before its first cell. The nursery does both once, and
each kernel is a fork of it: as fresh as any other, since nothing in the nursery has run a cell. It speaks with
Jupyter through a small process that stands for the kernel: when one of the two ends, the other does.
"""

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import SimpleNamespace

from livrev.paths import Repository

_STAND_IN = """
import json, os, signal, socket, sys
signal.signal(signal.SIGINT, signal.SIG_IGN)
link = socket.socket(socket.AF_UNIX)
link.connect(sys.argv[1])
link.sendall(json.dumps({"folder": os.getcwd(), "arguments": sys.argv[2:], "environment": dict(os.environ)}).encode() + b"\\n")
link.recv(1)
"""
_LOOK_UP = 2.0  # seconds between looks at whether the build still runs


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
            command = [sys.executable, "-m", "livrev.site.kernel_forkserver", str(door.fileno()), str(repository.root)]
            nursery = subprocess.Popen(command, cwd=repository.notebooks, pass_fds=[door.fileno()])
        with nursery:  # the door is now its own: should it fail, nobody waits at it
            try:
                yield [sys.executable, "-I", "-S", "-c", _STAND_IN, place, "-f", "{connection_file}"]
            finally:
                nursery.terminate()


def main() -> None:
    """Import, read, then fork a kernel for each that asks, as long as the process that started this one lives."""
    number, root = sys.argv[1:]
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

    from livrev.site.kernel import watch

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
    main()
