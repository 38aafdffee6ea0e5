"""A file is written whole or not at all."""

import os
from pathlib import Path
from typing import NoReturn

import pytest

from livrev.transaction import write_atomically


def test_the_text_is_written_as_utf8_with_line_feeds(tmp_path: Path) -> None:
    write_atomically(tmp_path / "new.txt", "é\nb\n")
    assert (tmp_path / "new.txt").read_bytes() == "é\nb\n".encode()


@pytest.mark.parametrize(("where", "step"), [(os, "fdopen"), (Path, "chmod"), (Path, "replace")])
def test_killed_between_it_leaves_the_old_file_and_no_litter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: object, step: str
) -> None:
    def kill(*_: object, **__: object) -> NoReturn:
        raise KeyboardInterrupt

    path = tmp_path / "file.txt"
    path.write_text("old")
    monkeypatch.setattr(where, step, kill)
    with pytest.raises(KeyboardInterrupt):
        write_atomically(path, "new")
    assert path.read_text() == "old"
    assert [found.name for found in tmp_path.iterdir()] == ["file.txt"]


def test_text_that_cannot_be_encoded_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "file.txt"
    path.write_text("old")
    with pytest.raises(UnicodeEncodeError):
        write_atomically(path, "\ud800")
    assert path.read_text() == "old" and [found.name for found in tmp_path.iterdir()] == ["file.txt"]


def test_permissions_stay_and_new_files_follow_the_umask(tmp_path: Path) -> None:
    path = tmp_path / "file.txt"
    path.write_text("old")
    path.chmod(0o640)
    write_atomically(path, "new")
    write_atomically(tmp_path / "other.txt", "new")
    umask = os.umask(0)
    os.umask(umask)
    assert path.stat().st_mode & 0o777 == 0o640
    assert (tmp_path / "other.txt").stat().st_mode & 0o777 == 0o666 & ~umask


def test_a_folder_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        write_atomically(tmp_path / "no" / "file.txt", "new")
