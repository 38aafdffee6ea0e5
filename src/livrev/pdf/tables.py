"""Shape a table for paper: how wide each column is, which way the page lies, and where a long one is cut."""

import re
from dataclasses import dataclass
from math import ceil

from bs4 import Tag

ROWS_PRINTED = 60
"""A longer table ends after so many rows, and says how many there are in the HTML book and in its download."""

_SETTINGS = {"portrait-table": (118, 3.0), "wide-table": (150, 4.2), "landscape-table": (205, 99.0)}
"""For each setting of `book.typ` the characters in its line, and how many lines a row may take before it is too narrow."""
_FEW = 8  # rows; a shorter table is not worth a page that lies
_WHOLE = 24  # lines; a shorter table is not divided between two pages
_NUMBER = re.compile(r"[-+−–±<>≤≥~≈]?\s?\d[\d .,:%–−-]*(\s?\([^a-zA-Z]*\))?|[-–—]|n/?a|NA|")
_LONG = re.compile(r"\S{19,}")
_SEAM = re.compile(r"(?<=[/_.,;:=&?-])(?=\w)|(?<=[a-z])(?=[A-Z0-9])|(?<=[0-9])(?=[a-z])")


@dataclass(frozen=True, slots=True)
class _Column:
    """What one column holds: its longest word and its usual length in characters, and whether it is numbers."""

    word: int
    usual: int
    longest: int
    number: bool
    lengths: tuple[int, ...] = ()


def cut_table(table: Tag) -> None:
    """Drop the rows of *table* below the last that is printed, and say over it how many there are and where, or that there are none."""
    rows = [row for body in table.find_all("tbody") for row in body.find_all("tr")]
    for row in rows[ROWS_PRINTED:]:
        row.decompose()
    if not rows and table.find("thead"):
        table["data-note"] = "There are none."
    if len(rows) <= ROWS_PRINTED:
        return
    place = " and in its download" if table.find_next_sibling(class_="livrev-download") else ""
    table["data-note"] = f"The first {ROWS_PRINTED} of {len(rows)} rows; all stand in the HTML book{place}."


def shape_table(table: Tag) -> None:
    """Give *table* widths and alignments, and mark how it is to be set."""
    _plain_cells(table)
    setting, columns = "portrait-table", _measure(table)
    if columns:
        setting, lines = _choose_setting(columns)
        table["data-columns"] = " ".join(_say_widths(columns, _SETTINGS[setting][0]))
        if lines <= _WHOLE and setting != "landscape-table":
            setting = f"{setting}(whole: true)"
    frame = table.parent
    outer = table.wrap(Tag(name="div"))
    outer["data-typst"] = setting
    if frame is not None and frame.get("id") and not table.get("id"):
        table["id"] = frame["id"]
        del frame["id"]


def _plain_cells(table: Tag) -> None:
    """Make row heads ordinary cells in bold, drop idle paragraphs, and let long words break."""
    for head in table.select("tbody th"):
        head.name = "td"
        bold = Tag(name="strong")
        bold.extend(list(head.contents))
        head.append(bold)
    for cell in table.select("td, th"):
        paragraphs = cell.find_all("p", recursive=False)
        if len(paragraphs) == 1 and all(isinstance(c, Tag) or not str(c).strip() for c in cell.children):
            paragraphs[0].unwrap()
        for text in cell.find_all(string=_LONG):
            text.replace_with(_LONG.sub(lambda found: _SEAM.sub("\u200b", found[0]), str(text)))


def _measure(table: Tag) -> list[_Column]:
    rows = [row.find_all(["td", "th"], recursive=False) for row in table.find_all("tr")]
    if not rows or any(cell.get("colspan") or cell.get("rowspan") for row in rows for cell in row):
        return []
    count = max(map(len, rows))
    columns = []
    for index in range(count):
        texts = [" ".join(row[index].get_text().split()) for row in rows if index < len(row)]
        bodies = [" ".join(row[index].get_text().split()) for row in rows[1:] if index < len(row)]
        words = [len(word) for text in texts for word in re.split(r"[\s\u200b]+|(?<=[-/–])", text)]
        lengths = sorted(map(len, texts))
        columns.append(
            _Column(
                word=max(words, default=1),
                usual=lengths[int(len(lengths) * 0.92)],
                longest=max(lengths, default=1),
                number=any(bodies) and all(_NUMBER.fullmatch(text) for text in bodies),
                lengths=tuple(map(len, bodies)),
            )
        )
    return columns


def _choose_setting(columns: list[_Column]) -> tuple[str, int]:
    """Return how the table is set (upright, wider and smaller, or lying), and how many lines it then runs to."""
    rows = max((len(column.lengths) for column in columns), default=0)
    for setting, (line, most) in _SETTINGS.items():
        lines = _count_lines(columns, _share(columns, line))
        fits = sum(_least(column) for column in columns) <= line
        if fits and (lines <= most * rows or (setting == "wide-table" and rows < _FEW)):
            return setting, lines
    return "landscape-table", lines


def _count_lines(columns: list[_Column], shares: list[float]) -> int:
    """Return the lines of the body when the columns have the widths *shares*: in each row, those of its fullest cell."""
    filled = zip(*(column.lengths for column in columns), strict=False)
    return sum(
        max(ceil(length * 1.1 / max(share - 3, 1)) or 1 for length, share in zip(row, shares, strict=True))
        for row in filled
    )


def _say_widths(columns: list[_Column], line: int) -> list[str]:
    """Return alignment and width of each column; a table that says little stays narrow."""
    shares = _share(columns, line)
    whole = max(float(line), sum(shares))
    return [
        f"{'r' if column.number else 'l'}:{100 * share / whole:.2f}%"
        for column, share in zip(columns, shares, strict=True)
    ]


def _share(columns: list[_Column], line: int) -> list[float]:
    """Return the width of each column in characters: room for its longest word, the rest by how much it says."""
    least = [_least(column) for column in columns]
    wished = [max(column.longest, column.word) * 1.2 + 3 for column in columns]
    if sum(wished) <= line:
        return wished
    # All long cells run over the same number of lines: the least number for which the columns fit.
    few, many = 1.0, 200.0
    for _ in range(30):
        lines = (few + many) / 2
        fits = sum(_need(column, least_, lines) for column, least_ in zip(columns, least, strict=True)) <= line
        few, many = (few, lines) if fits else (lines, many)
    return [_need(column, least_, many) for column, least_ in zip(columns, least, strict=True)]


def _least(column: _Column) -> float:
    """Return the width that *column* needs for its longest word; a very long word is broken."""
    return min(column.word, 26) * 1.05 + 3


def _need(column: _Column, least: float, lines: float) -> float:
    """Return the width in which the usual text of *column* takes *lines* lines, and never less than *least*."""
    return max(least, column.usual * 1.1 / lines + 3)
