"""Read a table as spreadsheets and statistics programs save it: its encoding, its separator, its way to write numbers.

What has one meaning is read, and noted; what has more than one is refused, with the cure that settles it.
"""

import csv
import io
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from livrev.diagnostics import Problem, ReviewError

_SEPARATORS = (",", ";", "\t", "|")
_OTHER_FILES = {
    b"PK\x03\x04": "a workbook (.xlsx or .ods)",
    b"\xd0\xcf\x11\xe0": "an old Excel workbook (.xls)",
    b"%PDF": "a PDF",
    b"<!DOCTYPE": "a web page",
    b"<html": "a web page",
    b"<table": "a web page",
    b"<?xml": "an XML file",
    b"\x1f\x8b": "a compressed file",
}
_LOOK_FOR_HEADER, _LONGEST_HEADER = 8, 10_000
_LONGEST_CELL = 100_000  # signs
_MISSING = frozenset(
    ("", "na", "n/a", "n.a.", "#n/a", "nan", "nr", "n.r.", "n/r", "nd", "ne", "not reported", "not available", "none",
     "not estimable", "missing", "null", "-", "--", ".", "?")
)  # fmt: skip
_DASHES = dict.fromkeys(map(ord, "‐‑‒–—−﹣－"), "-")
_BLANKS = dict.fromkeys(map(ord, "\u00a0\u2007\u2009\u200a\u202f"), " ") | dict.fromkeys(map(ord, "\u200b\ufeff"))
_MIDDLE_DOT = re.compile(r"(?<=\d)[·∙⋅•‧˙](?=\d)")
_GROUPED = re.compile(r"[+-]?\d{1,3}(?:([ '’])\d{3})(?:\1\d{3})*(?:[.,]\d+)?")
_NUMBER = re.compile(r"[+-]?(?:\d+[.,]?\d*|[.,]\d+)(?:[eE][+-]?\d+)?")
_THOUSANDS = re.compile(r"[+-]?[1-9]\d{0,2}(?:([.,])\d{3})(?:\1\d{3})*")


