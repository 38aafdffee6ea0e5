"""Exact intervals agree with published values and with SciPy."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from livrev.stats.proportions import clopper_pearson


@pytest.mark.parametrize(
    ("events", "total", "low", "high"),
    [(2, 13, 1.92, 45.45), (0, 10, 0, 30.85), (10, 10, 69.15, 100), (5, 10, 18.71, 81.29), (1, 20, 0.13, 24.87)],
)
def test_published_intervals_are_met(events: int, total: int, low: float, high: float) -> None:
    assert [round(100 * bound, 2) for bound in clopper_pearson(events, total)] == [low, high]


@given(st.integers(1, 2000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_scipy_says_the_same(counts: tuple[int, int]) -> None:
    events, total = counts
    exact = binomtest(events, total).proportion_ci(method="exact")
    low, high = clopper_pearson(events, total)
    assert (low, high) == pytest.approx((exact.low, exact.high), abs=1e-9)
    assert 0 <= low <= events / total <= high <= 1


@pytest.mark.parametrize(("events", "total"), [(1, 0), (-1, 5), (6, 5), (0, 0)])
def test_what_is_no_proportion_is_refused(events: int, total: int) -> None:
    with pytest.raises(ValueError, match="is no proportion"):
        clopper_pearson(events, total)
