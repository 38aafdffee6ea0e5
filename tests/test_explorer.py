"""The explorer gets every record, as the other tables print it, and says what an address asks in vain."""

import dataclasses
import json
from collections import Counter
from types import SimpleNamespace
from typing import Any, cast

import pytest
from docutils import nodes
from docutils.statemachine import StringList

from livrev.exports.references import ris_by_key
from livrev.records.model import Outcome
from livrev.records.review import Review, Rows
from livrev.review.absolute import absolute_effect
from livrev.review.networks import network_contrasts, network_plans, readings_of_arms
from livrev.review.pools import pool_evidence
from livrev.show.format import format_outcome
from livrev.show.views.explorer import RESULT, STUDY, check_view, drawn_numbers, explorer_data
from livrev.site.explorer import Explorer, to_html, to_script
from livrev.site.state import BuildState, set_build_state
from livrev.stats.network_studies import Contrast


@pytest.fixture(scope="session")
def data(real_review: Review) -> dict[str, Any]:
    return explorer_data(real_review)


def row(data: dict[str, Any], place: int) -> dict[str, Any]:
    """One result with its texts put back in their places."""
    cells = {name: data["results"][name][place] for name in RESULT}
    study = dict(zip(STUDY, data["studies"][cells["study"]], strict=True))
    for name in ("stratum", "groups", "flag"):
        cells[name] = data["words"][cells[name]]
    key = cells["id"][1:] if cells["id"].startswith("/") else f"{study['id']}--{cells['id']}"
    return cells | {"id": key, "study": study["id"], "address": data["addresses"][cells["address"]]}


def test_every_result_is_there_as_the_other_tables_print_it(real_review: Review, data: dict[str, Any]) -> None:
    for place, outcome in enumerate(real_review.outcomes.values()):
        shown = row(data, place)
        assert (shown["id"], shown["study"]) == (outcome.outcome, outcome.study)
        assert shown["said"] == format_outcome(outcome)
        assert (shown["endpoint"], shown["contrast"], shown["basis"]) == (
            outcome.endpoint, outcome.contrast, outcome.basis,
        )  # fmt: skip
        assert bool(shown["flag"]) == bool(outcome.flag) and shown["address"] == outcome.address
    assert {len(column) for column in data["results"].values()} == {len(real_review.outcomes)}
    assert [study[0] for study in data["studies"]] == list(real_review.studies)


def test_every_term_in_use_has_a_label(data: dict[str, Any]) -> None:
    ids = {group: {term[0] for term in terms} for group, terms in data["terms"].items()}
    for name in ("endpoint", "contrast", "basis"):
        assert set(data["results"][name]) <= ids[name]
    for study in data["studies"]:
        facts = dict(zip(STUDY, study, strict=True))
        assert {facts["question"]} <= ids["question"] and {facts["design"]} <= ids["design"]
        assert set(facts["conditions"]) <= ids["condition"] and set(facts["strategies"]) <= ids["strategy"]


def test_a_pool_brings_its_members_at_full_precision(real_review: Review, data: dict[str, Any]) -> None:
    pools = pool_evidence(real_review)
    assert [pool["id"] for pool in data["pools"]] == list(pools)
    for shown in data["pools"]:
        pooled = pools[shown["id"]]
        assert [(m["estimate"], m["se"]) for m in shown["members"]] == [(e.estimate, e.se) for e in pooled.effects]
        keys = [row(data, place)["id"] for member in shown["members"] for place in member["results"]]
        assert keys == [outcome.outcome for outcome in pooled.outcomes]
        assert ("without" in shown) == (shown["measure"] == "proportion")


def test_a_network_brings_its_contrasts_by_every_reading_that_changes_them(
    real_review: Review, data: dict[str, Any]
) -> None:
    plans = network_plans(real_review)
    assert [plan["id"] for plan in data["networks"]] == list(plans)
    deaths, harm = data["networks"][0], next(plan for plan in data["networks"] if plan["id"] == "hcc-harm")
    assert list(deaths["readings"]) == list(readings_of_arms(real_review))
    assert "otherwise" not in harm["readings"]
    sent = [Contrast(*row) for row in deaths["readings"]["class"]]
    assert tuple(sent) == network_contrasts(real_review, plans["hcc-os"], "class")


