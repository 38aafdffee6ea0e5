"""Each mark opens a card that says what was found, in whom, and where it was read; nothing from a record is markup."""

import dataclasses
from urllib.parse import unquote

import pytest
from lxml import html as lxml_html

from livrev.checks.results import check_evidence_names
from livrev.records.measures import Printed
from livrev.records.model import Estimate
from livrev.records.review import Review, Rows
from livrev.show.format import format_outcome
from livrev.show.names import retraction_of
from livrev.show.tables import Link
from livrev.show.views.cards import (
    Card,
    card_of,
    place_in_source,
    place_of_pool,
    point_at,
    show_all_findings,
    show_all_outcomes,
    show_all_studies,
)
from livrev.site.records import pools_by_study, source_page, study_page, uses_by_record
from livrev.site.rendering import render


def test_the_card_of_a_result_says_who_what_and_how_sure(real_review: Review) -> None:
    card = card_of(real_review, "astrum-007--os-hr-lm", {})
    assert "HR 0.68 (95 % CI 0.43 to 1.11)" in card.head
    facts = {name: str(said) for name, said in card.facts}
    assert facts["Of"] == "serplulimab + chemotherapy v placebo + chemotherapy"
    assert "liver metastases" in facts["In"] and facts["Kind"] == "benefit over a control"
    assert facts["Read in"].startswith("abstract, 2026-")
    assert card.page == "studies/astrum-007.html#astrum-007--os-hr-lm"


def test_prognosis_is_not_called_benefit(real_review: Review) -> None:
    facts = dict(card_of(real_review, "astrum-007--prog-serp-os", {}).facts)
    assert facts["Kind"] == "prognosis, not benefit"


def test_a_mouse_is_called_a_mouse(real_review: Review) -> None:
    mouse = next(f for _, f in real_review.findings.values() if f.population == "mouse")
    assert dict(card_of(real_review, mouse.id, {}).facts)["About"] == "mice"


def test_a_finding_leads_to_its_very_sentence(real_review: Review) -> None:
    source, finding = real_review.findings["jiang-17"]
    place = place_in_source(real_review, source, finding)
    begin, end = real_review.features[source.citekey].sentences[finding.sentence - 1].edges
    assert len(begin.split()) == len(end.split()) == 3
    address, _, fragment = place.partition("#:~:text=")
    assert address == "https://doi.org/10.4240/wjgs.v16.i8.2374"
    assert [unquote(part) for part in fragment.split(",")] == [begin, end]
    assert "-" not in fragment, "a hyphen would be read as a sign"


def test_a_flag_is_on_the_card(real_review: Review) -> None:
    flagged = next(o for o in real_review.outcomes.values() if o.flag)
    assert str(flagged.flag) in dict(card_of(real_review, flagged.outcome, {}).facts)["Flag"]


def test_the_card_of_a_pool_says_how_large_and_how_sure(real_review: Review) -> None:
    estimate = Estimate(
        name="pool.tace-pfs", value=0.71, low=0.5, high=1.01, level=95, k=4, unit="", precision=2, label="", method="",
        rests_on=(),
    )  # fmt: skip
    card = card_of(real_review, "pool.tace-pfs", {"pool.tace-pfs": estimate})
    assert "HR 0.71 (95 % CI 0.50 to 1.01), k = 4" in card.head
    assert "HR" not in card_of(real_review, "pool.tace-pfs", {}).head
    judged = next(r for r in real_review.tables["appraisals"].records if r["pool"] == "tace-pfs")
    assert dict(card.facts)["Certainty"] == judged["certainty"]


def test_the_card_of_a_pooled_result_says_how_sure_its_pool_is(real_review: Review) -> None:
    facts = dict(card_of(real_review, "leap-012--pfs-hr", {}).facts)
    judged = next(r for r in real_review.tables["appraisals"].records if r["pool"] == "tace-pfs")
    assert str(facts["Pooled in"]).endswith(f"(certainty: {judged['certainty']})")


