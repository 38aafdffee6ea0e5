"""`livrev screen`: one key, one row; nothing decided is lost or asked again."""

import csv
import os
import pty
import select
import signal
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from small_review import write_table

from livrev.checks.run import check_review
from livrev.cli import main
from livrev.paths import Repository
from livrev.records.review import load_review
from livrev.update.state import State

FOUND = {"query_id": "Q1", "found_on": "2026-01-15", "year": "2026"}
CANDIDATES = [
    FOUND | {"record": "pmid-1", "title": "Mowing, and more", "pmid": "1", "score": "0.2"},
    FOUND
    | {
        "record": "pmid-2", "title": "A trial of cress", "pmid": "2", "doi": "10.5555/2", "score": "0.9",
        "why": "cress (+);trial (+)", "authors": "Doe J and others", "journal": "Garden Letters",
        "address": "https://pubmed.ncbi.nlm.nih.gov/2/", "trial_of": "studies:roe-2019", "known_by": "nct NCT01234567",
    },
    FOUND | {"record": "nct00000003", "title": "Cress to come", "nct": "NCT00000003;NCT00000004", "score": "0.5"},
    FOUND | {"record": "pmid-4", "title": "A trial of cress", "score": "1.0", "same_as": "references:Roe2019trial"},
]  # fmt: skip


@pytest.fixture
def screened(repository: Repository) -> Repository:
    path = repository.data / "search" / "candidates.csv"
    write_table(path, path.read_text(encoding="utf-8").strip().split(","), CANDIDATES)
    assert check_review(repository) == []
    return repository


def screen(repository: Repository, keys: str, *words: str) -> Result:
    return CliRunner().invoke(main, ["--root", str(repository.root), "screen", *words], input="\n".join(keys) + "\n")


def log(repository: Repository) -> list[tuple[str, str, str]]:
    with (repository.data / "search" / "screening.csv").open(encoding="utf-8", newline="") as file:
        return [(row["record"], row["decision"], row["reason"]) for row in csv.DictReader(file)][2:]


def test_the_likest_is_asked_first_and_each_decision_is_a_row(screened: Repository) -> None:
    done = screen(screened, "iue1")
    assert done.exit_code == 0 and "3 decided, 0 wait for a decision" in done.output
    assert log(screened) == [
        ("pmid-2", "include", "eligible"), ("nct00000003", "unsure", "not-clear"), ("pmid-1", "exclude", "wrong-population"),
    ]  # fmt: skip
    assert check_review(screened) == []
    row = load_review(screened).tables["screening"].records[-2]
    assert (row["title"], row["nct"], row["query_id"], row["stage"], row["study"]) == (
        "Cress to come", ("NCT00000003", "NCT00000004"), "Q1", "title", None,
    )  # fmt: skip


def test_what_is_shown_says_why_and_where_we_are(screened: Repository) -> None:
    with State(screened.build / "watch", today=__import__("datetime").date.today()) as state:
        state.keep_abstracts([("pmid-2", "METHODS: We watered.\nRESULTS: It \x1b[31mgrew.")])
    done = screen(screened, "i")
    card = done.output[: done.output.index("2 of 3")]
    assert "1 of 3 · 0 decided · likeness 0.900" in card
    assert "because of: cress (+), trial (+)" in card and "Doe J and others, Garden Letters, 2026" in card
    assert "same trial as studies:roe-2019 (nct NCT01234567)" in card and "https://pubmed.ncbi.nlm.nih.gov/2/" in card
    assert "RESULTS: It [31mgrew." in card and "\x1b" not in card
    assert load_review(screened).tables["screening"].records[-1]["stage"] == "abstract"


def test_nothing_decided_is_asked_again(screened: Repository) -> None:
    screen(screened, "iq")
    done = screen(screened, "e1q")
    assert "A trial of cress" not in done.output and "1 of 2" in done.output
    assert [record for record, _, _ in log(screened)] == ["pmid-2", "nct00000003"]


