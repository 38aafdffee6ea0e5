"""Take fields out of JSON that may have changed: what is absent is empty, what is of another kind is said."""

from typing import Any

from livrev.sources.publication import clean


def at(data: Any, *path: str) -> Any:
    """Return what stands at *path* in nested mappings, or None. Raises ValueError where a step is no mapping."""
    for step in path:
        if data is None:
            return None
        if not isinstance(data, dict):
            raise ValueError(f"has another form than it used to: there is no mapping that holds {step}")
        data = data.get(step)
    return data


def values_at(data: Any, path: str) -> list[str]:
    """Return the texts and numbers at *path*, as `issued.date-parts`: one, or those of a list. Raises ValueError for mappings."""
    found = [at(data, *path.split("."))]
    while any(isinstance(item, list) for item in found):
        found = [inner for item in found for inner in (item if isinstance(item, list) else [item])]
    return [text for item in found if (text := text_at({path: item}, path))]


def text_at(data: Any, *path: str) -> str:
    """Return the text or number at *path* on one line; empty where there is none. Raises ValueError for lists and mappings."""
    found = at(data, *path)
    if isinstance(found, list | dict):
        raise ValueError(f"has another form than it used to: {'.'.join(path)} is no text")
    return "" if found is None or isinstance(found, bool) else clean(str(found))


def items_at(data: Any, *path: str) -> list[Any]:
    """Return the list at *path*; empty where there is none. Raises ValueError where something else stands there."""
    found = at(data, *path)
    if found is None:
        return []
    if not isinstance(found, list):
        raise ValueError(f"has another form than it used to: {'.'.join(path)} is no list")
    return found


def needed(value: str, name: str) -> str:
    """Return *value*. Raises ValueError where it is empty: an answer without it is none."""
    if not value:
        raise ValueError(f"lacks {name}, which it used to have")
    return value


def count_at(data: Any, *path: str) -> int:
    """Return the whole number at *path*. Raises ValueError where there is none."""
    found = text_at(data, *path)
    if not found.isdigit():
        raise ValueError(f"lacks the number {'.'.join(path)}, which it used to have")
    return int(found)
