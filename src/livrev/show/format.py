"""Put a Result into words: the forms in which prose and tables print a number."""

import datetime

from livrev.records.model import Estimate

FORMS = ("full", "short", "value", "interval", "words", "count")
_WORDS = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]


def format_number(number: float, precision: int) -> str:
    """Return *number* with *precision* decimals, a comma before the thousands from 10,000 on, and a true minus."""
    text = f"{number:z,.{precision}f}" if abs(number) >= 10_000 else f"{number:z.{precision}f}"
    return text.replace("-", "−")


def say(estimate: Estimate, form: str = "short") -> str:
    """Return *estimate* in one of FORMS.

    value: the number with its unit; interval: its bounds; short: with its interval; full: with interval, k and n;
    words: a small count as a word; count: events of total. Raises ValueError on an unknown form.
    """
    value = _with_unit(estimate)
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
            if estimate.low is None or estimate.high is None:
                raise ValueError(f"{estimate.name} has no interval; use another form")
            bounds = (format_number(bound, estimate.precision) for bound in (estimate.low, estimate.high))
            return " to ".join(bounds)
        case "short":
            return value + _interval(estimate)
        case "full":
            counts = "".join(
                f", {name} = {number}" for name, number in (("k", estimate.k), ("n", estimate.n)) if number
            )
            return value + _interval(estimate) + counts
    raise ValueError(f"unknown form {form}; use one of {', '.join(FORMS)}")


def _with_unit(estimate: Estimate) -> str:
    if estimate.unit == "date":
        day = datetime.date.fromordinal(int(estimate.value))
        return f"{day.day} {day:%B %Y}"
    number = format_number(estimate.value, estimate.precision)
    if estimate.unit == "%":
        return f"{number} %"
    return f"{number} {estimate.unit}" if estimate.unit else number


def _interval(estimate: Estimate) -> str:
    if estimate.low is None or estimate.high is None:
        return ""
    low, high = (format_number(bound, estimate.precision) for bound in (estimate.low, estimate.high))
    level = f"{estimate.level:g} % CI " if estimate.level is not None else "interval, level not stated, "
    return f" ({level}{low} to {high})"
