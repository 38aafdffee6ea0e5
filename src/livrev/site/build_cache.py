"""Keep between builds what depends on the inputs alone, and make it anew where they changed.

The inputs are those of the notebooks: package, data, bibliography, lock, and what is cited. All that is kept belongs to one
state of them, and goes when they change.
"""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from livrev.paths import Repository
from livrev.site.execution import digest_inputs
from livrev.transaction import write_atomically


def recall(repository: Repository, name: str) -> Any:
    """Return what was kept under *name* for the present inputs, or None."""
    place = _place(repository, name)
    return json.loads(place.read_text(encoding="utf-8")) if place.is_file() else None


def keep(repository: Repository, name: str, value: Any) -> Any:
    """Keep *value* (what JSON can hold) under *name*, and return it as it will be recalled.

    What was kept for other inputs is deleted.
    """
    place = _place(repository, name)
    if not place.parent.is_dir():
        shutil.rmtree(place.parent.parent, ignore_errors=True)
        place.parent.mkdir(parents=True)
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    write_atomically(place, text)
    return json.loads(text)


def recall_or_make(repository: Repository, name: str, make: Callable[[], Any]) -> Any:
    """Return what was kept under *name*, or make and keep it; the same either way."""
    known = recall(repository, name)
    return keep(repository, name, make()) if known is None else known


def _place(repository: Repository, name: str) -> Path:
    return repository.build / ".kept" / digest_inputs(repository) / f"{name}.json"
