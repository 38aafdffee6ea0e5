"""Read the table of studies that a person wants pooled, and say every wrong cell with its line, and every row that only sums up."""

import math
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import NoReturn, TypeVar, cast

from livrev.stats import effect_sizes
from livrev.stats.effect_sizes import MEASURES, CountMeasure, Effect, Scale, normal_quantile
from livrev.stats.proportions import Count, clopper_pearson
from livrev.stats.spreadsheet import (
    LEAVE_OUT,
    Sheet,
    UnreadableNumber,
    is_missing,
    parse_interval,
    parse_number,
    read_sheet,
    split_estimate,
)
from livrev.stats.study_doubts import COUNTED_TWICE, LIKE_A_SUMMARY, doubt_rows, is_summary
from livrev.stats.study_layout import RATIOS, WHOLE, Kind, Layout, choose_layout, knows, notes_on_reading, simplify

_OFF_CENTRE = 0.2
_NO_DIFFERENCE = "is no risk difference, which lies between -1 and 1"
_OTHER_LEVEL = re.compile(r"(\d\d(?:\.\d+)?)\s*%\s*-?\s*(?:ci\b|cri\b|confidence|credible)", re.IGNORECASE)
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
    notes: tuple[str, ...]

    @property
    def items(self) -> Sequence[Effect | Count]:
        """The effects, or the counts, whichever the table holds."""
        return self.counts or self.effects


class WrongRow(ValueError):
    """Raised where a row cannot be read, which was said of its sheet."""


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

    def complain(self, column: str, message: str, cure: str, cell: str | None = None) -> None:
        self.sheet.complain(self.line, column, self.cell(column) if cell is None else cell, message, cure)

    def refuse(self, column: str, message: str, cure: str) -> NoReturn:
        """Complain, and end the reading of this row."""
        self.complain(column, message, cure)
        raise WrongRow

    def number(self, column: str, cell: str | None = None) -> float:
        """Return the number of a *cell*, by default that in *column*; NaN where it is wrong, which was said."""
        text, whole = self.cell(column) if cell is None else cell, column in WHOLE
        try:
            return parse_number(_PERCENT.sub("", text) if whole else text, self.layout.style, whole=whole)
        except UnreadableNumber as error:
            self.complain(column, str(error), error.cure, text)
            return math.nan

    def numbers(self, *columns: str) -> list[float]:
        """Return the numbers of *columns*. Raises WrongRow where one is wrong."""
        return _all_right([self.number(column) for column in columns])

    def counts(self, events: str, total: str) -> tuple[int, int]:
        """Return events and total of a group; *total* may be the column of those without an event."""
        some, whole = (int(number) for number in self.numbers(events, total))
        whole += some if total.startswith("rest") else 0
        if whole == 0:
            self.refuse(total, "leaves nothing to pool", "leave the study out")
        if some > whole:
            self.refuse(events, f"is more than the total {whole}", "are the two columns exchanged?")
        return some, whole

    @contextmanager
    def making(self, column: str, cure: str) -> Iterator[None]:
        """Refuse the row, with a *cure*, where what is made meanwhile cannot be."""
        try:
            yield
        except ValueError as error:
            self.refuse(column, f"cannot be pooled: {error}", cure)


def _all_right(numbers: list[float]) -> list[float]:
    if any(map(math.isnan, numbers)):
        raise WrongRow
    return numbers


def read_studies(name: str, content: bytes, measure: str) -> Studies:
    """Return the studies of the table in *content*, called *name* in messages, to be pooled as *measure*.

    Columns, in any order and under the names that are usual for them: `study`, `subgroup` where there are any, and
    `value,ci_low,ci_high[,ci_level]` (an interval may stand in one cell, `ci`); `yi,vi` or `yi,sei` on the scale of
    analysis; `events1,total1,events2,total2` for OR, RR and RD; `mean1,sd1,n1,mean2,sd2,n2` for MD and SMD;
    `events,total` for proportions. Group 1 is set against group 2. Raises ReviewError with every problem found.
    """
    sheet = read_sheet(name, content, knows)
    sheet.stop_on_problems()
    layout, rows = read_rows(sheet, measure)
    _complain_about_names(rows)
    effects: list[Effect] = []
    counts: list[Count] = []
    if layout.kind == "share":
        counts = read_each(rows, lambda row: Count(row.study, *row.counts("events", "total"), row.subgroup))
    else:
        effects = read_each(rows, lambda row: READERS[layout.kind](row, measure))
    sheet.stop_on_problems()
    numbers = [row.numbers(*layout.numbers) if layout.kind != "interval" else [] for row in rows]
    for place, doubt in doubt_rows(layout.kind, measure, [(row.study, row.subgroup) for row in rows], numbers, effects):
        if doubt.endswith(COUNTED_TWICE):
            rows[place].complain("study", doubt, "delete the row")
        else:
            rows[place].note(doubt)
    sheet.stop_on_problems()
    scale, notes = MEASURES[measure], notes_on_reading(sheet, layout)
    intervals = [(count.events / count.total, *clopper_pearson(count.events, count.total)) for count in counts]
    intervals += [row.printed or effect.interval(scale) for row, effect in zip(rows, effects, strict=False)]
    return Studies(measure, scale, layout.kind, tuple(effects), tuple(counts), tuple(intervals), notes)


