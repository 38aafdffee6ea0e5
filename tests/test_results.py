"""Results: every number that the book may print, each with one name, each from the records."""

import pytest
from small_review import set_cell

from livrev.paths import Repository
from livrev.records.model import Estimate
from livrev.records.review import Review, load_review
from livrev.review import results as module
from livrev.review.pool_inputs import latest_reports
from livrev.review.results import compute_results, nearest_names
from livrev.show.format import format_estimate


def test_counts_are_those_of_the_records(review: Review) -> None:
    results = compute_results(review)
    counted = {
        "sources.count": 1,
        "sources.sentences": 4,
        "references.count": 3,
        "findings.count": 2,
        "findings.checked": 1,
        "findings.verdict.confirmed": 1,
        "findings.population.gardener": 1,
        "document.Doe2020cress.claims": 2,
        "studies.count": 2,
        "studies.reported": 2,
        "studies.design.rct": 1,
        "outcomes.count": 5,
        "outcomes.flagged": 0,
        "study.roe-2019.n": 80,
        "search.queries": 1,
        "search.looked_at": 3,
        "screening.count": 2,
        "screening.exclude": 1,
    }
    assert {name: results[name].value for name in counted} == counted


def test_a_result_is_printed_as_reported(review: Review) -> None:
    results = compute_results(review)
    assert format_estimate(results["outcome.roe-2019--os"]) == "0.70 (95 % CI 0.50 to 0.98)"
    assert format_estimate(results["outcome.poe-2018--os-lm"]) == "1.50 (90 % CI 1.10 to 2.05)"
    assert format_estimate(results["outcome.roe-2019--orr"], "count") == "12 of 40"
    assert format_estimate(results["outcome.roe-2019--orr"], "value") == "30 %"
    assert results["outcome.roe-2019--os"].citekeys == ("Roe2019trial",)


@pytest.mark.parametrize(
    ("table", "row", "column", "value", "name"),
    [
        ("outcomes", 0, "value", "0.71", "outcome.roe-2019--os"),
        ("outcomes", 0, "ci_low", "0.51", "outcome.roe-2019--os"),
        ("outcomes", 1, "total", "41", "outcome.roe-2019--orr"),
        ("studies", 0, "n", "81", "study.roe-2019.n"),
        ("arithmetic", 0, "a", "13", "arithmetic.cress-01-1"),
        ("queries", 0, "looked_at", "4", "search.looked_at"),
    ],
)
def test_one_digit_in_the_data_is_one_change_in_the_results(
    repository: Repository, review: Review, table: str, row: int, column: str, value: str, name: str
) -> None:
    before = compute_results(review)
    set_cell(repository, table, row, column, value)
    after = compute_results(load_review(repository))
    changed = {key for key in before if after[key] != before[key]}
    assert changed - {f"{name}.exact"} == {name}, "but for the same number with its exact interval"


@pytest.mark.parametrize(
    ("measure", "value", "events", "total", "said"),
    [
        ("count", "", "3", "40", "3"),
        ("count", "3", "3", "40", "3"),
        ("proportion", "", "10", "40", "25 %"),
        ("HR", "", "10", "40", None),
        ("median-months", "", "10", "40", None),
    ],
)
def test_counts_stand_for_a_value_only_where_they_are_one(
    repository: Repository, measure: str, value: str, events: str, total: str, said: str | None
) -> None:
    for column, cell in {"measure": measure, "value": value, "events": events, "total": total}.items():
        set_cell(repository, "outcomes", 1, column, cell)
    result = compute_results(load_review(repository)).get("outcome.roe-2019--orr")
    assert (format_estimate(result) if result else None) == said


def test_two_results_of_one_name_are_refused(review: Review, monkeypatch: pytest.MonkeyPatch) -> None:
    def double(_: Review) -> list[Estimate]:
        return [Estimate.make("sources.count", 1, "x", ())]

    monkeypatch.setattr(module, "_count_search", double)
    with pytest.raises(ValueError, match=r"two Results are called sources\.count"):
        compute_results(review)


def test_every_real_result_can_be_printed_and_rests_on_something(real_results: dict[str, Estimate]) -> None:
    results = real_results
    assert len(results) > 2000
    for name, result in results.items():
        assert result.name == name and result.rests_on and format_estimate(result, "full")


def test_a_superseded_report_is_left_out(repository: Repository) -> None:
    set_cell(repository, "outcomes", 2, "supersedes", "roe-2019--orr")
    kept = latest_reports(load_review(repository).outcomes.values())
    assert [outcome.outcome for outcome in kept] == [
        "roe-2019--os",
        "roe-2019--orr-water",
        "poe-2018--os-lm",
        "roe-2019--pain",
    ]


def test_near_names_are_of_the_family_first() -> None:
    names = ["studies.count", "studies.coral", "sources.count", "outcomes.count"]
    assert nearest_names("studies.coumt", names)[0] == "studies.count"
    assert "sources.count" not in nearest_names("studies.coumt", names)
    assert nearest_names("source.count", names)[0] == "sources.count"
    assert nearest_names("zzz", names) == []
