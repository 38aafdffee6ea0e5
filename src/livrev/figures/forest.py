"""Forest plot: each study with its weight, the pool as a diamond, and where the next study may lie."""

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

from livrev.figures.style import BLUE, INK, MUTED, VERMILION, WIDTH, ShownFigure, house_style

_TICKS = (0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 1, 1.5, 2, 3, 5, 10, 20)


@dataclass(frozen=True, slots=True)
class Row:
    """One study of a forest plot; the interval is at 95 percent, the weight in percent."""

    label: str
    value: float
    low: float
    high: float
    weight: float


@dataclass(frozen=True, slots=True)
class Diamond:
    """The pool of a forest plot: value, interval, prediction interval (None below three studies), and what is said of it."""

    value: float
    low: float
    high: float
    prediction: tuple[float, float] | None
    said: str


def draw_forest(rows: Sequence[Row], diamond: Diamond, *, measure: str, favours: tuple[str, str]) -> ShownFigure:
    """Draw *rows* and their pool on a log axis; *favours* names the sides left and right of 1.

    Raises ValueError where there is nothing to draw.
    """
    if not rows:
        raise ValueError("a forest plot needs studies; none was given")
    bounds = [bound for row in rows for bound in (row.low, row.high)] + list(diamond.prediction or ())
    low, high = min([*bounds, 0.8]) * 0.92, max([*bounds, 1.25]) * 1.08
    last = len(rows) + 0.6
    with house_style():
        figure = Figure(figsize=(WIDTH, 1.55 + 0.27 * (len(rows) + 2)))
        axes = figure.subplots()
        figure.subplots_adjust(left=0.36, right=0.68)
        for place, row in enumerate(rows):
            axes.plot([row.low, row.high], [place, place], color=INK, linewidth=1.1, solid_capstyle="butt")
            axes.plot([row.value], [place], marker="s", color=BLUE, markersize=3 + 7 * (row.weight / 100) ** 0.5)
            _write(axes, place, f"{row.value:.2f} ({row.low:.2f}–{row.high:.2f})", f"{row.weight:.0f} %")
        if diamond.prediction is not None:
            axes.plot(
                diamond.prediction, [last, last], color=VERMILION, linewidth=2.2, solid_capstyle="butt", alpha=0.55
            )
        xs = [diamond.low, diamond.value, diamond.high, diamond.value]
        axes.fill(xs, [last, last - 0.3, last, last + 0.3], color=VERMILION)
        _write(axes, last, f"{diamond.value:.2f} ({diamond.low:.2f}–{diamond.high:.2f})", "100 %", bold=True)
        axes.axvline(1, color=INK, linewidth=0.8)
        axes.axvline(diamond.value, color=VERMILION, linewidth=0.7, linestyle=(0, (3, 3)), zorder=0)
        axes.set_xscale("log")
        axes.set_xlim(low, high)
        axes.set_ylim(last + 0.75, -0.9)
        axes.xaxis.set_major_locator(FixedLocator([tick for tick in _TICKS if low <= tick <= high]))
        axes.xaxis.set_minor_locator(NullLocator())
        axes.xaxis.set_major_formatter(FuncFormatter(lambda x, _: f"{x:g}"))
        axes.set_yticks([*range(len(rows)), last], [*(row.label for row in rows), "All studies"])
        axes.get_yticklabels()[-1].set_fontweight("bold")
        axes.tick_params(axis="y", length=0)
        axes.spines["left"].set_visible(False)
        axes.set_xlabel(f"← {favours[0]}     {favours[1]} →\n{measure}, log scale\n{diamond.said}", color=MUTED)
    said = "; ".join(f"{r.label} {r.value:.2f} ({r.low:.2f} to {r.high:.2f}), weight {r.weight:.0f} %" for r in rows)
    ahead = ""
    if diamond.prediction is not None:
        ahead = f" The next study may lie from {diamond.prediction[0]:.2f} to {diamond.prediction[1]:.2f}."
    pooled = f"{diamond.value:.2f} ({diamond.low:.2f} to {diamond.high:.2f})"
    return ShownFigure(figure, f"Forest plot of {len(rows)} studies: {said}. Pooled {measure} {pooled}.{ahead}")


def _write(axes, place: float, text: str, weight: str, *, bold: bool = False) -> None:  # type: ignore[no-untyped-def]
    style = {
        "transform": axes.get_yaxis_transform(),
        "va": "center",
        "fontsize": 8,
        "fontweight": "bold" if bold else "normal",
    }
    axes.text(1.03, place, text, **style)
    axes.text(1.78, place, weight, ha="right", **style)
