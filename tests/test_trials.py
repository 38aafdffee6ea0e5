"""What registries say of trials: which results are awaited, for how long, and what contradicts itself."""

import datetime
from collections.abc import Callable

import pytest
from small_review import READ, WAITING, add_row, add_trial, set_cell

from livrev.checks.studies import check_trials
from livrev.frames.open_review import OpenReview
from livrev.paths import Repository
from livrev.records.model import Trial
from livrev.records.review import Review
from livrev.review.results import compute_results
from livrev.review.studies import awaited_trials, months_overdue, search_day
from livrev.site.records import study_page

Reread = Callable[[], Review]


@pytest.mark.parametrize(
    ("completion", "months"),
    [
        ("2025-01-15", 12),
        ("2025-01-16", 11),
        ("2026-01-15", None),
        ("2025-11", 1),
        ("2025", 0),
        ("2026", None),
        (None, None),
    ],
)
def test_months_count_from_the_end_of_what_was_planned(completion: str | None, months: int | None) -> None:
    trial = Trial(**WAITING, completion=completion, address=READ["address"], read_on=datetime.date(2026, 1, 15))
    assert months_overdue(trial, datetime.date(2026, 1, 15)) == months


def test_a_trial_is_awaited_until_a_result_is_on_file(repository: Repository, reread: Reread) -> None:
    add_trial(repository, completion="2025-06-30")
    number, *others = (row for row in (WAITING["nct"], "NCT01234567"))
    add_row(repository, "trials", {"nct": others[0], "study": "roe-2019"} | READ)  # reported
    review = reread()
    assert list(awaited_trials(review)) == [number]
    results = compute_results(review)
    assert [results[f"running.exercise.{what}"].value for what in ("trials", "patients", "overdue")] == [1, 300, 1]
    assert results["running.outlook.trials"].value == 0
    assert search_day(review) == datetime.date(2026, 1, 15)  # not today
    assert OpenReview(review).awaited.loc[number, "months_overdue"] == 6
    page = study_page(review, review.studies["cress-2"], {})
    assert "Garden Guild" in page and "2025-06-30, 6 months before the last search (2026-01-15)" in page
    set_cell(repository, "trials", 0, "status", "terminated")
    assert awaited_trials(reread()) == {}


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({"completion": "2027-01"}, None),
        ({"study": "roe-2019", "status": "withdrawn"}, "status: withdrawn cannot be: a result is on file (roe-2019)"),
        ({"nct": "NCT01111111"}, "nct: NCT01111111 is no number of cress-2"),
        ({"record_date": "2026-02"}, "record_date: 2026-02 is after 2026-01-15, when it was read"),
        ({"status": "completed", "completion": "2027"}, "completion: 2027 is to come, and the trial is completed"),
        ({"completion": "2027-02-30"}, "completion: 2027-02-30 is no day"),
    ],
)
def test_what_contradicts_itself_is_named(
    repository: Repository, reread: Reread, cells: dict[str, str], said: str | None
) -> None:
    add_trial(repository, **cells)
    found = [str(problem) for problem in check_trials(reread())]
    assert found == [] if said is None else any(said in problem for problem in found), found


def test_a_final_result_ends_recruiting_and_no_registered_trial_is_without_its_record(
    repository: Repository, reread: Reread
) -> None:
    add_trial(repository, nct="NCT01234567", study="roe-2019")
    set_cell(repository, "outcomes", 0, "report", "final")
    problems = [str(problem) for problem in check_trials(reread())]
    assert any("recruiting cannot be: its final result is on file (roe-2019)" in problem for problem in problems)
    assert any("NCT09999999 has no record of its registry" in problem for problem in problems)
