"""A file is text, or it is said at which line it is not."""

from pathlib import Path

import pytest

from livrev.paths import Repository
from livrev.records.text_files import read_text


@pytest.mark.parametrize(
    ("raw", "text"), [(b"a\r\nb\n", "a\nb\n"), (b"\xef\xbb\xbfa", "a"), ("é".encode(), "é"), (b"", "")]
)
def test_text_is_read(tmp_path: Path, raw: bytes, text: str) -> None:
    (tmp_path / "file.txt").write_bytes(raw)
    assert read_text(tmp_path / "file.txt", Repository(tmp_path)) == (text, [])


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"a\nb\xe9", "file.txt:2 encoding: byte 0xe9 is not UTF-8; save the file as UTF-8"),
        (b"a\n\nb\0", "file.txt:3 text: \\x00 is a NUL byte; delete the byte; the file is meant to be UTF-8 text"),
        (
            "a".encode("utf-16"),
            "file.txt:1 encoding: file.txt is UTF-16; save the file as UTF-8 (in a spreadsheet: CSV UTF-8, comma delimited)",
        ),
    ],
)
def test_what_is_no_text_is_named(tmp_path: Path, raw: bytes, said: str) -> None:
    (tmp_path / "file.txt").write_bytes(raw)
    text, problems = read_text(tmp_path / "file.txt", Repository(tmp_path))
    assert text == "" and [str(problem) for problem in problems] == [said]


def test_a_missing_file_is_a_problem(tmp_path: Path) -> None:
    _, problems = read_text(tmp_path / "file.txt", Repository(tmp_path))
    assert "cannot be read (No such file or directory); restore the file" in str(problems[0])


def test_a_heading_above_a_conflict_is_not_taken_for_its_mark(tmp_path: Path) -> None:
    (tmp_path / "page.md").write_text(
        "Methods\n=======\n\n<" + "<<<<<< HEAD\nours\n=======\ntheirs\n", encoding="utf-8"
    )
    text, problems = read_text(tmp_path / "page.md", Repository(tmp_path))
    assert text == "" and [problem.place for problem in problems] == ["page.md:4"]
