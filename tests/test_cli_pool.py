"""`livrev pool`: what a person writes, what the command answers, and what it says of a wrong cell."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from livrev.cli import main

KEYS = (
    "k", "value", "ci_low", "ci_high", "wald_low", "wald_high", "tau2", "tau2_low", "tau2_high", "i2", "q", "q_p",
    "pi_low", "pi_high", "common", "dersimonian_laird", "weights", "leave_one_out", "egger", "subgroups", "conventions",
)  # fmt: skip
HEADER = "study,value,ci_low,ci_high\n"
TRIALS = HEADER + "A,0.66,0.52,0.85\nB,0.80,0.60,1.10\nC,0.92,0.77,1.10\n"


def pool(folder: Path, text: str | bytes, *options: str) -> Result:
    """Run `livrev pool` on a file that holds *text*, outside any review."""
    file = folder / "trials.csv"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return CliRunner().invoke(main, ["pool", str(file), *(options or ("--measure", "HR"))])


def answer(folder: Path, text: str, measure: str = "HR") -> dict:
    result = pool(folder, text, "--measure", measure, "--format", "json")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_json_has_exactly_the_keys_that_were_promised(tmp_path):
    found = answer(tmp_path, TRIALS)
    assert tuple(found) == KEYS
    assert found["k"] == 3
    assert found["common"].keys() == found["dersimonian_laird"].keys() == {"value", "ci_low", "ci_high"}
    assert [row["study"] for row in found["leave_one_out"]] == ["A", "B", "C"]
    assert sum(row["weight"] for row in found["weights"]) == pytest.approx(100)
    assert found["egger"] is None
    assert found["subgroups"] is None
    assert "REML" in found["conventions"]["tau2"]


def test_the_order_of_intervals_is_plain_in_the_table(tmp_path):
    shown = pool(tmp_path, TRIALS).stdout
    assert shown.splitlines()[0].split() == ["HR,", "k", "=", "3", "value", "95", "%", "interval"]
    for row in ("modified Hartung-Knapp", "plain Hartung-Knapp", "Wald", "prediction interval", "DerSimonian-Laird"):
        assert row in shown
    assert "tau²" in shown and "I²" in shown


def test_it_reads_standard_input():
    command = [sys.executable, "-m", "livrev.cli", "pool", "-", "--measure", "HR", "--format", "json"]
    done = subprocess.run(command, input=TRIALS, capture_output=True, text=True, cwd="/", check=True)
    assert json.loads(done.stdout)["k"] == 3


def test_a_column_without_any_level_is_95(tmp_path):
    header = "study,value,ci_low,ci_high,ci_level\n"
    levels = header + "A,0.66,0.52,0.85,\nB,0.80,0.60,1.10,\n"
    found, plain = answer(tmp_path, levels), answer(tmp_path, TRIALS[: TRIALS.index("C,")])
    assert found["wald_low"] == plain["wald_low"]
    wider = answer(tmp_path, levels.replace("0.85,", "0.85,95").replace("1.10,", "1.10,80"))
    assert wider["weights"][0]["weight"] > found["weights"][0]["weight"]


def test_proportions_are_shares_with_an_interval_on_the_logit(tmp_path):
    found = answer(tmp_path, "study,events,total\nA,0,12\nB,3,20\nC,5,14\n", "proportion")
    assert 0 < found["ci_low"] < found["value"] < found["ci_high"] < 1
    assert (found["ci_low"], found["ci_high"]) == (found["wald_low"], found["wald_high"])
    assert found["tau2_low"] is None
    assert "Gauss-Hermite" in found["conventions"]["model"]
    shown = pool(tmp_path, "study,events,total\nA,0,12\nB,3,20\n", "--measure", "proportion").stdout
    assert "0/12 = 0" in shown


def test_subgroups_are_tested_against_each_other(tmp_path):
    rows = "A,0.5,0.4,0.62,x\nB,0.55,0.4,0.75,x\nC,1.0,0.8,1.25,y\nD,1.1,0.9,1.35,y\n"
    text = HEADER.replace("high", "high,subgroup") + rows
    found = answer(tmp_path, text)["subgroups"]
    assert [(group["subgroup"], group["k"]) for group in found["groups"]] == [("x", 2), ("y", 2)]
    assert found["df"] == 1 and found["p"] < 0.001
    assert "interaction" in pool(tmp_path, text).stdout


def test_egger_appears_with_ten_studies(tmp_path):
    rows = "".join(f"S{i},{1 + 0.1 * i},{0.5 + 0.05 * i},{2 + 0.3 * i}\n" for i in range(10))
    assert answer(tmp_path, HEADER + rows)["egger"].keys() == {"intercept", "se", "ci_low", "ci_high", "t", "df", "p"}
    assert answer(tmp_path, HEADER + rows[: rows.rindex("S9")])["egger"] is None


def test_one_and_two_studies_are_answered_with_a_note(tmp_path):
    one = answer(tmp_path, HEADER + "A,0.66,0.52,0.85\n")
    assert one["value"] == pytest.approx(0.66)
    assert one["tau2"] is None and one["leave_one_out"] == []
    assert "one study" in one["conventions"]["notes"][0]
    two = answer(tmp_path, HEADER + "A,0.66,0.52,0.85\nB,0.8,0.6,1.1\n")
    assert two["pi_low"] is None and two["ci_low"] < two["wald_low"]
    assert "two studies" in " ".join(two["conventions"]["notes"])
    for text in (HEADER + "A,0.66,0.52,0.85\n", HEADER + "A,0.66,0.52,0.85\nB,0.8,0.6,1.1\n"):
        assert pool(tmp_path, text).exit_code == 0


def test_a_value_off_the_middle_is_noted(tmp_path):
    notes = answer(tmp_path, HEADER + "A,0.50,0.48,0.95\nB,0.80,0.60,1.07\n")["conventions"]["notes"]
    assert any(note.startswith("A (line 2)") and "as printed" in note for note in notes)
    assert not any(note.startswith("B") for note in notes)


def test_numbers_too_large_for_json_are_null(tmp_path):
    found = answer(tmp_path, HEADER + "A,1e-60,1e-70,1e-50\nB,1e60,1e50,1e70\n")
    assert found["ci_high"] is None
    assert found["ci_low"] == 0


def test_blank_lines_other_columns_and_a_byte_order_mark_are_fine(tmp_path):
    text = "\ufeffstudy,year,value,ci_low,ci_high\n\nA,2019,0.66,0.52,0.85\n,,,,\nB,2020,0.80,0.60,1.10\n"
    assert answer(tmp_path, text)["k"] == 2


@pytest.mark.parametrize(
    ("text", "measure", "said"),
    [
        (HEADER + "A,0.5,0.6,0.9\n", "HR", "trials.csv:2 value: 0.5 cannot be pooled: the interval 0.6 to 0.9"),
        (TRIALS, "proportion", "--measure HR, OR, RR, RD, MD, SMD or generic"),
        ("study,events,total\nA,0,10\nB,0,20\n", "proportion", "no study has an event"),
        ("study,events,total\nA,10,10\nB,20,20\n", "proportion", "every patient of every study"),
    ],
)
def test_what_is_wrong_is_said_with_line_and_cure(tmp_path, text, measure, said):
    result = pool(tmp_path, text, "--measure", measure, "--format", "json")
    assert result.exit_code == 1
    assert said in result.stderr
    assert "; " in result.stderr, "a cure is missing"
    assert result.stdout == ""


def test_every_wrong_line_is_said_at_once(tmp_path):
    result = pool(tmp_path, HEADER + "A,x,0.3,0.9\nB,0.5,0.6,0.9\nC,0.5,0.3,0.9\n")
    assert [line.split(" ")[0][-5:] for line in result.stderr.splitlines()] == ["csv:2", "csv:3"]


def test_a_wrong_measure_or_file_is_a_wrong_call(tmp_path):
    assert pool(tmp_path, TRIALS, "--measure", "XX").exit_code == 2
    assert CliRunner().invoke(main, ["pool", str(tmp_path / "none.csv"), "--measure", "HR"]).exit_code == 2


def test_the_command_line_starts_without_the_engine():
    code = "import sys, livrev.cli; sys.exit(bool({'meta_analyze', 'numpy', 'pandas', 'scipy'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize(
    ("measure", "text"),
    [
        ("HR", TRIALS),
        ("proportion", "study,events,total\nA,3,20\nB,2,31\nC,5,12\n"),
        ("MD", TRIALS),
        ("generic", HEADER.replace("\n", ",subgroup\n") + "A,-2,-3,-1,x\nB,1,0,2,x\nC,0,-1,1,y\nD,0.5,-1,2,y\n"),
    ],
)
def test_the_forest_plot_is_written(tmp_path, measure, text):
    for suffix, start in ((".svg", b"<svg"), (".png", b"\x89PNG"), (".pdf", b"%PDF")):
        drawn = tmp_path / f"plot{suffix}"
        done = pool(tmp_path, text, "--measure", measure, "--draw", str(drawn))
        assert done.exit_code == 0, done.output
        assert start in drawn.read_bytes()[:200]
    assert "REML" in done.stdout or "binomial" in done.stdout


def test_a_plot_shows_each_study_and_the_pool(tmp_path):
    for measure in ("HR", "MD"):
        drawn = tmp_path / f"{measure}.svg"
        pool(tmp_path, TRIALS.replace("A,", "Müller & Roe,"), "--measure", measure, "--draw", str(drawn))
        words = drawn.read_text(encoding="utf-8")
        for said in ("Müller &amp; Roe", "0.66", "0.52", "0.85", "All studies"):
            assert said in words


def test_a_picture_that_cannot_be_written_is_one_line(tmp_path):
    for name, status in (("plot.gif", 2), ("none/plot.svg", 1)):
        done = pool(tmp_path, TRIALS, "--measure", "HR", "--draw", str(tmp_path / name))
        assert done.exit_code == status
        assert done.stderr.count("\n") == 1 and "; " in done.stderr
