"""Kill a piece of work before it touches a file for the n-th time.

Each try is a copy of one small process that has imported what the work needs and nothing of the tests: copying the process that
runs them would take tens of milliseconds, a hundred times over.

    with small_process("livrev.cli") as small:
        killed = small.run("livrev", ["--root", "…", "add", "…"], step=3, root=root) == KILLED
"""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from livrev.paths import Repository

_TOUCHES = frozenset(["os.rename", "os.remove", "os.rmdir", "os.mkdir", "os.chmod", "os.truncate"])
_LOOKS = frozenset(["open", "os.listdir", "os.scandir"])
KILLED = -signal.SIGKILL


class Small:
    """The small process."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    def run(self, work: str, *what: Any, step: int | None = None, root: Path | None = None, looks: bool = False) -> int:
        """Do *work* in a copy that dies before it changes a file below *root* after *step* others; return its exit status.

        With *looks*, a look at a file or folder counts as well. The works are "livrev" with the words of a command, "write" with
        a folder, its new texts, and what is in their way, "finish" with a folder.
        """
        return self._ask({"work": work, "what": what, "step": step, "root": str(root or ""), "looks": looks})

    def rehearse(self, work: str, *what: Any) -> int:
        """Do *work* in the small process itself, which then has what it imports on its way."""
        return self._ask({"work": work, "what": what, "rehearsal": True})

    def _ask(self, asked: dict[str, Any]) -> int:
        assert self._process.stdin and self._process.stdout
        self._process.stdin.write(json.dumps(asked) + "\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())


@contextmanager
def small_process(*modules: str) -> Iterator[Small]:
    """Start the small process, and let it import *modules*."""
    command = [sys.executable, __file__, *modules]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield Small(process)
        assert process.stdin
        process.stdin.close()


def command(words: list[str]) -> Callable[[], None]:
    """Return what runs a command."""
    from livrev.cli import main

    return lambda: main(words, standalone_mode=False)


def plan(root: str, texts: dict[str, str | None], obstacle: str = "") -> Callable[[], None]:
    """Return what writes *texts*, by the names of their files, as one change, with a file in the way of it."""
    from livrev.transaction import write_together

    change = planned(Path(root), texts)
    if obstacle:
        (Path(root) / obstacle).write_text("in the way")
    return lambda: write_together(Repository(Path(root)), change)


def planned(root: Path, texts: dict[str, str | None]) -> dict[Path, Any]:
    """Return the change that makes *texts* of what the files hold now."""
    from livrev.transaction import NewText, held_in

    return {path: NewText(text, held_in(path)) for path, text in ((root / name, text) for name, text in texts.items())}


def finish(root: str) -> Callable[[], None]:
    """Return what finishes a change that was interrupted, as every command does first."""
    from livrev.transaction import finish_change

    return lambda: finish_change(Repository(Path(root))) and None


WORKS = {"livrev": command, "write": plan, "finish": finish}


def _die_at(step: int, root: str, looks: bool) -> None:
    """Let this process kill itself, without warning, before the touch that follows *step* others."""
    left = step

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        nonlocal left
        opens = event == "open" and bool((arguments[2] or 0) & (os.O_WRONLY | os.O_RDWR | os.O_CREAT))
        if not (opens or event in _TOUCHES or (looks and event in _LOOKS)):
            return
        if any(root in str(argument) for argument in arguments):
            left -= 1
            if left < 0:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(hook)


def _serve() -> None:
    for module in sys.argv[1:]:
        __import__(module)
    told = os.fdopen(os.dup(1), "w")
    silent = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silent, 1)
    os.dup2(silent, 2)
    os.fsync = lambda handle: (
        None
    )  # a kill loses nothing that was written; waiting for the disk is all that it would cost
    for line in sys.stdin:
        asked = json.loads(line)
        if asked.get("rehearsal"):
            print(_status_of(asked), file=told, flush=True)
            continue
        child = os.fork()
        if child == 0:
            os._exit(_status_of(asked))
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), file=told, flush=True)


def _status_of(asked: dict[str, Any]) -> int:
    try:
        work = WORKS[asked["work"]](*asked["what"])
        if asked.get("step") is not None:
            _die_at(asked["step"], asked["root"], asked["looks"])
        work()
    except SystemExit as stop:
        return int(stop.code or 0)
    except Exception:
        return 70
    return 0


if __name__ == "__main__":
    _serve()