def test_a_result_leads_to_its_numbers_on_the_page(real_review: Review) -> None:
    outcome = real_review.outcomes["astrum-007--os-hr-lm"]
    assert point_at(outcome) == f"{outcome.address}#:~:text=0.68,1.11"
    whole = outcome.model_copy(update={"value": Printed("0.70"), "ci_high": Printed("1.250")})
    assert point_at(whole).endswith("#:~:text=0.70,1.250"), "as printed"
    below = outcome.model_copy(update={"value": Printed("-3"), "ci_high": Printed("2")})
    assert point_at(below).endswith("=%2D3,2"), "a hyphen would be read as a sign"
    for change in ({"derived": "from counts"}, {"ci_high": None}, {"address": "https://x.org/#y"}):
        changed = outcome.model_copy(update=change)
        assert point_at(changed) == changed.address


def test_a_pool_without_a_figure_of_its_own_leads_to_that_of_its_family(real_review: Review) -> None:
    assert place_of_pool(real_review, "tace-pfs") == "notebooks/pools.html#fig-pool-tace-pfs"
    assert place_of_pool(real_review, "hcc-hbv-os") == "notebooks/pools.html#fig-family-hcc-cause-os"
    assert place_of_pool(real_review, "no-such-pool") == "notebooks/pools.html"


def test_counts_and_times_are_said(real_review: Review) -> None:
    assert format_outcome(real_review.outcomes["shi-2020-gpc3-car-t--orr"]) == "15.4 %, 2 of 13"
    assert (
        format_outcome(real_review.outcomes["imbrave150--os-rate12-sorafenib-primary"])
        == "54.6 % at 12 months (95 % CI 45.2 to 64.0)"
    )


def test_nothing_from_a_record_is_markup() -> None:
    card = Card(
        "x", "<script>alert(1)</script>", (("<b>", "a & b"), ("L", Link("<i>", "javascript:alert(1)"))), 'p"><x'
    )
    html = render("card.html", cards=[card], number=1, root="../")
    assert "<script>" not in html and "<i>" not in html and "javascript:" not in html and '"><x' not in html
    assert "&lt;script&gt;" in html


def test_the_mark_works_without_a_script(real_review: Review) -> None:
    cards = [card_of(real_review, "jiang-17", {}), card_of(real_review, "echemi-34", {})]
    html = render("card.html", cards=cards, number=7, root="../")
    assert 'popovertarget="card-7"' in html and 'id="card-7" popover' in html
    assert 'aria-label="Evidence, 2 records"' in html
    assert 'href="../sources/Jiang2024consideration.html#jiang-17"' in html
    assert "<div" not in html and "<p" not in html.replace("<p>", "<p"), "a mark stands within a paragraph"


def test_an_unknown_record_is_named_with_its_line(real_review: Review) -> None:
    found = list(check_evidence_names(real_review, {"chapters/x.md": "One.\nTwo.{evidence}`jiang-17, jiang-170`\n"}))
    assert [(p.line, p.value) for p in found] == [(2, "jiang-170")]
    assert "jiang-17" in found[0].cure


def test_the_chapters_name_only_what_exists(real_review: Review) -> None:
    chapters = {p.name: p.read_text(encoding="utf-8") for p in real_review.repository.chapter_files()}
    assert list(check_evidence_names(real_review, chapters)) == []
    assert sum(text.count("{evidence}`") for text in chapters.values()) >= 10


def test_the_page_of_a_study_holds_every_result_with_its_place(real_review: Review) -> None:
    study = real_review.studies["imbrave150"]
    html = study_page(real_review, study, {}, pools_by_study(real_review)["imbrave150"])
    for outcome in real_review.outcomes.values():
        if outcome.study == "imbrave150":
            assert f'<tr id="{outcome.outcome}"' in html
    assert "notebooks/pools.html#fig-pool-hcc-antivegf-os" in html
    assert "flagged" in html and "Overall survival" in html


