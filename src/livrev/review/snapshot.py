"""Snapshots: what each Result was, which studies there were and how sure we were at a release, and what changed between two."""

import datetime
import json
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from livrev.diagnostics import Problem, Refused, ReviewError
from livrev.paths import Repository
from livrev.records.measures import Printed
from livrev.records.model import Estimate
from livrev.records.review import Review
from livrev.records.text_files import read_text
from livrev.review.certainty import certainty_by_name
from livrev.review.results import compute_results
from livrev.transaction import write_atomically

VERSION = re.compile(r"\d+\.\d+\.\d+")
_FIELDS = ("value", "low", "high", "k", "n")
_DIGITS = 6  # significant; more would be the noise of the machine
State = tuple[float | None, ...] | str
"""What a Result or a rated subject was: the numbers of _FIELDS, or its word."""


@dataclass(frozen=True)
class Snapshot:
    """One state of the review. *estimates* holds value, low, high, k and n by name; *certainty* the word by subject."""

    version: str
    date: str
    estimates: dict[str, tuple[float | None, ...]] = field(repr=False)
    labels: dict[str, str] = field(repr=False)
    studies: tuple[str, ...] = field(repr=False)
    certainty: dict[str, str] = field(repr=False)


def take_snapshot(
    review: Review, *, version: str, date: datetime.date, results: Mapping[str, Estimate] | None = None
) -> Snapshot:
    """Return what *review* says now; *results* are its Results, where they were computed before."""
    results = compute_results(review) if results is None else results
    return Snapshot(
        version,
        date.isoformat(),
        {name: tuple(_round(getattr(result, field)) for field in _FIELDS) for name, result in results.items()},
        {name: result.label for name, result in results.items() if name.startswith("pool.")},
        tuple(sorted(review.studies)),
        certainty_by_name(review),
    )


def _round(number: float | None) -> float | None:
    return number if number is None or isinstance(number, Printed) else float(f"{number:.{_DIGITS}g}")


def dump_snapshot(snapshot: Snapshot) -> str:
    """Return *snapshot* as JSON, one Result a line, so that git shows what moved."""

    def block(values: Mapping[str, State]) -> str:
        return "{\n" + ",\n".join(f"  {json.dumps(name)}: {_dump(values[name])}" for name in sorted(values)) + "\n }"

    studies = "[\n" + ",\n".join(f"  {json.dumps(study)}" for study in snapshot.studies) + "\n ]"
    parts = {"version": json.dumps(snapshot.version), "date": json.dumps(snapshot.date), "fields": json.dumps(_FIELDS)}
    parts |= {"estimates": block(snapshot.estimates), "labels": block(snapshot.labels)}
    parts |= {"studies": studies, "certainty": block(snapshot.certainty)}
    return "{\n" + ",\n".join(f' "{name}": {said}' for name, said in parts.items()) + "\n}\n"


def _dump(value: State | float | None) -> str:
    """Return a word, or numbers without the nothings at their end, as JSON: reported numbers with the digits that were printed."""
    if isinstance(value, tuple):
        kept = max((place for place, number in enumerate(value, 1) if number is not None), default=0)
        return f"[{', '.join(map(_dump, value[:kept]))}]"
    if isinstance(value, Printed):
        return value.text
    return json.dumps(int(value) if isinstance(value, float) and value.is_integer() else value, ensure_ascii=False)


def load_snapshot(text: str) -> Snapshot:
    """Return the snapshot that *text* holds. Raises ValueError where it holds none."""
    try:
        data = json.loads(text, parse_float=str)
        width, estimates = len(data["fields"]), {}
        for name, values in data["estimates"].items():
            # Of the Results, those of outcomes are printed by a source: they keep their digits.
            number = Printed if name.startswith("outcome.") and not name.endswith(".exact") else float
            read = [None if value is None else number(value) for value in values]
            estimates[name] = (*read, *[None] * (width - len(read)))
        said, studies = (data["version"], data["date"]), tuple(data["studies"])
        return Snapshot(*said, estimates, data["labels"], studies, data["certainty"])
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"is no snapshot ({error})") from error


