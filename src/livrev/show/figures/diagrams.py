"""What is joined by lines: boxes from top to bottom (a flow of records in PRISMA's manner, the way of a message), and networks."""

import math
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import pandas as pd

from livrev.show.figures.sheet import BLUE, GROUND, INK, LINE, MUTED, VERMILION, Sheet, measure, wrap
from livrev.show.figures.shown import ShownFigure, need_something, show
from livrev.show.format import format_count

_PAD, _ARROW = 7.0, 18.0
_BOX = 168.0  # points that a line in a box may take, so that it fits a phone too
_GAP, _RADIUS = 9.0, 4.0  # points from one label to the next, and the radius of the smallest node
_NOTE = "A line is a comparison, the thicker the more studies made it; a node grows with the studies of its treatment."
Edges = Mapping[tuple[str, str], int]


def chain(steps: pd.DataFrame, *, of: str) -> ShownFigure:
    """Draw the way of a message, a row of the table `retelling` a step; *of* names the document at its end."""
    main, side = [], []
    for number, row in enumerate(steps.to_dict("records"), 1):
        place = ", ".join(str(part) for part in (row["place"], row["date"]) if not pd.isna(part))
        what = f"{number}. {row['what']}" + " (not seen)" * pd.isna(row["citekey"])
        main.append("\n".join([*wrap(what, _BOX, bold=True), *wrap(place, _BOX)]))
        side.append("\n".join(wrap(row["changed"].replace("start: ", "a message begins: ", 1), _BOX)))
    begins = [place for place, said in enumerate(steps["changed"]) if said.startswith("start")]
    return flow(main, side, beside="changed", of=f"The way to {of}", begins=begins)


def flow(
    main: Sequence[str], side: Sequence[str | None], *, beside: str = "left the flow", of: str = "Flow of records",
    begins: Collection[int] = (),
) -> ShownFigure:  # fmt: skip
    """Draw a flow *of* records: the steps from top to bottom (*main*), and what left it beside each (*side*, None for nothing).

    On a phone that stands below its box, to the right. *beside* says what it is; no arrow leads to a step of *begins* (the
    first is 0). Raises ValueError where there is no step.
    """
    need_something(main, "step")
    steps = list(zip(main, side, strict=True))
    return show(lambda sheet: _draw_flow(sheet, steps, begins, beside), alt=f"{of}, step by step.")


def _draw_flow(sheet: Sheet, steps: Sequence[tuple[str, str | None]], begins: Collection[int], beside: str) -> float:
    narrow = sheet.narrow
    centre, aside = (sheet.width * part for part in ((0.5, 0.62) if narrow else (0.27, 0.77)))
    own = [_height(text) for text, _ in steps]
    side = [_height(left) for _, left in steps]
    join = (lambda one, other: one + (_ARROW * 0.8 + other if other else 0)) if narrow else max
    heights = list(map(join, own, side))
    y = 2.0
    for step, ((text, left), height) in enumerate(zip(steps, heights, strict=True)):
        middle = y + (own[step] if narrow else height) / 2
        _box(sheet, centre, middle, text, beside)
        if step + 1 < len(steps) and step + 1 not in begins:
            x = centre + 12 - min(_width(text), _width(steps[step + 1][0])) / 2 if narrow and left else centre
            after = 0 if narrow else (heights[step + 1] - own[step + 1]) / 2
            _arrow(sheet, (x, middle + own[step] / 2), (x, y + height + _ARROW + after))
        if left is not None:
            lower = y + height - side[step] / 2 if narrow else middle
            _box(sheet, aside, lower, left, beside, left=True)
            if narrow:
                _arrow(sheet, (aside, middle + own[step] / 2), (aside, lower - side[step] / 2))
            else:
                _arrow(sheet, (centre + _width(text) / 2, middle), (aside - _width(left) / 2, middle))
        y += height + _ARROW
    return y - _ARROW + 2


def _height(text: str | None) -> float:
    return LINE * (text.count("\n") + 1) + 2 * _PAD if text else 0.0


def _width(text: str) -> float:
    return max(measure(line) for line in text.split("\n")) + 2 * _PAD


def _box(sheet: Sheet, x: float, y: float, text: str, beside: str, *, left: bool = False) -> None:
    """Draw the box of a step, or of what *left* the flow beside one."""
    from matplotlib.patches import FancyBboxPatch

    where = {"step": len(sheet.marks) + 1, beside.replace(" ", "_"): "yes" if left else "no"}
    mark = sheet.mark(f"{beside}: " * left + text.replace("\n", ", "), where | {"said": text.replace("\n", "; ")})
    width, height = _width(text), _height(text)
    style: Any = {"facecolor": GROUND, "edgecolor": MUTED if left else INK, "linewidth": 0.9}
    corner = (x - width / 2, y - height / 2)
    sheet.draw(FancyBboxPatch(corner, width, height, boxstyle="round,pad=0,rounding_size=3", **style), mark)
    sheet.write_lines(x, y - height / 2 + _PAD, text.split("\n"), align="center", mark=mark)


