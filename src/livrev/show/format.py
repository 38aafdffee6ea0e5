"""Put numbers into words, one way everywhere.

A reported number is shown with the digits that its source prints (`Printed`), one that we computed with the decimals of its
measure (`records.measures`). Both have a true minus, and a comma before the thousands from 10,000 on.
"""

import datetime
import math

from livrev.records.measures import SHARES, Printed, measure_of
from livrev.records.model import Estimate, Outcome

FORMS = ("full", "short", "value", "interval", "words", "count", "people")
_WORDS = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]


def format_number(number: float, precision: int = 0) -> str:
    """Return a reported *number* as it was printed, and a computed one with *precision* decimals."""
    text = number.text if isinstance(number, Printed) else f"{number:z.{precision}f}".replace("inf", "∞")
    if 10_000 <= abs(number) < math.inf:
        whole, point, rest = text.partition(".")
        text = f"{int(whole):,}{point}{rest}"
    return text.replace("-", "−")


def format_count(number: float, noun: str) -> str:
    """Return a count, or a reported number as printed, with its *noun*, in the plural where it is not one.

    >>> [format_count(number, noun) for number in (1, 12) for noun in ("month", "study")]
    ['1 month', '1 study', '12 months', '12 studies']
    """
    plural = f"{noun[:-1]}ies" if noun.endswith("y") else f"{noun}s"
    return f"{format_number(number)} {noun if float(number) == 1 else plural}"


def within_sentence(words: str) -> str:
    """Return a label as it stands within a sentence: its first letter small, but that of an abbreviation."""
    return words[:1].lower() + words[1:] if words[1:2].islower() else words


def cut_label(text: str, most: int) -> str:
    """Return *text* cut to *most* letters, which fit beside a plot."""
    return text if len(text) <= most else text[: most - 1].rstrip(" ,:+-") + "…"


def format_day(day: datetime.date) -> str:
    """Return a day as people write it: 3 May 2026."""
    return f"{day.day} {day:%B %Y}"


def format_interval(low: float, high: float, precision: int = 0) -> str:
    """Return the bounds of an interval, as `0.50 to 0.98`."""
    return f"{format_number(low, precision)} to {format_number(high, precision)}"


def format_effect(
    value: float, low: float, high: float, *, precision: int = 0, unit: str = "", level: float | None = None
) -> str:
    """Return a value with its interval, as `0.70 (0.50 to 0.98)`, or `0.70 (95 % CI 0.50 to 0.98)` with *level*."""
    said = "" if level is None else f"{level:g} % CI "
    return f"{format_number(value, precision)} {unit}".rstrip() + f" ({said}{format_interval(low, high, precision)})"


def format_pooled(measure: str, value: float | None, interval: tuple[float, float] | None) -> str:
    """Return a pooled value with its interval as it is shown, a share in percent; without a value the interval, without that nothing."""
    if interval is None:
        return ""
    known = measure_of(measure)
    low, high = (known.times * bound for bound in interval)
    if value is None:
        return f"{format_interval(low, high, known.precision)} {known.unit}".rstrip()
    return format_effect(known.times * value, low, high, precision=known.precision, unit=known.unit)


def format_estimate(estimate: Estimate, form: str = "short") -> str:
    """Return *estimate* in one of FORMS. Raises ValueError on an unknown form, and on one that it has no numbers for.

    value: the number with its unit; interval: its bounds; short: with its interval; full: with interval, k and n;
    words: a small count as a word; count: events of total; people: so many fewer or more.
    """
    if estimate.unit == "date":
        value = format_day(datetime.date.fromordinal(int(estimate.value)))
    else:
        value = f"{format_number(estimate.value, estimate.precision)} {estimate.unit}".rstrip()
    span = [bound for bound in (estimate.low, estimate.high) if bound is not None]
    if form in ("interval", "people") and len(span) < 2:
        raise ValueError(f"{estimate.name} has no interval; use another form")
    around = value + _bracket(estimate.low, estimate.high, estimate.level, estimate.precision)
    match form:
        case "value":
            return value
        case "words":
            whole = estimate.value == int(estimate.value) and 0 <= estimate.value < len(_WORDS)
            return _WORDS[int(estimate.value)] if whole and not estimate.unit else value
        case "count":
            if estimate.events is None or estimate.n is None:
                raise ValueError(f"{estimate.name} has no events and total; use another form")
            return f"{estimate.events} of {estimate.n}"
        case "interval":
            return " to ".join(format_number(bound, estimate.precision) for bound in span)
        case "people":  # 129 fewer per 1000 (65 to 183 fewer), or (90 fewer to 40 more) where the interval holds none
            numbers = [*sorted(span, key=abs), estimate.value]
            near, far, value = (format_number(abs(number), estimate.precision) for number in numbers)
            near_side, far_side, side = ("fewer" if number < 0 else "more" for number in numbers)
            first = near if numbers[0] * numbers[1] > 0 else f"{far} {far_side}"
            last = f"{far} {far_side}" if first == near else f"{near} {near_side}"
            return f"{value} {side} {estimate.unit} ({first} to {last})"
        case "short":
            return around
        case "full":
            counts = {"k": estimate.k, "n": estimate.n}
            return around + "".join(f", {name} = {number}" for name, number in counts.items() if number)
    raise ValueError(f"unknown form {form}; use one of {', '.join(FORMS)}")


def format_outcome(outcome: Outcome) -> str:
    """Return a result as it is printed: measure, value, time, interval with its level, counts, p; `no number printed` without them."""
    measure = measure_of(outcome.measure)
    parts = []
    if outcome.value is not None:
        parts += [outcome.measure.removeprefix("other:")] if measure.kind in ("ratio", "difference") else []
        parts.append(f"{format_number(outcome.value)} {measure.unit}".rstrip())
    if outcome.time_months is not None:
        parts.append(f"at {format_count(outcome.time_months, 'month')}")
    said = [" ".join(parts) + _bracket(outcome.ci_low, outcome.ci_high, outcome.ci_level), _count(outcome)]
    if outcome.p:
        said.append(f"p {outcome.p}" if outcome.p[0] in "<>≤≥~" else f"p = {outcome.p}")
    return ", ".join(part.strip() for part in said if part.strip()) or "no number printed"


def _count(outcome: Outcome) -> str:
    share = outcome.measure in SHARES
    if outcome.events is None:
        return f"of {outcome.total}" if share and outcome.total and outcome.value is not None else ""
    events = f"{outcome.events}" if share else f"{outcome.events} events"
    if outcome.total is None:
        return "" if outcome.measure == "count" and outcome.value == float(outcome.events) else events
    return f"{events} of {outcome.total}"


def _bracket(low: float | None, high: float | None, level: float | None, precision: int = 0) -> str:
    if low is None or high is None:
        return ""
    said = f"{level:g} % CI " if level is not None else "interval, level not stated, "
    return f" ({said}{format_interval(low, high, precision)})"
