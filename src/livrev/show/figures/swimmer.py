"""Swimmer plot: how long single patients were followed, what was seen at best, and how it ended."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from livrev.show.figures.canvas import measure, name_mark, open_sheet, wrap, write
from livrev.show.figures.scale import write_notes
from livrev.show.figures.shown import Mark, ShownFigure, need_something, show
from livrev.show.figures.style import BLUE, GRID, INK, LINE, MUTED, SMALL, Paper
from livrev.show.format import format_number

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_MARKS = {
    "complete": ("*", "complete response"),
    "partial": ("^", "partial response"),
    "stable": ("s", "stable disease"),
}
_SIGNS = {"alive": ("→", "alive"), "dead": ("×", "dead"), "last seen": ("○", "last seen")}
_UNIT = "months since the cells were given"


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
    """Draw one bar a patient, the longest on top, its target beside its name. Raises ValueError where there is none."""
    need_something(courses, "patient")
    ordered = sorted(courses, key=lambda course: -course.months)
    marks = [
        Mark(
            f"{c.label} ({c.group}): {'over ' if c.at_least else ''}{format_number(c.months)} months, {c.end}{_say_best(c)}",
            {"patient": c.label, "target": c.group, "months": c.months, "at_least": "yes" if c.at_least else "no", "end": c.end,
             "best": c.best, "best_month": c.best_month},
        )
        for c in ordered
    ]  # fmt: skip
    alt = f"Swimmer plot of {len(ordered)} patients."
    return show(lambda paper: _draw(paper, ordered), alt=alt, marks=marks)


def _say_best(course: Course) -> str:
    if not course.best:
        return ""
    when = f" at month {format_number(course.best_month)}" if course.best_month is not None else ""
    return f", {_MARKS[course.best][1]}{when}"


def _draw(paper: Paper, courses: Sequence[Course]) -> "Figure":
    labels = 0.0 if paper.narrow else max(measure(f"{c.label}, {c.group}") for c in courses) + 8
    ends = {
        course: f"{_SIGNS[course.end][0]} {'over ' if course.at_least else ''}{format_number(course.months)}, {_SIGNS[course.end][1]}"
        for course in courses
    }
    after = max(measure(text) for text in ends.values()) + 4
    longest = max(course.months for course in courses)
    per_month = (paper.width - labels - after) / longest
    lines = {c: wrap(f"{c.label}, {c.group}", paper.width) for c in courses}
    height = {c: LINE * len(lines[c]) + 17 if paper.narrow else LINE + 9 for c in courses}
    bottom = 4 + sum(height.values())
    used = [best for best in dict.fromkeys(c.best for c in courses if c.best_month is not None) if best]
    figure, page = open_sheet(paper, bottom + 16 + LINE + 14 * len(used) + 2)
    step = next(size for size in (6, 12, 24, 48, 96, 192, longest) if longest / size <= 8)
    for tick in range(0, int(longest) + 1, int(step)):
        x = labels + tick * per_month
        page.plot([x, x], [2, bottom], color=GRID, linewidth=0.6, zorder=0)
        write(page, x, bottom + 7, str(tick), size=SMALL, align="center" if tick else "left")
    y = 4.0
    for mark, course in enumerate(courses):
        bar = y + (LINE * len(lines[course]) + 6 if paper.narrow else height[course] / 2)
        for number, line in enumerate(lines[course]):
            write(page, 0, y + LINE * (number + 0.5) if paper.narrow else bar, line, mark=mark)
        page.barh(bar, course.months * per_month, left=labels, height=8.5, color=BLUE)[0].set_gid(name_mark(mark))
        end = labels + course.months * per_month
        if course.best and course.best_month is not None:
            x = labels + course.best_month * per_month
            page.plot(
                [x],
                [bar],
                marker=_MARKS[course.best][0],
                color=INK,
                markersize=6,
                linestyle="none",
                gid=name_mark(mark),
            )
            end = max(end, x + 3)
        write(page, end + 4, bar, ends[course], mark=mark)
        y += height[course]
    below = write_notes(page, bottom + 15, [_UNIT], paper.width)
    for number, best in enumerate(used):
        page.plot([4], [below + 7 + 14 * number], marker=_MARKS[best][0], color=INK, markersize=6, linestyle="none")
        write(page, 12, below + 7 + 14 * number, _MARKS[best][1], size=SMALL, ink=MUTED)
    return figure
