"""Where the system refuses a file (a full disk, a checkout that cannot be written to), a command says so in one line."""

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from livrev.cli import main
from livrev.diagnostics import say_os_error
from livrev.paths import Repository

COMMANDS = (["schema"], ["new", "chapter", "Does watering help"], ["snapshot", "0.2.0"], ["build", "--no-pdf"])


@pytest.mark.parametrize("words", COMMANDS, ids=lambda words: words[0])
@pytest.mark.parametrize(("code", "cure"), [(errno.ENOSPC, "free some space"), (errno.EROFS, "work in a copy")])
def test_one_line_and_no_traceback(
    repository: Repository, monkeypatch: pytest.MonkeyPatch, words: list[str], code: int, cure: str
) -> None:
    def refuse(*asked: object, **options: object) -> None:
        raise OSError(code, os.strerror(code), "data/x")

    monkeypatch.setattr("tempfile.mkstemp", refuse)
    monkeypatch.setattr("tempfile.mkdtemp", refuse)
    monkeypatch.setattr("tempfile.TemporaryFile", refuse)
    result = CliRunner().invoke(main, ["--root", str(repository.root), *words])
    assert result.exit_code == 1 and isinstance(result.exception, SystemExit), result.exception
    assert "Traceback" not in result.output
    assert os.strerror(code) in result.stderr


def test_the_line_says_file_reason_and_cure() -> None:
    error = OSError(errno.ENOSPC, "No space left on device", "data/outcomes.csv")
    said = say_os_error(error)
    assert said == "data/outcomes.csv: cannot be used (No space left on device); free some space, then run it again"


def test_without_home_and_without_git_it_checks(repository: Repository) -> None:
    command = [sys.executable, "-m", "livrev.cli", "--root", str(repository.root), "check"]
    bare = {"PATH": "/nonexistent", "HOME": "/nonexistent"}
    done = subprocess.run(command, env=bare, capture_output=True, text=True, check=False, cwd=Path("/"))
    assert (done.returncode, done.stdout) == (0, "check: nothing wrong\n"), done.stderr
