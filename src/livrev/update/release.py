"""Check that everything says the same version before a release goes out, and find the words for it."""

import re
import tomllib
from collections.abc import Iterator
from datetime import date
from functools import partial

from livrev.checks.book_files import find_unwritten
from livrev.diagnostics import Problem, WrongCall
from livrev.paths import Repository
from livrev.records.plain_yaml import read_mapping
from livrev.records.review import Review
from livrev.review.snapshot import VERSION, dump_snapshot, take_snapshot

_TAG = re.compile(rf"v?({VERSION.pattern})")


def version_of(tag: str) -> str:
    """Return the version that *tag* names, as 1.2.0 of v1.2.0. Raises WrongCall for another word."""
    if (match := _TAG.fullmatch(tag)) is None:
        raise WrongCall(f"{tag} names no version; write three numbers, as v1.2.0")
    return match[1]


def check_release(review: Review, version: str) -> list[Problem]:
    """Return what does not say *version* yet, is not on record for it, or is left to write."""
    repository = review.repository
    day, problems = _check_citation(repository, version)
    text, name = _read(repository, "pyproject.toml"), "pyproject.toml"
    said = str(tomllib.loads(text).get("project", {}).get("version", ""))
    if text and said != version:  # a review that uses the package of another has none
        line = next((n for n, words in enumerate(text.splitlines(), 1) if words.startswith("version")), 1)
        problems.append(Problem(name, line, "version", said, f"is not the release {version}", f"write {version}"))
    problems += [*_check_changes(repository, version, day), *_check_snapshot(review, version, day)]
    return sorted([*problems, *find_unwritten(repository)])


def notes_of(repository: Repository, version: str) -> str:
    """Return what the changelog says of *version*, without its head; empty where it says nothing."""
    head = rf"^## {re.escape(version)}\b[^\n]*\n"
    section = re.search(rf"{head}(.*?)(?=^## |\Z)", _read(repository, "CHANGELOG.md"), re.MULTILINE | re.DOTALL)
    return section[1].strip() + "\n" if section else ""


def _check_citation(repository: Repository, version: str) -> tuple[str, list[Problem]]:
    """Return the day of the release by CITATION.cff, and what is wrong with that file."""
    name = repository.relative(repository.citation)
    data, problems = read_mapping(repository.citation, repository)
    if data is None:
        return "", problems
    said, day = str(data.get("version", "")), data.get("date-released")
    if said != version:
        cure = f"write {version}"
        problems.append(Problem(name, data.line_of("version"), "version", said, f"is not the release {version}", cure))
    if isinstance(day, date):
        return day.isoformat(), problems
    line, cure = data.line_of("date-released"), "write it as 2026-01-31"
    return "", [*problems, Problem(name, line, "date-released", str(day or ""), "is no day", cure)]


def _check_changes(repository: Repository, version: str, day: str) -> Iterator[Problem]:
    text = _read(repository, "CHANGELOG.md")
    head = re.search(rf"^## {re.escape(version)} \((\d{{4}}-\d\d-\d\d)\)$", text, re.MULTILINE)
    problem = partial(Problem, "CHANGELOG.md", text.count("\n", 0, head.start()) + 1 if head else 1)
    if head is None:
        cure = f"give what is unreleased the head “## {version} ({day or 'DATE'})”"
        yield problem("release", version, "has no section with its date", cure)
    elif day and head[1] != day:
        yield problem("date", head[1], f"is not the day in CITATION.cff, {day}", "mend one of them")
    elif not notes_of(repository, version).strip():
        yield problem("release", version, "says nothing of what changed", "write it for readers")


def _check_snapshot(review: Review, version: str, day: str) -> Iterator[Problem]:
    name = review.repository.relative(review.repository.history / f"{version}.json")
    if not (held := _read(review.repository, name)):
        yield Problem(name, 1, "snapshot", version, "is not on record", f"take it: livrev snapshot {version}")
    elif day:
        now = dump_snapshot(take_snapshot(review, version=version, date=date.fromisoformat(day)))
        if held != now:
            pairs = zip(held.splitlines(), now.splitlines(), strict=False)
            line = next((n for n, (a, b) in enumerate(pairs, 1) if a != b), 1)
            cure = f"the records, or the day, changed since: delete it, then livrev snapshot {version}"
            yield Problem(name, line, "snapshot", version, "is not what the review says now", cure)


def _read(repository: Repository, name: str) -> str:
    path = repository.root / name
    return path.read_text(encoding="utf-8") if path.is_file() else ""
