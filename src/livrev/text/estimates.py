"""Read what is printed with an interval and a p-value behind it: hazard, odds and risk ratios, and medians, arm by arm."""

import re
from dataclasses import replace
from typing import NamedTuple

from livrev.text.numbers import (
    AMOUNT,
    BEFORE_NUMBER,
    BETWEEN_GROUPS,
    DECIMAL,
    P_VALUE,
    PLURAL,
    TIME,
    Quantity,
    normalise_p,
    read_number,
)

LEVEL = r"(?:(?:9\d|8\d|[5-7]0)(?:\.\d{1,2})?)(?:[\s-]?%|\sper\s?cent(?![a-z]))"
CI_WORDS = (
    r"(?:C\.?I\.?s?|CrIs?|IC|KI|(?:(?:confidence|credible)\s+(?:intervals?|limits?)|[Kk]onfidenzintervalle?s?|intervall?[eo]s?\sd[ei]\sconfi\w+)"
    r"(?:\s?[\[(]\s?(?:Cr?I|IC|KI)\s?[\])]|\s?,\s?CI)?)(?![A-Za-z])"
)
LEVEL_BEHIND = rf"\s?[(\[]?\s?(?:(?:del|al|à|of)\s)?(?P<level_after>{LEVEL})[)\]]?"  # `IC del 95 %`
_OPEN_ENDED = r"(?:NR|NE|NA|NC|n\.?[ear]\.?|not\s(?:reached|estimable|evaluable|available|calculable)|∞|infinity)(?![A-Za-z])"  # fmt: skip
_INTERVAL_UNIT = r"(?:\s?(?:%|months?|mos?\b|years?|weeks?|days?))?"

# `(95% CI, 0.42 to 0.79`; also `CI 95%: 0.42-0.79`; the interval may stand after `for death`
NAMED_INTERVAL = re.compile(rf"""(?xi)
    (?: \s (?:for|in|favou?ring|of|per) \s [^.;,()\[\]\d=<>%]{{1,40}} )?
    [\s,;:]{{0,3}} (?:(?:with|and)\s)? (?:(?:a|an|the)\s)? [(\[]? \s?
    (?: (?P<level>{LEVEL}) [\s-]? {CI_WORDS} | {CI_WORDS} (?: {LEVEL_BEHIND} | \s?[(_]?(?P<level_bare>9[059])\)?(?=[\s:=,]) )? )
    [\s,:;=]{{0,3}} (?:(?:of|from|was|were|is|range|de|von)\s)? [(\[]? \s?
    (?P<low>{DECIMAL}|{_OPEN_ENDED}) {_INTERVAL_UNIT}
    (?: \s? (?:-|to|~|,|;|and|through|bis|à|a|et|y) \s? | (?<=\d)\s(?=\d*\.\d+\s?[)\]]) )
    (?P<high>{DECIMAL}|{_OPEN_ENDED}) {_INTERVAL_UNIT}
""")
# `(0.42-0.79)`: an interval without its name counts only in brackets
_BARE = re.compile(rf"""(?x)
    \s? [(\[] \s?
    (?P<low>{DECIMAL}) \s?%? \s? (?:-|to|~|,|;) \s? (?P<high>{DECIMAL}|{_OPEN_ENDED}) \s?%?
    (?= \s?[)\]] | \s?[;,]\s? (?:{LEVEL}|CI\b|n\s?=|¤|{P_VALUE}) )
""")
# `3.8 and 8.1 (95% CI 2.9-4.8 and 6.8-9.5)`: whose interval is whose would be a guess
_SECOND_INTERVAL = re.compile(r"\s?(?:and|vs?\.?|versus|,|;)\s[\d.]+\s?%?\s?(?:-|to)\s?[\d.]+\s?%?\s?[)\]]")
_LEVEL_STATED = re.compile(rf"({LEVEL})[\s-]?{CI_WORDS}|{CI_WORDS}{LEVEL_BEHIND}", re.IGNORECASE)

_P_AFTER = re.compile(rf"""(?x)
    (?: \s?[;,]\s?(?:I2|I²|I\^2)\s?=\s?\d+(?:\.\d+)?\s?% )?
    [\s,;:)\]\[(]{{0,4}} (?: (?:for|in|with)\s [^.;,()\[\]\d=<>%]{{1,40}}? [\s,;(\[]{{1,3}} )? (?:(?:and|with|a)\s)? {P_VALUE}
""")


