"""Read the tables of a review as datapackage.json describes them; every error names file, line and column."""

import csv
import datetime
import io
import json
import re
from array import array
from collections.abc import Iterable, Iterator, Mapping, MutableSequence, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, partial
from itertools import chain
from pathlib import PurePosixPath
from typing import Annotated, Any

from pydantic import AliasPath, BaseModel, BeforeValidator, Field, ValidationError, model_validator

from livrev.diagnostics import Problem, suggest
from livrev.paths import Repository
from livrev.progress import say
from livrev.records import model, readings, search_log
from livrev.records.long_tables import LONG, Cell, Cells, LongRows
from livrev.records.measures import Printed
from livrev.records.model import Pattern
from livrev.records.plain_yaml import explain
from livrev.records.safe_text import HTML, fault_of, hidden_in
from livrev.records.text_files import explain_header, read_lines, read_text, spreadsheet_damage
from livrev.text.vocabulary import Vocabulary

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_FIRST_YEAR = 1900
_TOLD = 100_000  # lines between two words on how far the reading has come
_MOST_KNOWN = 10_000
_MOST_PROBLEMS = 2_000  # of one table: nobody reads more, and a million of them fill the memory
_LONGEST_CELL = 100_000  # signs
_DIGITS = 15  # more than these a float does not keep
MODELS: dict[str, type[BaseModel]] = {
    "strategies": model.Strategy, "studies": model.Study, "trials": model.Trial, "outcomes": model.Outcome,
    "pools": model.PoolPlan, "networks": model.NetworkPlan, "appraisals": model.Appraisal, "tradeoffs": model.Consequence,
    "meta_pools": model.PublishedPool, "meta_tables": model.PublishedStudy, "retractions": model.Retraction,
    "renamed_keys": model.RenamedKey, "arithmetic": model.ArithmeticClaim, "retelling": model.RetellingStep,
    "prisma": model.PrismaItem, "bias": readings.BiasFact, "bias_judgements": readings.BiasJudgement,
    "readings": readings.Reading, "verdict_readings": readings.VerdictReading,
    "search_strategies": search_log.Search, "queries": search_log.Query,
    "candidates": search_log.Candidate, "screening": search_log.Screened,
}  # fmt: skip
"""What the rows of a table become, if the package reads them; a review may have further tables and columns of its own."""
TABLE_OF = {kind: table for table, kind in MODELS.items()}
_OPTIONAL = ("networks", "tradeoffs", "meta_pools", "meta_tables", "renamed_keys")  # a review may have none


class Column(BaseModel, frozen=True):
    """One column as datapackage.json describes it; what else that says is for others."""

    name: str
    type: str
    description: str
    required: bool = False
    unique: bool = False
    allowed: tuple[str, ...] = Field(default=(), validation_alias="enum")
    pattern: Pattern | None = None
    minimum: float | None = None
    maximum: float | None = None
    vocabulary: str | None = None
    delimiter: str | None = None
    keys_of: dict[str, str] | None = Field(default=None, validation_alias="keysOf")  # whose rows a list names
    unit: str | None = None

    @model_validator(mode="before")
    @classmethod
    def _with_constraints(cls, said: Any) -> Any:
        return said | said.get("constraints", {}) if isinstance(said, dict) else said


Names = Annotated[tuple[str, ...], BeforeValidator(lambda said: (said,) if isinstance(said, str) else said)]


class ForeignKey(BaseModel, frozen=True):
    """Columns whose cells name rows of another table."""

    fields: Names
    table: str = Field(validation_alias=AliasPath("reference", "resource"))
    named: Names = Field(validation_alias=AliasPath("reference", "fields"))


class Table(BaseModel, frozen=True):
    """One table as datapackage.json describes it."""

    name: str
    path: str
    title: str = ""
    description: str = ""
    columns: tuple[Column, ...] = Field(validation_alias=AliasPath("schema", "fields"))
    key: Names = Field(default=(), validation_alias=AliasPath("schema", "primaryKey"))
    foreign_keys: tuple[ForeignKey, ...] = Field(default=(), validation_alias=AliasPath("schema", "foreignKeys"))

    @property
    def names(self) -> list[str]:
        """The names of its columns, in their order."""
        return [column.name for column in self.columns]

    @property
    def links(self) -> tuple[ForeignKey, ...]:
        """Its foreign keys, and those of lists, which a data package does not know."""
        lists = ({"fields": c.name, "reference": c.keys_of} for c in self.columns if c.keys_of)
        return (*self.foreign_keys, *map(ForeignKey.model_validate, lists))


class _Package(BaseModel, frozen=True):
    resources: tuple[Table, ...]


