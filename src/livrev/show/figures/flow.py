"""Boxes from top to bottom: the flow of records from search to review in PRISMA's manner, and the way of a message."""

from collections.abc import Collection, Sequence

import pandas as pd

from livrev.show.figures.sheet import Sheet, measure, name_mark, wrap
from livrev.show.figures.shown import ShownFigure, need_something, show
from livrev.show.figures.style import GROUND, INK, LINE, MUTED

_PAD, _ARROW = 7.0, 18.0
_BOX = 168.0  # points that a line in a box may take, so that it fits a phone too


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
    return show(lambda sheet: _draw(sheet, steps, begins, beside), alt=f"{of}, step by step.")


def _draw(sheet: Sheet, steps: Sequence[tuple[str, str | None]], begins: Collection[int], beside: str) -> float:
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
        edgecolor=MUTED if left else INK, linewidth=0.9, gid=name_mark(mark),
    )  # fmt: skip
    sheet.page.add_patch(box)
    sheet.write_lines(x, y - height / 2 + _PAD, text.split("\n"), align="center", mark=mark)


def _arrow(sheet: Sheet, start: tuple[float, float], end: tuple[float, float]) -> None:
    sheet.line([start[0], end[0]], [start[1], end[1]], color=MUTED, linewidth=1, zorder=2)
    head, x, y = (">", end[0] - 2.5, end[1]) if start[1] == end[1] else ("v", end[0], end[1] - 2.5)
    sheet.line([x], [y], marker=head, markersize=5, color=MUTED, markeredgewidth=0, linestyle="none", zorder=2)
