"""Write one file whole or not at all, or several as one: after a crash all of them are old or, after the next command, all new.

To write several, a journal of their old and new texts is put into `.livrev/`. The rename that puts it there is the moment at which the
change happens; what follows only makes the files what the journal says, and can be done again by whoever comes next.
"""

import contextlib
import fcntl
import json
import os
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from livrev.diagnostics import Refused
from livrev.paths import Repository

_DECIDED, _UNDONE, _LOCK = "decided.json", "undone.json", "lock"


class ChangeFailed(Refused):
    """Raised where a change could not be made; everything is as it was before."""


@dataclass(frozen=True, slots=True)
class NewText:
    """What a file is to hold (None: it is to go), and what it held when that was planned (None: there was no such file)."""

    text: str | None
    held: str | None


def held_in(path: Path) -> str | None:
    """Return what *path* holds, to the byte whatever it is (`surrogateescape`), or None where there is no such file."""
    try:
        return path.read_bytes().decode("utf-8", "surrogateescape")
    except (FileNotFoundError, NotADirectoryError):
        return None


def write_atomically(path: Path, text: str) -> None:
    """Write *text* as UTF-8 to *path*, whole or not at all. Raises OSError where the folder cannot be written to."""
    _write(path, text.encode(), path.parent)


def write_if_changed(path: Path, text: str) -> bool:
    """Write *text* to *path*, with the folders above it, unless it stands there already; tell whether it was written."""
    if held_in(path) == text:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(path, text)
    return True


def write_together(repository: Repository, texts: Mapping[Path, NewText]) -> None:
    """Write all *texts* or none. Raises ChangeFailed, naming the file, where one changed meanwhile or cannot be written."""
    with _locked(repository):
        _finish(repository)
        if changed := [repository.relative(path) for path, new in texts.items() if held_in(path) != new.held]:
            said = "was changed meanwhile by someone else; nothing was written, run it again"
            raise ChangeFailed(f"{changed[0]}: {said}")
        try:
            journal = {repository.relative(path): (new.held, new.text) for path, new in texts.items()}
            _write(repository.pending / _DECIDED, json.dumps(journal).encode(), repository.pending, lasting=True)
        except OSError as error:
            raise ChangeFailed(f"{repository.pending}: {_NOT_WRITTEN.format(error.strerror)}") from None
        _finish(repository)


def finish_change(repository: Repository) -> list[str]:
    """Finish the change that an interrupted command left; return the files that it concerned, relative to the root.

    Raises ChangeFailed where it cannot be finished; it was then taken back.
    """
    if all(path.name == _LOCK for path in repository.pending.glob("*")):  # nothing to finish, and nothing to wait for
        return []
    with _locked(repository):
        return _finish(repository)


_NOT_WRITTEN = "cannot be written ({}); nothing was changed"


def _finish(repository: Repository) -> list[str]:
    """Make every file what the journal says; where that fails, make all what they were."""
    decided, undone = repository.pending / _DECIDED, repository.pending / _UNDONE
    for path in repository.pending.glob(".*"):  # left by who was stopped before a rename
        path.unlink()
    if undone.exists():
        _make_true(repository, undone, new=False)
    if not decided.exists():
        return []
    try:
        return _make_true(repository, decided, new=True)
    except OSError as error:
        decided.replace(undone)
        _make_true(repository, undone, new=False)
        raise ChangeFailed(f"{error.filename2 or error.filename}: {_NOT_WRITTEN.format(error.strerror)}") from None


def _make_true(repository: Repository, journal: Path, *, new: bool) -> list[str]:
    """Make every file what *journal* says that it is to hold, or held before, and delete the journal; return their names."""
    try:
        texts = {name: pair[new] for name, pair in json.loads(journal.read_text(encoding="ascii")).items()}
    except (ValueError, TypeError, LookupError, AttributeError) as error:
        cure = "restore the files from git, then delete it"
        raise ChangeFailed(f"{journal}: cannot be read ({error}); {cure}") from None
    for name, text in texts.items():
        path = repository.root / name
        if text == held_in(path):
            continue
        if text is None:
            path.unlink()
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            _write(path, text.encode("utf-8", "surrogateescape"), repository.pending, lasting=True)
    journal.unlink()
    return list(texts)


def _write(path: Path, content: bytes, stage: Path, *, lasting: bool = False) -> None:
    """Write *content* into the folder *stage*, then rename it to *path*; *lasting* makes that survive a power cut."""
    umask = os.umask(0)
    os.umask(umask)
    handle, name = tempfile.mkstemp(dir=stage, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            if lasting:
                file.flush()
                os.fsync(file.fileno())
        mode = path.stat().st_mode & 0o777 if path.exists() else 0o666 & ~umask
        Path(name).chmod(mode)
        Path(name).replace(path)
    except BaseException as error:
        Path(name).unlink(missing_ok=True)
        if isinstance(error, OSError):  # a full disk names no file
            raise OSError(error.errno, error.strerror, str(path)) from None
        raise
    with contextlib.suppress(OSError):  # where the system can make the rename last, too
        if lasting:
            handle = os.open(path.parent, os.O_RDONLY)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)


@contextlib.contextmanager
def _locked(repository: Repository) -> Iterator[None]:
    """Let one process at a time change files; the system lets go of the lock when its holder dies."""
    try:
        repository.pending.mkdir(exist_ok=True)
        file = (repository.pending / _LOCK).open("a")
    except OSError as error:
        raise ChangeFailed(f"{repository.pending}: {_NOT_WRITTEN.format(error.strerror)}") from None
    with file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
