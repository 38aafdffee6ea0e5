"""Read doses: of radiation, of drugs and of cells."""

import re

from livrev.text.intervals import read_interval
from livrev.text.numbers import BEFORE_NUMBER, DECIMAL, read_number
from livrev.text.quantity import Quantity

_PER = (
    r"(?:\s?/\s?(?:kg|m2|m²|m\^2|m\(2\)|day|d|dose|fraction|fx|week|patient)(?![A-Za-z\d])"
    r"|[\s.·]{0,2}(?:m\^?-2|m⁻²|kg\^?-1|kg⁻¹|day-1|d-1)(?![A-Za-z\d]))"
)
_POWER_UNITS = ((r"[\s.·]*m(?:\^?-2|⁻²)", "/m2"), (r"[\s.·]*kg(?:\^?-1|⁻¹)", "/kg"), (r"[\s.·]*d(?:ay)?-1", "/day"))
# a difference or a change is no dose, nor is what has an interval or a sign
_DIFFERENCE = re.compile(
    r"(?i:\b(?:differences?|changes?|gains?|loss|increases?|decreases?|reductions?|MD|WMD|SMD|coefficient))\b[^.;\d]{0,30}$|(?:^|[\s(])-\s?$"
)
_AMOUNT = r"(?:Gy(?:\s?\(RBE\)|E)?|cGy|GBq|MBq|mCi|mg|µg|μg|ug|mcg|g|IU|MIU)"
_THOUSANDS = r"(?:\d{1,3}(?:,\d{3})+(?![\d.]))"
_NO_RANGE_BEFORE = r"(?<![<>≥≤]\s)(?<![<>≥≤])(?<!\d\sto\s)(?<!\d\s-\s)(?<!\dto\s)(?<!\sto\s)(?<!between\s)"
_DOSE = re.compile(
    rf"""
    {BEFORE_NUMBER}{_NO_RANGE_BEFORE}
    (?: (?P<times_before>\d{{1,2}}) \s?x\s? )?
    (?P<value>{_THOUSANDS}|{DECIMAL}) \s?-?\s? (?P<amount>{_AMOUNT}) (?P<per>{_PER}*)
    (?! [A-Za-z\d] | \s?/\s?(?:m?[lLdD][lL]?)\b | \s?(?:-|to|and\sup)\s?\d )
    (?P<plan> \s?x\s?\d{{1,2}}(?:\s(?:fractions?|fx))?(?![\d.])
        | \s?(?:in|/|over)\s?\d{{1,2}}\s(?:(?:once-)?daily\s)?(?:fractions?|fx)\b
        | \s?in\s(?:one|two|three|four|five|six|eight|ten)\sfractions?\b )?
    """,
    re.VERBOSE,
)
_POWER = r"10 (?: \^\s?\(?(?P<hat>\d{1,2})\)? | \((?P<bracket>\d{1,2})\) | (?P<raised>[⁰¹²³⁴⁵⁶⁷⁸⁹]{1,2}) | \s(?P<loose>\d{1,2})(?=\s?(?:/kg|\w*\s?\w*[-\s]?cells)) | E(?P<e>\d{1,2}) )"
_CELLS = re.compile(
    rf"""
    {BEFORE_NUMBER}{_NO_RANGE_BEFORE}
    (?: (?P<value>{DECIMAL}) \s?x\s? | (?<!x)(?<!x\s) ) {_POWER}
    (?P<unit> \s? (?:(?:CAR|TCR|T|NK|(?:gene-)?(?:engineered|modified|edited)|viable|transduced|expanded|positive|autologous|allogeneic|infused|total
            |nucleated|mononuclear|stem|dendritic|natural|killer|\(\+\)|\+|¤+)[-\s]{{0,2}}){{0,5}}
        (?:cells?|PFU|pfu|vg)? {_PER}{{0,2}} )
    (?! \s?(?:-|to)\s?\d )
    """,
    re.VERBOSE,
)
_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")


def read_doses(text: str) -> list[Quantity]:
    """Return the doses of a smooth text; a dose range is left out.

    `value` is the amount printed; `unit` says of what, and the fractions: `Gy in 5 fractions`, `cells/kg`.
    """
    found = [dose for match in _CELLS.finditer(text) if (dose := _read_cells(match))]
    for match in _DOSE.finditer(text):
        start = match.start("times_before") if match["times_before"] else match.start("value")
        if _DIFFERENCE.search(text[max(0, start - 60) : start]) or read_interval(text, match.end()):
            continue
        per = match["per"]
        for printed, plain in _POWER_UNITS:
            per = re.sub(printed, plain, per)
        unit = match["amount"] + re.sub(r"\s", "", per)
        if match["times_before"]:
            unit += f" x {match['times_before']}"
        elif match["plan"]:
            unit += " " + " ".join(re.sub(r"(?<=x)(?=\d)|(?<=/)(?=\d)", " ", match["plan"]).split())
        found.append(Quantity("dose", read_number(match["value"]), unit=unit, start=start, end=match.end()))
    return sorted(found, key=lambda dose: dose.start)


def _read_cells(match: re.Match[str]) -> Quantity | None:
    """Return a dose of cells or particles; a bare power of ten is none."""
    unit = " ".join(match["unit"].split())
    if not re.search(r"cell|PFU|pfu|vg|/", unit):
        return None
    power = next(match[name] for name in ("hat", "bracket", "raised", "loose", "e") if match[name])
    exponent = int(power.translate(_SUPERSCRIPTS))
    amount = float(f"{match['value'] or 1}e{exponent}")
    kind = next((word for word in ("cells", "PFU", "vg") if word[:3].lower() in unit.lower()), "")
    unit = kind + "".join(re.findall(r"/\s?[a-z]+[2²]?", unit)).replace(" ", "")
    end = match.start("unit") + len(match["unit"].rstrip())
    return Quantity("dose", amount, unit=unit, start=match.start(), end=end)
