"""Read doses: of radiation, of drugs and of cells."""

import re

from livrev.text.intervals import read_interval
from livrev.text.numbers import AMOUNT, BEFORE_NUMBER, Quantity, read_number

# `/m2`, `m⁻²`, `per kg`; each is written as `/m2`, `/kg` whatever the print
_PER_WHAT = r"kg|m2|m²|m\^2|m\(2\)|day|d|h|hour|dose|fraction|fx|week|patient"
_PER = (
    rf"(?:\s?/\s?(?:{_PER_WHAT})(?![A-Za-z\d])|\sper\s(?:{_PER_WHAT}|kilogram|square\smet(?:er|re))(?![A-Za-z\d])"
    r"|[\s.·]{0,2}(?:m(?:\^?-2|⁻²)|(?:kg|d|day|h)(?:\^?-1|⁻¹))(?![A-Za-z\d]))"
)
_PLAIN_PER = (
    (r"\sper\s", "/"), (r"\s?/\s?", "/"), (r"kilogram", "kg"), (r"square\smet(?:er|re)|m²|m\^2|m\(2\)", "m2"),
    (r"[\s.·]*\bm(?:\^?-2|⁻²)", "/m2"), (r"[\s.·]*\b(kg|d|day|h)(?:\^?-1|⁻¹)", r"/\1"), (r"/d\b", "/day"),
)  # fmt: skip
# a difference, a change, a limit or a weight is no dose, nor is what has an interval or a sign
_NO_DOSE = re.compile(
    r"""
    (?i: \b(?: differences? | changes? | loss | loses? | lost | gain(?:s|ed)? | increas(?:es?|ed) | decreas(?:es?|ed) | reduc(?:tions?|ed) | fell | falls?
        | rose | rises? | drop(?:s|ped)? | declin\w+ | differ(?:s|ed)? | MD | WMD | SMD | coefficient | weigh(?:s|ed|ts?) | grew ) ) \b [^.;\d]{0,30} $
    | \b(?i: intakes? | consum\w+ | excret\w+ | dietary | urinary | concentrations? | weights? | mass ) \b (?:[^.;]|\.(?=\d)){0,80} $
    | (?: ^ | [\s(] ) -\s? $
    | \b(?i: (?:more|less|greater|higher|lower|fewer) \s than | at \s least | exceed\w* | above | below | over | under ) \s (?:an?\s)? $
    """,
    re.VERBOSE,
)
_AMOUNT = r"(?:Gy(?:\s?\(RBE\)|E)?|cGy|GBq|MBq|mCi|mg|µg|μg|ug|mcg|g|IU|MIU)"
_NO_RANGE_BEFORE = r"(?<!g/)(?<![<>≥≤]\s)(?<![<>≥≤])(?<!\d\sto\s)(?<!\d\s-\s)(?<!\dto\s)(?<!\sto\s)(?<!between\s)"
# what is printed per something else is a concentration, a yield or a content: mg/dL, g/cm2, mg/24 h, µg m-3, mg%
_OTHER_PER = r"\.?\s?/(?!\s?\d[\d.]*\s?(?:Gy|fx|fr|fractions?|F)\b)|[\s.·]{0,2}[A-Za-z]{1,4}(?:\^?-[123]|⁻[¹²³])|\s?%|[·.]min|-?g\s(?:fe)?male|\sper\s(?:m?l|m?L|d[lL]|lit\w+|g|gram|100)\b"
_DOSE = re.compile(
    rf"""
    {BEFORE_NUMBER}{_NO_RANGE_BEFORE}
    (?: (?P<times_before>\d{{1,2}}) \s?x\s? )?
    (?P<value>{AMOUNT}) \s?-?\s? (?P<amount>{_AMOUNT}) (?P<per>{_PER}*)
    (?! [A-Za-z\d] | {_OTHER_PER} | \s?(?:-|to|and\sup)\s?\d )
    (?P<plan> \s?x\s?\d{{1,2}}(?:\s(?:fractions?|fx))?(?![\d.])
        | \s?(?:in|/|over)\s?\d{{1,2}}\s(?:(?:once-)?daily\s)?(?:fractions?|fx)\b
        | \s?in\s(?:one|two|three|four|five|six|eight|ten)\sfractions?\b )?
    """,
    re.VERBOSE,
)
# 2 x 10^6, 10⁶, 1e6, 3 million
_POWER = r"""
    (?: (?P<value>\d+(?:\.\d+)?)[eE](?P<short>\d{1,2}) | (?P<worded>\d+(?:\.\d+)?)\s(?P<scale>million|billion)
      | (?: (?P<factor>\d+(?:\.\d+)?) \s?[xX*]\s? | (?<![xX*])(?<![xX*]\s) )
        10 (?: \^\s?\(?(?P<hat>\d{1,2})\)? | \((?P<bracket>\d{1,2})\) | (?P<raised>[⁰¹²³⁴⁵⁶⁷⁸⁹]{1,2}) | \s(?P<loose>\d{1,2})(?=\s?(?:/kg|\w*\s?\w*[-\s]?cells)) | E(?P<e>\d{1,2}) ) )
"""
_OF_WHAT = {"cells": r"cells?", "PFU": r"PFU|pfu", "CFU": r"CFU|cfu", "vg": r"vg", "vp": r"vp|viral\sparticles"}
_CELLS = re.compile(
    rf"""
    {BEFORE_NUMBER}{_NO_RANGE_BEFORE} {_POWER} (?![\d.]\d)
    (?: (?: [\s+()-]{{1,4}} (?!(?:of|in|and|or|to|per|with|on|at|for|were|was|people)\b) [A-Za-z¤][A-Za-z¤]{{0,20}} ){{0,5}}?
        [\s+()-]{{0,4}} (?P<what>{"|".join(_OF_WHAT.values())}) (?P<per>{_PER}{{0,2}}) | (?P<only>\s?/\s?kg\b) )
    (?! [A-Za-z\d] | {_OTHER_PER} | \s?(?:-|to)\s?\d )
    """,
    re.VERBOSE,
)
_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")


