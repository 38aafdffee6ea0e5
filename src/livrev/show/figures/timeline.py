"""Trials along the years of their main reports."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from livrev.show.figures.canvas import lay_axes, measure, name_mark, open_sheet, write
from livrev.show.figures.scale import height_of_notes, write_notes
from livrev.show.figures.shown import Mark, ShownFigure, need_something, show
from livrev.show.figures.style import BLUE, GRID, LINE, SMALL, Paper

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_CELL = 6.6  # points between the middles of two dots
_MOST = 1000  # patients from which on a dot grows no more
Point = tuple[int, str, int, str]


def draw_timeline(points: Iterable[Point], *, of: str) -> ShownFigure:
    """Draw one dot a study: *points* are (year, group, patients, label); dots of a year are piled up, the largest below.

    The area of a dot grows with the patients. Raises ValueError where there is no point.
    """
    by_group: dict[str, list[Point]] = defaultdict(list)
    for point in points:
        by_group[point[1]].append(point)
    groups = sorted(by_group)
    need_something(groups, of)
    ordered = {group: sorted(by_group[group], key=lambda point: (point[0], -point[2], point[3])) for group in groups}
    marks = [
        Mark(
            f"{label}, {year}: {f'{patients} patients' if patients else 'number of patients not given'} ({group})",
            {"year": year, "group": group, "study": label, "patients": patients or None},
        )
        for group in groups
        for year, _, patients, label in ordered[group]
    ]
    said = "; ".join(
        f"{group}: {len(shown)}, from {min(p[0] for p in shown)} to {max(p[0] for p in shown)}"
        for group, shown in ordered.items()
    )
    note = f"one dot a {of}, by the year of its main report; the larger the more patients, up to {_MOST} and more"
    alt = f"Time line, one dot a {of}. {said}."
    return show(lambda paper: _draw(paper, ordered, note), alt=alt, marks=marks)


def _draw(paper: Paper, groups: Mapping[str, Sequence[Point]], note: str) -> "Figure":
    years = [point[0] for shown in groups.values() for point in shown]
    first, last = min(years), max(years)
    left = 0.0 if paper.narrow else max(measure(group, bold=True) for group in groups) + 8
    step = (paper.width - left) / (last - first + 1)
    across = max(1, int((step - 2) / _CELL))
    piles = {group: _pile(shown, across) for group, shown in groups.items()}
    deep = {
        g: _CELL * max(layer for _, layer in pile) + _CELL + 8 + (LINE + 2 if paper.narrow else 0)
        for g, pile in piles.items()
    }
    bottom = sum(deep.values()) + 2
    figure, page = open_sheet(paper, bottom + 15 + height_of_notes([note], paper.width) + 3)
    plot = lay_axes(figure, left, paper.width)
    plot.set_xlim(first - 0.5, last + 0.5)
    base, mark = 2.0, 0
    for group, pile in piles.items():
        base += deep[group]
        write(page, 0, base - deep[group] + LINE / 2 + 2 if paper.narrow else base - 8, group, bold=True)
        page.plot([left, paper.width], [base, base], color=GRID, linewidth=0.8, zorder=0)
        for (year, _, patients, _), (column, layer) in zip(groups[group], pile, strict=True):
            size = 2.8 + (_CELL - 3.0) * (min(patients, _MOST) / _MOST) ** 0.5
            in_layer = min(
                across,
                sum(1 for p, place in zip(groups[group], pile, strict=True) if p[0] == year and place[1] == layer),
            )
            x = year + (column - (in_layer - 1) / 2) * _CELL / step
            plot.scatter(
                [x], [base - 5 - layer * _CELL], s=size**2, color=BLUE, linewidths=0, clip_on=False, gid=name_mark(mark)
            )
            mark += 1
    every = next(n for n in (1, 2, 5, 10) if n * step > measure("2026", SMALL) + 6)
    for year in range(last - (last - first) // every * every, last + 1, every):
        half = measure(str(year), SMALL) / 2
        x = min(max(left + (year - first + 0.5) * step, half), paper.width - half)
        write(page, x, bottom + 8, str(year), size=SMALL, align="center")
    write_notes(page, bottom + 15, [note], paper.width)
    return figure


def _pile(points: Sequence[Point], across: int) -> list[tuple[int, int]]:
    """Return column and layer of each point in the pile of its year."""
    seen: dict[int, int] = defaultdict(int)
    places = []
    for point in points:
        places.append((seen[point[0]] % across, seen[point[0]] // across))
        seen[point[0]] += 1
    return places
