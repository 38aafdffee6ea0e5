"""A problem is one printable line."""

from hypothesis import given
from hypothesis import strategies as st

from livrev.diagnostics import Problem, ReviewError


def test_a_problem_names_place_value_and_cure() -> None:
    problem = Problem(
        "data/outcomes.csv", 214, "ci_low", "1.9", "is above value 1.4", "is the reference group inverted?"
    )
    assert str(problem) == "data/outcomes.csv:214 ci_low: 1.9 is above value 1.4; is the reference group inverted?"


def test_a_problem_without_a_value_has_no_gap() -> None:
    assert (
        str(Problem("a.bib", 1, "title", "", "is missing", "add the title"))
        == "a.bib:1 title: is missing; add the title"
    )


def test_a_long_value_is_cut() -> None:
    said = str(Problem("a.csv", 1, "note", "x" * 5000, "is long", "shorten it"))
    assert len(said) < 120 and "…" in said


@given(st.text(), st.text(), st.text())
def test_whatever_a_file_holds_it_stays_one_harmless_line(field: str, value: str, message: str) -> None:
    said = str(Problem("a.csv", 1, field, value, message, "mend it"))
    assert said.isprintable() and len(said.splitlines()) == 1


def test_an_error_holds_all_problems_in_order() -> None:
    problems = [Problem("b", 1, "", "", "", ""), Problem("a", 2, "", "", "", ""), Problem("a", 1, "", "", "", "")]
    assert [(p.file, p.line) for p in ReviewError(problems).problems] == [("a", 1), ("a", 2), ("b", 1)]
