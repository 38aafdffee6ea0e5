"""Note what is read of a review, so that a notebook runs again where something that it read has changed, and only there.

A name is a file or folder, relative to the root of the review (a folder stands for all that is in it; with a slash at its end,
for the names of what is in it), or CITED. Whoever is in doubt notes more: nothing is lost by running a notebook once too often.
"""

import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from livrev.paths import Repository

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Read = TypeVar("Read", bound="DataclassInstance")
CITED = "what the chapters cite"
_READING = ("open", "os.listdir", "os.scandir", "glob.glob")
_watch: "_Watch | None" = None


class _Watch:
    """What is noted, whom to tell, and whether noting is off for the moment."""

    def __init__(self, repository: Repository, tell: Callable[[str], None]) -> None:
        self.repository, self.package = Repository(repository.root.resolve()), repository.package.resolve()
        self.left_out = (Path(sys.prefix).resolve(), self.repository.build)
        self.tell, self.off = tell, False
        self.known: set[str] = set()

    def note(self, name: str) -> None:
        if name not in self.known:
            self.known.add(name)
            self.tell(name)

    def see(self, event: str, arguments: tuple[Any, ...]) -> None:
        """Note the file that is opened, or the folder that is listed, where it belongs to the review or to the package."""
        if event not in _READING or self.off or not isinstance(arguments[0], str | bytes | os.PathLike):
            return
        path = Path(os.fsdecode(arguments[0])).resolve()
        ours = path.is_relative_to(self.repository.root) or path.is_relative_to(self.package)
        if not ours or any(path.is_relative_to(place) for place in self.left_out):
            return
        if event != "open":
            self.note(self.repository.relative(path) + "/")
        elif not (arguments[2] or 0) & (os.O_WRONLY | os.O_RDWR):
            if path.suffix == ".pyc" and path.parent.name == "__pycache__":  # whoever compiled it, pytest too
                path = path.parent.parent / f"{path.name.partition('.')[0]}.py"
            self.note(self.repository.relative(path))


def watch_reads(repository: Repository, tell: Callable[[str], None]) -> None:
    """From now on, to the end of this process, *tell* each name that is read, once.

    The modules of the package that were imported before are told at once, with the tables that stand beside them.
    """
    global _watch
    watch = _Watch(repository, tell)
    for name, module in list(sys.modules.items()):
        if name.partition(".")[0] == "livrev" and getattr(module, "__file__", None):
            place = Path(str(module.__file__)).resolve()
            for path in (place, *place.parent.glob("*.yml")):
                watch.note(watch.repository.relative(path))
    _watch = watch
    sys.addaudithook(watch.see)


def is_watched() -> bool:
    """Tell whether anybody wants to know what is read."""
    return _watch is not None


def note_reads(names: Iterable[str]) -> None:
    """Note that *names* are read, where somebody wants to know."""
    if _watch is not None and not _watch.off:
        for name in names:
            _watch.note(name)


def watched(record: Read, places: Mapping[str, Iterable[str]]) -> Read:
    """Return *record*, a dataclass, as it is, but noting the *places* of each of its fields when that is read.

    What is derived from a field is derived anew, and so noted too; a copy with some fields exchanged notes as it did.
    """

    def read(this: Read, name: str) -> Any:
        note_reads(places.get(name, ()))
        return object.__getattribute__(this, name)

    kind = type(record)
    twin: Read = object.__new__(type(f"Watched{kind.__name__}", (kind,), {"__getattribute__": read}))
    for field in fields(record):
        object.__setattr__(twin, field.name, getattr(record, field.name))
    return twin


@contextmanager
def noting_only(*names: str) -> Iterator[None]:
    """Note *names*, and nothing that is read within the block: they stand for all of it."""
    note_reads(names)
    if _watch is None or _watch.off:
        yield
        return
    _watch.off = True
    try:
        yield
    finally:
        _watch.off = False
