"""What is new, as tables: the last release beside what the review says now."""

import datetime

from livrev.records.review import Review
from livrev.review.changes import HIGH, LOW, VALUE, Change, Changes, K, compare, is_pool
from livrev.review.pool_inputs import DIFFERENCES
from livrev.review.snapshot import Snapshot, read_history, take_snapshot
from livrev.show.format import format_number
from livrev.show.tables import ShownTable, show_table


def read_changes(review: Review) -> tuple[Snapshot, Changes]:
    """Return the latest release that says something else than *review* does now, and what changed since.

    Right after a release that is the release before, so that the page always tells what came last. Raises ValueError
    where no release is on record.
    """
    history = read_history(review.repository)
    if not history:
        raise ValueError("no release is on record; run livrev snapshot VERSION at the first one")
    now = take_snapshot(review, version="now", date=datetime.date.today())
    records = review.tables["pools"].records if "pools" in review.tables else ()
    differences = {f"pool.{record['pool']}" for record in records if record["measure"] in DIFFERENCES}
    for last in reversed(history):
        changes = compare(last, now, differences=differences)
        if changes.moved or changes.words or changes.came or changes.went:
            return last, changes
    return history[-1], compare(history[-1], now, differences=differences)


def show_summary(changes: Changes, last: Snapshot) -> ShownTable:
    """Return how much changed, in a few counts."""
    rows = [
        {"what": "pooled estimates that moved, came or went", "number": len(_pools(changes))},
        {"what": "pooled estimates whose interval changed its side of no effect", "number": len(changes.sides)},
        {"what": "certainty words that changed, came or went", "number": len(changes.words)},
        {"what": "studies that came", "number": len(changes.came)},
        {"what": "studies that went", "number": len(changes.went)},
        {"what": "all Results that moved, came or went", "number": len(changes.moved)},
    ]
    caption = f"Since version {last.version} of {last.date}"
    return show_table(rows, name="table-new-summary", caption=caption, columns={"what": "What", "number": "Number"})


def show_moved_pools(changes: Changes) -> ShownTable:
    """Return each pooled estimate that moved, came or went, before and after."""
    rows = [
        {
            "label": change.label,
            "before": _say(change.before),
            "after": _say(change.after),
            "by": _by(change.before, change.after),
        }
        for change in _pools(changes)
    ]
    columns = {"label": "Pooled estimate", "before": "Then", "after": "Now", "by": "Moved by"}
    return show_table(rows, name="table-new-pools", caption="Pooled estimates, then and now", columns=columns)


def show_words(changes: Changes) -> ShownTable:
    """Return each conclusion that changed its word: the certainty, or the side of no effect on which an interval lies."""
    rows = [
        {"kind": kind, "label": change.label, "before": change.before or "none", "after": change.after or "none"}
        for kind, found in (("interval", changes.sides), ("certainty", changes.words))
        for change in found
    ]
    columns = {"kind": "Word", "label": "Of what", "before": "Then", "after": "Now"}
    return show_table(rows, name="table-new-words", caption="Conclusions that changed their word", columns=columns)


def show_studies_moved(changes: Changes, review: Review) -> ShownTable:
    """Return the studies that came or went."""
    rows = [
        {"study": study, "name": review.studies[study].name if study in review.studies else "", "what": what}
        for what, studies in (("came", changes.came), ("went", changes.went))
        for study in studies
    ]
    columns = {"study": "Study", "name": "Name", "what": "What"}
    return show_table(rows, name="table-new-studies", caption="Studies that came or went", columns=columns)


def show_all_moved(changes: Changes) -> ShownTable:
    """Return every Result that moved, came or went."""
    rows = [
        {"name": change.name, "before": _say(change.before), "after": _say(change.after)} for change in changes.moved
    ]
    columns = {"name": "Result", "before": "Then", "after": "Now"}
    return show_table(rows, name="table-new-results", caption="Every Result that moved, came or went", columns=columns)


def _pools(changes: Changes) -> list[Change]:
    return [change for change in changes.moved if is_pool(change.name)]


def _say(values: tuple[float | None, ...] | str | None) -> str:
    if values is None or isinstance(values, str):
        return values or "none"
    value, low, high, k = values[VALUE], values[LOW], values[HIGH], values[K]
    whole = value is not None and value == int(value) and low is None
    text = "" if value is None else format_number(value, 0 if whole else 2)
    if low is not None and high is not None:
        text += f" ({low:.2f} to {high:.2f})"
    return text + (f", k = {k:g}" if k is not None and low is not None else "")


def _by(before: tuple[float | None, ...] | str | None, after: tuple[float | None, ...] | str | None) -> str:
    if not isinstance(before, tuple) or not isinstance(after, tuple):
        return "came" if before is None else "went"
    old, new = before[VALUE], after[VALUE]
    return f"{100 * (new / old - 1):+.1f} %".replace("-", "−") if old and new is not None else ""
