"""Read the table of studies that a person wants pooled, and say every wrong cell with its line."""

import math
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Literal, TypeVar, cast

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
    NumberStyle,
    Sheet,
    UnreadableNumber,
    is_missing,
    learn_style,
    numbers_in,
    parse_interval,
    parse_number,
    read_sheet,
    split_estimate,
)
from livrev.stats.study_columns import assign_columns, columns_of, knows, measure_named, simplify
from livrev.stats.summary_rows import find_summary_rows

Kind = Literal["interval", "error", "counts", "means", "share"]
RATIOS = ("HR", "OR", "RR")
_OFF_CENTRE = 0.2
_WHOLE = frozenset(("events", "total", "events1", "total1", "events2", "total2", "rest1", "rest2"))
_LEFT_OUT = "write the number, or leave the study out"
_USUAL = {
    "interval": ("ci",),
    "yi": ("value",),
    "sei": ("se",),
    "events1": ("ai",),
    "events2": ("ci",),
    "rest1": ("bi",),
    "rest2": ("di",),
    "total1": ("n1i", "n1"),
    "total2": ("n2i", "n2"),
    "mean1": ("m1i",),
    "mean2": ("m2i",),
    "sd1": ("sd1i",),
    "sd2": ("sd2i",),
}  # names that need no word
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
class _Layout:
    """How the columns of one table are to be read: where each stands, which hold the numbers, and at what level."""

    kind: Kind
    places: dict[str, int]
    numbers: tuple[str, ...]
    level: float | None = None
    style: NumberStyle = field(default_factory=lambda: NumberStyle({}, {}))


@dataclass(slots=True)
class _Row:
    """One row while it is read; what is wrong with it is said of its sheet."""

    sheet: Sheet
    layout: _Layout
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
                counted = column in _WHOLE
                said = "is empty" if not text else "is no number"
                raise UnreadableNumber(said, "write the number, 0 where there was none" if counted else _LEFT_OUT)
            number = parse_number(text, self.layout.style, whole=column in _WHOLE)
            if not math.isfinite(number):
                raise UnreadableNumber("is no number", "write a plain number, as 0.75")
            if column in _WHOLE and not (0 <= number < 1e12 and number == int(number)):
                raise UnreadableNumber("is no count", "write a whole number of patients")
        except UnreadableNumber as error:
            message = "is no count" if column in _WHOLE and str(error) == "is no number" else str(error)
            self.sheet.complain(self.line, column, text, message, error.cure)
            return None
        return number

    def numbers(self, *columns: str) -> list[float] | None:
        found = [self.number(column) for column in columns]
        return None if None in found else cast(list[float], found)

    def make(self, column: str, cure: str, make: Callable[[], Made]) -> Made | None:
        """Return what is made, or None where it cannot be, said with its *cure*."""
        try:
            return make()
        except ValueError as error:
            self.complain(column, f"cannot be pooled: {error}", cure)
            return None


def read_studies(name: str, content: bytes, measure: str) -> Studies:
    """Return the studies of the table in *content*, called *name* in messages, to be pooled as *measure*.

    Columns, in any order and under the names that are usual for them: `study`, `subgroup` where there are any, and
    `value,ci_low,ci_high[,ci_level]` (an interval may stand in one cell, `ci`); `yi,vi` or `yi,sei` on the scale of
    analysis; `events1,total1,events2,total2` for OR, RR and RD; `mean1,sd1,n1,mean2,sd2,n2` for MD and SMD;
    `events,total` for proportions. Group 1 is set against group 2. Raises ReviewError with every problem found.
    """
    sheet = read_sheet(name, content, knows)
    if not sheet.header:
        sheet.complain(1, "file", "", "holds no studies", f"write a header {_columns_for(measure)} and one row a study")
        sheet.stop_on_problems()
    _name_studies(sheet)
    layout = _choose_layout(sheet, measure)
    rows = _read_rows(sheet, layout)
    effects: list[Effect] = []
    counts: list[Count] = []
    for row in rows:
        match layout.kind:
            case "interval":
                effects.extend(_read_interval(row, measure))
            case "error":
                effects.extend(_read_error(row))
            case "counts":
                effects.extend(_read_two_counts(row, cast(CountMeasure, measure)))
            case "means":
                effects.extend(_read_means(row, standardised=measure == "SMD"))
            case "share":
                counts.extend(_read_count(row))
    sheet.stop_on_problems()
    _look_for_summary_rows(sheet, layout, rows)
    sheet.stop_on_problems()
    grouped = any(row.subgroup for row in rows)
    notes = (*_notes_on_reading(sheet, layout), *sheet.notes)
    scale = MEASURES[measure]
    intervals = [(count.events / count.total, *clopper_pearson(count.events, count.total)) for count in counts] or [
        row.printed or _interval_of(effect, scale) for row, effect in zip(rows, effects, strict=True)
    ]
    return Studies(measure, scale, layout.kind, tuple(effects), tuple(counts), tuple(intervals), grouped, notes)


