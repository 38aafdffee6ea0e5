"""How numbers are written: one plain form for every notation, pieces of patterns, units of time, and the record of a quantity.

`smooth` gives a text of the same length, so that a place in it is a place in the text as printed.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass

_TIMES = {  # in English, and abroad
    "months": ("month months mo mos mth mths", "mes meses mois Monat Monate Monaten mesi"),
    "years": ("year years yr yrs y", "año años ans Jahr Jahre Jahren anni"),
    "weeks": ("week weeks wk wks", "semana semanas semaine semaines Woche Wochen settimane"),
    "days": ("day days d", "día días jour jours Tag Tage Tagen giorni"),
    "hours": ("hour hours hr hrs h", "hora horas heure heures Stunde Stunden"),
    "minutes": ("minute minutes min mins", "minutos Minuten"),
}
PLURAL = {name: unit for unit, names in _TIMES.items() for name in " ".join(names).split()}
FOREIGN_TIME = rf"(?:{'|'.join(' '.join(abroad for _, abroad in _TIMES.values()).split())})\b"
TIME = rf"(?:{'|'.join(sorted(PLURAL, key=len, reverse=True))})(?![^\W\d_])"

_THIN = "\u00a0\u2007\u2009\u202f\u200a\u2006\u2005"
_PLAIN = str.maketrans(
    dict.fromkeys(_THIN + "\u2002\u2003\u3000\t\r\n\u2028\u2029\x0b\x0c\x85", " ")
    | dict.fromkeys("\u2010\u2011\u2012\u2013\u2212\ufe63\uff0d", "-")
    | {"\uff1d": "=", "\uff1c": "<", "\uff1e": ">", "\uff05": "%", "\u2a7d": "\u2264", "\u2a7e": "\u2265", "\u2266": "\u2264", "\u2267": "\u2265"}
    | {"\u00d7": "x", "\u2715": "x", "\u223c": "~", "\uff5e": "~", "\uff08": "(", "\uff09": ")", "\uff0c": ",", "\uff1b": ";", "\uff1a": ":"}
    | {full: chr(ord(full) - 0xFEE0) for full in "\uff10\uff11\uff12\uff13\uff14\uff15\uff16\uff17\uff18\uff19\uff0f"}
)  # fmt: skip
_MIDDLE_DOT = re.compile(r"(?<=\d)[\u00b7\u2027\u2219\u22c5](?=\d)")
_THIN_THOUSANDS = re.compile(rf"(?<=\d)[{_THIN}](?=\d{{3}}(?!\d))")
# 1 243 282, 12 034: three groups, or one that begins with 0, can be nothing else
_SPACED_THOUSANDS = re.compile(r"(?<![\w.,])\d{1,3}(?: \d{3})*(?: \d{3} \d{3}| 0\d\d)(?![\w.,]?\d)")
_PLUS_MINUS = re.compile(r"\+ ?/ ?-")
_LONG_DASH = re.compile(r"(?<=[\d%])[\u2014\u2015](?=\d)|(?<=[\d%] )[\u2014\u2015](?= \d)")
# A comma before decimals, and what shows that a sentence writes them so: its other numbers, or its language
_COMMA = re.compile(r"(?<![\d.,/])(0(?=,\d{3})|\d{1,3}(?=,\d{1,2}(?![\d/]|[.,]\d))),")
_SURE_COMMA = re.compile(
    rf"(?<![\d.,])0,\d{{2}}|\d,\d\s?%|\d,\d{{1,2}}\s{FOREIGN_TIME}|\b(?:IC|KI)(?=\W|9\d\s?%)|onfidenzintervall|ntervall?[eo]s?\sd[ei]\sconfi"
    r"|\b(?i:median(?:a|as|o|os|e[nrs]?)|médian(?:e|s|es)?)\b"
)
_POINT = re.compile(r"(?<!\d)0\.\d|\d\.\d{1,2}(?!\d)|\d\.\d{4}|(?<!\d)\.\d")
_POINT_THOUSANDS = re.compile(r"(?<![\d.,])([1-9]\d{0,2})\.(?=\d{3}(?![\d.,]))")
_SENTENCE_MARK = re.compile(r"(?=[.!?]\s+[A-Z])")


def smooth(text: str) -> str:
    """Return *text* with plain spaces, dashes and decimal points in place of their variants, character for character."""
    plain = _LONG_DASH.sub("-", _MIDDLE_DOT.sub(".", _THIN_THOUSANDS.sub(",", text)))
    plain = _SPACED_THOUSANDS.sub(lambda match: match.group().replace(" ", ","), plain.translate(_PLAIN))
    plain = _PLUS_MINUS.sub(lambda match: "±" * len(match.group()), plain)
    if not _SURE_COMMA.search(plain):
        return plain
    sentences = _SENTENCE_MARK.split(plain)
    for i, part in enumerate(sentences):  # decimal commas become points where nothing else in a sentence uses a point
        if _COMMA.search(part) and _SURE_COMMA.search(part) and not _POINT.search(part):
            sentences[i] = _COMMA.sub(r"\1.", _POINT_THOUSANDS.sub(r"\1,", part))
    return "".join(sentences)


DECIMAL = r"(?:(?:\d{1,6}(?:\.\d{1,6})?|\.\d{1,6})(?![\d])(?!\.\d)(?!,\d{3}(?![\d.])))"
AMOUNT = rf"(?:\d{{1,3}}(?:,\d{{3}})+(?![\d.])|{DECIMAL})"  # thousands too
WHOLE = r"(?:(?:\d{1,3}(?:,\d{3}){1,3}|\d{1,7})(?![\d])(?!\.\d))"
BEFORE_NUMBER = r"(?<![\w.,])(?<![<>≤≥=]-)(?<!\d-)(?<!--)(?<![A-Za-z]-)(?<!±)(?<!±\s)"

_UP_TO_19 = "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen"
_UP_TO_90 = "twenty thirty forty fifty sixty seventy eighty ninety"
_ONES, _TENS = _UP_TO_19.split(), _UP_TO_90.split()
_WORTH = {"none": 0, "and": 0, "a": 1, "an": 1}
_WORTH |= zip([*_ONES, *_TENS], [*range(1, 20), *range(20, 100, 10)], strict=True)
_SMALL = rf"(?:(?:{'|'.join(_TENS)})(?:[- ](?:{'|'.join(_ONES[:9])}))?|(?:{'|'.join(sorted(_ONES, key=len, reverse=True))}))"  # fmt: skip
_AND_MORE = r"(?:,?[\s-](?:and[\s-])?"
_HUNDREDS = rf"(?:(?:an?|{'|'.join(_ONES)})[-\s]hundred(?![-\s]thousand){_AND_MORE}{_SMALL})?)"
_THOUSANDS = rf"(?:(?:an?|{_HUNDREDS}|{_SMALL})[-\s]thousand{_AND_MORE}(?:{_HUNDREDS}|{_SMALL}))?)"
NUMBER_WORD = rf"(?:{_THOUSANDS}|{_HUNDREDS}|{_SMALL})"
# how any of these begins: most words are passed over by that
_BEGINS = r"(?=\d|(?i:on|tw|th[ir]|te|f[io]|s[ei]|e[il]|ni|an?[-\s](?:hun|thou)))"
COUNT = rf"(?:{_BEGINS}(?:{WHOLE}|(?i:{NUMBER_WORD})(?![A-Za-z-])))"
_P_NUMBER = r"(?:\d(?:\.\d+)?\s?(?:x\s?10\s?(?:\^?\s?-\s?\d{1,2}|⁻[⁰¹²³⁴⁵⁶⁷⁸⁹]{1,2})|[eE]-\d{1,2})|0?\.\d{1,8}|[01](?:\.0+)?(?![\d.]|,\d))"
# `P for interaction`, `Pinteraction`, `p int`, `P value for the interaction between sex and arm`
BETWEEN_GROUPS = r"(?:interaction|int|trend|heterogeneity|het|non-?linearity)"
P_VALUE = rf"""
    (?: (?:one|two|1|2)[-\s]?(?:sided|tailed)\s | (?:log-?rank|nominal|descriptive|exploratory|stratified|(?:un)?adjusted|interaction)\s )*
    \b[Pp] (?: (?:\s?-?\s?values?)?
        (?: \s?[-_(]?\s? (?:(?:for|of)\s(?:the\s)?)? (?:{BETWEEN_GROUPS}|difference|superiority|non-?inferiority)(?![a-z]) \)?
            (?: \s(?:between|by|with|across)\s [^.;,()=<>\d]{{1,50}}? )? )? )
    (?: \s?(?P<sign>[<>=≤≥]=?)\s? | \s?:\s? | \s(?:of|was|is)\s | \s(?=0?\.\d) | (?<=[a-z]{{2}}),\s(?=0?\.\d) )
    (?P<p>{_P_NUMBER})
