"""Check that a notebook can be read, holds what a chapter may hold, is an analysis, and is stored as one run left it.

An analysis has no function, no loop, no path, no address of the network.
"""

import ast
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from livrev.checks.chapter_markup import check_chapter
from livrev.diagnostics import Problem
from livrev.paths import Repository
from livrev.records.review import Review
from livrev.records.text_files import read_text

_RESTORE = "restore it from git, or save it again in Jupyter"
_MOVE = "move it into the package and call it from here"
_KINDS: dict[type[ast.AST], str] = {
    ast.FunctionDef: "a function", ast.AsyncFunctionDef: "a function", ast.Lambda: "a function", ast.ClassDef: "a class",
    ast.For: "a loop", ast.AsyncFor: "a loop", ast.While: "a loop",
}  # fmt: skip
_PATH = re.compile(
    r"(?:\.{1,2}/|/|~/|[A-Za-z]:[\\/])\S*|\S+/\S+\.\w{1,5}|[\w-]+\.(?:csv|json|ya?ml|bib|xlsx?|parquet|tsv)"
)
_NETWORK = re.compile(r"(?:https?|ftp|file)://", re.IGNORECASE)
_MAGIC = re.compile(r"^\s*[%!]")
_OPENERS = frozenset({"open", "Path", "read_csv", "read_excel", "read_json", "to_csv", "urlopen", "glob"})


def check_notebooks(repository: Repository) -> Iterable[Problem]:
    """Yield what is wrong with each notebook of the review."""
    for path in repository.notebook_files():
        name = repository.relative(path)
        text, problems = read_text(path, repository)
        yield from problems
        if not problems:
            yield from _check_notebook(text, name, repository)


def _check_notebook(text: str, name: str, repository: Repository) -> Iterator[Problem]:
    if not text.strip():
        yield Problem(name, 1, "notebook", "", "is empty", _RESTORE, cause=True)
        return
    try:
        notebook = json.loads(text)
        cells = [
            (str(cell["cell_type"]), _source_of(cell), cell.get("outputs", []), cell.get("metadata", {}))
            for cell in notebook["cells"]
        ]
    except json.JSONDecodeError as error:
        cut = error.pos >= len(text.rstrip()) - 1 or "Unterminated" in error.msg
        what = "ends in the middle of the file" if cut else f"cannot be read ({error.msg})"
        yield Problem(name, error.lineno, "notebook", "", what, _RESTORE, cause=True)
        return
    except (KeyError, TypeError, AttributeError, RecursionError) as error:
        yield Problem(
            name, 1, "notebook", "", f"is no notebook ({type(error).__name__}: {error})", _RESTORE, cause=True
        )
        return
    if not any(source.strip() for _, source, *_ in cells):
        yield Problem(name, 1, "notebook", "", "holds no cell with anything in it", _RESTORE, cause=True)
    at = 0
    for kind, source, outputs, metadata in cells:
        line = _line_of(text, source, at)
        at = line[0]
        if kind == "code":
            yield from _check_code(source, name, line[1])
        elif kind == "markdown":
            for problem in check_chapter(source, name, repository):
                yield replace(problem, line=line[1] + problem.line - 1)
        elif kind == "raw":
            yield Problem(name, line[1], "cell", source[:40], "is a raw cell", "make it a cell of text or of code")
        for words in _words_of(metadata):  # captions are read as Markdown, too
            for problem in check_chapter(words, name, repository):
                yield replace(problem, line=line[1])
        if any(output.get("output_type") == "error" for output in outputs if isinstance(output, dict)):
            cure = f"mend the cell, then livrev store {name}"
            yield Problem(name, line[1], "output", "", "is an error that was stored", cure)


def _words_of(said: Any) -> Iterator[str]:
    """Yield every text in the metadata of a cell."""
    if isinstance(said, str):
        yield said
    elif isinstance(said, dict | list):
        for part in said.values() if isinstance(said, dict) else said:
            yield from _words_of(part)


def _source_of(cell: dict[str, Any]) -> str:
    source = cell["source"]
    return source if isinstance(source, str) else "".join(source)


