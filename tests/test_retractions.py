"""A retraction is looked up or it is not; what is retracted is marked, leaves the pools, and the change is printed."""

import csv
import dataclasses
import io
from types import SimpleNamespace
from typing import Any

import pytest
from click.testing import CliRunner
from small_review import REFERENCES, set_cell, write_table

from livrev.checks.citations import check_retractions
from livrev.cli import main
from livrev.frames.open_review import OpenReview
from livrev.paths import Repository
from livrev.records.model import Estimate
from livrev.records.review import Review, Rows, load_review
from livrev.review.pools import pool_evidence
from livrev.review.results import compute_results
from livrev.review.studies import before_retractions, kept_pools, retracted_outcomes
from livrev.show.format import format_estimate
from livrev.show.names import link_reference, link_study, retraction_of
from livrev.site.citations import _label, marked_years

POOL = {
    "pool": "cress-os", "title": "Cress v water: death", "endpoint": "os", "measure": "HR", "contrast": "treatment",
    "stratum": "all", "outcomes": ("a--os", "b--os", "c--os", "roe-2019--os"), "comparators": (), "family": None,
}  # fmt: skip
FOUND = {"state": "retracted", "checked_on": "2026-01-14", "where": "Crossref", "notice_doi": "10.1234/notice"}


def problems_of(review: Review) -> list[str]:
    return [str(problem) for problem in check_retractions(review)]


def say_of_trial(repository: Repository, **cells: str) -> Review:
    """The small review where the row of the trial holds *cells*."""
    for column, value in cells.items():
        set_cell(repository, "retractions", 1, column, value)
    return load_review(repository)


def with_pool(review: Review) -> Review:
    """The small review with three more trials of cress, all four in one pool."""
    studies, outcomes = review.tables["studies"], review.tables["outcomes"]
    trial = next(r for r in studies.records if r["study"] == "roe-2019")
    result = next(r for r in outcomes.records if r["outcome"] == "roe-2019--os")
    names = {"a": (0.8, 0.6, 1.07), "b": (0.9, 0.7, 1.16), "c": (1.0, 0.8, 1.25)}
    more: list[dict[str, Any]] = [
        trial | {"study": name, "name": f"Trial {name}", "citekey": "Poe2018cohort"} for name in names
    ]
    rows: list[dict[str, Any]] = [
        result
        | {"outcome": f"{n}--os", "study": n, "citekey": "Poe2018cohort", "value": v, "ci_low": low, "ci_high": high}
        for n, (v, low, high) in names.items()
    ]
    tables = {
        "studies": Rows(studies.table, [*studies.records, *more], [*studies.lines, 4, 5, 6]),
        "outcomes": Rows(outcomes.table, [*outcomes.records, *rows], [*outcomes.lines, 6, 7, 8]),
        "pools": Rows(review.tables["pools"].table, [POOL], [2]),
    }
    return dataclasses.replace(review, tables=review.tables | tables)


def test_the_small_review_is_in_order_and_unchecked(review: Review) -> None:
    assert problems_of(review) == []
    assert retraction_of(review, "Roe2019trial") == ""
    results = compute_results(review)
    assert (results["retractions.unchecked"].value, results["retractions.none"].value) == (2, 0)
    assert "retractions.last_checked" not in results


def test_a_doi_without_a_row_is_named_with_its_line(repository: Repository) -> None:
    repository.references.write_text(REFERENCES.replace("10.1234/trial", "10.1234/other"), encoding="utf-8")
    assert [p for p in problems_of(load_review(repository)) if "is not the DOI of Roe2019trial (10.1234/other)" in p]
    path = repository.data / "retractions.csv"
    path.write_text("\n".join(path.read_text(encoding="utf-8").splitlines()[:2]) + "\n", encoding="utf-8")
    [said] = problems_of(load_review(repository))
    assert said.startswith(
        "references.bib:16 doi: 10.1234/other has no row in data/retractions.csv; add the row: Roe2019"
    )


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({"state": "none"}, "checked_on: is missing, and the state is none"),
        ({"checked_on": "2026-01-14"}, "checked_on: 2026-01-14 is filled, and the state is unchecked"),
        ({**FOUND, "state": "none", "where": "a web page", "notice_doi": ""}, "is no register of retractions"),
        ({**FOUND, "notice_doi": ""}, "notice_doi: is missing, and the state is retracted"),
        ({**FOUND, "state": "none-seen"}, "notice_doi: 10.1234/notice is filled, and the state is none-seen"),
    ],
)
def test_nothing_is_said_that_was_not_looked_up(repository: Repository, cells: dict[str, str], said: str) -> None:
    found = problems_of(say_of_trial(repository, **cells))
    assert any(said in problem for problem in found), found


