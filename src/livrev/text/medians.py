"""Read medians with their unit and interval, arm by arm."""

import re
from dataclasses import replace

from livrev.text.intervals import CI_WORDS, LEVEL, Interval, close_brackets, read_interval, stated_level
from livrev.text.numbers import AMOUNT, BEFORE_NUMBER, PLURAL, TIME, Quantity, read_number

_PER_VOLUME = r"(?:(?:cells|copies)|(?:[mµμ]?mol|nmol|pmol|[mnµμp]?g|k?IU|U))\s?(?:/\s?[mdµμ]?[lL]|[lL]-1)"
_UNIT = rf"(?:{TIME}|(?:cycles?|doses?|fractions?|infusions?|cm|mm|Gy|{_PER_VOLUME}|kg/m2|mg/(?:m2|kg)|mg(?!\s?/)|lesions?|%)(?![A-Za-z\d]))"
_NOT_A_MEDIAN = r"(?! \d | /\d | \s?(?:-|to)\s?\d | \s(?:of|out\sof)\b | \s?%\s(?:who|whose|of|that)\b )"
_MEDIAN = re.compile(
    rf"""
    \b(?: (?i:medians?|(?P<abroad>median(?:a|as|o|os|e[nrs]?)|médian(?:e|s|es)?)) | [mM](?:OS|PFS|DoR|DOR|TTP|ST|EFS|RFS|DFS) ) \b
    (?! \s (?:cubital|nerves?|sternotomy|arcuate|veins?|arter\w+|raphe|eminence|lobe|plane|incision|laparotomy|line)\b )
    (?P<gap> (?: vs\. | [(\[]\s?{LEVEL}[\s-]?{CI_WORDS}\s?[)\]] | [^.;\d%] ){{0,100}}? )
    {BEFORE_NUMBER} (?P<value>{AMOUNT}) {_NOT_A_MEDIAN} (?! \s?%[\s-]?{CI_WORDS} ) (?: [\s-]? (?P<unit>{_UNIT}) )?
    """,
    re.VERBOSE,
)
# The next arm: `19.2 months with A versus 13.4 months`, `6.8 v 4.3 months`
_NEXT_ARM = re.compile(
    rf"""
    (?: \s(?:with|in|for|among|on|after|without) (?: \s[^.;()\[\]\d%]{{1,70}}? )? )? \s? ,? \s?
    (?: (?P<versus> v\b\.? | vs\b\.? | versus | compared\s(?:with|to) | against | than | frente\sa | contre | gegenüber | / ) | and | , )
    \s? (?P<gap> [^.;()\[\]\d%]{{0,70}}? )
    (?<![A-Za-z\d_.-]) (?P<value>{AMOUNT}) {_NOT_A_MEDIAN} (?: \s? (?P<unit>{_UNIT}) )?
    """,
    re.VERBOSE,
)
_OTHER_THING = re.compile(
    r"\b(?i:medians?|follow-?up|rates?|response|HRs?|hazard|ratio|range|IQR|interquartile|age|[np]\s?=|difference)\b|="
)
_NOT_THE_MEDIAN = re.compile(
    r"\b(?:[nNpP]|CI|HR|OR|range|IQR|rate)\s?[=:]\s?$|\b(?:above|below|over)\s+the\s+$|\b(?:HR|OR|hazard|ratio|rates?)\b|\bn\s?=|[<>≥≤]\s?$|(?:than|least|after\sthe\sage\sof)\s$|\b(?:increased|decreased|rose|fell|lasted)\b|(?i:median)"
)
# the unit printed once, behind the last of two medians: `PFS was 4.2 (95% CI 2.8-6.1) and median OS 11.9 months`
_LATER_UNIT = re.compile(rf"[^.;]{{0,12}}\bmedian\b(?:[^.;]|\.(?=\d)){{1,70}}?\d\)?\s(?P<unit>{TIME})")
# the unit behind an interval or a range: `4.2 (2.8-6.1) months`
_UNIT_BEHIND = re.compile(rf"(?:\s?[(\[](?:[^()\[\]]|\[\w+\]){{1,40}}[)\]])?\s?(?P<unit>{TIME})")
_UNIT_AHEAD = re.compile(rf"(?:,\s|\()(?P<unit>{TIME})")  # `median OS (months) was 18.2`
_UNITLESS = re.compile(r"\b(?i:age|score|number|lines|count)\b")


def read_medians(text: str) -> list[Quantity]:
    """Return the medians of a smooth text, in order; a unit printed once at the end of a list serves the whole list."""
    found: list[Quantity] = []
    place = 0
    while match := _MEDIAN.search(text, place):
        place = match.start() + 3
        before = text[max(0, match.start() - 12) : match.start()] + match.group()[:6]
        if _NOT_THE_MEDIAN.search(match["gap"]) or re.search(r"(?:above|below|over|than) the median", before):
            continue
        if re.fullmatch(r"[1-9]\d{0,2}\.\d{3}", match["value"]) and match["abroad"]:
            continue  # 1.234 may be a thousand and more
        arms = _read_arms(text, match)
        unit = next((arm.unit for arm in arms if arm.unit), None)
        if unit is None and arms[0].low is not None and (later := _LATER_UNIT.match(text, arms[-1].end)):
            unit = PLURAL[later["unit"]]
        if unit is None and (ahead := _UNIT_AHEAD.search(match["gap"])):
            unit = PLURAL[ahead["unit"]]
        if unit is None:
            if not _UNITLESS.search(match["gap"]):
                continue
            arms = arms[:1]
        found += [replace(arm, unit=arm.unit or unit) for arm in arms]
        place = arms[-1].end
    return found


def _read_arms(text: str, match: re.Match[str]) -> list[Quantity]:
    """Return the median of *match* and those of the arms printed after it."""
    arms = [_complete(text, match.start(), match, stated_level(match["gap"]))]
    while following := _NEXT_ARM.match(text, arms[-1].end):
        between = text[arms[-1].end : following.start("value")]
        further = _complete(text, following.start("value"), following, arms[0].level)
        alike = None in (further.unit, arms[-1].unit) or further.unit == arms[-1].unit
        joined = following["versus"] or (
            further.unit and (not following["gap"] or re.search(r" (?:in|with) ", between))
        )
        if _OTHER_THING.search(between) or not (alike and joined):
            break
        arms.append(further)
    return arms


def _complete(text: str, start: int, match: re.Match[str], level: float | None) -> Quantity:
    """Return the median with its interval, which needs no name where a *level* was stated before it."""
    end, unit = match.end(), match["unit"]
    interval = read_interval(text, end, bare=level is not None, level=level)
    if interval:
        end = close_brackets(text, start, interval.end)
        if unit is None and (inside := re.search(rf"({TIME})\W*$", text[match.end() : end])):
            unit = inside[1]
    if unit is None and (behind := _UNIT_BEHIND.match(text, end)):
        unit = behind["unit"]
        end = behind.end() if interval else end
    value, unit = read_number(match["value"]), unit and PLURAL.get(unit, unit)
    return Quantity("median", value, *(interval or Interval())[:3], unit=unit, start=start, end=end)
