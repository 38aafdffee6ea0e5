"""A hundred people for each consequence of a treatment: who has it anyway, who is spared, to whom it happens in addition."""

from typing import Any

import pandas as pd

from livrev.show.figures.forest import squares
from livrev.show.figures.sheet import Sheet, name_mark, wrap
from livrev.show.figures.shown import ShownFigure, need_something, show
from livrev.show.figures.style import BLUE, GRID, LINE, MUTED, SMALL, VERMILION
from livrev.show.format import format_number

_STEP, _DOT, _GAP = 9.0, 6.2, 14.0  # points: from person to person, one person, and between two groups of a hundred
_ROWS = 10
_KEY = (
    (MUTED, "either way"), (BLUE, "spared by the treatment"), (VERMILION, "only with the treatment"), (GRID, "not at all"),
)  # fmt: skip
_NOTE = "of 100 people; the interval is at 95 %; squares: how sure (four for high, one for very low)"
_Row = dict[Any, Any]


def people(tradeoffs: pd.DataFrame) -> ShownFigure:
    """Draw rows of `review.tradeoffs()`: a hundred people for each consequence, with and without the way of treating.

    Raises ValueError where there is none.
    """
    need_something(tradeoffs, "consequence")
    months = tradeoffs["months"].map(" by month {:g}".format).where(tradeoffs["months"].notna(), "")
    found = tradeoffs.assign(
        head=tradeoffs["consequence"] + months, regimen=tradeoffs["regimen"] + ", against " + tradeoffs["against"]
    ).astype(object)
    rows = found.where(found.notna(), None).sort_values("without", key=pd.isna, kind="stable").to_dict("records")
    regimens = {title: [row for row in rows if row["regimen"] == title] for title in dict.fromkeys(found["regimen"])}
    return show(lambda sheet: _draw(sheet, regimens), alt="Of 100 people.")


def _mark(sheet: Sheet, row: _Row) -> int:
    return sheet.mark(
        f"{row['regimen']}: {_words(row)}",
        {"regimen": row["regimen"], "consequence": row["head"], "without_of_100": row["without"], "with_of_100": row["with"],
         "low": row["low"], "high": row["high"], "said": row["said"], "certainty": row["certainty"],
         "because": row["because"], "risk_without_from": row["source"]},
    )  # fmt: skip


def _numbers(row: _Row) -> list[str]:
    """Return how many of 100, without and with."""
    without, with_, low, high = (
        None if row[name] is None else format_number(row[name], 0 if row[name] >= 9.95 else 1)
        for name in ("without", "with", "low", "high")
    )
    return [f"{without} without", f"{with_} with" + ("" if low is None or high is None else f" ({low} to {high})")]


def _words(row: _Row) -> str:
    if row["without"] is not None:
        said = f"{', '.join(_numbers(row))}, certainty {row['certainty']}, risk without from {row['source']}"
    elif row["said"]:
        said = f"{row['said']}, certainty {row['certainty']}"
    else:  # no number is known
        said = row["because"][:1].lower() + row["because"][1:]
    return f"{row['head']}: {said}"


def _draw(sheet: Sheet, regimens: dict[str, list[_Row]]) -> float:
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
                x, mark = column * (width + _GAP), _mark(sheet, row)
                style: Any = {"size": SMALL, "mark": mark}
                sheet.write_lines(x, y, wrap(row["head"], width), **style)
                _draw_hundred(sheet, x, hundred + 2, row, mark)
                at = sheet.write_lines(x, hundred + _ROWS * _STEP + 4, wrap("\n".join(_numbers(row)), width), **style)
                source = wrap(f"without: {row['source']}", width, size=SMALL)
                sure = f"{squares(row['certainty'])} {row['certainty']}"
                ends.append(sheet.write_lines(x, at, [sure, *source], ink=MUTED, **style))
            y = max(ends) + 8
        for row in rows[len(drawn) :]:
            y = sheet.write_lines(0, y, wrap(_words(row), sheet.width), size=SMALL, mark=_mark(sheet, row))
        top = y + 14
    for number, (colour, said) in enumerate(_KEY):
        x, y = (number % across) * (width + _GAP), top + (number // across) * (LINE + 2)
        _draw_people(sheet, x, y + LINE / 2, 1, colour, None)
        sheet.write(x + _DOT + 4, y + LINE / 2, said, size=SMALL, ink=MUTED)
    return sheet.write_notes(y + LINE + 6, [_NOTE]) + 3


def _draw_hundred(sheet: Sheet, left: float, top: float, row: _Row, mark: int) -> None:
    without, with_ = round(row["without"]), round(row["with"])
    runs = [(min(without, with_), MUTED), (abs(without - with_), BLUE if with_ < without else VERMILION)]
    colours = [colour for number, colour in runs for _ in range(number)]
    colours += [GRID] * (_ROWS * _ROWS - len(colours))
    for line in range(_ROWS):
        here = colours[line * _ROWS : (line + 1) * _ROWS]
        for colour in dict.fromkeys(here):
            x, y = left + _STEP * here.index(colour), top + _STEP * (line + 0.5)
            _draw_people(sheet, x, y, here.count(colour), colour, mark)


def _draw_people(sheet: Sheet, left: float, y: float, number: int, colour: str, mark: int | None) -> None:
    """Draw a *number* of people in a row: one line of round dots, far smaller than a shape for each."""
    dashes = (0, (0.01 / _DOT, (_STEP - 0.01) / _DOT))  # in units of the line's width
    x = left + _DOT / 2
    sheet.line(
        [x, x + _STEP * (number - 1) + 0.02], [y, y], color=colour, linewidth=_DOT, linestyle=dashes, dash_capstyle="round",
        zorder=2, gid=name_mark(mark),
    )  # fmt: skip
