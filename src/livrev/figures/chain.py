"""The way of a message from its first publication to the document that was read, step by step."""

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.figure import Figure

from livrev.figures.style import BLUE, INK, MUTED, WIDTH, ShownFigure, house_style, need_something

_LINE = 0.165  # inches: the height of a line of text
_PAD = 0.34  # inches: what a box adds to its lines, and the arrow below it
_LEFT, _RIGHT = 31, 62  # characters that fit into a line of each column


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
    """Draw the steps from top to bottom: the document on the left, what it changed on the right.

    A step that begins a message anew has a filled mark and no line from above. Raises ValueError where there is no step.
    """
    need_something(links, "step")
    blocks = [(_wrap(f"{link.what}", _LEFT), _wrap(_when(link), _LEFT), _wrap(link.changed, _RIGHT)) for link in links]
    heights = [max(len(what) + len(when), len(changed)) * _LINE + _PAD for what, when, changed in blocks]
    total = sum(heights)
    with house_style():
        figure = Figure(figsize=(WIDTH, total))
        axes = figure.add_axes((0, 0, 1, 1))
        axes.set_axis_off()
        axes.set_xlim(0, WIDTH)
        axes.set_ylim(total, 0)
        top, before = 0.0, 0.0
        for link, (what, when, changed), height in zip(links, blocks, heights, strict=True):
            middle = top + 0.5 * _LINE + 0.05
            if not link.first:
                arrow = {"arrowstyle": "-|>", "color": MUTED, "linewidth": 1.1, "linestyle": "-" if link.seen else ":"}
                axes.annotate("", xy=(0.13, middle - 0.08), xytext=(0.13, before + 0.08), arrowprops=arrow)
            face = BLUE if link.first else "white"
            axes.plot([0.13], [middle], "o", markersize=8, color=BLUE, markerfacecolor=face, zorder=3)
            axes.text(0.34, top + 0.05, "\n".join(what), va="top", fontsize=8.8, fontweight="bold", color=INK)
            axes.text(0.34, top + 0.05 + len(what) * _LINE, "\n".join(when), va="top", fontsize=8.3, color=MUTED)
            axes.text(2.75, top + 0.05, "\n".join(changed), va="top", fontsize=8.8, color=INK)
            top, before = top + height, middle
    steps = " ".join(f"Step {n}: {link.what}, {_when(link)}: {link.changed}." for n, link in enumerate(links, 1))
    return ShownFigure(figure, f"The way to {of} in {len(links)} steps. {steps}")


def _when(link: Link) -> str:
    return ", ".join(part for part in (link.place, link.date) if part)


def _wrap(text: str, width: int) -> list[str]:
    return textwrap.wrap(text, width) or [""]
