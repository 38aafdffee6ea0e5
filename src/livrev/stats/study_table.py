"""Read the table of studies that a person wants pooled, and say every wrong cell with its line, and every row that only sums up."""

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar, cast

from livrev.stats.effect_sizes import (
    MEASURES,
    CountMeasure,
    Effect,
    Scale,
    effect_from_error,
    effect_from_interval,
    effect_from_means,
    effect_from_two_counts,
    normal_quantile,
    off_centre,
)
from livrev.stats.proportions import Count, clopper_pearson
from livrev.stats.spreadsheet import (
    Sheet,
    UnreadableNumber,
    is_missing,
    parse_interval,
    parse_number,
    read_sheet,
    split_estimate,
)
from livrev.stats.study_layout import (
    RATIOS,
    WHOLE,
    Kind,
    Layout,
    choose_layout,
    columns_for,
    knows,
    name_studies,
    notes_on_reading,
)

_NAMES = re.compile(
    r"(?:sub|grand )?total|overall(?: effect| estimate)?|pooled(?: effect| estimate)?|summary(?: effect| estimate)?|combined|sum"
    r"|all(?: studies| trials| patients| rows)?|(?:random|fixed|common)[- ]effects?(?: model)?|meta-?analysis"
)
_FEWEST = 2


@dataclass(frozen=True, slots=True)
class SummaryRow:
    """The place of a suspected row, why it is suspected, and whether it is beyond doubt."""

    place: int
    reason: str
    certain: bool


def find_summary_rows(
    names: Sequence[str], subgroups: Sequence[str], counts: Sequence[tuple[int, ...]]
) -> list[SummaryRow]:
    """Return the rows that sum others up: by their *counts* (one tuple a row, all to be added; none: empty), or by name.

    A row with both the sum and the name is beyond doubt; one with either is suspected.

    >>> find_summary_rows(["A", "B", "All"], ["", "", ""], [(3, 20), (2, 31), (5, 51)])
    [SummaryRow(place=2, reason='is the sum of the other rows', certain=True)]
    """
    found = []
    whole = _add(counts)
    parts = {name: [c for c, s in zip(counts, subgroups, strict=False) if s == name] for name in set(subgroups)}
    for place, name in enumerate(names):
        named = bool(_NAMES.fullmatch(re.sub(r"\(.*?\)|[^\w\s-]", "", name.casefold()).strip()))
        reason = ""
        if counts:
            twice = tuple(2 * count for count in counts[place])
            part = parts[subgroups[place]]
            if len(counts) > _FEWEST and twice == whole:
                reason = "is the sum of the other rows"
            elif len(part) > _FEWEST and twice == _add(part):
                reason = f"is the sum of the other rows of {subgroups[place]}"
            else:
                reason = _sum_of_neighbours(place, counts)
        if reason:
            found.append(SummaryRow(place, reason, named))
        elif named and len(names) > _FEWEST:
            found.append(SummaryRow(place, "is named like a summary of the other rows", certain=False))
    return found


def _add(counts: Sequence[tuple[int, ...]]) -> tuple[int, ...]:
    return tuple(sum(column) for column in zip(*counts, strict=True))


def _sum_of_neighbours(place: int, counts: Sequence[tuple[int, ...]]) -> str:
    """Return whether the rows just before, or after, the one at *place* add up to it, in words; empty where they do not."""
    own = counts[place]
    for step, words in ((-1, "before"), (1, "after")):
        so_far, i, many = tuple(0 for _ in own), place + step, 0
        while 0 <= i < len(counts) and all(s <= o for s, o in zip(so_far, own, strict=True)):
            so_far, i, many = _add((so_far, counts[i])), i + step, many + 1
            if many >= _FEWEST and so_far == own:
                return f"is the sum of the {many} rows {words} it"
    return ""


_OFF_CENTRE = 0.2
_LEFT_OUT = "write the number, or leave the study out"
_PERCENT = re.compile(r"\s*\(\s*[\d.,·]+\s*%\s*\)$")  # 3 (15 %) is a count of 3
Made = TypeVar("Made")


@dataclass(frozen=True, slots=True)
class Studies:
    """What a table holds: effects (with no counts) or counts (with no effects), and what to know about them.

    *kind* is what the effects were made of: values with their intervals, estimates with their errors, the counts of two
    arms, means, or shares. *intervals* are value and 95 % limits of each, on the scale of the input: as printed where the
    level was 95, exact for counts.
    """

    measure: str
    scale: Scale
    kind: Kind
    effects: tuple[Effect, ...]
    counts: tuple[Count, ...]
    intervals: tuple[tuple[float, float, float], ...]
    grouped: bool
    notes: tuple[str, ...]


