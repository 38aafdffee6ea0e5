"""Keep the formatted entries of the bibliography between builds as JSON: what lies in `_build` is data, and runs nothing."""

import json
from contextlib import suppress
from pathlib import Path
from typing import Any

from pybtex.richtext import HRef, Protected, String, Symbol, Tag, Text
from pybtex.style import FormattedEntry


def dump_entries(entries: dict[str, Any]) -> str:
    """Return formatted *entries* as JSON."""
    kept = {digest: [entry.key, entry.label, _plain(entry.text)] for digest, entry in entries.items()}
    return json.dumps(kept, ensure_ascii=False, separators=(",", ":"))


def load_entries(file: Path) -> dict[str, Any]:
    """Return the entries that *file* holds; none where it cannot be read, which is no loss."""
    with suppress(OSError, ValueError, LookupError, TypeError, AttributeError):
        kept = json.loads(file.read_text(encoding="utf-8"))
        return {digest: FormattedEntry(key, _rich(text), label) for digest, (key, label, text) in kept.items()}
    return {}


def _plain(text: Any) -> Any:
    """Return rich text as lists: the kind, what it has of its own, its parts; a plain string as itself."""
    if isinstance(text, String):
        return str(text)
    if isinstance(text, Symbol):
        return ["symbol", text.name]
    parts = [_plain(part) for part in text.parts]
    if isinstance(text, Tag):
        return ["tag", text.name, parts]
    if isinstance(text, HRef):
        return ["href", text.url, text.external, parts]
    return ["protected" if isinstance(text, Protected) else "text", parts]


def _rich(said: Any) -> Any:
    if isinstance(said, str):
        return String(said)
    kind, *own = said
    if kind == "symbol":
        return Symbol(own[0])
    parts = [_rich(part) for part in own[-1]]
    if kind == "tag":
        return Tag(own[0], *parts)
    if kind == "href":
        return HRef(own[0], *parts, external=own[1])
    return (Protected if kind == "protected" else Text)(*parts)
