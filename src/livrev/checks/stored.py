"""Check that files are as the repository keeps them: notebooks run and stored as text, the bibliography in order."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from livrev.diagnostics import Problem
from livrev.paths import Repository
from livrev.records.review import Review
from livrev.records.text_files import read_text

_KEPT = "text/plain"
_STORE = "livrev store {} runs it and stores what it says"


def check_stored(review: Review) -> Iterator[Problem]:
    """Yield what of notebooks and bibliography is not as it is kept; none of it makes a page of the book wrong."""
    repository = review.repository
    for path in repository.notebook_files():
        yield from _check_notebook(path, repository)
    keys = list(review.references)
    if keys not in (sorted(keys), by_letters := sorted(keys, key=lambda key: (key.lower(), key))):
        wrong = next(key for key, wanted in zip(keys, by_letters, strict=True) if key != wanted)
        line = review.references[wrong].line
        cure = "put the entries in the order of their keys, so that git can merge them"
        yield Problem(repository.relative(repository.references), line, "key", wrong, "stands out of order", cure)


def _check_notebook(path: Path, repository: Repository) -> Iterator[Problem]:
    name = repository.relative(path)
    text, problems = read_text(path, repository)
    if problems:
        return  # said where the notebooks are read
    try:
        cells = [cell for cell in json.loads(text)["cells"] if cell["cell_type"] == "code"]
        counts = [cell["execution_count"] for cell in cells]
        kinds = {kind for cell in cells for output in cell["outputs"] for kind in _kinds_of(output)}
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        yield Problem(name, 1, "notebook", "", f"cannot be read ({error})", "restore it from git")
        return
    cure = _STORE.format(name)
    if counts != list(range(1, len(cells) + 1)):
        shown = ", ".join("none" if count is None else str(count) for count in counts)
        yield Problem(
            name, _line_of(text, '"execution_count"'), "execution_count", shown, "is not that of one run", cure
        )
    for kind in sorted(kinds - {_KEPT}):
        yield Problem(name, _line_of(text, f'"{kind}"'), "output", kind, "is stored beside the text", cure)


def _kinds_of(output: dict[str, Any]) -> Sequence[str]:
    """Return what one output of a cell holds; a printed line is text."""
    if output["output_type"] == "stream":
        return (_KEPT,)
    return ("error",) if output["output_type"] == "error" else tuple(output["data"])


def _line_of(text: str, words: str) -> int:
    return text.count("\n", 0, max(text.find(words), 0)) + 1
