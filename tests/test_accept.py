"""`livrev accept`: what a person read and kept becomes rows; what is undecided is refused with its line."""

import csv
import io
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
    set_cell(repository, "studies", 0, "other_citekeys", KEY)
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


def test_rows_alone_are_a_draft_too(drafted: Repository) -> None:
    (drafted.drafts / f"{KEY}.md").unlink()
    assert f"data/drafts/{KEY}.csv:1 read: no is a draft that no person has read" in run(drafted, "check").stdout


def test_a_study_of_its_own(drafted: Repository) -> None:
    read(drafted, "drop", "drop")
    assert run(drafted, "accept", KEY).exit_code == 0
    assert run(drafted, "check").exit_code == 0
    with pytest.raises(FileNotFoundError):
        draft_of(drafted)


def study_draft(repository: Repository, **cells: str) -> None:
    """Fill the drafted row of the study, as a person does, and say yes to it."""
    path = repository.drafts / f"{KEY}.study.csv"
    head, row = csv.reader(io.StringIO(path.read_text(encoding="utf-8")))
    filled = dict(zip(head, row, strict=True)) | {"question": "exercise", "design": "rct", "condition": "acute-pain"}
    filled |= {"status": "published", "read": "yes"} | cells
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\n").writerows([head, [filled[column] for column in head]])
    path.write_text(buffer.getvalue(), encoding="utf-8")


def edit(repository: Repository, old: str, new: str) -> None:
    replace(repository.drafts / f"{KEY}.csv", old, new)


def test_the_study_enters_its_table_with_its_results(drafted: Repository) -> None:
    read(drafted, "yes", "drop")
    edit(drafted, "--os,roe-2019,", "--os,mullergrun-2021-radish,")
    said = run(drafted, "accept", KEY).stdout
    assert (
        f"data/drafts/{KEY}.study.csv:2 read: no is undecided (mullergrun-2021-radish); compare it with the source"
        in said
    )
    study_draft(drafted, other_citekeys="", note="Of a kitchen\n and a\tgarden")
    result = run(drafted, "accept", KEY)
    assert result.exit_code == 0, result.output
    assert "1 to data/outcomes.csv, 1 to data/studies.csv" in result.stderr
    added = (drafted.data / "studies.csv").read_text(encoding="utf-8").splitlines()[-1]
    assert added.startswith("mullergrun-2021-radish,Müller-Grün 2021") and "Of a kitchen and a garden" in added
    assert run(drafted, "check").exit_code == 0 and not list(drafted.drafts.glob("*"))


def test_a_large_trial_enters_before_a_chapter_tells_of_it(drafted: Repository) -> None:
    read(drafted, "yes", "drop")
    edit(drafted, "--os,roe-2019,", "--os,mullergrun-2021-radish,")
    study_draft(drafted, question="exercise", condition="chronic-pain", n="400", other_citekeys="", note="")
    result = run(drafted, "accept", KEY)
    assert result.exit_code == 0, result.output
    assert "mullergrun-2021-radish is a randomised trial of 400 with results, and in no" in run(drafted, "check").stdout


def test_a_paper_that_its_study_does_not_name_is_told(drafted: Repository) -> None:
    read(drafted, "yes", "drop")
    set_cell(drafted, "studies", 0, "other_citekeys", "")
    said = run(drafted, "accept", KEY).stdout
    assert f"data/drafts/{KEY}.csv:2 citekey: {KEY} is no paper of roe-2019" in said and "other_citekeys" in said


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (",0.52,0.97,", ",0.82,0.97,", ":2 ci_low: 0.82 "),
        (",0.71,0.52,", ",about 0.71,0.52,", ":2 value: about 0.71 is not a number; write digits and a decimal point"),
        ("--os,roe-2019,", "--os,nobody-2019,", ":2 study: nobody-2019 is not in studies; add it to data/studies.csv"),
        (",os,,all,", ",oss,,all,", ":2 endpoint: oss is not in the vocabulary"),
        ("mullergrun-2021-radish--os", "roe-2019--os", ":2 outcome: roe-2019--os "),
        (",treatment,radish,water,os,", ",,radish,water,os,", ":2 contrast: "),
    ],
    ids=["interval", "number", "study", "endpoint", "twice", "empty"],
)
def test_what_would_be_wrong_in_the_table_is_said_of_the_draft_and_nothing_is_written(
    drafted: Repository, old: str, new: str, said: str
) -> None:
    read(drafted, "yes", "drop")
    edit(drafted, old, new)
    before = state_of(drafted)
    result = run(drafted, "accept", KEY)
    assert result.exit_code == 1 and f"data/drafts/{KEY}.csv{said}" in result.stdout, result.output
    assert state_of(drafted) == before


def test_a_line_break_in_a_cell_cannot_break_the_table(drafted: Repository) -> None:
    read(drafted, "yes", "drop")
    edit(drafted, ",treatment,radish,water,os,", ',treatment,"radish,\r\nraw\n",water ,os,')
    assert run(drafted, "accept", KEY).exit_code == 0
    added = (drafted.data / "outcomes.csv").read_text(encoding="utf-8").splitlines()[-1]
    assert ',"radish, raw",water,' in added and run(drafted, "check").exit_code == 0


@pytest.mark.parametrize(("delimiter", "charset"), [(";", "utf-8-sig"), ("\t", "utf-16"), (",", "cp1252")])
def test_a_draft_may_come_back_from_a_spreadsheet(drafted: Repository, delimiter: str, charset: str) -> None:
    read(drafted, "yes", "drop")
    path = drafted.drafts / f"{KEY}.csv"
    rows = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8"))))
    buffer = io.StringIO()
    csv.writer(buffer, delimiter=delimiter).writerows([*row, "", ""] for row in rows)
    path.write_bytes(buffer.getvalue().encode(charset))
    assert run(drafted, "accept", KEY).exit_code == 0


def test_what_is_wrong_already_does_not_keep_a_draft_out(drafted: Repository) -> None:
    read(drafted, "yes", "drop")
    (drafted.chapters / "methods.md").write_text("# How\n\nOf 40 mice, 12 died.\n", encoding="utf-8")
    assert run(drafted, "accept", KEY).exit_code == 0