def write_snapshot(repository: Repository, snapshot: Snapshot) -> Path:
    """Write *snapshot* into data/history/. Raises Refused where that version has one: history does not change."""
    path = repository.history / f"{snapshot.version}.json"
    if path.exists():
        raise Refused(f"{repository.relative(path)} exists; a release is recorded once")
    path.parent.mkdir(exist_ok=True)
    write_atomically(path, dump_snapshot(snapshot))
    return path


def read_snapshots(repository: Repository) -> tuple[list[Snapshot], list[Problem]]:
    """Return the snapshots on record, the oldest first, and a problem for each that cannot be read."""
    snapshots, problems = [], []
    for path in sorted(repository.history.glob("*.json"), key=lambda path: [*map(int, re.findall(r"\d+", path.stem))]):
        text, found = read_text(path, repository)
        try:
            snapshots += [] if found else [load_snapshot(text)]
        except (ValueError, RecursionError) as error:
            said = ("snapshot", "", f"cannot be read ({error})", "restore it from git")
            found = [Problem(repository.relative(path), getattr(error, "lineno", 1), *said, cause=True)]
        problems += found
    return snapshots, problems


def read_history(repository: Repository) -> list[Snapshot]:
    """Return the snapshots on record, the oldest first. Raises ReviewError where one cannot be read."""
    snapshots, problems = read_snapshots(repository)
    if problems:
        raise ReviewError(problems)
    return snapshots


VALUE, LOW, HIGH = range(3)


@dataclass(frozen=True, slots=True)
class Change:
    """One Result (estimate), word (certainty), side of no effect (interval) or study, before and after; None where there was none."""

    kind: str
    name: str
    label: str
    before: State | None
    after: State | None


def compare(old: Snapshot, new: Snapshot, *, differences: Collection[str] = ()) -> list[Change]:
    """Return what changed from *old* to *new*, kind by kind, in the order of names: a study that came or went last.

    *differences* are the pools whose measure is a difference, so that 0 stands for no effect.
    """
    labels = old.labels | new.labels

    def between(kind: str, then: Mapping[str, State], now: Mapping[str, State]) -> Iterator[Change]:
        for name in sorted({*then, *now}):
            if not _same(then.get(name), now.get(name)):
                yield Change(kind, name, labels.get(name, name), then.get(name), now.get(name))

    moved = list(between("estimate", old.estimates, new.estimates))
    sides = []
    for one in (one for one in moved if is_pool(one.name)):
        then, now = (side_of(state, 0 if one.name in differences else 1) for state in (one.before, one.after))
        if then and now and then != now:
            sides.append(Change("interval", one.name, one.label, then, now))
    came, went = sorted(set(new.studies) - set(old.studies)), sorted(set(old.studies) - set(new.studies))
    studies = [Change("study", key, key, "", said) for said, keys in (("came", came), ("went", went)) for key in keys]
    return [*moved, *between("certainty", old.certainty, new.certainty), *sides, *studies]


def is_pool(name: str) -> bool:
    """Tell whether *name* is that of a pooled estimate itself, and not of its k, its I² or its prediction interval."""
    return name.startswith("pool.") and name.count(".") == 1


def _same(before: State | None, after: State | None) -> bool:
    """Tell whether two states agree; numbers to one part in ten thousand: below that no form of printing shows it."""
    if not isinstance(before, tuple) or not isinstance(after, tuple):
        return before == after
    pairs = zip(before, after, strict=True)
    return all(
        a == b or (a is not None and b is not None and abs(a - b) <= 1e-4 * max(abs(a), abs(b))) for a, b in pairs
    )


def side_of(values: State | None, null: float = 1) -> str:
    """Return where an interval lies: below *null* (no effect), above or across it; nothing where there is no interval."""
    if not isinstance(values, tuple):
        return ""
    low, high = values[LOW], values[HIGH]
    if low is None or high is None or (null and high > 50):  # a share in percent has no such line
        return ""
    return f"below {null:g}" if high < null else f"above {null:g}" if low > null else f"across {null:g}"
