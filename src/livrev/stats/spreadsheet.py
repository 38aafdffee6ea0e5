"""Read a table as spreadsheets and statistics programs save it: its encoding, its separator, its way to write numbers.

What has one meaning is read, and noted; what has more than one is refused, with the cure that settles it.
"""

import csv
import io
import math
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import product

from livrev.diagnostics import Problem, ReviewError, find_conflict

_SEPARATORS = (",", ";", "\t", "|")
_OTHER_FILES = {  # by how a file begins
    rb"pk\x03\x04": "a workbook (.xlsx or .ods)", rb"\xd0\xcf\x11\xe0": "an old Excel workbook (.xls)",
    rb"%pdf": "a PDF", rb"<!doctype|<html|<table": "a web page", rb"<\?xml": "an XML file", rb"\{": "JSON or rich text",
    rb"\[\{": "JSON", rb"\x1f\x8b": "a compressed file",
}  # fmt: skip
_ENCODINGS = {  # by how a file begins; UTF-32 does like UTF-16, so it is asked first
    rb"\xff\xfe\x00\x00|\x00\x00\xfe\xff": "utf-32", rb"\xff\xfe|\xfe\xff": "utf-16", rb"[^\x00]\x00": "utf-16-le",
    rb"\x00": "utf-16-be",
}  # fmt: skip
_LOOK_FOR_HEADER, _LONGEST_HEADER = 8, 10_000
_LONGEST_CELL = 100_000  # signs
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]")


@dataclass(slots=True)
class Sheet:
    """A table while it is read: header, rows with their lines, and the problems and notes found so far.

    *groups* is the row right above the header, *left_out* what was passed over, each with its line.
    """

    name: str
    separator: str = ","
    header: list[str] = field(default_factory=list)
    header_line: int = 1
    groups: list[str] = field(default_factory=list)
    left_out: list[tuple[int, str]] = field(default_factory=list)
    rows: list[tuple[int, list[str]]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def complain(self, line: int, column: str, value: str, message: str, cure: str) -> None:
        self.problems.append(Problem(self.name, line, column, value, message, cure))

    def complain_about_header(self, value: str, message: str, cure: str) -> None:
        self.complain(self.header_line, "header", value, message, cure)

    def stop_on_problems(self) -> None:
        if self.problems:
            raise ReviewError(self.problems)


def read_sheet(name: str, content: bytes, knows: Callable[[str], bool]) -> Sheet:
    """Return the table in the bytes of a file, called *name* in messages.

    The separator is the one that makes most cells of the header such as *knows* recognises; a first line `sep=;` says it.
    Cells are stripped; blank lines and empty columns at the end are dropped. Raises ReviewError where there is no table.
    """
    sheet = Sheet(name)
    text = _decode(sheet, content)
    if conflict := find_conflict(text.replace("\r\n", "\n"), name):
        sheet.problems.append(conflict)
    sheet.stop_on_problems()
    if _INVISIBLE.search(text):
        text = _INVISIBLE.sub("", text)
        sheet.notes.append("characters that nobody sees, which change the direction or join words, were left out")
    if named := re.match(r"\s*\"?sep=(.)\"?[ \t]*(?=[\r\n])", text, re.IGNORECASE):
        sheet.separator, text = named[1], text[named.end() :]
    else:
        heads = [line[:_LONGEST_HEADER] for line in text.splitlines() if line.strip(' \t,;|"')][:_LOOK_FOR_HEADER]
        cut = {mark: [next(csv.reader([head], delimiter=mark)) for head in heads] for mark in _SEPARATORS}
        known = {mark: [(_count(row, knows), len(row)) for row in rows] for mark, rows in cut.items()}
        sheet.separator = max(_SEPARATORS, key=lambda mark: max(known[mark], default=(0, 0)))
    rows = _split(sheet, text)
    counted = [_count(cells, knows) for _, cells in rows[:_LOOK_FOR_HEADER]]
    start = counted.index(max(counted)) if counted and counted[0] < 2 <= max(counted) else 0
    if rows:
        (sheet.header_line, sheet.header), sheet.rows = rows[start], rows[start + 1 :]
    if start:
        sheet.notes.append(f"what stands above the header (line {sheet.header_line}) was left out")
        sheet.groups = rows[start - 1][1]
        sheet.left_out = [(line, " ".join(cells)) for line, cells in rows[:start]]
    _even_out(sheet)
    return sheet


def _decode(sheet: Sheet, content: bytes) -> str:
    start = content.lstrip()[:9].lower()
    if what := next((what for mark, what in _OTHER_FILES.items() if re.match(mark, start)), ""):
        sheet.complain(1, "file", "", f"is {what}, not a text table", "open it and save the sheet as CSV in UTF-8")
        sheet.stop_on_problems()
    encoding = next((encoding for mark, encoding in _ENCODINGS.items() if re.match(mark, content)), "utf-8-sig")
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        text = content.decode("cp1252", "replace")
        sheet.notes.append("the file is not UTF-8 and was read as Windows-1252; look whether names are right")
    if strange := re.search("[\x00\ufffd]", text):
        line, cure = text.count("\n", 0, strange.start()) + 1, "save the table as CSV in UTF-8"
        sheet.complain(line, "file", f"sign {strange.start()}", "is no text", cure)
    return text


def _count(cells: Iterable[str], knows: Callable[[str], bool]) -> int:
    return sum(knows(cell.strip()) for cell in cells)


def _split(sheet: Sheet, text: str) -> list[tuple[int, list[str]]]:
    rows = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=sheet.separator, strict=True)
    try:
        for row in reader:
            if any(len(cell) > _LONGEST_CELL for cell in row):  # csv has a limit that any library may lift
                raise csv.Error(f"a cell is longer than {_LONGEST_CELL:,} signs")
            if any(cells := [cell.strip() for cell in row]):
                rows.append((reader.line_num, cells))
    except csv.Error as error:
        sheet.complain(reader.line_num, "row", "", f"is no CSV ({error})", "close every quotation mark")
    return rows


