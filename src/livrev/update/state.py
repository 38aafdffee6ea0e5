"""Keep what services answered during a look that is not finished, so that a look begun again asks only for the rest.

One SQLite file in `_build/watch/`: it stands being killed at any moment, and deleting it costs nothing but asking again.
It also keeps the abstracts of candidates, for the person who screens them here; they are not ours to publish.
"""

import datetime
import hashlib
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import astuple
from pathlib import Path
from typing import Any

from livrev.sources.transport import SECRET, Answer, Parsed, Transport

_KEPT_DAYS = 3  # an answer older than this no longer says how things stand
_TABLES = """
create table if not exists kept (key text primary key, day text, content blob, type text, charset text, address text);
create table if not exists abstracts (record text primary key, text text);
"""


class State(AbstractContextManager["State"]):
    """The state below *folder*, for one look at a time."""

    def __init__(self, folder: Path, *, today: datetime.date) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._today = self._oldest = today
        self._file = sqlite3.connect(folder / "state.sqlite", isolation_level=None, timeout=5.0)
        try:
            self._file.executescript(_TABLES)
        except sqlite3.DatabaseError:  # half a file, or another program's: it holds nothing that cannot be asked again
            self._file.close()
            (folder / "state.sqlite").unlink()
            self._file = sqlite3.connect(folder / "state.sqlite", isolation_level=None, timeout=5.0)
            self._file.executescript(_TABLES)
        oldest = today - datetime.timedelta(days=_KEPT_DAYS)
        self._file.execute("delete from kept where day < ?", (oldest.isoformat(),))

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def recall(self, key: str) -> Answer | None:
        """Return the answer that was kept under *key*."""
        if (row := self._file.execute("select * from kept where key = ?", (key,)).fetchone()) is None:
            return None
        self._oldest = min(self._oldest, datetime.date.fromisoformat(row[1]))
        return Answer(*row[2:])

    def day(self) -> datetime.date:
        """Return the day of the oldest answer used since this was last asked: what was learnt holds for that day."""
        oldest, self._oldest = self._oldest, self._today
        return oldest

    def keep(self, key: str, answer: Answer) -> None:
        """Keep *answer* under *key*; once this returns, being killed does not lose it."""
        row = (key, self._today.isoformat(), *astuple(answer))
        self._file.execute("insert or replace into kept values (?, ?, ?, ?, ?, ?)", row)

    def forget(self) -> None:
        """Forget every answer: the look is finished, and what it learnt stands in data/."""
        self._file.execute("delete from kept")

    def keep_abstracts(self, abstracts: Iterable[tuple[str, str]]) -> None:
        """Keep the abstracts of records, by their ids."""
        self._file.execute("begin")
        self._file.executemany("insert or replace into abstracts values (?, ?)", abstracts)
        self._file.execute("commit")

    def abstract(self, record: str) -> str:
        """Return the abstract of a record, or nothing where it is not kept here."""
        row = self._file.execute("select text from abstracts where record = ?", (record,)).fetchone()
        return str(row[0]) if row else ""


class Remembering:
    """A way to a service that asks nothing twice: what was answered in this look is taken from its state."""

    def __init__(self, way: Transport, state: State) -> None:
        self._way, self._state = way, state

    def get(self, path: str, params: Mapping[str, str] | None, parse: Callable[[Answer], Parsed]) -> Parsed:
        """Return what *parse* makes of the answer, kept or new; only what could be parsed is kept."""
        asked = sorted((name, value) for name, value in (params or {}).items() if name not in SECRET)
        key = hashlib.sha256(repr((self._way.base, path, asked)).encode()).hexdigest()
        if (kept := self._state.recall(key)) is not None:
            return parse(kept)

        def keep(answer: Answer) -> Parsed:
            parsed = parse(answer)
            self._state.keep(key, answer)
            return parsed

        return self._way.get(path, params, keep)


@contextmanager
def remembering(client: Any, state: State) -> Iterator[None]:
    """Let *client*, one of `livrev.sources.services`, ask nothing twice while *state* is kept; then close its connections."""
    way: Transport = client._way
    client._way = Remembering(way, state)
    try:
        yield
    finally:
        way.close()
