"""Read percentages that may be proportions, with their interval; levels, limits, changes, strengths and powers are left out."""

import re

from livrev.text.intervals import CI_WORDS, Interval, close_brackets, named_bounds, read_interval, stated_level
from livrev.text.numbers import DECIMAL
from livrev.text.quantity import Quantity

PERCENT = r"(?:\s?%|\sper\s?cent(?![A-Za-z]))"
_START = r"(?<![\w.,<>≥≤±^-])(?<![<>≥≤~±=]\s)"
_BEFORE = rf"{_START}(?<!\d\s-\s)(?<!\d%\s-\s)(?<!\dto\s)(?<!%\sto\s)(?<!\d\sto\s)"
_PERCENTAGE = re.compile(
    rf"""
    {_BEFORE} (?P<value>{DECIMAL}) {PERCENT}
    (?! \w | -\w | \s?{CI_WORDS} | \s?(?:-|to|~)\s?\.?\d
      | \s (?: (?:relative\s|absolute\s|risk\s|dose\s)?
               (?:power|reductions?|reduced|decreas\w+|increas\w+|lower|higher|greater|improv\w+|longer|shorter|fewer|more|less|change|differences?
                 |isodose|threshold|cut-?off|significance|prediction|confidence|credible|intervals?|probability|accuracy|identity|shrinkage|decline)\b
             | or\s(?:more|less|higher|lower|greater|fewer|above|below)\b
             | of\s(?:the\s|its\s|their\s)?(?:prescribed|prescription|planned|dose|predicted|baseline|former|initial|normal|ideal|expected|maxim\w+)\b
             | (?:level|limit|predicted|annual\w*|yearly|per\s(?:year|annum|month))\b
             | (?:w/[vw]|v/v|wt|\w+caine|\w+flurane|saline|sodium|NaCl|dextrose|glucose|sucrose|ethanol|alcohol|chlorhexidine|povidone|hydrogen|form\w*aldehyde
                 |formalin|DMSO|FBS|BSA|f?o?etal|serum|albumin|agarose|oxygen|O2|CO2|carbon|acetic|aqueous|(?:\w+\s)?solution|cream|ointment|gel|emulsion)\b ) )
    """,
    re.VERBOSE | re.IGNORECASE,
)
_NOT_BEFORE = re.compile(
    r"""
    (?: [<>≥≤]=? | \b(?: at\s+least | more\s+than | less\s+than | greater\s+than | fewer\s+than | up\s+to | over | under | above | below
        | exceed(?:s|ed|ing)? | cut-?off(?:\s+of)? | threshold(?:\s+of)? | by(?:\s+(?:about|approximately|up\sto|a\smedian\sof))? | power(?:\s+of)?
        | alpha(?:\s+of)? | between(?:\s+[\d.]+\s?%?\s+and)? | error(?:\s+of)? | level(?:\s+of)? | \w+caine | \w+flurane | saline | chlorhexidine | SE | SEM
        | (?:reduction|increase|decrease|shrinkage|decline|rise|improvement|drop|difference|(?<!clinical\s)benefit|gain|advantage|ARR|RRR|ARD|RD)s?
          (?:\s(?:in|of|at)\s(?:[^.;,()\d%]|\d+[-\s](?:year|month|week|day)){1,50})? (?:\s(?:of|was|were|is)|\s?[,:=])?
        | lost | gained | rose | fell | dropped | declined | grew | (?:in|de)creased | reduced | shrank | shrunk )
      | \b(?:CI|IC|KI|intervals?|confidence)(?:\s(?:del?|al?|à|of))?\s?[(\[]?
      | \b(?:seuil|signifi\w+|Signifikanz\w*|nivel|niveau)\b [^.;,()\d%]{0,30}
      | (?:I2|I²|I\^2) \s?[=:(]? | \bI\s?2?\s?= ) \s? $
    """,
    re.VERBOSE | re.IGNORECASE,
)
_BY_SOME = re.compile(
    r"\b(?:taken|used|reported|reached|achieved|attained|chosen|completed|preferred|experienced|met|answered|needed)\sby\s$"
)
# `93.4 and 66.0 %`, `11 v 16%`, `90.2, 70.8 and 55.1%`: numbers that share one sign
_SHARED = re.compile(
    rf"{_START}(?:{DECIMAL}\s?,\s){{0,5}}{DECIMAL}\s?,?\s(?P<joint>v\b\.?|vs\b\.?|versus|and|compared\s(?:with|to))\s$"
)
_JOINED = re.compile(r"\s?,?\s?(?:and|or|vs?\.?|versus|,)\s")  # to a change by 16% another is joined
_LEADS = re.compile(r"(?:\b(?i:was|were|is|are|of|rates?|to|reached|being|only)\s|[(\[=:,]\s?)$")
_TOLD_APART = re.compile(r"[^.;]{0,60}\b(?:respectively|groups?|arms?)\b")
_SPREAD = re.compile(r"\b(?i:medians?|means?|range|IQR|interquartile|ages?)\b[^.;]*$")


def read_percents(text: str) -> list[Quantity]:
    """Return the percentages of a smooth text, in order, as proportions."""
    found: list[Quantity] = []
    if "%" not in text and "cent" not in text:
        return found
    bounds = named_bounds(text)
    place = rejected = 0
    while match := _PERCENTAGE.search(text, place):
        place = match.end()
        value = float(match["value"])
        interval = read_interval(text, place) or _in_brackets(text, match, value)
        if interval:
            place = close_brackets(text, match.start(), interval.end)
        ahead = max(0, match.start() - 60), match.start()
        no_share = _NOT_BEFORE.search(text, *ahead) and not _BY_SOME.search(text, *ahead)
        if (
            value > 100
            or match.start() in bounds
            or no_share
            or (rejected and _JOINED.fullmatch(text, rejected, match.start()))
        ):
            rejected = place
            continue
        if interval and not (interval.low or 0) <= value <= (interval.high or 100):
            interval = None  # of something else, or printed as a share of one
        found += _sharing(text, match)
        found.append(_percentage(value, match.start(), place, interval))
    return found


def _sharing(text: str, match: re.Match[str]) -> list[Quantity]:
    """Return the percentages printed before the one of *match* that share its sign: alike in decimals, and told to be some."""
    before = _SHARED.search(text, max(0, match.start() - 60), match.start())
    if before is None:
        return []
    numbers = list(re.finditer(DECIMAL, before.group()))
    decimals = {len(number.partition(".")[2]) for number in (*(n.group() for n in numbers), match["value"])}
    several = len(numbers) > 1 and decimals != {0}
    led = several or _LEADS.search(text, max(0, before.start() - 12), before.start())
    told = several or before["joint"] != "and" or decimals != {0} or _TOLD_APART.match(text, match.end())
    if not (led and told and len(decimals) == 1) or any(float(number.group()) > 100 for number in numbers):
        return []
    return [_percentage(float(n.group()), before.start() + n.start(), before.start() + n.end()) for n in numbers]


def _in_brackets(text: str, match: re.Match[str], value: float) -> Interval | None:
    """Return the interval that stands in brackets without its name: it holds the value, and its clause is of no spread."""
    if _SPREAD.search(text, max(0, match.start() - 60), match.start()):
        return None
    found = read_interval(text, match.end(), bare=True)
    if found is None or found.low is None or found.high is None or not found.low <= value <= found.high:
        return None
    return Interval(found.low, found.high, found.level or stated_level(text), found.end)


def _percentage(value: float, start: int, end: int, interval: Interval | None = None) -> Quantity:
    low, high, level, _ = interval or Interval()
    return Quantity("proportion", value, low, high, level, start=start, end=end)