def _even_out(sheet: Sheet) -> None:
    """Drop empty columns at the end, fill up rows that end early, and refuse rows that are too long."""
    every = (sheet.header, *(cells[: len(sheet.header)] for _, cells in sheet.rows))
    wide = max((i + 1 for cells in every for i, cell in enumerate(cells) if cell), default=0)
    sheet.header = sheet.header[:wide]
    for line, cells in sheet.rows:
        if any(cells[wide:]):
            message = f"has {len(cells)} cells where the header has {wide}"
            cure = "write one cell for each column, and a decimal point, not a comma"
            sheet.complain(line, "row", sheet.separator.join(cells), message, cure)
    sheet.rows = [(line, (cells + [""] * wide)[:wide]) for line, cells in sheet.rows if not any(cells[wide:])]


_MISSING = frozenset(
    ("", "na", "n/a", "n.a.", "#n/a", "nan", "nr", "n.r.", "n/r", "nd", "ne", "not reported", "not available", "none",
     "not estimable", "missing", "null")
)  # fmt: skip
_BLANKS = dict.fromkeys(map(ord, "\u00a0\u2007\u2009\u200a\u202f"), " ")
_WIDE = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}  # digits and signs as wide as Chinese characters
_PLAIN = _BLANKS | _WIDE | dict.fromkeys(map(ord, "‐‑‒–—−﹣－"), "-")


def is_missing(cell: str) -> bool:
    """Return whether *cell* says that there is no number: empty, NA, n/a, NR, a dash or a row of them."""
    return plain(cell).casefold() in _MISSING or not plain(cell).strip("-:.?")


def plain(cell: str) -> str:
    """Return *cell* with plain blanks, digits and dashes."""
    return cell.translate(_PLAIN).strip()


_CURES = {
    r"[\d.,+-]+\s*%": "write 0.75 for 75 %, or no sign in any row where percent is the unit",
    r".*\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\b.*": "a spreadsheet made a date of it: look it up again",
    r".*[<>≤≥=~≈].*": "write the number itself",
}


class UnreadableNumber(ValueError):
    """Raised where a cell is no number, or might be two; *cure* says what to write, unless what the *cell* is like tells."""

    def __init__(self, message: str, cure: str, cell: str = "") -> None:
        super().__init__(message)
        self.cure = next((own for like, own in _CURES.items() if re.fullmatch(like, cell, re.IGNORECASE)), cure)


LEAVE_OUT = "write the number, or leave the study out"
Role = tuple[str, str]  # a mark, and what it is in a number: ",", "grouping"
_SAID = {
    (",", "decimal"): "a comma was read as the decimal point",
    ("·", "decimal"): "a middle dot was read as the decimal point",
    **{(mark, "grouping"): "marks of thousands were dropped" for mark in " ',."},
}


