"""Funnel, strips, swimmer and harvest: the data are on the axes, the words hold every number."""

import math
import re

import pandas as pd
import pytest

import livrev
from livrev.frames.open_review import OpenReview
from livrev.records.review import Review
from livrev.review.pools import pool_evidence
from livrev.show.figures.forest import Interval, draw_forest
from livrev.show.figures.funnel import draw_funnel
from livrev.show.figures.study_marks import directions
from livrev.show.views import pools
from livrev.stats.effect_sizes import Effect

POINTS = [Effect("Roe", math.log(0.5), 0.1), Effect("Poe", math.log(0.9), 0.3)]
BARS = ["label", "row", "direction", "strength", "second_hand"]
STRIP: list[Interval | str] = [
    "Without", Interval("Roe", 0.8, 0.6, 1.1, kind="dot"), Interval("Poe", 0.7, 0.5, 0.9, kind="dot"),
    Interval("two left", 0.7, 0.01, 50, kind="faint"),
]  # fmt: skip


def test_a_funnel_stands_on_its_head_with_the_largest_study_on_top() -> None:
    shown = draw_funnel(POINTS, centre=math.log(0.6), measure="hazard ratio", note="2 studies")
    axes = shown.figure.axes[0]
    dots = [line for line in axes.lines if line.get_marker() == "o"]
    (roe, high), (poe, low) = ((line.get_xdata()[0], line.get_ydata()[0]) for line in dots)
    assert (roe, poe) == (pytest.approx(math.log(0.5)), pytest.approx(math.log(0.9)))
    tip = min(line.get_ydata().min() for line in axes.lines)  # where the standard error is 0
    assert (low - tip) / (high - tip) == pytest.approx(0.3 / 0.1) and axes.get_ylim()[0] > axes.get_ylim()[1]
    assert shown.marks[0].said == "Roe: hazard ratio 0.50, standard error of its logarithm 0.10"


def test_the_contours_lie_where_p_says() -> None:
    axes = draw_funnel(POINTS, centre=0, measure="hazard ratio", note="").figure.axes[0]
    zone = axes.patches[-2].get_xy()  # the left zone beyond p < 0.01
    deepest = 1.12 * 0.3  # a little more than the largest standard error
    assert min(abs(x + 2.5758 * deepest) for x, _ in zone) < 1e-9


def test_the_names_of_a_funnel_do_not_cover_each_other() -> None:
    crowd = [Effect(f"study {n}", 0.02 * n, 0.2 + 0.004 * n) for n in range(8)]
    for figure in (draw_funnel(crowd, centre=0, measure="hazard ratio", note="").figure,):
        boxes = [text.get_window_extent() for part in figure.axes for text in part.texts if "study" in text.get_text()]
        boxes = [box.padded(-1) for box in boxes if box.height < 20][:8]  # a line is taller than its letters
        assert not any(one.overlaps(other) for n, one in enumerate(boxes) for other in boxes[n + 1 :])


def test_a_strip_shows_each_dot_at_its_value_and_cuts_what_reaches_far() -> None:
    shown = draw_forest(STRIP, band=(0.6, 0.95), measure="hazard ratio", favours=("", ""))
    axes = shown.figure.axes[0]
    dots = [line.get_xdata()[0] for line in axes.lines if line.get_marker() == "o"]
    assert dots == [0.8, 0.7]
    low, high = axes.get_xlim()
    assert 0.4 < low < 0.5 and 1.1 < high < 1.3 and "<" in [line.get_marker() for line in axes.lines]
    assert "two left (Without): hazard ratio 0.70 (0.01 to 50.00)" in shown.alt


def test_a_strip_fills_what_lies_on_one_side() -> None:
    axes = draw_forest(STRIP, measure="hazard ratio", favours=("", "")).figure.axes[0]
    colours = [line.get_markerfacecolor() for line in axes.lines if line.get_marker() == "o"]
    assert colours[0] != colours[1]