def _arrow(sheet: Sheet, start: tuple[float, float], end: tuple[float, float]) -> None:
    sheet.line([start[0], end[0]], [start[1], end[1]], color=MUTED, linewidth=1, zorder=2)
    head, x, y = (">", end[0] - 2.5, end[1]) if start[1] == end[1] else ("v", end[0], end[1] - 2.5)
    sheet.line([x], [y], marker=head, markersize=5, color=MUTED, markeredgewidth=0, linestyle="none", zorder=2)


def draw_network(comparisons: Edges, *, reference: str, nodes: Mapping[str, int]) -> ShownFigure:
    """Draw *comparisons* (pairs, to their number of studies) between *nodes*, *reference* in the middle. Raises ValueError without one."""
    need_something(comparisons, "comparison")
    alt = f"Network of {len(nodes)} treatments around {reference}, joined by {len(comparisons)} comparisons:"
    return show(lambda sheet: _draw_network(sheet, comparisons, reference, nodes), alt=alt)


def _share_out(comparisons: Edges, reference: str, nodes: Mapping[str, int]) -> tuple[list[str], list[str]]:
    """Return the other treatments in two columns: what hangs together without the reference stands in one, as a chain."""
    pairs = [set(pair) for pair in comparisons if reference not in pair]
    near = {name: [other for pair in pairs if name in pair for other in pair - {name}] for name in nodes}
    sides: tuple[list[str], list[str]] = [], []
    waiting = sorted((name for name in nodes if name != reference), key=lambda name: len(near[name]) > 1)
    while waiting:
        side, ahead = min(sides, key=len), waiting[:1]
        while ahead:
            if (name := ahead.pop()) in waiting:
                waiting.remove(name)
                side.append(name)
                ahead += near[name]
    return sides


def _draw_network(sheet: Sheet, comparisons: Edges, reference: str, nodes: Mapping[str, int]) -> float:
    sides, wide = _share_out(comparisons, reference, nodes), 82.0 if sheet.narrow else 150.0
    lines = {name: wrap(name, wide) for side in sides for name in side}
    heights = [sum(LINE * len(lines[name]) + _GAP for name in side) for side in sides]
    tall = max(*heights, 90.0)
    middle = sheet.width / 2
    places = {reference: (middle, tall / 2)}
    for side, x, height in zip(sides, (wide + 12, sheet.width - wide - 12), heights, strict=True):
        y = (tall - height) / 2
        for name in side:
            align, at = ("right", x - 11) if x < middle else ("left", x + 11)
            end = sheet.write_lines(at, y + _GAP / 2, lines[name], align=align) + _GAP / 2
            places[name], y = (x, (y + end) / 2), end
    for (a, b), many in comparisons.items():
        mark = sheet.mark(f"{a} v {b}: {format_count(many, 'study')}", {"a": a, "b": b, "studies": many})
        (x, y), (other_x, other_y) = places[a], places[b]
        xs, ys = [x, other_x], [y, other_y]
        if x == other_x:  # in one column: a bow to the middle, so that it passes none
            reach = min(0.5 * abs(middle - x), 12 + 0.25 * abs(other_y - y)) * (1 if x < middle else -1)
            steps = [number / 24 for number in range(25)]
            xs, ys = [x + reach * 4 * t * (1 - t) for t in steps], [y + (other_y - y) * t for t in steps]
        sheet.line(xs, ys, mark, color=MUTED, linewidth=0.8 + 0.9 * many, zorder=1)
    for name, (x, y) in places.items():
        size, ink = (16.0, VERMILION) if name == reference else (2 * _RADIUS * math.sqrt(nodes[name]), BLUE)
        sheet.dot(x, y, None, size=size, ink=ink, markeredgecolor=GROUND, markeredgewidth=1)
    if sheet.narrow:  # a phone has no room for its name
        return sheet.write_notes(tall + 4, [f"In the middle: {reference}.", _NOTE])
    # Its name, on ground that parts it from the lines.
    long, y = measure(reference, bold=True) + 4, tall / 2 + 11 + LINE / 2
    sheet.bar(middle - long / 2, y, long, LINE + 2, face=GROUND, zorder=2)
    sheet.write(middle, y, reference, bold=True, align="center")
    return sheet.write_notes(tall + 4, [_NOTE])
