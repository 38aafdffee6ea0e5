"""Check that a notebook can be read, holds what a chapter may hold, is an analysis, and is stored as one run left it.

An analysis has no function, no loop, no path, no address of the network.
"""

import ast
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from livrev.checks.chapter_markup import check_chapter
from livrev.diagnostics import Problem
from livrev.paths import Repository
from livrev.records.review import Review
from livrev.records.text_files import read_texts

_RESTORE = "restore it from git, or save it again in Jupyter"
_ASK = "ask the review: review.table(…), review.outcomes"
_KEEP = "keep what it needs in data/; a notebook runs without a network"
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
    texts, problems = read_texts(repository.notebook_files(), repository)
    yield from problems
    for name, text in texts.items():
        yield from _check_notebook(text, name, repository)


def _check_notebook(text: str, name: str, repository: Repository) -> Iterator[Problem]:
    def refuse(line: int, said: str) -> Problem:
        return Problem(name, line, "notebook", "", said, _RESTORE, cause=True)

    if not text.strip():
        yield refuse(1, "is empty")
        return
    try:
        cells = [
            (str(cell["cell_type"]), "".join(cell["source"]), cell.get("outputs", []), cell.get("metadata", {}))
            for cell in json.loads(text)["cells"]
        ]
    except json.JSONDecodeError as error:
        cut = error.pos >= len(text.rstrip()) - 1 or "Unterminated" in error.msg
        yield refuse(error.lineno, "ends in the middle of the file" if cut else f"cannot be read ({error.msg})")
        return
    except (KeyError, TypeError, AttributeError, RecursionError) as error:
        yield refuse(1, f"is no notebook ({type(error).__name__}: {error})")
        return
    if not any(source.strip() for _, source, *_ in cells):
        yield refuse(1, "holds no cell with anything in it")
    at = 0
    for kind, source, outputs, metadata in cells:
        at, line = _line_of(text, source, at)
        if kind == "code":
            yield from _check_code(source, name, line)
        elif kind == "markdown":
            for problem in check_chapter(source, name, repository):
                yield replace(problem, line=line + problem.line - 1)
        elif kind == "raw":
            yield Problem(name, line, "cell", source[:40], "is a raw cell", "make it a cell of text or of code")
        for words in _words_of(metadata):  # captions are read as Markdown, too
            yield from (replace(problem, line=line) for problem in check_chapter(words, name, repository))
        if any(output.get("output_type") == "error" for output in outputs if isinstance(output, dict)):
            cure = f"mend the cell, then livrev store {name}"
            yield Problem(name, line, "output", "", "is an error that was stored", cure)


def _words_of(said: Any) -> Iterator[str]:
    """Yield every text in the metadata of a cell."""
    if isinstance(said, str):
        yield said
    elif isinstance(said, dict | list):
        for part in said.values() if isinstance(said, dict) else said:
            yield from _words_of(part)


def _line_of(text: str, source: str, after: int) -> tuple[int, int]:
    """Return where the first line of a cell stands in the file: the position, from *after* on, and its line."""
    first = source.split("\n", 1)[0]
    for written in (json.dumps(first, ensure_ascii=False)[1:-1], json.dumps(first)[1:-1]):
        if written and (found := text.find(written, after)) >= 0:
            return found, text.count("\n", 0, found) + 1
    return after, text.count("\n", 0, after) + 1


def _check_code(source: str, name: str, first: int) -> Iterator[Problem]:
    lines = source.split("\n")

    def problem(line: int, said: str, cure: str, shown: str = "") -> Problem:
        return Problem(name, first + line - 1, "cell", shown or "".join(lines[line - 1 : line]).strip(), said, cure)

    if magic := next((number for number, line in enumerate(lines, 1) if _MAGIC.match(line)), None):
        yield problem(magic, "is a command, not Python", "delete it, or move it")
        return
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        why = getattr(error, "msg", None) or str(error)
        yield problem(int(getattr(error, "lineno", None) or 1), f"is no Python ({why})", "mend the cell")
        return
    told: set[int] = set()
    named = (node for node in ast.walk(tree) if isinstance(node, ast.keyword) and node.arg in ("download", "name"))
    offered = {keyword.value for keyword in named}  # these only name the file under which a table is offered
    for node in ast.walk(tree):
        at, shown, said, cure = int(getattr(node, "lineno", 1)), "", "", _ASK
        if what := _KINDS.get(type(node)):
            cure = "move it into the package and call it from here"
            yield problem(at, f"holds {what}, and a notebook is an analysis", cure)
        elif isinstance(node, ast.Call):
            called = getattr(node.func, "id", getattr(node.func, "attr", ""))  # a function, or a method
            said = "opens a file by its path" if called in _OPENERS else ""
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            shown = node.value
            if _NETWORK.match(shown):
                said, cure = "is an address of the network", _KEEP
            elif _PATH.fullmatch(shown) and node not in offered:
                said = "is a path"
        if said and at not in told:
            told.add(at)
            yield problem(at, said, cure, shown)


_KEPT = "text/plain"


def check_stored(review: Review) -> Iterator[Problem]:
    """Yield what of notebooks and bibliography is not as it is kept; none of it makes a page of the book wrong."""
    repository = review.repository
    for name, text in read_texts(repository.notebook_files(), repository)[0].items():
        yield from _check_stored(text, name)
    keys = list(review.references)
    if keys not in (sorted(keys), by_letters := sorted(keys, key=lambda key: (key.lower(), key))):
        wrong = next(key for key, wanted in zip(keys, by_letters, strict=True) if key != wanted)
        line = review.references[wrong].line
        cure = "put the entries in the order of their keys, so that git can merge them"
        yield Problem(repository.relative(repository.references), line, "key", wrong, "stands out of order", cure)


def _check_stored(text: str, name: str) -> Iterator[Problem]:
    try:
        cells = [cell for cell in json.loads(text)["cells"] if cell["cell_type"] == "code"]
        counts = [cell["execution_count"] for cell in cells]
        outputs = [output for cell in cells for output in cell["outputs"]]
        said = {"stream": (_KEPT,), "error": ("error",)}  # what is no data; a printed line is text
        kinds = {kind for one in outputs for kind in said.get(one["output_type"]) or one["data"]}
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        yield Problem(name, 1, "notebook", "", f"cannot be read ({error})", "restore it from git")
        return
    wrong = [("output", kind, f'"{kind}"', "is stored beside the text") for kind in kinds - {_KEPT}]
    if counts != list(range(1, len(cells) + 1)):
        shown = ", ".join("none" if count is None else str(count) for count in counts)
        wrong.append(("execution_count", shown, '"execution_count"', "is not that of one run"))
    for field, shown, words, message in wrong:
        line = text.count("\n", 0, max(text.find(words), 0)) + 1
        yield Problem(name, line, field, shown, message, f"livrev store {name} runs it and stores what it says")
