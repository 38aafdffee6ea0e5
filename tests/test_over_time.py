"""Benefit over time: a difference with its interval, a ratio that holds or not, and the ground for saying so."""

import dataclasses
import math

import pandas as pd
import pytest

from livrev import draw
from livrev.frames.open_review import OpenReview
from livrev.records.model import Estimate
from livrev.records.review import Review, Rows
from livrev.review.over_time import benefits_over_time, marks_over_time
from livrev.review.pools import pool_evidence
from livrev.show.views.cards import card_of
from livrev.stats.effect_sizes import (
    Survival,
    compare_periods,
    ratio_between,
    survival_difference,
    survival_from_interval,
    survival_from_patients,
)


def test_under_proportional_hazards_every_period_has_the_hazard_ratio() -> None:
    """Survival in one arm is that in the other to the power of the ratio: 0.7 at each time and between them."""
    control = [Survival(share, 0.02) for share in (0.8, 0.5, 0.2)]
    treated = [Survival(one.share**0.7, 0.02) for one in control]
    for first, second in ((None, 0), (None, 2), (0, 1), (1, 2)):
        before = (None, None) if first is None else (treated[first], control[first])
        ratio, _ = ratio_between((before[0], treated[second]), (before[1], control[second]))
        assert math.exp(ratio) == pytest.approx(0.7)


def test_the_error_of_a_share_is_that_of_its_interval_or_its_patients() -> None:
    assert survival_from_interval(0.5, 0.402, 0.598).se == pytest.approx(0.05, abs=1e-4)
    assert survival_from_patients(0.5, 100).se == 0.05
    value, interval = survival_difference(Survival(0.5, 0.05), Survival(0.4, None))
    assert (round(value, 6), interval) == (0.1, None)


def test_a_period_has_what_the_time_before_leaves_of_the_error() -> None:
    """Without censoring that is the binomial error of those who were alive at its beginning."""
    first, second = survival_from_patients(0.6, 200), survival_from_patients(0.3, 200)
    _, se = ratio_between((first, second), (first, second))
    among_120 = survival_from_patients(0.5, 120)
    assert among_120.se is not None and se == pytest.approx(math.sqrt(2) * among_120.se / 0.5 / math.log(2))
    with pytest.raises(ValueError, match="does not fall"):
        ratio_between((first, first), (first, second))


@pytest.mark.parametrize(
    ("early", "late", "mark"),
    [
        ((1.65, 0.2), (0.61, 0.12), "crossing"),
        ((0.95, 0.1), (0.6, 0.1), "delayed"),
        ((0.5, 0.1), (0.9, 0.1), "waning"),
        ((0.7, 0.1), (0.72, 0.1), "proportional"),
        ((0.7, 0.3), (0.72, 0.3), "not known"),
    ],
)
def test_what_becomes_of_a_ratio_has_one_of_five_marks(
    early: tuple[float, float], late: tuple[float, float], mark: str
) -> None:
    assert compare_periods((math.log(early[0]), early[1]), (math.log(late[0]), late[1]))[0] == mark


def test_each_trial_is_judged_by_what_it_prints(real_review: Review) -> None:
    found = benefits_over_time(real_review)
    assert found["checkmate-9dw"].mark == "crossing" and "1.65 in the first 6 months" in found["checkmate-9dw"].ground
    assert found["imbrave150"].ground == "survival is printed at one time only"
    assert found["checkmate-067.2"].headline.arm != found["checkmate-067"].headline.arm  # two comparisons of one trial
    himalaya = found["himalaya"]
    assert [time.months for time in himalaya.times] == [36, 48, 60]
    assert himalaya.times[-1].difference[0] == pytest.approx(10 * (19.6 - 9.4)) and not himalaya.times[-1].printed
    assert found["keynote-394"].times[0].difference[1] is None  # its arms' patients were not read


def test_the_later_report_of_a_time_stands(real_review: Review) -> None:
    at_24 = next(time for time in benefits_over_time(real_review)["checkmate-9dw"].times if time.months == 24)
    assert (at_24.rows[0].value, getattr(at_24.rows[0], "report", None)) == (50, "update") and at_24.printed


def test_one_digit_of_survival_moves_the_result(real_review: Review, real_results: dict[str, Estimate]) -> None:
    rows, key = real_review.tables["outcomes"], "himalaya--os-rate60-tremelimumab-durvalumab-update-5y"
    changed = [r | {"value": 29.6} if r["outcome"] == key else r for r in rows.records]
    tables = real_review.tables | {"outcomes": Rows(rows.table, changed, rows.lines)}
    after = benefits_over_time(dataclasses.replace(real_review, tables=tables))["himalaya"].times[-1]
    before = real_results["time.himalaya.60m"]
    assert after.difference[0] == pytest.approx(before.value + 100) and before.low is not None and before.low > 0


def test_the_figure_says_each_number_and_has_a_row_a_time(real_review: Review) -> None:
    times = OpenReview(real_review).over_time
    shown = draw.survival(times.loc[["himalaya", "keynote-394"]])
    assert len(shown.marks) == 6 and shown.marks[2].row["more_of_1000"] == 102
    assert "HIMALAYA: tremelimumab + durvalumab, month 36" in shown.alt and "(ratio: not known)" in shown.alt
    assert "; +41 of 1000 alive (interval not known)" in shown.alt
    assert pd.isna(times.loc[("keynote-394", 12.0), "difference_low"])
    with pytest.raises(ValueError, match="no comparison"):
        draw.survival(times.iloc[:0])


def test_a_chapter_that_prints_a_ratio_says_in_words_how_it_changes(real_review: Review) -> None:
    chapters = [path.read_text(encoding="utf-8") for path in real_review.repository.chapter_files()]
    changing = {
        key: (real_review.studies[found.headline.study].short_name, found)
        for key, found in benefits_over_time(real_review).items()
        if found.mark in ("waning", "delayed", "crossing")
    }
    silent = [
        (name, found.mark)
        for name, found in changing.values()
        for text in chapters
        if f"`outcome.{found.headline.outcome}" in text
        and not any(name in line and f" {found.mark.removesuffix('ing')}" in line for line in text.splitlines())
    ]
    assert len(changing) >= 3 and silent == []


def test_each_ratio_of_a_treatment_says_how_it_changes_and_why(real_review: Review) -> None:
    marks, found = marks_over_time(real_review), benefits_over_time(real_review)
    for one in found.values():
        assert marks[one.headline.outcome] == (one.mark, one.ground)
    mark, ground = marks["pool.hcc-tki-os"]
    among = pool_evidence(real_review)["hcc-tki-os"].pool.k
    assert "waning in CARES-310" in mark and f"of {among}" in mark and "changed by a factor" in ground
    assert not any(key.startswith("pool.prognosis") for key in marks)  # prognosis is no benefit
    assert OpenReview(real_review).summary_of_findings.loc["hcc-tki-os", ["over_time", "ground"]].tolist() == [
        mark,
        ground,
    ]
    facts = dict(card_of(real_review, "pool.hcc-tki-os", {}, marks).facts)
    assert facts["Over time"] == f"{mark} ({ground})"
