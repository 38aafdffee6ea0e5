"""The scale below intervals, with ticks that leave room: a ratio's, a difference's or a share's; a `Strip` is drawn by the page itself."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median_high
from typing import ClassVar

from livrev.show.figures.sheet import LINE, MUTED, SMALL, Sheet, measure

_RATIOS = (0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.2, 1.5, 2, 3, 5, 10, 20, 50)
_SHARES = (0, 25, 50, 75, 100)
_ROOM = 9.0  # points between two ticks' numbers
_MOST_TICKS = 15


@dataclass(frozen=True, slots=True)
class Scale:
    """What is measured.

    *sides*, the names of what lies left and right of no effect or two empty words, make it the scale of a ratio, with *linear*
    that of a difference; *top* makes it that of a length from 0 to there.
    """

    measure: str
    sides: tuple[str, str] | None = None
    linear: bool = False
    top: float | None = None

    @property
    def ratio(self) -> bool:
        """Return whether it is the scale of a ratio."""
        return self.sides is not None and not self.linear

    @property
    def null(self) -> float | None:
        """Return what stands for no effect: 1 for a ratio, 0 for a difference, None for a share."""
        return None if self.sides is None else 0.0 if self.linear else 1.0

    @property
    def digits(self) -> int:
        """Return how many decimals a computed number has on it."""
        return 0 if self.sides is None else 2


def choose_window(spans: Sequence[tuple[float, float]], scale: Scale) -> tuple[float, float]:
    """Return the ends of the scale for *spans*: no effect is in it, and what reaches three times as far as most is not."""
    if scale.sides is None:
        return 0, scale.top or 100
    spans = spans or [(scale.null or 0.0, scale.null or 0.0)]  # of rows of words alone
    lows, highs = zip(*spans, strict=True)
    if scale.linear:
        far = 3 * median_high(max(abs(low), abs(high)) for low, high in spans)
        bottom, top = min(max(-far, min(lows)), 0), max(min(far, max(highs)), 0)
        edge = 0.06 * (top - bottom or 1)
        return bottom - edge, top + edge
    low, high = max(min(lows), median_high(lows) / 3), min(max(highs), median_high(highs) * 3)
    return min(low, 0.9) * 0.94, max(high, 1.1) * 1.06


@dataclass(frozen=True, slots=True)
class Axis:
    """A *scale* over a *window* of numbers, from *left* to *right* in points; what lies beyond the window lies at its end."""

    scale: Scale
    window: tuple[float, float]
    left: float
    right: float
    points: ClassVar[float] = 1.0

    def inside(self, number: float) -> float:
        """Return *number*, or the end of the window that it lies beyond."""
        return min(max(number, self.window[0]), self.window[1])

    def place(self, number: float) -> float:
        """Return where *number* lies."""
        numbers = (*self.window, self.inside(number))
        low, high, at = map(math.log, numbers) if self.scale.ratio else numbers
        return self.left + (self.right - self.left) * (at - low) / (high - low)

    @property
    def ticks(self) -> list[tuple[float, str]]:
        """Where the ticks lie, and their numbers, which can be read side by side; no effect comes before others."""
        ticks = self._even() if self.scale.linear or self.scale.top else self._round()
        return [(self.place(tick), f"{tick:g}".replace("-", "−")) for tick in ticks]

    def _round(self) -> list[float]:
        kept: dict[float, tuple[float, float]] = {}  # where it lies, and half the length of its number
        known = [tick for tick in (_RATIOS if self.scale.ratio else _SHARES) if self.inside(tick) == tick]
        for tick in sorted(known, key=lambda tick: (tick != 1, tick not in (0.2, 0.5, 2, 5), abs(math.log(tick or 1)))):
            place, half = self.points * Axis.place(self, tick), measure(f"{tick:g}", SMALL) / 2
            if all(abs(place - other) > half + room + _ROOM / 2 for other, room in kept.values()):
                kept[tick] = place, half
        return sorted(kept)

    def _even(self) -> list[float]:
        """Return multiples of a round number, 0 among them, as many as have room."""
        (low, high), width = self.window, self.points * (self.right - self.left)
        for step in (digit * 10.0**power for power in range(-3, 7) for digit in (1, 2, 5)):
            if (high - low) / step > _MOST_TICKS:
                continue
            ticks = [round(step * n, 6) for n in range(math.ceil(low / step), math.floor(high / step) + 1)]
            if step / (high - low) * width >= max((measure(f"{tick:g}", SMALL) for tick in ticks), default=0) + _ROOM:
                return ticks
        return [0.0]


def draw_scale(sheet: Sheet, axis: Axis, top: float) -> float:
    """Draw the *axis* at *top*, and what its sides mean; return where it stops."""
    scale = axis.scale
    sheet.line([axis.left, axis.right], [top, top], color=MUTED, linewidth=0.7, zorder=2)
    for x, number in axis.ticks:
        sheet.line([x, x], [top, top + 3], color=MUTED, linewidth=0.7, zorder=2)
        unit = "" if scale.sides or scale.top else " %"
        sheet.write(x, top + 9.5, number + unit, size=SMALL, align="center")
    if not scale.sides or not any(scale.sides):
        return top + 16
    before, after = f"← {scale.sides[0]}", f"{scale.sides[1]} →"
    # Beside no effect where there is room, else from the edge inwards, else in two lines.
    middle = axis.place(scale.null or 0)
    end, start = max(middle - 7, measure(before, SMALL)), min(middle + 7, sheet.width - measure(after, SMALL))
    below = top + 21 + (LINE if start < end + 6 else 0.0)
    sheet.write(end, top + 21, before, size=SMALL, align="right", ink=MUTED)
    sheet.write(start, below, after, size=SMALL, ink=MUTED)
    return below + 6


WIDTH = 132.0  # pixels
_EDGE = 8.0  # pixels left for the numbers of the outermost ticks
Span = tuple[float | None, float | None, float | None]


class Strip(Axis):
    """An axis in pixels, as wide as WIDTH; letters are measured in points."""

    points = 0.75

    def place(self, number: float) -> float:
        """Return where *number* lies, to a tenth of a pixel."""
        return round(Axis.place(self, number), 1)

    @property
    def null(self) -> float:
        """Where no effect lies."""
        return self.place(self.scale.null or 0)


def strip_of(spans: Sequence[Span], *, linear: bool) -> Strip | None:
    """Return the scale for *spans* (value, low, high), or None where none has an interval."""
    ends = [(low, high) for _, low, high in spans if low is not None and high is not None]
    ends += [(value, value) for value, low, _ in spans if value is not None and low is None]
    scale = Scale("", ("", ""), linear)
    return Strip(scale, choose_window(ends, scale), _EDGE, WIDTH - _EDGE) if ends else None
