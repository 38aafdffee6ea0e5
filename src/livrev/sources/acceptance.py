"""Plan how a draft that a person has read becomes rows of the tables, and prove first that the tables then hold.

The tables are checked as they would be, before anything is written: what `livrev check` would say of the new rows is said
of the rows of the draft, and the draft stays.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from livrev.checks.run import check_review
from livrev.diagnostics import Problem, ReviewError
from livrev.records.plain_yaml import Mapping as Front
from livrev.records.plain_yaml import read_yaml
from livrev.records.review import Review
from livrev.records.tables import append_lines, csv_line
from livrev.records.text_files import read_text
from livrev.sources.draft_tables import MARKS, study_draft
from livrev.stats.spreadsheet import read_sheet
from livrev.transaction import NewText, held_in

_FENCE = "---\n"
_Rows = dict[int, dict[str, str]]  # by their lines in the draft


@dataclass(frozen=True, slots=True)
class Acceptance:
    """What accepting a draft changes: the rows that each table gains, as CSV, and the new text of every file."""

    rows: Mapping[str, tuple[str, ...]]
    texts: Mapping[Path, NewText]


def plan_acceptance(review: Review, key: str) -> Acceptance:
    """Return what accepting the draft *key* changes.

    Raises ReviewError with everything in the draft that is not settled; where all is, with everything that the tables would
    then hold wrong, by file, line, field and value of the draft.
    """
    repository = review.repository
    note, draft, study = repository.drafts / f"{key}.md", repository.drafts / f"{key}.csv", study_draft(repository, key)
    if not re.fullmatch(r"\w+", key) or not note.is_file() or not draft.is_file():
        there = ", ".join(sorted(path.stem for path in repository.drafts.glob("*.md"))) or "there is none"
        name = repository.relative(note)
        raise ReviewError([Problem(name, 1, "draft", key, "is no draft", f"give the key of one: {there}")])
    read_on, problems = _check_note(review, note)
    drafts = {"outcomes": draft} | ({"studies": study} if study.is_file() else {})
    kept: dict[str, _Rows] = {}
    for table, path in drafts.items():
        needed = None
        if table == "studies":
            needed = {row["study"] for row in kept["outcomes"].values()} - set(review.studies)
        kept[table], undecided = _read_rows(review, path, table, read_on, needed)
        problems += undecided
    if problems:
        raise ReviewError(problems)
    rows, tables = {}, {}
    for table, read in kept.items():
        names = review.tables[table].table.names  # what a draft adds to its table stays behind
        rows[table] = tuple(csv_line(names, {name: row[name] for name in names}) for row in read.values())
        if read:
            path = _path(review, table)
            tables[path] = append_lines(path.read_bytes().decode("utf-8"), rows[table])
    _check_tables(review, drafts, kept, tables)
    texts: dict[Path, str | None] = dict(tables) | dict.fromkeys((note, *drafts.values()))
    return Acceptance(rows, {path: NewText(text, held_in(path)) for path, text in texts.items()})


def _path(review: Review, table: str) -> Path:
    return review.repository.data / review.tables[table].table.path


def _check_tables(review: Review, drafts: dict[str, Path], kept: dict[str, _Rows], tables: dict[Path, str]) -> None:
    """Raise ReviewError with what would be wrong with the new *tables* and is not wrong today."""
    book = ("pool evidence",)  # what pools and chapters must say of a study can be written once it is in
    repository = review.repository
    places: dict[tuple[str, int], tuple[str, int]] = {}  # of a new row, in its draft
    for table, rows in kept.items():
        if (path := _path(review, table)) in tables:
            file, first = repository.relative(path), tables[path].count("\n") - len(rows) + 1
            draft = repository.relative(drafts[table])
            places |= {(file, first + n): (draft, line) for n, line in enumerate(rows)}
    after, before = (check_review(where, but=book) for where in (replace(repository, planned=tables), repository))
    if new := set(after) - set(before):
        found = ((problem, *places.get((problem.file, problem.line), (problem.file, problem.line))) for problem in new)
        raise ReviewError(replace(problem, file=file, line=line) for problem, file, line in found)


def _check_note(review: Review, path: Path) -> tuple[str, list[Problem]]:
    """Return the day on which a person read the source, and what the note leaves open."""
    name = review.repository.relative(path)
    text, problems = read_text(path, review.repository)
    front: object = None
    if text:
        front, problems = read_yaml(text.removeprefix(_FENCE).partition("\n" + _FENCE)[0], name, first_line=2)
    if problems or not isinstance(front, Front):
        return "", problems or [Problem(name, 1, "front matter", "", "is missing", "restore it from git")]
    day = str(front.get("read_on") or "")
    if front.get("read") is not True:
        cure = "read the source first, then write yes"
        problems.append(Problem(name, front.line_of("read"), "read", "no", "is not yes", cure))
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", day):
        problems.append(Problem(name, front.line_of("read_on"), "read_on", day, "is no day", "write YYYY-MM-DD"))
    kept = (said for said in front.get("findings") or [] if isinstance(said, Front) and said.get("statement"))
    if finding := next(kept, None):
        cure = f"move the note to data/sources/{path.name} first, or empty the statement"
        line, said = finding.line_of("statement"), str(finding["statement"])
        problems.append(Problem(name, line, "statement", said, "would be lost", cure))
    return day, problems


def _read_rows(
    review: Review, path: Path, table: str, read_on: str, needed: Collection[str] | None
) -> tuple[_Rows, list[Problem]]:
    """Return the rows of a draft that were kept, and a problem for each that nobody decided on.

    With *needed*, the names of studies, a row of another study may stay undecided.

    A draft may come back from a spreadsheet, with semicolons, as UTF-16, or with a line break in a cell: a cell is one line.
    """
    name, columns = review.repository.relative(path), [*review.tables[table].table.names, *MARKS]
    sheet = read_sheet(name, path.read_bytes(), columns.__contains__)
    if sheet.header != columns:
        wrong = sorted(set(sheet.header) ^ set(columns)) or ["order of columns"]
        cure = f"the columns are those of {review.repository.relative(_path(review, table))}, then {', '.join(MARKS)}"
        return {}, [Problem(name, 1, "header", ", ".join(wrong), "does not match", cure)]
    kept, problems = {}, sheet.problems
    for line, cells in sheet.rows:
        row = {column: " ".join(cell.split()) for column, cell in zip(columns, cells, strict=True)}
        said = row["read"].lower()
        if said == "yes":
            kept[line] = row | {"read_on": row["read_on"] or read_on}
        elif said != "drop" and (needed is None or row["study"] in needed):
            cure = f"compare it with {'its sentence' if table == 'outcomes' else 'the source'}, then write yes or drop"
            problems.append(Problem(name, line, "read", row["read"], f"is undecided ({row[columns[0]]})", cure))
    return kept, problems
