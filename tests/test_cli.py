"""The command line: what a shell and a person see."""

import csv
import io
import json
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from small_review import ROOT, replace

from livrev.cli import main
from livrev.paths import Repository


def run(*words: str, input: str | None = None) -> Result:
    result = CliRunner().invoke(main, list(words), input=input)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def test_help_names_every_command() -> None:
    said = run("--help").stdout
    for command in ("check", "verify", "features", "extract", "export", "store", "build"):
        assert f"\n  {command} " in said


def test_version() -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    assert run("--version").stdout.endswith(f", version {version}\n")


@pytest.mark.parametrize("words", [["--root", "/nowhere", "check"], ["export", "leaves"], ["chek"], ["--root"]])
def test_a_mistyped_command_is_status_two(words: list[str]) -> None:
    assert run(*words).exit_code == 2


def test_extract_prints_places_and_numbers(repository: Repository, tmp_path: Path) -> None:
    paper = tmp_path / "paper.txt"
    paper.write_text(
        "Of 40 patients with acute low back pain, 12 (30 %) responded; HR 0.70 (95 % CI 0.50 to 0.98).",
        encoding="utf-8",
    )
    found = json.loads(run("--root", str(repository.root), "extract", str(paper), "--format", "json").stdout)
    ratio = next(item for item in found if item["kind"] == "HR")
    assert (ratio["value"], ratio["low"], ratio["high"]) == (0.7, 0.5, 0.98)
    assert any(item.get("entity") == "conditions:acute-pain" for item in found)
    assert paper.read_text(encoding="utf-8")[ratio["start"] : ratio["end"]].startswith("HR 0.70")


def test_extract_reads_standard_input(repository: Repository) -> None:
    result = run("--root", str(repository.root), "extract", "-", input="HR 0.70 (95 % CI 0.50 to 0.98)")
    assert "“HR 0.70 (95 % CI 0.50 to 0.98)”" in result.stdout and result.stdout.endswith("1 found\n")


def test_extract_refuses_what_is_no_text(repository: Repository, tmp_path: Path) -> None:
    (tmp_path / "paper.pdf").write_bytes(b"%PDF\xe9")
    result = run("--root", str(repository.root), "extract", str(tmp_path / "paper.pdf"))
    assert result.exit_code == 1 and "not UTF-8 text (byte 4); save it as plain text in UTF-8" in result.stderr


@pytest.mark.parametrize("harm", ["delete", "break", "list"])
def test_extract_says_what_is_wrong_with_the_vocabulary(repository: Repository, harm: str) -> None:
    if harm == "delete":
        repository.vocabulary.unlink()
    else:
        repository.vocabulary.write_bytes({"break": b"a: \xe9", "list": b"- a"}[harm])
    result = run("--root", str(repository.root), "extract", "-", input="HR 0.70")
    assert result.exit_code == 1 and result.stdout.startswith("data/vocabulary.yml:1 ")


def test_export_prints_or_writes_the_same(repository: Repository, tmp_path: Path) -> None:
    printed = run("--root", str(repository.root), "export", "findings").stdout
    written = run("--root", str(repository.root), "export", "findings", "-o", str(tmp_path / "f.csv"))
    assert (tmp_path / "f.csv").read_text(encoding="utf-8") == printed
    assert written.stdout == "" and "f.csv" in written.stderr
    assert len(list(csv.DictReader(io.StringIO(printed)))) == 2


def test_export_says_where_it_cannot_write(repository: Repository, tmp_path: Path) -> None:
    result = run("--root", str(repository.root), "export", "findings", "-o", str(tmp_path / "no" / "f.csv"))
    assert result.exit_code == 1 and "choose another place with -o" in result.stderr


def test_export_of_a_broken_review_names_what_is_broken(repository: Repository) -> None:
    replace(repository.sources / "Doe2020cress.md", "topic: gardening", "topic: golf")
    result = run("--root", str(repository.root), "export", "studies")
    assert result.exit_code == 1 and "data/sources/Doe2020cress.md:32 topic: golf" in result.stdout


def test_it_starts_quickly_and_from_any_folder_within(repository: Repository) -> None:
    command = [sys.executable, "-m", "livrev.cli", "check"]
    done = subprocess.run(command, cwd=repository.sources, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "check: nothing wrong\n")


def test_help_loads_nothing_heavy() -> None:
    code = "import sys, livrev.cli; print([m for m in ('pandas', 'matplotlib', 'scipy', 'sphinx') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