def _interval_of(effect: Effect, scale: Scale) -> tuple[float, float, float]:
    reach = normal_quantile(95) * effect.se
    return scale.back(effect.estimate), scale.back(effect.estimate - reach), scale.back(effect.estimate + reach)


def _columns_for(measure: str) -> str:
    match measure:
        case "proportion":
            return "study,events,total"
        case "OR" | "RR" | "RD":
            return "study,value,ci_low,ci_high (or study,events1,total1,events2,total2)"
        case "MD" | "SMD":
            return "study,value,ci_low,ci_high (or study,mean1,sd1,n1,mean2,sd2,n2)"
    return "study,value,ci_low,ci_high (or study,yi,vi)"


def _name_studies(sheet: Sheet) -> None:
    """Where no column is called study, let author and year, or the names of the rows, be one."""
    simple = [simplify(cell)[0] for cell in sheet.header]
    if set(simple) & columns_of("generic")["study"]:
        return
    for name in ("author", "authors", "firstauthor", "name", "label", "reference", "source", "citation", "publication"):
        if name in simple:
            parts = [simple.index(name), *([simple.index("year")] if "year" in simple else [])]
            sheet.header.append("study")
            sheet.rows = [(line, [*cells, " ".join(cells[i] for i in parts).strip()]) for line, cells in sheet.rows]
            return
    if not sheet.header[0] and any(not cells[0].isdigit() for _, cells in sheet.rows):
        sheet.header[0] = "study"


def _choose_layout(sheet: Sheet, measure: str) -> _Layout:
    """Return how the table is to be read. Raises ReviewError where its header does not say, or says two things."""
    places, disputed = assign_columns(sheet.header, measure)
    for column in sorted({cell for cell in sheet.header if cell and sheet.header.count(cell) > 1}):
        sheet.complain(sheet.header_line, "header", column, "is repeated", "keep one of the two columns")
    sheet.stop_on_problems()
    layout = _find_layout(sheet, places, measure)
    if layout is None or "study" not in places:
        _complain_about_header(sheet, places, measure, layout)
        raise AssertionError("a header without a layout has a problem")
    used = {*layout.numbers, "ci_level", "subgroup"} & disputed.keys()
    for column in sorted(used):
        both = " and ".join(sheet.header[i] for i in disputed[column])
        cure = f"name the one that is meant {column}, or take the others out"
        sheet.complain(sheet.header_line, "header", both, f"may each be {column}", cure)
    known = ("ci_level", "subgroup") if layout.kind == "interval" else ("subgroup",)
    for i, cell in enumerate(sheet.header):
        meant = get_close_matches(cell.lower(), [name for name in known if name not in places], 1, 0.75)
        if i not in places.values() and meant:
            cure = f"write {meant[0]}, or another name"
            sheet.complain(sheet.header_line, "header", cell, f"looks like {meant[0]}", cure)
    levels = {simplify(sheet.header[layout.places[column]])[1] for column in layout.numbers} - {None}
    if len(levels) > 1:
        said = f"name two levels, {' and '.join(f'{level:g}' for level in sorted(cast(set[float], levels)))}"
        sheet.complain(sheet.header_line, "header", ",".join(sheet.header), said, "keep one level, or use ci_level")
    sheet.stop_on_problems()
    layout.level = next(iter(levels), None) if layout.kind == "interval" else None
    layout.style = learn_style(_cells_with_numbers(sheet, layout), sheet.separator)
    return layout


def _find_layout(sheet: Sheet, places: dict[str, int], measure: str) -> _Layout | None:
    has = places.keys()
    if measure == "proportion":
        return _Layout("share", places, ("events", "total")) if {"events", "total"} <= has else None
    estimate = "value" if "value" in has else "yi"
    if estimate in has and (estimate == "value" or measure not in RATIOS):
        if {"ci_low", "ci_high"} <= has:
            return _Layout("interval", places | {"value": places[estimate]}, ("value", "ci_low", "ci_high"))
        if "interval" in has:
            return _Layout("interval", places | {"value": places[estimate]}, ("value", "interval"))
        if any(split_estimate(cells[places[estimate]])[1] for _, cells in sheet.rows):
            return _Layout("interval", places | {"value": places[estimate]}, ("value",))
    logs = "yi" if "yi" in has or measure in RATIOS else "value"
    errors = tuple(column for column in ("vi", "sei") if column in has)
    if logs in has and errors:
        return _Layout("error", places | {"yi": places[logs]}, ("yi", *errors))
    arms = [
        ("events1", "total1" if "total1" in has else "rest1"),
        ("events2", "total2" if "total2" in has else "rest2"),
    ]
    counts = tuple(column for arm in arms for column in arm)
    if has >= set(counts):
        return _Layout("counts", places, counts)
    means = ("mean1", "sd1", "total1", "mean2", "sd2", "total2")
    return _Layout("means", places, means) if has >= set(means) else None