def _line_of(text: str, source: str, after: int) -> tuple[int, int]:
    """Return where the first line of a cell stands in the file: the position, from *after* on, and its line."""
    first = source.split("\n", 1)[0]
    for written in (json.dumps(first, ensure_ascii=False)[1:-1], json.dumps(first)[1:-1]):
        if written and (found := text.find(written, after)) >= 0:
            return found, text.count("\n", 0, found) + 1
    return after, text.count("\n", 0, after) + 1


def _check_code(source: str, name: str, first: int) -> Iterator[Problem]:
    for number, line in enumerate(source.split("\n")):
        if _MAGIC.match(line):
            yield Problem(
                name, first + number, "cell", line.strip(), "is a command, not Python", "delete it, or move it"
            )
            return
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        at = int(getattr(error, "lineno", None) or 1)
        shown = (source.split("\n")[at - 1 : at] or [""])[0].strip()
        why = getattr(error, "msg", None) or str(error)
        yield Problem(name, first + at - 1, "cell", shown, f"is no Python ({why})", "mend the cell")
        return
    yield from _check_tree(tree, source, name, first)


def _check_tree(tree: ast.AST, source: str, name: str, first: int) -> Iterator[Problem]:
    told: set[int] = set()
    for node in ast.walk(tree):
        line = int(getattr(node, "lineno", 1))
        if what := next((what for kind, what in _KINDS.items() if isinstance(node, kind)), None):
            shown = source.split("\n")[line - 1].strip()
            yield Problem(name, first + line - 1, "cell", shown, f"holds {what}, and a notebook is an analysis", _MOVE)
        elif isinstance(node, ast.Call) and _called(node) in _OPENERS and line not in told:
            told.add(line)
            shown = source.split("\n")[line - 1].strip()
            cure = "ask the review: review.table(…), review.outcomes"
            yield Problem(name, first + line - 1, "cell", shown, "opens a file by its path", cure)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and line not in told:
            if _NETWORK.match(node.value):
                told.add(line)
                cure = "keep what it needs in data/; a notebook runs without a network"
                yield Problem(name, first + line - 1, "cell", node.value, "is an address of the network", cure)
            elif _PATH.fullmatch(node.value) and not _is_download(tree, node):
                told.add(line)
                cure = "ask the review: review.table(…), review.outcomes"
                yield Problem(name, first + line - 1, "cell", node.value, "is a path", cure)


def _called(call: ast.Call) -> str:
    return (
        call.func.id
        if isinstance(call.func, ast.Name)
        else call.func.attr
        if isinstance(call.func, ast.Attribute)
        else ""
    )


def _is_download(tree: ast.AST, constant: ast.Constant) -> bool:
    """Tell whether *constant* only names the file under which a table is offered."""
    return any(
        keyword.value is constant and keyword.arg in ("download", "name")
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        for keyword in node.keywords
    )


_KEPT = "text/plain"
_STORE = "livrev store {} runs it and stores what it says"


def check_stored(review: Review) -> Iterator[Problem]:
    """Yield what of notebooks and bibliography is not as it is kept; none of it makes a page of the book wrong."""
    repository = review.repository
    for path in repository.notebook_files():
        yield from _check_stored(path, repository)
    keys = list(review.references)
    if keys not in (sorted(keys), by_letters := sorted(keys, key=lambda key: (key.lower(), key))):
        wrong = next(key for key, wanted in zip(keys, by_letters, strict=True) if key != wanted)
        line = review.references[wrong].line
        cure = "put the entries in the order of their keys, so that git can merge them"
        yield Problem(repository.relative(repository.references), line, "key", wrong, "stands out of order", cure)


def _check_stored(path: Path, repository: Repository) -> Iterator[Problem]:
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
            name, _line_with(text, '"execution_count"'), "execution_count", shown, "is not that of one run", cure
        )
    for kind in sorted(kinds - {_KEPT}):
        yield Problem(name, _line_with(text, f'"{kind}"'), "output", kind, "is stored beside the text", cure)


def _kinds_of(output: dict[str, Any]) -> Sequence[str]:
    """Return what one output of a cell holds; a printed line is text."""
    if output["output_type"] == "stream":
        return (_KEPT,)
    return ("error",) if output["output_type"] == "error" else tuple(output["data"])


def _line_with(text: str, words: str) -> int:
    return text.count("\n", 0, max(text.find(words), 0)) + 1
