"""Harvest plot: which way each study points, how strong its design is, and how its numbers were read."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from livrev.review.pool_inputs import DIRECTIONS
from livrev.show.figures.canvas import name_mark, open_sheet, wrap, write
from livrev.show.figures.shown import Mark, ShownFigure, need_something, show
from livrev.show.figures.style import BLUE, GRID, GROUND, LINE, MUTED, SMALL, Paper

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_UNIT, _HIGH = 8.0, 6.5  # points: the length of one step of strength, and the height of a bar
_NAME = 3 * _UNIT + 6
_ROW = 12.5


@dataclass(frozen=True, slots=True)
class HarvestBar:
    """One study: where it points (one of DIRECTIONS), the strength of its design from 1 to 3, and its label."""

    label: str
    row: str
    direction: str
    strength: int
    second_hand: bool = False


def draw_harvest(
    bars: Sequence[HarvestBar], *, strengths: tuple[str, str, str], columns: tuple[str, str, str]
) -> ShownFigure:
    """Draw a field for each row and direction, one named bar a study; *strengths* name the lengths 1 to 3.

    *columns* are the heads of the three directions. Raises ValueError where there is no study.
    """
    need_something(bars, "study")
    rows = list(dict.fromkeys(bar.row for bar in bars))
    heads = dict(zip(DIRECTIONS, columns, strict=True))
    fields = {
        (row, direction): sorted(
            (s for s in bars if s.row == row and s.direction == direction), key=lambda s: (-s.strength, s.second_hand, s.label)
        )
        for row in rows
        for direction in DIRECTIONS
    }  # fmt: skip
    marks = [
        Mark(
            f"{s.label}, {row.lower()}: {heads[direction]}; {strengths[s.strength - 1]}"
            + ("; read second-hand" if s.second_hand else ""),
            {"outcome": row, "study": s.label, "direction": heads[direction], "design": strengths[s.strength - 1],
             "strength": s.strength, "second_hand": "yes" if s.second_hand else "no"},
        )
        for (row, direction), here in fields.items()
        for s in here
    ]  # fmt: skip
    alt = f"Harvest plot of {len(bars)} results."
    return show(lambda paper: _draw(paper, fields, rows, heads, strengths), alt=alt, marks=marks)


def _draw(
    paper: Paper, fields: dict[tuple[str, str], list[HarvestBar]], rows: Sequence[str], heads: dict[str, str],
    strengths: tuple[str, str, str],
) -> "Figure":  # fmt: skip
    width = paper.width if paper.narrow else (paper.width + 12) / 3
    key_height = 4 * 13.0 + 12
    deep = {
        row: LINE
        + 6
        + (sum if paper.narrow else max)(_height(fields[row, d], width, bool(paper.narrow)) for d in DIRECTIONS)
        + 8
        for row in rows
    }
    figure, page = open_sheet(paper, sum(deep.values()) + key_height)
    y, mark = 2.0, 0
    for row in rows:
        write(page, 0, y + LINE / 2, row, bold=True)
        page.plot([0, paper.width], [y + LINE + 2, y + LINE + 2], color=GRID, linewidth=0.8, zorder=0)
        top = y + LINE + 8
        for number, direction in enumerate(DIRECTIONS):
            x = 0.0 if paper.narrow else number * width
            here = fields[row, direction]
            write(page, x, top + LINE / 2, f"{heads[direction]}: {len(here) or 'none'}", ink=MUTED)
            at = top + LINE + 3
            for bar in here:
                mark, at = _draw_named_bar(page, x, at, bar, mark, width)
            if paper.narrow:
                top += _height(here, width, True)
        y += deep[row]
    _draw_key(page, y, strengths)
    return figure


def _lines(bar: HarvestBar, width: float) -> list[str]:
    return wrap(bar.label, width - _NAME - 10)


def _height(bars: Sequence[HarvestBar], width: float, narrow: bool) -> float:
    return LINE + 3 + sum(_ROW + LINE * (len(_lines(s, width)) - 1) for s in bars) + (7 if narrow else 0)


def _draw_named_bar(page: Any, x: float, y: float, bar: HarvestBar, mark: int, width: float) -> tuple[int, float]:
    middle = y + _ROW / 2
    _draw_bar(page, x, middle, bar.strength, bar.second_hand, name_mark(mark))
    lines = _lines(bar, width)
    for number, line in enumerate(lines):
        write(page, x + _NAME, middle + LINE * number, line, mark=mark)
    return mark + 1, y + _ROW + LINE * (len(lines) - 1)


def _draw_bar(page: Any, x: float, y: float, strength: int, second_hand: bool, gid: str | None) -> None:
    face = GROUND if second_hand else BLUE
    (drawn,) = page.barh(y, strength * _UNIT, left=x + 0.6, height=_HIGH, facecolor=face, edgecolor=BLUE, linewidth=1.1)
    drawn.set_gid(gid)


def _draw_key(page: Any, y: float, strengths: tuple[str, str, str]) -> None:
    for strength in (3, 2, 1):
        _draw_bar(page, 0, y + 6, strength, False, None)
        write(page, _NAME, y + 6, strengths[strength - 1], size=SMALL, ink=MUTED)
        y += 13
    _draw_bar(page, 0, y + 6, 3, True, None)
    write(page, _NAME, y + 6, "hollow: read second-hand", size=SMALL, ink=MUTED)
