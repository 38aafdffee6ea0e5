"""Swimmer plot: how long single patients were followed, what their tumours did, and how it ended."""

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.figure import Figure

from livrev.figures.style import INK, MUTED, PALETTE, WIDTH, ShownFigure, house_style, need_something

_MARKS = {
    "complete": ("*", "complete response"),
    "partial": ("^", "partial response"),
    "stable": ("s", "stable disease"),
}
_ENDS = {"alive": "alive", "dead": "dead", "last seen": "last seen"}


@dataclass(frozen=True, slots=True)
class Course:
    """One patient's course: months followed, the end (alive, dead, last seen), and the best response with its month."""

    label: str
    group: str
    months: float
    end: str
    at_least: bool = False
    best: str = ""
    best_month: float | None = None


def draw_swimmer(courses: Sequence[Course]) -> ShownFigure:
    """Draw one bar a patient, the longest on top, coloured by group. Raises ValueError where there is none."""
    need_something(courses, "patient")
    ordered = sorted(courses, key=lambda course: -course.months)
    groups = list(dict.fromkeys(course.group for course in courses))
    colours = dict(zip(groups, PALETTE, strict=False))
    longest = max(course.months for course in ordered)
    with house_style():
        figure = Figure(figsize=(WIDTH, 1.1 + 0.34 * len(ordered)))
        axes = figure.subplots()
        figure.subplots_adjust(left=0.38, right=0.95)
        for place, course in enumerate(ordered):
            axes.barh(place, course.months, color=colours[course.group], alpha=0.55, height=0.55)
            if course.best and course.best_month is not None:
                axes.plot([course.best_month], [place], marker=_MARKS[course.best][0], color=INK, markersize=6)
            said = ("over " if course.at_least else "") + f"{course.months:g}, {_ENDS[course.end]}"
            sign = "→" if course.end == "alive" else "✕" if course.end == "dead" else "○"
            axes.text(course.months + longest * 0.015, place, f"{sign} {said}", va="center", fontsize=8)
        axes.set_yticks(range(len(ordered)), [course.label for course in ordered])
        axes.invert_yaxis()
        axes.tick_params(axis="y", length=0)
        axes.set_xlim(0, longest * 1.32)
        axes.set_xlabel("months since the cells were given", color=MUTED)
        for group in groups:
            axes.barh([0], [0], color=colours[group], alpha=0.55, label=group)
        for best in dict.fromkeys(course.best for course in ordered if course.best_month is not None):
            marker, words = _MARKS[best]
            axes.plot([], [], marker=marker, color=INK, linestyle="none", label=words)
        below = -0.62 / (0.77 * figure.get_figheight())
        axes.legend(loc="upper left", bbox_to_anchor=(-0.35, below), ncols=3)
    parts = [
        f"{c.label} ({c.group}): {'over ' if c.at_least else ''}{c.months:g} months, {c.end}"
        + (f", {_MARKS[c.best][1]}" if c.best else "")
        for c in ordered
    ]
    return ShownFigure(figure, f"Swimmer plot of {len(ordered)} patients. {'; '.join(parts)}.")
