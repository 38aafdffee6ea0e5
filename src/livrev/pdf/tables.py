"""Shape a table for paper: how wide each column is, how small it is set, and whether its rows are set as records instead."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

ROWS_PRINTED = 30
"""A longer table ends after so many rows, and says how many there are in the HTML book and in its download."""

_SETTINGS = {"portrait-table": (118, 3.0), "wide-table": (150, 4.2)}
"""For each setting of `book.typ` the characters in its line, and how many lines a row may take before it is too narrow."""
_FEW = 8  # rows; a shorter table may be high
_WHOLE = 24  # lines; a shorter table is not divided between two pages
_NUMBER = re.compile(r"[-+−–±<>≤≥~≈]?\s?\d[\d .,:%–−-]*(\s?\([^a-zA-Z]*\))?|[-–—]|n/?a|NA|")
_LONG = re.compile(r"\S{19,}")
_SEAM = re.compile(r"(?<=[/_.,;:=&?-])(?=\w)|(?<=[a-z])(?=[A-Z0-9])|(?<=[0-9])(?=[a-z])")


@dataclass(frozen=True, slots=True)
class _Column:
    """How wide one column is, in characters: for its longest word, for all that it says in one line, and for its usual text."""

    least: float
    wished: float
    usual: float
    number: bool


def let_break(text: str) -> str:
    """Return *text* with seams in its long words, at which a narrow column may break them."""
    return _LONG.sub(lambda found: _SEAM.sub("\u200b", found[0]), text)


def set_cells(cells: Sequence[Sequence[str]], texts: Sequence[Sequence[str]], *, heads: int) -> tuple[str, str]:
    """Return the table with these rows, the first *heads* of which are its head, in Typst, and the call of `book.typ` that sets it.

    *cells* are in Typst already, *texts* what they say. Where the table is too wide for the page its rows are records.
    """
    head, rows, columns = cells[:heads], cells[heads:], max(map(len, cells), default=1)
    setting, size = "portrait-table()", f"columns: {columns}"
    spans = any("table.cell" in cell for row in cells for cell in row)
    if head and not spans and all(len(row) == columns for row in rows):
        setting, size = _shape(texts[heads - 1], texts[heads:])
        if not setting:
            said = ", ".join(f"({', '.join(row)},)" for row in rows)
            return f"records(({', '.join(head[-1])},), ({said},))", "portrait-table()"
    header = f"table.header({', '.join(cell for row in head for cell in row)})," if head else ""
    return f"table({size}, {header} {', '.join(cell for row in rows for cell in row)})", setting


def _shape(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> tuple[str, str]:
    """Return how the table with *heads* and the texts *rows* is set, and how wide each column is; nothing where its rows are records."""
    columns = [_measure(head, [row[place] for row in rows]) for place, head in enumerate(heads)]
    aligns = ", ".join("right" if column.number else "left" for column in columns)
    for setting, (line, most) in _SETTINGS.items():
        shares = _share(columns, line)
        # In each row, those of its fullest cell.
        filled = [
            [ceil(len(text) * 1.1 / max(share - 3, 1)) for text, share in zip(row, shares, strict=True)] for row in rows
        ]
        lines = sum(max(1, *counts) for counts in filled)
        fits = sum(column.least for column in columns) <= line
        if fits and (lines <= most * len(rows) or (setting == "wide-table" and len(rows) < _FEW)):
            whole = max(float(line), sum(shares))
            widths = ", ".join(f"{100 * share / whole:.2f}%" for share in shares)
            size = f"columns: ({widths},), align: ({aligns},)"
            return f"{setting}(whole: {'true' if lines <= _WHOLE else 'false'})", size
    return "", ""


def _measure(head: str, cells: Sequence[str]) -> _Column:
    words = [len(word) for text in (head, *cells) for word in re.split(r"[\s\u200b]+|(?<=[-/–])", let_break(text))]
    lengths = sorted(map(len, (head, *cells)))
    return _Column(
        least=min(max(words), 26) * 1.05 + 3,
        wished=max(*lengths, *words) * 1.2 + 3,
        usual=lengths[int(len(lengths) * 0.92)] * 1.1,
        number=any(cells) and all(_NUMBER.fullmatch(text) for text in cells),
    )


def _share(columns: Sequence[_Column], line: int) -> list[float]:
    """Return the width of each column in characters: room for its longest word, the rest by how much it says."""
    wished = [column.wished for column in columns]
    if sum(wished) <= line:
        return wished

    def share(lines: float) -> list[float]:
        return [max(column.least, column.usual / lines + 3) for column in columns]

    # The usual text of each runs over the same number of lines: the least number for which the columns fit.
    few, many = 1.0, 200.0
    for _ in range(30):
        lines = (few + many) / 2
        few, many = (few, lines) if sum(share(lines)) <= line else (lines, many)
    return share(many)
