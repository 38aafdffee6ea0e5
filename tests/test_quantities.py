"""Every notation of a quantity is read, and what only looks like one is left alone."""

import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from livrev.text.numbers import quantity_to_json
from livrev.text.quantities import find_quantities


def read(text: str) -> list[dict[str, Any]]:
    """Return the quantities of *text* without their places."""
    return [{k: v for k, v in quantity_to_json(q).items() if k not in ("start", "end")} for q in find_quantities(text)]


def hr(value: float, low: float | None = None, high: float | None = None, **rest: Any) -> dict[str, Any]:
    bounds = {} if low is None else {"low": low, "high": high}
    return {"kind": "HR", "value": value, **bounds, **rest}


def with_p(ratio: dict[str, Any]) -> list[dict[str, Any]]:
    """A p-value of a ratio is on the ratio, and stands on its own too."""
    return [ratio, {"kind": "p", "p": ratio["p"]}] if "p" in ratio else [ratio]


@pytest.mark.parametrize(
    ("text", "quantity"),
    [
        ("HR, 0.58; 95% CI, 0.42 to 0.79", hr(0.58, 0.42, 0.79, level=95)),
        ("HR=0.40 (0.25–0.63)", hr(0.40, 0.25, 0.63)),
        ("hazard ratio for death 0.66 [90% CI 0.51, 0.85]", hr(0.66, 0.51, 0.85, level=90)),
        ("aHR 1.9", hr(1.9)),
        (
            "hazard ratio of 0.72 (95 % confidence interval: 0.58–0.90; p = 0.004)",
            hr(0.72, 0.58, 0.9, level=95, p="0.004"),
        ),
        ("HR 0,58 (IC 95 % 0,42–0,79)", hr(0.58, 0.42, 0.79, level=95)),
        ("HR 0·58 (95% CI 0·42−0·79)", hr(0.58, 0.42, 0.79, level=95)),
        ("HR\u00a00.58\u2009(95%\u202fCI\u00a00.42\u20110.79)", hr(0.58, 0.42, 0.79, level=95)),
        ("hazard ratio\n0.58 (95%\nCI 0.42 to\n0.79)", hr(0.58, 0.42, 0.79, level=95)),
        ("HR 0.81; P=.03; 95% CI 0.67-0.98", hr(0.81, 0.67, 0.98, level=95, p="0.03")),
        ("OR 2.4 (1.2-4.8)", {"kind": "OR", "value": 2.4, "low": 1.2, "high": 4.8}),
        ("relative risk 1.3", {"kind": "RR", "value": 1.3}),
    ],
)
def test_a_ratio_is_read_with_its_interval(text: str, quantity: dict[str, Any]) -> None:
    assert read(text) == with_p(quantity)


def test_each_ratio_keeps_its_own_interval_and_p() -> None:
    text = "OS: HR 0.66 (95% CI 0.52–0.85; P = .001); PFS: HR 0.59 (95% CI 0.47–0.76; P < .001)"
    survival, progression = hr(0.66, 0.52, 0.85, level=95, p="0.001"), hr(0.59, 0.47, 0.76, level=95, p="<0.001")
    assert read(text) == with_p(survival) + with_p(progression)


def test_a_level_stated_once_serves_every_interval() -> None:
    text = "HRs (90% CI) were 0.66 (0.52–0.85) for OS and 0.59 (0.47–0.76) for PFS."
    assert read(text) == [hr(0.66, 0.52, 0.85, level=90), hr(0.59, 0.47, 0.76, level=90)]


def test_an_impossible_interval_is_read_as_printed() -> None:
    assert read("HR 1.9 (95% CI 0.42–0.79)") == [hr(1.9, 0.42, 0.79, level=95)]


@pytest.mark.parametrize(("text", "p"), [("P < .001", "<0.001"), ("p=0.03 (one-sided)", "0.03"), ("p ≤ 0.05", "≤0.05")])
def test_a_p_value_alone_is_an_object_of_its_own(text: str, p: str) -> None:
    assert read(text) == [{"kind": "p", "p": p}]


@pytest.mark.parametrize(
    ("text", "quantity"),
    [
        ("9/13", {"events": 9, "total": 13}),
        ("nine of 13", {"events": 9, "total": 13}),
        ("9 of the 13 patients", {"events": 9, "total": 13}),
        ("9 out of 13", {"events": 9, "total": 13}),
        ("9/13 (69%)", {"value": 69, "events": 9, "total": 13}),
        ("69% (9/13)", {"value": 69, "events": 9, "total": 13}),
        ("9 (69%) of 13 patients", {"value": 69, "events": 9, "total": 13}),
        ("30% (95% CI 21–40)", {"value": 30, "low": 21, "high": 40, "level": 95}),
        ("69.2%", {"value": 69.2}),
        ("12 patients (30%)", {"value": 30, "events": 12}),
    ],
)
def test_a_proportion_is_one_object(text: str, quantity: dict[str, Any]) -> None:
    assert read(text) == [{"kind": "proportion", **quantity}]


