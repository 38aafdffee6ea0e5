"""Read medians with their unit and interval, arm by arm."""

import re

from livrev.text.intervals import CI_WORDS, LEVEL, close_brackets, read_interval, stated_level
from livrev.text.numbers import BEFORE_NUMBER, DECIMAL
from livrev.text.quantity import Quantity

_TIME = (
    r"months?|mos?|weeks?|wks?|days?|years?|yrs?|hours?"
    r"|mes(?:es)?|mois|Monate?n?|semanas?|semaines?|Wochen?|años?|ans?|Jahren?|días?|jours?|Tagen?"
)
_UNIT = rf"(?:{_TIME}|cycles?|doses?|fractions?|infusions?|cm|mm|Gy|(?:mmol|µmol|μmol|nmol|pmol|[mnµμp]?g|k?IU|U)\s?/\s?(?:m|d)?[lL]|mg(?!\s?/)|lesions?|%)(?![A-Za-z])"
_NOT_A_MEDIAN = r"(?! \d | /\d | \s?(?:-|to)\s?\d | \s(?:of|out\sof)\b )"
_MEDIAN = re.compile(
    rf"""
    \b(?: (?i:medians?|mediana|médiane) | [mM](?:OS|PFS|DoR|DOR|TTP|ST|EFS|RFS|DFS) ) \b
    (?P<gap> (?: vs\. | [(\[]\s?{LEVEL}[\s-]?{CI_WORDS}\s?[)\]] | [^.;\d%] ){{0,100}}? )
    {BEFORE_NUMBER} (?P<value>{DECIMAL}) {_NOT_A_MEDIAN} (?! \s?%[\s-]?{CI_WORDS} ) (?: [\s-]? (?P<unit>{_UNIT}) )?
    """,
    re.VERBOSE,
)
# The next arm: `19.2 months with A versus 13.4 months`, `6.8 v 4.3 months`
_NEXT_ARM = re.compile(
    rf"""
    (?: \s(?:with|in|for|among|on|after|without) (?: \s[^.;()\[\]\d%]{{1,70}}? )? )? \s? ,? \s?
    (?: (?P<versus> v\b\.? | vs\b\.? | versus | compared\s(?:with|to) | against | than | / ) | and | , )
    \s? (?P<gap> [^.;()\[\]\d%]{{0,70}}? )
    (?<![A-Za-z\d_.-]) (?P<value>{DECIMAL}) {_NOT_A_MEDIAN} (?: \s? (?P<unit>{_UNIT}) )?
    """,
    re.VERBOSE,
)
_OTHER_THING = re.compile(
    r"\b(?i:medians?|follow-?up|rates?|response|HRs?|hazard|ratio|range|IQR|interquartile|age|[np]\s?=|difference)\b|="
)
_NOT_THE_MEDIAN = re.compile(
    r"\b(?:[nNpP]|CI|HR|OR|range|IQR|rate)\s?[=:]\s?$|\b(?:above|below|over)\s+the\s+$|\b(?:HR|OR|hazard|ratio|rates?)\b|\bn\s?=|[<>≥≤]\s?$"
)
# the unit printed once, behind the last of two medians: `PFS was 4.2 (95% CI 2.8-6.1) and median OS 11.9 months`
_LATER_UNIT = re.compile(rf"[^.;]{{0,12}}\bmedian\b(?:[^.;]|\.(?=\d)){{1,70}}?\d\)?\s(?P<unit>{_TIME})(?![A-Za-z])")
_UNITLESS = re.compile(r"\b(?i:age|score|number|lines|count)\b")
_WORDS = {
    "mo": "months",
    "month": "months",
    "wk": "weeks",
    "week": "weeks",
    "yr": "years",
    "year": "years",
    "day": "days",
    "hour": "hours",
    **dict.fromkeys(("me", "mese", "mes", "moi", "monat", "monate", "monaten"), "months"),
    **dict.fromkeys(("semana", "semaine", "woche", "wochen"), "weeks"),
    **dict.fromkeys(("año", "an", "jahr", "jahre", "jahren"), "years"),
    **dict.fromkeys(("día", "jour", "tag", "tage", "tagen"), "days"),
}


