"""Harvest plot: which way each study points, how strong its design is, and how its numbers were read."""

from collections.abc import Hashable
from typing import Any

import pandas as pd

from livrev.review.pool_inputs import DIRECTIONS
from livrev.show.figures.sheet import Sheet, name_mark, wrap
from livrev.show.figures.shown import ShownFigure, need_something, show
from livrev.show.figures.style import BLUE, GROUND, LINE, MUTED, SMALL

_UNIT, _HIGH = 8.0, 6.5  # points: the length of one step of strength, and the height of a bar
_NAME = 3 * _UNIT + 6
_ROW, _KEY = 12.5, 13.0


def directions(results: pd.DataFrame, *, strengths: tuple[str, str, str], columns: tuple[str, str, str]) -> ShownFigure:
    """Draw a harvest plot: a bar a study, as long as its design is strong, in the column where it points.

    Columns of *results*: `label`, `row`, `direction` (favours, no clear difference, against), `strength` from 1 to 3, and
    `second_hand`, whether the number was read in a retelling. *strengths* and *columns* are the words for these. Raises
    ValueError where there is no study.
    """
    need_something(results, "study")
    bars = sorted(results.to_dict("records"), key=lambda bar: (-bar["strength"], bar["second_hand"], bar["label"]))
    fields = [
        (row, [(head, [bar for bar in bars if (bar["row"], bar["direction"]) == (row, direction)])
               for direction, head in zip(DIRECTIONS, columns, strict=True)])
        for row in dict.fromkeys(results["row"])
    ]  # fmt: skip

    def add_mark(sheet: Sheet, head: str, bar: dict[Hashable, Any]) -> int:
        design, second_hand = strengths[bar["strength"] - 1], bool(bar["second_hand"])
        row = {"outcome": bar["row"], "study": bar["label"], "direction": head, "design": design}
        row |= {"strength": bar["strength"], "second_hand": "yes" if second_hand else "no"}
        said = f"{bar['label']}, {bar['row'].lower()}: {head}; {design}" + "; read second-hand" * second_hand
        return sheet.mark(said, row)

    def draw(sheet: Sheet) -> float:
        y = 2.0
        width = sheet.width if sheet.narrow else (sheet.width + 12) / 3
        for row, heads in fields:
            sheet.write(0, y + LINE / 2, row, bold=True)
            sheet.line([0, sheet.width], [y + LINE + 2] * 2)
            top = y = y + LINE + 8
            for number, (head, here) in enumerate(heads):
                x, at = (0.0, y) if sheet.narrow else (number * width, top)
                sheet.write(x, at + LINE / 2, f"{head}: {len(here) or 'none'}", ink=MUTED)
                at += LINE + 3
                for bar in here:
                    mark = add_mark(sheet, head, bar)
                    _draw_bar(sheet, x, at + _ROW / 2, bar["strength"], bar["second_hand"], mark)
                    lines = wrap(bar["label"], width - _NAME - 10)
                    gap = (_ROW - LINE) / 2
                    at = gap + sheet.write_lines(x + _NAME, at + gap, lines, mark=mark)
                y = max(y, at + 7 if sheet.narrow else at)
            y += 6
        key = [(strength, False, strengths[strength - 1]) for strength in (3, 2, 1)]
        for strength, second_hand, said in [*key, (3, True, "hollow: read second-hand")]:
            _draw_bar(sheet, 0, y + 6, strength, second_hand, None)
            sheet.write(_NAME, y + 6, said, size=SMALL, ink=MUTED)
            y += _KEY
        return y + 10

    return show(draw, alt=f"Harvest plot of {len(bars)} results.")


def _draw_bar(sheet: Sheet, x: float, y: float, strength: int, second_hand: bool, mark: int | None) -> None:
    style: Any = {"facecolor": GROUND if second_hand else BLUE, "edgecolor": BLUE, "linewidth": 1.1}
    (drawn,) = sheet.page.barh(y, strength * _UNIT, left=x + 0.6, height=_HIGH, **style)
    drawn.set_gid(name_mark(mark))