@dataclass(frozen=True, slots=True)
class NumberStyle:
    """How the numbers of one table are written: the roles of its marks, each with a cell that shows it, and its separator."""

    shown: dict[Role, str]
    separator: str = ","

    def notes(self) -> list[str]:
        """Return what was read in another way than written."""
        return [f"{said} ({self.shown[role]})" for role, said in _SAID.items() if role in self.shown]

    def allows(self, roles: Iterable[Role]) -> bool:
        """Return whether no mark has another role in the table, and no role another mark."""
        return not any((mark == known) != (role == shown) for mark, role in roles for known, shown in self.shown)


def learn_style(cells: Iterable[tuple[str, bool]], separator: str) -> NumberStyle:
    """Return how the numbers of a table are written, from its *cells*, each with whether it must be a whole number.

    `0,75` shows that a comma is the decimal point, `1.024,5` that a point marks thousands; `1,024` only a whole number does.
    """
    shown: dict[Role, str] = {}
    for cell, whole in cells:
        readings = _readings(cell, whole=whole)
        if len(readings) == 1:
            shown = {role: cell for roles in readings for role in roles} | shown
    return NumberStyle(shown, separator)


def parse_number(cell: str, style: NumberStyle, *, whole: bool = False) -> float:
    """Return the number in *cell*. Raises UnreadableNumber where there is none, or where it may be two.

    >>> style = learn_style([("0,75", False), ("1.204,5", False)], ";")
    >>> [parse_number(cell, style) for cell in ("0,75", "1.204,5", "1,204", "−0·5", "1 024")]
    [0.75, 1204.5, 1.204, -0.5, 1024.0]
    """
    if not cell:
        raise UnreadableNumber("is empty", LEAVE_OUT)
    text, readings = plain(cell), _readings(cell, whole=whole)
    if whole and readings and "e" in text.casefold():
        raise UnreadableNumber("may have lost digits where a spreadsheet shortened it", "write all digits of the count")
    if not any(map(math.isfinite, readings.values())):
        if whole:
            raise UnreadableNumber("is no count", "write a whole number of patients, or leave the study out")
        cure = LEAVE_OUT if is_missing(cell) else "write a plain number, as 0.75"
        raise UnreadableNumber("is no number", cure, text)
    fitting = {roles: number for roles, number in readings.items() if len(readings) == 1 or style.allows(roles)}
    if len(fitting) > 1:  # nothing in the table tells
        usual = (".", "decimal") if not whole else (",", "grouping") if style.separator == "," else None
        fitting = {roles: number for roles, number in fitting.items() if usual in roles} or fitting
    if len(fitting) != 1:
        small, large = (f"{number:.15g}" for number in sorted(readings.values(), key=abs))
        cure = f"write {large}, or the number with a decimal point and another digit"
        raise UnreadableNumber(f"may be {large} or {small}", cure)
    ((_, number),) = fitting.items()
    if whole and not (0 <= number < 1e12 and number.is_integer()):
        raise UnreadableNumber("is no count", "write a whole number of patients")
    return number


_GROUPED = r"[+-]?[1-9]\d{{0,2}}(?:[{0}]\d{{3}})+(?:[{1}]\d+)?"
_UNGROUPED = r"[+-]?(?:\d+(?:[{1}]\d*)?|[{1}]\d+)(?:[eE][+-]?\d+)?"
_MARKS = [(grouping, decimal) for grouping, decimal in product(("", " ", "'", ",", "."), ".,·") if grouping != decimal]
_PATTERNS = {both: re.compile((_GROUPED if both[0] else _UNGROUPED).format(*both), re.ASCII) for both in _MARKS}
_MIDDLE_DOT = re.compile(r"(?<=\d)[·∙⋅•‧˙](?=\d)")


def _readings(cell: str, *, whole: bool) -> dict[frozenset[Role], float]:
    """Return every number that *cell* may be, by the roles that it gives its marks; of a *whole* one no part of a patient."""
    text, found = _MIDDLE_DOT.sub("·", plain(cell)).replace("’", "'"), {}
    for (grouping, decimal), pattern in _PATTERNS.items():
        if pattern.fullmatch(text):
            roles = ((grouping, "grouping"), (decimal, "decimal"))
            number = float(text.replace(grouping, "").replace(decimal, "."))
            found[frozenset(role for role in roles if role[0] and role[0] in text)] = number
    return {roles: number for roles, number in found.items() if not whole or number.is_integer()} or found


