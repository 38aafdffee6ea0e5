"""Draw frames: each function takes a frame whose columns it names, and returns a figure with words and data."""

from livrev.show.figures.diagrams import chain, flow
from livrev.show.figures.grid import counts, gap_map
from livrev.show.figures.patients import courses, people, survival
from livrev.show.figures.study_marks import directions, timeline

__all__ = ["chain", "counts", "courses", "directions", "flow", "gap_map", "people", "survival", "timeline"]