@dataclass(slots=True)
class Rows:
    """The rows of one table that could be read, each with its line, and the names in those that could not.

    *whole* is false where the table itself could not be read.
    """

    table: Table
    records: list[Cells] | LongRows = field(default_factory=list)
    lines: MutableSequence[int] = field(default_factory=lambda: array("L"))
    lost: dict[str, Problem] = field(default_factory=dict)
    whole: bool = True

    def column(self, name: str) -> Iterator[Any]:
        """Yield the value of one column in each row."""
        if isinstance(self.records, LongRows):
            return self.records.column(name)
        return (record[name] for record in self.records)


def read_schema(repository: Repository) -> tuple[dict[str, Table], list[Problem]]:
    """Return the tables that datapackage.json describes, by name."""
    name = repository.relative(repository.datapackage)
    text, problems = read_text(repository.datapackage, repository)
    if problems:
        return {}, problems
    package = None
    try:
        package = json.loads(text)
        tables = {table.name: table for table in _Package.model_validate(package).resources}
    except json.JSONDecodeError as error:
        said = f"cannot be read ({error.msg})"
        return {}, [Problem(name, error.lineno, "JSON", "", said, "mend the JSON at this line")]
    except RecursionError:
        return {}, [Problem(name, 1, "JSON", "", "is nested too deeply", "flatten it")]
    except ValidationError as error:
        return {}, list(explain(error, package, name))
    problems = list(_check_schema(tables, partial(Problem, name, 1)))
    return ({} if problems else tables), problems


def _check_schema(tables: dict[str, Table], problem: "partial[Problem]") -> Iterable[Problem]:
    """Yield what the package needs and datapackage.json does not describe, and what it describes but cannot be."""
    for needed, kind in MODELS.items():
        optional = needed in _OPTIONAL
        if needed in tables:
            own = {*tables[needed].names, *(("condition",) if kind is model.Study else ())}
            read = {name for name, field in kind.model_fields.items() if field.is_required() or not optional}
            for column in sorted(read.union(getattr(kind, "COLUMNS", ())) - own):
                yield problem(needed, column, "is not described", "describe the column; the package reads it")
        elif not optional:
            yield problem("resources", needed, "is not described", "describe the table, as data/README.md says")
    for table in tables.values():
        path = PurePosixPath(table.path)
        if path.is_absolute() or ".." in path.parts:
            yield problem("path", table.path, "leads out of data/", "give the path of a file below data/")
        own = set(table.names)
        for key in table.links:
            known = set(tables[key.table].names) if key.table in tables else set()
            if not set(key.fields) <= own or not set(key.named) <= known:
                value = f"{table.name} to {key.table}"
                yield problem("foreignKeys", value, "names no column", "name columns of both tables")
        if not set(table.key) <= own:
            yield problem("primaryKey", ", ".join(table.key), "names no column", "name columns of the table")


def read_table(table: Table, repository: Repository, vocabulary: Vocabulary) -> tuple[Rows, list[Problem]]:
    """Return the rows of *table* that hold to its schema and to their record, and a problem for all that does not.

    Empty cells and `NA` become None.
    """
    name, rows = repository.relative(repository.data / table.path), Rows(table, whole=False)  # until its end is reached
    lines, problems = read_lines(repository.data / table.path, repository)
    if problems:
        return rows, problems
    first, expected = next(lines, ""), table.names
    reader = csv.reader(chain([first], lines), strict=True)
    read, last = LongRows(expected), 0
    known: list[dict[str, Cell]] = [{} for _ in expected]
    try:
        if (header := next(reader, [])) != expected:
            wrong = ", ".join(sorted({*header} ^ {*expected}) or ["order of columns"])
            cure = "the columns are, in this order: " + ",".join(expected)
            other = ("header", wrong, "does not match data/datapackage.json", cure)
            return rows, [Problem(name, 1, *(explain_header(first.rstrip("\r\n"), expected) or other), cause=True)]
        last = reader.line_num
        for cells in reader:
            if max(map(len, cells), default=0) > _LONGEST_CELL:  # csv has a limit that any library may lift
                raise csv.Error(f"a cell is longer than {_LONGEST_CELL:,} signs")
            line, last = last + 1, reader.line_num
            if len(problems) > _MOST_PROBLEMS:
                cure = "mend what stands above first: most likely it is one mistake, made in every row"
                problems.append(Problem(name, line, "row", "", "and all below it were not read", cure))
                break
            if line % _TOLD == 0:
                say(f"{name}: {line:,} lines read")
            record, found = _read_row(table, cells, name, line, vocabulary, known)
            problems += found
            if cause := next((problem for problem in found if not problem.unsafe), None):
                _lose(rows, cells, cause)
            else:
                read.append(record)
                rows.lines.append(line)
        else:
            rows.whole = True
    except csv.Error as error:
        cure = "mend the quotes of the row that begins here, or shorten its longest cell"
        problems.append(Problem(name, last + 1, "row", "", f"cannot be read ({error})", cure, cause=True))
    rows.records = read if len(read) >= LONG else list(read)
    problems.extend(_check_keys(rows, name))
    return rows, problems


