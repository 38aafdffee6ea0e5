"""The scale below intervals: a ratio's (logarithmic), a difference's or a share's (0 to 100 percent), with ticks that leave room.

On the page of a study a `Strip` is such a scale, to be drawn by the page itself.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from livrev.show.figures.sheet import LINE, MUTED, SMALL, Sheet, measure
from livrev.show.format import format_effect, format_number

_RATIOS = (0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.2, 1.5, 2, 3, 5, 10, 20, 50)
_SHARES = (0, 25, 50, 75, 100)
_ROOM = 9.0  # points between two ticks' numbers
_MOST_TICKS = 15


@dataclass(frozen=True, slots=True)
class Scale:
    """What is measured; *sides*, the names of what lies left and right of no effect or two empty words, make it a ratio's.

    With *linear* it is that of a difference; with *top*, that of a length from 0 to there.
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

    def number(self, number: float) -> str:
        """Return a number as this scale prints it."""
        return format_number(number, self.digits)

    def span(self, value: float, low: float, high: float) -> str:
        """Return a value with its interval as it stands beside a mark."""
        return format_effect(value, low, high, precision=self.digits)

    def words(self, value: float, low: float, high: float, *, level: float | None = 95) -> str:
        """Return a value with its unit and its interval, named by its level."""
        return format_effect(
            value, low, high, precision=self.digits, unit="%" if self.sides is None else "", level=level
        )


def choose_window(spans: Sequence[tuple[float, float]], scale: Scale) -> tuple[float, float]:
    """Return the ends of the scale for *spans*: no effect is in it, and what reaches three times as far as most is not."""
    if scale.sides is None:
        return 0, scale.top or 100
    if scale.linear:
        far = 3 * sorted(max(abs(low), abs(high)) for low, high in spans)[len(spans) // 2]
        bottom, top = max(-far, min(low for low, _ in spans)), min(far, max(high for _, high in spans))
        edge = 0.06 * (max(top, 0) - min(bottom, 0) or 1)
        return min(bottom, 0) - edge, max(top, 0) + edge
    lows, highs = sorted(low for low, _ in spans), sorted(high for _, high in spans)
    low = max(lows[0], lows[len(lows) // 2] / 3)
    high = min(highs[-1], highs[len(highs) // 2] * 3)
    return min(low, 0.9) * 0.94, max(high, 1.1) * 1.06


def choose_ticks(window: tuple[float, float], width: float, scale: Scale) -> list[float]:
    """Return the ticks within *window* whose numbers can be read side by side on *width* points; no effect first."""
    if scale.linear or scale.top:
        return _even_ticks(window, width)
    candidates = [tick for tick in (_RATIOS if scale.ratio else _SHARES) if window[0] <= tick <= window[1]]
    kept: list[float] = []
    for tick in sorted(
        candidates, key=lambda tick: (tick != 1, tick not in (0.2, 0.5, 2, 5), abs(math.log(tick or 1)))
    ):
        place = place_of(tick, window, width, scale)
        room = (measure(f"{tick:g}", SMALL) + _ROOM) / 2
        if all(abs(place - place_of(t, window, width, scale)) > room + measure(f"{t:g}", SMALL) / 2 for t in kept):
            kept.append(tick)
    return sorted(kept)


def _even_ticks(window: tuple[float, float], width: float) -> list[float]:
    """Return multiples of a round number, 0 among them, as many as have room."""
    span = window[1] - window[0]
    for step in (digit * 10.0**power for power in range(-3, 7) for digit in (1, 2, 5)):
        if span / step > _MOST_TICKS:
            continue
        ticks = [round(step * n, 6) for n in range(math.ceil(window[0] / step), math.floor(window[1] / step) + 1)]
        if step / span * width >= max((measure(f"{tick:g}", SMALL) for tick in ticks), default=0) + _ROOM:
            return ticks
    return [0.0]


def place_of(number: float, window: tuple[float, float], width: float, scale: Scale) -> float:
    """Return how many points from the left *number* lies."""
    low, high = (math.log(end) if scale.ratio else end for end in window)
    return width * ((math.log(number) if scale.ratio else number) - low) / (high - low)


def write_tick(tick: float) -> str:
    """Return the number of a tick."""
    return f"{tick:g}".replace("-", "−")


def draw_scale(
    sheet: Sheet, top: float, *, left: float, right: float, window: tuple[float, float], scale: Scale
) -> float:
    """Draw the scale at *top* from *left* to *right* of *sheet*, and what its sides mean; return where it stops."""
    sheet.line([left, right], [top, top], color=MUTED, linewidth=0.7, zorder=2)
    for tick in choose_ticks(window, right - left, scale):
        x = left + place_of(tick, window, right - left, scale)
        sheet.line([x, x], [top, top + 3], color=MUTED, linewidth=0.7, zorder=2)
        unit = "" if scale.sides or scale.top else " %"
        sheet.write(x, top + 9.5, write_tick(tick) + unit, size=SMALL, align="center")
    if not scale.sides or not any(scale.sides):
        return top + 16
    before, after = f"← {scale.sides[0]}", f"{scale.sides[1]} →"
    # Beside no effect where there is room, else from the edge inwards, else in two lines.
    middle = left + place_of(scale.null or 0, window, right - left, scale)
    end, start = max(middle - 7, measure(before, SMALL)), min(middle + 7, sheet.width - measure(after, SMALL))
    below = top + 21 + (LINE if start < end + 6 else 0.0)
    sheet.write(end, top + 21, before, size=SMALL, align="right", ink=MUTED)
    sheet.write(start, below, after, size=SMALL, ink=MUTED)
    return below + 6


WIDTH = 132.0  # pixels
_EDGE = 8.0  # pixels left for the numbers of the outermost ticks
Span = tuple[float | None, float | None, float | None]


@dataclass(frozen=True, slots=True)
class Strip:
    """A *scale* over a *window*, as wide as WIDTH."""

    window: tuple[float, float]
    scale: Scale

    @property
    def ticks(self) -> list[tuple[float | None, str]]:
        """Where the ticks lie, in pixels, and their numbers."""
        chosen = choose_ticks(self.window, 0.75 * (WIDTH - 2 * _EDGE), self.scale)  # letters are measured in points
        return [(self.place(tick), write_tick(tick)) for tick in chosen]

    @property
    def null(self) -> float | None:
        """Where no effect lies, in pixels."""
        return self.place(self.scale.null)

    def place(self, number: float | None) -> float | None:
        """Return where *number* lies, in pixels; what lies beyond the scale lies at its end."""
        if number is None:
            return None
        inside = min(max(number, self.window[0]), self.window[1])
        return round(_EDGE + place_of(inside, self.window, WIDTH - 2 * _EDGE, self.scale), 1)

    def cut(self, number: float | None) -> bool:
        """Tell whether *number* lies beyond the scale."""
        return number is not None and not self.window[0] <= number <= self.window[1]


def strip_of(spans: Sequence[Span], *, linear: bool) -> Strip | None:
    """Return the scale for *spans* (value, low, high), or None where none has an interval."""
    ends = [(low, high) for _, low, high in spans if low is not None and high is not None]
    ends += [(value, value) for value, low, _ in spans if value is not None and low is None]
    scale = Scale("", ("", ""), linear)
    return Strip(choose_window(ends, scale), scale) if ends else None