def test_shares_come_computed_whole_and_without_each_study(real_review: Review, data: dict[str, Any]) -> None:
    shares = [pool for pool in data["pools"] if "without" in pool]
    assert shares
    for shown in shares:
        pooled = pool_evidence(real_review)[shown["id"]]
        whole, left = shown["whole"], shown["without"]
        assert whole["value"] == pooled.pool.value and whole["hk_modified_ci"] == list(pooled.pool.hk_modified_ci)
        assert [one["value"] for one in left] == [step.pool.value for step in pooled.left_out if step.pool]
        assert len(left) == len(shown["members"])


def test_a_retracted_study_leaves_its_pool_and_is_marked(real_review: Review) -> None:
    first, *others = pool_evidence(real_review)["hcc-antivegf-os"].outcomes
    rows = real_review.tables["retractions"]
    records = [*rows.records, rows.records[0] | {"citekey": first.citekey, "state": "retracted"}]
    tables = real_review.tables | {"retractions": Rows(rows.table, records, [*rows.lines, 0])}
    data = explorer_data(dataclasses.replace(real_review, tables=tables))
    pool = next(pool for pool in data["pools"] if pool["id"] == "hcc-antivegf-os")
    pooled = [row(data, place)["id"] for member in pool["members"] for place in member["results"]]
    assert pooled == [outcome.outcome for outcome in others]
    assert first.outcome in [row(data, place)["id"] for place in data["retracted"]]


def outcome(**changes: Any) -> Outcome:
    facts = {
        "outcome": "a--b", "study": "a", "citekey": "Roe2019trial", "contrast": "treatment", "endpoint": "os",
        "stratum": "all", "measure": "HR", "value": 0.5, "ci_low": 0.25, "ci_high": 1.0, "ci_level": 95.0,
        "basis": "abstract", "address": "https://example.org", "read_on": "2026-01-15", "place": "abstract",
    }  # fmt: skip
    return Outcome(**(facts | changes))


@pytest.mark.parametrize(
    ("changes", "drawn"),
    [
        ({}, ("ratio", 0.5, 0.25, 1)),
        ({"ci_level": 90.0}, ("ratio", 0.5, 0.2189, 1.142)),  # wider at 95 percent
        ({"ci_level": None}, ("ratio", 0.5, None, None)),
        ({"flag": "other", "flag_reason": "wrong"}, ("ratio", 0.5, None, None)),
        ({"ci_low": 0.7}, ("ratio", 0.5, None, None)),  # an interval that does not hold its value
        ({"value": None}, ("", None, None, None)),
        ({"measure": "proportion", "events": 1, "total": 4, "value": 25.0}, ("share", 25, 0.6309, 80.59)),
        ({"measure": "median-months", "value": 12.5, "ci_low": 10.0, "ci_high": 15.0}, ("months", 12.5, 10, 15)),
        ({"measure": "count", "value": 3.0}, ("", None, None, None)),
    ],
)
def test_a_plot_gets_95_percent_or_no_interval(changes: dict[str, Any], drawn: tuple[Any, ...]) -> None:
    assert drawn_numbers(outcome(**changes)) == drawn


def test_an_older_report_is_known_as_such(real_review: Review, data: dict[str, Any]) -> None:
    old = Counter(outcome.supersedes for outcome in real_review.outcomes.values() if outcome.supersedes)
    for place in range(len(real_review.outcomes)):
        shown = row(data, place)
        assert bool(shown["older"]) == (shown["id"] in old)


@pytest.mark.parametrize(
    ("view", "wrong"),
    [
        ("pool=hcc-antivegf-os&out=orient-32", ""),
        ("endpoint=os&from=2020&to=2024&text=liver", ""),
        ("pool=hcc-antivegf", "hcc-antivegf-os"),
        ("endpoint=oss", "did you mean os"),
        ("colour=red", "has no part colour; use one of question"),
        ("out=nobody", "out=nobody, which is not in the review"),
        ("network=hcc-os&by=class&gone=reflect,lenvatinib", ""),
        ("network=hcc-oss", "did you mean hcc-os"),
    ],
)
def test_a_view_that_asks_in_vain_is_told_so(data: dict[str, Any], view: str, wrong: str) -> None:
    assert wrong in check_view(data, view) if wrong else check_view(data, view) == ""