_NUM = r"[+\-−–]?(?:\d+(?:[.,·∙⋅•‧˙]\d+)*|[.,]\d+)(?:[eE][+-]?\d+)?"
_BETWEEN = (
    r"\s*(?:\.\.+|;|\||/|~|…|\bto\b|\bbis\b|\band\b|\bà\b)\s*", r"\s*(?:[–—]|--)\s*", r"\s*,\s*", r"\s*-\s*", r"\s+",
)  # fmt: skip
_LABEL = re.compile(
    r"(?:(?P<before>\d{2}(?:[.,]\d+)?)\s*%\s*-?\s*)?"
    r"(?:(?:ci|cri|ki|ic|confidence interval)\b\s*(?:(?P<after>\d{2}(?:[.,]\d+)?)\s*%)?)?\s*[:=,]?\s*",
    re.IGNORECASE,
)
_P_VALUE = re.compile(r"[,;]?\s*\bp\s*[<=>≤≥]\s*[\d.,·]+\s*", re.IGNORECASE)
_VALUE_FIRST = re.compile(
    rf"(?P<value>{_NUM})\s*[,;:]?\s*(?P<rest>[\(\[\{{].*|\d{{2}}(?:[.,]\d+)?\s*%.*|(?:ci|ki)\b.*)", re.IGNORECASE
)


def split_estimate(cell: str) -> tuple[str, str]:
    """Return value and interval of a cell that holds both, as `0.75 (0.60–0.93)`; the second is empty where it does not.

    >>> split_estimate("0.75 (95% CI 0.60 to 0.93)")
    ('0.75', '(95% CI 0.60 to 0.93)')
    """
    found = _VALUE_FIRST.fullmatch(_P_VALUE.sub("", cell.translate(_BLANKS)).strip())
    return (found["value"], found["rest"]) if found else (cell, "")


def parse_interval(
    cell: str, style: NumberStyle, holds: Callable[[float, float], bool]
) -> tuple[float, float, float | None]:
    """Return lower and upper limit, and the level in percent where the cell names one.

    *holds* says whether two limits fit the value beside them, which decides between a dash and a minus.
    Raises UnreadableNumber where the cell holds no interval, or may hold two.

    >>> style = learn_style([], ",")
    >>> parse_interval("(0.60–0.93)", style, lambda low, high: True)
    (0.6, 0.93, None)
    >>> parse_interval("90% CI: -0.5 to -0.1", style, lambda low, high: True)
    (-0.5, -0.1, 90.0)
    """
    text, level = _strip_label(cell)
    pairs = set(_pairs(text, style))
    rising = {(low, high) for low, high in pairs if low < high}
    fitting = {pair for pair in rising if holds(*pair)} or rising or pairs
    if not fitting:
        raise UnreadableNumber("is no interval", "write both limits, as 0.60 to 0.93, or give them two columns", cell)
    if len(fitting) > 1:
        said = " or ".join(f"{low:g} to {high:g}" for low, high in sorted(fitting))
        raise UnreadableNumber(f"may be {said}", "write “to” between the limits, or give them two columns")
    ((low, high),) = fitting
    if low >= high:
        raise UnreadableNumber(f"runs from {low:g} down to {high:g}", "write the lower limit first, if that is meant")
    return low, high, level


def numbers_in(cell: str) -> Sequence[str]:
    """Return the numbers of a cell with an interval whose limits no comma parts, to learn the style of a table from."""
    parts = re.split("|".join(_BETWEEN[:2]) + r"|(?<=\d)-(?=\d)", _strip_label(cell)[0])
    return [part.strip() for part in parts] if len(parts) == 2 else []


def _strip_label(cell: str) -> tuple[str, float | None]:
    """Return a cell without brackets and `95% CI`, and the level that this names."""
    text = re.sub(r"[()\[\]{}]", " ", cell.translate(_BLANKS)).strip()
    found = _LABEL.match(text)
    said = found and (found["before"] or found["after"])
    return text[found.end() if found else 0 :].strip(), float(said.replace(",", ".")) if said else None


def _pairs(text: str, style: NumberStyle) -> Iterable[tuple[float, float]]:
    for between in _BETWEEN:
        for found in re.finditer(between, text, re.IGNORECASE):
            try:
                yield parse_number(text[: found.start()], style), parse_number(text[found.end() :], style)
            except ValueError:
                continue
