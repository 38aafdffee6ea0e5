"""A forest plot shows each study at its value, and the pool below them."""

import pytest

from livrev.figures.forest import Diamond, Group, Row, draw_forest
from livrev.library import Library
from livrev.views.pools import draw_pool, show_left_out, show_pools

ROWS = [Row("Roe", 0.5, 0.3, 0.8, 60), Row("Poe", 0.9, 0.5, 1.6, 40)]
POOL = Diamond(0.63, 0.4, 0.99, (0.2, 2.0), "k = 2")


def test_the_data_are_on_the_axes() -> None:
    axes = draw_forest([Group(ROWS, POOL)], measure="hazard ratio", favours=("this", "that")).figure.axes[0]
    squares = [line for line in axes.lines if line.get_marker() == "s"]
    assert [float(line.get_xdata()[0]) for line in squares] == [0.5, 0.9]
    assert squares[0].get_markersize() > squares[1].get_markersize()
    diamond = axes.patches[0].get_xy()[:, 0]
    assert {round(float(x), 2) for x in diamond} == {0.4, 0.63, 0.99}
    assert [label.get_text() for label in axes.get_yticklabels()] == ["Roe", "Poe", "All studies"]
    assert axes.get_xscale() == "log"


def test_the_words_hold_every_number() -> None:
    said = draw_forest([Group(ROWS, POOL)], measure="hazard ratio", favours=("this", "that")).alt
    for number in ("0.50 (0.30 to 0.80)", "weight 60 %", "0.63 (0.40 to 0.99)", "from 0.20 to 2.00"):
        assert number in said


def test_nothing_to_draw_is_said() -> None:
    with pytest.raises(ValueError, match="needs studies"):
        draw_forest([Group([], POOL)], measure="hazard ratio", favours=("this", "that"))


def test_each_pool_of_the_review_can_be_drawn_and_listed(real_library: Library) -> None:
    for record in real_library.tables["pools"].records:
        alt = draw_pool(real_library, record["pool"]).alt
        assert alt.startswith(f"Forest plot of {len(record['outcomes'])} studies")
    table = show_pools(real_library)
    assert len(table.rows) == len(real_library.tables["pools"].records)
    assert len(show_left_out(real_library).rows) == sum(
        len(r["outcomes"]) for r in real_library.tables["pools"].records
    )
