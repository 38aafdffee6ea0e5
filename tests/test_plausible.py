"""A result that cannot be is named with its line, field, value and cure; one that its source prints so is flagged and kept."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from click.testing import CliRunner
from small_review import set_cell

from livrev.checks.outcomes import check_studies_of
from livrev.cli import main
from livrev.paths import Repository
from livrev.records.review import Review, Rows

OUTCOMES, STUDIES = "data/outcomes.csv", "data/studies.csv"
Cells = dict[str, str]
# The table, the row, its cells, and the problem.
CASES: dict[str, tuple[str, int, Cells, str]] = {
    "an interval with one bound": ("outcomes", 0, {"ci_high": ""}, f"{OUTCOMES}:2 ci_high: is missing beside ci_low 0.50; add"),
    "a share with one bound": ("outcomes", 1, {"ci_high": "40", "ci_level": "95"}, f"{OUTCOMES}:3 ci_low: is missing beside"),
    "an interval without its value": ("outcomes", 0, {"value": "", "p": ""}, f"{OUTCOMES}:2 value: is missing beside the interval"),
    "a level of nothing": (
        "outcomes", 0, {"ci_low": "", "ci_high": "", "p": ""}, f"{OUTCOMES}:2 ci_level: 95 is the level of no interval",
    ),
    "a bound above a hundred percent": (
        "outcomes", 1, {"ci_low": "20", "ci_high": "101", "ci_level": "95"}, f"{OUTCOMES}:3 ci_high: 101 is no percentage",
    ),
    "a bound below nothing": (
        "outcomes", 1, {"ci_low": "-2", "ci_high": "41", "ci_level": "95"}, f"{OUTCOMES}:3 ci_low: -2 is no percentage",
    ),
    "a ratio without its point": (
        "outcomes", 0, {"value": "70", "ci_low": "50", "ci_high": "98"}, f"{OUTCOMES}:2 value: 70 is far above any ratio; was the",
    ),
    "a median of days": (
        "outcomes", 0, {"measure": "median-months", "value": "730", "ci_low": "", "ci_high": "", "ci_level": "", "p": ""},
        f"{OUTCOMES}:2 value: 730 is more than fifty years; write months",
    ),
    "nobody of nobody": (
        "outcomes", 1, {"value": "", "events": "0", "total": "0"}, f"{OUTCOMES}:3 total: 0 is below 1; check the digits",
    ),
    "a p of nothing": ("outcomes", 0, {"p": "0.000"}, f"{OUTCOMES}:2 p: 0.000 is no probability: it is never 0; write <0.001"),
    "an arm against itself": ("outcomes", 0, {"comparator": "Cress"}, f"{OUTCOMES}:2 comparator: Cress is the arm itself"),
    "a contrast without its other side": (
        "outcomes", 0, {"comparator": ""}, f"{OUTCOMES}:2 comparator: is missing, and the contrast is treatment; name the group",
    ),
    "a prognosis without its other side": (
        "outcomes", 3, {"comparator": "NA"}, f"{OUTCOMES}:5 comparator: is missing, and the contrast is prognostic",
    ),
    "a cut-off in a thirteenth month": ("outcomes", 0, {"data_cutoff": "2019-13"}, f"{OUTCOMES}:2 data_cutoff: 2019-13 is no day"),
    "a cut-off on no day": ("outcomes", 0, {"data_cutoff": "2019-02-30"}, f"{OUTCOMES}:2 data_cutoff: 2019-02-30 is no day"),
    "a cut-off to come": ("outcomes", 0, {"data_cutoff": "2999"}, f"{OUTCOMES}:2 data_cutoff: 2999 lies in the future"),
    "a cut-off long ago": ("outcomes", 0, {"data_cutoff": "1019-03"}, f"{OUTCOMES}:2 data_cutoff: 1019-03 lies before 1900"),
    "a cut-off after it was read": ("outcomes", 0, {"data_cutoff": "2026-02"}, f"{OUTCOMES}:2 data_cutoff: 2026-02 lies after the"),
    "a day before all papers": ("outcomes", 0, {"read_on": "1026-01-15"}, f"{OUTCOMES}:2 read_on: 1026-01-15 lies before 1900"),
    "a year to come": ("studies", 0, {"year": "2091"}, f"{STUDIES}:2 year: 2091 lies in the future"),
    "a paper of another study": (
        "outcomes", 0, {"citekey": "Poe2018cohort"}, f"{OUTCOMES}:2 citekey: Poe2018cohort is no paper of roe-2019, which names Roe",
    ),
    "two studies of one name": ("studies", 1, {"name": "roe 2019 (CRESS-1)"}, f"{STUDIES}:3 name: roe 2019 (CRESS-1) is the name of roe"),
    "a space that is not seen": ("studies", 0, {"arms": "cress\u200b v water"}, f"{STUDIES}:2 arms: cress\\x200b v water holds a char"),
    "a soft hyphen": ("studies", 0, {"arms": "cre\u00adss"}, f"{STUDIES}:2 arms: cre\\xadss holds a character that is not seen (soft"),
    "a letter in two parts": ("studies", 0, {"arms": "cre\u0301me"}, f"{STUDIES}:2 arms: cre\u0301me writes a letter and its"),
    "a mark of direction": ("studies", 0, {"arms": "cress\u200f"}, "holds a character that turns the direction of what follows"),
}  # fmt: skip


def check(repository: Repository) -> str:
    return CliRunner().invoke(main, ["--root", str(repository.root), "check"]).stdout


@pytest.mark.parametrize(("table", "row", "cells", "said"), CASES.values(), ids=CASES)
def test_it_is_named(repository: Repository, table: str, row: int, cells: Cells, said: str) -> None:
    for column, value in cells.items():
        set_cell(repository, table, row, column, value)
    assert said in check(repository)


@pytest.mark.parametrize(
    "cells",
    [
        {"measure": "median-months", "value": "24.1", "ci_low": "18.0", "ci_high": "", "p": ""},  # not reached
        {
            "contrast": "pooled",
            "measure": "percent",
            "value": "30",
            "ci_low": "20",
            "ci_high": "40",
            "comparator": "",
            "p": "",
        },
        {"data_cutoff": "2019-02-28"},
        {"value": "1.2", "flag": "impossible-interval", "flag_reason": "printed so"},
    ],
)
def test_what_may_be_is_left(repository: Repository, cells: Cells) -> None:
    for column, value in cells.items():
        set_cell(repository, "outcomes", 0, column, value)
    said = check(repository)
    assert OUTCOMES not in said, said


def test_a_further_paper_of_the_study_may_be_cited(repository: Repository, reread: Callable[[], object]) -> None:
    set_cell(repository, "outcomes", 0, "citekey", "Poe2018cohort")
    set_cell(repository, "studies", 0, "other_citekeys", "Poe2018cohort")
    set_cell(repository, "outcomes", 0, "data_cutoff", "2018-03")  # before it came out
    assert OUTCOMES not in check(repository)


def test_no_more_are_of_a_kind_than_there_are_patients(review: Review) -> None:
    rows = review.tables["studies"]
    for part, said in ((81, ["n_liver_metastases: 81 is above n = 80; are the two swapped?"]), (80, [])):
        records = [row | ({"n_liver_metastases": part} if row["study"] == "roe-2019" else {}) for row in rows.records]
        more = replace(review, tables=review.tables | {"studies": Rows(rows.table, records, rows.lines)})
        assert [str(problem).partition(" ")[2] for problem in check_studies_of(more)] == said
