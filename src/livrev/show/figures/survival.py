"""Survival at printed times: a small field a comparison, both arms as lines from all alive, and how many more live of 1000."""

from typing import Any

import pandas as pd

from livrev.show.figures.sheet import Sheet, measure, wrap
from livrev.show.figures.shown import ShownFigure, need_something, show
from livrev.show.figures.style import BLUE, GROUND, LINE, MUTED, SMALL
from livrev.show.format import format_interval, format_number

# Points: the height of a field, the space between fields, and that of the numbers below.
_DEEP, _GAP, _TICKS = 92.0, 16.0, 12.0
_YEAR = 12
_NOTES = (
    "full dots: with the treatment; hollow dots: with the control; years since the beginning, percent alive as printed",
    "the straight lines between the dots are not the curves",
    "beside the dots: how many more of 1000 are alive with the treatment (bold where its 95 % interval holds no 0)",
)
_Row = dict[Any, Any]
_Field = tuple[str, str, list[_Row]]  # title, what is said of its ratio, and its times in order


def survival(times: pd.DataFrame) -> ShownFigure:
    """Draw rows of `review.over_time`: a field a comparison, both arms at each printed time, how many more live of 1000.

    Raises ValueError where there is none.
    """
    need_something(times, "comparison")
    known = times.reset_index().astype({"months": "float64"}).groupby("comparison", sort=False)
    fields: list[_Field] = []
    for rows in (rows.to_dict("records") for _, rows in known):
        fields.append((f"{rows[0]['name']}: {rows[0]['arm']}", f"ratio: {rows[0]['mark']}", rows))
    alt = f"Survival over time in {len(fields)} comparisons."
    return show(lambda sheet: _draw(sheet, fields), alt=alt)


def _mark(sheet: Sheet, title: str, said: str, row: _Row) -> int:
    low, high = row["difference_low"], row["difference_high"]
    low, high = (None, None) if pd.isna(low) else (round(low), round(high))
    interval = "interval not known" if low is None else format_interval(row["difference_low"], row["difference_high"])
    return sheet.mark(
        f"{title}, month {row['months']:g}: {format_number(row['treated'])} % alive with, {format_number(row['control'])} % without; "
        f"{_signed(row)} of 1000 alive ({interval}) ({said})",
        {"comparison": title, "month": row["months"], "treated_percent": row["treated"], "control_percent": row["control"],
         "more_of_1000": round(row["difference"]), "low": low, "high": high, "ratio": said},
    )  # fmt: skip


def _signed(row: _Row) -> str:
    return ("+" if round(row["difference"]) > 0 else "") + format_number(row["difference"])


def _draw(sheet: Sheet, fields: list[_Field]) -> float:
    across = 2 if sheet.narrow else 3
    width = (sheet.width - (across - 1) * _GAP) / across
    last = max(row["months"] for _, _, rows in fields for row in rows)
    top = 0.0
    for start in range(0, len(fields), across):
        line = fields[start : start + across]
        heads = [(wrap(title, width, bold=True), wrap(said, width)) for title, said, _ in line]
        field = top + LINE * max(len(title) + len(said) for title, said in heads) + 3
        for column, ((title, said), here) in enumerate(zip(heads, line, strict=True)):
            left = column * (width + _GAP)
            sheet.write_lines(left, sheet.write_lines(left, top, title, bold=True), said, ink=MUTED)
            _draw_field(sheet, here, left, field, width, last)
        top = field + _DEEP + _TICKS + 8
    return sheet.write_notes(top, _NOTES) + 3


def _draw_field(sheet: Sheet, field: _Field, left: float, top: float, width: float, last: float) -> None:
    _, _, rows = field

    def place(month: float, percent: float) -> tuple[float, float]:
        return left + 18 + (width - 30) * month / last, top + 4 + (_DEEP - 4) * (1 - percent / 100)

    for height in (0, 50, 100):
        (x, y), (end, _) = place(0, height), place(last, height)
        sheet.line([x, end], [y, y])
        sheet.write(x - 3, y, f"{height}", size=SMALL, ink=MUTED, align="right")
    for year in range(1, int(last / _YEAR) + 1):
        x, y = place(year * _YEAR, 0)
        sheet.write(x, y + 7, f"{year}", size=SMALL, ink=MUTED, align="center")
    for name, colour in (("control", MUTED), ("treated", BLUE)):
        points = [place(0, 100), *(place(row["months"], row[name]) for row in rows)]
        sheet.line([x for x, _ in points], [y for _, y in points], color=colour, linewidth=1.2, zorder=2)
    ends = 0.0  # where the last number above the lines ends
    for row in rows:
        number = _mark(sheet, *field[:2], row)
        for name, colour in (("control", MUTED), ("treated", BLUE)):
            face = GROUND if name == "control" else None
            sheet.dot(*place(row["months"], row[name]), number, size=4.4, ink=colour, face=face)
        upper, lower = (place(row["months"], end(row["treated"], row["control"])) for end in (max, min))
        said, sure = _signed(row), row["difference_low"] > 0 or row["difference_high"] < 0
        half = measure(said, SMALL, sure) / 2
        beside = min(upper[0] + 7, left + width - half)
        if above := beside - half > ends + 1:
            ends = beside + half
        along, down = (beside, upper[1] - 9) if above else (lower[0], lower[1] + 9)
        if down > top + _DEEP - 4:  # it would stand on the years
            along, down = beside, upper[1] - 9 - LINE
        sheet.write(along, down, said, size=SMALL, bold=sure, align="center", mark=number)
