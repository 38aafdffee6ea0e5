"""Write files so that a reader finds the old one or the new one, never half of it."""

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path


def write_atomically(path: Path, text: str) -> None:
    """Write *text* as UTF-8 to *path*, whole or not at all. Raises OSError where the folder cannot be written to."""
    staged = _stage(path, text.encode())
    try:
        staged.replace(path)
    except BaseException:
        staged.unlink(missing_ok=True)
        raise


def write_together(texts: Mapping[Path, str]) -> None:
    """Write several files, all or none, in the order of *texts*: where one cannot be written, the others are put back.

    A process that is killed between two of them leaves the first ones: order them so that the last makes the others count.
    """
    staged: dict[Path, Path] = {}
    replaced: dict[Path, bytes | None] = {}
    try:
        for path, text in texts.items():
            staged[path] = _stage(path, text.encode())
        for path, new in staged.items():
            before = path.read_bytes() if path.exists() else None
            new.replace(path)
            replaced[path] = before
    except BaseException:
        for path, before in replaced.items():
            if before is None:
                path.unlink(missing_ok=True)
            else:
                _stage(path, before).replace(path)
        for new in staged.values():
            new.unlink(missing_ok=True)
        raise


def _stage(path: Path, content: bytes) -> Path:
    """Write *content* beside *path*, with its rights, under a name that nothing else looks for."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        mode = path.stat().st_mode & 0o777 if path.exists() else 0o666 & ~_umask()
        Path(name).chmod(mode)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return Path(name)


def _umask() -> int:
    current = os.umask(0)
    os.umask(current)
    return current
