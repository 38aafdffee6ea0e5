"""A long table is read in a time that grows with its rows, says how far it is, and its problems are found as in a short one."""

import csv
import time
import tracemalloc

import pytest
from click.testing import CliRunner
from small_review import set_cell

from livrev.checks import run
from livrev.cli import main
from livrev.paths import Repository
from livrev.records import tables
from livrev.records.review import read_review


def lengthen(repository: Repository, rows: int) -> None:
    path = repository.data / "outcomes.csv"
    with path.open(encoding="utf-8", newline="") as file:
        table = list(csv.reader(file))
    place, again = table[0].index("outcome"), list(table[2])
    with path.open("a", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        for number in range(rows):
            again[place] = f"roe-2019--more-{number}"
            writer.writerow(again)


def seconds_to_read(repository: Repository) -> float:
    started = time.process_time()
    review, problems = read_review(repository)
    assert review is not None and problems == []
    return time.process_time() - started


def test_four_times_the_rows_take_about_four_times_as_long(repository: Repository) -> None:
    lengthen(repository, 2_500)
    short = seconds_to_read(repository)
    lengthen_by, path = 7_500, repository.data / "outcomes.csv"
    text = path.read_text(encoding="utf-8").splitlines(keepends=True)
    more = [line.replace("more-", "again-") for line in text if "--more-" in line]
    path.write_text("".join(text) + "".join(line.replace("again-", f"again-{n}-") for n in range(3) for line in more))
    assert len(path.read_text().splitlines()) > lengthen_by
    assert seconds_to_read(repository) < 10 * short + 1


def test_a_long_table_says_how_far_it_is_and_names_its_problem(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tables, "_TOLD", 100)
    monkeypatch.setattr(run, "_LONG", 200)
    monkeypatch.setattr(tables, "LONG", 200)
    lengthen(repository, 400)
    set_cell(repository, "outcomes", 350, "events", "41")
    result = CliRunner().invoke(main, ["--root", str(repository.root), "check"])
    assert "data/outcomes.csv: 100 lines read" in result.stderr and "checking printed results" in result.stderr
    assert result.stdout == "data/outcomes.csv:352 events: 41 is above total 40; are the two swapped?\n"


def test_results_that_chapters_print_are_found_in_a_long_table(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run, "_LONG", 200)
    monkeypatch.setattr(tables, "LONG", 200)
    lengthen(repository, 400)
    path = repository.chapters / "methods.md"
    said = "\nSo it was {result}`outcome.roe-2019--more-7|count` and {result}`outcome.roe-2019--more-x|count`.\n"
    path.write_text(path.read_text(encoding="utf-8") + said, encoding="utf-8")
    (line,) = CliRunner().invoke(main, ["--root", str(repository.root), "check"]).stdout.splitlines()
    assert "result: outcome.roe-2019--more-x is no Result" in line


def test_a_row_of_a_long_table_takes_little_memory(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "LONG", 200)
    lengthen(repository, 4_000)
    tracemalloc.start()
    try:
        review, _ = read_review(repository)
        assert review is not None and sum(outcome.study == "roe-2019" for outcome in review.outcomes.values()) > 4_000
        held, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert held < 4_000 * 700  # bytes; as records of their own they take three times as much


def test_the_records_of_a_long_table_are_those_of_a_short_one(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    lengthen(repository, 300)
    short, _ = read_review(repository)
    monkeypatch.setattr(tables, "LONG", 200)
    long, _ = read_review(repository)
    assert short is not None and long is not None and type(short.outcomes) is dict and type(long.outcomes) is not dict
    assert dict(long.outcomes) == short.outcomes and list(long.outcomes.values()) == list(short.outcomes.values())
    assert list(long.tables["outcomes"].records) == short.tables["outcomes"].records
    assert "roe-2019--orr" in long.outcomes and "x" not in long.outcomes


def test_one_mistake_in_every_row_is_told_often_enough_and_no_more(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tables, "_MOST_PROBLEMS", 20)
    monkeypatch.setattr(run, "_MOST", 20)
    lengthen(repository, 100)
    path = repository.data / "outcomes.csv"
    before = path.read_text(encoding="utf-8")
    path.write_text(before.replace(",12,40,", ",52,40,"), encoding="utf-8")
    said = CliRunner().invoke(main, ["--root", str(repository.root), "check"]).stdout.splitlines()
    assert 20 < len(said) < 25 and any("results: and more problems like those above" in line for line in said), said
    path.write_text(before.replace(",12,40,", ",twelve,40,"), encoding="utf-8")
    said = CliRunner().invoke(main, ["--root", str(repository.root), "check"]).stdout.splitlines()
    assert sum("events: twelve is not a whole number" in line for line in said) < 25, said
    assert any("row: and all below it were not read; mend what stands above first" in line for line in said), said
