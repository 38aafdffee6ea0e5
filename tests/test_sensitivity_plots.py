"""A funnel, and a pool under many conditions: the data are on the axes, the words hold every number."""

import math
import re

import pytest
from real_pools import cut_pool

from livrev.records.review import Review
from livrev.review.pools import pool_evidence
from livrev.show.figures.svg import Word
from livrev.show.views.sensitivity_plots import draw_asymmetry, draw_changes, draw_conventions, draw_funnel
from livrev.stats.effect_sizes import Effect

POINTS = [Effect("Roe", math.log(0.5), 0.1), Effect("Poe", math.log(0.9), 0.3)]


def test_a_funnel_stands_on_its_head_with_the_largest_study_on_top() -> None:
    shown = draw_funnel(POINTS, centre=math.log(0.6), measure="hazard ratio", note="2 studies")
    axes = shown.figure.axes[0]
    dots = [line for line in axes.lines if line.get_marker() == "o"]
    (roe, high), (poe, low) = ((line.get_xdata()[0], line.get_ydata()[0]) for line in dots)
    assert (roe, poe) == (pytest.approx(math.log(0.5)), pytest.approx(math.log(0.9)))
    tip = min(min(line.get_ydata()) for line in axes.lines)  # where the standard error is 0
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
        boxes = [text.get_window_extent() for text in figure.findobj(Word) if "study" in text.get_text()]
        boxes = [box.padded(-1) for box in boxes if box.height < 20][:8]  # a line is taller than its letters
        assert not any(one.overlaps(other) for n, one in enumerate(boxes) for other in boxes[n + 1 :])


def test_nothing_to_draw_is_said() -> None:
    with pytest.raises(ValueError, match="nothing to draw"):
        draw_funnel([], centre=0, measure="x", note="")


def test_the_pools_of_the_review_can_be_looked_at_from_every_side(real_review: Review) -> None:
    review = cut_pool(real_review, "hcc-tki-os", "cares-310", "apollo", "cosmic-312")
    pooled = pool_evidence(review)["hcc-tki-os"]
    said = draw_changes(pooled).alt
    for step in pooled.left_out:
        assert step.pool is not None  # of two studies, which is no pool, and drawn as such
        assert f"{step.name} (Without): hazard ratio {step.pool.value:.2f} ({step.pool.hk_modified_ci[0]:.2f}" in said
    assert "2022: + COSMIC-312 (Year by year)" in said
    wald = f": hazard ratio {pooled.pool.value:.2f} (95 % CI {pooled.pool.wald[0]:.2f}"
    assert re.search(r"REML, Wald \([^)]+\)" + re.escape(wald), draw_conventions([pooled]).alt)
    assert "3 studies: too few for a test" in draw_asymmetry(pooled).alt
    with pytest.raises(ValueError, match="pools shares"):
        draw_asymmetry(pool_evidence(real_review)["rt-out-of-field-response"])
