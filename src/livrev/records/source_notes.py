"""Read a source note: YAML front matter with every finding, then prose about the document."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from livrev.diagnostics import Problem
from livrev.paths import Repository
from livrev.records.hidden_characters import check_hidden
from livrev.records.model import Source
from livrev.records.plain_yaml import Mapping, read_yaml
from livrev.records.text_files import read_text

_FENCE = "---\n"


def read_note(path: Path, repository: Repository) -> tuple[Source | None, Mapping | None, list[Problem]]:
    """Return the source in *path*, its front matter with line numbers, and the problems; the source is None on any."""
    name = repository.relative(path)
    text, problems = read_text(path, repository)
    if problems:
        return None, None, problems
    if hidden := list(check_hidden(text, name)):
        return None, None, hidden
    front, found, about = text.removeprefix(_FENCE).partition("\n" + _FENCE)
    if not text.startswith(_FENCE) or not found:
        return (
            None,
            None,
            [Problem(name, 1, "front matter", "", "is missing", "begin with --- and end the YAML with ---")],
        )
    data, problems = read_yaml(front, name, first_line=2)
    if problems:
        return None, None, problems
    if not isinstance(data, Mapping):
        return None, None, [Problem(name, 2, "front matter", "", "is not a mapping", "write one `field: value` a line")]
    try:
        source = Source(**data, about=about.strip())
    except (ValidationError, TypeError) as error:
        return None, data, list(explain(error, data, name))
    if source.citekey != path.stem:
        cure = f"name the file {source.citekey}.md or mend the field"
        problem = Problem(name, data.line_of("citekey"), "citekey", source.citekey, "is not the name of the file", cure)
        return None, data, [problem]
    return source, data, []


def explain(error: ValidationError | TypeError, data: Mapping, file: str) -> Iterable[Problem]:
    """Translate pydantic's errors into problems with the line on which the field stands."""
    if isinstance(error, TypeError):
        yield Problem(
            file, data.line, "front matter", "", f"cannot be used: {error}", "see CONTRIBUTING.md for the fields"
        )
        return
    for detail in error.errors():
        line, where = data.line, []
        place: Any = data
        for step in detail["loc"]:
            if isinstance(place, Mapping) and isinstance(step, str):
                line = place.line_of(step)
            if isinstance(step, str):
                where.append(step)
            try:
                place = place[step]
            except (KeyError, IndexError, TypeError):
                break
            if isinstance(place, Mapping):
                line = place.line
        message, cure = split_message(detail)
        value = "" if isinstance(detail.get("input"), dict) else str(detail.get("input", ""))
        yield Problem(file, line, ".".join(where) or "record", value, message, cure)


def split_message(detail: Any) -> tuple[str, str]:
    """Return what is wrong and the cure, from one of pydantic's error details."""
    if detail["type"] == "value_error":
        message, _, cure = str(detail["ctx"]["error"]).partition("; ")
        return message, cure
    cures = {
        "missing": ("is missing", "add the field"),
        "extra_forbidden": ("is not a field of this record", "delete it, or mend its spelling"),
        "literal_error": ("is not an allowed value", f"use {detail.get('ctx', {}).get('expected', 'a listed value')}"),
        "string_pattern_mismatch": (
            "has the wrong form",
            f"expected the pattern {detail.get('ctx', {}).get('pattern')}",
        ),
    }
    if detail["type"] in cures:
        return cures[detail["type"]]
    message = str(detail["msg"])
    return "is not usable: " + message[0].lower() + message[1:], "mend the value"
