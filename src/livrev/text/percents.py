"""Read percentages that may be proportions, with their interval; levels, limits, changes and powers are left out."""

import re
from dataclasses import dataclass

from livrev.text.intervals import CI_WORDS, close_brackets, read_interval
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
      | \b(?:CI|intervals?)\s?[(\[]?
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
        interval = read_interval(text, match.end())
        if interval is None:
            found.append(Percentage(value, None, None, None, match.start(), match.end()))
            continue
        end = close_brackets(text, match.start(), interval.end)
        found.append(Percentage(value, interval.low, interval.high, interval.level, match.start(), end))
        place = end
    return found
