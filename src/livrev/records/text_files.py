"""Read a file as text, or say why it cannot be read: what it is, what a spreadsheet did to it, or the line at which it is not text."""

import csv
import re
import stat
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from io import BytesIO, TextIOWrapper
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from livrev.diagnostics import Problem, find_conflict
from livrev.paths import Repository

_BLOCK = 4_000_000  # bytes; a file up to that is looked at in one piece
# What may stand where a file should, by the letter that stat.filemode gives it.
_KINDS = {"d": "is a folder", "p": "is a pipe", "s": "is a socket", "c": "is a device", "b": "is a device"}
# What other programs write under the name of a text: the first bytes, what they are, and the cure.
_SIGNATURES = (
    (b"\xff\xfe", "is UTF-16", "save the file as UTF-8 (in a spreadsheet: CSV UTF-8, comma delimited)"),
    (b"\xfe\xff", "is UTF-16", "save the file as UTF-8 (in a spreadsheet: CSV UTF-8, comma delimited)"),
    (b"PK\x03\x04", "is a spreadsheet or an archive, not text", "export it as CSV in UTF-8"),
    (b"\xd0\xcf\x11\xe0", "is a spreadsheet of the old kind, not text", "export it as CSV in UTF-8"),
    (b"%PDF-", "is a PDF, not text", "restore the file from git"),
    (b"version https://git-lfs", "is the pointer of a file that was not fetched", "fetch it: git lfs pull"),
)


def read_text(path: Path, repository: Repository) -> tuple[str, list[Problem]]:
    """Return the text of *path* with line feeds, and what is wrong with it; no text where it cannot be read."""
    lines, problems = read_lines(path, repository)
    return "".join(lines), problems


def read_lines(path: Path, repository: Repository) -> tuple[Iterator[str], list[Problem]]:
    """Return the lines of *path*, each with its line feed, and what is wrong with it; none where it cannot be read.

    A long file is read twice, once to look at it and once to give its lines, and never held as a whole.
    """
    fault = find_fault(path, repository)
    return (iter(()), [fault]) if fault else (_lines_of(path, repository), [])


def find_fault(path: Path, repository: Repository, *, text: bool = True) -> Problem | None:
    """Return why *path* cannot be read: it is no file of the repository, or, where it is to be *text*, it is none."""
    name, line = repository.relative(path), 1
    try:
        # looked at before it is opened: a pipe would be waited for without end
        kind = "" if path in repository.planned else stat.filemode(path.stat().st_mode)[0]
        why, cure = _KINDS.get(kind, ""), "put the file itself there"
        if kind in ("-", "d") and path.is_symlink() and not path.resolve().is_relative_to(repository.root.resolve()):
            why = "is a link that leads out of the repository"
        if not why and text:
            with _open(path, repository) as file:
                while block := file.read(_BLOCK) + file.readline():
                    if fault := _fault_in(block, name, line):
                        return fault
                    line += block.count(b"\n")
    except (OSError, RuntimeError) as error:  # RuntimeError: a link that leads to itself
        why, cure = getattr(error, "strerror", None) or "it leads to itself", "restore the file"
    return Problem(name, 1, "file", path.name, f"cannot be read ({why})", cure, cause=True) if why else None


def _open(path: Path, repository: Repository) -> BinaryIO:
    return BytesIO(repository.planned[path].encode()) if path in repository.planned else path.open("rb")


def _lines_of(path: Path, repository: Repository) -> Iterator[str]:
    with TextIOWrapper(_open(path, repository), "utf-8-sig", newline="\n") as lines:
        yield from (line.replace("\r\n", "\n") for line in lines)


def _fault_in(block: bytes, name: str, first: int) -> Problem | None:
    """Return why the block that begins at line *first* of the file *name* is no text."""

    def refuse(after: int, field: str, value: str, message: str, cure: str) -> Problem:
        return Problem(name, first + block.count(b"\n", 0, after), field, value, message, cure, cause=True)

    for signature, message, cure in _SIGNATURES if first == 1 else ():
        if block.startswith(signature):
            return refuse(0, "encoding" if "UTF" in message else "file", PurePosixPath(name).name, message, cure)
    if (at := block.find(b"\0")) >= 0:
        return refuse(at, "text", "\0", "is a NUL byte", "delete the byte; the file is meant to be UTF-8 text")
    try:
        text = block.decode("utf-8-sig" if first == 1 else "utf-8")
    except UnicodeDecodeError as error:
        wrong = f"byte 0x{error.object[error.start]:02x}"
        return refuse(error.start, "encoding", wrong, "is not UTF-8", "save the file as UTF-8")
    marked = any(mark * 7 in block for mark in (b"<", b">", b"|", b"="))
    conflict = find_conflict(text.replace("\r\n", "\n"), name) if marked else None
    return replace(conflict, line=first + conflict.line - 1) if conflict else None


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
_DAMAGE = {
    _DAY: "is a day, which a spreadsheet makes of a name or a number; write what was printed there",
    re.compile(r"#(?:REF|VALUE|NAME|NULL|NUM|DIV/0|N/A|SPILL|CALC|#+)[!?]?|#{3,}", re.IGNORECASE): (
        "is an error that a spreadsheet wrote; write the value itself"
    ),
    re.compile(r"-?\d(?:[.,]\d+)?E[+-]?\d+", re.IGNORECASE): "was rounded by a spreadsheet; write every digit",
}


def explain_header(first: str, expected: Sequence[str]) -> tuple[str, str, str, str] | None:
    """Return field, value, message and cure where the head of a table shows what a spreadsheet did; else None."""
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
    return next((said for form, said in _DAMAGE.items() if form.fullmatch(cell)), None)


def read_texts(paths: Iterable[Path], repository: Repository) -> tuple[dict[str, str], list[Problem]]:
    """Return the text of each of *paths* by its name in the repository, and a problem for each that cannot be read."""
    read = {repository.relative(path): read_text(path, repository) for path in paths}
    problems = [problem for _, found in read.values() for problem in found]
    return {name: text for name, (text, found) in read.items() if not found}, problems


def read_chapters(repository: Repository) -> tuple[dict[str, str], list[Problem]]:
    """Return the text of each chapter by the name of its file, and a problem for each that cannot be read."""
    return read_texts(repository.chapter_files(), repository)
