"""Take, write and read snapshots: what each Result was, which studies there were, and how sure we were, at a release."""

import datetime
import json
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from livrev.atomic_write import write_atomically
from livrev.diagnostics import Problem, ReviewError
from livrev.paths import Repository
from livrev.records.printed import Printed
from livrev.records.review import Review
from livrev.review.results import compute_results

VERSION = re.compile(r"\d+\.\d+\.\d+")
_FIELDS = ("value", "low", "high", "k", "n")
_DIGITS = 6  # significant; more would be the noise of the machine


@dataclass(frozen=True)
class Snapshot:
    """One state of the review. *estimates* holds value, low, high, k and n by name; *certainty* the word by subject."""

    version: str
    date: str
    estimates: dict[str, tuple[float | None, ...]] = field(repr=False)
    labels: dict[str, str] = field(repr=False)
    studies: tuple[str, ...] = field(repr=False)
    certainty: dict[str, str] = field(repr=False)


def take_snapshot(review: Review, *, version: str, date: datetime.date) -> Snapshot:
    """Return what *review* says now."""
    results = compute_results(review)
    return Snapshot(
        version,
        date.isoformat(),
        {name: tuple(_round(getattr(result, field)) for field in _FIELDS) for name, result in results.items()},
        {name: result.label for name, result in results.items() if name.startswith("pool.")},
        tuple(sorted(review.studies)),
        _certainty(review),
    )


def is_reported(name: str) -> bool:
    """Tell whether the Result called *name* is a number that a source prints, and not one that was computed."""
    return name.startswith("outcome.") and not name.endswith(".exact")


def _round(number: float | None) -> float | None:
    return number if number is None or isinstance(number, Printed) else float(f"{number:.{_DIGITS}g}")


def _certainty(review: Review) -> dict[str, str]:
    """Return the certainty word of each strategy and each pool; pools are judged in appraisals, or in their own table."""
    words = {f"strategy.{key}": str(strategy.certainty) for key, strategy in review.strategies.items()}
    for table in ("pools", "appraisals"):
        for record in review.tables[table].records if table in review.tables else ():
            if record.get("certainty"):
                words[f"pool.{record['pool']}"] = record["certainty"]
    return words


def dump_snapshot(snapshot: Snapshot) -> str:
    """Return *snapshot* as JSON, one Result a line, so that git shows what moved."""

    def block(values: dict[str, Any]) -> str:
        lines = (f"  {json.dumps(k)}: {_dump(values[k])}" for k in sorted(values))
        return "{\n" + ",\n".join(lines) + "\n }"

    head = f' "version": {json.dumps(snapshot.version)},\n "date": {json.dumps(snapshot.date)},\n'
    head += f' "fields": {json.dumps(_FIELDS)},\n'
    studies = "[\n" + ",\n".join(f"  {json.dumps(study)}" for study in snapshot.studies) + "\n ]"
    return (
        "{\n" + head + f' "estimates": {block(snapshot.estimates)},\n "labels": {block(snapshot.labels)},\n'
        f' "studies": {studies},\n "certainty": {block(snapshot.certainty)}\n}}\n'
    )


def _dump(value: str | tuple[float | None, ...]) -> str:
    """Return a word, or numbers without the nothings at their end, as JSON: reported numbers with the digits that were printed."""
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    kept = list(value)
    while kept and kept[-1] is None:
        kept.pop()
    return f"[{', '.join(map(_dump_number, kept))}]"


def _dump_number(number: float | None) -> str:
    if isinstance(number, Printed):
        return number.text
    return json.dumps(int(number) if number is not None and number == int(number) else number)


def load_snapshot(text: str) -> Snapshot:
    """Return the snapshot that *text* holds. Raises ValueError where it holds none."""
    try:
        data = json.loads(text, parse_float=_parse)
        width = len(data["fields"])
        estimates = {
            name: tuple(_number(name, v) for v in [*values, *[None] * (width - len(values))])
            for name, values in data["estimates"].items()
        }
        return Snapshot(
            data["version"], data["date"], estimates, data["labels"], tuple(data["studies"]), data["certainty"]
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"is no snapshot ({error})") from error


def _parse(text: str) -> float:
    return float(text) if "e" in text.lower() else Printed(text)


def _number(name: str, value: float | None) -> float | None:
    return None if value is None else Printed(value) if is_reported(name) else float(value)


def write_snapshot(repository: Repository, snapshot: Snapshot) -> Path:
    """Write *snapshot* into data/history/. Raises FileExistsError where that version has one: history does not change."""
    path = repository.history / f"{snapshot.version}.json"
    if path.exists():
        raise FileExistsError(f"{repository.relative(path)} exists; a release is recorded once")
    path.parent.mkdir(exist_ok=True)
    write_atomically(path, dump_snapshot(snapshot))
    return path


def read_history(repository: Repository) -> list[Snapshot]:
    """Return the snapshots on record, the oldest first. Raises ReviewError where one cannot be read."""
    snapshots, problems = [], []
    for path in sorted(repository.history.glob("*.json"), key=_version_of):
        try:
            snapshots.append(load_snapshot(path.read_text(encoding="utf-8")))
        except ValueError as error:
            cure = "restore it from git"
            problems.append(Problem(repository.relative(path), 1, "snapshot", "", f"cannot be read: {error}", cure))
    if problems:
        raise ReviewError(problems)
    return snapshots


def _version_of(path: Path) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", path.stem))
