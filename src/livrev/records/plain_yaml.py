"""Read YAML as plain data (no tags, no anchors, no repeated keys; every key knows its line), and the source notes that begin with it."""

from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from livrev.diagnostics import Problem
from livrev.paths import Repository
from livrev.records.model import Source
from livrev.records.safe_text import check_hidden
from livrev.records.text_files import read_text

_DEEPEST = 50  # libyaml's own composer recurses, and ends the process on a file that nests without end
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Mapping(dict[str, Any]):
    """A mapping that knows the line of itself and of each of its keys."""

    line: int
    lines: dict[str, int]

    def line_of(self, key: str) -> int:
        """Return the line of *key*, or of the mapping where there is no such key."""
        return self.lines.get(key, self.line)


def read_yaml(text: str, file: str, first_line: int = 1) -> tuple[Any, list[Problem]]:
    """Return the data in *text* and its problems; the data is None where it is not plain YAML.

    *first_line* is the line of *file* on which *text* begins.
    """

    def problem(line: int, value: str, message: str, cure: str) -> Problem:
        return Problem(file, line + first_line, "YAML", value, message, cure)

    try:
        problems: list[Problem] = []
        depth = 0
        for event in yaml.parse(text, Loader=_Loader):
            line = event.start_mark.line if event.start_mark else 0
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if depth > _DEEPEST:
                return None, [problem(line, "", f"is nested more than {_DEEPEST} deep", "flatten it")]
            if isinstance(event, yaml.AliasEvent):
                problems.append(problem(line, f"*{event.anchor}", "is an alias", "write the value out"))
            elif anchor := getattr(event, "anchor", None):
                problems.append(problem(line, f"&{anchor}", "is an anchor", "write the value out"))
            if tag := getattr(event, "tag", None):
                problems.append(problem(line, tag, "is a tag", "plain YAML only: delete the tag"))
        if problems:
            return None, problems
        node = yaml.compose(text, Loader=_Loader)
        data = _plain(node, first_line, file, problems) if node is not None else None
    except yaml.YAMLError as error:
        line, said = 0, (str(error).splitlines() or [""])[0]
        if isinstance(error, yaml.MarkedYAMLError):
            mark, said = error.problem_mark or error.context_mark, str(error.problem)
            line = min(mark.line, text.rstrip("\n").count("\n")) if mark else 0
        elif isinstance(error, yaml.reader.ReaderError):
            line = text.count("\n", 0, error.position)
        return None, [problem(line, "", f"cannot be read: {said}", "mend the YAML at this line")]
    return data, problems


def _plain(node: yaml.Node, offset: int, file: str, problems: list[Problem]) -> Any:
    """Turn a node into dict, list or scalar, keeping the lines of mappings."""
    if isinstance(node, yaml.MappingNode):
        mapping = Mapping()
        mapping.line = node.start_mark.line + offset
        mapping.lines = {}
        for key_node, value_node in node.value:
            key, line = str(key_node.value), key_node.start_mark.line + offset
            if key in mapping:
                problems.append(Problem(file, line, key, key, "stands twice", "keep one of the two"))
            mapping[key] = _plain(value_node, offset, file, problems)
            mapping.lines[key] = line
        return mapping
    if isinstance(node, yaml.SequenceNode):
        return [_plain(child, offset, file, problems) for child in node.value]
    try:
        return yaml.SafeLoader("").construct_object(node)
    except (ValueError, yaml.YAMLError):
        line, said = node.start_mark.line + offset, "is not a value of its kind"
        problems.append(Problem(file, line, "YAML", str(node.value), said, "quote it or mend it"))
        return None


_FENCE = "---\n"


def read_note(path: Path, repository: Repository) -> tuple[Source | None, Mapping | None, list[Problem]]:
    """Return the source in *path*, its front matter with line numbers, and the problems; the source is None on any."""
    name = repository.relative(path)
    text, problems = read_text(path, repository)
    if problems:
        return None, None, problems
    if hidden := list(check_hidden(text, name)):
        return None, None, hidden
    problem = partial(Problem, name)
    front, found, about = text.removeprefix(_FENCE).partition("\n" + _FENCE)
    if not text.startswith(_FENCE) or not found:
        cure = "begin with --- and end the YAML with ---"
        return None, None, [problem(1, "front matter", "", "is missing", cure)]
    data, problems = read_yaml(front, name, first_line=2)
    if problems:
        return None, None, problems
    if not isinstance(data, Mapping):
        return None, None, [problem(2, "front matter", "", "is not a mapping", "write one `field: value` a line")]
    try:
        source = Source(**data, about=about.strip())
    except (ValidationError, TypeError) as error:
        return None, data, list(explain(error, data, name))
    if source.citekey != path.stem:
        line, cure = data.line_of("citekey"), f"name the file {source.citekey}.md or mend the field"
        return None, data, [problem(line, "citekey", source.citekey, "is not the name of the file", cure)]
    return source, data, []


def explain(error: ValidationError | TypeError, data: Mapping, file: str) -> Iterable[Problem]:
    """Translate pydantic's errors into problems with the line on which the field stands."""
    if isinstance(error, TypeError):
        said = f"cannot be used: {error}"
        yield Problem(file, data.line, "front matter", "", said, "see CONTRIBUTING.md for the fields")
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
    about = detail.get("ctx", {})
    cures = {
        "missing": ("is missing", "add the field"),
        "extra_forbidden": ("is not a field of this record", "delete it, or mend its spelling"),
        "literal_error": ("is not an allowed value", f"use {about.get('expected', 'a listed value')}"),
        "string_pattern_mismatch": ("has the wrong form", f"expected the pattern {about.get('pattern')}"),
    }
    if detail["type"] in cures:
        return cures[detail["type"]]
    message = str(detail["msg"])
    return "is not usable: " + message[0].lower() + message[1:], "mend the value"