def test_the_data_are_a_script_that_sets_one_global_and_nothing_else(data: dict[str, Any]) -> None:
    script = to_script(data)
    assert script.startswith("window.livrevEvidence = ") and script.endswith(";\n")
    assert json.loads(script.removeprefix("window.livrevEvidence = ").removesuffix(";\n")) == data


def test_examples_cannot_bring_markup(real_review: Review) -> None:
    html = to_html([("<b>bold</b>", 'pool="><script>')], "../", real_review.settings)
    assert "<b>bold" not in html and "&lt;b&gt;bold&lt;/b&gt;" in html and '"><script>' not in html


def test_its_words_are_those_of_the_settings(review: Review) -> None:
    html = to_html([], "../", review.settings)
    condition = review.settings.condition
    assert f'{condition.title} <select data-filter="condition"><option value="">all {condition.plural}</option>' in html
    assert f"<span>by {condition.name}</span>" in html and "pools.html" not in html  # this review has no page of pools


def test_without_a_script_a_sentence_leads_to_the_lists(real_review: Review) -> None:
    html = to_html([], "../", real_review.settings)
    plain = html[html.index('class="ex-plain"') : html.index('class="ex-app"')]
    assert 'href="../studies/index.html"' in plain and 'href="../outcomes/index.html"' in plain


def directive(data: dict[str, Any], *lines: str) -> Explorer:
    made = Explorer.__new__(Explorer)
    made.content, made.content_offset = StringList(list(lines), "chapter.md"), 10

    class State:
        class document:  # noqa: N801
            class settings:  # noqa: N801
                class env:  # noqa: N801
                    docname = "chapters/explorer"

                    class app:  # noqa: N801
                        pass

    state = BuildState(cast(Any, SimpleNamespace(repository=None)), {})
    state.once("explorer", lambda: data)
    state.once("inputs", lambda: "the records as they are")
    set_build_state(cast(Any, State.document.settings.env.app), state)
    made.state = State()  # type: ignore[assignment]
    made.error = lambda message: ValueError(message)  # type: ignore[method-assign, assignment]
    return made


def test_the_directive_lists_its_examples(
    data: dict[str, Any], real_review: Review, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("livrev.site.explorer.show", lambda env, make: None)  # nothing is built here
    (node,) = directive(data, "Trials | design=rct", "").run()
    assert isinstance(node, nodes.Element) and node.astext() == ""
    assert '<a href="#design=rct">Trials</a>' in to_html(node["examples"], node["root"], real_review.settings)


@pytest.mark.parametrize("line", ["Trials | design=rctt", "Trials", "| design=rct"])
def test_an_example_that_leads_nowhere_stops_the_build_at_its_line(data: dict[str, Any], line: str) -> None:
    with pytest.raises(ValueError, match="line 12: the example"):
        directive(data, "Trials | design=rct", line).run()


def test_each_pool_names_the_risks_without_treatment_that_its_own_studies_print(
    real_review: Review, data: dict[str, Any]
) -> None:
    pools = {pool["id"]: pool for pool in data["pools"]}
    appraised = {row["pool"]: row["baseline"] for row in real_review.tables["appraisals"].records if row["baseline"]}
    evidence = pool_evidence(real_review)
    for key, baseline in appraised.items():
        first = pools[key]["baselines"][0]
        assert first["risk"] == absolute_effect(evidence[key], real_review.outcomes[baseline]).without
        assert real_review.outcomes[baseline].arm in first["source"]
    assert any(len(pool["baselines"]) > 1 for pool in pools.values())
    assert pools["liver-ratio-os"]["baselines"] == []  # a ratio of ratios has none


def test_a_family_is_that_of_the_table_of_pools(real_review: Review, data: dict[str, Any]) -> None:
    families = {row["pool"]: row["family"] or "" for row in real_review.tables["pools"].records}
    assert {pool["id"]: pool["family"] for pool in data["pools"]}.items() <= families.items()
    assert check_view(data, "family=hcc-cause-os&threshold=0.8&baseline=450") == ""
    assert "did you mean" in check_view(data, "family=hcc-cause")


def test_a_result_and_a_study_name_their_publication(real_review: Review, data: dict[str, Any]) -> None:
    records = ris_by_key(real_review)
    assert {reference[2] for reference in data["references"]} <= set(records) | {""}
    for study in data["studies"]:
        assert dict(zip(STUDY, study, strict=True))["reference"] in records
