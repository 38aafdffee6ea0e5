"""Read the table of effects or counts that a person wants pooled, and say every wrong cell with its line."""

import csv
import io
import math
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import TypeVar

from livrev.diagnostics import Problem, ReviewError
from livrev.stats.effect_sizes import (
    IDENTITY,
    LOG,
    LOGIT,
    Effect,
    Scale,
    effect_from_interval,
    normal_quantile,
    off_centre,
)
from livrev.stats.proportions import Count

MEASURES = {"HR": LOG, "OR": LOG, "RR": LOG, "proportion": LOGIT, "generic": IDENTITY}
_EFFECT_COLUMNS = ("study", "value", "ci_low", "ci_high")
_COUNT_COLUMNS = ("study", "events", "total")
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
_OFF_CENTRE = 0.2
Made = TypeVar("Made")


@dataclass(frozen=True, slots=True)
class Studies:
    """What a table holds: effects (with no counts) or counts (with no effects), and what to know about them."""

    measure: str
    scale: Scale
    effects: tuple[Effect, ...]
    counts: tuple[Count, ...]
    grouped: bool
    notes: tuple[str, ...]


@dataclass(slots=True)
class _Table:
    """The table while it is read: its name, and the problems and notes found so far."""

    name: str
    problems: list[Problem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def complain(self, line: int, column: str, value: str, message: str, cure: str) -> None:
        self.problems.append(Problem(self.name, line, column, value, message, cure))

    def stop_on_problems(self) -> None:
        if self.problems:
            raise ReviewError(self.problems)


def read_studies(name: str, content: bytes, measure: str) -> Studies:
    """Return the studies of the CSV *content*, called *name* in messages.

    Columns: `study,value,ci_low,ci_high[,ci_level][,subgroup]`, or for proportions `study,events,total[,subgroup]`.
    Raises ReviewError with every problem found.
    """
    table = _Table(name)
    rows = _read_rows(table, content, measure)
    counting = measure == "proportion"
    effects: list[Effect] = []
    counts: list[Count] = []
    named: dict[tuple[str, str], int] = {}
    grouped = any(cells.get("subgroup") for _, cells in rows)
    for line, cells in rows:
        study, subgroup = cells["study"], cells.get("subgroup", "")
        if not study:
            table.complain(line, "study", "", "is empty", "give each study a name")
        elif (study, subgroup) in named:
            first = f"is in line {named[study, subgroup]} already"
            table.complain(line, "study", study, first, "keep one row a study; name independent strata apart")
        named.setdefault((study, subgroup), line)
        if grouped and not subgroup:
            table.complain(line, "subgroup", "", "is empty, others are not", "give every study a subgroup, or none")
        if counting:
            counts.extend(_read_count(table, line, cells))
        else:
            effects.extend(_read_effect(table, line, cells, MEASURES[measure]))
    table.stop_on_problems()
    return Studies(measure, MEASURES[measure], tuple(effects), tuple(counts), grouped, tuple(table.notes))


def _read_rows(table: _Table, content: bytes, measure: str) -> list[tuple[int, dict[str, str]]]:
    """Return line and cells of each row that is not blank. Raises ReviewError where there is no such table."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        table.complain(line, "file", f"byte {error.start}", "is not UTF-8", "save the table as CSV in UTF-8")
        table.stop_on_problems()
    rows: list[tuple[int, dict[str, str]]] = []
    header: list[str] | None = None
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        for row in reader:
            cells = [cell.strip() for cell in row]
            if not any(cells):
                continue
            if header is None:
                header = cells
                _check_header(table, reader.line_num, header, measure)
                table.stop_on_problems()
            elif len(cells) != len(header):
                message = f"has {len(cells)} cells where the header has {len(header)}"
                cure = "write one cell for each column, and a decimal point, not a comma"
                table.complain(reader.line_num, "row", ",".join(cells), message, cure)
            else:
                rows.append((reader.line_num, dict(zip(header, cells, strict=True))))
    except csv.Error as error:
        table.complain(reader.line_num, "row", "", f"is no CSV ({error})", "close every quotation mark")
    if not rows and not table.problems:
        columns = ",".join(_COUNT_COLUMNS if measure == "proportion" else _EFFECT_COLUMNS)
        table.complain(1, "file", "", "holds no studies", f"write a header {columns} and one row a study")
    if not rows:
        table.stop_on_problems()
    return rows


def _check_header(table: _Table, line: int, header: list[str], measure: str) -> None:
    counting = measure == "proportion"
    needed = _COUNT_COLUMNS if counting else _EFFECT_COLUMNS
    known = (*needed, "subgroup") if counting else (*needed, "ci_level", "subgroup")
    shown = ",".join(header)
    for column in sorted({column for column in header if header.count(column) > 1}):
        table.complain(line, "header", column, "stands twice", "keep one of the two columns")
    missing = [column for column in needed if column not in header]
    if missing:
        cure = f"write the columns {','.join(needed)}"
        if len(header) == 1 and re.search(r"[;\t]", header[0]):
            cure = "separate the cells by commas, not by semicolons or tabs"
        elif not counting and set(_COUNT_COLUMNS) <= set(header):
            cure = "pool events of a total with --measure proportion"
        elif counting and set(_EFFECT_COLUMNS) <= set(header):
            cure = "pool values with intervals with --measure HR, OR, RR or generic"
        table.complain(line, "header", shown, f"lacks {', '.join(missing)}", cure)
        return
    for column in header:
        meant = get_close_matches(column.lower(), [name for name in known if name not in header], 1, 0.75)
        if column not in known and meant:
            table.complain(line, "header", column, f"looks like {meant[0]}", f"write {meant[0]}, or another name")


def _read_effect(table: _Table, line: int, cells: dict[str, str], scale: Scale) -> list[Effect]:
    """Return the effect of a row, or nothing where a cell is wrong."""
    numbers = {column: _number(table, line, cells, column) for column in ("value", "ci_low", "ci_high")}
    level = _number(table, line, cells, "ci_level") if cells.get("ci_level") else 95.0
    if level is not None:
        _try(table, line, "ci_level", cells.get("ci_level", ""), "correct the level", lambda: normal_quantile(level))
    value, low, high = numbers["value"], numbers["ci_low"], numbers["ci_high"]
    if value is None or low is None or high is None or level is None or not 50 <= level < 100:
        return []
    column, cure = "value", "look the numbers up in the source, and leave the study out where they are as printed"
    if scale is LOG and min(value, low, high) <= 0:
        column = next(name for name, number in numbers.items() if number is not None and number <= 0)
        cure = "leave the study out, or work the ratio out from its counts with ½ added to each cell"
    elif low >= high:
        column, cure = "ci_low", "exchange the limits, if that is what the source means"
    effect = _try(
        table, line, column, cells[column], cure,
        lambda: effect_from_interval(
            cells["study"], value, low, high, scale=scale, level=level, subgroup=cells.get("subgroup", "")
        ),
    )  # fmt: skip
    if effect is None:
        return []
    share = off_centre(value, low, high, scale=scale)
    if share > _OFF_CENTRE:
        table.notes.append(
            f"{cells['study']} (line {line}): the value lies {100 * share:.0f} % of the half width off the middle of "
            "its interval; the centre is the value as printed, the standard error comes from the interval"
        )
    return [effect]


def _read_count(table: _Table, line: int, cells: dict[str, str]) -> list[Count]:
    """Return the count of a row, or nothing where a cell is wrong."""
    found: dict[str, int] = {}
    for column in ("events", "total"):
        text = cells[column]
        if not text:
            table.complain(line, column, "", "is empty", "write the number, 0 where there was none")
        elif not re.fullmatch(r"\d{1,12}", text):
            table.complain(line, column, text, "is no count", "write a whole number of patients")
        else:
            found[column] = int(text)
    if len(found) < 2:
        return []
    if found["total"] == 0:
        table.complain(line, "total", "0", "leaves nothing to pool", "leave the study out")
    elif found["events"] > found["total"]:
        message = f"is more than the total {found['total']}"
        table.complain(line, "events", cells["events"], message, "are the two columns exchanged?")
    else:
        return [Count(cells["study"], found["events"], found["total"], cells.get("subgroup", ""))]
    return []


def _number(table: _Table, line: int, cells: dict[str, str], column: str) -> float | None:
    text = cells[column].replace("−", "-")
    if not text:
        table.complain(line, column, "", "is empty", "write the number, or leave the study out")
    elif not _NUMBER.fullmatch(text) or not math.isfinite(float(text)):
        cure = "write a decimal point" if re.fullmatch(r"-?\d+[,·]\d+", text) else "write a plain number, as 0.75"
        table.complain(line, column, text, "is no number", cure)
    else:
        return float(text)
    return None


def _try(table: _Table, line: int, column: str, value: str, cure: str, make: Callable[[], Made]) -> Made | None:
    try:
        return make()
    except ValueError as error:
        table.complain(line, column, value, f"cannot be pooled: {error}", cure)
        return None
