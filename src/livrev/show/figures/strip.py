"""The small forest plot beside the results of one study: a scale with ticks, and where each result lies on it."""

from collections.abc import Sequence
from dataclasses import dataclass

from livrev.show.figures.scale import Scale, choose_ticks, choose_window, place_of

WIDTH = 132.0  # pixels
_EDGE = 8.0  # pixels left for the numbers of the outermost ticks
Span = tuple[float | None, float | None, float | None]


@dataclass(frozen=True, slots=True)
class Strip:
    """A scale *window*, of ratios or *linear*; its *ticks* as place in pixels and number, and where no effect lies."""

    window: tuple[float, float]
    linear: bool
    ticks: tuple[tuple[float, str], ...]
    null: float

    def place(self, number: float | None) -> float | None:
        """Return where *number* lies, in pixels; what lies beyond the scale lies at its end."""
        return None if number is None else _place(number, self.window, _scale(self.linear))

    def cut(self, number: float | None) -> bool:
        """Tell whether *number* lies beyond the scale."""
        return number is not None and not self.window[0] <= number <= self.window[1]


def strip_of(spans: Sequence[Span], *, linear: bool) -> Strip | None:
    """Return the scale for *spans* (value, low, high), or None where none has an interval."""
    ends = [(low, high) for _, low, high in spans if low is not None and high is not None]
    ends += [(value, value) for value, low, _ in spans if value is not None and low is None]
    if not ends:
        return None
    scale = _scale(linear)
    window = choose_window(ends, scale)
    chosen = choose_ticks(window, 0.75 * (WIDTH - 2 * _EDGE), scale)  # letters are measured in points
    ticks = tuple((_place(tick, window, scale), f"{tick:g}".replace("-", "−")) for tick in chosen)
    return Strip(window, linear, ticks, _place(scale.null or 0, window, scale))


def _scale(linear: bool) -> Scale:
    return Scale("", ("", ""), linear)


def _place(number: float, window: tuple[float, float], scale: Scale) -> float:
    inside = min(max(number, window[0]), window[1])
    return round(_EDGE + place_of(inside, window, WIDTH - 2 * _EDGE, scale), 1)
