"""Results as rows: by the names that tables, frames and JSON have for their fields, and as text in columns."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

    from livrev.stats.effect_sizes import Interval

_NAMES = {"low": "ci_low", "high": "ci_high"}
_ENDS = {"hk_modified_ci": "ci", "hk_ci": "hk", "wald": "wald", "tau2_interval": "tau2", "prediction": "pi"}


def flatten(result: "DataclassInstance") -> dict[str, Any]:
    """Return the fields of *result*, an interval as its two ends (`ci_low`, `ci_high`), None for both where there is none.

    >>> from livrev.stats.pooling import Summary
    >>> flatten(Summary(0.8, 0.6, 1.1))
    {'value': 0.8, 'ci_low': 0.6, 'ci_high': 1.1}
    """
    row: dict[str, Any] = {}
    for name, value in asdict(result).items():
        if name in _ENDS:
            row[f"{_ENDS[name]}_low"], row[f"{_ENDS[name]}_high"] = value or (None, None)
        else:
            row[_NAMES.get(name, name)] = value
    return row


def say_number(number: float) -> str:
    """Return *number* with three significant digits or more, and a true minus."""
    digits = f"{number:.3g}" if abs(number) < 1000 or abs(number) >= 1e6 else f"{number:.0f}"
    return digits.replace("-", "−")


def say_interval(interval: "Interval | None") -> str:
    """Return both limits in words; a dash where there is no interval."""
    return "–" if interval is None else f"{say_number(interval[0])} to {say_number(interval[1])}"


def say_effect(value: float, interval: "Interval | None") -> str:
    """Return *value* with its interval in words."""
    return f"{say_number(value)} ({say_interval(interval)})"


def lay_out(rows: Sequence[Sequence[str]]) -> str:
    """Return *rows* as columns of equal width, without blanks at the end of a line, nor what a terminal would obey."""
    rows = [["".join(c if c.isprintable() else "�" for c in cell) for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    )


def say_report(blocks: Sequence[str], notes: Sequence[str], conventions: dict[str, str]) -> str:
    """Return the *blocks* of an answer that say something, then its *notes* and *conventions*, a line each."""
    told = ["\n".join(f"note: {note}" for note in notes), "\n".join(f"{k}: {said}" for k, said in conventions.items())]
    return "\n\n".join(block for block in (*blocks, *told) if block)
