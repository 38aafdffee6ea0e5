"""Hold the rows of a long table in little memory: each as the values of its columns, made a record when it is asked for."""

import datetime
from collections import UserDict
from collections.abc import Callable, Iterator, Sequence
from operator import itemgetter
from typing import Any

from pydantic import BaseModel

Cell = str | float | datetime.date | tuple[str, ...] | None
Cells = dict[str, Cell]
"""A row as its table describes it, whatever that is: by the names of its columns."""
LONG = 50_000  # rows; a table below that is held as records, which are quicker


class LongRows:
    """The records of a table, in their order; each is made when it is looked at, so none is changed by changing it."""

    def __init__(self, names: Sequence[str]) -> None:
        self._names = tuple(names)
        self._rows: list[tuple[Cell, ...]] = []

    def append(self, record: Cells) -> None:
        """Add a row; *record* gives every column."""
        self._rows.append(tuple(map(record.__getitem__, self._names)))

    def __len__(self) -> int:
        return len(self._rows)

    def __getitem__(self, number: int) -> Cells:
        return dict(zip(self._names, self._rows[number], strict=True))

    def __iter__(self) -> Iterator[Cells]:
        return map(self.__getitem__, range(len(self)))

    def column(self, name: str) -> Iterator[Any]:
        """Yield the value of one column in each row."""
        return map(itemgetter(self._names.index(name)), self._rows)


class LongRecords(UserDict[str, Any]):
    """The typed records of a long table by their key, the column *named* so, each made when it is looked at."""

    def __init__(self, make: Callable[[Cells], BaseModel], rows: LongRows, named: str) -> None:
        super().__init__()
        self._make, self._rows = make, rows
        self.data = {key: place for place, key in enumerate(rows.column(named))}

    def __getitem__(self, key: str) -> Any:
        return self._make(self._rows[self.data[key]])
