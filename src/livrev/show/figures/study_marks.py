"""One mark a study: a harvest plot, which way each points and how strong its design is, and a time line of their reports."""

from typing import Any

import pandas as pd

from livrev.review.pool_inputs import DIRECTIONS
from livrev.show.figures.sheet import BLUE, GROUND, LINE, MUTED, SMALL, Sheet, measure, wrap
from livrev.show.figures.shown import ShownFigure, need_something, show
from livrev.show.format import format_count

_UNIT, _HIGH = 8.0, 6.5  # points: the length of one step of strength, and the height of a bar
_NAME = 3 * _UNIT + 6
_FACES = {False: BLUE, True: GROUND}  # of bars, hollow where read second-hand
_ROW, _KEY = 12.5, 13.0
_CELL = 6.6  # points between the middles of two dots
_MOST = 1000  # patients from which on a dot grows no more


def directions(results: pd.DataFrame, *, strengths: tuple[str, str, str], columns: tuple[str, str, str]) -> ShownFigure:
    """Draw a harvest plot: a bar a study, as long as its design is strong, in the column where it points.

    Columns of *results*: `label`, `row`, `direction` (favours, no clear difference, against), `strength` from 1 to 3, and
    `second_hand`, whether the number was read in a retelling. *strengths* and *columns* are the words for these. Raises
    ValueError where there is no study.
    """
    need_something(results, "study")
    bars = results.sort_values(["strength", "second_hand", "label"], ascending=[False, True, True], kind="stable")

    def draw(sheet: Sheet) -> float:
        y = 2.0
        width = sheet.width if sheet.narrow else (sheet.width + 12) / 3
        for row in dict.fromkeys(results["row"]):
            sheet.write(0, y + LINE / 2, row, bold=True)
            sheet.line([0, sheet.width], [y + LINE + 2] * 2)
            top = y = y + LINE + 8
            for number, (direction, head) in enumerate(zip(DIRECTIONS, columns, strict=True)):
                here = bars[(bars["row"] == row) & (bars["direction"] == direction)]
                x, at = (0.0, y) if sheet.narrow else (number * width, top)
                sheet.write(x, at + LINE / 2, f"{head}: {len(here) or 'none'}", ink=MUTED)
                at += LINE + 3
                for bar in here.to_dict("records"):
                    mark = _mark_result(sheet, bar, head, strengths[bar["strength"] - 1])
                    face, long = _FACES[bool(bar["second_hand"])], bar["strength"] * _UNIT
                    sheet.bar(x + 0.6, at + _ROW / 2, long, _HIGH, mark, face=face, linewidth=1.1)
                    lines = wrap(bar["label"], width - _NAME - 10)
                    gap = (_ROW - LINE) / 2
                    at = gap + sheet.write_lines(x + _NAME, at + gap, lines, mark=mark)
                y = max(y, at + 7 if sheet.narrow else at)
            y += 6
        key = [(strength, False, strengths[strength - 1]) for strength in (3, 2, 1)]
        for strength, second_hand, said in [*key, (3, True, "hollow: read second-hand")]:
            sheet.bar(0.6, y + 6, strength * _UNIT, _HIGH, face=_FACES[second_hand], linewidth=1.1)
            sheet.write(_NAME, y + 6, said, size=SMALL, ink=MUTED)
            y += _KEY
        return y + 10

    return show(draw, alt=f"Harvest plot of {len(bars)} results.")


def _mark_result(sheet: Sheet, bar: dict[Any, Any], head: str, design: str) -> int:
    return sheet.mark(
        f"{bar['label']}, {bar['row'].lower()}: {head}; {design}" + "; read second-hand" * bool(bar["second_hand"]),
        {"outcome": bar["row"], "study": bar["label"], "direction": head, "design": design,
         "strength": bar["strength"], "second_hand": "yes" if bar["second_hand"] else "no"},
    )  # fmt: skip


