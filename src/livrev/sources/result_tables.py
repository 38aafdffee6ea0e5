"""Turn the tables of a paper into lines that can be read like sentences: a cell behind the names of its row and its column.

Only cells with a figure make a line. Each keeps its place (`table 2, Overall survival, HR (95% CI)`), so that a person finds
it again; the text itself is read by the same reader as every sentence.
"""

import re
from collections.abc import Iterator

from lxml import etree

from livrev.sources.markup import name_of, text_of
from livrev.sources.publication import Section, clean

_MOST_CELLS = 3000
_MOST_WORDS = 8  # of a row's or column's name that stands in a place: we keep no sentence of the source
_FIGURE = re.compile(r"\d")
_NUMBER = r"-?\d+(?:[.·]\d+)?"
_ESTIMATE = re.compile(
    rf"({_NUMBER})\s*[(\[]\s*(?:\d+\s?%\s*CI:?,?\s*)?({_NUMBER})\s*(?:[-–—,]|to)\s*({_NUMBER}|NR|NE|NA)\s*[)\]](.*)"
)
_COUNT = re.compile(r"(\d+)\s*\(\s*(\d+(?:[.·]\d+)?)\s*%?\s*\)")
_LEVEL = re.compile(r"(\d\d(?:\.\d+)?)\s?%(?=\s*(?:CI\b|confidence|credible))", re.IGNORECASE)
_NOTE = re.compile(  # what says how cells are to be read; it stands with the cell then
    r"\s*,?\s*[(\[]?\s*(?:\d\d(?:\.\d+)?\s?%\s*(?:CI|confidence intervals?|credible intervals?)|no?\.?\s*\(%\)|%)\s*[)\]]?",
    re.IGNORECASE,
)
_P = re.compile(r"(?i)\bp\b(?![ -]?(?:for|of)\b)|\bp-?values?\b")
_RATIOS = ("HR ", "OR ", "RR ")
_SIZE = re.compile(r"\bn\s*=\s*(\d[\d,]*)", re.IGNORECASE)
_UNIT = re.compile(r"\b(?:months?|weeks?|days?|years?|mo)\b", re.IGNORECASE)
_MEASURES = {
    "HR": r"(?i:hazard ratio)|\ba?HR\b",
    "OR": r"(?i:odds ratio)|\ba?OR\b",
    "RR": r"(?i:(?:risk|rate) ratio|relative risk)|\ba?RR\b(?!\s*\()",
    "median": r"(?i:\bmedian\b)",
}


def read_table(table: etree._Element, name: str) -> Iterator[Section]:
    """Yield the cells of *table* (rows of HTML or JATS) that hold a figure; *name* is what the table is called, `table 2`."""
    grid, heads = _grid(table)
    if not grid or not heads:
        return
    names = [_joined(row[column] for row in grid[:heads] if column < len(row)) for column in range(len(grid[0]))]
    group = ""
    for number, row in enumerate(grid[heads : heads + _MOST_CELLS], 1):
        if row[0] and not any(row[1:]):
            group = row[0]  # a line over the whole width is the heading of those below
        elif row[0]:
            yield from _cells(row, names, group, f"{name}, row {number} {shorten(row[0])}")


def _cells(row: list[str], names: list[str], group: str, place: str) -> Iterator[Section]:
    said = {c: _state(row[c], f"{row[0]} | {names[c]}") for c in range(1, len(row)) if _FIGURE.search(row[c])}
    ratios = [column for column in said if said[column].startswith(_RATIOS)]
    p_values = [said[column] for column in said if _P.search(names[column]) and said[column].startswith("p")]
    if len(ratios) == len(p_values) == 1:  # the one p-value of a row is that of its one comparison
        said[ratios[0]] += f", {p_values[0]}"
    for column, statement in said.items():
        subject = _NOTE.sub("", _joined((group, row[0], names[column])))
        cell = f"{place}, column {column + 1} {shorten(names[column])}".rstrip()
        yield Section("", f"{subject}: {statement}.".replace(";", ","), cell)