class Interval(NamedTuple):
    """An interval and where it ends; a bound that is not reached or not estimable is None."""

    low: float | None = None
    high: float | None = None
    level: float | None = None
    end: int = 0


def read_interval(text: str, place: int, *, bare: bool = False, level: float | None = None) -> Interval | None:
    """Return the interval printed at *place*, of its own level or else of *level*; with *bare* also one in brackets without its name."""
    if match := NAMED_INTERVAL.match(text, place):
        level = _percent(match["level"] or match["level_after"] or match["level_bare"]) or level
    elif not bare or not (match := _BARE.match(text, place)):
        return None
    if text[match.end() : match.end() + 1].isdigit() or _SECOND_INTERVAL.match(text, match.end()):
        return None
    bounds = match["low"], match["high"]
    low, high = (float(bound) if re.match(r"\.?\d", bound) else None for bound in bounds)
    if (low is None and high is None) or any(re.match(r"0\d", bound) for bound in bounds):
        return None
    return Interval(low, high, level, match.end())


def stated_level(text: str) -> float | None:
    """Return the level of the intervals of *text* where it states one, and one only."""
    levels = {_percent(before or after) for before, after in _LEVEL_STATED.findall(text)}
    return levels.pop() if len(levels) == 1 else None


def close_brackets(text: str, start: int, end: int) -> int:
    """Return *end*, moved past the bracket that closes one opened between *start* and *end*."""
    for opening, closing in ("[]", "()"):
        if text.startswith(closing, end) and text.count(opening, start, end) > text.count(closing, start, end):
            end += 1
    return end


def _percent(printed: str | None) -> float | None:
    return float("".join(re.findall(r"[\d.]", printed))) if printed else None


