"""Draw frames: each function takes a frame whose columns it names, and returns a figure with words and data."""

from collections.abc import Sequence

import pandas as pd

from livrev.show.figures.canvas import wrap
from livrev.show.figures.counts import draw_counts, draw_gap_map
from livrev.show.figures.flow import BOX, draw_flow
from livrev.show.figures.forest import draw_forest
from livrev.show.figures.harvest import HarvestBar, draw_harvest
from livrev.show.figures.intervals import Interval
from livrev.show.figures.people import Consequence, Regimen, draw_people
from livrev.show.figures.shown import ShownFigure
from livrev.show.figures.survival import Alive, Field, draw_survival
from livrev.show.figures.timeline import Point, draw_timeline
from livrev.show.format import format_number

__all__ = ["chain", "counts", "courses", "directions", "flow", "gap_map", "people", "survival", "timeline"]


def counts(table: pd.DataFrame, *, of: str, by: str, most_first: bool = True) -> ShownFigure:
    """Draw a table of counts (`pd.crosstab`): a bar a cell, rows from top to bottom, columns from left to right.

    *of* says what is counted, *by* what the columns are; *most_first* orders the rows by their sums. Raises ValueError
    where nothing is counted.
    """
    rows = table.sum(axis="columns").sort_values(ascending=False, kind="stable").index if most_first else table.index
    tally = {(str(row), str(column)): int(table.loc[row, column]) for row in table.index for column in table.columns}
    return draw_counts(
        tally, of=of, by=by, rows=[str(row) for row in rows], columns=[str(name) for name in table.columns]
    )


def gap_map(studies: pd.DataFrame, patients: pd.DataFrame, *, columns: int = 12) -> ShownFigure:
    """Draw where studies are: rows by columns of two pivot tables alike, one of studies, one of patients.

    Rows and columns with the most studies come first; only so many *columns* are drawn, and the figure says how many are not.
    """
    rows = studies.sum(axis="columns").sort_values(ascending=False, kind="stable").index
    heads = studies.sum().sort_values(ascending=False, kind="stable").index
    heads, more = heads[:columns], len(heads) - columns
    cells = {
        (str(row), str(column)): (int(studies.loc[row, column]), int(patients.loc[row, column]))
        for row in rows
        for column in heads
        if studies.loc[row, column]
    }
    left_out = f"the {columns} columns with the most studies; {more} more are not drawn" if more > 0 else ""
    return draw_gap_map(
        cells, rows=[str(row) for row in rows], columns=[str(column) for column in heads], left_out=left_out
    )


def timeline(
    studies: pd.DataFrame, *, group: str, year: str = "of its main report", ring: str | None = None
) -> ShownFigure:
    """Draw a dot a study along the years (columns `year`, `n`, `name`), in rows by the column *group*.

    *year* says which year that is; *ring* names a column of yes and no: where it is yes, a ring takes the place of the dot,
    and the column's name says what that means.
    """
    points = [
        Point(
            row["year"], row[group], 0 if pd.isna(row["n"]) else row["n"], row["name"].partition(" (")[0],
            ring is not None and bool(row[ring]),
        )
        for row in studies.dropna(subset=["year"]).to_dict("records")
    ]  # fmt: skip
    return draw_timeline(points, of="study", year=year, ring=ring or "")


def directions(results: pd.DataFrame, *, strengths: tuple[str, str, str], columns: tuple[str, str, str]) -> ShownFigure:
    """Draw a harvest plot: a bar a study, its height the strength of its design, in the column where it points.

    Columns of *results*: `label`, `row`, `direction` (favours, no clear difference, against), `strength` from 1 to 3, and
    `second_hand`, whether the number was read in a retelling. *strengths* and *columns* are the words for these.
    """
    bars = [
        HarvestBar(row["label"], row["row"], row["direction"], row["strength"], row["second_hand"])
        for row in results.to_dict("records")
    ]
    return draw_harvest(bars, strengths=strengths, columns=columns)