@dataclass(slots=True)
class Sheet:
    """A table while it is read: header, rows with their lines, and the problems and notes found so far."""

    name: str
    separator: str = ","
    header: list[str] = field(default_factory=list)
    header_line: int = 1
    rows: list[tuple[int, list[str]]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def complain(self, line: int, column: str, value: str, message: str, cure: str) -> None:
        """Add a problem."""
        self.problems.append(Problem(self.name, line, column, value, message, cure))

    def stop_on_problems(self) -> None:
        """Raise ReviewError where there are problems."""
        if self.problems:
            raise ReviewError(self.problems)


def read_sheet(name: str, content: bytes, knows: Callable[[str], bool]) -> Sheet:
    """Return the table in the bytes of a file, called *name* in messages.

    The separator is the one that makes most cells of the header such as *knows* recognises; a first line `sep=;` says it.
    Cells are stripped; blank lines and empty columns at the end are dropped. Raises ReviewError where there is no table.
    """
    sheet = Sheet(name)
    text = _decode(sheet, content)
    if mark := _CONFLICT.search(text):
        cure = "settle the conflict: keep one of the two versions and delete the marks"
        line = text.count("\n", 0, mark.start()) + 1
        sheet.complain(line, "conflict", mark[0].strip(), "is a mark that git left around two versions", cure)
        sheet.stop_on_problems()
    if _INVISIBLE.search(text):
        text = _INVISIBLE.sub("", text)
        sheet.notes.append("characters that nobody sees, which change the direction or join words, were left out")
    lines_before = 0
    if said := re.match(r"\s*\"?sep=(.)\"?[ \t]*(?:\r\n|\r|\n)", text, re.IGNORECASE):
        sheet.separator, text, lines_before = said[1], text[said.end() :], 1
    else:
        heads = [line for line in text.splitlines() if line.strip(' \t,;|"')][:_LOOK_FOR_HEADER]
        sheet.separator = max(
            _SEPARATORS, key=lambda mark: max((_count_known(head, mark, knows) for head in heads), default=(0, 0))
        )
    rows = _split(sheet, text, lines_before)
    start = _find_header(rows, knows)
    if rows:
        (sheet.header_line, sheet.header), sheet.rows = rows[start], rows[start + 1 :]
    if start:
        sheet.notes.append(f"what stands above the header (line {sheet.header_line}) was left out")
    _even_out(sheet)
    return sheet


def _find_header(rows: list[tuple[int, list[str]]], knows: Callable[[str], bool]) -> int:
    """Return the place of the header: the first row, or the first of the next few that names two columns where it names none."""
    known = [sum(knows(cell) for cell in cells) for _, cells in rows[:_LOOK_FOR_HEADER]]
    return next((i for i, many in enumerate(known) if many > 1), 0) if known and known[0] == 0 else 0


def _decode(sheet: Sheet, content: bytes) -> str:
    start = content.lstrip()[:9]
    encodings: tuple[str, ...]
    for mark, what in _OTHER_FILES.items():
        if start.lower().startswith(mark.lower()):
            sheet.complain(1, "file", "", f"is {what}, not a text table", "open it and save the sheet as CSV in UTF-8")
            sheet.stop_on_problems()
    if content.startswith((b"\xff\xfe\x00\x00", b"\x00\x00\xfe\xff")):
        encodings = ("utf-32",)
    elif content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ("utf-16",)
    elif content[1:2] == b"\x00" and content[:1] != b"\x00":
        encodings = ("utf-16-le",)
    elif content[:1] == b"\x00":
        encodings = ("utf-16-be",)
    else:
        encodings = ("utf-8-sig", "cp1252")
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError as error:
            place, line = error.start, content[: error.start].count(b"\n") + 1
            continue
        if encoding == "cp1252":
            sheet.notes.append("the file is not UTF-8 and was read as Windows-1252; look whether names are right")
        if "\x00" not in text:
            return text
        place, line = text.index("\x00"), text[: text.index("\x00")].count("\n") + 1
    sheet.complain(line, "file", f"byte {place}", "is no text", "save the table as CSV in UTF-8")
    raise ReviewError(sheet.problems)


def _count_known(head: str, separator: str, knows: Callable[[str], bool]) -> tuple[int, int]:
    cells = next(csv.reader([head[:_LONGEST_HEADER]], delimiter=separator))
    return sum(knows(cell.strip()) for cell in cells), len(cells)


def _split(sheet: Sheet, text: str, lines_before: int) -> list[tuple[int, list[str]]]:
    """Return the rows that are not blank, each with its line."""
    rows = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=sheet.separator, strict=True)
    try:
        for row in reader:
            if any(len(cell) > _LONGEST_CELL for cell in row):  # csv has a limit that any library may lift
                raise csv.Error(f"a cell is longer than {_LONGEST_CELL:,} signs")
            cells = [cell.strip().strip("\ufeff\u200b").strip() for cell in row]
            if any(cells):
                rows.append((reader.line_num + lines_before, cells))
    except csv.Error as error:
        message = f"is no CSV ({error})"
        sheet.complain(reader.line_num + lines_before, "row", "", message, "close every quotation mark")
    return rows


def _even_out(sheet: Sheet) -> None:
    """Drop empty columns at the end, fill up rows that end early, and refuse rows that are too long."""
    filled = (
        i + 1 for cells in (sheet.header, *(cells for _, cells in sheet.rows)) for i, cell in enumerate(cells) if cell
    )
    wide = min(max(filled, default=0), len(sheet.header))
    sheet.header = sheet.header[:wide]
    for line, cells in sheet.rows:
        if any(cells[wide:]):
            message = f"has {len(cells)} cells where the header has {wide}"
            cure = "write one cell for each column, and a decimal point, not a comma"
            sheet.complain(line, "row", sheet.separator.join(cells), message, cure)
    sheet.rows = [(line, (cells + [""] * wide)[:wide]) for line, cells in sheet.rows if not any(cells[wide:])]


