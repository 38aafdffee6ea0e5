"""Harvest plot: which way each study points, how strong its design is, and how its numbers were read."""

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.figure import Figure

from livrev.figures.style import BLUE, MUTED, SKY, WIDTH, ShownFigure, house_style, need_something

DIRECTIONS = ("favours", "no clear difference", "against")


@dataclass(frozen=True, slots=True)
class Stalk:
    """One study: where it points (one of DIRECTIONS), the strength of its design from 1 to 3, and its label."""

    label: str
    row: str
    direction: str
    strength: int
    second_hand: bool = False


def draw_harvest(
    stalks: Sequence[Stalk], *, strengths: tuple[str, str, str], columns: tuple[str, str, str]
) -> ShownFigure:
    """Draw a field for each row and direction, one bar a study; *strengths* name the heights 1 to 3.

    *columns* are the heads of the three directions. Raises ValueError where there is no study.
    """
    need_something(stalks, "study")
    rows = list(dict.fromkeys(stalk.row for stalk in stalks))
    widest = max(
        sum(s.row == row and s.direction == direction for s in stalks) for row in rows for direction in DIRECTIONS
    )
    with house_style():
        figure = Figure(figsize=(WIDTH, 1.0 + 0.82 * len(rows)))
        fields = figure.subplots(len(rows), 3, squeeze=False)
        figure.subplots_adjust(left=0.24, right=0.99, hspace=0.28, wspace=0.06)
        for y, row in enumerate(rows):
            for x, direction in enumerate(DIRECTIONS):
                axes = fields[y][x]
                here = [stalk for stalk in stalks if stalk.row == row and stalk.direction == direction]
                here.sort(key=lambda stalk: (-stalk.strength, stalk.second_hand, stalk.label))
                for place, stalk in enumerate(here):
                    axes.bar(place, stalk.strength, width=0.78, color=SKY if stalk.second_hand else BLUE)
                axes.set_xlim(-0.6, max(widest, 8) - 0.4)
                axes.set_ylim(0, 3.3)
                axes.set_xticks([])
                axes.set_yticks([])
                axes.spines["left"].set_visible(False)
                if y == 0:
                    axes.set_title(columns[x], fontsize=9)
                if here:
                    axes.text(len(here) - 0.4, 0.15, str(len(here)), fontsize=8.5, fontweight="bold")
            fields[y][0].set_ylabel(row, rotation=0, ha="right", va="center", fontsize=8.5)
        heights = "; ".join(
            f"{words} {height}" for height, words in zip(("low", "middle", "high"), strengths, strict=True)
        )
        figure.text(
            0.24, 0.02, f"height: {heights}\ndark: read in the source or its abstract; light: read second-hand",
            fontsize=8, color=MUTED, va="top",
        )  # fmt: skip
    parts = [
        f"{row}, {columns[DIRECTIONS.index(direction)]}: "
        + ", ".join(s.label for s in stalks if s.row == row and s.direction == direction)
        for row in rows
        for direction in DIRECTIONS
        if any(s.row == row and s.direction == direction for s in stalks)
    ]
    said = "; ".join(parts).replace("\n", " ")
    return ShownFigure(figure, f"Harvest plot of {len(stalks)} results. {said}.")
