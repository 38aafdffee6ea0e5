"""Know what a notebook can read, and whether any of it has changed since an executed copy was made.

What a notebook did read, its kernel noted while it ran (livrev.records.reads).
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from livrev.paths import Repository
from livrev.records.reads import CITED

_RECORDS = ("*.md", "*.csv", "*.json", "*.yml")


@dataclass(frozen=True)
class Inputs:
    """Digests of what notebooks read, as the files are now; each is computed once."""

    repository: Repository
    _known: dict[str, str] = field(default_factory=dict)

    def everything(self) -> list[str]:
        """Return the names of all that a notebook may read."""
        repository = self.repository
        files = [repository.references, repository.lock, *repository.chapter_files(), *repository.notebook_files()]
        files += [*repository.package.rglob("*.py"), *repository.data.rglob("*"), repository.data]
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


def record_files(repository: Repository) -> list[Path]:
    """Return the records and all that computes with them: package, data, bibliography, lock."""
    data = [path for pattern in _RECORDS for path in repository.data.rglob(pattern) if "_build" not in path.parts]
    files = [repository.references, repository.lock, *repository.package.rglob("*.py"), *data]
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
