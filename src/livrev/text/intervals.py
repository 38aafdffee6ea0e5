"""Read what is printed after an estimate: its confidence interval and its p-value."""

import re
from typing import NamedTuple

from livrev.text.numbers import DECIMAL

LEVEL = r"(?:(?:9\d|8\d|[5-7]0)(?:\.\d{1,2})?)(?:[\s-]?%|\sper\s?cent(?![a-z]))"
CI_WORDS = (
    r"(?:C\.?I\.?s?|CrIs?|IC|KI|(?:(?:confidence|credible)\s+(?:intervals?|limits?)|[Kk]onfidenzintervalle?s?|intervall?[eo]s?\sd[ei]\sconfi\w+)"
    r"(?:\s?[\[(]\s?(?:Cr?I|IC|KI)\s?[\])]|\s?,\s?CI)?)(?![A-Za-z])"
)
LEVEL_BEHIND = rf"\s?[(\[]?\s?(?:(?:del|al|à|of)\s)?(?P<level_after>{LEVEL})[)\]]?"  # `IC del 95 %`
_OPEN_ENDED = (
    r"(?:NR|NE|NA|NC|n\.?[ear]\.?|not\s(?:reached|estimable|evaluable|available|calculable)|∞|infinity)(?![A-Za-z])"
)
_UNIT = r"(?:\s?(?:%|months?|mos?\b|years?|weeks?|days?))?"

# `(95% CI, 0.42 to 0.79`; also `CI 95%: 0.42-0.79`; the interval may stand after `for death`
_NAMED = re.compile(
    rf"""
    (?: \s (?:for|in|favou?ring|of|per) \s [^.;,()\[\]\d=<>%]{{1,40}} )?
    [\s,;:]{{0,3}} (?:(?:with|and)\s)? (?:(?:a|an|the)\s)? [(\[]? \s?
    (?: (?P<level>{LEVEL}) [\s-]? {CI_WORDS} | {CI_WORDS} (?: {LEVEL_BEHIND} )? )
    [\s,:;=]{{0,3}} (?:(?:of|from|was|were|is|range|de|von)\s)? [(\[]? \s?
    (?P<low>{DECIMAL}|{_OPEN_ENDED}) {_UNIT}
    \s? (?:-|to|~|,|;|and|through|bis|à|a|et|y) \s?
    (?P<high>{DECIMAL}|{_OPEN_ENDED}) {_UNIT}
    """,
    re.VERBOSE | re.IGNORECASE,
)
# `(0.42-0.79)`: an interval without its name counts only in brackets
_BARE = re.compile(
    rf"""
    \s? [(\[] \s?
    (?P<low>{DECIMAL}) \s?%? \s? (?:-|to|~|,|;) \s? (?P<high>{DECIMAL}|{_OPEN_ENDED}) \s?%?
    (?= \s?[)\]] | \s?[;,]\s? (?:{LEVEL}|[Pp]\b|CI\b) )
    """,
    re.VERBOSE,
)
# `3.8 and 8.1 (95% CI 2.9-4.8 and 6.8-9.5)`: whose interval is whose would be a guess
_SECOND_INTERVAL = re.compile(r"\s?(?:and|vs?\.?|versus|,|;)\s[\d.]+\s?%?\s?(?:-|to)\s?[\d.]+\s?%?\s?[)\]]")
_LEVEL_STATED = re.compile(rf"({LEVEL})[\s-]?{CI_WORDS}|{CI_WORDS}{LEVEL_BEHIND}", re.IGNORECASE)

