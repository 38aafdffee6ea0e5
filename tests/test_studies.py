"""Studies do not contradict each other."""

from collections.abc import Callable

import pytest
from small_review import set_cell

from livrev.checks.studies import check_studies
from livrev.paths import Repository
from livrev.records.review import Review

Reread = Callable[[], Review]


def problems_of(review: Review) -> list[str]:
    return [str(problem) for problem in check_studies(review)]


def change(repository: Repository, table: str, row: int, **cells: str) -> None:
    for column, value in cells.items():
        set_cell(repository, table, row, column, value)


def test_the_small_review_is_in_order(review: Review) -> None:
    assert problems_of(review) == []


@pytest.mark.parametrize(
    ("new", "old", "said"),
    [
        ({"data_cutoff": "2020-06"}, {"data_cutoff": "2019-06"}, None),
        (
            {"data_cutoff": "2019-05"},
            {"data_cutoff": "2019-06"},
            "data_cutoff: 2019-05 is before the 2019-06 of roe-2019--orr",
        ),
        ({"data_cutoff": "2019-06"}, {"data_cutoff": "2019-06-30"}, None),
        ({"data_cutoff": "2019"}, {"data_cutoff": "2019-06-30"}, None),
        ({"follow_up_months": "12"}, {"follow_up_months": "6"}, None),
        ({"follow_up_months": "6"}, {"follow_up_months": "12"}, "follow_up_months: 6 is below the 12"),
        ({"data_cutoff": "2020", "follow_up_months": "6"}, {"data_cutoff": "2019", "follow_up_months": "12"}, None),
        ({"follow_up_months": "6"}, {"data_cutoff": "2019"}, None),
    ],
)
def test_an_update_is_later_than_what_it_supersedes(
    repository: Repository, reread: Reread, new: dict[str, str], old: dict[str, str], said: str | None
) -> None:
    change(repository, "outcomes", 1, **old)
    change(repository, "outcomes", 2, supersedes="roe-2019--orr", **new)
    found = problems_of(reread())
    assert any(said in problem for problem in found) if said else found == [], found


@pytest.mark.parametrize(
    ("cells", "field"),
    [({"doi": "10.1234/TRIAL"}, "doi"), ({"pmid": "1234567"}, "pmid"), ({"nct": "NCT00000001;NCT01234567"}, "nct")],
)
def test_one_study_has_one_identity_unless_linked(
    repository: Repository, reread: Reread, cells: dict[str, str], field: str
) -> None:
    change(repository, "studies", 1, **cells)
    found = problems_of(reread())
    assert (
        len(found) == 1
        and found[0].startswith(f"data/studies.csv:3 {field}: ")
        and "belongs to roe-2019 too" in found[0]
    )
    change(repository, "studies", 1, part_of="roe-2019")
    assert problems_of(reread()) == []


@pytest.mark.parametrize(
    ("cells", "adds_up"),
    [
        ({}, True),
        ({"total": "41", "events": "4", "value": "9.8"}, False),
        ({"total": "41", "events": "4", "value": "9.8", "population": "treated"}, True),
        ({"total": "41", "events": "4", "value": "9.8", "stratum": "radiating-pain"}, True),
        ({"total": "41", "events": "4", "value": "9.8", "report": "update"}, True),
        ({"total": "80", "arm": "cress", "value": "5"}, True),
    ],
)
def test_arms_add_up(repository: Repository, reread: Reread, cells: dict[str, str], adds_up: bool) -> None:
    change(repository, "outcomes", 2, **cells)
    found = problems_of(reread())
    assert (
        found == [] if adds_up else "40 + 41 add up to 81 in the arms of roe-2019 (orr), which has n = 80" in found[0]
    )


def test_a_loop_is_named_once(repository: Repository, reread: Reread) -> None:
    change(repository, "outcomes", 0, supersedes="roe-2019--orr")
    change(repository, "outcomes", 1, supersedes="roe-2019--orr-water")
    change(repository, "outcomes", 2, supersedes="roe-2019--orr")
    assert [said.split(" is ")[0].split(" leads ")[0] for said in problems_of(reread())] == [
        "data/outcomes.csv:3 supersedes: roe-2019--orr → roe-2019--orr-water → roe-2019--orr"
    ]


def test_the_real_studies_are_in_order(real_review: Review) -> None:
    assert problems_of(real_review) == []
