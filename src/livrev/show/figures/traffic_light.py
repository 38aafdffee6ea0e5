"""Traffic lights: the risk of bias of each study, domain by domain, as signs that need no colour to be told apart."""

from collections.abc import Mapping, Sequence
from typing import Any

from livrev.show.figures.canvas import name_mark, write
from livrev.show.figures.grid import Grid, Place, Room, draw_grid
from livrev.show.figures.shown import Mark, ShownFigure, need_something, show
from livrev.show.figures.style import BAND, BLUE, GROUND, INK, MUTED, VERMILION

# Of each level: its sign, the ground and the edge of the light, and the ink of the sign.
LIGHTS = {
    "low": ("+", BLUE, BLUE, GROUND),
    "some concerns": ("!", BAND, VERMILION, INK),
    "high": ("–", VERMILION, VERMILION, GROUND),
    "no information": ("?", GROUND, MUTED, MUTED),
}
_SIZE, _STEP = 13.0, 48.0  # points: a light, and from one to the next at most
_KEY = "+ low risk · ! some concerns · – high risk · ? no information"


def draw_traffic_lights(rows: Mapping[str, Sequence[str]], *, columns: Sequence[str], tool: str) -> ShownFigure:
    """Draw one row of lights a study, its levels by its label in *rows*: one for each of *columns*, the last sums up, by *tool*.

    Raises ValueError where there is no study, or a row has not a level of LIGHTS for each column.
    """
    need_something(rows, "study")
    for label, levels in rows.items():
        if len(levels) != len(columns) or not set(levels) <= set(LIGHTS):
            raise ValueError(f"{label}: needs one of {', '.join(LIGHTS)} for each of {', '.join(columns)}")
    marks = [
        Mark(
            f"{label}: {levels[-1]} overall; "
            + ", ".join(f"{name} {level}" for name, level in zip(columns[:-1], levels[:-1], strict=True)),
            {"study": label, "tool": tool} | dict(zip(columns, levels, strict=True)),
        )
        for label, levels in rows.items()
    ]

    def paint(page: Any, room: Room, cell: Place, mark: int) -> None:
        _draw_light(page, room.x, room.y, rows[cell[0]][columns.index(cell[1])], mark)

    numbers = {(label, column): number for number, label in enumerate(rows) for column in columns}
    grid = Grid(list(rows), columns, numbers, paint, _SIZE, _STEP, notes=[_KEY])
    alt = f"Risk of bias of {len(rows)} studies by {tool}."
    return show(lambda paper: draw_grid(paper, grid), alt=alt, marks=marks)


def _draw_light(page: Any, x: float, y: float, level: str, mark: int) -> None:
    sign, face, edge, ink = LIGHTS[level]
    page.scatter([x], [y], s=_SIZE**2, facecolor=face, edgecolor=edge, linewidths=1.0, gid=name_mark(mark), zorder=2)
    if sign not in "+–":
        write(page, x, y, sign, bold=True, ink=ink, align="center", mark=mark)
        return
    # Drawn, not written: letters in the colour of the page are no letters to whoever checks contrast.
    reach = _SIZE / 4.5
    style: Any = {"color": ink, "linewidth": 1.8, "solid_capstyle": "butt", "gid": name_mark(mark), "zorder": 3}
    page.plot([x - reach, x + reach], [y, y], **style)
    if sign == "+":
        page.plot([x, x], [y - reach, y + reach], **style)
