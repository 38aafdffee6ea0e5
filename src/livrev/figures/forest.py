"""Forest plot: each study with its weight, the pool as a diamond, and where the next study may lie."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

from livrev.figures.style import BLUE, INK, MUTED, VERMILION, WIDTH, ShownFigure, house_style

_TICKS = (0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 1, 1.5, 2, 3, 5, 10, 20)


@dataclass(frozen=True, slots=True)
class Row:
    """One study of a forest plot; the interval is at 95 percent, the weight in percent, *mark* says how it was read."""

    label: str
    value: float
    low: float
    high: float
    weight: float
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Diamond:
    """A pool of a forest plot: value, interval, prediction interval (None below three studies), and what is said of it."""

    value: float
    low: float
    high: float
    prediction: tuple[float, float] | None
    said: str
    label: str = "All studies"


@dataclass(frozen=True, slots=True)
class Group:
    """Studies with their pool; a plot of one group needs no title."""

    rows: Sequence[Row]
    diamond: Diamond
    title: str = ""


def draw_forest(
    groups: Sequence[Group],
    *,
    measure: str,
    favours: tuple[str, str] | None,
    notes: Sequence[str] = (),
) -> ShownFigure:
    """Draw *groups* of studies, each with its pool, and *notes* below.

    With *favours*, the sides left and right of 1, the axis is that of a ratio (logarithmic); without, that of a share, in
    percent from 0 to 100. Raises ValueError where there is nothing to draw.
    """
    if not groups or not all(group.rows for group in groups):
        raise ValueError("a forest plot needs studies; none was given")
    ratio = favours is not None
    digits = 2 if ratio else 0
    titled = sum(bool(group.title) for group in groups)
    height = 1.2 + 0.27 * (sum(len(group.rows) + 1.5 for group in groups) + titled) + 0.17 * (len(notes) + 2)
    ticks: list[tuple[float, str, bool]] = []
    place = 0.0
    with house_style():
        figure = Figure(figsize=(WIDTH, height))
        axes = figure.subplots()
        figure.subplots_adjust(left=0.36, right=0.68)
        for group in groups:
            if group.title:
                ticks.append((place, group.title, True))
                place += 1
            for row in group.rows:
                _draw_study(axes, place, row, digits)
                ticks.append((place, f"{row.label} {row.mark}".strip(), False))
                place += 1
            place += 0.2
            _draw_pool(axes, place, group.diamond, digits)
            ticks.append((place, group.diamond.label, True))
            place += 1.5
        _draw_axis(axes, groups, ratio=ratio)
        axes.set_ylim(place - 0.6, -0.9)
        axes.set_yticks([at for at, _, _ in ticks], [text for _, text, _ in ticks])
        for tick, (_, _, bold) in zip(axes.get_yticklabels(), ticks, strict=True):
            tick.set_fontweight("bold" if bold else "normal")
        head = f"← {favours[0]}     {favours[1]} →\n{measure}, log scale" if favours else measure
        axes.set_xlabel("\n".join([head, *(group.diamond.said for group in groups[:1] if not group.title), *notes]))
        axes.xaxis.label.set_color(MUTED)
    return ShownFigure(figure, " ".join(_say(group, measure, digits) for group in groups) + _join(notes))


def _draw_study(axes: Any, place: float, row: Row, digits: int) -> None:
    axes.plot([row.low, row.high], [place, place], color=INK, linewidth=1.1, solid_capstyle="butt")
    axes.plot([row.value], [place], marker="s", color=BLUE, markersize=3 + 7 * (row.weight / 100) ** 0.5)
    _write(axes, place, _span(row, digits), f"{row.weight:.0f} %")


def _draw_pool(axes: Any, place: float, diamond: Diamond, digits: int) -> None:
    if diamond.prediction is not None:
        axes.plot(diamond.prediction, [place, place], color=VERMILION, linewidth=2.2, solid_capstyle="butt", alpha=0.55)
    xs = [diamond.low, diamond.value, diamond.high, diamond.value]
    axes.fill(xs, [place, place - 0.3, place, place + 0.3], color=VERMILION)
    _write(axes, place, _span(diamond, digits), "", bold=True)


def _draw_axis(axes: Any, groups: Sequence[Group], *, ratio: bool) -> None:
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    if len(groups) == 1:
        axes.axvline(groups[0].diamond.value, color=VERMILION, linewidth=0.7, linestyle=(0, (3, 3)), zorder=0)
    if not ratio:
        axes.set_xlim(0, 100)
        return
    bounds = [bound for group in groups for row in group.rows for bound in (row.low, row.high)]
    bounds += [bound for group in groups for bound in group.diamond.prediction or ()]
    low, high = min([*bounds, 0.8]) * 0.92, max([*bounds, 1.25]) * 1.08
    axes.axvline(1, color=INK, linewidth=0.8)
    axes.set_xscale("log")
    axes.set_xlim(low, high)
    axes.xaxis.set_major_locator(FixedLocator([tick for tick in _TICKS if low <= tick <= high]))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.xaxis.set_major_formatter(FuncFormatter(lambda x, _: f"{x:g}"))


def _span(shown: Row | Diamond, digits: int) -> str:
    return f"{shown.value:.{digits}f} ({shown.low:.{digits}f}–{shown.high:.{digits}f})"


def _say(group: Group, measure: str, digits: int) -> str:
    said = "; ".join(f"{row.label} {_words(row, digits)}, weight {row.weight:.0f} %" for row in group.rows)
    diamond = group.diamond
    ahead = ""
    if diamond.prediction is not None:
        low, high = diamond.prediction
        ahead = f" The next study may lie from {low:.{digits}f} to {high:.{digits}f}."
    head = f"{group.title}: " if group.title else ""
    return f"{head}Forest plot of {len(group.rows)} studies: {said}. Pooled {measure} {_words(diamond, digits)}.{ahead}"


def _words(shown: Row | Diamond, digits: int) -> str:
    return f"{shown.value:.{digits}f} ({shown.low:.{digits}f} to {shown.high:.{digits}f})"


def _join(notes: Sequence[str]) -> str:
    return "".join(f" {note.rstrip('.')}." for note in notes)


def _write(axes: Any, place: float, text: str, weight: str, *, bold: bool = False) -> None:
    style = {
        "transform": axes.get_yaxis_transform(),
        "va": "center",
        "fontsize": 8,
        "fontweight": "bold" if bold else "normal",
    }
    axes.text(1.03, place, text, **style)
    axes.text(1.78, place, weight, ha="right", **style)