@dataclass(slots=True)
class TableRow:
    """One row of a table while it is read; what is wrong with it is said of its sheet."""

    sheet: Sheet
    layout: Layout
    line: int
    cells: list[str]
    printed: tuple[float, float, float] | None = None

    @property
    def study(self) -> str:
        return self.cell("study")

    @property
    def subgroup(self) -> str:
        return self.cell("subgroup")

    def cell(self, column: str) -> str:
        place = self.layout.places.get(column)
        return "" if place is None else self.cells[place]

    def note(self, said: str) -> None:
        self.sheet.notes.append(f"{self.study} (line {self.line}): {said}")

    def complain(self, column: str, message: str, cure: str) -> None:
        self.sheet.complain(self.line, column, self.cell(column), message, cure)

    def number(self, column: str, cell: str | None = None) -> float | None:
        """Return the number of a cell, or None where it is wrong."""
        text = self.cell(column) if cell is None else cell
        try:
            if is_missing(text) and not re.search(r"[a-z]{3}", text):
                counted = column in WHOLE
                said = "is empty" if not text else "is no number"
                raise UnreadableNumber(said, "write the number, 0 where there was none" if counted else _LEFT_OUT)
            if column in WHOLE:
                text = _PERCENT.sub("", text)
            number = parse_number(text, self.layout.style, whole=column in WHOLE)
            if not math.isfinite(number):
                raise UnreadableNumber("is no number", "write a plain number, as 0.75")
            if column in WHOLE and not (0 <= number < 1e12 and number == int(number)):
                raise UnreadableNumber("is no count", "write a whole number of patients")
        except UnreadableNumber as error:
            message = "is no count" if column in WHOLE and str(error) == "is no number" else str(error)
            self.sheet.complain(self.line, column, text, message, error.cure)
            return None
        return number

    def numbers(self, *columns: str) -> list[float] | None:
        found = [self.number(column) for column in columns]
        return None if None in found else cast(list[float], found)

    def make(self, column: str, cure: str, make: Callable[[], Made]) -> list[Made]:
        """Return what is made, or nothing where it cannot be, said with its *cure*."""
        try:
            return [make()]
        except ValueError as error:
            self.complain(column, f"cannot be pooled: {error}", cure)
            return []


def read_studies(name: str, content: bytes, measure: str) -> Studies:
    """Return the studies of the table in *content*, called *name* in messages, to be pooled as *measure*.

    Columns, in any order and under the names that are usual for them: `study`, `subgroup` where there are any, and
    `value,ci_low,ci_high[,ci_level]` (an interval may stand in one cell, `ci`); `yi,vi` or `yi,sei` on the scale of
    analysis; `events1,total1,events2,total2` for OR, RR and RD; `mean1,sd1,n1,mean2,sd2,n2` for MD and SMD;
    `events,total` for proportions. Group 1 is set against group 2. Raises ReviewError with every problem found.
    """
    sheet = read_sheet(name, content, knows)
    if not sheet.header and not sheet.problems:
        sheet.complain(1, "file", "", "holds no studies", f"write a header {columns_for(measure)} and one row a study")
    sheet.stop_on_problems()
    layout, rows = read_rows(sheet, measure)
    _complain_about_names(rows)
    effects: list[Effect] = []
    counts: list[Count] = []
    for row in rows:
        if layout.kind == "share":
            counts.extend(_read_count(row))
        else:
            effects.extend(read_effect(row, measure))
    sheet.stop_on_problems()
    _look_for_summary_rows(sheet, layout, rows)
    sheet.stop_on_problems()
    grouped = any(row.subgroup for row in rows)
    notes = (*notes_on_reading(sheet, layout), *sheet.notes)
    scale = MEASURES[measure]
    intervals = [(count.events / count.total, *clopper_pearson(count.events, count.total)) for count in counts] or [
        row.printed or effect.interval(scale) for row, effect in zip(rows, effects, strict=True)
    ]
    return Studies(measure, scale, layout.kind, tuple(effects), tuple(counts), tuple(intervals), grouped, notes)


def read_rows(sheet: Sheet, measure: str) -> tuple[Layout, list[TableRow]]:
    """Return how the table of *sheet* is to be read, and its rows that hold numbers.

    Raises ReviewError where its header does not say which column is which.
    """
    name_studies(sheet)
    layout = choose_layout(sheet, measure)
    rows = []
    for line, cells in sheet.rows:
        row = TableRow(sheet, layout, line, cells)
        if all(is_missing(row.cell(column)) for column in layout.numbers):
            sheet.notes.append(f"{row.study or 'a row without a name'} (line {line}) has no numbers and was left out")
        else:
            rows.append(row)
    if not rows and not sheet.problems:
        cure = "write one row a study, with its numbers"
        sheet.complain(sheet.header_line, "file", "", "holds no studies", cure)
    _complain_about_levels(rows)
    return layout, rows