def is_missing(cell: str) -> bool:
    """Return whether *cell* says that there is no number: empty, NA, n/a, NR, a dash."""
    return plain(cell).casefold() in _MISSING


def plain(cell: str) -> str:
    """Return *cell* with plain blanks and dashes."""
    return cell.translate(_BLANKS).translate(_DASHES).translate(_WIDE).strip()


_CONFLICT = re.compile(r"^(?:<{7} .*|>{7} .*|={7}\s*$)", re.MULTILINE)
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]")
_WIDE = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}  # digits and signs as wide as Chinese characters


class UnreadableNumber(ValueError):
    """Raised where a cell is no number, or might be two; *cure* says what to write."""

    def __init__(self, message: str, cure: str) -> None:
        super().__init__(message)
        self.cure = cure


@dataclass(frozen=True, slots=True)
class NumberStyle:
    """How the numbers of one table are written: what a comma and a point mean in it, and which cells show that.

    *decimal* and *grouping* hold, for a mark, a cell that can only be read so; *separator* is that of the table.
    """

    decimal: dict[str, str]
    grouping: dict[str, str]
    separator: str = ","

    def notes(self) -> list[str]:
        """Return what was read in another way than written."""
        said = []
        if cell := self.decimal.get(","):
            said.append(f"a comma was read as the decimal point ({cell})")
        if cell := self.decimal.get("·"):
            said.append(f"a middle dot was read as the decimal point ({cell})")
        said += [f"marks of thousands were dropped ({cell})" for cell in self.grouping.values()]
        return said

    def meaning(self, mark: str, *, whole: bool) -> str:
        """Return what *mark* means before three digits: decimal, grouping, or nothing where the table does not show it."""
        other = "." if mark == "," else ","
        decimal = mark in self.decimal or other in self.grouping
        grouping = mark in self.grouping or bool(self.decimal.keys() & {other, "·"})
        if decimal != grouping:
            return "decimal" if decimal else "grouping"
        if decimal or (mark == "," and not (whole and self.separator == ",")):
            return ""
        if mark == ",":
            return "grouping"
        return "" if whole else "decimal"


def learn_style(cells: Iterable[tuple[str, bool]], separator: str) -> NumberStyle:
    """Return how the numbers of a table are written, from its *cells*, each with whether it must be a whole number.

    `0,75` shows that a comma is the decimal point, `1.024,5` that a point marks thousands; `1,024` shows nothing, but
    for a whole number.
    """
    style = NumberStyle({}, {}, separator)
    for cell, whole in cells:
        text = plain(cell)
        if _MIDDLE_DOT.search(text):
            style.decimal.setdefault("·", cell)
        elif _GROUPED.fullmatch(text):
            style.grouping.setdefault(" ", cell)
        elif {",", "."} <= set(text):
            first, last = sorted(",.", key=text.rindex)
            whole_part = text[: text.rindex(last)]
            if _THOUSANDS.fullmatch(whole_part) and re.fullmatch(r"\d+", text[text.rindex(last) + 1 :]):
                style.grouping.setdefault(first, cell)
                style.decimal.setdefault(last, cell)
        elif found := _THOUSANDS.fullmatch(text):
            if text.count(found[1]) > 1 or (whole and not text.endswith(found[1] + "000")):
                style.grouping.setdefault(found[1], cell)
        elif _NUMBER.fullmatch(text) and (mark := next((m for m in ",." if m in text), "")):
            style.decimal.setdefault(mark, cell)
    return style


