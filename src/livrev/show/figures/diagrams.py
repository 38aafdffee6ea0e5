"""What is joined by lines: boxes from top to bottom (the flow of records in PRISMA's manner, the way of a message), and networks.

In a network graph lines say which treatments were compared with each other, and in how many studies.
"""

import math
from collections.abc import Collection, Mapping, Sequence

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
        seen = "" if not pd.isna(row["citekey"]) else " (not seen)"
        main.append("\n".join([*wrap(f"{number}. {row['what']}{seen}", _BOX, bold=True), *wrap(place, _BOX)]))
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
    heights = [
        _height(text) + (_ARROW * 0.8 + _height(left) if left else 0) if narrow else max(_height(text), _height(left))
        for text, left in steps
    ]
    y = 2.0
    for step, ((text, left), height) in enumerate(zip(steps, heights, strict=True)):
        own = _height(text)
        middle = y + (own if narrow else height) / 2
        _box(sheet, centre, middle, text, beside)
        if step + 1 < len(steps) and step + 1 not in begins:
            following = steps[step + 1][0]
            x = centre + 12 - min(_width(text), _width(following)) / 2 if narrow and left else centre
            after = 0 if narrow else (heights[step + 1] - _height(following)) / 2
            _arrow(sheet, (x, middle + own / 2), (x, y + height + _ARROW + after))
        if left is not None:
            lower = y + own + _ARROW * 0.8 + _height(left) / 2 if narrow else middle
            _box(sheet, aside, lower, left, beside, left=True)
            if narrow:
                _arrow(sheet, (aside, middle + own / 2), (aside, lower - _height(left) / 2))
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

    said = (f"{beside}: " if left else "") + text.replace("\n", ", ")
    left_it, lines = "yes" if left else "no", text.replace("\n", "; ")
    mark = sheet.mark(said, {"step": len(sheet.marks) + 1, beside.replace(" ", "_"): left_it, "said": lines})
    width, height = _width(text), _height(text)
    box = FancyBboxPatch(
        (x - width / 2, y - height / 2), width, height, boxstyle="round,pad=0,rounding_size=3", facecolor=GROUND,
        edgecolor=MUTED if left else INK, linewidth=0.9,
    )  # fmt: skip
    sheet.draw(box, mark)
    sheet.write_lines(x, y - height / 2 + _PAD, text.split("\n"), align="center", mark=mark)


def _arrow(sheet: Sheet, start: tuple[float, float], end: tuple[float, float]) -> None:
    sheet.line([start[0], end[0]], [start[1], end[1]], color=MUTED, linewidth=1, zorder=2)
    head, x, y = (">", end[0] - 2.5, end[1]) if start[1] == end[1] else ("v", end[0], end[1] - 2.5)
    sheet.line([x], [y], marker=head, markersize=5, color=MUTED, markeredgewidth=0, linestyle="none", zorder=2)


def draw_network(comparisons: Edges, *, reference: str, nodes: Mapping[str, int]) -> ShownFigure:
    """Draw *comparisons* (two treatments to the number of studies that compare them) as lines between *nodes* (a treatment to
    its number of studies), *reference* in the middle.

    The other treatments stand in two columns beside it, those that are compared with each other close together. Raises
    ValueError where there is no comparison.
    """
    need_something(comparisons, "comparison")
    alt = f"Network of {len(nodes)} treatments around {reference}, joined by {len(comparisons)} comparisons:"
    sides = _share_out(comparisons, reference, nodes)
    return show(lambda sheet: _draw_network(sheet, comparisons, reference, nodes, sides), alt=alt)


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


def _draw_network(
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
        said = f"{a} v {b}: {format_count(many, 'study')}"
        mark = sheet.mark(said, {"a": a, "b": b, "studies": many})
        _draw_line(sheet, places[a], places[b], 0.8 + 0.9 * many, mark)
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


def _draw_line(sheet: Sheet, start: tuple[float, float], end: tuple[float, float], width: float, mark: int) -> None:
    """Draw a straight line; between two treatments of one column a bow towards the middle, so that it passes none."""
    (x, y), (other_x, other_y), middle = start, end, sheet.width / 2
    reach = min(0.5 * abs(middle - x), 12 + 0.25 * abs(other_y - y)) * (1 if x < middle else -1)
    steps = [0, 1] if x != other_x else [number / 24 for number in range(25)]
    xs = [x + (other_x - x) * t + (0 if x != other_x else reach * 4 * t * (1 - t)) for t in steps]
    ys = [y + (other_y - y) * t for t in steps]
    sheet.line(xs, ys, mark, color=MUTED, linewidth=width, zorder=1)
