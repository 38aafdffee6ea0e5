"""Find what is left to write: places of a chapter that still speak to its author."""

import re

from livrev.diagnostics import Problem
from livrev.paths import Repository
from livrev.records.chapters import read_chapters

_LEFT = re.compile(r"^(?:- )?\*To write:\*[ \t]*(?P<what>[^\n]*)$|^:::\{admonition\} (?P<box>Draft)$", re.MULTILINE)


def find_unwritten(repository: Repository) -> list[Problem]:
    """Return every place of the chapters that is left to write; a build does not stop at them, a release does."""
    left = []
    for file, text in read_chapters(repository)[0].items():
        for match in _LEFT.finditer(text):
            line = text.count("\n", 0, match.start()) + 1
            if match["box"]:
                left.append(
                    Problem(file, line, "draft", "", "is marked as a draft", "delete the box when all is written")
                )
            else:
                left.append(
                    Problem(file, line, "to write", match["what"], "is left to write", "write it, or delete the line")
                )
    return left
