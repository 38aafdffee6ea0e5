"""Read dates whose order of day and month is beyond doubt."""

import re
from datetime import date

from livrev.text.quantity import Quantity

_MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_NUMBER = {name[:3]: number for number, name in enumerate(_MONTHS, 1)}
_MONTH = rf"(?P<month>{'|'.join(m.capitalize() for m in _MONTHS)}|(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\.?)"
_YEAR = r"(?P<year>(?:19|20)\d\d)(?![\d-])"
_DAY = r"(?P<day>0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?"
_PATTERNS = [
    re.compile(r"(?<![\w-])(?P<year>(?:19|20)\d\d)-(?P<month>\d\d)-(?P<day>\d\d)(?![\w-])"),
    re.compile(rf"(?<![\w.,/-]){_DAY}\s(?:of\s)?{_MONTH},?\s{_YEAR}"),
    re.compile(rf"\b{_MONTH}\s{_DAY}(?:,\s?|\s){_YEAR}"),
    re.compile(rf"\b{_MONTH}(?:\s|,\s?|\sof\s){_YEAR}"),
]
_QUICK = re.compile(r"(?:19|20)\d\d")


def read_dates(text: str) -> list[Quantity]:
    """Return the dates of a smooth text, as exact as printed: `2021-01-04`, `2020-05`."""
    found: list[Quantity] = []
    taken: list[tuple[int, int]] = []  # a day that no calendar has is taken too, so that its month is not read alone
    for pattern in _PATTERNS if _QUICK.search(text) else ():
        for match in pattern.finditer(text):
            if all(match.end() <= start or end <= match.start() for start, end in taken):
                taken.append(match.span())
                if iso := _iso(match):
                    found.append(Quantity("date", iso, start=match.start(), end=match.end()))
    return sorted(found, key=lambda quantity: quantity.start)


def _iso(match: re.Match[str]) -> str | None:
    """Return the date of *match* in ISO form; None where the calendar has no such day."""
    parts = match.groupdict()
    month = int(parts["month"]) if parts["month"].isdigit() else _NUMBER[parts["month"][:3].lower()]
    day = parts.get("day")
    if not 1 <= month <= 12:
        return None
    if day is None:
        return f"{parts['year']}-{month:02d}"
    try:
        return date(int(parts["year"]), month, int(day)).isoformat()
    except ValueError:
        return None
