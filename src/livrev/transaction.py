"""Write one file whole or not at all, or several as one: after a crash all of them are old or, after the next command, all new.

To write several, the new files and the old ones are first put aside in `.livrev/`, with a list. Renaming that folder is the moment at which
the change happens; what follows only moves files into place, and can be done again by whoever comes next.
"""

import contextlib
import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from livrev.paths import Repository

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

_STAGED, _DECIDED, _UNDONE, _LIST, _LOCK = "staged-", "decided", "undone", "list.json", "lock"


class ChangeFailed(Exception):
    """Raised where a change could not be made; everything is as it was before."""


@dataclass(frozen=True, slots=True)
class NewText:
    """What a file is to hold (None: it is to go), and the digest of what it held when that was planned (None: nothing)."""

    text: str | None
    held: str | None


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the list: a file, relative to the root, whether it was there, and whether it is to go."""

    name: str
    existed: bool
    goes: bool


def digest_of(path: Path) -> str | None:
    """Return a digest of the bytes of *path*, or None where there is no such file."""
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except (FileNotFoundError, NotADirectoryError):
        return None


def write_atomically(path: Path, text: str) -> None:
    """Write *text* as UTF-8 to *path*, whole or not at all. Raises OSError where the folder cannot be written to."""
    umask = os.umask(0)
    os.umask(umask)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
        mode = path.stat().st_mode & 0o777 if path.exists() else 0o666 & ~umask
        Path(name).chmod(mode)
        Path(name).replace(path)
    except OSError as error:
        Path(name).unlink(missing_ok=True)
        raise OSError(error.errno, error.strerror, str(path)) from None  # a full disk names no file
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def write_together(repository: Repository, texts: Mapping[Path, NewText]) -> None:
    """Write all *texts* or none. Raises ChangeFailed, naming the file, where one changed meanwhile or cannot be written."""
    with _locked(repository):
        _finish(repository)
        for path, new in texts.items():
            if digest_of(path) != new.held:
                name = repository.relative(path)
                raise ChangeFailed(f"{name}: was changed meanwhile by someone else; nothing was written, run it again")
        try:
            _decide(repository, texts)
        except OSError as error:
            raise ChangeFailed(
                f"{repository.pending}: cannot be written ({error.strerror}); nothing was changed"
            ) from None
        _carry_out(repository)


def finish_change(repository: Repository) -> list[str]:
    """Finish the change that an interrupted command left; return the files that it concerned, relative to the root.

    Raises ChangeFailed where it cannot be finished; it was then taken back.
    """
    if not any(
        path.name != _LOCK for path in repository.pending.glob("*")
    ):  # nothing to finish, and nothing to wait for
        return []
    with _locked(repository):
        return _finish(repository)


def _finish(repository: Repository) -> list[str]:
    for dead in repository.pending.glob(f"{_STAGED}*"):
        shutil.rmtree(dead, ignore_errors=True)
    return _carry_out(repository)


def _decide(repository: Repository, texts: Mapping[Path, NewText]) -> None:
    """Put new and old files aside, and decide by one rename that the new ones hold."""
    staged = Path(tempfile.mkdtemp(prefix=_STAGED, dir=repository.pending))
    try:
        entries = []
        for number, (path, new) in enumerate(texts.items()):
            existed = path.exists()
            if existed:
                _write_through(staged / f"{number}.old", path.read_bytes())
                (staged / f"{number}.old").chmod(path.stat().st_mode & 0o777)
            if new.text is not None:
                _write_through(staged / f"{number}.new", new.text.encode("utf-8"))
                if existed:
                    (staged / f"{number}.new").chmod(path.stat().st_mode & 0o777)
            entries.append(Entry(repository.relative(path), existed, new.text is None))
        _write_through(staged / _LIST, json.dumps([asdict(entry) for entry in entries]).encode("utf-8"))
        staged.rename(repository.pending / _DECIDED)
    except BaseException:
        shutil.rmtree(staged, ignore_errors=True)
        raise
    _sync_folder(repository.pending)


def _carry_out(repository: Repository) -> list[str]:
    undone, decided = repository.pending / _UNDONE, repository.pending / _DECIDED
    if undone.is_dir():
        _take_back(repository, undone)
    if not decided.is_dir():
        return []
    entries = _read_list(decided)
    try:
        for number, entry in enumerate(entries):
            new, path = decided / f"{number}.new", repository.root / entry.name
            if entry.goes:
                path.unlink(missing_ok=True)
            elif new.exists():
                path.parent.mkdir(parents=True, exist_ok=True)
                new.replace(path)
                _sync_folder(path.parent)
    except OSError as error:
        decided.rename(undone)
        _take_back(repository, undone)
        where = error.filename2 or error.filename
        raise ChangeFailed(f"{where}: cannot be written ({error.strerror}); nothing was changed") from None
    _forget(decided)
    return [entry.name for entry in entries]


def _read_list(folder: Path) -> list[Entry]:
    try:
        return [Entry(**entry) for entry in json.loads((folder / _LIST).read_text(encoding="utf-8"))]
    except (OSError, ValueError, TypeError) as error:
        cure = f"restore the files from git, then delete {folder}"
        raise ChangeFailed(f"{folder / _LIST}: cannot be read ({error}); {cure}") from None


def _take_back(repository: Repository, undone: Path) -> None:
    """Put copies of the old files back where new ones were moved already; can be done again if it is interrupted."""
    for number, entry in enumerate(_read_list(undone)):
        path = repository.root / entry.name
        if (undone / f"{number}.new").exists():
            continue
        if entry.existed:
            shutil.copy2(undone / f"{number}.old", undone / f"{number}.back")
            (undone / f"{number}.back").replace(path)
        else:
            path.unlink(missing_ok=True)
    _forget(undone)


def _forget(decided: Path) -> None:
    """Delete a change that is done: first its name, in one step, then what is in it."""
    dead = decided.with_name(f"{_STAGED}done-{os.getpid()}")
    decided.rename(dead)
    shutil.rmtree(dead, ignore_errors=True)


def _write_through(path: Path, content: bytes) -> None:
    with path.open("xb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    """Make a rename in *folder* last through a power cut, where the system can."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
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
        raise ChangeFailed(f"{repository.pending}: cannot be written ({error.strerror}); nothing was changed") from None
    with file:
        # where there is no such lock (Windows), the digests still find a change by someone else
        if fcntl is not None:
            fcntl.flock(file, fcntl.LOCK_EX)
        yield
