"""Read YAML as plain data: no tags, no anchors, no repeated keys, and every key knows its line."""

from typing import Any

import yaml

from livrev.diagnostics import Problem

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
    offset = first_line

    def problem(line: int, field: str, value: str, message: str, cure: str) -> Problem:
        return Problem(file, line + offset, field, value, message, cure)

    try:
        problems: list[Problem] = []
        depth = 0
        for event in yaml.parse(text, Loader=_Loader):
            line = event.start_mark.line if event.start_mark else 0
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if depth > _DEEPEST:
                return None, [problem(line, "YAML", "", f"is nested more than {_DEEPEST} deep", "flatten it")]
            if isinstance(event, yaml.AliasEvent):
                problems.append(problem(line, "YAML", f"*{event.anchor}", "is an alias", "write the value out"))
            elif anchor := getattr(event, "anchor", None):
                problems.append(problem(line, "YAML", f"&{anchor}", "is an anchor", "write the value out"))
            if tag := getattr(event, "tag", None):
                problems.append(problem(line, "YAML", tag, "is a tag", "plain YAML only: delete the tag"))
        if problems:
            return None, problems
        node = yaml.compose(text, Loader=_Loader)
        data = _plain(node, offset, file, problems) if node is not None else None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = min(mark.line, text.rstrip("\n").count("\n")) if mark else 0
        return None, [problem(line, "YAML", "", f"cannot be read: {error.problem}", "mend the YAML at this line")]
    except yaml.YAMLError as error:
        line = text.count("\n", 0, error.position) if isinstance(error, yaml.reader.ReaderError) else 0
        said = str(error).splitlines()[0]
        return None, [problem(line, "YAML", "", f"cannot be read: {said}", "mend the YAML at this line")]
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
        line = node.start_mark.line + offset
        problems.append(
            Problem(file, line, "YAML", str(node.value), "is not a value of its kind", "quote it or mend it")
        )
        return None