def test_what_was_looked_up_in_the_archive_is_not_none(repository: Repository) -> None:
    review = say_of_trial(repository, **{**FOUND, "state": "none-seen", "where": "archive", "notice_doi": ""})
    assert problems_of(review) == []
    results = compute_results(review)
    assert (results["retractions.none-seen"].value, results["retractions.none"].value) == (1, 0)
    assert format_estimate(results["retractions.last_checked"]) == "14 January 2026"


def test_a_retracted_study_stays_and_is_marked_wherever_it_is_cited(repository: Repository) -> None:
    review = say_of_trial(repository, **FOUND)
    assert marked_years(review) == {"Roe2019trial": "2019, retracted"}
    assert str(link_reference(review, "Roe2019trial")) == "Roe2019trial [retracted]"
    assert str(link_study(review, review.studies["roe-2019"])) == "Roe 2019 (CRESS-1) [retracted]"
    assert "Roe2019trial" in review.references and "roe-2019" in review.studies


def test_a_retracted_study_leaves_the_figures_of_effects(repository: Repository, review: Review) -> None:
    def shown(which: Review) -> list[str]:
        opened = OpenReview(which)
        return list(opened.latest(opened.outcomes).query("endpoint == 'os' and contrast == 'treatment'").index)

    assert shown(review) == ["roe-2019--os"]
    assert shown(say_of_trial(repository, **FOUND)) == []


def test_a_retracted_study_leaves_the_pool_and_the_change_is_printed(repository: Repository, review: Review) -> None:
    whole = pool_evidence(with_pool(review))["cress-os"]
    retracted = with_pool(say_of_trial(repository, **FOUND))
    assert retracted_outcomes(retracted) >= {"roe-2019--os"}
    left = pool_evidence(retracted)["cress-os"]
    assert (whole.pool.k, left.pool.k) == (4, 3)
    assert left.pool.value > whole.pool.value + 0.01  # the retracted trial was the one in favour
    assert pool_evidence(before_retractions(retracted))["cress-os"].pool == whole.pool
    [row] = OpenReview(retracted).retracted_pools.to_dict("records")
    assert (row["title"], row["retracted"]) == ("Cress v water: death", ("Roe 2019 (CRESS-1)",))
    assert row["with"].startswith(f"{whole.pool.value:.2f} (") and row["with"].endswith("4 studies")
    assert row["without"].startswith(f"{left.pool.value:.2f} (") and row["without"].endswith("3 studies")
    assert OpenReview(with_pool(review)).retracted_pools.empty


def test_a_pool_left_with_two_studies_is_none(repository: Repository) -> None:
    retracted = with_pool(say_of_trial(repository, **FOUND))
    assert kept_pools(retracted, fewest=4) == {}


def test_a_comparator_goes_with_its_result(repository: Repository) -> None:
    review = with_pool(say_of_trial(repository, **FOUND))
    record = POOL | {"outcomes": ("a--os", "b--os"), "comparators": ("roe-2019--os", "c--os")}
    tables = review.tables | {"pools": Rows(review.tables["pools"].table, [record], [2])}
    [kept] = kept_pools(dataclasses.replace(review, tables=tables), fewest=1).values()
    assert (kept.outcomes, kept.comparators) == (("b--os",), ("c--os",))


def test_the_label_in_the_list_of_references_takes_the_mark() -> None:
    entry = SimpleNamespace(persons={}, fields={"year": "2019, retracted"}, key="Roe2019trial")
    assert _label(entry) == "Roe2019trial 2019, retracted"


def test_the_command_fills_what_is_missing_and_leaves_what_is_there(repository: Repository) -> None:
    path = repository.data / "retractions.csv"
    columns = path.read_text(encoding="utf-8").splitlines()[0].split(",")
    looked = {"citekey": "Roe2019trial", "state": "none-seen", "checked_on": "2026-01-14", "where": "archive"}
    write_table(path, columns, [looked | {"doi": load_review(repository).references["Roe2019trial"].plain("doi")}])
    arguments = ["--root", str(repository.root), "retractions"]
    done = CliRunner().invoke(main, arguments)
    assert done.exit_code == 0 and "written" in done.output
    rows = list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"))))
    assert [(r["citekey"], r["state"]) for r in rows] == [("Doe2020cress", "unchecked"), ("Roe2019trial", "none-seen")]
    assert problems_of(load_review(repository)) == []
    assert "unchanged" in CliRunner().invoke(main, arguments).output


def test_every_doi_of_the_review_has_its_row(real_review: Review, real_results: dict[str, Estimate]) -> None:
    with_doi = [reference for reference in real_review.references.values() if reference.plain("doi")]
    assert real_results["retractions.count"].value == len(with_doi) >= 200
