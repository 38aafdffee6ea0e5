"""Know for each executed notebook what it read, and whether any of it has changed since.

Kept beside the executed notebooks, one entry a notebook: its own code, and a digest of each thing that it read, which the
kernel noted while it ran (livrev.records.reads).
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from livrev.checks.citations import cited_in
from livrev.paths import Repository
from livrev.records.reads import CITED
from livrev.records.text_files import read_chapters
from livrev.transaction import write_atomically


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

    def take_all(self) -> "Inputs":
        """Compute all digests now: a file that changes while notebooks run is then found to have changed."""
        for name in self.everything():
            self.digest(name)
        return self

    def digest(self, name: str) -> str:
        """Return a digest of what stands behind *name*, a name that livrev.records.reads gives; empty where nothing does."""
        if name not in self._known:
            self._known[name] = self._compute(name)
        return self._known[name]

    def _compute(self, name: str) -> str:
        if name == CITED:
            return digest_cited(self.repository)
        path = self.repository.root / name
        if name.endswith("/"):
            return _short("\n".join(sorted(one.name for one in path.iterdir())).encode()) if path.is_dir() else ""
        if path.is_dir():
            below = sorted(one for one in path.rglob("*") if one.is_file())
            return _short(
                "\n".join(f"{one.name} {self.digest(self.repository.relative(one))}" for one in below).encode()
            )
        return _short(path.read_bytes()) if path.is_file() else ""


def digest_cited(repository: Repository) -> str:
    """Return a digest of what each chapter cites."""
    cited = {file: sorted({key for key, _ in cited_in(text)}) for file, text in read_chapters(repository)[0].items()}
    return _short(json.dumps(cited).encode())


def _short(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:32]


@dataclass(frozen=True)
class Kept:
    """One executed notebook: the key of its code in the cache, and the digests of what it read."""

    code: str
    read: dict[str, str]

    def holds(self, inputs: Inputs) -> bool:
        """Tell whether all that was read is as it was."""
        return all(inputs.digest(name) == said for name, said in self.read.items())


def recall_kept(place: Path) -> dict[str, Kept]:
    """Return what was kept at *place*, by the name of the notebook; nothing where it cannot be read."""
    try:
        said = json.loads(place.read_text(encoding="utf-8"))
        return {name: Kept(str(one["code"]), dict(one["read"])) for name, one in said.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def keep(place: Path, kept: dict[str, Kept]) -> None:
    """Keep *kept* at *place* for the next build."""
    said = {name: {"code": one.code, "read": one.read} for name, one in sorted(kept.items())}
    write_atomically(place, json.dumps(said, indent=0))


def take_down(names: Iterable[str], code: str, inputs: Inputs) -> Kept:
    """Return the entry of a notebook that has just read *names*."""
    return Kept(code, {name: inputs.digest(name) for name in sorted(set(names))})
