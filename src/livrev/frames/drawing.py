"""Draw frames: each function takes a frame whose columns it names, and returns a figure with words and data."""

from collections.abc import Sequence

import pandas as pd

from livrev.show.figures.citation_chain import Link, draw_chain
from livrev.show.figures.counts import draw_counts, draw_gap_map
from livrev.show.figures.flow import draw_flow
from livrev.show.figures.harvest import HarvestBar, draw_harvest
from livrev.show.figures.people import Consequence, Regimen, draw_people
from livrev.show.figures.shown import ShownFigure
from livrev.show.figures.survival import Alive, Field, draw_survival
from livrev.show.figures.swimmer import Course, draw_swimmer
from livrev.show.figures.timeline import Point, draw_timeline

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
    return draw_swimmer(
        [
            Course(
                row["patient"], row["target"], row["months"], row["end"], row["at_least"] == "yes",
                "" if pd.isna(row["best"]) else row["best"], None if pd.isna(row["best_month"]) else row["best_month"],
            )
            for row in patients.reset_index().to_dict("records")
        ]
    )  # fmt: skip


def chain(steps: pd.DataFrame, *, of: str) -> ShownFigure:
    """Draw the way of a message, a row of the table `retelling` a step; *of* names the document at its end."""
    return draw_chain(
        [
            Link(
                row["what"], row["place"], "" if pd.isna(row["date"]) else row["date"], row["changed"].removeprefix("start: "),
                first=row["changed"].startswith("start"), seen=not pd.isna(row["citekey"]),
            )
            for row in steps.to_dict("records")
        ],
        of=of,
    )  # fmt: skip


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