def read_rows(sheet: Sheet, measure: str) -> tuple[Layout, list[TableRow]]:
    """Return how a table is to be read, and its rows with numbers. Raises ReviewError where its header does not say how."""
    layout = choose_layout(sheet, measure)
    rows = []
    for line, cells in sheet.rows:
        row = TableRow(sheet, layout, line, cells)
        missing = [is_missing(row.cell(column)) for column in layout.numbers]
        if all(missing):
            sheet.notes.append(f"{row.study or 'a row without a name'} (line {line}) has no numbers and was left out")
            sheet.left_out.append((line, " ".join(filter(None, cells))))
        elif is_summary(row.study) and any(missing):
            row.note(f"{LIKE_A_SUMMARY}, has not all numbers, and was left out")
        else:
            rows.append(row)
    if not rows and not sheet.problems:
        sheet.complain(sheet.header_line, "file", "", "holds no studies", "write one row a study, with its numbers")
    if layout.kind == "interval":
        _complain_about_levels(sheet, layout, rows)
    for i in (i for i, cell in enumerate(sheet.header) if simplify(cell)[0] in ("measure", "effectmeasure")):
        for line, cells in sheet.rows:
            if cells[i].upper() in MEASURES and cells[i].upper() != measure:
                sheet.complain(line, sheet.header[i], cells[i], f"is not {measure}", "pool each measure by itself")
    return layout, rows


def _complain_about_levels(sheet: Sheet, layout: Layout, rows: list[TableRow]) -> None:
    """Say which row lacks the level that others have, and where the table itself tells another level than is read."""
    levels = list(dict.fromkeys(level for row in rows if not is_missing(level := row.cell("ci_level"))))
    for row in rows if levels else ():
        if is_missing(row.cell("ci_level")):
            cure = "write the level of each interval, or take the column out where all are 95"
            row.complain("ci_level", f"is empty for {row.study}, the others have {', '.join(levels)}", cure)
    for line, said in sheet.left_out if layout.level is None and "ci_level" not in layout.places else ():
        if (found := _OTHER_LEVEL.search(said)) and float(found[1]) != 95:
            message = f"names a level of {found[1]} %, the intervals are read as at 95 %"
            sheet.complain(line, "row", said, message, "give the level of each interval in a column ci_level")


def read_each(rows: Iterable[TableRow], read: Callable[[TableRow], Made]) -> list[Made]:
    """Return what *read* makes of each of *rows*, without those that are wrong."""
    made = []
    for row in rows:
        with suppress(WrongRow):
            made.append(read(row))
    return made


def _complain_about_names(rows: list[TableRow]) -> None:
    grouped = any(row.subgroup for row in rows)
    named: dict[tuple[str, str], int] = {}
    for row in rows:
        key = " ".join(row.study.casefold().split()), row.subgroup.casefold()
        first = named.setdefault(key, row.line)
        if not row.study:
            row.complain("study", "is empty", "give each study a name")
        elif first != row.line:
            row.complain("study", f"is in line {first} already", "keep one row a study; name independent strata apart")
        if grouped and not row.subgroup:
            row.complain("subgroup", "is empty, others are not", "give every study a subgroup, or none")


def _level(row: TableRow, said: float | None) -> float:
    """Return the level of a row's interval: its column's, the cell's own (*said*), the header's; 95 where none is named."""
    named = {level for level in (said, row.layout.level) if level is not None}
    if not is_missing(text := re.sub(r"\s*%.*", "", row.cell("ci_level"))):
        named.update(_all_right([row.number("ci_level", text)]))
    if len(named) > 1:
        both = " and ".join(f"{level:g}" for level in sorted(named))
        row.refuse("ci_level", f"contradicts the level beside the interval ({both})", "keep the one that is right")
    level = named.pop() if named else 95.0
    with row.making("ci_level", "correct the level"):
        normal_quantile(level)
    return level


