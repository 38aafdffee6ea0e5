"""Build a small book in a copy of the process of the tests, which has imported Sphinx already: two seconds instead of ten.

The same steps as `livrev build` takes; that it takes them in a process of its own is shown once (test_book.py).
"""

import contextlib
import fcntl
import json
import os
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from livrev.paths import Repository
from livrev.site.build import EPOCH, BuildFailed, public_places


@contextlib.contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Let one worker of the tests at a time into the block."""
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def build_again(repository: Repository, *, pdf: bool = False, **environment: str) -> list[str]:
    """Build the book of *repository*, with *environment* set; return what was said. Raises BuildFailed as a build does."""
    from livrev.site import build_steps

    build_steps.import_sphinx()
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        answer: dict[str, Any] = {"said": [], "failed": "the build ended without a word"}
        try:
            os.environ.update({"SOURCE_DATE_EPOCH": EPOCH, **environment})
            warnings.simplefilter("ignore")
            public_places()
            build_steps.make_book(repository, jobs=1, pdf=pdf, report=answer["said"].append)
            answer["failed"] = None
        except BuildFailed as error:
            answer["failed"] = str(error)
        finally:
            with os.fdopen(writer, "w", encoding="utf-8") as told:
                json.dump(answer, told)
            os._exit(0)
    os.close(writer)
    with os.fdopen(reader, encoding="utf-8") as told:
        answer = json.load(told)
    os.waitpid(child, 0)
    if answer["failed"] is not None:
        raise BuildFailed(answer["failed"])
    said: list[str] = answer["said"]
    return said
