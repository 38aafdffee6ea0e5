"""A review that notes which of its parts are read (see livrev.records.reads)."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

from livrev.paths import Repository
from livrev.records.reads import note_reads
from livrev.records.review import Review, Rows


# The files that each part of a Review is read from, besides those that all parts hang on (`_read_always`).
def _read_perhaps(repository: Repository) -> Iterable[Path]:
    """Return everything: what a part is read from that FILES does not know."""
    return (repository.data, repository.references)


FILES: Mapping[str, Callable[[Repository], Iterable[Path]]] = {
    "repository": lambda repository: (),  # it names files; whoever opens one is seen to do so
    "vocabulary": lambda repository: (),
    "settings": lambda repository: (),
    "references": lambda repository: (repository.references,),
    "sources": lambda repository: (repository.sources,),
    "front_matter": lambda repository: (repository.sources,),
    "features": lambda repository: (repository.features,),
    "tables": lambda repository: (),  # noted table by table
    "unread": _read_perhaps,
    "lost": _read_perhaps,
}
_FIELDS = {field.name for field in fields(Review)}


def _read_always(repository: Repository) -> Iterable[Path]:
    return (repository.lock, repository.datapackage, *sorted(repository.data.glob("*.yml")))


def _note(repository: Repository, paths: Iterable[Path]) -> None:
    note_reads(repository.relative(path) for path in paths)


class _WatchedTables(Mapping[str, Rows]):
    """The tables by name; one that is looked at is noted, and there is no way round that."""

    def __init__(self, repository: Repository, tables: Mapping[str, Rows]) -> None:
        self._repository, self._tables = repository, tables

    def __getitem__(self, name: str) -> Rows:
        rows = self._tables[name]
        _note(self._repository, [self._repository.data / rows.table.path])
        return rows

    def __or__(self, others: Mapping[str, Rows]) -> "_WatchedTables":
        """Return these tables with some exchanged; whoever looks at one is still seen."""
        return _WatchedTables(self._repository, {**self._tables, **others})

    def __iter__(self) -> Iterator[str]:
        return iter(self._tables)

    def __len__(self) -> int:
        return len(self._tables)


class _WatchedReview(Review):
    """A Review whose fields note that they are read; what is derived from them is derived anew, and so noted too."""

    def __getattribute__(self, name: str) -> Any:
        value = super().__getattribute__(name)
        if name in _FIELDS and name != "repository":
            repository: Repository = super().__getattribute__("repository")
            _note(repository, FILES.get(name, _read_perhaps)(repository))
        return value


def watched(review: Review) -> Review:
    """Return *review* as it is, but noting from now on what is read of it."""
    _note(review.repository, _read_always(review.repository))
    twin = object.__new__(_WatchedReview)
    twin.__dict__.update({name: getattr(review, name) for name in _FIELDS})
    twin.__dict__["tables"] = _WatchedTables(review.repository, review.tables)
    return twin