def parse_number(cell: str, style: NumberStyle, *, whole: bool = False) -> float:
    """Return the number in *cell*. Raises UnreadableNumber where there is none, or where it may be two.

    >>> style = learn_style([("0,75", False), ("1.204,5", False)], ";")
    >>> [parse_number(cell, style) for cell in ("0,75", "1.204,5", "1,204", "−0·5", "1 024")]
    [0.75, 1204.5, 1.204, -0.5, 1024.0]
    """
    text = plain(cell)
    if whole and re.search("[eE]", text) and _NUMBER.fullmatch(text):
        raise UnreadableNumber("may have lost digits where a spreadsheet shortened it", "write all digits of the count")
    if _MIDDLE_DOT.search(text):
        text = _MIDDLE_DOT.sub(".", text)
        if re.fullmatch(r"[+-]?\d+\.\d+", text):
            return float(text)
    elif _GROUPED.fullmatch(text):
        return float(re.sub(r"[ '’]", "", text).replace(",", "."))
    elif {",", "."} <= set(text):
        first, last = sorted(",.", key=text.rindex)
        end = text.rindex(last)
        if _THOUSANDS.fullmatch(text[:end]) and re.fullmatch(r"\d+", text[end + 1 :]):
            return float(f"{text[:end].replace(first, '')}.{text[end + 1 :]}")
    elif found := _THOUSANDS.fullmatch(text):
        mark = found[1]
        meaning = "grouping" if text.count(mark) > 1 else style.meaning(mark, whole=whole)
        if not meaning:
            digits, decimal = text.replace(mark, ""), text.replace(mark, ".")
            said = f"may be {digits} or {float(decimal):g}"
            raise UnreadableNumber(said, f"write {digits}, or the number with a decimal point and another digit")
        return float(text.replace(mark, "" if meaning == "grouping" else "."))
    elif _NUMBER.fullmatch(text):
        return float(text.replace(",", "."))
    raise UnreadableNumber("is no number", _cure(text))


def _cure(text: str) -> str:
    if "%" in text:
        return "write the number without a percent sign"
    if text[:1] in "<>≤≥=~≈":
        return "write the number itself"
    return "write a plain number, as 0.75"


_NUM = r"[+\-−–]?(?:\d+(?:[.,·∙⋅•‧˙]\d+)*|[.,]\d+)(?:[eE][+-]?\d+)?"
_BETWEEN = (
    r"\s*(?:\.\.+|;|\||/|~|…|\bto\b|\bbis\b|\band\b|\bà\b)\s*",
    r"\s*(?:[–—]|--)\s*",
    r"\s*,\s*",
    r"\s+-\s+",
    r"\s*-\s*",
    r"\s+",
)
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
    text = re.sub(r"[()\[\]{}]", " ", cell.translate(_BLANKS)).strip()
    level = None
    if (found := _LABEL.match(text)) and found.end():
        said = found["before"] or found["after"]
        level = float(said.replace(",", ".")) if said else None
        text = text[found.end() :].strip()
    readings = {pair for pair in _readings(text, style) if pair[0] < pair[1]}
    fitting = {pair for pair in readings if holds(*pair)} or readings
    if len(fitting) == 1:
        return *fitting.pop(), level
    if len(fitting) > 1:
        said = " or ".join(f"{low:g} to {high:g}" for low, high in sorted(fitting))
        raise UnreadableNumber(f"may be {said}", "write “to” between the limits, or give them two columns")
    backwards = set(_readings(text, style))
    if len(backwards) == 1:
        low, high = backwards.pop()
        raise UnreadableNumber(f"runs from {low:g} down to {high:g}", "write the lower limit first, if that is meant")
    raise UnreadableNumber("is no interval", "write both limits, as 0.60 to 0.93, or give them two columns")


def _readings(text: str, style: NumberStyle) -> Iterable[tuple[float, float]]:
    """Yield every way to read *text* as two numbers."""
    for between in _BETWEEN:
        for found in re.finditer(between, text, re.IGNORECASE):
            parts = text[: found.start()].strip(), text[found.end() :].strip()
            try:
                low, high = (parse_number(part, style) for part in parts)
            except ValueError:
                continue
            yield low, high


def numbers_in(cell: str) -> Sequence[str]:
    """Return the numbers of a cell with an interval whose limits no comma parts, to learn the style of a table from."""
    text = _LABEL.sub("", re.sub(r"[()\[\]{}]", " ", cell.translate(_BLANKS)).strip(), count=1)
    parts = re.split("|".join(_BETWEEN[:2]) + r"|(?<=\d)-(?=\d)", text)
    return [part.strip() for part in parts] if len(parts) == 2 else []
