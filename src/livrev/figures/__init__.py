"""Figures: records in, a picture and its description out. Nothing here reads or writes a file."""

from livrev.figures.chain import draw_chain
from livrev.figures.counts import draw_counts
from livrev.figures.effects import draw_effects, draw_shares
from livrev.figures.flow import draw_flow
from livrev.figures.gapmap import draw_gap_map
from livrev.figures.style import ShownFigure
from livrev.figures.timeline import draw_timeline

__all__ = [
    "ShownFigure",
    "draw_chain",
    "draw_counts",
    "draw_effects",
    "draw_flow",
    "draw_gap_map",
    "draw_shares",
    "draw_timeline",
]
