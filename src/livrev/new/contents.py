"""Enter files into a table of contents, and leave every other byte of it as it was."""

from collections.abc import Iterator
from typing import Any

import yaml


class ContentsUnclear(Exception):
    """Raised where a table of contents does not show where a new entry belongs."""


def files_in(contents: Any) -> Iterator[str]:
    """Yield every file that *contents*, parsed, names, in its order."""
    if isinstance(contents, dict):
        yield from [str(contents[key]) for key in ("root", "file") if key in contents]
        contents = list(contents.values())
    if isinstance(contents, list):
        for part in contents:
            yield from files_in(part)


def enter_chapter(text: str, *, chapter: str, notebook: str) -> str:
    """Return the table of contents *text* with two more entries.

    The chapter goes behind the last one of the first list that holds chapters, the notebook behind the last notebook of
    all; what belongs together is told by the folder. Raises ContentsUnclear where there is no such list.
    """
    entered = _enter(_enter(text, chapter, last=False), notebook, last=True)
    if _without(yaml.safe_load(entered), {chapter, notebook}) != yaml.safe_load(text):
        raise ContentsUnclear("it is written in a way that a new line would change; enter the two files by hand")
    return entered


def _enter(text: str, name: str, *, last: bool) -> str:
    """Put the entry of *name* behind the last one of its folder, in the first or the last list that holds any."""
    folder = name.partition("/")[0] + "/"
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        raise ContentsUnclear(f"it is not YAML: {str(error).splitlines()[0]}") from error
    lists = [found for sequence in _sequences(root) if (found := _items_of(sequence, folder))]
    if not lists:
        raise ContentsUnclear(f"no list of it holds a file of {folder}; enter the first one by hand")
    item = lists[-1 if last else 0][-1]
    line = text.rfind("\n", 0, item.start_mark.index) + 1
    before = text[line : item.start_mark.index]
    if before.strip() != "-":
        raise ContentsUnclear("a list of it does not give each file a line of its own; enter the two files by hand")
    end = text.find("\n", _last_of(item))
    newline = "\r\n" if "\r\n" in text else "\n"
    entry = f"{before}file: {name}{newline}"
    return f"{text}{newline}{entry}" if end < 0 else text[: end + 1] + entry + text[end + 1 :]


def _sequences(node: yaml.Node | None) -> Iterator[yaml.SequenceNode]:
    """Yield every list below *node*, the outer before the inner."""
    if isinstance(node, yaml.SequenceNode):
        yield node
        for child in node.value:
            yield from _sequences(child)
    elif isinstance(node, yaml.MappingNode):
        for _, child in node.value:
            yield from _sequences(child)


def _items_of(sequence: yaml.SequenceNode, folder: str) -> list[yaml.Node]:
    """Return the entries of a list whose file lies in *folder*."""
    return [
        item
        for item in sequence.value
        if isinstance(item, yaml.MappingNode)
        and any(key.value == "file" and str(value.value).startswith(folder) for key, value in item.value)
    ]


def _last_of(node: yaml.Node) -> int:
    """Return where the last word of *node* ends: its own end lies behind blank lines and comments."""
    if isinstance(node, yaml.ScalarNode):
        return int(node.end_mark.index)
    children = [child for pair in node.value for child in (pair if isinstance(pair, tuple) else (pair,))]
    return max((_last_of(child) for child in children), default=int(node.start_mark.index))


def _without(contents: Any, names: set[str]) -> Any:
    if isinstance(contents, dict):
        return {key: _without(value, names) for key, value in contents.items()}
    if isinstance(contents, list):
        return [
            _without(part, names) for part in contents if not (isinstance(part, dict) and part.get("file") in names)
        ]
    return contents
