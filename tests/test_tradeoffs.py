"""Benefit beside harm: what is drawn for a hundred people follows from the records, and another risk gives other people."""

import dataclasses
import math
from typing import Any

import numpy as np
import pytest
from matplotlib.lines import Line2D

from livrev import draw
from livrev.checks.pools import check_tradeoffs
from livrev.frames.open_review import OpenReview
from livrev.records.model import Estimate
from livrev.records.review import Review, Rows
from livrev.review.absolute import absolute_effect, tradeoffs
from livrev.review.pools import pool_evidence


def with_row(review: Review, key: str, **changes: Any) -> Review:
    """The real review with one row of the table of tradeoffs, changed."""
    rows = review.tables["tradeoffs"]
    record = next(row for row in rows.records if row["tradeoff"] == key) | changes
    return dataclasses.replace(review, tables=review.tables | {"tradeoffs": Rows(rows.table, [record], [2])})


def test_a_pool_means_what_the_summary_of_findings_says(real_review: Review, real_results: dict[str, Estimate]) -> None:
    found = tradeoffs(real_review)["antivegf-death"]
    baseline = real_review.outcomes["imbrave150--os-rate12-sorafenib-primary"]
    effect = absolute_effect(pool_evidence(real_review)["hcc-antivegf-os"], baseline)
    assert found.effect is not None and (found.source, found.certainty) == ("IMbrave150, sorafenib", "moderate")
    assert (found.effect.without, found.effect.with_) == (effect.without / 10, effect.with_ / 10)
    assert (found.effect.low, found.effect.months) == (effect.low / 10, 12)
    assert real_results["tradeoff.antivegf-death.with"].value == found.effect.with_


def test_two_printed_arms_stand_side_by_side(real_review: Review) -> None:
    found = tradeoffs(real_review)
    harm, deaths, percentages = (found[key].effect for key in ("ici-pair-severe", "ici-pair-death", "tace-severe"))
    assert harm is not None and deaths is not None and percentages is not None
    assert (harm.without, harm.with_) == (100 * 138 / 374, 100 * 100 / 388)
    assert harm.low < harm.with_ < harm.high < harm.without
    assert (deaths.without, deaths.with_) == pytest.approx((100 - 19.8, 100 - 30.7))
    assert math.isnan(percentages.low)  # without the number of patients
    assert found["mono-quality"].effect is None and found["mono-quality"].ratio is not None


def test_another_risk_means_other_people_by_the_same_ratio(real_review: Review) -> None:
    told, mine = tradeoffs(real_review), tradeoffs(real_review, without={"antivegf-death": 30, "ici-pair-severe": 20})
    ratio = pool_evidence(real_review)["hcc-antivegf-os"].pool.value
    deaths, before, after = (
        mine["antivegf-death"].effect,
        told["ici-pair-severe"].effect,
        mine["ici-pair-severe"].effect,
    )
    assert deaths is not None and before is not None and after is not None
    assert deaths.with_ == pytest.approx(100 * (1 - 0.7**ratio))
    assert after.with_ == pytest.approx(20 * before.with_ / before.without)
    assert mine["antivegf-death"].source == "a risk of your own" and mine["tki-death"] == told["tki-death"]
    with pytest.raises(ValueError, match="a risk of 130 of 100 is not between"):
        tradeoffs(real_review, without={"antivegf-death": 130})


@pytest.mark.parametrize(
    ("key", "changes", "said"),
    [
        ("ici-pair-severe", {"treated": "imbrave150--serious-trae-prop-sorafenib-without-vp4-primary-safety"}, "not the same"),
        ("ici-pair-severe", {"treated": None}, "name a pool, a ratio, or"),
        ("antivegf-death", {"baseline": "imbrave150--orr-pct-sorafenib-primary"}, "is no baseline"),
        ("antivegf-death", {"pool": "no-such"}, "no-such cannot be pooled"),
        ("ici-pair-severe", {"because": None}, "neither how sure it is nor why"),
    ],
)  # fmt: skip
def test_a_row_that_does_not_fit_is_named_and_left_out(
    real_review: Review, key: str, changes: dict[str, Any], said: str
) -> None:
    assert not list(check_tradeoffs(real_review))
    changed = with_row(real_review, key, **changes)
    (problem,) = map(str, check_tradeoffs(changed))
    assert problem.startswith("data/tradeoffs.csv:2 tradeoff: ") and said in problem
    assert tradeoffs(changed) == {}


def test_a_hundred_people_are_drawn_for_each_number(real_review: Review) -> None:
    people = OpenReview(real_review).tradeoffs()
    shown = draw.people(people[people["regimen"] == "Checkpoint inhibitor + kinase inhibitor"])
    assert [mark.row["consequence"] for mark in shown.marks][:2] == [
        "dead by month 12",
        "cancer grown, or dead by month 12",
    ]
    assert "severe harm from treatment: 46 without, 64 with (54 to 75), certainty low" in shown.alt
    assert "quality of life: no figure found" in shown.alt
    lines = [np.array(line.get_xdata()) for line in shown.figure.findobj(Line2D) if line.get_linestyle() == "--"]
    spread = [((xs[1::3] - xs[::3]) / 9).round() + 1 for xs in lines]  # of one colour; a gap stands behind each run
    assert np.concatenate(spread).sum() == 4 * 100 + 4, "four consequences, and the four dots of the key"
