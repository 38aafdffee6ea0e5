"""The flow of records from search to review, in PRISMA's manner; every number is counted from the screening log."""

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Any

from livrev.show.figures.canvas import measure, name_mark, open_sheet, write
from livrev.show.figures.shown import Mark, ShownFigure, need_something, show
from livrev.show.figures.style import GROUND, INK, LINE, MUTED, Paper

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_PAD, _ARROW = 7.0, 18.0


BOX = 168.0
"""Points that a line in a box may take, so that it fits a phone too."""


def draw_flow(
    main: Sequence[str],
    side: Sequence[str | None],
    *,
    beside: str = "left the flow",
    of: str = "Flow of records",
    begins: Collection[int] = (),
) -> ShownFigure:
    """Draw boxes from top to bottom (*main*), with another beside each (*side*, None for nothing); *beside* says what those are.

    No arrow leads to a step of *begins* (the first is 0).

    On a phone that stands below its box, to the right. Raises ValueError where there is no box.
    """
    need_something(main, "step")
    boxes = [
        (text, left)
        for step in zip(main, side, strict=True)
        for text, left in ((step[0], False), (step[1], True))
        if text
    ]
    marks = [
        Mark(
            (f"{beside}: " if left else "") + text.replace("\n", ", "),
            {"step": number, beside.replace(" ", "_"): "yes" if left else "no", "said": text.replace("\n", "; ")},
        )
        for number, (text, left) in enumerate(boxes, 1)
    ]
    return show(lambda paper: _draw(paper, main, side, begins), alt=f"{of}, step by step.", marks=marks)


def _draw(paper: Paper, main: Sequence[str], side: Sequence[str | None], begins: Collection[int]) -> "Figure":
    centre, aside = (
        (paper.width * 0.5, paper.width * 0.62) if paper.narrow else (paper.width * 0.27, paper.width * 0.77)
    )
    heights = []
    for text, left in zip(main, side, strict=True):
        first, second = _height(text), _height(left) if left else 0.0
        heights.append(first + (_ARROW * 0.8 + second if left else 0) if paper.narrow else max(first, second))
    figure, page = open_sheet(paper, sum(heights) + _ARROW * (len(main) - 1) + 4)
    y, mark = 2.0, 0
    for step, (text, left, height) in enumerate(zip(main, side, heights, strict=True)):
        own = _height(text)
        middle = y + (own if paper.narrow else height) / 2
        _box(page, centre, middle, text, INK, mark)
        mark += 1
        if step + 1 < len(main) and step + 1 not in begins:
            x = centre if not (paper.narrow and left) else centre + 12 - min(_width(text), _width(main[step + 1])) / 2
            after = 0 if paper.narrow else (heights[step + 1] - _height(main[step + 1])) / 2
            _arrow(page, (x, middle + own / 2), (x, y + height + _ARROW + after))
        if left is not None:
            half = _width(left) / 2
            lower = y + own + _ARROW * 0.8 + _height(left) / 2 if paper.narrow else middle
            _box(page, aside, lower, left, MUTED, mark)
            mark += 1
            if paper.narrow:
                _arrow(page, (aside, middle + own / 2), (aside, lower - _height(left) / 2))
            else:
                _arrow(page, (centre + _width(text) / 2, middle), (aside - half, middle))
        y += height + _ARROW
    return figure


def _height(text: str) -> float:
    return LINE * (text.count("\n") + 1) + 2 * _PAD


def _width(text: str) -> float:
    return max(measure(line) for line in text.split("\n")) + 2 * _PAD


def _box(page: Any, x: float, y: float, text: str, ink: str, mark: int) -> None:
    from matplotlib.patches import FancyBboxPatch

    width, height = _width(text), _height(text)
    box = FancyBboxPatch(
        (x - width / 2, y - height / 2), width, height, boxstyle="round,pad=0,rounding_size=3", facecolor=GROUND,
        edgecolor=ink, linewidth=0.9, gid=name_mark(mark),
    )  # fmt: skip
    page.add_patch(box)
    lines = text.split("\n")
    for number, line in enumerate(lines):
        write(page, x, y + LINE * (number - (len(lines) - 1) / 2), line, align="center", mark=mark)


def _arrow(page: Any, start: tuple[float, float], end: tuple[float, float]) -> None:
    page.plot([start[0], end[0]], [start[1], end[1]], color=MUTED, linewidth=1)
    head = ">" if start[1] == end[1] else "v"
    back = (end[0] - 2.5, end[1]) if head == ">" else (end[0], end[1] - 2.5)
    page.plot([back[0]], [back[1]], marker=head, markersize=5, color=MUTED, markeredgewidth=0, linestyle="none")
