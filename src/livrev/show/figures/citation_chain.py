"""The way of a message from its first publication to the document that was read, step by step."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from livrev.show.figures.canvas import name_mark, open_sheet, wrap, write
from livrev.show.figures.shown import Mark, ShownFigure, need_something, show
from livrev.show.figures.style import BLUE, GROUND, LINE, MUTED, SIZE, SMALL, Paper

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_RAIL, _TEXT = 8.0, 24.0  # points: where the marks stand, and where the words begin
_FIRST = 190.0  # points that the first column takes on a page


@dataclass(frozen=True, slots=True)
class Link:
    """One step: what it is, where and when it appeared, what it changed, and whether a message begins here."""

    what: str
    place: str
    date: str
    changed: str
    first: bool
    seen: bool = True


def draw_chain(links: Sequence[Link], *, of: str) -> ShownFigure:
    """Draw the steps from top to bottom: the document, and beside it (on a phone below it) what it changed.

    A step that begins a message anew has a filled mark and no line from above. Raises ValueError where there is no step.
    """
    need_something(links, "step")
    marks = [
        Mark(
            f"Step {number}: {link.what}, {_when(link)}: {link.changed}",
            {"step": number, "what": link.what, "place": link.place, "date": link.date, "changed": link.changed,
             "begins": "yes" if link.first else "no"},
        )
        for number, link in enumerate(links, 1)
    ]  # fmt: skip
    return show(lambda paper: _draw(paper, links), alt=f"The way to {of} in {len(links)} steps.", marks=marks)


def _draw(paper: Paper, links: Sequence[Link]) -> "Figure":
    first = paper.width - _TEXT if paper.narrow else _FIRST - _TEXT - 10
    second = paper.width - (_TEXT if paper.narrow else _FIRST)
    blocks = [
        (wrap(link.what, first, bold=True), wrap(_when(link), first, size=SMALL), wrap(link.changed, second)) for link in links
    ]  # fmt: skip
    heights = [
        LINE * (len(what) + len(when) + len(changed) if paper.narrow else max(len(what) + len(when), len(changed))) + 14
        for what, when, changed in blocks
    ]
    figure, page = open_sheet(paper, sum(heights) - 6)
    top, before = 2.0, 0.0
    for mark, (link, (what, when, changed), height) in enumerate(zip(links, blocks, heights, strict=True)):
        middle = top + LINE / 2
        if not link.first:
            style = "-" if link.seen else (0, (1, 2))
            page.plot([_RAIL, _RAIL], [before + 6, middle - 9], color=MUTED, linewidth=1.1, linestyle=style)
            page.plot([_RAIL], [middle - 8.5], marker="v", markersize=5, color=MUTED, markeredgewidth=0)
        face = BLUE if link.first else GROUND
        page.plot([_RAIL], [middle], "o", markersize=8, color=BLUE, markerfacecolor=face, zorder=3, gid=name_mark(mark))
        for number, line in enumerate(what):
            write(page, _TEXT, middle + LINE * number, line, bold=True, mark=mark)
        for number, line in enumerate(when, len(what)):
            write(page, _TEXT, middle + LINE * number, line, size=SMALL, ink=MUTED, mark=mark)
        x, down = (_TEXT, len(what) + len(when)) if paper.narrow else (_FIRST, 0)
        for number, line in enumerate(changed, down):
            write(page, x, middle + LINE * number, line, size=SIZE, mark=mark)
        top, before = top + height, middle
    return figure


def _when(link: Link) -> str:
    return ", ".join(part for part in (link.place, link.date) if part)
