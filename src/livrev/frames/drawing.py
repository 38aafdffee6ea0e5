"""Draw frames: each function takes a frame whose columns it names, and returns a figure with words and data."""

import pandas as pd

from livrev.show.figures.counts import counts, gap_map
from livrev.show.figures.flow import chain, flow
from livrev.show.figures.forest import Interval, draw_forest
from livrev.show.figures.harvest import directions
from livrev.show.figures.people import people
from livrev.show.figures.shown import ShownFigure
from livrev.show.figures.survival import survival
from livrev.show.figures.timeline import timeline
from livrev.show.format import format_number

__all__ = ["chain", "counts", "courses", "directions", "flow", "gap_map", "people", "survival", "timeline"]
_BEST = {"complete": "*", "partial": "^", "stable": "s"}  # markers at the month of the best response
_SAID = {"*": "★", "^": "▲", "s": "■"}
_ENDS = {"alive": "→", "dead": "×", "last seen": "○"}


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
