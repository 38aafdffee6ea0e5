"""Read proportions: `9/13 (69%)`, `nine of 13`, `69% [9 of 13]`, `12 patients (30%)`, `30% (95% CI 21-40)`."""

import re

from livrev.text.counts import PEOPLE
from livrev.text.intervals import Interval, close_brackets, read_interval
from livrev.text.numbers import DECIMAL, NUMBER_WORD, WHOLE, read_count
from livrev.text.percents import PERCENT, read_percents
from livrev.text.quantity import Quantity

_COUNT = rf"(?:{WHOLE}|(?i:{NUMBER_WORD})(?![A-Za-z-]))"
_BEFORE = r"(?<![\w.,/<>≥≤:+#-])(?<![<>≥≤]\s)(?<!\d\s-\s)"
_OF_ALL = r"(?:the|these|those|all|our|a\stotal\sof)"
_OF = rf"(?:\s?/\s?|\s(?:out\s)?of\s(?:{_OF_ALL}\s)?)"
_NO_TIME = r"(?! \d | [./]\d | /[A-Za-z] | \s?-?\s?(?:days?|weeks?|months?|years?|mg|mm|cm|Gy|kg|h|hours?)\b | -\w )"
_PERSONS = rf"(?:\s(?:[A-Za-z¤][\w¤-]{{0,20}}\s){{0,3}}?(?i:{PEOPLE}))"

# 9/13, nine of 13, 9 of the 13 patients
_FRACTION = re.compile(
    rf"{_BEFORE} (?P<events>{_COUNT}) (?P<of>{_OF}) (?P<total>{_COUNT}) {_NO_TIME} (?P<people>{_PERSONS})?", re.VERBOSE
)
# 9 (69%) of 13 patients, nine patients (69%) of 13
_PERCENT_WITHIN = re.compile(
    rf"""
    {_BEFORE} (?P<events>{_COUNT}) {_PERSONS}? \s? [(\[] \s? (?P<value>{DECIMAL}) \s?% \s? [)\]]
    \s (?:out\s)?of \s (?:{_OF_ALL}\s)? (?P<total>{_COUNT}) {_NO_TIME} {_PERSONS}?
    """,
    re.VERBOSE,
)
# 69% (9/13), 69% [9 of 13 patients], 69.2%, 9 of 13
_PERCENT_FIRST = re.compile(
    rf"""
    {_BEFORE} (?P<value>{DECIMAL}) {PERCENT} (?P<opening> \s?[(\[]\s? | ,\s ) (?:[nN](?:/N)?\s?=\s?)?
    (?P<events>{_COUNT}) {_OF} (?P<total>{_COUNT}) {_NO_TIME} {_PERSONS}?
    """,
    re.VERBOSE,
)
# 12 patients (30%), n = 12 (30%)
_EVENTS_ONLY = re.compile(
    rf"""
    {_BEFORE} (?:[nN]\s?=\s?)? (?P<events>{_COUNT}) {_PERSONS}? \s? [(\[,] \s? (?P<value>{DECIMAL}) \s?% (?= \s?[)\]] | [;,]\s )
    """,
    re.VERBOSE,
)
# Of the 13 evaluable patients, nine (69%) had
_WHOLE_FIRST = re.compile(
    rf"""
    \b(?i:of|among) \s (?:{_OF_ALL}\s)? (?P<total>{_COUNT}) {_PERSONS} (?:\s(?:who|with)\s[^.;,\d%]{{1,50}})? , \s
    (?P<events>{_COUNT}) (?:{_PERSONS})? (?:\s?[(\[]\s?(?P<value>{DECIMAL})\s?%\s?[)\]])?
    (?= \s (?:had|has|have|were|was|are|achieved|showed|developed|experienced|responded|died|remained|completed|received|reached
        |progressed|relapsed|survived|discontinued|withdrew|underwent|reported|met)\b )
    """,
    re.VERBOSE,
)
_NO_PEOPLE = re.compile(
    r"\s(?:[A-Za-z-]+\s){0,2}?(?i:arms?|groups|cohorts|regimens?|schedules?|treatments?|strategies|doses|dose\slevels|schemes"
    r"|options|conditions|interventions|sequences|centres|centers|sites|hospitals|countries|methods|ways)\b"
)
_ALLOTTED = re.compile(r"\b(?i:assigned|allocated|randomi[sz]ed|randomly)\s(?:\w+\s){0,2}(?:to|into|in)\s$")
_PERCENT_AFTER = re.compile(rf"\s?(?:[(\[]|=|,)\s?(?P<value>{DECIMAL}){PERCENT}(?=\s?[)\];,.]|\s?$|\s[^\d(])")
_IN_INTERVAL = re.compile(r"[;,]\s?")
_AMONG = re.compile(r"\d\s(?:[A-Za-z]+\s){1,3}(?:among|in|of|from)\s$")  # `6 responses among` 24 patients (25%)
_PREFIX = re.compile(
    r"\b(?i:days?|cycles?|weeks?|phase|part|figure|table|page|step|arm|cohort|grades?|score|visual|ratio|stage|lines?|in)\s$"
)


