"""Read percentages that may be proportions, with their interval; levels, limits, changes and powers are left out."""

import re
from dataclasses import dataclass

from livrev.text.intervals import CI_WORDS, Interval, close_brackets, read_interval, stated_level
from livrev.text.numbers import DECIMAL

PERCENT = r"(?:\s?%|\sper\s?cent(?![A-Za-z]))"
_BEFORE = r"(?<![\w.,<>≥≤±^-])(?<![<>≥≤~±=]\s)(?<!\d\s-\s)(?<!\d%\s-\s)(?<!\dto\s)(?<!%\sto\s)(?<!\d\sto\s)"
_PERCENTAGE = re.compile(
    rf"""
    {_BEFORE} (?P<value>{DECIMAL}) {PERCENT}
    (?! \w | -\w | \s?{CI_WORDS} | \s?(?:-|to|~)\s?\.?\d
      | \s (?: (?:relative\s|absolute\s|risk\s|dose\s)?
               (?:power|reductions?|reduced|decreas\w+|increas\w+|lower|higher|greater|improv\w+|longer|shorter|fewer|more|less|change
                 |isodose|threshold|cut-?off|significance|prediction|confidence|credible|intervals?|probability|accuracy|identity|shrinkage|decline)\b
             | or\s(?:more|less|higher|lower|greater|fewer|above|below)\b | of\s(?:the\s)?(?:prescribed|prescription|planned|dose)\b
             | (?:level|limit)\b ) )
    """,
    re.VERBOSE | re.IGNORECASE,
)
_NOT_BEFORE = re.compile(
    r"""
    (?: [<>≥≤]=? | \b(?: at\s+least | more\s+than | less\s+than | greater\s+than | fewer\s+than | up\s+to | over | under | above | below
        | exceed(?:s|ed|ing)? | cut-?off(?:\s+of)? | threshold(?:\s+of)? | by(?:\s+(?:about|approximately|up\sto|a\smedian\sof))? | power(?:\s+of)?
        | alpha(?:\s+of)? | between | error(?:\s+of)? | level(?:\s+of)?
        | (?:reduction|increase|decrease|shrinkage|decline|rise|improvement|drop)s?\s+of )
      | \b(?:CI|IC|KI|intervals?)\s?[(\[]?
      | (?:I2|I²|I\^2|¤{2}) \s?[=:(]? | \bI\s?2?\s?= ) \s? $
    """,
    re.VERBOSE | re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Percentage:
    """A percentage as printed, its interval, and its span."""

    value: float
    low: float | None
    high: float | None
    level: float | None
    start: int
    end: int


# `93.4 and 66.0 %`, `11 v 16%`: numbers that share one sign
_SHARED = re.compile(
    rf"(?:(?<=\s)|(?<=[(\[=:]))(?P<value>{DECIMAL})(?P<joint>\s?,?\s(?:v\b\.?|vs\b\.?|versus|and|compared\s(?:with|to))\s|\s?,\s)$"
)
_LEADS = re.compile(r"(?:\b(?i:was|were|is|are|of|rates?|to|reached|being|only)\s|[(\[=:,]\s?)$")
_TOLD_APART = re.compile(r"[^.;]{0,60}\b(?:respectively|groups?|arms?)\b")


def _sharing(text: str, match: re.Match[str]) -> list["Percentage"]:
    """Return the percentages printed before the one of *match* that share its sign, in order."""
    shared: list[Percentage] = []
    start, decimals = match.start(), len(match["value"].partition(".")[2])
    while before := _SHARED.search(text[max(0, start - 24) : start]):
        place = max(0, start - 24) + before.start("value")
        value = before["value"]
        alike = len(value.partition(".")[2]) == decimals and float(value) <= 100
        if not alike or (
            text[start : match.start()].count(",") == 0
            and "," in before["joint"]
            and not shared
            and "and" not in before["joint"]
        ):
            break
        compared = "v" in before["joint"] or "compared" in before["joint"]
        led = _LEADS.search(text[max(0, place - 12) : place])
        listed = bool(shared) or compared or decimals > 0 or _TOLD_APART.match(text, match.end())
        if not (led and listed):
            break
        shared.insert(0, Percentage(float(value), None, None, None, place, place + len(value)))
        start = place
    return shared


def _in_brackets(text: str, match: re.Match[str], value: float) -> "Interval | None":
    """Return the interval that stands in brackets without its name: it holds the value, and its clause is of no spread."""
    if _SPREAD.search(text[max(0, match.start() - 60) : match.start()]):
        return None
    found = read_interval(text, match.end(), bare=True)
    if found is None or found.low is None or found.high is None or not found.low <= value <= found.high:
        return None
    return Interval(found.low, found.high, found.level or stated_level(text), found.end)


_SPREAD = re.compile(r"\b(?i:medians?|means?|range|IQR|interquartile|ages?)\b[^.;]*$")


def read_percents(text: str) -> list[Percentage]:
    """Return the percentages of a smooth text, in order."""
    found: list[Percentage] = []
    if "%" not in text and "cent" not in text:
        return found
    place = 0
    while match := _PERCENTAGE.search(text, place):
        place = match.end()
        value = float(match["value"])
        if value > 100 or _NOT_BEFORE.search(text, max(0, match.start() - 34), match.start()):
            continue
        for first in _sharing(text, match):
            found.append(first)
        interval = read_interval(text, match.end()) or _in_brackets(text, match, value)
        if interval is None:
            found.append(Percentage(value, None, None, None, match.start(), match.end()))
            continue
        end = close_brackets(text, match.start(), interval.end)
        found.append(Percentage(value, interval.low, interval.high, interval.level, match.start(), end))
        place = end
    return found
