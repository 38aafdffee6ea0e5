"""A reported number keeps its digits on every way that it takes to a reader."""

import csv
import io
import json
import pickle
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError
from small_review import set_cell

from livrev.exports.downloads import export
from livrev.frames.open_review import OpenReview
from livrev.paths import Repository
from livrev.records.measures import Printed
from livrev.records.review import Review, load_review
from livrev.review.results import compute_results
from livrev.show.figures.shown import to_csv
from livrev.show.format import format_effect, format_estimate, format_interval, format_number, format_outcome
from livrev.show.tables import table
from livrev.show.views.cards import card_of, show_all_outcomes
from livrev.show.views.explorer import RESULT, explorer_data
from livrev.site.records import study_page

TEXTS = st.from_regex(r"-?(0|[1-9][0-9]{0,7})(\.[0-9]{1,6})?", fullmatch=True)
KEY = "roe-2019--os"


def test_a_printed_number_is_a_float_with_a_text() -> None:
    number = Printed("0.50")
    assert number == 0.5 and str(number) == f"{number}" == "0.50" and number.decimals == 2
    assert type(number * 2) is float and f"{number:.3f}" == "0.500"
    assert str(pickle.loads(pickle.dumps(number))) == "0.50"


@pytest.mark.parametrize(
    ("number", "text"), [(3, "3"), (3.0, "3"), (0.7, "0.7"), (1e-7, "0.0000001"), (Printed("1.0"), "1.0")]
)
def test_a_number_without_a_text_has_its_shortest_digits(number: float, text: str) -> None:
    assert Printed(number).text == text


@pytest.mark.parametrize("wrong", ["", "1,5", ".5", "5.", "1e5", "007", "nan", float("nan"), float("inf"), True, None])
def test_what_is_no_decimal_number_is_refused(wrong: Any) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(Printed).validate_python(wrong)


@given(TEXTS, TEXTS, TEXTS)
def test_no_formatting_changes_a_digit(value: str, low: str, high: str) -> None:
    def digits(said: str) -> str:
        return said.replace("−", "-").replace(",", "")

    numbers = [Printed(text) for text in (value, low, high)]
    assert digits(format_number(numbers[0], 1)) == value
    assert digits(format_interval(numbers[1], numbers[2], 3)) == f"{low} to {high}"
    assert digits(format_effect(*numbers, precision=0, level=95)) == f"{value} (95 % CI {low} to {high})"


@pytest.fixture
def trailing(repository: Repository) -> Review:
    """The small review with a hazard ratio of 0.50 (0.250 to 1.0)."""
    for column, text in (("value", "0.50"), ("ci_low", "0.250"), ("ci_high", "1.0"), ("p", "0.050")):
        set_cell(repository, "outcomes", 0, column, text)
    return load_review(repository)


SAID = "0.50 (95 % CI 0.250 to 1.0)"


def test_a_trailing_zero_survives_in_prose(trailing: Review) -> None:
    result = compute_results(trailing)[f"outcome.{KEY}"]
    assert format_estimate(result) == SAID and format_estimate(result, "interval") == "0.250 to 1.0"
    assert format_outcome(trailing.outcomes[KEY]) == f"HR {SAID}, p = 0.050"


def test_a_trailing_zero_survives_in_tables_and_pages(trailing: Review) -> None:
    opened = OpenReview(trailing)
    listed = table(
        opened.outcomes.assign(result=opened.printed(opened.outcomes)), caption="All", columns={"result": "Result"}
    )
    for shown in (listed, show_all_outcomes(trailing)):
        assert f"HR {SAID}" in shown.to_html() and f"HR {SAID}" in str(shown)
    assert f"HR {SAID}" in study_page(trailing, trailing.studies["roe-2019"], {})


def test_a_trailing_zero_survives_on_a_card(trailing: Review) -> None:
    assert SAID in card_of(trailing, KEY, {}).words


def test_a_trailing_zero_survives_in_a_figure_and_its_data(trailing: Review) -> None:
    opened = OpenReview(trailing)
    shown = opened.draw_effects(opened.outcomes.loc[[KEY]], favours=("a", "b"))
    assert SAID in shown.marks[0].said and SAID in shown.alt
    assert "0.50 (0.250 to 1.0)" in shown.to_svg() and "0.50 (0.250 to 1.0)" in shown.to_svg(narrow=True)
    (row,) = csv.DictReader(io.StringIO(to_csv(shown)))
    assert (row["value"], row["ci_low"], row["ci_high"]) == ("0.50", "0.250", "1.0")


def test_a_trailing_zero_survives_in_the_data_of_the_explorer(trailing: Review) -> None:
    results = explorer_data(trailing)["results"]
    cells = {name: results[name][0] for name in RESULT}
    assert cells["said"] == f"HR {SAID}, p = 0.050" and cells["numbers"] == "0.50 (0.250 to 1.0)"


@pytest.mark.parametrize(
    ("what", "names"), [("outcomes", ("value", "ci_low", "ci_high")), ("estimates", ("value", "low", "high"))]
)
def test_a_trailing_zero_survives_in_exports(trailing: Review, what: str, names: tuple[str, ...]) -> None:
    rows = {
        "csv": list(csv.DictReader(io.StringIO(export(trailing, what, "csv")))),
        "json": json.loads(export(trailing, what, "json"), parse_float=str),
    }
    for found in rows.values():
        (row,) = (row for row in found if KEY in (row.get("outcome"), row.get("name", "").removeprefix("outcome.")))
        assert tuple(row[name] for name in names) == ("0.50", "0.250", "1.0")