def read_doses(text: str) -> list[Quantity]:
    """Return the doses of a smooth text; a dose range is left out.

    `value` is the amount printed; `unit` says of what, and the fractions: `Gy in 5 fractions`, `cells/kg`.
    """
    found = [_read_cells(match) for match in _CELLS.finditer(text)]
    for match in _DOSE.finditer(text):
        start = match.start("times_before") if match["times_before"] else match.start("value")
        if _NO_DOSE.search(text, max(0, start - 60), start) or read_interval(text, match.end()):
            continue
        unit = match["amount"] + _plain_per(match["per"])
        if match["times_before"]:
            unit += f" x {match['times_before']}"
        elif match["plan"]:
            unit += " " + " ".join(re.sub(r"(?<=x)(?=\d)|(?<=/)(?=\d)", " ", match["plan"]).split())
        found.append(Quantity("dose", read_number(match["value"]), unit=unit, start=start, end=match.end()))
    return sorted(found, key=lambda dose: dose.start)


def _read_cells(match: re.Match[str]) -> Quantity:
    """Return a dose of cells or particles."""
    powers = ("short", "hat", "bracket", "raised", "loose", "e")
    power = next((match[name] for name in powers if match[name]), "9" if match["scale"] == "billion" else "6")
    amount = match["value"] or match["worded"] or match["factor"] or "1"
    what = next(
        (name for name, printed in _OF_WHAT.items() if match["what"] and re.fullmatch(printed, match["what"])), ""
    )
    unit = what + _plain_per(match["per"] or match["only"] or "")
    value = float(f"{amount}e{int(power.translate(_SUPERSCRIPTS))}")
    return Quantity("dose", value, unit=unit, start=match.start(), end=match.end())


def _plain_per(printed: str) -> str:
    """Return `/kg/day` for every way to print it."""
    for pattern, plain in _PLAIN_PER:
        printed = re.sub(pattern, plain, printed)
    return printed.replace(" ", "")
