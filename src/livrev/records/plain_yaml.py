"""Read YAML as plain data (no tags, no anchors, no repeated keys; every key knows its line), and the source notes that begin with it."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from livrev.diagnostics import Problem
from livrev.paths import Repository
from livrev.records.model import Source
from livrev.records.safe_text import check_hidden
from livrev.records.text_files import read_text

_DEEPEST = 50  # libyaml's own composer recurses, and ends the process on a file that nests without end
_FENCE = "---\n"
Model = TypeVar("Model", bound=BaseModel)
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

    def plain(node: yaml.Node) -> Any:
        """Turn a node into dict, list or scalar, keeping the lines of mappings."""
        if isinstance(node, yaml.MappingNode):
            mapping = Mapping()
            mapping.line, mapping.lines = node.start_mark.line + first_line, {}
            for key_node, value_node in node.value:
                key, line = str(key_node.value), key_node.start_mark.line + first_line
                if key in mapping:
                    problems.append(Problem(file, line, key, key, "stands twice", "keep one of the two"))
                mapping[key], mapping.lines[key] = plain(value_node), line
            return mapping
        if isinstance(node, yaml.SequenceNode):
            return [plain(child) for child in node.value]
        try:
            return yaml.SafeLoader("").construct_object(node)
        except (ValueError, yaml.YAMLError):
            cure = "quote it or mend it"
            problems.append(problem(node.start_mark.line, str(node.value), "is not a value of its kind", cure))
            return None

    problems, depth = list[Problem](), 0
    try:
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
        node = None if problems else yaml.compose(text, Loader=_Loader)
        return (None if node is None else plain(node)), problems
    except yaml.YAMLError as error:
        line, said = 0, (str(error).splitlines() or [""])[0]
        if isinstance(error, yaml.MarkedYAMLError):
            mark, said = error.problem_mark or error.context_mark, str(error.problem)
            line = min(mark.line, text.rstrip("\n").count("\n")) if mark else 0
        elif isinstance(error, yaml.reader.ReaderError):
            line = text.count("\n", 0, error.position)
        tab = "\t" in "".join(text.splitlines()[line : line + 1])
        cure = "write spaces, not tabs" if tab else "mend the YAML at this line"
        return None, [problem(line, "", f"cannot be read: {said}", cure)]


def read_mapping(path: Path, repository: Repository) -> tuple[Mapping | None, list[Problem]]:
    """Return the mapping that the file *path* is, and its problems; the mapping is None where it is none."""
    text, problems = read_text(path, repository)
    return (None, problems) if problems else _as_mapping(text, repository.relative(path))


def _as_mapping(text: str, file: str, first_line: int = 1) -> tuple[Mapping | None, list[Problem]]:
    data, problems = read_yaml(text, file, first_line)
    if not problems and not isinstance(data, Mapping):
        cure = "write one `field: value` a line"
        problems = [Problem(file, first_line, "YAML", "", "is not a mapping", cure, cause=True)]
    return (data if isinstance(data, Mapping) else None), problems


def read_record(model: type[Model], path: Path, repository: Repository) -> tuple[Model | None, Mapping, list[Problem]]:
    """Return the record that the file *path* holds, the same with line numbers, and the problems; no record on any."""
    return _as_record(model, *read_mapping(path, repository), repository.relative(path))


def _as_record(
    model: type[Model], data: Mapping | None, problems: list[Problem], file: str, **more: str
) -> tuple[Model | None, Mapping, list[Problem]]:
    if data is None or problems:
        return None, Mapping(), problems
    try:
        return model.model_validate(data | more), data, []
    except ValidationError as error:
        return None, data, list(explain(error, data, file))


def read_note(path: Path, repository: Repository) -> tuple[Source | None, Mapping, list[Problem]]:
    """Return the source in *path*, its front matter with line numbers, and the problems; the source is None on any."""
    name = repository.relative(path)
    text, problems = read_text(path, repository)
    if problems := problems or list(check_hidden(text, name)):
        return None, Mapping(), problems
    front, found, about = text.removeprefix(_FENCE).partition("\n" + _FENCE)
    if not text.startswith(_FENCE) or not found:
        cure = "begin with --- and end the YAML with ---"
        return None, Mapping(), [Problem(name, 1, "front matter", "", "is missing", cure)]
    written, problems = _as_mapping(front, name, first_line=2)
    if written and "about" in written and not problems:
        said = (str(written["about"]), "is not a field of this record", "write it below the second ---")
        problems = [Problem(name, written.line_of("about"), "about", *said)]
    source, data, problems = _as_record(Source, written, problems, name, about=about.strip())
    if source is not None and source.citekey != path.stem:
        said = (source.citekey, "is not the name of the file", f"name the file {source.citekey}.md or mend the field")
        problems = [Problem(name, data.line_of("citekey"), "citekey", *said)]
    return (None if problems else source), data, problems


def explain(error: ValidationError, data: object, file: str) -> Iterable[Problem]:
    """Translate pydantic's errors into problems with the line on which the field stands, where *data* knows lines."""
    for detail in error.errors():
        place: Any = data
        line, where = getattr(data, "line", 1), []
        for step in detail["loc"]:
            if isinstance(place, Mapping) and isinstance(step, str):
                line = place.line_of(step)
            if isinstance(step, str) and step != "[key]":
                where.append(step)
            try:
                place = place[step]
            except (KeyError, IndexError, TypeError):
                break
            line = getattr(place, "line", line)
        value = "" if isinstance(detail.get("input"), dict) else str(detail.get("input", ""))
        yield Problem(file, line, ".".join(where) or "record", value, *split_message(detail))


def split_message(detail: Any) -> tuple[str, str]:
    """Return what is wrong and the cure, from one of pydantic's error details."""
    about = detail.get("ctx", {})
    cures = {
        "value_error": str(about.get("error")).partition("; ")[::2],
        "missing": ("is missing", "add the field"),
        "extra_forbidden": ("is not a field of this record", "delete it, or mend its spelling"),
        "literal_error": ("is not an allowed value", f"use {about.get('expected', 'a listed value')}"),
        "string_pattern_mismatch": ("has the wrong form", f"expected the pattern {about.get('pattern')}"),
        "string_type": ("is not text", "write a text; quote it if it looks like a number"),
        "tuple_type": ("is not a list", "write [one, another]"),
        **dict.fromkeys(("dict_type", "model_type"), ("is not a mapping", "write one `field: value` a line below it")),
    }
    said = str(detail["msg"])
    return cures.get(detail["type"]) or ("is not usable: " + said[0].lower() + said[1:], "mend the value")