def read_medians(text: str) -> list[Quantity]:
    """Return the medians of a smooth text, in order; a unit printed once at the end of a list serves the whole list."""
    found: list[Quantity] = []
    place = 0
    while match := _MEDIAN.search(text, place):
        place = match.start() + 3
        before = text[max(0, match.start() - 12) : match.start()] + match.group()[:6]
        if _NOT_THE_MEDIAN.search(match["gap"]) or re.search(r"(?:above|below|over|than) the median", before):
            continue
        if "median" in match["gap"].lower():
            continue
        arms = _read_arms(text, match)
        unit = next((arm.unit for arm in arms if arm.unit), None)
        if unit is None and arms[0].low is not None and (later := _LATER_UNIT.match(text, arms[-1].end)):
            unit = _plain_unit(later["unit"])
        if unit is None:
            if not _UNITLESS.search(match["gap"]):
                continue
            arms = arms[:1]
        found += [_with_unit(arm, unit) for arm in arms]
        place = arms[-1].end
    return found


def _read_arms(text: str, match: re.Match[str]) -> list[Quantity]:
    """Return the median of *match* and those of the arms printed after it."""
    arms = [_complete(text, match.start(), match)]
    while following := _NEXT_ARM.match(text, arms[-1].end):
        between = text[arms[-1].end : following.start("value")]
        further = _complete(text, following.start("value"), following, arms[0])
        alike = further.unit is None or arms[-1].unit is None or further.unit == arms[-1].unit
        if (
            _OTHER_THING.search(between)
            or not alike
            or (further.unit is None and arms[-1].unit is None and not following["versus"])
        ):
            break
        if (
            following["versus"] is None
            and len(following["gap"]) > 0
            and " in " not in between
            and " with " not in between
        ):
            break
        if further.unit is None and not following["versus"]:
            break
        arms.append(further)
    if len(arms) == 1 and arms[0].unit is None:
        arms += _listed(text, arms[0])
    return arms


_LIST = re.compile(rf"\s?,?\s?(?:and|,)\s(?P<value>{DECIMAL})\s?(?P<unit>{_TIME})(?![A-Za-z])")


def _listed(text: str, first: Quantity) -> list[Quantity]:
    """Return the second of two medians that share a unit: `19.2 and 6.8 months`."""
    match = _LIST.match(text, first.end)
    return [_complete(text, match.start("value"), match)] if match else []


def _complete(text: str, start: int, match: re.Match[str], first: Quantity | None = None) -> Quantity:
    """Return the median with its interval; the unit may also stand behind the interval.

    After a *first* median with a named interval, one in brackets is of the same level.
    """
    end, unit = match.end(), match["unit"]
    named = match.groupdict().get("gap") or ""
    bare = (first is not None and first.level is not None) or stated_level(named) is not None
    interval = read_interval(text, end, bare=bare)
    low = high = level = None
    if interval:
        low, high, level = (
            interval.low,
            interval.high,
            interval.level or (first.level if first else stated_level(named)),
        )
        end = close_brackets(text, start, interval.end)
        if unit is None and (behind := re.compile(rf"\s?({_TIME})(?![A-Za-z])").match(text, end)):
            unit, end = behind[1], behind.end()
        elif unit is None and (inside := re.search(rf"({_TIME})\W*$", text[match.end() : end])):
            unit = inside[1]
    return Quantity("median", float(match["value"]), low, high, level, unit=_plain_unit(unit), start=start, end=end)


def _plain_unit(printed: str | None) -> str | None:
    """Return the unit in the plural and in full."""
    if printed is None:
        return None
    singular = printed.lower().rstrip("s") if re.fullmatch(_TIME, printed) else printed
    return _WORDS.get(singular, printed)


def _with_unit(arm: Quantity, unit: str | None) -> Quantity:
    return Quantity(
        "median", arm.value, arm.low, arm.high, arm.level, unit=arm.unit or unit, start=arm.start, end=arm.end
    )
