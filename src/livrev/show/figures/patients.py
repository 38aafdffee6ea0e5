"""What happens to patients: a hundred people for each consequence, survival at printed times, and single courses."""

from itertools import groupby
from typing import Any

import pandas as pd

from livrev.show.figures.forest import Interval, draw_forest, squares
from livrev.show.figures.sheet import BLUE, GRID, GROUND, LINE, MUTED, SMALL, VERMILION, Sheet, measure, wrap
from livrev.show.figures.shown import ShownFigure, need_something, show
from livrev.show.format import format_count, format_interval, format_number

_STEP, _DOT, _GAP = 9.0, 6.2, 14.0  # points: from person to person, one person, and between two groups of a hundred
_ROWS = 10
_KEY = (
    (MUTED, "either way"), (BLUE, "spared by the treatment"), (VERMILION, "only with the treatment"), (GRID, "not at all"),
)  # fmt: skip
_PEOPLE = "of 100 people; the interval is at 95 %; squares: how sure (four for high, one for very low)"
_DEEP, _APART, _TICKS = 92.0, 16.0, 12.0  # points: a field's height, from one to the next, and of the numbers below it
_SURVIVAL = (
    "full dots: with the treatment; hollow dots: with the control; years since the beginning, percent alive as printed",
    "the straight lines between the dots are not the curves",
    "beside the dots: how many more of 1000 are alive with the treatment (bold where its 95 % interval holds no 0)",
)
_Row = dict[Any, Any]
_ARMS: Any = (("control", MUTED, GROUND), ("treated", BLUE, None))  # the ink of its line, and the face of its dots
# Of each best response: the marker at its month, how a note shows that, and its name.
_BEST = {
    "complete": ("*", "★", "complete response"), "partial": ("^", "▲", "partial response"),
    "stable": ("s", "■", "stable disease"),
}  # fmt: skip
_ENDS = {"alive": "→", "dead": "×", "last seen": "○"}


def people(tradeoffs: pd.DataFrame) -> ShownFigure:
    """Draw rows of `review.tradeoffs()`: a hundred people for each consequence, with and without it. Raises ValueError without a row."""
    need_something(tradeoffs, "consequence")
    months = tradeoffs["months"].map(" by month {:g}".format, na_action="ignore").fillna("")
    titles = tradeoffs["regimen"] + ", against " + tradeoffs["against"]
    found = tradeoffs.assign(head=tradeoffs["consequence"] + months, regimen=titles).astype(object)
    found = found.where(found.notna(), None).sort_values("without", key=pd.isna, kind="stable")
    regimens = {title: found[found["regimen"] == title].to_dict("records") for title in dict.fromkeys(titles)}
    return show(lambda sheet: _draw_people(sheet, regimens), alt="Of 100 people.")


def _mark_consequence(sheet: Sheet, row: _Row) -> int:
    data = {"regimen": row["regimen"], "consequence": row["head"]}
    data |= {"without_of_100": row["without"], "with_of_100": row["with"]}
    data |= {name: row[name] for name in ("low", "high", "said", "certainty", "because")}
    return sheet.mark(f"{row['regimen']}: {_words(row)}", data | {"risk_without_from": row["source"]})


def _numbers(row: _Row) -> list[str]:
    """Return how many of 100, without and with."""
    without, with_, low, high = (
        None if row[name] is None else format_number(row[name], 0 if row[name] >= 9.95 else 1)
        for name in ("without", "with", "low", "high")
    )
    return [f"{without} without", f"{with_} with" + ("" if low is None or high is None else f" ({low} to {high})")]


def _words(row: _Row) -> str:
    said = row["said"] if row["without"] is None else ", ".join(_numbers(row))
    source = "" if row["without"] is None else f", risk without from {row['source']}"
    rest = f"{said}, certainty {row['certainty']}{source}" if said else row["because"][:1].lower() + row["because"][1:]
    return f"{row['head']}: {rest}"