def _read_interval(row: TableRow, measure: str) -> Effect:
    scale, ratio = MEASURES[measure], measure in RATIOS
    text, behind = split_estimate(row.cell("value"))
    value, low, high, said = row.number("value", text), math.nan, math.nan, None
    low_column = next((column for column in ("ci_low", "interval") if column in row.layout.numbers), "value")
    if low_column == "ci_low":
        low, high = row.number("ci_low"), row.number("ci_high")
    else:
        cell = row.cell("interval") or behind
        try:
            low, high, said = parse_interval(
                cell, row.layout.style, lambda low, high: low <= value <= high and (low > 0 or not ratio)
            )
        except UnreadableNumber as error:
            row.complain(low_column, str(error), error.cure, cell or row.cell("value"))
    level = _level(row, said)
    _all_right([value, low, high])
    column, cure = "value", "look the numbers up in the source, and leave the study out where they are as printed"
    if ratio and (least := min(value, low, high)) <= 0:
        column = next(c for c, n in (("value", value), (low_column, low), ("ci_high", high)) if n <= 0)
        cure = "leave the study out, or work the ratio out from its counts with ½ added to each cell"
        cure = "give the ratio itself, not its logarithm (e to that power)" if least < 0 else cure
    elif low >= high:
        column, cure = low_column, "exchange the limits, if that is what the source means"
    if measure == "RD" and abs(value) > 1:
        row.refuse("value", _NO_DIFFERENCE, "divide percentage points by 100")
    with row.making(column, cure):
        effect = effect_sizes.effect_from_interval(
            row.study, value, low, high, scale=scale, level=level, subgroup=row.subgroup
        )
    row.printed = (value, low, high) if level == 95 else None
    middle, half = (scale.forward(low) + scale.forward(high)) / 2, effect.se * normal_quantile(level)
    if (share := abs(effect.estimate - middle) / half) > _OFF_CENTRE:
        off = f"the value lies {100 * share:.0f} % of the half width off the middle of its interval"
        row.note(f"{off}; the centre is the value as printed, the standard error comes from the interval")
    return effect


def _read_error(row: TableRow, measure: str) -> Effect:
    estimate, *spreads = row.numbers(*row.layout.numbers)
    if measure == "RD" and abs(estimate) > 1:
        row.note(f"yi {estimate:g} {_NO_DIFFERENCE}; are these percentage points?")
    columns = row.layout.numbers[1:]
    if (least := min(spreads)) <= 0:
        cure = "look it up; an estimate without an error cannot be pooled"
        row.refuse(columns[spreads.index(least)], "is not above 0", cure)
    errors = [spread**0.5 if column == "vi" else spread for column, spread in zip(columns, spreads, strict=True)]
    if max(errors) > 1.05 * min(errors):
        row.refuse("sei", f"is not the root of vi ({row.cell('vi')})", "keep the one that is right")
    if row.layout.ratio_given:
        if estimate <= 0:
            row.refuse("yi", "is no ratio", "give the ratio itself, not its logarithm, or call it yi")
        estimate = math.log(estimate)
    with row.making(columns[0], LEAVE_OUT):
        effect = effect_sizes.effect_from_error(row.study, estimate, errors[0], row.subgroup)
    return effect


def _read_two_counts(row: TableRow, measure: str) -> Effect:
    row.numbers(*row.layout.numbers)
    (a, n), (c, m) = row.counts(*row.layout.numbers[:2]), row.counts(*row.layout.numbers[2:])
    if measure != "RD" and (a == c == 0 or (a == n and c == m)):
        said = f"{'no' if a == 0 else 'every'} patient of both arms has the event"
        row.note(
            f"{said}, which says next to nothing of a ratio; it is pooled with ½ added to each cell, as escalc does"
        )
    return effect_sizes.effect_from_two_counts(
        row.study, a, n, c, m, measure=cast(CountMeasure, measure), subgroup=row.subgroup, keep_uninformative=True
    )


def _read_means(row: TableRow, measure: str) -> Effect:
    mean, sd, n, other_mean, other_sd, other_n = row.numbers(*row.layout.numbers)
    column = "sd1" if sd <= 0 else "sd2" if other_sd <= 0 else "total1" if n <= other_n else "total2"
    cure = "look it up; a standard deviation of 0 is mostly a missing one" if column.startswith("sd") else LEAVE_OUT
    groups = (mean, sd, int(n), other_mean, other_sd, int(other_n))
    with row.making(column, cure):
        effect = effect_sizes.effect_from_means(
            row.study, *groups, standardised=measure == "SMD", subgroup=row.subgroup
        )
    return effect


# How the effect of a row is read, by what its table holds. Raises WrongRow where a cell is wrong, which is said of its sheet.
READERS: dict[Kind, Callable[[TableRow, str], Effect]] = {
    "interval": _read_interval,
    "error": _read_error,
    "counts": _read_two_counts,
    "means": _read_means,
}