_BETWEEN_GROUPS = re.compile(rf"{BETWEEN_GROUPS}(?![a-z])", re.IGNORECASE)
_NAME = r"""
    (?: (?P<HR> (?:adj\.?\s?|sub-?|[a-z]{1,4}|[ASMU])? HRs? (?:_?adj)? (?![A-Za-z]) | (?i:hazards?[-\s]+ratios?) )
      | (?P<OR> [amcAMC]?ORs? (?![A-Za-z]) | (?i:odds[-\s]+ratios?|rapports?\sde\scotes|razón\sde\smomios) )
      | (?P<RR> a?RRs? (?![A-Za-z])
          | (?i:relative\s+risks?|riesgo\srelativo|risque\srelatif|risk[-\s]+ratios?|rate[-\s]+ratios?|prevalence[-\s]+ratios?|(?:incidence|mortality)[-\s]+ratios?) )
      | (?P<NAMED> [aA]?(?:ARR|IRR|SIR|SMR|PRR|PR)s? (?![A-Za-z]) ) )
"""
_NO_NUMBER = r"(?:vs\.|\bper\s\d[\d.]*[-\s]?[A-Za-z%/]+|[^\d;%<>≥≤.])"
_NOT_A_RATIO = r"""
    (?! [A-Za-z\d] | -[A-Za-z] | \s?[%±] | \s\d+\. | /\d | \s?x\s?10 | \s?(?:-|to|~)\s?\.?\d | \s?[,;]\s?\d*\.\d+\s?[)\]]
      | \s?-?\s?(?:months?|mo|years?|weeks?|days?|mg|Gy|kg|fold|beats?|bpm|b/min|/\s?min|per\smin\w*|min|breaths?|ms|points?|mm)\b
      | \s(?:of|out\sof|patients?|trials?|studies|subgroups?|cohorts?|lesions?|endpoints?|or\smore) )
"""
_RATIO = re.compile(rf"""(?x)
    (?<![A-Za-z\d/-]) {_NAME}
    (?P<gap> {_NO_NUMBER}{{0,90}}? (?: {LEVEL} [\s-]? {CI_WORDS} {_NO_NUMBER}{{0,40}}? )? )
    (?<![\d.-]) (?P<value>{DECIMAL}) {_NOT_A_RATIO}
""")
# short names that mean other things too (PR: partial response; ARR: absolute risk reduction): ratios only with a named interval
_OTHER_NAME = {
    "HR": re.compile(
        r"\b[a-z]{0,4}(?:OR|RR|ARR|IRR|SIR|SMR|PR)s?\b|\b(?i:(?:odds|risk|rate)[-\s]+ratio|relative\s+risk)"
    ),
    "OR": re.compile(
        r"\b[a-z]{0,4}(?:HR|RR|ARR|IRR|SIR|SMR|PR)s?\b|\b(?i:(?:hazard|risk|rate)[-\s]+ratio|relative\s+risk)"
    ),
    "RR": re.compile(
        r"\b[a-z]{0,4}(?:HR|OR)s?\b|\b(?i:(?:hazard|odds)[-\s]+ratio)|\b(?:ORR|DCR|DOR)\b"
    ),  # a rate is none
}
_FOREIGN_GAP = re.compile(r"\b(?:[Pp](?:[-\s]?values?)?|[nN]|CI)\s?[=:(]?\s?$|\bbetween\s$|\b(?i:median|months?|survival\srates?|I2)\b|¤\s?%")  # fmt: skip
# a ratio of ratios, or what a trial was planned for
_NO_RESULT = re.compile(r"ratios?\sof\s(?:the\s)?$|\b(?:detect|assum\w+|anticipat\w+|margin)(?:\s[a-z-]+){0,4}\s$|\b[HOR]Rs?\sand\s$")  # fmt: skip
_CLOSE_GAP = re.compile(r"(?:[\s=:,(\[\])]|of|was|is|were|[HORa]{1,3})*")
_LARGEST_WHOLE = 30  # without decimals and interval it is HR 72 (a pulse) or OR 2019 (a search)
_NEXT = re.compile(rf"""(?x)
    [)\]]? (?: \s(?:for|in|with|among|on)\s [^.;()\[\]\d%]{{1,60}}? )? \s?,?\s? (?:and|v|vs\.?|versus|or|but(?:\snot)?|while|whereas)? \s
    (?P<gap>[^.;()\[\]\d%]{{0,40}}?) (?P<opening>[(\[]?) (?<![\d.<>≥≤-])(?<![<>≥≤]\s) (?P<value>{DECIMAL}) {_NOT_A_RATIO}
""")
_FOREIGN_NEXT = re.compile(
    r"\b(?:medians?|means?|rates?|responses?|ORR|DCR|[Pp]|[nN]|survival\sof|HRs?|ORs?|RRs?|ratios?|age[ds]?|scores?|SD|range|levels?|weight|BMI"
    r"|volume|times?\sto|duration|dose|difference|sensitivity|specificity|AUC|index|numbers?|NNT|NNH|costs?|reduction|increase|probability|prevalence|incidence|mortality|coefficient|beta|kappa)\b|="
)
_UNIT_BEHIND = re.compile(rf"\s?[)\]]?\s?(?:%|{TIME}|(?:mg|kg|g|cm|mm|points?|Gy|mL|ml)\b)")  # no ratio has one


def read_ratios(text: str) -> list[Quantity]:
    """Return the ratios of a smooth text, in order; whose interval names no level, takes the only one that the text states."""
    level = stated_level(text)
    found: list[Quantity] = []
    place = 0
    while match := _RATIO.search(text, place):
        name = next(name for name in ("HR", "OR", "RR", "NAMED") if match[name])
        ratio = _accept(text, match, "RR" if name == "NAMED" else name, level)
        if ratio is None or (name == "NAMED" and not read_interval(text, match.end("value"))):
            place = match.end(name)
            continue
        found.append(ratio)
        plural = match[name].endswith("s")
        while further := _read_next(text, found[-1], level, plural=plural):
            found.append(further)
        place = found[-1].end
    return found


def _accept(text: str, match: re.Match[str], kind: str, level: float | None) -> Quantity | None:
    """Return the ratio of *match*, or None where the number belongs to something else."""
    gap = match["gap"]
    planned = _NO_RESULT.search(text, max(0, match.start() - 60), match.start())
    if planned or _OTHER_NAME[kind].search(gap) or _FOREIGN_GAP.search(gap):
        return None
    ratio, value = _ratio_of(text, kind, match.start(), match, level), float(match["value"])
    whole = "." not in match["value"] and ratio.low is None
    if value == 0 or (whole and (not gap or not _CLOSE_GAP.fullmatch(gap) or value > _LARGEST_WHOLE)):
        return None
    return ratio


