"""Know whether anything that notebooks can read has changed, and keep between builds what takes long to make.

What a notebook did read, its kernel noted while it ran (livrev.records.reads). What `recall_or_make` keeps as JSON in `_build`
depends on all that a notebook can read (package, data, bibliography, lock, and what is cited): it belongs to one state of these,
and goes when they change.

Sphinx keeps what it made out of the review as pickles. A pickle can run anything, so only what this user wrote may be used. Each
checkout has a folder in the user's cache (`$XDG_CACHE_HOME/livrev`, else `~/.cache/livrev`) that nobody else can read or write. A
mark in `_build` says which build it belongs to: where `_build` was deleted, or came with the checkout, nothing kept is taken for
it, and the next build of any review deletes it.
"""

import hashlib
import json
import os
import secrets
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from livrev.paths import Repository
from livrev.records.reads import CITED
from livrev.transaction import write_atomically

_MARK, _OWNER = ".doctrees", "belongs-to"
_RECORDS = ("*.md", "*.csv", "*.json", "*.yml")
_PACKAGE = (".py", ".json", ".yml")  # what computes, and the tables that it reads


@dataclass(frozen=True)
class Inputs:
    """Digests of what notebooks read, as the files are now; each is computed once."""

    repository: Repository
    _known: dict[str, str] = field(default_factory=dict)

    def everything(self) -> list[str]:
        """Return the names of all that a notebook may read."""
        repository = self.repository
        files = [repository.references, repository.lock, *repository.chapter_files(), *repository.notebook_files()]
        files += [*_package_files(repository), *repository.data.rglob("*"), repository.data]
        folders = [repository.relative(path) + "/" for path in files if path.is_dir()]
        return [*map(repository.relative, files), *folders, CITED]

    def take(self, names: Iterable[str]) -> dict[str, str]:
        """Return the digests of *names*; a file that changes afterwards is found to have changed."""
        return {name: self.digest(name) for name in sorted(set(names))}

    def hold(self, read: Mapping[str, str]) -> bool:
        """Tell whether all that was *read* is as it was."""
        return all(self.digest(name) == said for name, said in read.items())

    def digest(self, name: str) -> str:
        """Return a digest of what stands behind *name*, a name that livrev.records.reads gives; empty where nothing does."""
        if name not in self._known:
            self._known[name] = self._compute(name)
        return self._known[name]

    def _compute(self, name: str) -> str:
        path = self.repository.root / name
        if name == CITED:
            from livrev.checks.citations import cited_in  # which needs all that reads records; most answers do not
            from livrev.records.text_files import read_chapters

            chapters = read_chapters(self.repository)[0]
            return _short(json.dumps({file: sorted({key for key, _ in cited_in(chapters[file])}) for file in chapters}))
        if name.endswith("/"):
            return _short("\n".join(sorted(one.name for one in path.iterdir()))) if path.is_dir() else ""
        if path.is_dir():
            below = sorted(one for one in path.rglob("*") if one.is_file())
            return _short("\n".join(f"{one.name} {self.digest(self.repository.relative(one))}" for one in below))
        return _short(path.read_bytes()) if path.is_file() else ""


def _package_files(repository: Repository) -> Iterator[Path]:
    return (path for path in repository.package.rglob("*") if path.suffix in _PACKAGE)


def record_files(repository: Repository) -> list[Path]:
    """Return the records and all that computes with them: package, data, bibliography, lock."""
    data = [path for pattern in _RECORDS for path in repository.data.rglob(pattern) if "_build" not in path.parts]
    files = [repository.references, repository.lock, *_package_files(repository), *data]
    return sorted(path for path in files if path.is_file())


def digest_inputs(repository: Repository) -> str:
    """Return a digest of the record_files, and of what is cited."""
    return digest_all(Inputs(repository).take([*map(repository.relative, record_files(repository)), CITED]))


def digest_all(said: object) -> str:
    """Return a short digest of what *said* looks like."""
    return _short(repr(said))[:16]