def _lose(rows: Rows, cells: list[str], cause: Problem) -> None:
    """Remember the names that a row which cannot be read gives: its key, and (as `cite:…`) the papers that it cites."""
    for column, cell in zip(rows.table.columns, cells, strict=False):
        cites = column.name.endswith(("citekey", "citekeys"))
        if cites or column.name in rows.table.key or column.unique:
            for part in filter(None, map(str.strip, cell.split(column.delimiter or ";"))):
                rows.lost.setdefault(f"cite:{part}" if cites else part, cause)


def _read_row(
    table: Table, cells: list[str], name: str, line: int, vocabulary: Vocabulary, known: list[dict[str, Cell]]
) -> tuple[Cells, list[Problem]]:
    """Return one row, which fits its record, and its problems; *known* holds, a column, the values of cells in order.

    Most cells of a long table say what others have said: they are read once, and are one object in memory.
    """
    if len(cells) != len(table.columns):
        cure = f"expected {len(table.columns)}; quote cells that hold a comma"
        return {}, [Problem(name, line, "row", ",".join(cells)[:60], f"has {len(cells)} cells", cure, cause=True)]
    record: Cells = {}
    problems = []
    for column, cell, values in zip(table.columns, cells, known, strict=True):
        if cell in values:
            record[column.name] = values[cell]
            continue
        try:
            value = record[column.name] = _read_cell(column, cell, vocabulary)
        except ValueError as error:
            message, _, cure = str(error).partition("; ")
            problems.append(Problem(name, line, column.name, cell, message, cure, cause=True))
            continue
        if column.type == "string" and (unsafe := list(unsafe_text(cell, name, line, column.name))):
            problems += unsafe
        elif len(values) < _MOST_KNOWN:
            values[cell] = value
    if table.name in MODELS and all(problem.unsafe for problem in problems):
        try:
            MODELS[table.name].model_validate(record)
        except ValidationError as error:
            problems += [replace(fault, line=line, cause=True) for fault in explain(error, record, name)]
    return record, problems


def unsafe_text(text: str, file: str, line: int, field_name: str) -> Iterable[Problem]:
    """Yield a problem where *text* holds markup, or would be taken for a formula by a spreadsheet."""
    problem = partial(Problem, file, line, field_name, text, unsafe=True)
    if HTML.search(text):
        yield problem("holds HTML", "write plain words (the book shows it escaped)")
    if text.startswith(_FORMULA):
        yield problem("begins like a spreadsheet formula", "begin with a letter or digit (exports put ' before it)")


def _read_cell(column: Column, cell: str, vocabulary: Vocabulary) -> Cell:
    """Return the value of one cell; raise ValueError("what is wrong; cure")."""
    if cell != cell.strip():
        raise ValueError("has a space at its edge; delete the space")
    if _CONTROL.search(cell):
        raise ValueError("holds a control character or a line break; delete it")
    if hidden := hidden_in(cell):
        raise ValueError(f"{hidden[1]}; {hidden[2]}")
    if cell in ("", "NA"):
        if column.required and not (cell == "NA" and (column.allowed or column.vocabulary)):
            raise ValueError("is missing; this column must be filled")
        if column.delimiter:
            return ()
        return "NA" if cell == "NA" and "NA" in column.allowed else None
    if column.delimiter:
        return tuple(_read_text(column, part.strip(), vocabulary) for part in cell.split(column.delimiter))
    if column.type in ("integer", "number"):
        return _read_number(column, cell)
    if column.type == "date":
        return _read_date(cell)
    if (damage := spreadsheet_damage(cell)) and not (column.pattern and re.fullmatch(column.pattern, cell)):
        raise ValueError(damage)
    if column.name == "address" and (fault := fault_of(cell)):
        raise ValueError("; ".join(fault))
    return _read_text(column, cell, vocabulary)


