"""Compare two snapshots: which estimates moved and by how much, which studies came and went, which word changed."""

from collections.abc import Collection
from dataclasses import dataclass

from livrev.review.snapshot import Snapshot

VALUE, LOW, HIGH, K, N = range(5)


@dataclass(frozen=True, slots=True)
class Change:
    """One Result, or one word, before and after; None where there was, or is, none."""

    name: str
    label: str
    before: tuple[float | None, ...] | str | None
    after: tuple[float | None, ...] | str | None


@dataclass(frozen=True)
class Changes:
    """What differs between two states of the review."""

    moved: tuple[Change, ...]
    came: tuple[str, ...]
    went: tuple[str, ...]
    words: tuple[Change, ...]
    sides: tuple[Change, ...]


def compare(old: Snapshot, new: Snapshot, *, differences: Collection[str] = ()) -> Changes:
    """Return what changed from *old* to *new*: Results that moved, came or went, in the order of their names.

    *differences* are the pools whose measure is a difference, so that 0 stands for no effect.
    """
    names = sorted({*old.estimates, *new.estimates})
    labels = old.labels | new.labels
    moved = tuple(
        Change(name, labels.get(name, name), before, after)
        for name in names
        if not _same(before := old.estimates.get(name), after := new.estimates.get(name))
    )
    subjects = sorted({*old.certainty, *new.certainty})
    words = tuple(
        Change(key, labels.get(key, key), old.certainty.get(key), new.certainty.get(key))
        for key in subjects
        if old.certainty.get(key) != new.certainty.get(key)
    )
    sides = []
    for change in moved:
        null = 0 if change.name in differences else 1
        then, now = side_of(change.before, null), side_of(change.after, null)
        if is_pool(change.name) and then and now and then != now:
            sides.append(Change(change.name, change.label, then, now))
    came, went = set(new.studies) - set(old.studies), set(old.studies) - set(new.studies)
    return Changes(moved, tuple(sorted(came)), tuple(sorted(went)), words, tuple(sides))


def is_pool(name: str) -> bool:
    """Tell whether *name* is that of a pooled estimate itself, and not of its k, its I² or its prediction interval."""
    return name.startswith("pool.") and name.count(".") == 1


def _same(before: tuple[float | None, ...] | None, after: tuple[float | None, ...] | None) -> bool:
    """Tell whether two states of a Result agree to one part in ten thousand: below that no form of printing shows it."""
    if before is None or after is None:
        return before is after
    return all(
        a == b or (a is not None and b is not None and abs(a - b) <= 1e-4 * max(abs(a), abs(b)))
        for a, b in zip(before, after, strict=True)
    )


def side_of(values: tuple[float | None, ...] | str | None, null: float = 1) -> str:
    """Return where an interval lies: below *null* (no effect), above or across it; nothing where there is no interval."""
    if not isinstance(values, tuple):
        return ""
    low, high = values[LOW], values[HIGH]
    if low is None or high is None or (null and high > 50):  # a share in percent has no such line
        return ""
    return f"below {null:g}" if high < null else f"above {null:g}" if low > null else f"across {null:g}"