def _complain_about_header(sheet: Sheet, places: dict[str, int], measure: str, layout: _Layout | None) -> None:
    """Say what the header lacks, with the cure that fits what it has."""
    has = places.keys()
    elsewhere = {other: assign_columns(sheet.header, other)[0].keys() for other in MEASURES}
    named = [found for cell in sheet.header if (found := measure_named(cell)) and found != measure]
    needed: tuple[str, ...] = ("value", "ci_low", "ci_high")
    cure = f"write the columns {_columns_for(measure)}"
    if layout is not None:
        needed = ()
        cure = "name the column that holds the names of the studies study"
    elif measure == "proportion":
        needed = ("events", "total")
        if "value" in elsewhere["HR"] or {"value", "ci_low", "ci_high"} <= elsewhere["generic"]:
            cure = "pool values with intervals with --measure HR, OR, RR or generic"
        elif "events1" in elsewhere["OR"]:
            cure = "pool two arms with --measure OR, RR or RD"
    elif measure in ("OR", "RR", "RD") and has & {"events1", "events2"}:
        needed = ("events1", "total1", "events2", "total2")
        cure = "write the columns study,events1,total1,events2,total2"
    elif measure in ("MD", "SMD") and has & {"mean1", "mean2", "sd1", "sd2"}:
        needed = ("mean1", "sd1", "total1", "mean2", "sd2", "total2")
        cure = "write the columns study,mean1,sd1,n1,mean2,sd2,n2"
    elif "value" in has and has & {"sei", "vi"}:
        error = sheet.header[places["sei" if "sei" in has else "vi"]]
        cure = (
            f"call the logarithm of the ratio yi and its error sei (or its variance vi), or give ci_low and ci_high: {error} may "
            "be that of the ratio or of its logarithm"
        )
    elif "yi" in has:
        needed, cure = ("vi",), "give the variance vi, or the standard error sei, on the scale of yi"
        if {"ci_low", "ci_high"} <= has:
            cure = "give vi or sei: the limits may be those of the ratio or of its logarithm"
    elif named and "value" not in has:
        cure = f"pool them with --measure {named[0]}, or name the column of the values value"
    elif "events1" in elsewhere["OR"]:
        cure = "pool the counts of two arms with --measure OR, RR or RD"
    elif "mean1" in elsewhere["MD"]:
        cure = "pool means with --measure MD or SMD"
    elif {"events", "total"} <= elsewhere["proportion"]:
        cure = "pool events of a total with --measure proportion"
    if len(sheet.header) == 1 and re.search(r"[;\t| ]", sheet.header[0]):
        cure = "separate the cells by commas, semicolons or tabs"
    missing = ", ".join(column.replace("total", "n") if measure in ("MD", "SMD") else column
                        for column in ("study", *needed) if column not in has)  # fmt: skip
    sheet.complain(sheet.header_line, "header", ",".join(sheet.header), f"lacks {missing}", cure)
    sheet.stop_on_problems()


def _cells_with_numbers(sheet: Sheet, layout: _Layout) -> Iterable[tuple[str, bool]]:
    for _, cells in sheet.rows:
        for column in layout.numbers:
            cell = cells[layout.places[column]]
            value, interval = split_estimate(cell) if column == "value" else (cell, "")
            if column == "interval":
                value, interval = "", cell
            for part in (value, *numbers_in(interval)):
                if not is_missing(part):
                    yield part, column in _WHOLE or (layout.kind == "means" and column.startswith("total"))


def _read_rows(sheet: Sheet, layout: _Layout) -> list[_Row]:
    """Return the rows that hold a study, each with a name of its own."""
    rows = []
    for line, cells in sheet.rows:
        row = _Row(sheet, layout, line, cells)
        if all(is_missing(row.cell(column)) for column in layout.numbers):
            sheet.notes.append(f"{row.study or 'a row without a name'} (line {line}) has no numbers and was left out")
        else:
            rows.append(row)
    if not rows and not sheet.problems:
        cure = "write one row a study, with its numbers"
        sheet.complain(sheet.header_line, "file", "", "holds no studies", cure)
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
    _complain_about_levels(rows)
    return rows


