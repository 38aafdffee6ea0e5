"""Read proportions: `9/13 (69%)`, `nine of 13`, `69% [9 of 13]`, `12 patients (30%)`, `30% (95% CI 21-40)`."""

import re
from collections.abc import Iterator

from livrev.text.counts import PEOPLE
from livrev.text.intervals import close_brackets, read_interval
from livrev.text.numbers import COUNT, DECIMAL, WHOLE, read_count
from livrev.text.percents import PERCENT
from livrev.text.quantity import Quantity

_BEFORE = r"(?<![\w.,/<>≥≤:+#-])(?<![<>≥≤]\s)(?<!\d\s-\s)"
_OF_ALL = r"(?:the|these|those|all|our|a\stotal\sof)"
_OF = rf"(?:\s?/\s?|\s(?:out\s)?of\s(?:{_OF_ALL}\s)?)"
_NO_TIME = (
    r"(?! \d | [./]\d | /[A-Za-z] | \s?-?\s?(?:days?|weeks?|months?|years?|m?[gLl]|mm|cm|Gy|kg|h|hours?)\b | -\w )"
)
_PERSONS = rf"(?:\s(?:[A-Za-z¤][\w¤-]{{0,20}}\s){{0,3}}?(?i:{PEOPLE}))"

# 9/13, nine of 13, 9 of the 13 patients, none of 13
_FRACTION = re.compile(
    rf"{_BEFORE} (?P<events>{COUNT}|[Nn]one) (?P<of>{_OF}) (?P<total>{COUNT}) {_NO_TIME} (?P<people>{_PERSONS})?",
    re.VERBOSE,
)
# 9 (69%) of 13 patients, nine patients (69%) of 13
_PERCENT_WITHIN = re.compile(
    rf"""
    {_BEFORE} (?P<events>{COUNT}) {_PERSONS}? \s? [(\[] \s? (?P<value>{DECIMAL}) \s?% \s? [)\]]
    \s (?:out\s)?of \s (?:{_OF_ALL}\s)? (?P<total>{COUNT}) {_NO_TIME} {_PERSONS}?
    """,
    re.VERBOSE,
)
# 69% (9/13), 69% [9 of 13 patients], 69.2%, 9 of 13
_PERCENT_FIRST = re.compile(
    rf"""
    {_BEFORE} (?P<value>{DECIMAL}) {PERCENT} (?P<opening> \s?[(\[]\s? | ,\s ) (?:[nN](?:/N)?\s?=\s?)?
    (?P<events>{COUNT}) {_OF} (?P<total>{COUNT}) {_NO_TIME} {_PERSONS}?
    """,
    re.VERBOSE,
)
# 12 patients (30%), n = 12 (30%)
_EVENTS_ONLY = re.compile(
    rf"""
    {_BEFORE} (?:[nN]\s?=\s?)? (?P<events>{COUNT}) {_PERSONS}? \s? [(\[,] \s? (?P<value>{DECIMAL}) \s?% (?= \s?[)\]] | [;,]\s )
    """,
    re.VERBOSE,
)
# Of the 13 evaluable patients, nine had; where a percentage follows, the two numbers are read apart
_WHOLE_FIRST = re.compile(
    rf"""
    \b(?i:of|among|in|from) \s (?:{_OF_ALL}\s)? (?P<total>{COUNT}) {_PERSONS} (?:\s[a-z][^.;,()\d%]{{1,50}})? , \s (?:only\s)?
    (?P<events>{COUNT}) (?:{_PERSONS})?
    (?= \s (?: (?:had|has|have|were|was|are|did|died|went|lost|left|got|gave|took|felt|met|fell|became|withdrew|underwent)\b
              | \w+ed (?: \s?[.,;)] | \s(?:a|an|the|no|their|at|in|on|by|with|to|for|from|after|before|during|within|and|because)\b ) ) )
    """,
    re.VERBOSE,
)
# n (%): 31 (48.4), n/N (%): 14/88 (15.9); the head says what the numbers in brackets are
_TABLE_HEAD = re.compile(r"\b(?i:n|no\.?|number)(?:\s?/\s?N)?,?\s?[(\[]?\s?%\s?[)\]]")
_TABLE_CELL = re.compile(
    rf"[^.;()\d]{{0,40}}?(?P<events>{WHOLE})(?:\s?/\s?(?P<total>{WHOLE}))?\s?[(\[]\s?(?P<value>{DECIMAL})\s?%?\s?[)\]]"
)
_NO_PEOPLE = re.compile(
    r"\s(?:[A-Za-z-]+\s){0,2}?(?i:arms?|groups|cohorts|regimens?|schedules?|treatments?|strategies|doses|dose\slevels|schemes"
    r"|options|conditions|interventions|sequences|centres|centers|sites|hospitals|countries|methods|ways|trials|studies)\b"
)
# one of several things is a choice; one of several lesions is a finding
_CHOICE = re.compile(
    r"\s(?!(?:[a-z-]+\s)?(?:lesions|tumou?rs|metastases|nodules|eyes|teeth|knees|hips|grafts|samples|biopsies|tests)\b)(?:[a-z-]+\s){0,2}?[a-z]+s\b"
)
_ALLOTTED = re.compile(
    r"\b(?i:assigned|allocated|allotted|randomi[sz]ed|randomly|divided|placed|put)\s(?:\w+\s){0,2}(?:to|into|in)\s$"
)
_PERCENT_AFTER = re.compile(rf"\s?(?:[(\[]|=|,)\s?(?P<value>{DECIMAL}){PERCENT}(?=\s?[)\];,.]|\s?$|\s[^\d(])")
_PERCENT_LATER = re.compile(rf"(?:\s[a-z-]+){{1,2}}\s[(\[]\s?(?P<value>{DECIMAL})\s?%\s?[)\]]")  # 31/34 lesions (91.2%)
_IN_INTERVAL = re.compile(r"[;,]\s?")
_AMONG = re.compile(r"\d\s(?:[A-Za-z]+\s){1,3}(?:among|in|of|from)\s$")  # `6 responses among` 24 patients (25%)
_PREFIX = re.compile(
    r"\b(?i:days?|cycles?|weeks?|phase|part|figure|table|page|step|arm|cohort|grades?|visual|ratio|stage|lines?|in)\s$"
    r"|\b(?i:scor(?:es?|ed)|scale|acuity|apgar)\b[^.;,()]{0,24}$"
)