@pytest.mark.parametrize(
    ("text", "n"),
    [
        ("n = 42", 42),
        ("N=501", 501),
        ("501 patients were randomised", 501),
        ("forty-two patients", 42),
        ("718 cancer patients", 718),
        ("1,234 patients", 1234),
    ],
)
def test_a_sample_size_is_read(text: str, n: int) -> None:
    assert read(text) == [{"kind": "n", "value": n}]


def test_medians_are_read_arm_by_arm() -> None:
    months = {"kind": "median", "unit": "months"}
    assert read("median OS was 19.2 months (95% CI 17.0–23.7)") == [
        {**months, "value": 19.2, "low": 17, "high": 23.7, "level": 95}
    ]
    assert read("median PFS 6.8 v 4.3 months") == [{**months, "value": 6.8}, {**months, "value": 4.3}]
    assert read("median OS 19.2 months (95% CI 17.0–NE)") == [{**months, "value": 19.2, "low": 17, "level": 95}]


def test_a_rate_names_its_time() -> None:
    assert read("12-month OS rate 67.2% (95% CI 61.3–73.1)") == [
        {"kind": "rate", "value": 67.2, "low": 61.3, "high": 73.1, "level": 95, "unit": "at 12 months"}
    ]
    assert read("alive at 1 year: 54.6%") == [{"kind": "rate", "value": 54.6, "unit": "at 1 year"}]
    assert [q["unit"] for q in read("OS was 55% at 1 year and 30% at 2 years")] == ["at 1 year", "at 2 years"]


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("8 Gy × 3", 8, "Gy x 3"),
        ("50 Gy in 5 fractions", 50, "Gy in 5 fractions"),
        ("19.9 × 10^8 cells", 1_990_000_000, "cells"),
        ("1 × 10⁷/kg", 10_000_000, "/kg"),
        ("1200 mg", 1200, "mg"),
        ("15 mg/kg", 15, "mg/kg"),
        ("30 mg/m2", 30, "mg/m2"),
    ],
)
def test_a_dose_is_read_with_its_unit(text: str, value: float, unit: str) -> None:
    assert read(text) == [{"kind": "dose", "value": value, "unit": unit}]


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("January 4, 2021", "2021-01-04"),
        ("2021-01-15", "2021-01-15"),
        ("15 March 2022", "2022-03-15"),
        ("May 2020", "2020-05"),
        ("data cut-off 31 Aug 2020", "2020-08-31"),
    ],
)
def test_a_date_is_as_exact_as_printed(text: str, iso: str) -> None:
    assert read(text) == [{"kind": "date", "value": iso}]


@pytest.mark.parametrize(
    "text",
    [
        "the 95% CI was wide",
        "PD-1, CD8 and p16",
        "open 24/7",
        "2:1 randomisation",
        "on 9/13/2021",
        "a phase 1/2 or phase I/II trial",
        "grade 3/4 and grade ≥3 events",
        "IMbrave150 (NCT01234567)",
        "doi:10.1038/s41591-020-1131-x",
        "as shown [12]",
        "pp. 11645-11658",
        "HBV/HCV",
        "a ratio of 3 to 1",
        "the hazard ratio was not given",
        "the interval 0.42 to 0.79",
        "PD-L1 ≥ 50%",
        "Child-Pugh A/B",
        "aged 18-75 years",
        "1-3 mg/kg",
        "a 3 + 3 design",
    ],
)
def test_a_trap_gives_nothing(text: str) -> None:
    assert read(text) == []


@given(st.text(alphabet=st.one_of(st.characters(), st.sampled_from("0123456789.,%()[]/=<-–×HRCIpn of"))))
def test_any_text_can_be_read_and_every_place_is_in_it(text: str) -> None:
    end = 0
    for quantity in find_quantities(text):
        assert end <= quantity.start < quantity.end <= len(text)
        end = quantity.end


@pytest.mark.parametrize(
    "piece", ["(((1,1,1,", "HR 0.5 (", "median ", "9 of ", "1 - ", "95% CI ", "survival 1% at 1 month and ", "no "]
)
def test_a_long_and_hostile_text_is_read_in_good_time(piece: str) -> None:
    text = piece * (30_000 // len(piece))
    start = time.process_time()
    find_quantities(text)
    # Under a second on any machine; a pattern that goes back over what it has read would take minutes.
    assert time.process_time() - start < 15


def test_a_limit_of_significance_is_no_result_but_a_significant_result_is() -> None:
    assert read("P < 0.05 was considered significant.") == []
    assert read("Survival was significantly longer (p = 0.03).") == [{"kind": "p", "p": "0.03"}]


def test_the_p_of_an_interaction_is_not_that_of_the_ratio() -> None:
    assert read("HR 0.83 (95% CI 0.75–0.92; P for interaction = .09)") == [
        hr(0.83, 0.75, 0.92, level=95),
        {"kind": "p", "p": "0.09"},
    ]


def test_events_among_all_are_not_all() -> None:
    assert read("6 responses among 24 patients (25%)") == [
        {"kind": "n", "value": 24},
        {"kind": "proportion", "value": 25},
    ]


def test_a_unit_printed_once_serves_both_medians() -> None:
    text = "Median PFS was 4.2 (95% CI 2.8–6.1) and median OS 11.9 (95% CI 8.8–15.7) months."
    assert [(q["value"], q["unit"]) for q in read(text)] == [(4.2, "months"), (11.9, "months")]
