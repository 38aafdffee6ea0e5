"""Network graph: which treatments were compared with each other, and in how many studies."""

import math
from collections.abc import Mapping

from livrev.show.figures.sheet import Sheet, measure, name_mark, wrap
from livrev.show.figures.shown import ShownFigure, need_something, show
from livrev.show.figures.style import BLUE, GROUND, LINE, MUTED, VERMILION

_GAP, _RADIUS = 9.0, 4.0  # points from one label to the next, and the radius of the smallest node
_NOTE = "A line is a comparison, the thicker the more studies made it; a node grows with the studies of its treatment."


Edges = Mapping[tuple[str, str], int]


def draw_network(comparisons: Edges, *, reference: str, nodes: Mapping[str, int]) -> ShownFigure:
    """Draw *comparisons* (two treatments to the number of studies that compare them) as lines between *nodes* (a treatment to
    its number of studies), *reference* in the middle.

    The other treatments stand in two columns beside it, those that are compared with each other close together. Raises
    ValueError where there is no comparison.
    """
    need_something(comparisons, "comparison")
    alt = f"Network of {len(nodes)} treatments around {reference}, joined by {len(comparisons)} comparisons:"
    sides = _share_out(comparisons, reference, nodes)
    return show(lambda sheet: _draw(sheet, comparisons, reference, nodes, sides), alt=alt)


def _share_out(comparisons: Edges, reference: str, nodes: Mapping[str, int]) -> tuple[list[str], list[str]]:
    """Return the other treatments in two columns: what hangs together without the reference stands in one, as a chain."""
    pairs = [set(pair) for pair in comparisons if reference not in pair]
    near = {name: [other for pair in pairs if name in pair for other in pair - {name}] for name in nodes}
    left: list[str] = []
    right: list[str] = []
    waiting = sorted((name for name in nodes if name != reference), key=lambda name: len(near[name]) > 1)
    while waiting:
        chain, ahead = [], [waiting[0]]
        while ahead:
            chain.append(ahead.pop())
            ahead = [other for other in ahead if other != chain[-1]]
            ahead += [other for other in near[chain[-1]] if other not in chain]
        chain = list(dict.fromkeys(chain))
        waiting = [name for name in waiting if name not in chain]
        (left if len(left) <= len(right) else right).extend(chain)
    return left, right


def _draw(
    sheet: Sheet, comparisons: Edges, reference: str, nodes: Mapping[str, int],
    sides: tuple[list[str], list[str]],
) -> float:  # fmt: skip
    wide = 82.0 if sheet.narrow else 150.0
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
        said = f"{a} v {b}: {many} {'study' if many == 1 else 'studies'}"
        mark = sheet.mark(said, {"a": a, "b": b, "studies": many})
        _draw_line(sheet, places[a], places[b], 0.8 + 0.9 * many, mark)
    for name, (x, y) in places.items():
        size, ink = (16.0, VERMILION) if name == reference else (2 * _RADIUS * math.sqrt(nodes[name]), BLUE)
        sheet.page.plot([x], [y], "o", markersize=size, color=ink, markeredgecolor=GROUND, markeredgewidth=1, zorder=3)
    if sheet.narrow:  # a phone has no room for its name
        return sheet.write_notes(tall + 4, [f"In the middle: {reference}.", _NOTE])
    half, below = (
        measure(reference, bold=True) / 2 + 2,
        tall / 2 + 10,
    )  # its name, on ground that parts it from the lines
    ground = [middle - half, middle + half]
    sheet.page.fill_between(ground, below, below + LINE + 2, color=GROUND, zorder=2, linewidth=0)
    sheet.write(middle, below + 1 + LINE / 2, reference, bold=True, align="center")
    return sheet.write_notes(tall + 4, [_NOTE])


def _draw_line(sheet: Sheet, start: tuple[float, float], end: tuple[float, float], width: float, mark: int) -> None:
    """Draw a straight line; between two treatments of one column a bow towards the middle, so that it passes none."""
    (x, y), (other_x, other_y), middle = start, end, sheet.width / 2
    reach = min(0.5 * abs(middle - x), 12 + 0.25 * abs(other_y - y)) * (1 if x < middle else -1)
    steps = [0, 1] if x != other_x else [number / 24 for number in range(25)]
    xs = [x + (other_x - x) * t + (0 if x != other_x else reach * 4 * t * (1 - t)) for t in steps]
    ys = [y + (other_y - y) * t for t in steps]
    sheet.line(xs, ys, color=MUTED, linewidth=width, zorder=1, gid=name_mark(mark))
