"""Read hazard, odds and risk ratios, each with its own interval and p-value."""

import re

from livrev.text.intervals import CI_WORDS, LEVEL, Interval, close_brackets, read_interval, read_p_after, stated_level
from livrev.text.numbers import DECIMAL, TIME, Quantity

_NAME = r"""
    (?: (?P<HR> (?:adj\.?\s?|[a-z]{1,4}|[ASMU])? HRs? (?:_?adj)? (?![A-Za-z]) | (?i:hazards?[-\s]+ratios?) )
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
_RATIO = re.compile(
    rf"""
    (?<![A-Za-z\d/-]) {_NAME}
    (?P<gap> {_NO_NUMBER}{{0,90}}? (?: {LEVEL} [\s-]? {CI_WORDS} {_NO_NUMBER}{{0,40}}? )? )
    (?<![\d.-]) (?P<value>{DECIMAL}) {_NOT_A_RATIO}
    """,
    re.VERBOSE,
)
# short names that mean other things too (PR: partial response; ARR: absolute risk reduction): ratios only with a named interval
_ANY_NAME = re.compile(
    r"\b[a-z]{0,4}(?:HR|OR|RR|ARR|IRR|SIR|SMR|PR)s?\b|\b(?i:hazard|odds|risk|rate)[-\s]+(?i:ratio)s?|(?i:relative\s+risk)"
)
_SAME = {
    "HR": re.compile(r"HR|(?i:hazard)"),
    "OR": re.compile(r"OR|(?i:odds)"),
    "RR": re.compile(r"RR|SIR|SMR|PR|(?i:risk|rate|prevalence|incidence|mortality)"),
}
_FOREIGN_GAP = re.compile(
    r"\b(?:[Pp](?:[-\s]?values?)?|[nN]|CI)\s?[=:(]?\s?$|\b(?i:median|months?|survival\srates?|I2)\b|¤\s?%"
)
_RATIO_OF = re.compile(r"ratios?\sof\s(?:the\s)?$")
_CLOSE_GAP = re.compile(r"(?:[\s=:,(\[\])]|of|was|is|were|[HORa]{1,3})*")
_LARGEST_WHOLE = 30  # without decimals and interval it is HR 72 (a pulse) or OR 2019 (a search)
_NEXT = re.compile(
    rf"""
    [)\]]? (?: \s(?:for|in|with|among|on)\s [^.;()\[\]\d%]{{1,60}}? )? \s?,?\s? (?:and|v|vs\.?|versus|or|but(?:\snot)?|while|whereas)? \s
    (?P<gap>[^.;()\[\]\d%]{{0,40}}?) (?P<opening>[(\[]?) (?<![\d.<>≥≤-])(?<![<>≥≤]\s) (?P<value>{DECIMAL}) {_NOT_A_RATIO}
    """,
    re.VERBOSE,
)
_FOREIGN_NEXT = re.compile(
    r"\b(?:medians?|means?|rates?|responses?|ORR|DCR|[Pp]|[nN]|survival\sof|HRs?|ORs?|RRs?|ratios?|age[ds]?|scores?|SD|range|levels?|weight|BMI"
    r"|volume|times?\sto|duration|dose|difference|sensitivity|specificity|AUC|index|numbers?|NNT|NNH|costs?|reduction|increase|probability|prevalence|incidence|mortality|coefficient|beta|kappa)\b|="
)
_UNIT_BEHIND = re.compile(rf"\s?[)\]]?\s?(?:%|{TIME}|(?:mg|kg|g|cm|mm|points?|Gy|mL|ml)\b)")  # no ratio has one


def read_ratios(text: str) -> list[Quantity]:
    """Return the ratios of a smooth text, in order.

    A ratio whose own interval names no level takes the level that the text states, where it states one only.
    """
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
    other = [name for name in _ANY_NAME.findall(gap) if not _SAME[kind].search(name)]
    if other or _FOREIGN_GAP.search(gap) or _RATIO_OF.search(text, max(0, match.start() - 16), match.start()):
        return None
    ratio = _complete(text, kind, match.start(), match, level)
    whole = "." not in match["value"] and ratio.low is None
    if whole and (not gap or not _CLOSE_GAP.fullmatch(gap) or float(match["value"]) > _LARGEST_WHOLE):
        return None
    return ratio if float(match["value"]) > 0 else None


def _complete(text: str, kind: str, start: int, match: re.Match[str], level: float | None) -> Quantity:
    """Return the ratio with the interval and the p-value that follow it, in either order."""
    end = match.end("value")
    interval = read_interval(text, end, bare=True, level=level)
    p = read_p_after(text, interval.end if interval else end)
    if p and interval is None:
        interval = read_interval(text, p[1], level=level)
    end = close_brackets(text, start, max(end, interval.end if interval else 0, p[1] if p else 0))
    return Quantity(kind, float(match["value"]), *(interval or Interval())[:3], p=p and p[0], start=start, end=end)


def _read_next(text: str, before: Quantity, level: float | None, *, plural: bool) -> Quantity | None:
    """Return a further value of a list: `HRs 0.66 (0.52-0.85) for OS and 0.59 (0.47-0.76) for PFS`."""
    match = _NEXT.match(text, before.end)
    if match is None or _FOREIGN_NEXT.search(text[before.end : match.start("value")]):
        return None
    if match["opening"] and not read_interval(text, match.end("value")):
        return None
    further = _complete(text, before.kind, match.start("value"), match, level)
    if _UNIT_BEHIND.match(text, further.end):
        return None
    if further.low is None and not (plural and "." in match["value"] and before.low is None):
        return None
    return further
