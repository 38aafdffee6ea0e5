"""Trials along the years of their main reports, or of the results that are awaited."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from livrev.show.figures.canvas import lay_axes, measure, name_mark, open_sheet, write
from livrev.show.figures.scale import height_of_notes, write_notes
from livrev.show.figures.shown import Mark, ShownFigure, Value, need_something, show
from livrev.show.figures.style import BLUE, GRID, GROUND, LINE, SMALL, Paper

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_CELL = 6.6  # points between the middles of two dots
_MOST = 1000  # patients from which on a dot grows no more


class Point(NamedTuple):
    """One study: its year, the row that it stands in, its patients (0: not known), its name, and whether it is a ring."""

    year: int
    group: str
    patients: int
    label: str
    ring: bool = False


def draw_timeline(points: Iterable[Point], *, of: str, year: str = "of its main report", ring: str = "") -> ShownFigure:
    """Draw one dot a study; dots of a year are piled up, the largest below, rings on top.

    The area of a dot grows with the patients. *year* says which year it stands at, *ring* what it means that it is a ring.
    Raises ValueError where there is no point.
    """
    by_group: dict[str, list[Point]] = defaultdict(list)
    for point in points:
        by_group[point[1]].append(point)
    groups = sorted(by_group)
    need_something(groups, of)
    ordered = {group: sorted(by_group[group], key=lambda p: (p.year, p.ring, -p.patients, p.label)) for group in groups}
    marks = [_mark(point, ring) for group in groups for point in ordered[group]]
    said = "; ".join(
        f"{group}: {len(shown)}, from {min(p.year for p in shown)} to {max(p.year for p in shown)}"
        + (f", {sum(p.ring for p in shown)} {ring}" if ring else "")
        for group, shown in ordered.items()
    )
    note = f"one dot a {of}, by the year {year}; the larger the more patients, up to {_MOST} and more"
    note += f"; a ring: {ring}" if ring else ""
    alt = f"Time line, one dot a {of}. {said}."
    return show(lambda paper: _draw(paper, ordered, note), alt=alt, marks=marks, told=False)


def _mark(point: Point, ring: str) -> Mark:
    patients = f"{point.patients} patients" if point.patients else "number of patients not given"
    row: dict[str, Value] = {"year": point.year, "group": point.group, "study": point.label}
    row |= {"patients": point.patients or None} | ({ring: "yes" if point.ring else "no"} if ring else {})
    return Mark(f"{point.label}, {point.year}: {patients} ({point.group}{f'; {ring}' if point.ring else ''})", row)


def _draw(paper: Paper, groups: Mapping[str, Sequence[Point]], note: str) -> "Figure":
    years = [point.year for shown in groups.values() for point in shown]
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
        for point, (column, layer) in zip(groups[group], pile, strict=True):
            size = 2.8 + (_CELL - 3.0) * (min(point.patients, _MOST) / _MOST) ** 0.5
            in_layer = min(
                across,
                sum(
                    1
                    for p, place in zip(groups[group], pile, strict=True)
                    if p.year == point.year and place[1] == layer
                ),
            )
            x = point.year + (column - (in_layer - 1) / 2) * _CELL / step
            plot.scatter(
                [x], [base - 5 - layer * _CELL], s=(size - point.ring) ** 2, color=GROUND if point.ring else BLUE,
                edgecolors=BLUE, linewidths=float(point.ring), clip_on=False, gid=name_mark(mark),
            )  # fmt: skip
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
        places.append((seen[point.year] % across, seen[point.year] // across))
        seen[point.year] += 1
    return places
