"""Name what a spreadsheet did to a table when it saved it: separators, empty columns, days and errors in cells."""

import csv
import re
from collections.abc import Sequence

_AGAIN = "save it as CSV in UTF-8 with commas, or restore it from git and make the change in an editor of text"
_SEPARATORS = {";": "semicolons", "\t": "tabs", "|": "bars"}
# As spreadsheets shorten the months: English, and what German, French, Spanish, Italian and Dutch ones write otherwise.
_MONTH = (
    r"(?:jan|feb|mar|apr|may|jun|jul|aug|sept?|oct|nov|dec|mär|mrz|mai|okt|dez|janv|févr|mars|avr|juin|juil|août|déc|"
    r"ene|abr|ago|dic|gen|mag|giu|lug|set|ott|mrt|mei)\.?"
)
_DAY = re.compile(
    rf"(?:\d{{1,2}}\.?[-/ ]{_MONTH}(?:[-/ ]\d{{2,4}})?|{_MONTH}(?:[-/]\d{{1,4}}| \d\d)|\d{{1,2}}[/.]\d{{1,2}}[/.]\d{{2,4}}"
    r"|\d{4}-\d\d-\d\d \d\d:\d\d(?::\d\d)?)",
    re.IGNORECASE,
)
_ERROR = re.compile(r"#(?:REF|VALUE|NAME|NULL|NUM|DIV/0|N/A|SPILL|CALC|#+)[!?]?|#{3,}", re.IGNORECASE)
_ROUNDED = re.compile(r"-?\d(?:[.,]\d+)?E[+-]?\d+", re.IGNORECASE)


def explain_header(first_lines: Sequence[str], expected: Sequence[str]) -> tuple[str, str, str, str] | None:
    """Return field, value, message and cure where the head of a table shows what a spreadsheet did; else None."""
    first = first_lines[0].rstrip("\r\n") if first_lines else ""
    if "\r" in first:
        return "line ends", "\\r", "ends its lines as no table here does", _AGAIN
    if told := re.fullmatch(r'"?sep=(.)"?', first, re.IGNORECASE):
        return "separator", first, f"says that {told[1]} separates the cells, as a spreadsheet writes it", _AGAIN
    for separator, name in _SEPARATORS.items():
        cells = next(csv.reader([first], delimiter=separator), [])
        if len(cells) > 1 and len(set(cells) & set(expected)) * 2 > len(expected):
            return "separator", separator.replace("\t", "\\t"), f"is wrong: {name} stand between the cells", _AGAIN
    header = next(csv.reader([first]), [])
    kept = [cell for cell in header if cell.strip()]
    if kept == list(expected):
        empty = len(header) - len(kept)
        cure = f"delete {'it' if empty == 1 else 'them'}, in every row"
        return "header", "", f"has {empty} column{'s' * (empty > 1)} without a name", cure
    if header[:1] in ([""], ["Unnamed: 0"], ["index"]) and header[1:] == list(expected):
        return "header", header[0], "is a column of row numbers before the table", "save it without the index"
    if [cell.strip().lower() for cell in header] == [cell.lower() for cell in expected]:
        return "header", "", "names the columns in other letters or with spaces", "write the names as they are"
    return None


def spreadsheet_damage(cell: str) -> str | None:
    """Return “what is wrong; cure” where a spreadsheet put a day, an error or a rounded number in the place of a text."""
    if _DAY.fullmatch(cell):
        return "is a day, which a spreadsheet makes of a name or a number; write what was printed there"
    if _ERROR.fullmatch(cell):
        return "is an error that a spreadsheet wrote; write the value itself"
    if _ROUNDED.fullmatch(cell):
        return "was rounded by a spreadsheet; write every digit"
    return None
