"""Check that the snapshots of earlier releases can be read: what changed is told from them."""

from collections.abc import Iterable

from livrev.diagnostics import Problem
from livrev.paths import Repository
from livrev.records.text_files import read_text
from livrev.review.snapshot import load_snapshot


def check_history(repository: Repository) -> Iterable[Problem]:
    """Yield each snapshot that is none."""
    for path in sorted(repository.history.glob("*.json")):
        text, problems = read_text(path, repository)
        yield from problems
        if problems:
            continue
        try:
            load_snapshot(text)
        except (ValueError, RecursionError) as error:
            line = getattr(error, "lineno", 1)
            name = repository.relative(path)
            yield Problem(name, line, "snapshot", "", f"cannot be read ({error})", "restore it from git", cause=True)