def _read_number(column: Column, cell: str) -> float:
    if column.type == "integer" and not re.fullmatch(r"-?[0-9]+", cell):
        raise ValueError("is not a whole number; write digits only")
    number = Printed(cell)
    if len(cell) > _DIGITS:
        raise ValueError(f"has more than {_DIGITS} digits; no result is that long")
    if column.name == "year" and number > datetime.date.today().year + 1:
        raise ValueError("lies in the future; give the year of the document")
    if column.minimum is not None and number < column.minimum:
        raise ValueError(f"is below {column.minimum:g}; check the digits and the unit")
    if column.maximum is not None and number > column.maximum:
        raise ValueError(f"is above {column.maximum:g}; check the digits and the unit")
    return int(cell) if column.type == "integer" else number


@cache
def _read_date(cell: str) -> datetime.date:
    try:
        if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", cell):
            raise ValueError
        date = datetime.date.fromisoformat(cell)
    except ValueError:
        raise ValueError("is not a date; write YYYY-MM-DD") from None
    if date.year < _FIRST_YEAR:
        raise ValueError(f"lies before {_FIRST_YEAR}; check the digits")
    if date > datetime.date.today():
        raise ValueError("lies in the future; give the day on which it was read")
    return date


_EXAMPLES = {  # columns whose pattern nobody would read, with what to write
    "doi": "write the bare DOI, from 10. on",
    "pmid": "write the digits only",
    "nct": "write NCT and eight digits, or the number of another registry as it writes it; several with ; between",
    "p": "write it as 0.03, <0.001 or 3e-5; leave it empty where only “not significant” was said",
    "completion": "write YYYY, YYYY-MM or YYYY-MM-DD",
    **dict.fromkeys(("outcomes", "comparators", "studies", "published"), "write identifiers with ; between, no space"),
    **dict.fromkeys(("outcome", "study"), "write small letters, digits and hyphens, no space"),
}


def _read_text(column: Column, cell: str, vocabulary: Vocabulary) -> str:
    if column.allowed and cell not in column.allowed:
        raise ValueError(f"is not an allowed value; use one of {', '.join(column.allowed)}")
    if column.pattern and not re.fullmatch(column.pattern, cell):
        raise ValueError(f"has the wrong form; {_EXAMPLES.get(column.name, f'expected the pattern {column.pattern}')}")
    if column.vocabulary and cell not in vocabulary.ids(column.vocabulary) and not cell.startswith("other:"):
        cure = f"add it to data/vocabulary.yml under {column.vocabulary}, or mend it"
        raise ValueError(f"is not in the vocabulary; {cure}")
    return cell


def _check_keys(rows: Rows, name: str) -> Iterator[Problem]:
    """Yield each row whose key, or whose cell of a unique column, another row has."""
    for key in filter(None, (rows.table.key, *((column.name,) for column in rows.table.columns if column.unique))):
        seen: dict[Any, int] = {}
        one = len(key) == 1  # of a long table the values themselves are held, no tuple of each
        values = rows.column(key[0]) if one else zip(*map(rows.column, key), strict=True)
        for value, line in zip(values, rows.lines, strict=True):
            if (first := seen.setdefault(value, line)) != line:
                shown = str(value) if one else ", ".join(map(str, value))
                yield Problem(name, line, ", ".join(key), shown, "stands twice", f"it stands already at line {first}")


def check_foreign_keys(tables: dict[str, Rows], names: dict[str, str]) -> Iterator[Problem]:
    """Yield a problem for each cell that points to a row that is not there."""
    names_in = cache(lambda table, column: set(tables[table].column(column)))
    for table, rows in tables.items():
        for key in (key for key in rows.table.links if tables[key.table].whole):
            field, cure = key.fields[0], f"add it to {names[key.table]}, or mend it"
            known = names_in(key.table, key.named[0])
            for cell, line in zip(rows.column(field), rows.lines, strict=True):
                for value in cell if isinstance(cell, tuple) else (cell,):
                    if value is not None and value not in known:
                        near = suggest(str(value), map(str, known), cure, likeness=0.85)
                        yield Problem(names[table], line, field, str(value), f"is not in {key.table}", near)


def csv_line(columns: Sequence[str], row: Mapping[str, Any]) -> str:
    """Return a *row* as CSV, without a line end. Raises ValueError where it has a cell of no column."""
    line = io.StringIO()
    csv.DictWriter(line, columns, restval="", lineterminator="").writerow(row)
    return line.getvalue()


def append_lines(text: str, lines: Iterable[str]) -> str:
    """Return the CSV *text* with *lines* behind it, in its own line ends; what stands there stays as it is, to the byte."""
    newline = "\r\n" if "\r\n" in text else "\n"
    return text + ("" if text.endswith("\n") or not text else newline) + "".join(line + newline for line in lines)


def append_rows(text: str, columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> str:
    """Return the CSV *text* with *rows* behind it; what stands there stays as it is, to the byte."""
    return append_lines(text, (csv_line(columns, row) for row in rows))