def test_remarks_have_a_column_where_there_are_any_and_each_row_fills_the_table(real_review: Review) -> None:
    for key, remarked in (("imbrave150", True), ("impower130", False), ("jhh-neoadjuvant", False)):
        page = lxml_html.fromstring(study_page(real_review, real_review.studies[key], {}))
        (table,) = page.find_class("livrev-results")
        assert ("Remarks" in [head.text for head in table.iter("th")]) == remarked
        wide = {sum(int(cell.get("colspan", 1)) for cell in row) for row in table.iter("tr")}
        assert wide == {len(table.find("thead/tr"))}, key


def test_one_patient_and_one_month_are_said_as_one(real_review: Review) -> None:
    (case, *_), (early, *_) = (
        [one for one in real_review.studies.values() if one.n == 1],
        [one for one in real_review.outcomes.values() if one.time_months == 1],
    )
    assert "· 1 patient</p>" in study_page(real_review, case, {})
    assert " at 1 month, " in format_outcome(early)


def test_the_page_of_a_study_escapes(real_review: Review) -> None:
    study = real_review.studies["imbrave150"].model_copy(update={"name": "<script>x</script>", "note": "<img src=x>"})
    html = study_page(real_review, study, {})
    assert "<script>" not in html and "<img" not in html


def test_a_study_knows_where_it_is_used(real_review: Review) -> None:
    text = "# Title\n\nSo {result}`pool.hcc-antivegf-os.k|words` trials, {result}`study.leap-002.n`, {evidence}`jiang-17`.\n"
    uses = uses_by_record(real_review, {"chapters/x.md": text})
    for key in ("imbrave150", "orient-32", "leap-002", "jiang-17", "imbrave150--os-hr-update"):
        assert [(use.address, use.text) for use in uses[key]] == [("chapters/x.html", "Title")], key
    assert "apollo" not in uses


def test_the_page_of_a_document_holds_every_finding(real_review: Review) -> None:
    source = real_review.sources[0]
    html = source_page(real_review, source, {})
    for finding in source.findings:
        assert f'id="{finding.id}"' in html
    assert html.count("livrev-verdict") == len(source.findings)


def test_the_indexes_lead_to_every_page(real_review: Review) -> None:
    studies, findings = show_all_studies(real_review), show_all_findings(real_review)
    assert {row[0].address for row in studies.rows} == {f"../studies/{key}.html" for key in real_review.studies}
    assert len(findings.rows) == len(real_review.findings)
    outcomes = {row[0].address for row in show_all_outcomes(real_review).rows}
    assert outcomes == {f"../studies/{o.study}.html#{o.outcome}" for o in real_review.outcomes.values()}


@pytest.mark.parametrize(
    ("state", "warned", "said"),
    [
        ("retracted", "This publication was retracted (2026-11-01).", "retracted, 2026-11-01"),
        ("none", "", "none, 2026-11-01"),
        ("unchecked", "", ""),
    ],
)
def test_a_retraction_is_said_and_unchecked_is_never_none(
    real_review: Review, state: str, warned: str, said: str
) -> None:
    table = real_review.tables["retractions"].table
    row = {"citekey": "Finn2020atezolizumab", "doi": "10.1056/NEJMoa1915745", "state": state}
    rows = Rows(table, [row | {"checked_on": "2026-11-01"}], [2])
    review = dataclasses.replace(real_review, tables=real_review.tables | {"retractions": rows})
    assert retraction_of(review, "Finn2020atezolizumab", warn=True) == warned
    assert retraction_of(review, "Finn2020atezolizumab") == said
    assert retraction_of(review, "Li2020liver") == ""


def test_a_card_says_of_a_retraction_only_what_was_looked_up(real_review: Review) -> None:
    looked_up = {key for key, found in real_review.retractions.items() if found.state != "unchecked"}
    for outcome in real_review.outcomes.values():
        said = dict(card_of(real_review, outcome.outcome, {}).facts).get("Retraction")
        assert (said is not None) == (outcome.citekey in looked_up)