def _complain_about_levels(rows: list[_Row]) -> None:
    said = list(dict.fromkeys(level for row in rows if not is_missing(level := row.cell("ci_level"))))
    for row in rows if said and rows[0].layout.kind == "interval" else ():
        if is_missing(row.cell("ci_level")):
            message = f"is empty for {row.study}, the others have {', '.join(said)}"
            row.complain(
                "ci_level", message, "write the level of each interval, or take the column out where all are 95"
            )


def _level(row: _Row, said: float | None) -> float | None:
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
    reach = row.make("ci_level", "correct the level", lambda: normal_quantile(level))
    return None if reach is None else level


def _read_interval(row: _Row, measure: str) -> list[Effect]:
    """Return the effect of a row with a value and an interval, or nothing where a cell is wrong."""
    scale, ratio = MEASURES[measure], measure in RATIOS
    text, behind = split_estimate(row.cell("value"))
    value = row.number("value", text)
    said: float | None = None
    low: float | None
    high: float | None
    if "ci_low" in row.layout.numbers:
        low, high = row.number("ci_low"), row.number("ci_high")
        low_column = "ci_low"
    else:
        low_column = "interval" if "interval" in row.layout.numbers else "value"
        cell = row.cell("interval") if low_column == "interval" else behind
        low = high = None

        def holds(bottom: float, top: float) -> bool:
            return value is not None and bottom <= value <= top and (bottom > 0 or not ratio)

        try:
            low, high, said = parse_interval(cell, row.layout.style, holds)
        except UnreadableNumber as error:
            row.sheet.complain(row.line, low_column, cell or row.cell("value"), str(error), error.cure)
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
    effect = row.make(
        column, cure,
        lambda: effect_from_interval(row.study, value, low, high, scale=scale, level=level, subgroup=row.subgroup),
    )  # fmt: skip
    if effect is None:
        return []
    row.printed = (value, low, high) if level == 95 else None
    share = off_centre(value, low, high, scale=scale)
    if share > _OFF_CENTRE:
        row.note(
            f"the value lies {100 * share:.0f} % of the half width off the middle of its interval; the centre is the value "
            "as printed, the standard error comes from the interval"
        )
    return [effect]


def _read_error(row: _Row) -> list[Effect]:
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
    effect = row.make(columns[1], _LEFT_OUT, lambda: effect_from_error(row.study, found[0], errors[0], row.subgroup))
    return [] if effect is None else [effect]


def _read_two_counts(row: _Row, measure: CountMeasure) -> list[Effect]:
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
    effect = effect_from_two_counts(
        row.study, a, n, c, m, measure=measure, subgroup=row.subgroup, keep_uninformative=True
    )
    return [effect]


def _read_means(row: _Row, *, standardised: bool) -> list[Effect]:
    """Return the difference of a row with the means of two groups."""
    found = row.numbers(*row.layout.numbers)
    if found is None:
        return []
    mean, sd, n, other_mean, other_sd, other_n = found
    column = "sd1" if sd <= 0 else "sd2" if other_sd <= 0 else "total1" if n <= other_n else "total2"
    cure = "look it up; a standard deviation of 0 is mostly a missing one" if column.startswith("sd") else _LEFT_OUT
    effect = row.make(
        column, cure,
        lambda: effect_from_means(
            row.study, mean, sd, int(n), other_mean, other_sd, int(other_n), standardised=standardised, subgroup=row.subgroup
        ),
    )  # fmt: skip
    return [] if effect is None else [effect]


def _read_count(row: _Row) -> list[Count]:
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


def _look_for_summary_rows(sheet: Sheet, layout: _Layout, rows: list[_Row]) -> None:
    """Refuse the row that is named and reckoned as the sum of the others; warn of one that is either."""
    added = {"share": layout.numbers, "counts": layout.numbers, "means": ("total1", "total2")}.get(layout.kind, ())
    counts = [tuple(int(row.number(column) or 0) for column in added) for row in rows] if added else []
    for found in find_summary_rows([row.study for row in rows], [row.subgroup for row in rows], counts):
        row = rows[found.place]
        if found.certain:
            row.complain("study", f"{found.reason}, so every patient would count twice", "delete the row")
        else:
            row.note(f"{found.reason}; if it is no study of its own, delete the row: it counts those patients twice")


def _notes_on_reading(sheet: Sheet, layout: _Layout) -> list[str]:
    """Return what was read in another way than written."""
    taken = []
    for column in ("study", *layout.numbers):
        header = sheet.header[layout.places[column]]
        if header.casefold() not in {column, *_USUAL.get(column, ())}:
            taken.append(f"{column} from “{header}”")
    return layout.style.notes() + ([f"columns read: {', '.join(taken)}"] if taken else [])
