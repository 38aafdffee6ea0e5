"""Trials along the years of their main reports."""

from collections import defaultdict
from collections.abc import Iterable

from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from livrev.figures.style import PALETTE, WIDTH, ShownFigure, house_style, need_something


def draw_timeline(points: Iterable[tuple[int, str, int]], *, of: str) -> ShownFigure:
    """Draw one dot a study: *points* are (year, group, patients); dots of a year are stacked, area grows with the patients.

    Raises ValueError where there is no point.
    """
    by_group: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for year, group, patients in points:
        by_group[group].append((year, patients))
    groups = sorted(by_group)
    need_something(groups, of)
    with house_style():
        figure = Figure(figsize=(WIDTH, 0.8 + 0.85 * len(groups)))
        axes = figure.subplots()
        for number, group in enumerate(groups):
            stacked: dict[int, int] = defaultdict(int)
            for year, patients in sorted(by_group[group], key=lambda point: -point[1]):
                place = stacked[year]
                stacked[year] += 1
                x = year + ((place % 7) - 3) * 0.115
                y = number + 0.28 - (place // 7) * 0.14
                axes.scatter(
                    [x], [y], s=8 + patients**0.5, color=PALETTE[number % len(PALETTE)], alpha=0.65, linewidths=0
                )
        axes.set_yticks(range(len(groups)), groups)
        axes.set_ylim(len(groups) - 0.4, -0.9)
        axes.xaxis.set_major_locator(MaxNLocator(integer=True, nbins=12))
        axes.set_xlabel(f"year of the main report; one dot a {of}, the larger the more patients")
        axes.tick_params(axis="y", length=0)
    said = "; ".join(
        f"{group}: {len(by_group[group])}, from {min(y for y, _ in by_group[group])} to {max(y for y, _ in by_group[group])}"
        for group in groups
    )
    return ShownFigure(figure, f"Time line, one dot a {of}. {said}.")