def read_effect(row: TableRow, measure: str) -> list[Effect]:
    """Return the effect of a row of two groups, or nothing where a cell is wrong, which is said of its sheet."""
    match row.layout.kind:
        case "interval":
            return _read_interval(row, measure)
        case "error":
            return _read_error(row)
        case "counts":
            return _read_two_counts(row, cast(CountMeasure, measure))
        case "means":
            return _read_means(row, standardised=measure == "SMD")
    raise AssertionError(row.layout.kind)


def _complain_about_names(rows: list[TableRow]) -> None:
    """Say which study has no name, or another's, or no subgroup among those that have one."""
    grouped = any(row.subgroup for row in rows)
    named: dict[tuple[str, str], int] = {}
    for row in rows:
        key = " ".join(row.study.casefold().split()), row.subgroup.casefold()
        if not row.study:
            row.complain("study", "is empty", "give each study a name")
        elif key in named:
            message = f"is in line {named[key]} already"
            row.complain("study", message, "keep one row a study; name independent strata apart")
        named.setdefault(key, row.line)
        if grouped and not row.subgroup:
            row.complain("subgroup", "is empty, others are not", "give every study a subgroup, or none")


def _complain_about_levels(rows: list[TableRow]) -> None:
    said = list(dict.fromkeys(level for row in rows if not is_missing(level := row.cell("ci_level"))))
    for row in rows if said and rows[0].layout.kind == "interval" else ():
        if is_missing(row.cell("ci_level")):
            message = f"is empty for {row.study}, the others have {', '.join(said)}"
            cure = "write the level of each interval, or take the column out where all are 95"
            row.complain("ci_level", message, cure)


def _level(row: TableRow, said: float | None) -> float | None:
    """Return the level of a row's interval: its column's, the cell's own (*said*), the header's; 95 where none is named."""
    text = row.cell("ci_level").removesuffix("%").strip()
    column = None if is_missing(text) else row.number("ci_level", text)
    if not is_missing(text) and column is None:
        return None
    named = {level for level in (column, said, row.layout.level) if level is not None}
    if len(named) > 1:
        both = " and ".join(f"{level:g}" for level in sorted(named))
        row.complain("ci_level", f"contradicts the level beside the interval ({both})", "keep the one that is right")
        return None
    level = named.pop() if named else 95.0
    return level if row.make("ci_level", "correct the level", lambda: normal_quantile(level)) else None


def _read_interval(row: TableRow, measure: str) -> list[Effect]:
    """Return the effect of a row with a value and an interval, or nothing where a cell is wrong."""
    scale, ratio = MEASURES[measure], measure in RATIOS
    text, behind = split_estimate(row.cell("value"))
    value, low_column = row.number("value", text), "ci_low"
    limits: tuple[float | None, float | None, float | None] = (None, None, None)
    if "ci_low" in row.layout.numbers:
        limits = row.number("ci_low"), row.number("ci_high"), None
    else:
        low_column = "interval" if "interval" in row.layout.numbers else "value"
        cell = row.cell("interval") if low_column == "interval" else behind

        def holds(bottom: float, top: float) -> bool:
            return value is not None and bottom <= value <= top and (bottom > 0 or not ratio)

        try:
            limits = parse_interval(cell, row.layout.style, holds)
        except UnreadableNumber as error:
            row.sheet.complain(row.line, low_column, cell or row.cell("value"), str(error), error.cure)
    low, high, said = limits
    level = _level(row, said)
    if value is None or low is None or high is None or level is None:
        return []
    column, cure = "value", "look the numbers up in the source, and leave the study out where they are as printed"
    if ratio and min(value, low, high) <= 0:
        column = next(c for c, n in (("value", value), (low_column, low), ("ci_high", high)) if n <= 0)
        cure = "leave the study out, or work the ratio out from its counts with ½ added to each cell"
        if min(value, low, high) < 0:
            cure = "give the ratio itself, not its logarithm (e to that power)"
    elif low >= high:
        column, cure = low_column, "exchange the limits, if that is what the source means"
    effects = row.make(
        column, cure,
        lambda: effect_from_interval(row.study, value, low, high, scale=scale, level=level, subgroup=row.subgroup),
    )  # fmt: skip
    row.printed = (value, low, high) if level == 95 else None
    if effects and (share := off_centre(value, low, high, scale=scale)) > _OFF_CENTRE:
        row.note(
            f"the value lies {100 * share:.0f} % of the half width off the middle of its interval; the centre is the value "
            "as printed, the standard error comes from the interval"
        )
    return effects


