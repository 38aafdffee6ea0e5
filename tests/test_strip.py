"""The small forest plot of a study: ticks with room, no effect on the scale, and each result where its number says."""

import pytest

from livrev.show.figures.strip import WIDTH, strip_of


def test_a_ratio_lies_between_its_ticks_on_a_log_scale() -> None:
    strip = strip_of([(0.5, 0.3, 0.8), (0.9, 0.6, 1.4)], linear=False)
    assert strip is not None and ("1" in [number for _, number in strip.ticks])
    half, whole, twice = (strip.place(number) for number in (0.5, 0.7071067811865476, 1.0))
    assert half is not None and whole is not None and twice == strip.null
    assert whole - half == pytest.approx(twice - whole, abs=0.11)
    assert all(0 <= x <= WIDTH for x, _ in strip.ticks)


def test_a_difference_stands_about_zero_and_what_reaches_far_is_cut() -> None:
    strip = strip_of([(-4, -9, 1), (-2, -6, 2), (-3, -400, 300)], linear=True)
    assert strip is not None and "0" in [number for _, number in strip.ticks]
    assert strip.place(0) == strip.null and strip.cut(-400) and not strip.cut(-9)
    assert strip.place(-400) == pytest.approx(8) and strip.place(None) is None


def test_without_an_interval_there_is_no_scale() -> None:
    assert strip_of([(None, None, None)], linear=False) is None
