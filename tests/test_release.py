"""A release goes out when everything says the same version, and says what does not."""

import datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from small_review import replace, set_cell

from livrev.cli import main
from livrev.paths import Repository
from livrev.records.review import Review
from livrev.review.snapshot import take_snapshot, write_snapshot
from livrev.update.release import notes_of, version_of

DAY = datetime.date(2026, 1, 15)  # as in the citation of the small review
CHANGES = "# What changed\n\n## Unreleased\n\n- Snow.\n\n## 0.1.0 (2026-01-15)\n\n- Cress.\n\n## 0.0.1 (2025-01-15)\n\n- Mud.\n"


@pytest.fixture
def ready(repository: Repository, review: Review) -> Repository:
    """A review that is ready to be released as 0.1.0."""
    write_snapshot(repository, take_snapshot(review, version="0.1.0", date=DAY))
    (repository.root / "CHANGELOG.md").write_text(CHANGES, encoding="utf-8")
    (repository.root / "pyproject.toml").write_text('[project]\nversion = "0.1.0"\n', encoding="utf-8")
    return repository


def run(repository: Repository, *words: str) -> Result:
    result = CliRunner().invoke(main, ["--root", str(repository.root), "release", *words])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def test_what_is_ready_goes_out_with_its_words(ready: Repository, tmp_path: Path) -> None:
    result = run(ready, "v0.1.0", "--notes", str(tmp_path / "notes.md"))
    assert (result.exit_code, result.stdout) == (0, "release: everything says 0.1.0\n")
    assert (tmp_path / "notes.md").read_text() == "- Cress.\n"


def test_what_is_not_ready_is_said_at_once(repository: Repository) -> None:
    (repository.root / "pyproject.toml").write_text('[project]\nversion = "0.1.0"\n', encoding="utf-8")
    result = run(repository, "v0.2.0")
    assert result.exit_code == 1
    assert result.stdout.splitlines() == [
        "CHANGELOG.md:1 release: 0.2.0 has no section with its date; "
        "give what is unreleased the head “## 0.2.0 (2026-01-15)”",
        "CITATION.cff:7 version: 0.1.0 is not the release 0.2.0; write 0.2.0",
        "data/history/0.2.0.json:1 snapshot: 0.2.0 is not on record; take it: livrev snapshot 0.2.0",
        "pyproject.toml:2 version: 0.1.0 is not the release 0.2.0; write 0.2.0",
    ]


def test_a_record_that_changed_after_the_snapshot_stops_it(ready: Repository) -> None:
    set_cell(ready, "outcomes", 0, "value", "0.71")
    assert "0.1.0 is not what the review says now" in run(ready, "0.1.0").stdout


def test_days_that_differ_stop_it(ready: Repository) -> None:
    replace(ready.root / "CHANGELOG.md", "0.1.0 (2026-01-15)", "0.1.0 (2026-01-16)")
    assert "CHANGELOG.md:7 date: 2026-01-16 is not the day in CITATION.cff, 2026-01-15" in run(ready, "v0.1.0").stdout


def test_a_draft_stops_it(ready: Repository) -> None:
    with (ready.chapters / "methods.md").open("a", encoding="utf-8") as file:
        file.write("\n*To write:* how.\n")
    assert "to write: how. is left to write" in run(ready, "v0.1.0").stdout


@pytest.mark.parametrize("tag", ["latest", "v1", "1.2.0-rc1", "v1.2.3.4"])
def test_a_tag_that_names_no_version_is_refused(ready: Repository, tag: str) -> None:
    result = run(ready, tag)
    assert result.exit_code == 2 and f"{tag} names no version; write three numbers, as v1.2.0" in result.stderr


def test_words_are_those_of_the_release_alone(ready: Repository) -> None:
    assert version_of("v0.0.1") == "0.0.1" and notes_of(ready, "0.0.1") == "- Mud.\n" and notes_of(ready, "9.9.9") == ""
