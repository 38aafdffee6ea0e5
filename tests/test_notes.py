"""A source note is read whole, or what is wrong in it is named with its line."""

from pathlib import Path

import pytest
from small_review import replace

from livrev.paths import Repository
from livrev.records.plain_yaml import read_note


@pytest.fixture
def note(repository: Repository) -> Path:
    return repository.sources / "Doe2020cress.md"


def test_a_note_is_a_source_with_findings_and_prose(repository: Repository, note: Path) -> None:
    source, front, problems = read_note(note, repository)
    assert problems == [] and source is not None and front is not None
    assert (source.citekey, source.kind, len(source.findings)) == ("Doe2020cress", "news", 2)
    assert source.furniture[1].sentences == (4,)
    assert source.findings[0].settled_by == ("Roe2019trial",)
    assert source.about == "What this document is: a note in a garden paper."
    assert front["findings"][1].line_of("verdict") == 37


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("kind: news", "kind: gossip", ":3 kind: gossip is not an allowed value; use 'primary'"),
        ("language: English\n", "", ":2 language: is missing; add the field"),
        (
            "title: Cress and the back",
            "titel: Cress and the back",
            ":4 titel: Cress and the back is not a field of this record",
        ),
        (
            "citekey: Doe2020cress",
            "citekey: Doe2020water",
            ":2 citekey: Doe2020water is not the name of the file; name the file",
        ),
        ("repeats: []", "repeats: none", ":15 repeats: none is not a list; write"),
        ("repeats: []", "about: me", ":15 about: me is not a field of this record; write it below the second ---"),
        ("  verdict: confirmed", "  verdict:", ":25 findings.verdict"),
        ("read_on: 2026-01-15", "read_on: soon", ":9 read_on: soon is not usable"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(
    repository: Repository, note: Path, old: str, new: str, said: str
) -> None:
    replace(note, old, new)
    source, _, problems = read_note(note, repository)
    assert source is None
    assert any(f"data/sources/Doe2020cress.md{said}" in str(problem) for problem in problems), list(map(str, problems))


def test_all_that_is_wrong_is_named_at_once(repository: Repository, note: Path) -> None:
    replace(note, "kind: news", "kind: gossip")
    replace(note, "direction: for\n  population: gardener", "direction: up\n  population: gardener")
    assert {problem.field for problem in read_note(note, repository)[2]} == {"kind", "findings.direction"}
