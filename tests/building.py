"""Build a small book in a copy of a process that has imported Sphinx already: one second instead of ten.

The same steps as `livrev build` takes; that it takes them in a process of its own is shown once (test_book.py). The process that
is copied is not that of the tests: theirs may have threads by then, and a copy waits for ever for what one of them held. It
imports what the first book needed for those that follow.
"""

import atexit
import contextlib
import fcntl
import functools
import gc
import importlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest import mock

import fontTools
import typst
from jinja2 import Environment, FileSystemBytecodeCache

from livrev.paths import Repository
from livrev.show import fonts
from livrev.site import assets
from livrev.site.build import EPOCH, BuildFailed, public_places


@contextlib.contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Let one worker of the tests at a time into the block."""
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def take_letters(book: Repository, other: Repository) -> None:
    """Give *book*, which is not built yet, letters that *other* has cut since the code that cuts them was changed.

    They are the same in every book, and cut for seconds. Those of the serif that pages need first it cuts by itself.
    """
    code = max(Path(str(module.__file__)).stat().st_mtime for module in (assets, fonts, fontTools, typst))
    folder = book.build / "assets" / "fonts"
    folder.mkdir(parents=True)
    for file in (other.build / "assets" / "fonts").glob("*.woff"):
        if file.stat().st_mtime > code and not file.match("serif-*-basic-*"):
            shutil.copy2(file, folder)


def build_again(
    repository: Repository, *, pdf: bool = False, package: Path | None = None, **environment: str
) -> list[str]:
    """Build the book of *repository*, with *environment* set; return what was said. Raises BuildFailed as a build does.

    Where a *package* is given, style sheets and scripts are those of that copy of the package.
    """
    server = _server()
    assert server.stdin and server.stdout
    set_to = {**os.environ, "SOURCE_DATE_EPOCH": EPOCH, **environment}
    asked = {"root": str(repository.root), "pdf": pdf, "environment": set_to, "package": str(package or "")}
    server.stdin.write(json.dumps(asked) + "\n")
    server.stdin.flush()
    answer = json.loads(server.stdout.readline())
    if answer["failed"] is not None:
        raise BuildFailed(answer["failed"])
    said: list[str] = answer["said"]
    return said


@functools.cache
def _server() -> "subprocess.Popen[str]":
    """Start the process that is copied for each book."""
    server = subprocess.Popen([sys.executable, __file__], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert server.stdin
    atexit.register(server.stdin.close)
    return server


def _serve() -> None:
    import livrev.show.figures.svg  # noqa: F401 - what a book with a figure would import by itself
    from livrev.site import build_steps, extension

    gc.set_threshold(100_000, 50, 100)  # as a build of its own does, and the next line
    build_steps.begin_sooner()
    kept = tempfile.TemporaryDirectory()  # of templates, what one book compiled
    compiled = functools.partialmethod(Environment.__init__, bytecode_cache=FileSystemBytecodeCache(kept.name))
    mock.patch.object(Environment, "__init__", compiled).start()
    told = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what a build prints is no answer
    for line in sys.stdin:
        asked = json.loads(line)
        imported, told_by_copy = os.pipe()
        gc.freeze()  # what a copy looks through for garbage, it must have of its own
        child = os.fork()
        if child == 0:
            answer: dict[str, Any] = {"said": [], "failed": "the build ended without a word"}
            try:
                os.environ.clear()
                os.environ.update(asked["environment"])
                warnings.simplefilter("ignore")
                if asked["package"]:
                    mock.patch.object(Repository, "package", Path(asked["package"])).start()
                    extension.STATIC = Path(asked["package"]) / "site" / "static"
                public_places()
                build_steps.make_book(
                    Repository(Path(asked["root"])), jobs=1, pdf=asked["pdf"], report=answer["said"].append
                )
                answer["failed"] = None
            except BuildFailed as error:
                answer["failed"] = str(error)
            finally:
                print(json.dumps(answer), file=told, flush=True)
                with os.fdopen(told_by_copy, "w") as names:
                    names.write("\n".join(sys.modules))
                os._exit(0)
        os.close(told_by_copy)
        with os.fdopen(imported) as names:
            needed = names.read().split()
        os.waitpid(child, 0)
        for name in sorted(set(needed) - set(sys.modules)):
            with contextlib.suppress(Exception):  # what one book imported on its own account
                importlib.import_module(name)


if __name__ == "__main__":
    _serve()