_P_NUMBER = r"(?:\d(?:\.\d+)?\s?(?:x\s?10\s?(?:\^?\s?-\s?\d{1,2}|⁻[⁰¹²³⁴⁵⁶⁷⁸⁹]{1,2})|[eE]-\d{1,2})|0?\.\d{1,8}|[01](?:\.0+)?(?![\d.]))"
# `P for interaction`, `Pinteraction`, `p int`, `P value for the interaction between sex and arm`
_BETWEEN_GROUPS = r"(?:interaction|int|trend|heterogeneity|het|non-?linearity)"
P_VALUE = rf"""
    (?: (?:one|two|1|2)[-\s]?(?:sided|tailed)\s | (?:log-?rank|nominal|descriptive|exploratory|stratified|(?:un)?adjusted|interaction)\s )*
    \b[Pp] (?: (?:\s?-?\s?values?)?
        (?: \s?[-_(]?\s? (?:(?:for|of)\s(?:the\s)?)? (?:{_BETWEEN_GROUPS}|difference|superiority|non-?inferiority)(?![a-z]) \)?
            (?: \s(?:between|by|with|across)\s [^.;,()=<>\d]{{1,50}}? )? )? )
    (?: \s?(?P<sign>[<>=≤≥]=?)\s? | \s?:\s? | \s(?:of|was|is)\s | \s(?=0?\.\d) | (?<=[a-z]{{2}}),\s(?=0?\.\d) )
    (?P<p>{_P_NUMBER})
"""
_P_AFTER = re.compile(
    rf"(?: \s?[;,]\s?(?:I2|I²|I\^2)\s?=\s?\d+(?:\.\d+)?\s?% )?"
    rf"[\s,;:)\]\[(]{{0,4}} (?: (?:for|in|with)\s [^.;,()\[\]\d=<>%]{{1,40}}? [\s,;(\[]{{1,3}} )? (?:(?:and|with|a)\s)? {P_VALUE}",
    re.VERBOSE,
)
_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")


class Interval(NamedTuple):
    """An interval and where it ends; a bound that is not reached or not estimable is None."""

    low: float | None = None
    high: float | None = None
    level: float | None = None
    end: int = 0


def read_interval(text: str, place: int, *, bare: bool = False, level: float | None = None) -> Interval | None:
    """Return the interval printed at *place*, of its own level or else of *level*; with *bare* also one in brackets without its name."""
    if match := _NAMED.match(text, place):
        level = _percent(match["level"] or match["level_after"]) or level
    elif not bare or not (match := _BARE.match(text, place)):
        return None
    if text[match.end() : match.end() + 1].isdigit() or _SECOND_INTERVAL.match(text, match.end()):
        return None
    low, high = _bound(match["low"]), _bound(match["high"])
    if (low is None and high is None) or re.match(r"0\d", match["low"]) or re.match(r"0\d", match["high"]):
        return None
    return Interval(low, high, level, match.end())


def named_bounds(text: str) -> set[int]:
    """Return where the bounds of all intervals begin that are printed with their name."""
    return {match.start(bound) for match in _NAMED.finditer(text) for bound in ("low", "high")}


def read_p_after(text: str, place: int) -> tuple[str, int] | None:
    """Return the p-value printed at *place*, normalised, and where it ends; one of a test between groups is not meant."""
    match = _P_AFTER.match(text, place)
    if match is None or re.search(rf"{_BETWEEN_GROUPS}(?![a-z])", match.group(), re.IGNORECASE):
        return None
    return normalise_p(match), match.end()


def normalise_p(match: re.Match[str]) -> str:
    """Return the p-value of a match of P_VALUE as one plain form: `<0.001`, `0.03`, `3.2e-5`."""
    sign = (match["sign"] or "").replace("<=", "≤").replace(">=", "≥").strip("=")
    number = re.sub(r"\s", "", match["p"].translate(_SUPERSCRIPTS)).lower()
    number = re.sub(r"x10\^?-", "e-", number)
    return sign + ("0" + number if number.startswith(".") else number)


def stated_level(text: str) -> float | None:
    """Return the level of the intervals of *text* where it states one, and one only."""
    levels = {_percent(before or after) for before, after in _LEVEL_STATED.findall(text)}
    return levels.pop() if len(levels) == 1 else None


def close_brackets(text: str, start: int, end: int) -> int:
    """Return *end*, moved past the bracket that closes one opened between *start* and *end*."""
    stretch = text[start:end]
    for opening, closing in ("[]", "()"):
        if stretch.count(opening) > stretch.count(closing) and text[end : end + 1] == closing:
            end += 1
            stretch += closing
    return end


def _bound(printed: str) -> float | None:
    return float(printed) if printed[0].isdigit() or (printed[0] == "." and printed[1:2].isdigit()) else None


def _percent(printed: str | None) -> float | None:
    return float("".join(re.findall(r"[\d.]", printed))) if printed else None
