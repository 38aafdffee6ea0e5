"""The record of one quantity that a text states, and its plain form."""

from dataclasses import dataclass, fields


@dataclass(frozen=True, slots=True)
class Quantity:
    """One quantity as printed; what the text does not say is None.

    `kind` is HR, OR, RR, p, proportion, n, median, rate, dose or date. `value` of a proportion or rate is in percent, of
    a date an ISO date as exact as printed; `level` is the level of the interval in percent; `p` is normalised (`<0.001`).
    `start` and `end` are the half-open span in the text.
    """

    kind: str
    value: float | str | None = None
    low: float | None = None
    high: float | None = None
    level: float | None = None
    p: str | None = None
    events: int | None = None
    total: int | None = None
    unit: str | None = None
    entity: str | None = None
    start: int = 0
    end: int = 0


def quantity_to_json(quantity: Quantity) -> dict[str, object]:
    """Return *quantity* as a plain mapping without the fields that say nothing."""
    named = ((field.name, getattr(quantity, field.name)) for field in fields(quantity))
    return {name: _shorten(value) for name, value in named if value is not None}


def _shorten(value: object) -> object:
    """Return whole numbers as such, so that 69 is not written 69.0."""
    return int(value) if isinstance(value, float) and value.is_integer() and abs(value) < 1e15 else value
