"""A scale holds what it must, its numbers can be read, and on the page of a study each result lies where its number says."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from livrev.show.figures.forest import Interval, draw_forest
from livrev.show.figures.scale import WIDTH, Axis, Scale, choose_window, strip_of
from livrev.show.figures.sheet import SMALL, measure

RATIO, SHARE = Scale("hazard ratio", ("this", "that")), Scale("percent")
BOUND = st.floats(0.01, 50)


@given(spans=st.lists(st.tuples(BOUND, BOUND).map(lambda pair: (min(pair), max(pair))), min_size=1, max_size=20))
def test_no_effect_is_always_in_the_picture_and_ticks_leave_each_other_room(spans: list[tuple[float, float]]) -> None:
    window = choose_window(spans, RATIO)
    assert window[0] < 1 < window[1]
    ticks = Axis(RATIO, window, 0, 200).ticks
    assert "1" in [number for _, number in ticks]
    ends = [(place, measure(number, SMALL) / 2) for place, number in ticks]
    assert all(a + half < b - other for (a, half), (b, other) in pairwise(ends))


def test_a_share_goes_from_nothing_to_all() -> None:
    assert choose_window([(3, 40)], SHARE) == (0, 100)
    assert [number for _, number in Axis(SHARE, (0, 100), 0, 200).ticks] == ["0", "25", "50", "75", "100"]


def test_a_single_wide_interval_does_not_set_the_scale() -> None:
    assert choose_window([(0.5, 0.9), (0.6, 1.1), (0.01, 80)], RATIO)[1] < 4


@pytest.mark.parametrize(("scale", "said"), [(RATIO, "0.66 (95 % CI 0.51 to 0.84)"), (SHARE, "1 % (95 % CI 1 to 1)")])
def test_a_value_is_said_with_its_interval(scale: Scale, said: str) -> None:
    shown = draw_forest([Interval("Roe", 0.66, 0.51, 0.84)], measure=scale.measure, favours=scale.sides)
    assert shown.marks[0].said == f"Roe: {f'{scale.measure} ' if scale.sides else ''}{said}"


@pytest.mark.parametrize("linear", [True, False])
def test_rows_of_words_alone_stand_on_a_scale_too(linear: bool) -> None:
    rows = [Interval("Roe", 1, 1, 1, words="not pooled")]
    shown = draw_forest(rows, measure="difference", favours=("this", "that"), linear=linear)
    assert shown.marks[0].said == "Roe: not pooled" and ("← this" in shown.to_svg())


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
    assert strip.place(0) == strip.null and strip.inside(-400) > -400 and strip.inside(-9) == -9
    assert strip.place(-400) == pytest.approx(8)


def test_without_an_interval_there_is_no_scale() -> None:
    assert strip_of([(None, None, None)], linear=False) is None