def timeline(
    studies: pd.DataFrame, *, group: str, year: str = "of its main report", ring: str | None = None
) -> ShownFigure:
    """Draw a dot a study along the years (columns `year`, `n`, `name`), in rows by the column *group*; its area grows with `n`.

    Dots of a year are piled up, the largest below. *year* says which year that is; *ring* names a column of yes and no:
    where it is yes, a ring takes the place of the dot, on top of its pile, and the column's name says what that means.
    Raises ValueError where no study has a year.
    """
    dated = studies.dropna(subset=["year"])
    need_something(dated, "study")
    known = pd.DataFrame(
        {
            "group": dated[group].astype(str), "year": dated["year"].astype(int),
            "ring": dated[ring].astype(bool) if ring else False, "n": dated["n"].fillna(0).astype(int),
            "name": dated["name"].str.partition(" (")[0],
        }
    )  # fmt: skip
    known = known.sort_values([*map(str, known)], ascending=[True, True, True, False, True], kind="stable")
    said = "; ".join(
        f"{name}: {len(own)}, from {own['year'].min()} to {own['year'].max()}" + (f", {own['ring'].sum()} {ring}" if ring else "")
        for name, own in known.groupby("group")
    )  # fmt: skip
    note = f"one dot a study, by the year {year}; the larger the more patients, up to {_MOST} and more"
    note += f"; a ring: {ring}" if ring else ""
    alt = f"Time line, one dot a study. {said}."
    return show(lambda sheet: _draw_times(sheet, known, note, ring or ""), alt=alt, told=False)


def _mark_study(sheet: Sheet, row: dict[Any, Any], ring: str) -> int:
    patients = format_count(row["n"], "patient") if row["n"] else "number of patients not given"
    data = {"year": row["year"], "group": row["group"], "study": row["name"], "patients": row["n"] or None}
    data |= {ring: "yes" if row["ring"] else "no"} if ring else {}
    ringed = f"; {ring}" if row["ring"] else ""
    return sheet.mark(f"{row['name']}, {row['year']}: {patients} ({row['group']}{ringed})", data)


def _draw_times(sheet: Sheet, known: pd.DataFrame, note: str, named: str) -> float:
    first, last = int(known["year"].min()), int(known["year"].max())
    left = 0.0 if sheet.narrow else max(measure(group, bold=True) for group in known["group"]) + 8
    step = (sheet.width - left) / (last - first + 1)
    across = max(1, int((step - 2) / _CELL))
    piles = known.groupby(["group", "year"])["n"]
    layer, column = piles.cumcount() // across, piles.cumcount() % across
    wide = (piles.transform("size") - layer * across).clip(upper=across)  # dots in the layer
    placed = known.assign(layer=layer, x=known["year"] + (column - (wide - 1) / 2) * _CELL / step)
    base = 2.0
    for group, dots in placed.groupby("group"):
        top, high = base, _CELL * dots["layer"].max() + _CELL + 8
        base += high + (LINE + 2 if sheet.narrow else 0)
        sheet.write(0, top + LINE / 2 + 2 if sheet.narrow else base - 8, str(group), bold=True)
        sheet.line([left, sheet.width], [base, base])
        for dot in dots.to_dict("records"):
            size, ring = 2.8 + (_CELL - 3.0) * (min(dot["n"], _MOST) / _MOST) ** 0.5, dot["ring"]
            sheet.dot(
                left + (dot["x"] - first + 0.5) * step, base - 5 - dot["layer"] * _CELL, _mark_study(sheet, dot, named),
                size=size - ring, ink=BLUE, face=GROUND if ring else BLUE, markeredgewidth=float(ring),
            )  # fmt: skip
    every = next(n for n in (1, 2, 5, 10) if n * step > measure("2026", SMALL) + 6)
    for year in range(last - (last - first) // every * every, last + 1, every):
        half = measure(str(year), SMALL) / 2
        x = min(max(left + (year - first + 0.5) * step, half), sheet.width - half)
        sheet.write(x, base + 8, str(year), size=SMALL, align="center")
    return sheet.write_notes(base + 15, [note]) + 3
