"""Read the chapters as text."""

from livrev.diagnostics import Problem
from livrev.paths import Repository
from livrev.records.text_files import read_text


def read_chapters(repository: Repository) -> tuple[dict[str, str], list[Problem]]:
    """Return the text of each chapter by the name of its file, and a problem for each that cannot be read."""
    chapters, problems = {}, []
    for path in repository.chapter_files():
        text, found = read_text(path, repository)
        problems += found
        if not found:
            chapters[repository.relative(path)] = text
    return chapters, problems