def courses(patients: pd.DataFrame) -> ShownFigure:
    """Draw single patients: months followed, the best response and how it ended (columns of the table `courses`)."""
    rows: list[Interval] = []
    used: dict[str, str] = {}
    for row in patients.reset_index().sort_values(["months", "patient"], ascending=[False, True]).to_dict("records"):
        best = (
            "" if pd.isna(row["best"]) else f"{row['best']} response" if row["best"] != "stable" else "stable disease"
        )
        month = None if pd.isna(row["best_month"]) else float(row["best_month"])
        sign = _BEST[row["best"]] if best and month is not None else ""
        used |= {sign: best} if sign else {}
        over = f"{'over ' if row['at_least'] == 'yes' else ''}{format_number(row['months'])}"
        told = f"{over} months, {row['end']}" + (f", {best}" if best else "") + (f" at month {month:g}" if sign else "")
        rows.append(
            Interval(
                f"{row['patient']}, {row['target']}", row["months"] if month is None else month, 0, row["months"],
                (f"{_ENDS[row['end']]} {over}, {row['end']}",), kind="bar", sign=sign, said=told,
                data={"target": row["target"], "end": row["end"], "best": best, "best_month": month},
            )
        )  # fmt: skip
    notes = [f"{_SAID[sign]} {best}" for sign, best in used.items()]
    return draw_forest(
        rows, measure="months since the cells were given", favours=None, heads=("",), notes=notes,
        top=max((row.high for row in rows), default=None), alt=f"Swimmer plot of {len(rows)} patients.",
    )  # fmt: skip


_BEST = {"complete": "*", "partial": "^", "stable": "s"}
_SAID = {"*": "★", "^": "▲", "s": "■"}
_ENDS = {"alive": "→", "dead": "×", "last seen": "○"}


def chain(steps: pd.DataFrame, *, of: str) -> ShownFigure:
    """Draw the way of a message, a row of the table `retelling` a step; *of* names the document at its end."""
    main, side = [], []
    for number, row in enumerate(steps.to_dict("records"), 1):
        place = ", ".join(str(part) for part in (row["place"], row["date"]) if not pd.isna(part))
        seen = "" if not pd.isna(row["citekey"]) else " (not seen)"
        main.append("\n".join([*wrap(f"{number}. {row['what']}{seen}", BOX, bold=True), *wrap(place, BOX)]))
        side.append("\n".join(wrap(row["changed"].replace("start: ", "a message begins: ", 1), BOX)))
    begins = [place for place, said in enumerate(steps["changed"]) if said.startswith("start")]
    return draw_flow(main, side, beside="changed", of=f"The way to {of}", begins=begins)


def flow(main: Sequence[str], side: Sequence[str | None]) -> ShownFigure:
    """Draw a flow of records: the steps from top to bottom, and what left it beside each (None for nothing)."""
    return draw_flow(main, side)


def survival(times: pd.DataFrame) -> ShownFigure:
    """Draw rows of `review.over_time`: a field a comparison, both arms at each printed time, how many more live of 1000."""
    fields = []
    for _, rows in times.groupby(level="comparison", sort=False):
        first = rows.iloc[0]
        drawn = [
            Alive(
                float(str(month)), row["treated"], row["control"], row["difference"],
                None if pd.isna(row["difference_low"]) else (row["difference_low"], row["difference_high"]),
            )
            for month, row in rows.droplevel("comparison").iterrows()
        ]  # fmt: skip
        fields.append(Field(f"{first['name']}: {first['arm']}", f"ratio: {first['mark']}", drawn))
    return draw_survival(fields)


def people(tradeoffs: pd.DataFrame) -> ShownFigure:
    """Draw rows of `review.tradeoffs()`: a hundred people for each consequence, with and without the way of treating."""
    regimens = []
    for (regimen, against), rows in tradeoffs.groupby(["regimen", "against"], sort=False):
        drawn = [
            Consequence(
                row["consequence"], row["certainty"], _number(row["without"]), _number(row["with"]), _number(row["low"]),
                _number(row["high"]), _number(row["months"]), row["source"] or "", row["said"] or "", row["because"] or "",
            )
            for row in rows.astype(object).where(rows.notna(), None).to_dict("records")
        ]  # fmt: skip
        regimens.append(Regimen(f"{regimen}, against {against}", drawn))
    return draw_people(regimens)


def _number(cell: float | None) -> float | None:
    return None if cell is None else float(cell)