def _state(cell: str, names: str) -> str:
    """Return a cell as running text would say it, where the *names* of its row and column tell what it is; else as it stands.

    `12.1 (10.0–14.2)` under `Median, months (95% CI)` is median 12.1 months (95% CI 10.0 to 14.2).
    """
    measure = next((said for said, pattern in _MEASURES.items() if re.search(pattern, names)), "")
    if estimate := _ESTIMATE.fullmatch(cell):
        value, low, high, rest = estimate.groups()
        level = _LEVEL.search(names) or _LEVEL.search(cell)
        interval = f"({level[1]}% CI {low} to {high})" if level else f"({low} to {high})"
        if measure:
            unit = _UNIT.search(names) if measure == "median" else None
            return f"{measure} {value} {unit[0] + ' ' if unit else ''}{interval}{rest}"
        if level and "%" in re.sub(_LEVEL, "", names):
            return f"{value}% {interval}{rest}"
    if (count := _COUNT.fullmatch(cell)) and ("%" in names or "%" in cell):
        events, percent = int(count[1]), float(count[2].replace("·", "."))
        size = _SIZE.search(names)
        total = int(size[1].replace(",", "")) if size else 0
        # the size in the heading is that of these patients only where the share says so
        whole = total and abs(100 * events / total - percent) <= 0.5 * 10 ** -len(count[2].partition(".")[2]) + 1e-9
        return f"{events} of {total} ({count[2]}%)" if whole else f"{events} ({count[2]}%)"
    if re.fullmatch(_NUMBER, cell) and "%" in _LEVEL.sub("", names):
        return f"{cell}%"
    number = re.fullmatch(r"[<>≤≥=]?\s*0?[.·]\d+", cell)
    if number and _P.search(names):
        return f"p{'' if cell[0] in '<>≤≥=' else '='}{cell}"
    return f"{measure} {cell}" if measure else cell


def shorten(text: str) -> str:
    """Return the first words of a name, for a place: fewer than would be a stretch of the source."""
    words = clean(text).rstrip(":;,. ").split()
    return " ".join(words) if len(words) < _MOST_WORDS else " ".join([*words[: _MOST_WORDS - 2], "…"])


def _joined(parts: Iterator[str] | tuple[str, ...]) -> str:
    return ", ".join(dict.fromkeys(part.rstrip(":;, ") for part in parts if part))


def _grid(table: etree._Element) -> tuple[list[list[str]], int]:
    """Return the cells of *table* with those that span several filled in, and how many rows at the top are headings."""
    rows: list[dict[int, str]] = []
    heads = 0
    pending: dict[int, tuple[int, str]] = {}
    for number, row in enumerate(node for node in table.iter() if name_of(node) == "tr"):
        filled = {column: text for column, (left, text) in pending.items() if left}
        pending = {column: (left - 1, text) for column, (left, text) in pending.items() if left > 1}
        column = 0
        cells = [cell for cell in row if name_of(cell) in ("td", "th")]
        parent = row.getparent()
        in_head = parent is not None and name_of(parent) == "thead"
        is_head = heads == number and (in_head or (bool(cells) and all(name_of(cell) == "th" for cell in cells)))
        for cell in cells:
            while column in filled:
                column += 1
            text, wide, high = text_of(cell), _span(cell, "colspan"), _span(cell, "rowspan")
            for number_in_span in range(wide):
                # a heading stands over all its columns, a result in the first of those that it spans
                filled[column] = text if is_head or not number_in_span else ""
                if high > 1:
                    pending[column] = (high - 1, filled[column])
                column += 1
        heads += is_head
        rows.append(filled)
        if len(rows) > _MOST_CELLS:
            break
    width = max((max(row, default=-1) + 1 for row in rows), default=0)
    # a table without a head has its names in the first row
    return [[row.get(column, "") for column in range(width)] for row in rows], heads or (1 if len(rows) > 1 else 0)


def _span(cell: etree._Element, name: str) -> int:
    said = cell.get(name, "1").strip()
    return max(1, min(int(said), 50)) if said.isdigit() else 1