def _draw_people(sheet: Sheet, regimens: dict[Any, list[_Row]]) -> float:
    across = 2 if sheet.narrow else 4
    width = (sheet.width - (across - 1) * _GAP) / across
    top = 0.0
    for title, rows in regimens.items():
        y = sheet.write_lines(0, top, wrap(title, sheet.width, bold=True), bold=True)
        sheet.line([0, sheet.width], [y + 1, y + 1])
        y += 6
        drawn = [row for row in rows if row["without"] is not None]
        for start in range(0, len(drawn), across):
            line = drawn[start : start + across]
            hundred = y + LINE * max(len(wrap(row["head"], width)) for row in line)
            ends = []
            for column, row in enumerate(line):
                x, mark = column * (width + _GAP), _mark_consequence(sheet, row)
                style: Any = {"size": SMALL, "mark": mark}
                sheet.write_lines(x, y, wrap(row["head"], width), **style)
                _draw_hundred(sheet, x, hundred + 2, row, mark)
                at = sheet.write_lines(x, hundred + _ROWS * _STEP + 4, wrap("\n".join(_numbers(row)), width), **style)
                source = wrap(f"without: {row['source']}", width, size=SMALL)
                sure = f"{squares(row['certainty'])} {row['certainty']}"
                ends.append(sheet.write_lines(x, at, [sure, *source], ink=MUTED, **style))
            y = max(ends) + 8
        for row in rows[len(drawn) :]:
            y = sheet.write_lines(0, y, wrap(_words(row), sheet.width), size=SMALL, mark=_mark_consequence(sheet, row))
        top = y + 14
    for number, (colour, said) in enumerate(_KEY):
        x, y = (number % across) * (width + _GAP), top + (number // across) * (LINE + 2)
        _draw_run(sheet, x, y + LINE / 2, 1, colour, None)
        sheet.write(x + _DOT + 4, y + LINE / 2, said, size=SMALL, ink=MUTED)
    return sheet.write_notes(y + LINE + 6, [_PEOPLE]) + 3


def _draw_hundred(sheet: Sheet, left: float, top: float, row: _Row, mark: int) -> None:
    without, with_ = round(row["without"]), round(row["with"])
    changed = [BLUE if with_ < without else VERMILION] * abs(without - with_)
    colours = [MUTED] * min(without, with_) + changed + [GRID] * 100
    for (line, colour), run in groupby(range(100), key=lambda person: (person // _ROWS, colours[person])):
        first, *others = run
        x, y = left + _STEP * (first % _ROWS), top + _STEP * (line + 0.5)
        _draw_run(sheet, x, y, 1 + len(others), colour, mark)


def _draw_run(sheet: Sheet, left: float, y: float, number: int, colour: str, mark: int | None) -> None:
    """Draw a *number* of people in a row: one line of round dots, far smaller than a shape for each."""
    dashes = (0, (0.01 / _DOT, (_STEP - 0.01) / _DOT))  # in units of the line's width
    style = {"color": colour, "linewidth": _DOT, "linestyle": dashes, "dash_capstyle": "round", "zorder": 2}
    sheet.line([left + _DOT / 2, left + _DOT / 2 + _STEP * (number - 1) + 0.02], [y, y], mark, **style)


def survival(times: pd.DataFrame) -> ShownFigure:
    """Draw rows of `review.over_time`: both arms at each printed time, how many more live of 1000. Raises ValueError without a row."""
    need_something(times, "comparison")
    known = times.reset_index().astype({"months": "float64"})
    known = known.assign(title=known["name"] + ": " + known["arm"], said="ratio: " + known["mark"])
    fields = [rows.to_dict("records") for _, rows in known.groupby("comparison", sort=False)]
    return show(lambda sheet: _draw_survival(sheet, fields), alt=f"Survival over time in {len(fields)} comparisons.")


def _mark_month(sheet: Sheet, row: _Row) -> int:
    low, high, title, said = row["difference_low"], row["difference_high"], row["title"], row["said"]
    interval: str = "interval not known" if pd.isna(low) else format_interval(low, high)
    low, high = (None, None) if pd.isna(low) else (round(low), round(high))
    return sheet.mark(
        f"{title}, month {row['months']:g}: {format_number(row['treated'])} % alive with, {format_number(row['control'])} % without; "
        f"{_signed(row)} of 1000 alive ({interval}) ({said})",
        {"comparison": title, "month": row["months"], "treated_percent": row["treated"], "control_percent": row["control"],
         "more_of_1000": round(row["difference"]), "low": low, "high": high, "ratio": said},
    )  # fmt: skip


def _signed(row: _Row) -> str:
    return ("+" if round(row["difference"]) > 0 else "") + format_number(row["difference"])


def _draw_survival(sheet: Sheet, fields: list[list[_Row]]) -> float:
    across = 2 if sheet.narrow else 3
    width = (sheet.width - (across - 1) * _APART) / across
    last = max(row["months"] for rows in fields for row in rows)
    top = 0.0
    for start in range(0, len(fields), across):
        line = fields[start : start + across]
        heads = [(wrap(rows[0]["title"], width, bold=True), wrap(rows[0]["said"], width)) for rows in line]
        field = top + LINE * max(len(title) + len(said) for title, said in heads) + 3
        for column, ((title, said), here) in enumerate(zip(heads, line, strict=True)):
            left = column * (width + _APART)
            sheet.write_lines(left, sheet.write_lines(left, top, title, bold=True), said, ink=MUTED)
            _draw_field(sheet, here, left, field, width, last)
        top = field + _DEEP + _TICKS + 8
    return sheet.write_notes(top, _SURVIVAL) + 3


def _draw_field(sheet: Sheet, rows: list[_Row], left: float, top: float, width: float, last: float) -> None:
    def place(month: float, percent: float) -> tuple[float, float]:
        return left + 18 + (width - 30) * month / last, top + 4 + (_DEEP - 4) * (1 - percent / 100)

    for height in (0, 50, 100):
        (x, y), (end, _) = place(0, height), place(last, height)
        sheet.line([x, end], [y, y])
        sheet.write(x - 3, y, f"{height}", size=SMALL, ink=MUTED, align="right")
    for year in range(1, int(last / 12) + 1):
        x, y = place(year * 12, 0)
        sheet.write(x, y + 7, f"{year}", size=SMALL, ink=MUTED, align="center")
    for name, colour, _ in _ARMS:
        xs, ys = zip(place(0, 100), *(place(row["months"], row[name]) for row in rows), strict=True)
        sheet.line(xs, ys, color=colour, linewidth=1.2, zorder=2)
    ends = 0.0  # where the last number above the lines ends
    for row in rows:
        number = _mark_month(sheet, row)
        for name, colour, face in _ARMS:
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


def courses(patients: pd.DataFrame) -> ShownFigure:
    """Draw single patients: months followed, the best response and how it ended (columns of the table `courses`)."""
    rows: list[Interval] = []
    used: dict[str, str] = {}
    for row in patients.reset_index().sort_values(["months", "patient"], ascending=[False, True]).to_dict("records"):
        marker, shown, best = ("", "", "") if pd.isna(row["best"]) else _BEST[row["best"]]
        month = None if pd.isna(row["best_month"]) else float(row["best_month"])
        sign = "" if month is None else marker
        used |= {sign: f"{shown} {best}"} if sign else {}
        over = "over " if row["at_least"] == "yes" else ""
        told = f"{over}{format_count(row['months'], 'month')}, {row['end']}{best and f', {best}'}"
        told += f" at month {month:g}" if sign else ""
        rows.append(
            Interval(
                f"{row['patient']}, {row['target']}", row["months"] if month is None else month, 0, row["months"],
                (f"{_ENDS[row['end']]} {over}{format_number(row['months'])}, {row['end']}",), kind="bar", sign=sign, said=told,
                data={"target": row["target"], "end": row["end"], "best": best, "best_month": month},
            )
        )  # fmt: skip
    return draw_forest(
        rows, measure="months since the cells were given", favours=None, heads=("",), notes=list(used.values()),
        top=max((row.high for row in rows), default=None), alt=f"Swimmer plot of {format_count(len(rows), 'patient')}.",
    )  # fmt: skip