def digest_files(paths: Iterable[Path]) -> str:
    """Return a digest of *paths*: of their names and of what is in them."""
    return digest_all([(path.name, _short(path.read_bytes())) for path in paths])


def _short(content: str | bytes) -> str:
    return hashlib.sha256(content.encode() if isinstance(content, str) else content).hexdigest()[:32]


def recall(repository: Repository, name: str) -> Any:
    """Return what was kept under *name* for the present inputs, or None."""
    place = _place(repository, name)
    return json.loads(place.read_text(encoding="utf-8")) if place.is_file() else None


def keep(repository: Repository, name: str, value: Any) -> Any:
    """Keep *value* (what JSON can hold) under *name*, and return it as it will be recalled.

    What was kept for other inputs is deleted.
    """
    place = _place(repository, name)
    if not place.parent.is_dir():
        shutil.rmtree(place.parent.parent, ignore_errors=True)
        place.parent.mkdir(parents=True)
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    write_atomically(place, text)
    return json.loads(text)


def recall_or_make(repository: Repository, name: str, make: Callable[[], Any]) -> Any:
    """Return what was kept under *name*, or make and keep it; the same either way."""
    known = recall(repository, name)
    return keep(repository, name, make()) if known is None else known


def _place(repository: Repository, name: str) -> Path:
    return repository.build / ".kept" / digest_inputs(repository) / f"{name}.json"


@contextmanager
def private_doctrees(repository: Repository) -> Iterator[Path]:
    """Yield a folder for Sphinx's doctrees: the same from build to build, a passing one where none can be kept privately."""
    try:
        kept = _open_kept(repository)
    except (OSError, RuntimeError):  # no home, one that cannot be written, or another user's
        with tempfile.TemporaryDirectory(prefix="livrev-") as passing:
            yield Path(passing)
        return
    yield kept / "doctrees"


def _open_kept(repository: Repository) -> Path:
    """Return the folder of this checkout, emptied unless it belongs to what lies in `_build`. Raises OSError or RuntimeError."""
    root, mark = repository.root.resolve(), repository.build / _MARK
    base = _private(_caches() / "livrev", root)
    for other in base.iterdir():
        with suppress(OSError, ValueError):
            if not _mark_of((other / _OWNER).read_text(encoding="utf-8")).is_file():
                shutil.rmtree(other)
    folder = base / hashlib.sha256(os.fsencode(root)).hexdigest()[:16]
    if mark.is_dir():  # Sphinx's own folder has its name: a book that was built without us
        shutil.rmtree(mark)
    owner = f"{root}\n{mark.read_text(encoding='utf-8') if mark.is_file() else ''}"
    known = folder / _OWNER
    if not known.is_file() or known.read_text(encoding="utf-8") != owner or not os.access(folder, os.W_OK):
        shutil.rmtree(folder, ignore_errors=True)
        token = secrets.token_hex(16)
        mark.parent.mkdir(exist_ok=True)
        mark.write_text(token, encoding="utf-8")
        folder.mkdir(mode=0o700)
        known.write_text(f"{root}\n{token}", encoding="utf-8")
    return folder


def _caches() -> Path:
    named = Path(os.environ.get("XDG_CACHE_HOME", ""))
    if named.is_absolute():
        return named
    home = Path.home()
    if home == Path(home.anchor) or not home.is_dir():
        raise FileNotFoundError(home)
    return home / ".cache"


def _private(folder: Path, root: Path) -> Path:
    """Make *folder* one that this user alone can use. Raises OSError where it cannot be, or lies within the checkout at *root*."""
    if folder.resolve().is_relative_to(root):
        raise PermissionError(folder)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if folder.is_symlink() or folder.stat().st_uid != os.getuid():
        raise PermissionError(folder)
    folder.chmod(0o700)
    return folder


def _mark_of(owner: str) -> Path:
    return Path(owner.partition("\n")[0]) / "_build" / _MARK