def read_fractions(text: str) -> list[Quantity]:
    """Return the proportions of a smooth text that print how many, with the percentage where it stands beside them."""
    found: list[Quantity] = []
    for pattern in (_WHOLE_FIRST, _PERCENT_WITHIN, _PERCENT_FIRST, _FRACTION, _EVENTS_ONLY):
        for match in pattern.finditer(text):
            if any(known.start < match.end() and match.start() < known.end for known in found):
                continue
            fraction = _read_fraction(text, match)
            if fraction:
                found.append(fraction)
    return sorted(found, key=lambda quantity: quantity.start)


def read_percentages(text: str) -> list[Quantity]:
    """Return the proportions of a smooth text that print only their percentage."""
    return [
        Quantity("proportion", item.value, item.low, item.high, item.level, start=item.start, end=item.end)
        for item in read_percents(text)
    ]


def _read_fraction(text: str, match: re.Match[str]) -> Quantity | None:
    """Return the proportion of *match*, with the percentage and the interval that follow it."""
    groups = match.groupdict()
    events = read_count(groups["events"])
    total = read_count(groups["total"]) if groups.get("total") else None
    if total is not None and not _is_plausible(text, match, events, total):
        return None
    if total is None and _AMONG.search(text, max(0, match.start() - 40), match.start()):
        return None
    start, end = match.start(), match.end()
    value = groups.get("value")
    if value is None and (percent := _PERCENT_AFTER.match(text, end)):
        value, end = percent["value"], percent.end()
    if value is not None and float(value) > 100:
        return None
    interval = read_interval(text, end)
    if interval is None and (comma := _IN_INTERVAL.match(text, end)):
        interval = read_interval(text, comma.end())
    end = close_brackets(text, start, interval.end if interval else end)
    if interval is None and (interval := read_interval(text, end)):
        end = close_brackets(text, start, interval.end)
    bounds: Interval = interval or Interval(None, None, None, end)
    worth = None if value is None else float(value)
    return Quantity(
        "proportion", worth, bounds.low, bounds.high, bounds.level, None, events, total, start=start, end=end
    )


def _is_plausible(text: str, match: re.Match[str], events: int, total: int) -> bool:
    """Tell a proportion from a date, a phase, `two of three strategies` or `1/2 of the dose`."""
    groups = match.groupdict()
    if events > total or total < 2:
        return False
    if _NO_PEOPLE.match(text, match.end("total")) or _ALLOTTED.search(text[max(0, match.start() - 40) : match.start()]):
        return False
    if match.re is _WHOLE_FIRST:
        return True
    sure = bool(groups.get("value") or groups.get("people") or _PERCENT_AFTER.match(text, match.end()))
    if sure:
        return True
    before = text[max(0, match.start() - 14) : match.start()]
    if _PREFIX.search(before) and not re.search(r"\bin\s$", before):
        return False
    if not groups["total"][0].isdigit() and not groups["events"][0].isdigit():
        return False
    if text.startswith((" of", "-"), match.end()):
        return False
    small_print = "/" in (groups.get("of") or "") and total <= 4
    return not small_print or bool(re.search(r"\bin\s$", before))