"""
_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")


def read_number(printed: str) -> float:
    """Return the worth of a number in figures, thousands separators allowed."""
    return float(printed.replace(",", ""))


def read_count(printed: str) -> int:
    """Return the worth of a whole number in figures or words."""
    if printed[0].isdigit():
        return int(re.sub(r"\D", "", printed))
    total = worth = 0
    for word in re.findall(r"[a-z]+", printed.lower()):
        if word == "hundred":
            worth *= 100
        elif word == "thousand":
            total, worth = total + 1000 * worth, 0
        else:
            worth += _WORTH[word]
    return total + worth


def normalise_p(match: re.Match[str]) -> str:
    """Return the p-value of a match of P_VALUE as one plain form: `<0.001`, `0.03`, `3.2e-5`."""
    sign = (match["sign"] or "").replace("<=", "≤").replace(">=", "≥").strip("=")
    number = re.sub(r"\s", "", match["p"].translate(_SUPERSCRIPTS)).lower()
    number = re.sub(r"x10\^?-", "e-", number)
    return sign + ("0" + number if number.startswith(".") else number)


@dataclass(frozen=True, slots=True)
class Quantity:
    """One quantity as printed, or one mention of a term of the vocabulary; what the text does not say is None.

    `kind` is HR, OR, RR, p, proportion, n, median, rate, dose or date, or `entity`: then `entity` is its `group:id`, and
    `negated` tells whether the text denies it. `value` of a proportion or rate is in percent, of
    a date an ISO date as exact as printed; `level` is the level of the interval in percent; `p` is normalised (`<0.001`).
    `start` and `end` are the half-open span in the text.
    """

    kind: str
    value: float | str | None = None
    low: float | None = None
    high: float | None = None
    level: float | None = None
    p: str | None = None
    events: int | None = None
    total: int | None = None
    unit: str | None = None
    entity: str = ""
    start: int = 0
    end: int = 0
    negated: bool = False


def quantity_to_json(quantity: Quantity) -> dict[str, object]:
    """Return *quantity* as a plain mapping without the fields that say nothing; 69.0 is 69."""
    said = {name: value for name, value in asdict(quantity).items() if value is not False and value not in (None, "")}
    whole = {name: int(x) for name, x in said.items() if isinstance(x, float) and x.is_integer() and abs(x) < 1e15}
    return said | whole


def read_apart(matches: Iterable[re.Match[str]], read: Callable[[re.Match[str]], list[Quantity]]) -> list[Quantity]:
    """Return, in the order of the text, what *read* makes of *matches*; of those that overlap what was read before, nothing."""
    found: list[Quantity] = []
    for match in matches:
        if all(match.end() <= known.start or known.end <= match.start() for known in found):
            found += read(match)
    return sorted(found, key=lambda quantity: quantity.start)
