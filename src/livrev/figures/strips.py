"""Strips: one pool under many conditions, each as a dot with its interval, the pool itself as a band behind them."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

from livrev.figures.style import BLUE, INK, MUTED, VERMILION, WIDTH, ShownFigure, house_style, need_something

_TICKS = (0.1, 0.2, 0.3, 0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.2, 1.5, 2, 3, 5, 10)
_APART = 0.045


@dataclass(frozen=True, slots=True)
class Dot:
    """The pool under one condition, on the scale of the measure; *faint* for what is not a pooled interval."""

    label: str
    value: float
    low: float
    high: float
    faint: bool = False


@dataclass(frozen=True, slots=True)
class Strip:
    """Dots under one head, from top to bottom."""

    title: str
    dots: Sequence[Dot]


def draw_strips(strips: Sequence[Strip], *, band: tuple[float, float] | None, measure: str, kind: str) -> ShownFigure:
    """Draw *strips* below each other on one log axis; *band* is the interval of the pool, *kind* says what varies.

    Intervals that reach far beyond the others are cut at the edge; their numbers stand beside them.

    Raises ValueError where there is nothing to draw.
    """
    need_something([dot for strip in strips for dot in strip.dots], "pool")
    low, high = _window([(dot.low, dot.high) for strip in strips for dot in strip.dots if not dot.faint])
    places: list[tuple[float, str]] = []
    place = 0.0
    with house_style():
        rows = sum(len(strip.dots) + 1.3 for strip in strips)
        figure = Figure(figsize=(WIDTH, 0.9 + 0.22 * rows))
        axes = figure.subplots()
        figure.subplots_adjust(left=0.40, right=0.78)
        if band is not None:
            axes.axvspan(*band, color=VERMILION, alpha=0.10, linewidth=0)
        axes.axvline(1, color=INK, linewidth=0.8)
        for strip in strips:
            axes.text(
                0, place, strip.title, transform=axes.get_yaxis_transform(), va="center", fontsize=8, fontweight="bold"
            )
            place += 1
            for dot in strip.dots:
                colour = MUTED if dot.faint else BLUE if dot.high < 1 or dot.low > 1 else VERMILION
                axes.plot(
                    [max(dot.low, low), min(dot.high, high)], [place, place],
                    color=colour, linewidth=1.3, solid_capstyle="butt", linestyle=(0, (2, 2)) if dot.faint else "-",
                )  # fmt: skip
                if not dot.faint:
                    axes.plot([dot.value], [place], marker="o", color=colour, markersize=4.2)
                said = f"{dot.value:.2f} ({dot.low:.2f}–{dot.high:.2f})"
                axes.text(1.02, place, said, transform=axes.get_yaxis_transform(), va="center", fontsize=8)
                places.append((place, dot.label))
                place += 1
            place += 0.3
        axes.set_xscale("log")
        axes.set_xlim(low, high)
        axes.set_ylim(place - 0.4, -0.8)
        axes.xaxis.set_major_locator(FixedLocator(_spread([tick for tick in _TICKS if low <= tick <= high], low, high)))
        axes.xaxis.set_minor_locator(NullLocator())
        axes.xaxis.set_major_formatter(FuncFormatter(lambda x, _: f"{x:g}"))
        axes.set_yticks([at for at, _ in places], [text for _, text in places], fontsize=8)
        axes.tick_params(axis="y", length=0)
        axes.spines["left"].set_visible(False)
        axes.set_xlabel(
            f"{measure}, log scale" + ("; the band is the interval of the pool" if band else ""), color=MUTED
        )
    said = " ".join(
        f"{strip.title}: "
        + "; ".join(f"{d.label} {d.value:.2f} ({d.low:.2f} to {d.high:.2f})" for d in strip.dots)
        + "."
        for strip in strips
    )
    return ShownFigure(figure, f"{kind}, {measure}. {said}")


def _window(spans: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """Return the ends of an axis that shows *spans*, but for the parts of them that reach three times as far as most."""
    lows, highs = sorted(low for low, _ in spans), sorted(high for _, high in spans)
    middle_low, middle_high = lows[len(lows) // 2], highs[len(highs) // 2]
    low = max(lows[0], middle_low / 3) if middle_low > 0 else lows[0]
    return min(low, 0.9) * 0.93, max(min(highs[-1], middle_high * 3), 1.1) * 1.07


def _spread(ticks: Sequence[float], low: float, high: float) -> list[float]:
    """Return those *ticks* that stand far enough from their neighbour to be read, 1 among them."""
    width = math.log(high / low)
    kept = [1.0] if 1 in ticks else []
    for tick in ticks:
        if all(abs(math.log(tick / other)) / width > _APART * 1.6 for other in kept):
            kept.append(tick)
    return sorted(kept)