def _read_error(row: TableRow) -> list[Effect]:
    """Return the effect of a row with an estimate and its variance or standard error, both on the scale of analysis."""
    columns = row.layout.numbers
    found = row.numbers(*columns)
    if found is None:
        return []
    for column, number in zip(columns[1:], found[1:], strict=True):
        if number <= 0:
            row.complain(column, "is not above 0", "look it up; an estimate without an error cannot be pooled")
            return []
    errors = [number**0.5 if column == "vi" else number for column, number in zip(columns[1:], found[1:], strict=True)]
    if max(errors) > 1.05 * min(errors):
        row.complain("sei", f"is not the root of vi ({row.cell('vi')})", "keep the one that is right")
        return []
    estimate = found[0]
    if row.layout.ratio_given:
        if estimate <= 0:
            row.complain("yi", "is no ratio", "give the ratio itself, not its logarithm, or call it yi")
            return []
        estimate = math.log(estimate)
    return row.make(columns[1], _LEFT_OUT, lambda: effect_from_error(row.study, estimate, errors[0], row.subgroup))


def _read_two_counts(row: TableRow, measure: CountMeasure) -> list[Effect]:
    """Return the effect of a row with the counts of two arms."""
    found = row.numbers(*row.layout.numbers)
    if found is None:
        return []
    cells = [int(number) for number in found]
    for first, (events, other) in zip((0, 2), (row.layout.numbers[:2], row.layout.numbers[2:]), strict=True):
        if other.startswith("rest"):
            cells[first + 1] += cells[first]
        if cells[first + 1] == 0:
            row.complain(other, "leaves nothing to pool", "leave the study out")
        elif cells[first] > cells[first + 1]:
            message = f"is more than the total {cells[first + 1]}"
            row.complain(events, message, "are the two columns exchanged?")
        else:
            continue
        return []
    a, n, c, m = cells
    if measure != "RD" and (a == c == 0 or (a == n and c == m)):
        row.note(
            f"{'no' if a == 0 else 'every'} patient of both arms has the event, which says next to nothing of a ratio; it is "
            "pooled with ½ added to each cell, as escalc does"
        )
    counts = (row.study, a, n, c, m)
    return [effect_from_two_counts(*counts, measure=measure, subgroup=row.subgroup, keep_uninformative=True)]


def _read_means(row: TableRow, *, standardised: bool) -> list[Effect]:
    """Return the difference of a row with the means of two groups."""
    found = row.numbers(*row.layout.numbers)
    if found is None:
        return []
    mean, sd, n, other_mean, other_sd, other_n = found
    column = "sd1" if sd <= 0 else "sd2" if other_sd <= 0 else "total1" if n <= other_n else "total2"
    cure = "look it up; a standard deviation of 0 is mostly a missing one" if column.startswith("sd") else _LEFT_OUT
    groups = (mean, sd, int(n), other_mean, other_sd, int(other_n))
    return row.make(
        column, cure,
        lambda: effect_from_means(row.study, *groups, standardised=standardised, subgroup=row.subgroup),
    )  # fmt: skip


def _read_count(row: TableRow) -> list[Count]:
    """Return the count of a row, or nothing where a cell is wrong."""
    found = row.numbers("events", "total")
    if found is None:
        return []
    events, total = (int(number) for number in found)
    if total == 0:
        row.complain("total", "leaves nothing to pool", "leave the study out")
    elif events > total:
        row.complain("events", f"is more than the total {total}", "are the two columns exchanged?")
    else:
        return [Count(row.study, events, total, row.subgroup)]
    return []


def _look_for_summary_rows(sheet: Sheet, layout: Layout, rows: list[TableRow]) -> None:
    """Refuse the row that is named and reckoned as the sum of the others; warn of one that is either."""
    added = {"share": layout.numbers, "counts": layout.numbers, "means": ("total1", "total2")}.get(layout.kind, ())
    counts = [tuple(int(row.number(column) or 0) for column in added) for row in rows] if added else []
    for found in find_summary_rows([row.study for row in rows], [row.subgroup for row in rows], counts):
        row = rows[found.place]
        if found.certain:
            row.complain("study", f"{found.reason}, so every patient would count twice", "delete the row")
        else:
            row.note(f"{found.reason}; if it is no study of its own, delete the row: it counts those patients twice")
