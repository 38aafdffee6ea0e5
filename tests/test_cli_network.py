"""`livrev network`: what a person writes, what the command answers, and what it says of a wrong row."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from livrev.cli import main

KEYS = (
    "reference", "tau2", "i2", "q", "q_df", "q_p", "components", "is_tree", "estimates", "league", "inconsistency", "splits",
    "conventions",
)  # fmt: skip
HEADER = "study,treatment,comparator,value,ci_low,ci_high\n"
LOOP = HEADER + "1,B,A,0.8,0.6,1.1\n2,C,A,0.7,0.5,0.9\n3,C,B,0.9,0.7,1.2\n4,B,A,0.9,0.7,1.2\n"


def network(folder: Path, text: str | bytes, *options: str) -> Result:
    file = folder / "net.csv"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return CliRunner().invoke(main, ["network", str(file), "--measure", "HR", *options])


def answer(folder: Path, text: str | bytes, *options: str) -> dict:
    done = network(folder, text, "--format", "json", *options)
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


def test_json_has_the_keys_that_were_promised(tmp_path):
    found = answer(tmp_path, LOOP)
    assert tuple(found) == KEYS
    assert found["components"] == 1 and found["is_tree"] is False and found["reference"] == "A"
    assert found["estimates"][1].keys() == {
        "treatment", "value", "ci_low", "ci_high", "common_value", "common_low", "common_high", "p_score",
    }  # fmt: skip
    assert found["league"][0].keys() == {"a", "b", "value", "ci_low", "ci_high"}
    assert found["inconsistency"].keys() == {"design_q", "df", "p"}
    assert found["splits"][0].keys() == {"a", "b", "direct", "indirect", "p"}


def test_a_tree_says_that_it_is_one(tmp_path):
    text = HEADER + "1,B,A,0.8,0.6,1.1\n2,C,A,0.7,0.5,0.9\n"
    found = answer(tmp_path, text)
    assert (found["is_tree"], found["inconsistency"], found["splits"], found["tau2"]) == (True, None, [], None)
    shown = network(tmp_path, text).stdout
    assert "tree of designs" in shown and "no degree of freedom" in shown


def test_the_table_has_estimates_league_and_splits(tmp_path):
    shown = network(tmp_path, LOOP, "--reference", "B").stdout
    for said in (
        "HR against B, 4 studies",
        "each row against each column",
        "inconsistency between designs",
        "indirect",
        "P-score",
    ):
        assert said in shown


def test_tables_are_read_as_spreadsheets_write_them(tmp_path):
    text = "Study;treat1;treat2;HR (95% CI)\n1;B;A;0,8 (0,6-1,1)\n2;C;A;0,7 (0,5-0,9)\n3;C;B;0,9 (0,7-1,2)\n4;B;A;0,9 (0,7-1,2)\n"
    found, plain = answer(tmp_path, text.encode("utf-16")), answer(tmp_path, LOOP)
    assert found["estimates"] == plain["estimates"]
    assert "a comma was read as the decimal point (0,8)" in found["conventions"]["notes"]


def test_a_row_that_is_named_like_a_summary_is_noted(tmp_path):
    notes = answer(tmp_path, LOOP + "Overall,C,A,0.7,0.6,0.82\n")["conventions"]["notes"]
    assert notes == ["Overall (line 6): is named like a summary of the other rows; delete the row where it is one"]


def test_a_level_and_a_covariance_are_columns(tmp_path):
    head = HEADER.replace("\n", ",ci_level,covariance\n")
    rows = "1,B,A,0.8,0.6,1.1,95,0.01\n1,C,A,0.7,0.5,0.9,95,0.01\n2,C,B,0.9,0.7,1.2,{},\n"
    at_95, at_80 = (answer(tmp_path, head + rows.format(level), "--reference", "A") for level in (95, 80))
    assert at_80["estimates"][1]["ci_high"] != at_95["estimates"][1]["ci_high"]
    assert at_95["inconsistency"]["df"] == 1


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (HEADER + "1,B,A,0.8,0.6,1.1\n1,C,A,0.7,0.5,0.9\n", "net.csv:2 study: 1 has 3 arms, 2 rows and no covariance"),
        (
            HEADER + "1,B,A,0.8,0.6,1.1\n2,D,C,0.7,0.5,0.9\n",
            "falls into 2 pieces that no study joins (1: A, B; 2: C, D)",
        ),
        (HEADER + "1,B,A,0.8,0.6,1.1\n2,b,A,0.7,0.5,0.9\n", "net.csv:3 treatment: b is written B elsewhere"),
        (HEADER + "1,,A,0.8,0.6,1.1\n", "net.csv:2 treatment: is empty"),
        (HEADER + "1,NA,A,0.8,0.6,1.1\n", "net.csv:2 treatment: NA is empty"),
        (HEADER + "1,B,A,1.8,0.6,1.1\n", "net.csv:2 value: 1.8 cannot be pooled"),
        (HEADER.replace("\n", ",covariance\n") + "1,B,A,0.8,0.6,1.1,x\n", "net.csv:2 covariance: x is no number"),
        ("study,value,ci_low,ci_high\nA,0.8,0.6,1.1\n", "lacks treatment, comparator"),
        ("study,treatment,comparator,value\nA,B,C,0.8\n", "lacks ci_low, ci_high"),
        ("", "holds no contrasts"),
        (HEADER, "holds no studies"),
    ],
)
def test_what_is_wrong_is_said_with_line_and_cure(tmp_path, text, said):
    done = network(tmp_path, text, "--format", "json")
    assert done.exit_code == 1
    assert said in done.stderr and "; " in done.stderr
    assert done.stdout == ""


def test_an_unknown_reference_is_refused_with_the_choice(tmp_path):
    assert (
        "D is no treatment of the network; choose one of A, B, C" in network(tmp_path, LOOP, "--reference", "D").stderr
    )


def test_the_estimates_are_drawn(tmp_path):
    for measure in ("HR", "MD"):
        drawn = tmp_path / f"{measure}.svg"
        done = network(tmp_path, LOOP, "--measure", measure, "--draw", str(drawn))
        assert done.exit_code == 0, done.output
        assert "gainst A" in drawn.read_text(encoding="utf-8")
