"""A cell of a table says what its row and its column make of it, so that the reader of sentences can read it."""

import pytest
from lxml import html

from livrev.sources.result_tables import read_table
from livrev.text.numbers import quantity_to_json
from livrev.text.quantities import find_quantities


def cell_of(row: str, column: str, cell: str) -> str:
    rows = f"<tr><th>x</th><th>{column}</th></tr><tr><td>{row}</td><td>{cell}</td></tr>"
    return next(iter(read_table(html.fromstring(f"<table>{rows}</table>"), "table 1"))).text


@pytest.mark.parametrize(
    ("row", "column", "cell", "quantity"),
    [
        ("Survival", "HR (95% CI)", "0.71 (0.52–0.97)", {"kind": "HR", "value": 0.71, "low": 0.52, "high": 0.97, "level": 95}),
        ("HR (90% CI)", "Radish v water", "0.71 [0.52, 0.97]", {"kind": "HR", "value": 0.71, "low": 0.52, "level": 90}),
        ("Median OS, months (95% CI)", "Radish (n = 30)", "12.1 (10.0–14.2)",
         {"kind": "median", "value": 12.1, "low": 10, "high": 14.2, "unit": "months"}),
        ("Response, n (%)", "Radish (n = 30)", "9 (30)", {"kind": "proportion", "events": 9, "total": 30, "value": 30}),
        ("Response, n (%)", "Radish (n = 300)", "9 (30)", {"kind": "proportion", "value": 30}),
        ("Survival", "P value", "0.03", {"kind": "p", "p": "0.03"}),
    ],
)  # fmt: skip
def test_a_cell_is_read(row: str, column: str, cell: str, quantity: dict[str, object]) -> None:
    found = [quantity_to_json(q) for q in find_quantities(cell_of(row, column, cell))]
    assert any(quantity.items() <= q.items() for q in found), (cell_of(row, column, cell), found)


def test_a_size_that_is_not_of_these_patients_is_no_total() -> None:
    assert "total" not in str(
        [quantity_to_json(q) for q in find_quantities(cell_of("n (%)", "Radish (n = 300)", "9 (30)"))]
    )


def test_cells_that_span_and_tables_of_nothing() -> None:
    table = "<table><tr><td>no figure</td></tr></table>"
    assert list(read_table(html.fromstring(table), "table 1")) == []
    twice = "<table><tr><th>x</th><th>a</th><th>b</th></tr><tr><td>r</td><td>9</td><td>9</td></tr></table>"
    assert [s.text for s in read_table(html.fromstring(twice), "table 1")] == ["r, a: 9.", "r, b: 9."]
    ragged = "<table><tr><th>a</th></tr><tr><td>r</td><td colspan='999'>5</td><td>6</td></tr><tr></tr></table>"
    assert [s.text for s in read_table(html.fromstring(ragged), "table 1")] == ["r: 5.", "r: 6."]


def test_a_ratio_takes_the_one_p_value_of_its_row() -> None:
    head = "<tr><th>x</th><th>HR (95% CI)</th><th>P value</th>{}</tr>"
    row = "<tr><td>Survival</td><td>0.71 (0.52–0.97)</td><td>0.03</td>{}</tr>"
    one = html.fromstring(f"<table>{head.format('')}{row.format('')}</table>")
    assert next(iter(read_table(one, "table 1"))).text == "Survival, HR: HR 0.71 (95% CI 0.52 to 0.97), p=0.03."
    two = html.fromstring(f"<table>{head.format('<th>P value, adjusted</th>')}{row.format('<td>0.04</td>')}</table>")
    assert next(iter(read_table(two, "table 1"))).text == "Survival, HR: HR 0.71 (95% CI 0.52 to 0.97)."