def read_fractions(text: str) -> list[Quantity]:
    """Return the proportions of a smooth text that print how many, with the percentage where it stands beside them."""
    found: list[Quantity] = []
    for match in _matches(text):
        free = all(match.end() <= known.start or known.end <= match.start() for known in found)
        if free and (fraction := _read_fraction(text, match)):
            found.append(fraction)
    return sorted(found, key=lambda quantity: quantity.start)


def _matches(text: str) -> Iterator[re.Match[str]]:
    """Give what may be a proportion, the most telling notation first."""
    for head in _TABLE_HEAD.finditer(text):
        place = head.end()
        while cell := _TABLE_CELL.match(text, place):
            place = cell.end()
            yield cell
    for pattern in (_WHOLE_FIRST, _PERCENT_WITHIN, _PERCENT_FIRST, _FRACTION, _EVENTS_ONLY):
        yield from pattern.finditer(text)


def _read_fraction(text: str, match: re.Match[str]) -> Quantity | None:
    """Return the proportion of *match*, with the percentage and the interval that follow it."""
    groups = match.groupdict()
    events = read_count(groups["events"])
    total = read_count(groups["total"]) if groups.get("total") else None
    if total is not None and not _is_plausible(text, match, events, total):
        return None
    if total is None and _AMONG.search(text, max(0, match.start() - 40), match.start()):
        return None
    start, end = match.start("events") if match.re is _TABLE_CELL else match.start(), match.end()
    value = float(groups["value"]) if groups.get("value") else None
    if value is None and (percent := _PERCENT_AFTER.match(text, end) or _percent_later(text, end, events, total)):
        value, end = float(percent["value"]), percent.end()
    if value is not None and value > 100:
        return None
    comma = _IN_INTERVAL.match(text, end)
    interval = read_interval(text, end) or (read_interval(text, comma.end()) if comma else None)
    end = close_brackets(text, start, interval.end if interval else end)
    if interval is None and (interval := read_interval(text, end)):
        end = close_brackets(text, start, interval.end)
    low, high, level = (interval.low, interval.high, interval.level) if interval else (None, None, None)
    return Quantity("proportion", value, low, high, level, None, events, total, start=start, end=end)


def _percent_later(text: str, end: int, events: int, total: int | None) -> re.Match[str] | None:
    """Return the percentage behind what was counted, where it is that of the fraction."""
    later = _PERCENT_LATER.match(text, end) if total else None
    return later if later and total and abs(float(later["value"]) - 100 * events / total) < 1 else None


def _is_plausible(text: str, match: re.Match[str], events: int, total: int) -> bool:
    """Tell a proportion from a date, a phase, `two of three strategies` or `1/2 of the dose`."""
    groups = match.groupdict()
    if events > total or total < 2:
        return False
    if _NO_PEOPLE.match(text, match.end("total")) or _ALLOTTED.search(text[max(0, match.start() - 40) : match.start()]):
        return False
    if (
        match.re is _WHOLE_FIRST
        or groups.get("value")
        or groups.get("people")
        or _PERCENT_AFTER.match(text, match.end())
    ):
        return True
    before = text[max(0, match.start() - 40) : match.start()]
    if _PREFIX.search(before) and not re.search(r"\bin\s$", before):
        return False
    if not groups["total"][0].isdigit() and not groups["events"][0].isdigit():
        return False
    if text.startswith((" of", "-"), match.end()):
        return False
    if events == 1 and "of" in groups["of"] and _CHOICE.match(text, match.end()):
        return False
    small_print = "/" in (groups.get("of") or "") and total <= 4
    return not small_print or bool(re.search(r"\bin\s$", before))