def _ratio_of(text: str, kind: str, start: int, match: re.Match[str], level: float | None) -> Quantity:
    """Return the ratio with the interval and the p-value that follow it, in either order."""
    end = match.end("value")
    interval = read_interval(text, end, bare=True, level=level)
    p = _P_AFTER.match(text, interval.end if interval else end)
    if p and _BETWEEN_GROUPS.search(p.group()):
        p = None
    if p and interval is None:
        interval = read_interval(text, p.end(), level=level)
    interval = interval or Interval()
    end = close_brackets(text, start, max(end, interval.end, p.end() if p else 0))
    return Quantity(kind, float(match["value"]), *interval[:3], p=p and normalise_p(p), start=start, end=end)


def _read_next(text: str, before: Quantity, level: float | None, *, plural: bool) -> Quantity | None:
    """Return a further value of a list: `HRs 0.66 (0.52-0.85) for OS and 0.59 (0.47-0.76) for PFS`."""
    match = _NEXT.match(text, before.end)
    if match is None or _FOREIGN_NEXT.search(text[before.end : match.start("value")]):
        return None
    if match["opening"] and not read_interval(text, match.end("value")):
        return None
    further = _ratio_of(text, before.kind, match.start("value"), match, level)
    plural = plural or "and for " in match.group()
    listed = further.low is not None or (plural and "." in match["value"] and before.low is None)
    return further if listed and not _UNIT_BEHIND.match(text, further.end) else None


_PER_VOLUME = r"(?:(?:cells|copies)|(?:[mµμ]?mol|nmol|pmol|[mnµμp]?g|k?IU|U))\s?(?:/\s?[mdµμ]?[lL]|[lL]-1)"
_UNIT = rf"(?:{TIME}|(?:cycles?|doses?|fractions?|infusions?|cm|mm|m[lL]|Gy|{_PER_VOLUME}|kg/m2|mg/(?:m2|kg)|mg(?!\s?/)|lesions?|%)(?![A-Za-z\d]))"
_NOT_A_MEDIAN = (
    r"(?! \d | /\d | \s?(?:-|to)\s?\d | \s(?:of|out\sof)\b | \s?%\s(?:who|whose|of|that)\b"
    rf" | [\s-]?{TIME}\s(?:longer|shorter|more|less|older|younger|later|earlier)\b )"
)
# `not reached (95% CI 12.1-NE)`: what stands behind it is of no value
_NOT_REACHED = r"(?:reached|estimable|N[RE]\)?)\s?[(\[][^()\[\]]{1,60}[)\]]"
_MEDIAN = re.compile(rf"""(?x)
    \b(?: (?i:medians?|(?P<abroad>median(?:a|as|o|os|e[nrs]?)|médian(?:e|s|es)?)) | [mM](?:OS|PFS|DoR|DOR|TTP|ST|EFS|RFS|DFS) ) \b
    (?! \s (?:cubital|nerves?|sternotomy|arcuate|veins?|arter\w+|raphe|eminence|lobe|plane|incision|laparotomy|line)\b )
    (?P<gap> (?: vs\. | {_NOT_REACHED} | [(\[]\s?{LEVEL}[\s-]?{CI_WORDS}\s?[)\]] | [^.;\d%] ){{0,100}}? )
    {BEFORE_NUMBER} (?P<value>{AMOUNT}) {_NOT_A_MEDIAN} (?! \s?%[\s-]?{CI_WORDS} ) (?: [\s-]? (?P<unit>{_UNIT}) )?
""")
# The next arm: `19.2 months with A versus 13.4 months`, `6.8 v 4.3 months`
_NEXT_ARM = re.compile(rf"""(?x)
    (?: (?<=mo)\. | \) | \s\([A-Za-z][^()\d]{{0,30}}\) )? (?: \s(?:with|in|for|among|on|after|without) (?: \s[^.;()\[\]\d%]{{1,70}}? )? )? \s? ,? \s?
    (?: (?P<versus> v\b\.? | vs\b\.? | versus | compared\s(?:with|to) | against | than | frente\sa | contre | gegenüber | / ) | and | , )
    \s? (?P<gap> [^.;()\[\]\d%]{{0,70}}? (?:(?<=\w\s)\()? )
    (?<![A-Za-z\d_.-]) (?P<value>{AMOUNT}) {_NOT_A_MEDIAN} (?: \s? (?P<unit>{_UNIT}) )?
""")
_OTHER_THING = re.compile(r"\b(?i:medians?|follow-?up|rates?|response|HRs?|hazard|ratio|range|IQR|interquartile|age|[np]\s?=|difference)\b|=")  # fmt: skip
_NOT_THE_MEDIAN = re.compile(r"\b(?:[nNpP]|CI|HR|OR|range|IQR|rate)\s?[=:]\s?$|\b(?:above|below|over)\s+the\s+$|\b(?:HR|OR|hazard|ratio|rates?)\b|\bn\s?=|[<>≥≤]\s?$|(?:than|least|after\sthe\sage\sof)\s$|\b(?:increased|decreased|rose|fell|lasted)\b|(?i:median)")  # fmt: skip
_NO_MEDIAN = re.compile(r"(?:above|below|over|than) the median|(?:assum|expect)\w+ (?:an? )?median")
# the unit printed once, behind the last of two medians: `PFS was 4.2 (95% CI 2.8-6.1) and median OS 11.9 months`
_LATER_UNIT = re.compile(rf"[^.;]{{0,12}}\bmedian\b(?:[^.;]|\.(?=\d)){{1,70}}?\d\)?\s(?P<unit>{TIME})")
# the unit behind an interval or a range: `4.2 (2.8-6.1) months`
_UNIT_LATER = re.compile(rf"(?:\s?[(\[](?:[^()\[\]]|\[\w+\]){{1,40}}[)\]])?\s?(?P<unit>{TIME})")
_UNIT_AHEAD = re.compile(rf"(?:,\s|\()(?P<unit>{TIME})")  # `median OS (months) was 18.2`
_UNITLESS = re.compile(r"\b(?i:age|score|number|lines|count)\b")


