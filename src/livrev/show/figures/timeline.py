"""Trials along the years of their main reports, or of the results that are awaited."""

from typing import Any

import pandas as pd

from livrev.show.figures.sheet import Sheet, Value, measure, name_mark
from livrev.show.figures.shown import ShownFigure, need_something, show
from livrev.show.figures.style import BLUE, GROUND, LINE, SMALL

_CELL = 6.6  # points between the middles of two dots
_MOST = 1000  # patients from which on a dot grows no more


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
            "year": dated["year"].astype(int), "group": dated[group].astype(str), "n": dated["n"].fillna(0).astype(int),
            "name": dated["name"].str.partition(" (")[0], "ring": dated[ring].astype(bool) if ring else False,
        }
    )  # fmt: skip
    order, up = ["group", "year", "ring", "n", "name"], [True, True, True, False, True]
    known = known.sort_values(order, ascending=up, kind="stable")
    said = "; ".join(
        f"{name}: {len(own)}, from {own['year'].min()} to {own['year'].max()}" + (f", {own['ring'].sum()} {ring}" if ring else "")
        for name, own in known.groupby("group")
    )  # fmt: skip
    note = f"one dot a study, by the year {year}; the larger the more patients, up to {_MOST} and more"
    note += f"; a ring: {ring}" if ring else ""
    alt = f"Time line, one dot a study. {said}."
    return show(lambda sheet: _draw(sheet, known, note, ring or ""), alt=alt, told=False)


def _mark(sheet: Sheet, row: dict[Any, Any], ring: str) -> int:
    patients = f"{row['n']} patients" if row["n"] else "number of patients not given"
    data: dict[str, Value] = {"year": row["year"], "group": row["group"], "study": row["name"]}
    data |= {"patients": row["n"] or None} | ({ring: "yes" if row["ring"] else "no"} if ring else {})
    return sheet.mark(
        f"{row['name']}, {row['year']}: {patients} ({row['group']}{f'; {ring}' if row['ring'] else ''})", data
    )


def _draw(sheet: Sheet, known: pd.DataFrame, note: str, named: str) -> float:
    first, last = int(known["year"].min()), int(known["year"].max())
    left = 0.0 if sheet.narrow else max(measure(group, bold=True) for group in known["group"]) + 8
    step = (sheet.width - left) / (last - first + 1)
    across = max(1, int((step - 2) / _CELL))
    piles = known.groupby(["group", "year"])["n"]
    layer, column = piles.cumcount() // across, piles.cumcount() % across
    wide = (piles.transform("size") - layer * across).clip(upper=across)  # dots in the layer
    placed = known.assign(layer=layer, x=known["year"] + (column - (wide - 1) / 2) * _CELL / step)
    base = 2.0
    plot = sheet.lay_plot(left, sheet.width)
    plot.set_xlim(first - 0.5, last + 0.5)
    for group, dots in placed.groupby("group"):
        top, high = base, _CELL * dots["layer"].max() + _CELL + 8
        base += high + (LINE + 2 if sheet.narrow else 0)
        sheet.write(0, top + LINE / 2 + 2 if sheet.narrow else base - 8, str(group), bold=True)
        sheet.line([left, sheet.width], [base, base])
        for dot in dots.to_dict("records"):
            size, ring = 2.8 + (_CELL - 3.0) * (min(dot["n"], _MOST) / _MOST) ** 0.5, dot["ring"]
            plot.scatter(
                [dot["x"]], [base - 5 - dot["layer"] * _CELL], s=(size - ring) ** 2, color=GROUND if ring else BLUE,
                edgecolors=BLUE, linewidths=float(ring), clip_on=False, gid=name_mark(_mark(sheet, dot, named)),
            )  # fmt: skip
    every = next(n for n in (1, 2, 5, 10) if n * step > measure("2026", SMALL) + 6)
    for year in range(last - (last - first) // every * every, last + 1, every):
        half = measure(str(year), SMALL) / 2
        x = min(max(left + (year - first + 0.5) * step, half), sheet.width - half)
        sheet.write(x, base + 8, str(year), size=SMALL, align="center")
    return sheet.write_notes(base + 15, [note]) + 3
