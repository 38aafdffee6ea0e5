"""Set numbers and rows out as text for a terminal."""

from collections.abc import Sequence

from livrev.stats.effect_sizes import Interval


def say_number(number: float) -> str:
    """Return *number* with three significant digits or more, and a true minus."""
    digits = f"{number:.3g}" if abs(number) < 1000 or abs(number) >= 1e6 else f"{number:.0f}"
    return digits.replace("-", "−")


def say_interval(interval: Interval | None) -> str:
    """Return both limits in words; a dash where there is no interval."""
    return "–" if interval is None else f"{say_number(interval[0])} to {say_number(interval[1])}"


def lay_out(rows: Sequence[Sequence[str]]) -> str:
    """Return *rows* as columns of equal width, without blanks at the end of a line, nor what a terminal would obey."""
    if not rows:
        return ""
    rows = [["".join(c if c.isprintable() else "�" for c in cell) for cell in row] for row in rows]
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    )
