"""Chapters print Results that exist, in forms that they have."""

import pytest

from livrev.checks.results import check_evidence_names, check_result_names, check_superseded, results_in
from livrev.records.review import Review


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("x {result}`a.b`", [("a.b", "short", 1)]),
        ("x\n{result}`a.b|words` {result}`c`", [("a.b", "words", 2), ("c", "short", 2)]),
        ("| {result}`a.b\\|count` |", [("a.b", "count", 1)]),
        ("``{result}`a.b` `` is how", []),
        ("```text\n{result}`a.b`\n```", []),
        (":::{note}\n{result}`a.b`\n:::", [("a.b", "short", 2)]),
        ("```{note}\n{result}`a.b`\n```", [("a.b", "short", 2)]),
    ],
)
def test_names_are_found_with_form_and_line(text: str, found: list[tuple[str, str, int]]) -> None:
    assert results_in(text) == found


def test_known_names_and_forms_pass(review: Review) -> None:
    text = "{result}`study.roe-2019.n|words` {result}`outcome.roe-2019--orr|count` {result}`findings.count|value`"
    assert list(check_result_names(review, {"c.md": text})) == []


def test_an_unknown_name_is_named_with_its_neighbours(review: Review) -> None:
    [problem] = check_result_names(review, {"c.md": "\n{result}`outcome.roe-2019--or`"})
    assert (problem.file, problem.line, problem.value) == ("c.md", 2, "outcome.roe-2019--or")
    assert problem.cure.startswith("did you mean outcome.roe-2019--orr")


def test_a_name_like_no_other_leads_to_the_list(review: Review) -> None:
    [problem] = check_result_names(review, {"c.md": "{result}`zzz`"})
    assert problem.cure == "livrev export estimates lists every name"


def test_a_form_that_the_result_has_not_is_named(review: Review) -> None:
    [problem] = check_result_names(review, {"c.md": "{result}`findings.count|count`"})
    assert "has no events and total" in problem.cure


def test_a_name_that_is_not_rated_has_no_certainty_to_print(review: Review) -> None:
    text = "{certainty}`strategy.coaching` {evidence}`roe-2019--os`\n{certainty}`roe-2019--os` {certainty}`strategy.weeding`"
    unrated, unknown = check_evidence_names(review, {"c.md": text})
    assert (unrated.line, unrated.field, unrated.value) == (2, "certainty", "roe-2019--os")
    assert unrated.message == "has no certainty" and unrated.cure == "name pool.<id> or strategy.<id>"
    assert unknown.cure == "did you mean strategy.coaching?"


def test_what_a_later_report_replaced_is_not_printed_alone(real_review: Review) -> None:
    """The two-year rates of TOPAZ-1 were printed from its first report beside a difference from its second."""
    first, later = (
        f"outcome.topaz-1--os-rate24-durvalumab-gemcitabine-cispl-{report}" for report in ("primary", "update")
    )
    [problem] = check_superseded(real_review, {"c.md": f"One.\n{{result}}`{first}|value` lived."})
    assert (problem.line, problem.value) == (2, first) and problem.cure.startswith(f"print {later}")
    both = f"{{result}}`{first}|value` at first, {{result}}`{later}|value` later, {{evidence}}`{first}`"
    assert list(check_superseded(real_review, {"c.md": both, "d.md": f"{{result}}`{later}`"})) == []
