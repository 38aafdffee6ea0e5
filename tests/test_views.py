"""What the notebooks show, from the small review to the real one."""

import pytest
from small_review import replace, set_cell

from livrev.paths import Repository
from livrev.records.review import Review, load_review
from livrev.show.tables import Link
from livrev.show.views import documents, evidence, references, search, strategies


def test_findings_are_shown_by_topic(review: Review) -> None:
    assert len(documents.show_findings(review).rows) == 2
    shown = documents.show_findings(review, topic="gardening", name="t")
    assert shown.caption == "Findings on gardening" and [str(row[0]) for row in shown.rows] == ["cress-02"]


def test_coverage_leaves_nothing_open(review: Review) -> None:
    assert documents.show_coverage(review).rows == (("Doe2020cress", 4, 2, 2, 0, 0),)


def test_the_layers_of_a_document_show_role_numbers_and_entities(review: Review) -> None:
    rows = documents.show_layers(review, "Doe2020cress").rows
    assert [row[1] for row in rows] == ["furniture: heading", "cress-01", "cress-02", "furniture: thanks"]
    assert rows[1][2] == ["12", "40"] and "Cress" in rows[1][4]


def test_a_reference_leads_to_its_document(repository: Repository) -> None:
    replace(repository.references, "  year = {2018},", "  year = {2018},\n  nct = {NCT00000001; NCT00000002},")
    review = load_review(repository)
    assert documents.address_of(review, "Roe2019trial") == Link("Roe2019trial", "https://doi.org/10.1234/trial")
    assert documents.address_of(review, "Poe2018cohort") == Link(
        "Poe2018cohort", "https://clinicaltrials.gov/study/NCT00000001"
    )
    assert documents.address_of(review, "Nobody2020x") == "Nobody2020x"


def test_arithmetic_shows_both_numbers(review: Review) -> None:
    assert documents.show_arithmetic(review).rows[0][1:5] == ("12 as a share of 40", "30.0 %", "30 %", "yes")


def test_verdicts_are_counted_by_topic_and_by_source(review: Review) -> None:
    assert "General: 1 (1 confirmed); Gardening: 1 (1 not-verifiable)" in documents.draw_verdicts(review).alt
    assert "Doe 2020: 2" in documents.draw_verdicts(review, by="source").alt
    assert documents.count_by(review, "verdict") == {"confirmed": 1, "not-verifiable": 1}


def test_studies_are_shown_by_question(review: Review) -> None:
    [row] = evidence.show_studies(review, "exercise").rows
    assert row[0] == Link("Roe 2019 (CRESS-1)", "../studies/roe-2019.html") and row[5] == 80 and row[6] == "positive"
    assert evidence.show_studies(review, "exercise", registered=True).rows == ()


@pytest.mark.parametrize(
    ("outcome", "said"),
    [
        ("roe-2019--os", "HR 0.7 (95 % CI 0.5 to 0.98), p = 0.04"),
        ("roe-2019--orr", "30 % 12/40"),
        ("poe-2018--os-lm", "HR 1.5 (90 % CI 1.1 to 2.05), p <0.05"),
    ],
)
def test_a_result_is_said_as_printed(review: Review, outcome: str, said: str) -> None:
    assert evidence.say_outcome(review.outcomes[outcome]) == said


def test_an_interval_of_another_level_is_redrawn_at_95(review: Review) -> None:
    low, high = evidence.to_level_95(review.outcomes["poe-2018--os-lm"])
    # 1.1 to 2.05 at 90 percent: log half-width 0.3112, times 1.959964 / 1.644854 is 0.3708, about 1.5017
    assert (low, high) == pytest.approx((1.0364, 2.1758), abs=2e-4)
    assert evidence.to_level_95(review.outcomes["roe-2019--os"]) == (0.5, 0.98)


def test_a_flagged_result_is_not_drawn_but_shown(repository: Repository, review: Review) -> None:
    def chosen(which: Review) -> list[str]:
        return [o.outcome for o in evidence.select_ratios(which, endpoint="os", contrast="treatment")]

    assert chosen(review) == ["roe-2019--os"]
    set_cell(repository, "outcomes", 0, "flag", "other")
    set_cell(repository, "outcomes", 0, "flag_reason", "printed twice")
    flagged = load_review(repository)
    assert chosen(flagged) == []
    assert evidence.show_flags(flagged).rows[0][3:5] == ("other", "printed twice")
    with pytest.raises(ValueError, match="nothing to draw"):
        evidence.draw_ratios(flagged, endpoint="os", contrast="treatment", favours=("a", "b"))


def test_proportions_are_drawn_with_exact_intervals(review: Review) -> None:
    shown = evidence.draw_proportions(review, endpoint="orr", questions=["exercise"], measure="response, percent")
    assert "12/40 30.0 (16.6 to 46.5)" in shown.alt and "4/40 10.0 (2.8 to 23.7)" in shown.alt


def test_the_gap_map_counts_studies_and_patients(review: Review) -> None:
    assert evidence.gap_cells(review) == {("Coaching", "Chronic low back pain"): (1, 80)}
    assert evidence.show_evidence_map(review).rows == (("Coaching", "Chronic low back pain", 1, 80),)


def test_the_flow_adds_up(review: Review) -> None:
    alt = search.draw_search_flow(review).alt
    assert "3 results looked at in 1 queries" in alt and "2 distinct records screened" in alt and "1 excluded" in alt


def test_strategies_count_what_tested_them(review: Review) -> None:
    [row] = strategies.show_strategies(review).rows
    assert row[:5] == ("Coaching", "Cress needs coaching.", 1, 1, 1)
    assert [row[2] for row in strategies.show_carriers(review).rows] == ["cress-01"]
    assert "Coaching: 1 (1 trial)" in strategies.draw_designs(review).alt


def test_references_know_their_uses(review: Review) -> None:
    rows = {row[0].text if isinstance(row[0], Link) else row[0]: row for row in references.show_references(review).rows}
    assert ["cited in a chapter", "gives results"] in rows["Poe2018cohort"]
    assert ("chapters/index.md", 1) in references.show_uses(review).rows
    assert "2020: 1" in references.draw_references_by_year(review).alt


def test_agreement_is_shown_field_by_field(review: Review) -> None:
    rows = {row[0]: row for row in search.show_agreement(review).rows}
    assert rows["value"][2:] == (2, 1, "50.0 %", "")
    assert rows["measure"][2:] == (2, 2, "100.0 %", "1.00")