def test_a_swimmer_is_as_long_as_he_was_followed() -> None:
    columns = ["patient", "target", "months", "end", "at_least", "best", "best_month"]
    rows = [("Roe", "GPC3", 12, "dead", "no", "partial", 2), ("Poe", "CEA", 60, "alive", "yes", None, None)]
    shown = livrev.draw.courses(pd.DataFrame(rows, columns=columns).set_index("patient"))
    plot, page = shown.figure.axes
    bars = [tuple(line.get_xdata()) for line in plot.lines if line.get_linewidth() == 8.5]
    assert bars == [(0, 60), (0, 12)]
    said = [text.get_text() for text in page.texts]
    assert said.index("Poe, CEA") < said.index("Roe, GPC3") and "→ over 60, alive" in said and "× 12, dead" in said
    assert [line.get_xdata()[0] for line in plot.lines if line.get_marker() == "^"] == [2]
    assert shown.marks[1].said == "Roe, GPC3: 12 months, dead, partial response at month 2"


def test_a_harvest_has_one_named_bar_a_study_as_long_as_its_design() -> None:
    bars = [
        ("Roe", "Death", "favours", 1, False),
        ("Poe", "Death", "favours", 3, False),
        ("Moe", "Death", "no clear difference", 3, True),
    ]
    shown = directions(
        pd.DataFrame(bars, columns=BARS), strengths=("a", "b", "c"), columns=("for", "unclear", "against")
    )
    (page,) = shown.figure.axes
    long, short, second_hand = page.patches[:3]
    assert long.get_width() == second_hand.get_width() == pytest.approx(3 * short.get_width())
    assert long.get_facecolor() != second_hand.get_facecolor()
    said = [text.get_text() for text in page.texts]
    assert {"for: 2", "unclear: 1", "against: none", "Moe"} <= set(said)
    assert shown.marks[2].said == "Moe, death: unclear; c; read second-hand"
    assert shown.alt.startswith("Harvest plot of 3 results. Poe, death: for; c; Roe, death: for; a; ")


def test_nothing_to_draw_is_said() -> None:
    for draw in (
        lambda: draw_funnel([], centre=0, measure="x", note=""),
        lambda: directions(pd.DataFrame(columns=BARS), strengths=("a", "b", "c"), columns=("x", "y", "z")),
    ):
        with pytest.raises(ValueError, match="nothing to draw"):
            draw()


def test_the_pools_of_the_review_can_be_looked_at_from_every_side(real_review: Review) -> None:
    pooled = pool_evidence(real_review)["hcc-tki-os"]
    said = pools.draw_changes(pool_evidence(real_review)["hcc-tki-os"]).alt
    for step in pooled.left_out:
        assert step.pool is not None  # of two studies, which is no pool, and drawn as such
        assert f"{step.name} (Without): hazard ratio {step.pool.value:.2f} ({step.pool.hk_modified_ci[0]:.2f}" in said
    assert "2022: + COSMIC-312 (Year by year)" in said
    wald = f": hazard ratio {pooled.pool.value:.2f} (95 % CI {pooled.pool.wald[0]:.2f}"
    assert re.search(r"REML, Wald \([^)]+\)" + re.escape(wald), pools.draw_conventions([pooled]).alt)
    assert "3 studies: too few for a test" in pools.draw_asymmetry(pool_evidence(real_review)["hcc-tki-os"]).alt
    with pytest.raises(ValueError, match="pools shares"):
        pools.draw_asymmetry(pool_evidence(real_review)["rt-out-of-field-response"])


def test_a_family_says_whether_its_pools_differ(real_review: Review) -> None:
    shown = pools.draw_family(real_review, "hcc-cause-os")
    labels = [text.get_text() for axes in shown.figure.axes for text in axes.texts]
    assert [label for label in labels if "hepatitis" in label] == ["hepatitis B", "hepatitis C", "no viral hepatitis"]
    assert any("test of interaction, whether the pools differ: F" in label for label in labels)
    with pytest.raises(ValueError, match="no pool is of the family x"):
        pools.draw_family(real_review, "x")


def test_directions_follow_the_intervals(real_review: Review) -> None:
    found = OpenReview(real_review).directions("contrast == 'treatment' and stratum == 'all' and measure == 'HR'")
    assert found.loc["leap-012--os-hr-ia1", "direction"] == "no clear difference"
    assert found.loc["leap-012--pfs-hr", "direction"] == "favours"
    assert len(real_review.tables["swim"].records) == 9


def test_the_courses_are_those_of_the_table(real_review: Review) -> None:
    records = real_review.tables["courses"].records
    assert livrev.draw.courses(OpenReview(real_review).table("courses")).alt.startswith(
        f"Swimmer plot of {len(records)} patients."
    )
