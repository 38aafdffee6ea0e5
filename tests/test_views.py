"""What the notebooks begin from, in the small review: frames of what was said, and the figures drawn of them."""

import json
import re

import pandas as pd
import pytest
from small_review import replace, set_cell

import livrev
from livrev.frames.open_review import OpenReview
from livrev.paths import Repository
from livrev.records.review import Review, load_review
from livrev.review.pool_inputs import reported_of
from livrev.show.format import format_outcome
from livrev.show.names import link_reference
from livrev.show.tables import Link
from livrev.show.views.cards import show_all_studies


@pytest.fixture
def opened(review: Review) -> OpenReview:
    return OpenReview(review)


def test_findings_are_chosen_by_topic(opened: OpenReview) -> None:
    assert len(opened.findings) == 2
    assert list(opened.findings.query("topic == 'gardening'").index) == ["cress-02"]


def test_coverage_leaves_nothing_open(opened: OpenReview) -> None:
    found = opened.sources.loc["Doe2020cress", ["sentences", "claim", "boilerplate", "repeat", "findings"]]
    assert found.tolist() == [4, 2, 2, 0, 2]


def test_the_layers_of_a_document_show_role_numbers_and_entities(opened: OpenReview) -> None:
    rows = opened.sentences.loc["Doe2020cress"]
    assert rows["role"].tolist() == ["boilerplate", "claim", "claim", "boilerplate"]
    assert rows["numbers"].iloc[1] == ("12", "40") and "Cress" in rows["terms"].iloc[1]


def test_a_reference_leads_to_its_document(repository: Repository) -> None:
    replace(repository.references, "  year = {2018},", "  year = {2018},\n  nct = {NCT00000001; NCT00000002},")
    review = load_review(repository)
    assert link_reference(review, "Roe2019trial") == Link("Roe2019trial", "https://doi.org/10.1234/trial")
    assert link_reference(review, "Poe2018cohort") == Link(
        "Poe2018cohort", "https://clinicaltrials.gov/study/NCT00000001"
    )
    assert link_reference(review, "Nobody2020x") == "Nobody2020x"


def test_arithmetic_shows_both_numbers(opened: OpenReview) -> None:
    row = opened.arithmetic.iloc[0]
    assert (row["operation"], row["a"], row["b"]) == ("percent-of", "12", "40")
    assert (row["expected"], row["printed"], row["agrees"]) == (30.0, 30.0, True)


def test_verdicts_are_counted_by_topic_and_by_source(opened: OpenReview) -> None:
    findings = opened.findings
    counted = pd.crosstab(opened.label(findings["topic"], "topics"), findings["verdict"])
    alt = livrev.draw.counts(counted, of="findings", by="verdict").alt
    assert "General, confirmed: 1 of 1 findings" in alt and "Gardening, not-verifiable: 1 of 1 findings" in alt


def test_studies_are_listed_with_a_link_to_their_page(review: Review) -> None:
    row = next(row for row in show_all_studies(review).rows if str(row[0]).startswith("Roe 2019"))
    assert row[0] == Link("Roe 2019 (CRESS-1)", "../studies/roe-2019.html") and row[6] == 80 and row[7] == 4


@pytest.mark.parametrize(
    ("outcome", "said"),
    [
        ("roe-2019--os", "HR 0.70 (95 % CI 0.50 to 0.98), p = 0.04"),
        ("roe-2019--orr", "30 %, 12 of 40"),
        ("poe-2018--os-lm", "HR 1.50 (90 % CI 1.10 to 2.05), p <0.05"),
    ],
)
def test_a_result_is_said_as_printed(review: Review, outcome: str, said: str) -> None:
    assert format_outcome(review.outcomes[outcome]) == said


def test_an_interval_of_another_level_is_redrawn_at_95(review: Review) -> None:
    shown = reported_of(review.outcomes["poe-2018--os-lm"])
    assert shown is not None
    # 1.1 to 2.05 at 90 percent: log half-width 0.3112, times 1.959964 / 1.644854 is 0.3708, about 1.5017
    assert shown.at_95 == pytest.approx((1.0364, 2.1758), abs=2e-4)
    whole = reported_of(review.outcomes["roe-2019--os"])
    assert whole is not None and whole.at_95 == (0.5, 0.98)


def test_a_flagged_result_is_not_drawn(repository: Repository, opened: OpenReview) -> None:
    def chosen(which: OpenReview) -> list[str]:
        return list(which.latest(which.outcomes).query("endpoint == 'os' and contrast == 'treatment'").index)

    assert chosen(opened) == ["roe-2019--os"]
    set_cell(repository, "outcomes", 0, "flag", "other")
    set_cell(repository, "outcomes", 0, "flag_reason", "printed twice")
    flagged = OpenReview(load_review(repository))
    assert chosen(flagged) == []
    with pytest.raises(ValueError, match="nothing to draw"):
        flagged.draw_effects(flagged.outcomes.loc[[]], favours=("a", "b"))


def test_shares_are_drawn_with_exact_intervals(opened: OpenReview) -> None:
    shown = opened.draw_shares(opened.outcomes.query("endpoint == 'orr'"), measure="response, percent")
    assert "30 % (95 % CI 17 to 47), 12/40" in shown.alt and "10 % (95 % CI 3 to 24), 4/40" in shown.alt


def test_strategies_name_the_findings_that_support_them(opened: OpenReview) -> None:
    row = opened.strategies.loc["coaching"]
    assert (row["name"], row["rationale"], row["findings_for"]) == ("Coaching", "Cress needs coaching.", ("cress-01",))


def test_references_know_their_uses(opened: OpenReview) -> None:
    uses = opened.reference_uses
    assert "data/outcomes.csv" in set(uses.query("citekey == 'Poe2018cohort'")["file"])
    assert (uses["file"] == "chapters/index.md").sum() == 1


def test_agreement_is_shown_field_by_field(opened: OpenReview) -> None:
    assert opened.agreement.loc["value", ["pairs", "same", "share"]].tolist() == [2, 1, 0.5]
    assert opened.agreement.loc["measure", ["pairs", "same", "kappa"]].tolist() == [2, 2, 1.0]


def test_two_results_of_one_arm_are_told_apart(real_review: Review) -> None:
    outcomes = OpenReview(real_review).outcomes
    both = outcomes.loc[["gavo-cel-2023--orr", "gavo-cel-2023--orr-conf"]]
    told = OpenReview(real_review).draw_shares(both, measure="response").alt
    assert "cells), confirmed: 13 %" in told and told.count("cells): ") == 1


def test_the_tables_of_notebooks_say_words_and_no_ids(real: Repository, real_review: Review) -> None:
    terms = [(group, id_, term.label) for group, id_, term in real_review.vocabulary.every_term()]
    ids = {id_ for group, id_, label in terms if "-" in id_ and group != "measures" and label.lower() != id_}
    ids |= {"conference-abstract", "full-text", "liver-metastases-ici", "local-treatment-ici"}
    for path in real.notebooks.glob("*.ipynb"):
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        shown = [
            "".join(one.get("data", {}).get("text/plain", "")) for cell in cells for one in cell.get("outputs", [])
        ]
        words = {word for text in shown if " content " in text for word in re.split(r"[\s,']+", text)}
        if path.stem not in ("dictionary", "python", "sources"):  # which are about the ids
            assert not words & ids, path.name
