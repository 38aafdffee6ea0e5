"""Plan how a draft that a person has read becomes rows of the table of results."""

import csv
import io
import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from livrev.diagnostics import Problem, ReviewError
from livrev.records.plain_yaml import Mapping as Front
from livrev.records.plain_yaml import read_yaml
from livrev.records.review import Review
from livrev.records.text_files import read_text
from livrev.sources.draft import MARKS
from livrev.transaction import NewText, digest_of

_FENCE = "---\n"


def plan_acceptance(review: Review, key: str) -> tuple[list[str], Mapping[Path, NewText]]:
    """Return the rows that the draft *key* adds, as CSV, and the new text of every file it concerns.

    Raises ReviewError with everything in the draft that is not settled.
    """
    repository = review.repository
    note, draft = repository.drafts / f"{key}.md", repository.drafts / f"{key}.csv"
    if not re.fullmatch(r"\w+", key) or not note.is_file() or not draft.is_file():
        there = ", ".join(sorted(path.stem for path in repository.drafts.glob("*.md"))) or "there is none"
        name = repository.relative(note)
        raise ReviewError([Problem(name, 1, "draft", key, "is no draft", f"give the key of one: {there}")])
    read_on, problems = _check_note(review, note)
    rows, found = _read_rows(review, draft, read_on)
    problems += found
    if problems:
        raise ReviewError(problems)
    outcomes = repository.data / review.tables["outcomes"].table.path
    table = outcomes.read_bytes().decode("utf-8")
    newline = "\r\n" if "\r\n" in table else "\n"
    added = "".join(row + newline for row in rows)
    gap = "" if table.endswith("\n") or not table else newline
    texts = {outcomes: table + gap + added if rows else table, note: None, draft: None}
    return rows, {path: NewText(text, digest_of(path)) for path, text in texts.items()}


def _check_note(review: Review, path: Path) -> tuple[str, list[Problem]]:
    """Return the day on which a person read the source, and what the note leaves open."""
    name = review.repository.relative(path)
    text, problems = read_text(path, review.repository)
    front, problems = (
        read_yaml(text.removeprefix(_FENCE).partition("\n" + _FENCE)[0], name, first_line=2) if text else ({}, problems)
    )
    if problems or not isinstance(front, Front):
        return "", problems or [Problem(name, 1, "front matter", "", "is missing", "restore it from git")]
    day = str(front.get("read_on") or "")
    if front.get("read") is not True:
        cure = "read the source first, then write yes"
        problems.append(Problem(name, front.line_of("read"), "read", "no", "is not yes", cure))
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", day):
        problems.append(Problem(name, front.line_of("read_on"), "read_on", day, "is no day", "write YYYY-MM-DD"))
    for finding in front.get("findings") or []:
        if isinstance(finding, Front) and finding.get("statement"):
            line, cure = (
                finding.line_of("statement"),
                f"move the note to data/sources/{path.name} first, or empty the statement",
            )
            problems.append(Problem(name, line, "statement", str(finding["statement"]), "would be lost", cure))
            break
    return day, problems


def _read_rows(review: Review, path: Path, read_on: str) -> tuple[list[str], list[Problem]]:
    """Return the rows that were kept, as lines of CSV, and a problem for each that nobody decided on."""
    name = review.repository.relative(path)
    columns = [column.name for column in review.tables["outcomes"].table.columns]
    text, problems = read_text(path, review.repository)
    reader = csv.DictReader(io.StringIO(text, newline=""))
    if problems or list(reader.fieldnames or ()) != [*columns, *MARKS]:
        cure = "the columns are those of data/outcomes.csv, then " + ", ".join(MARKS)
        return [], problems or [Problem(name, 1, "header", "", "has other columns than a draft", cure)]
    kept = []
    for row in reader:
        said = (row["read"] or "").strip().lower()
        if said not in ("yes", "drop"):
            cure = "compare it with its sentence, then write yes or drop"
            problems.append(Problem(name, reader.line_num, "read", said, f"is undecided ({row['outcome']})", cure))
        if said == "yes":
            kept.append(_line(columns, row | {"read_on": row["read_on"] or read_on}))
    return kept, problems


def _line(columns: Iterable[str], row: Mapping[str, str]) -> str:
    buffer = io.StringIO()
    csv.DictWriter(buffer, list(columns), extrasaction="ignore", lineterminator="").writerow(row)
    return buffer.getvalue()
