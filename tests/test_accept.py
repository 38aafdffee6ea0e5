"""`livrev accept`: what a person read and kept becomes rows; what is undecided is refused with its line."""

from pathlib import Path

import pytest
from service_answers import pubmed_xml
from small_review import DAY, replace, set_cell
from test_add import KEY, draft_of, run, state_of

from livrev.paths import Repository


@pytest.fixture
def drafted(repository: Repository, tmp_path: Path) -> Repository:
    (tmp_path / "record.xml").write_text(pubmed_xml(), encoding="utf-8")
    assert run(repository, "add", tmp_path / "record.xml").exit_code == 0
    return repository


def read(repository: Repository, *decisions: str) -> None:
    """Do what a person does: read, decide on each row, fill what is empty, and sign."""
    rows = repository.drafts / f"{KEY}.csv"
    lines = rows.read_text(encoding="utf-8").splitlines()
    for number, decision in enumerate(decisions, 1):
        lines[number] = lines[number].removesuffix(",no") + f",{decision}"
        filled = f"{KEY},primary,,,itt,treatment,radish,water,"
        lines[number] = lines[number].replace("mullergrun-2021-radish," + KEY + ",,,,,,,,", "roe-2019," + filled)
        lines[number] = lines[number].replace(",os,,,,,", ",os,,all,,,").replace(",orr,,,,,", ",orr,,all,,,")
    rows.write_text("\n".join(lines) + "\n", encoding="utf-8")
    replace(
        repository.drafts / f"{KEY}.md",
        "\nread: no  # by a person; while it says no, livrev check fails",
        "\nread: yes",
    )
    replace(repository.drafts / f"{KEY}.md", "read_on:  # the day on which a person read it", f"read_on: {DAY}")


def test_rows_that_were_kept_enter_the_table_and_the_review_is_sound_again(drafted: Repository) -> None:
    read(drafted, "yes", "drop")
    before = (drafted.data / "outcomes.csv").read_text(encoding="utf-8")
    result = run(drafted, "accept", KEY)
    assert result.exit_code == 0, result.output
    after = (drafted.data / "outcomes.csv").read_text(encoding="utf-8")
    assert after.startswith(before)
    added = after[len(before) :].splitlines()
    assert len(added) == 1 and added[0].startswith("mullergrun-2021-radish--os,roe-2019,") and f",{DAY}," in added[0]
    assert not list(drafted.drafts.glob("*"))
    checked = run(drafted, "check")
    assert checked.exit_code == 0, checked.output
    assert "mullergrun-2021-radish--os" in run(drafted, "export", "outcomes").stdout


def test_nothing_undecided_passes(drafted: Repository) -> None:
    before = state_of(drafted)
    result = run(drafted, "accept", KEY)
    assert result.exit_code == 1
    said = result.stdout
    assert (
        f"data/drafts/{KEY}.csv:2 read: no is undecided (mullergrun-2021-radish--os); compare it with its sentence"
        in said
    )
    assert f"data/drafts/{KEY}.md:3 read: no is not yes; read the source first" in said
    assert f"data/drafts/{KEY}.md:9 read_on: is no day; write YYYY-MM-DD" in said
    assert state_of(drafted) == before


def test_a_draft_that_was_read_and_not_accepted_still_fails_the_check(drafted: Repository) -> None:
    read(drafted, "yes", "yes")
    said = run(drafted, "check").stdout
    assert f"data/drafts/{KEY}.md:3 read: yes but it is a draft still, and in no table; run livrev accept {KEY}" in said


def test_own_words_are_not_thrown_away(drafted: Repository) -> None:
    read(drafted, "yes", "yes")
    note = drafted.drafts / f"{KEY}.md"
    text = note.read_text(encoding="utf-8")
    note.write_text(
        text.replace("statement:  # in your own words", "statement: Radish prolonged life.", 1), encoding="utf-8"
    )
    result = run(drafted, "accept", KEY)
    assert result.exit_code == 1 and "would be lost" in result.stdout and f"data/sources/{KEY}.md" in result.stdout


def test_a_note_moved_among_the_sources_unread_is_no_source(drafted: Repository) -> None:
    (drafted.drafts / f"{KEY}.md").rename(drafted.sources / f"{KEY}.md")
    (drafted.drafts / f"{KEY}.csv").unlink()
    said = run(drafted, "check").stdout
    assert f"data/sources/{KEY}.md" in said and "read" in said


@pytest.mark.parametrize("key", ["Nobody2020nothing", "../outcomes", ""])
def test_what_is_no_draft(drafted: Repository, key: str) -> None:
    result = run(drafted, "accept", key)
    assert result.exit_code == 1 and f"is no draft; give the key of one: {KEY}" in result.stdout


def test_a_dry_run_changes_nothing(drafted: Repository) -> None:
    read(drafted, "yes", "drop")
    before = state_of(drafted)
    result = run(drafted, "accept", KEY, "--dry-run")
    assert result.stdout.startswith("mullergrun-2021-radish--os,roe-2019,") and state_of(drafted) == before


def test_rows_alone_are_a_draft_too(drafted: Repository) -> None:
    (drafted.drafts / f"{KEY}.md").unlink()
    assert f"data/drafts/{KEY}.csv:1 read: no is a draft that no person has read" in run(drafted, "check").stdout


def test_a_study_of_its_own(drafted: Repository) -> None:
    read(drafted, "drop", "drop")
    set_cell(drafted, "studies", 0, "other_citekeys", KEY)
    assert run(drafted, "accept", KEY).exit_code == 0
    assert run(drafted, "check").exit_code == 0
    with pytest.raises(FileNotFoundError):
        draft_of(drafted)
