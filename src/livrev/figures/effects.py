"""Effects and shares of single studies with their intervals: shown side by side, not pooled."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

from livrev.figures.style import BLUE, INK, MUTED, VERMILION, WIDTH, ShownFigure, house_style, need_something

_TICKS = (0.1, 0.2, 0.3, 0.5, 0.7, 1, 1.5, 2, 3, 5, 10)


@dataclass(frozen=True, slots=True)
class Effect:
    """One study's effect: its label, value and interval on the scale of the measure, and what it is worth knowing."""

    label: str
    value: float
    low: float
    high: float
    group: str = ""
    note: str = ""


def draw_effects(effects: Sequence[Effect], *, measure: str, favours: tuple[str, str]) -> ShownFigure:
    """Draw ratios on a log axis, grouped; *favours* names the sides left and right of 1.

    Raises ValueError where there is none, or where one is not above 0.
    """
    need_something(effects, measure)
    for effect in effects:
        if min(effect.value, effect.low, effect.high) <= 0:
            raise ValueError(f"{effect.label}: {effect.value:g} ({effect.low:g} to {effect.high:g}) is no ratio")
    with house_style():
        figure, axes, places = _rows(effects)
        for effect, place in zip(effects, places, strict=True):
            colour = VERMILION if effect.low > 1 else BLUE if effect.high < 1 else MUTED
            axes.plot([effect.low, effect.high], [place, place], color=colour, linewidth=1.6, solid_capstyle="butt")
            axes.plot([effect.value], [place], marker="s", markersize=5, color=colour)
            text = f"{effect.value:.2f} ({effect.low:.2f}–{effect.high:.2f})"
            axes.text(1.02, place, text, transform=axes.get_yaxis_transform(), va="center", fontsize=8)
        low = min([effect.low for effect in effects] + [0.8])
        high = max([effect.high for effect in effects] + [1.25])
        axes.set_xscale("log")
        axes.set_xlim(low * 0.9, high * 1.1)
        axes.xaxis.set_major_locator(FixedLocator([tick for tick in _TICKS if low * 0.9 <= tick <= high * 1.1]))
        axes.xaxis.set_minor_locator(NullLocator())
        axes.xaxis.set_major_formatter(FuncFormatter(lambda x, _: f"{x:g}"))
        axes.axvline(1, color=INK, linewidth=0.8)
        axes.set_xlabel(f"← {favours[0]}     {favours[1]} →\n{measure}, log scale")
    below = sum(effect.high < 1 for effect in effects)
    above = sum(effect.low > 1 for effect in effects)
    said = "; ".join(
        f"{e.group + ', ' if e.group else ''}{e.label} {e.value:.2f} ({e.low:.2f} to {e.high:.2f})" for e in effects
    )
    head = f"{measure} of {len(effects)} results: {below} wholly below 1, {above} wholly above, {len(effects) - below - above} across it. "
    return ShownFigure(figure, head + said + ".")


def draw_shares(effects: Sequence[Effect], *, measure: str) -> ShownFigure:
    """Draw percentages with their intervals on an axis from 0 to 100, grouped. Raises ValueError where there is none."""
    need_something(effects, measure)
    with house_style():
        figure, axes, places = _rows(effects)
        for effect, place in zip(effects, places, strict=True):
            axes.plot([effect.low, effect.high], [place, place], color=BLUE, linewidth=1.6, solid_capstyle="butt")
            axes.plot([effect.value], [place], marker="o", markersize=5, color=BLUE)
            text = f"{effect.note}  {effect.value:.0f} ({effect.low:.0f}–{effect.high:.0f})".strip()
            axes.text(1.02, place, text, transform=axes.get_yaxis_transform(), va="center", fontsize=8)
        axes.set_xlim(0, 100)
        axes.set_xlabel(measure)
    said = "; ".join(
        f"{e.group + ', ' if e.group else ''}{e.label} {e.note} {e.value:.1f} ({e.low:.1f} to {e.high:.1f})"
        for e in effects
    )
    return ShownFigure(figure, f"{measure}, {len(effects)} results. {said}.")


def _rows(effects: Sequence[Effect]) -> tuple[Figure, Any, list[float]]:
    """Return a figure, its axes, and the place of each effect, with a heading above each group."""
    places: list[float] = []
    labels: list[tuple[float, str, bool]] = []
    place, group = 0.0, None
    for effect in effects:
        if effect.group and effect.group != group:
            place += 0.5 if places else 0
            labels.append((place, effect.group, True))
            place += 1
            group = effect.group
        labels.append((place, effect.label, False))
        places.append(place)
        place += 1
    figure = Figure(figsize=(WIDTH, 1.0 + 0.235 * place))
    axes = figure.subplots()
    figure.subplots_adjust(left=0.44, right=0.76)
    axes.set_ylim(place - 0.3, -0.7)
    axes.set_yticks([at for at, _, _ in labels], [text for _, text, _ in labels])
    for tick, (_, _, heading) in zip(axes.get_yticklabels(), labels, strict=True):
        tick.set_fontweight("bold" if heading else "normal")
        tick.set_fontsize(8.5 if heading else 8)
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    return figure, axes, places
