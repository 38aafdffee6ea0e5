"""Read a file as text, or say at which line it is not text."""

from pathlib import Path

from livrev.diagnostics import Problem
from livrev.paths import Repository


def read_text(path: Path, repository: Repository) -> tuple[str, list[Problem]]:
    """Return the text of *path* with line feeds, and what is wrong with it; no text where it cannot be read."""
    name = repository.relative(path)
    try:
        raw = repository.planned[path].encode() if path in repository.planned else path.read_bytes()
    except OSError as error:
        return "", [Problem(name, 1, "file", path.name, f"cannot be read ({error.strerror})", "restore the file")]
    if b"\0" in raw:
        line = raw[: raw.index(b"\0")].count(b"\n") + 1
        return "", [
            Problem(name, line, "text", "\0", "is a NUL byte", "delete the byte; the file is meant to be UTF-8 text")
        ]
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        wrong = raw[error.start : error.start + 1].hex()
        return "", [Problem(name, line, "encoding", f"byte 0x{wrong}", "is not UTF-8", "save the file as UTF-8")]
    return text.replace("\r\n", "\n"), []
