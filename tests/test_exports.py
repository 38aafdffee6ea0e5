"""Exports are flat, stable, safe in a spreadsheet, and come back as they went."""

import csv
import io
import json

import pandas as pd
import pytest
from click.testing import CliRunner
from small_review import replace, set_cell

from livrev.cli import main
from livrev.exports.downloads import export
from livrev.exports.tables import EXPORTS, to_csv
from livrev.paths import Repository
from livrev.records.review import Review, load_review

DEMANDED = {
    "findings": "id source sentence topic direction population verdict statement settled_by",
    "studies": "study citekey doi pmid nct design condition n",
    "outcomes": "study citekey endpoint stratum measure value ci_low ci_high ci_level events total basis flag",
}


@pytest.mark.parametrize(("what", "columns"), DEMANDED.items())
def test_the_columns_that_others_rely_on_are_there(review: Review, what: str, columns: str) -> None:
    assert set(columns.split()) <= set(next(csv.reader(io.StringIO(export(review, what, "csv")))))
    assert all(set(columns.split()) <= set(row) for row in json.loads(export(review, what, "json")))


@pytest.mark.parametrize("what", EXPORTS)
def test_csv_and_json_say_the_same(review: Review, what: str) -> None:
    frame = pd.read_csv(io.StringIO(export(review, what, "csv")), dtype=str, keep_default_na=False)
    rows = json.loads(export(review, what, "json"), parse_float=str)  # to the last zero
    assert len(frame) == len(rows) > 0
    for shown, row in zip(frame.to_dict("records"), rows, strict=True):
        for key, value in row.items():
            said = "; ".join(map(str, value)) if isinstance(value, list) else "" if value is None else str(value)
            assert shown[key].removeprefix("'") == said


def test_numbers_come_back_as_numbers(review: Review) -> None:
    frame = pd.read_csv(io.StringIO(export(review, "outcomes", "csv")))
    assert frame["value"].tolist() == [0.7, 30.0, 10.0, 1.5, -8.0]
    assert frame["ci_low"].tolist()[0] == 0.5
    assert json.loads(export(review, "outcomes", "json"))[1]["events"] == 12


def test_every_real_export_comes_back(real_review: Review) -> None:
    for what in EXPORTS:
        frame = pd.read_csv(io.StringIO(export(real_review, what, "csv")), dtype=str, keep_default_na=False)
        assert len(frame) == len(json.loads(export(real_review, what, "json")))


def test_the_same_records_give_the_same_bytes(repository: Repository) -> None:
    for what in EXPORTS:
        assert export(load_review(repository), what, "csv") == export(load_review(repository), what, "csv")


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_a_formula_is_disarmed(text: str) -> None:
    assert (
        list(csv.reader(io.StringIO(to_csv([{"note": text, "keys": [text]}]), newline="")))[1]
        == ["'" + text.replace("\r", " ")] * 2
    )


def test_numbers_are_no_formulas() -> None:
    assert to_csv([{"value": -1.5}]) == "value\n-1.5\n"


def test_dangerous_records_can_still_be_exported(repository: Repository) -> None:
    set_cell(repository, "studies", 0, "note", "=HYPERLINK(1)")
    replace(repository.sources / "Doe2020cress.md", "Coached cress eased", "Coached <script> cress eased")
    said = CliRunner().invoke(main, ["--root", str(repository.root), "export", "studies"]).stdout
    assert "'=HYPERLINK(1)" in said
    said = CliRunner().invoke(main, ["--root", str(repository.root), "export", "findings", "--format", "json"]).stdout
    assert json.loads(said)[1]["statement"].startswith("Coached <script> cress")


def test_nothing_gives_nothing() -> None:
    assert to_csv([]) == ""
