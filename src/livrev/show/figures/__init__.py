"""Figures: records in, a picture and its description out. Nothing here reads or writes a file."""

from livrev.show.figures.citation_chain import draw_chain
from livrev.show.figures.counts import draw_counts
from livrev.show.figures.effects import draw_effects, draw_shares
from livrev.show.figures.flow import draw_flow
from livrev.show.figures.gapmap import draw_gap_map
from livrev.show.figures.shown import ShownFigure
from livrev.show.figures.timeline import draw_timeline

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