def test_a_skipped_one_comes_again_next_time(screened: Repository) -> None:
    assert "0 decided" in screen(screened, "sss").output
    assert log(screened) == []
    assert "A trial of cress" in screen(screened, "q").output


def test_back_takes_the_last_decision_back(screened: Repository) -> None:
    done = screen(screened, "bisbe1q")
    assert "nothing was decided before this one" in done.output
    assert log(screened) == [("pmid-2", "exclude", "wrong-population")]


def test_another_thought_before_the_reason_excludes_nothing(screened: Repository) -> None:
    done = screen(screened, "e9bq")
    assert "'9' is no reason; press one of 1, or b" in done.output
    assert log(screened) == []


def test_a_key_that_is_none_is_said(screened: Repository) -> None:
    done = screen(screened, "?q")
    assert "'?' is none of the keys: [i]nclude" in done.output and done.output.count("1 of 3") == 1


def test_unsure_ones_are_decided_later(screened: Repository) -> None:
    screen(screened, "uuu")
    assert "0 decided" in screen(screened, "i").output
    done = screen(screened, "iq", "--unsure")
    assert done.exit_code == 0 and "1 of 3" in done.output
    assert [(record, decision) for record, decision, _ in log(screened)] == [
        ("nct00000003", "unsure"), ("pmid-1", "unsure"), ("pmid-2", "include"),
    ]  # fmt: skip
    assert check_review(screened) == []


def test_the_rest_of_the_log_stays_to_the_byte(screened: Repository) -> None:
    path = screened.data / "search" / "screening.csv"
    before = path.read_bytes()
    screen(screened, "i")
    assert path.read_bytes().startswith(before)


def test_on_a_terminal_a_key_needs_no_return_and_a_kill_loses_nothing(screened: Repository) -> None:
    """The real command on a real terminal: a key, the next record, then it is killed."""
    child, terminal = pty.fork()
    if child == 0:
        os.execv(sys.executable, [sys.executable, "-m", "livrev.cli", "--root", str(screened.root), "screen"])
    seen = read_until(terminal, "1 of 3")
    os.write(terminal, b"i")
    seen += read_until(terminal, "2 of 3")
    os.kill(child, signal.SIGKILL)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL
    os.close(terminal)
    assert "A trial of cress" in seen
    assert log(screened) == [("pmid-2", "include", "eligible")]
    assert "Cress to come" in screen(screened, "q").output


def test_ctrl_c_ends_it_and_says_so(screened: Repository) -> None:
    child, terminal = pty.fork()
    if child == 0:
        os.execv(sys.executable, [sys.executable, "-m", "livrev.cli", "--root", str(screened.root), "screen"])
    read_until(terminal, "1 of 3")
    os.write(terminal, b"\x1b[Au")  # an arrow is none of the keys
    assert "is none of the keys" in read_until(terminal, "2 of 3")
    os.write(terminal, b"\x03")
    assert "stopped; every decision made is on file" in read_until(terminal, "on file")
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 130
    os.close(terminal)
    assert [decision for _, decision, _ in log(screened)] == ["unsure"]


def read_until(terminal: int, words: str) -> str:
    """Return what stands on the terminal once *words* have come."""
    seen, ends = "", time.monotonic() + 60
    while words not in seen:
        assert time.monotonic() < ends, seen
        if select.select([terminal], [], [], 1.0)[0]:
            seen += os.read(terminal, 65_536).decode("utf-8", "replace")
    return seen


def test_a_log_changed_meanwhile_is_not_written_over(screened: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    path = Path(screened.data / "search" / "screening.csv")
    monkeypatch.setattr("livrev.update.screening.held_in", lambda _: "another")
    before = path.read_bytes()
    done = screen(screened, "i")
    assert done.exit_code == 1 and "was changed meanwhile by someone else" in done.output
    assert path.read_bytes() == before