def read_medians(text: str) -> list[Quantity]:
    """Return the medians of a smooth text, in order; a unit printed once at the end of a list serves the whole list."""
    found: list[Quantity] = []
    place = 0
    while match := _MEDIAN.search(text, place):
        place = match.start() + 3
        before = text[max(0, match.start() - 12) : match.start()] + match.group()[:6]
        if _NOT_THE_MEDIAN.search(match["gap"]) or _NO_MEDIAN.search(before):
            continue
        if re.fullmatch(r"[1-9]\d{0,2}\.\d{3}", match["value"]) and match["abroad"]:
            continue  # 1.234 may be a thousand and more
        arms = _read_arms(text, match)
        unit = next((arm.unit for arm in arms if arm.unit), None)
        if unit is None:
            later = _LATER_UNIT.match(text, arms[-1].end) if arms[0].low is not None else None
            said = later or _UNIT_AHEAD.search(match["gap"])
            unit = said and PLURAL[said["unit"]]
        if unit is None:
            if not _UNITLESS.search(match["gap"]):
                continue
            arms = arms[:1]
        found += [replace(arm, unit=arm.unit or unit) for arm in arms]
        place = arms[-1].end
    return found


def _read_arms(text: str, match: re.Match[str]) -> list[Quantity]:
    """Return the median of *match* and those of the arms printed after it."""
    arms = [_median_of(text, match.start(), match, stated_level(match["gap"]))]
    while following := _NEXT_ARM.match(text, arms[-1].end):
        between = text[arms[-1].end : following.start("value")]
        further = _median_of(text, following.start("value"), following, arms[0].level)
        alike = None in (further.unit, arms[-1].unit) or further.unit == arms[-1].unit
        in_arm = not following["gap"] or re.search(r" (?:in|with) ", between)
        if _OTHER_THING.search(between) or not (alike and (following["versus"] or (further.unit and in_arm))):
            break
        arms.append(further)
    return arms


def _median_of(text: str, start: int, match: re.Match[str], level: float | None) -> Quantity:
    """Return the median with its interval, which needs no name where a *level* was stated before it."""
    end, unit = match.end(), match["unit"]
    interval = read_interval(text, end, bare=level is not None, level=level)
    if interval:
        end = close_brackets(text, start, interval.end)
        inside = re.search(rf"(?<![A-Za-z])({TIME})\W*$", text[match.end() : end])
        unit = unit or (inside and inside[1])
    if unit is None and (behind := _UNIT_LATER.match(text, end)):
        unit = behind["unit"]
        end = behind.end() if interval else end
    value, unit = read_number(match["value"]), unit and PLURAL.get(unit, unit)
    return Quantity("median", value, *(interval or Interval())[:3], unit=unit, start=start, end=end)
