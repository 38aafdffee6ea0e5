"""How the columns of a table of studies are to be read, and what is wrong with a header that does not say it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Literal, cast

from livrev.stats.effect_sizes import MEASURES
from livrev.stats.spreadsheet import NumberStyle, Sheet, is_missing, learn_style, numbers_in, split_estimate
from livrev.stats.study_columns import assign_columns, columns_of, measure_named, simplify

Kind = Literal["interval", "error", "counts", "means", "share"]
RATIOS = ("HR", "OR", "RR")
WHOLE = frozenset(("events", "total", "events1", "total1", "events2", "total2", "rest1", "rest2"))
_TWO_COUNTS, _TWO_MEANS = "study,events1,total1,events2,total2", "study,mean1,sd1,n1,mean2,sd2,n2"
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


@dataclass(slots=True)
class Layout:
    """How the columns of one table are to be read: where each stands, which hold the numbers, and at what level."""

    kind: Kind
    places: dict[str, int]
    numbers: tuple[str, ...]
    level: float | None = None
    ratio_given: bool = False
    style: NumberStyle = field(default_factory=lambda: NumberStyle({}, {}))


def columns_for(measure: str) -> str:
    """Return the columns that a table of *measure* is written with, in words."""
    match measure:
        case "proportion":
            return "study,events,total"
        case "OR" | "RR" | "RD":
            return f"study,value,ci_low,ci_high (or {_TWO_COUNTS})"
        case "MD" | "SMD":
            return f"study,value,ci_low,ci_high (or {_TWO_MEANS})"
    return "study,value,ci_low,ci_high (or study,yi,vi)"


def name_studies(sheet: Sheet) -> None:
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


def choose_layout(sheet: Sheet, measure: str) -> Layout:
    """Return how the table is to be read. Raises ReviewError where its header does not say, or says two things."""
    places, disputed = assign_columns(sheet.header, measure)
    for column in sorted({cell for cell in sheet.header if cell and sheet.header.count(cell) > 1}):
        groups = {"OR": _TWO_COUNTS, "RR": _TWO_COUNTS, "RD": _TWO_COUNTS, "MD": _TWO_MEANS, "SMD": _TWO_MEANS}.get(
            measure
        )
        cure = f"keep one of the two columns{f'; two groups are written {groups}' if groups else ''}"
        sheet.complain(sheet.header_line, "header", column, "is repeated", cure)
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


def _find_layout(sheet: Sheet, places: dict[str, int], measure: str) -> Layout | None:
    has = places.keys()
    if measure == "proportion":
        return Layout("share", places, ("events", "total")) if {"events", "total"} <= has else None
    estimate = "value" if "value" in has else "yi"
    if estimate in has and (estimate == "value" or measure not in RATIOS):
        if {"ci_low", "ci_high"} <= has:
            return Layout("interval", places | {"value": places[estimate]}, ("value", "ci_low", "ci_high"))
        if "interval" in has:
            return Layout("interval", places | {"value": places[estimate]}, ("value", "interval"))
        if any(split_estimate(cells[places[estimate]])[1] for _, cells in sheet.rows):
            return Layout("interval", places | {"value": places[estimate]}, ("value",))
    errors = tuple(column for column in ("vi", "sei") if column in has)
    if "value" in has and measure in RATIOS and any(_names_log(sheet.header[places[column]]) for column in errors):
        return Layout("error", places | {"yi": places["value"]}, ("yi", *errors), ratio_given=True)
    logs = "yi" if "yi" in has or measure in RATIOS else "value"
    if logs in has and errors:
        return Layout("error", places | {"yi": places[logs]}, ("yi", *errors))
    arms = [
        ("events1", "total1" if "total1" in has else "rest1"),
        ("events2", "total2" if "total2" in has else "rest2"),
    ]
    counts = tuple(column for arm in arms for column in arm)
    if has >= set(counts):
        return Layout("counts", places, counts)
    means = ("mean1", "sd1", "total1", "mean2", "sd2", "total2")
    return Layout("means", places, means) if has >= set(means) else None


def _names_log(header: str) -> bool:
    return bool(re.search(r"log|ln", simplify(header)[0]))


def _complain_about_header(sheet: Sheet, places: dict[str, int], measure: str, layout: Layout | None) -> None:
    """Say what the header lacks, with the cure that fits what it has."""
    has = places.keys()
    elsewhere = {other: assign_columns(sheet.header, other)[0].keys() for other in MEASURES}
    named = [found for cell in sheet.header if (found := measure_named(cell)) and found != measure]
    needed: tuple[str, ...] = ("value", "ci_low", "ci_high")
    cure = f"write the columns {columns_for(measure)}"
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
        cure = f"write the columns {_TWO_COUNTS}"
    elif measure in ("MD", "SMD") and has & {"mean1", "mean2", "sd1", "sd2"}:
        needed = ("mean1", "sd1", "total1", "mean2", "sd2", "total2")
        cure = f"write the columns {_TWO_MEANS}"
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
    if len(sheet.header) == 1 and re.search(r"[,;\t| ]", sheet.header[0]):
        cure = "separate the cells by commas, semicolons or tabs, without quotation marks around a whole row"
    missing = ", ".join(column.replace("total", "n") if measure in ("MD", "SMD") else column
                        for column in ("study", *needed) if column not in has)  # fmt: skip
    sheet.complain(sheet.header_line, "header", ",".join(sheet.header), f"lacks {missing}", cure)
    sheet.stop_on_problems()


def _cells_with_numbers(sheet: Sheet, layout: Layout) -> Iterable[tuple[str, bool]]:
    for _, cells in sheet.rows:
        for column in layout.numbers:
            cell = cells[layout.places[column]]
            value, interval = split_estimate(cell) if column == "value" else (cell, "")
            if column == "interval":
                value, interval = "", cell
            for part in (value, *numbers_in(interval)):
                if not is_missing(part):
                    yield part, column in WHOLE


def notes_on_reading(sheet: Sheet, layout: Layout) -> list[str]:
    """Return what was read in another way than written."""
    taken = []
    for column in ("study", *layout.numbers):
        header = sheet.header[layout.places[column]]
        if header.casefold() not in {column, *_USUAL.get(column, ())}:
            taken.append(f"{column} from “{header}”")
    return layout.style.notes() + ([f"columns read: {', '.join(taken)}"] if taken else [])
