"""A figure shows its data: on its axes, and in words."""

import re
from collections.abc import Callable
from xml.etree import ElementTree

import pytest

from livrev.figures import ShownFigure, draw_counts, draw_effects, draw_flow, draw_gap_map, draw_shares, draw_timeline
from livrev.figures.effects import Effect

EFFECTS = [
    Effect("Roe 2019", 0.7, 0.5, 0.98, "Leafoma"),
    Effect("Poe 2018", 1.5, 1.1, 2.05, "Melanoma"),
    Effect("Moe 2020", 1.0, 0.8, 1.25, "Melanoma"),
]
SIDES = ("cress better", "water better")
DRAWN: dict[str, Callable[[], ShownFigure]] = {
    "counts": lambda: draw_counts([("a", "x"), ("a", "y"), ("b", "x")], of="leaves", by="colour"),
    "effects": lambda: draw_effects(EFFECTS, measure="hazard ratio", favours=SIDES),
    "shares": lambda: draw_shares([Effect("Roe 2019", 30, 16.6, 46.5, note="12/40")], measure="response, percent"),
    "flow": lambda: draw_flow(["9 found", "5 read"], ["4 left", None]),
    "gap map": lambda: draw_gap_map({("w", "c"): (2, 80)}, rows=["w", "v"], columns=["c"]),
    "timeline": lambda: draw_timeline([(2018, "a", 30), (2019, "a", 80), (2019, "b", 5)], of="study"),
}


def texts(shown: ShownFigure) -> list[str]:
    return [text.get_text() for text in shown.figure.axes[0].texts]


def test_bars_are_as_long_as_the_counts() -> None:
    axes = DRAWN["counts"]().figure.axes[0]
    assert [[bar.get_width() for bar in bars] for bars in axes.containers] == [[1, 1], [1, 0]]
    assert [label.get_text() for label in axes.get_yticklabels()] == ["a", "b"]
    assert axes.get_xlabel() == "number of leaves"


def test_effects_lie_where_their_numbers_say() -> None:
    axes = DRAWN["effects"]().figure.axes[0]
    spans = [tuple(line.get_xdata()) for line in axes.lines if len(line.get_xdata()) == 2 and line.get_xdata()[0] != 1]
    points = [line.get_xdata()[0] for line in axes.lines if len(line.get_xdata()) == 1]
    assert spans == [(0.5, 0.98), (1.1, 2.05), (0.8, 1.25)] and points == [0.7, 1.5, 1.0]
    assert axes.get_xscale() == "log"
    assert "← cress better" in axes.get_xlabel()
    assert "0.70 (0.50–0.98)" in texts(DRAWN["effects"]())


def test_effects_are_told_in_words() -> None:
    alt = DRAWN["effects"]().alt
    assert alt.startswith("hazard ratio of 3 results: 1 wholly below 1, 1 wholly above, 1 across it. ")
    assert "Leafoma, Roe 2019 0.70 (0.50 to 0.98)" in alt


def test_shares_lie_between_nothing_and_all() -> None:
    axes = DRAWN["shares"]().figure.axes[0]
    assert axes.get_xlim() == (0, 100)
    assert tuple(axes.lines[0].get_xdata()) == (16.6, 46.5)
    assert texts(DRAWN["shares"]()) == ["12/40  30 (17–46)"]


def test_the_gap_map_names_studies_and_gaps() -> None:
    shown = DRAWN["gap map"]()
    assert texts(shown) == ["2"]
    assert "2 by 1 cells, 1 of them empty. w × c: 2 studies, 80 patients." in shown.alt


def test_the_flow_tells_every_box() -> None:
    shown = DRAWN["flow"]()
    assert [text for text in texts(shown) if text] == ["9 found", "4 left", "5 read"]
    assert shown.alt == "Flow of records. 9 found Then: 5 read. Left the flow: 4 left."


def test_dots_of_a_year_do_not_hide_each_other() -> None:
    points = [(2019, "a", n) for n in range(30)]
    axes = draw_timeline(points, of="study").figure.axes[0]
    assert len({tuple(dot.get_offsets()[0]) for dot in axes.collections}) == 30
    assert "a: 2, from 2018 to 2019; b: 1" in DRAWN["timeline"]().alt


@pytest.mark.parametrize("draw", DRAWN.values(), ids=DRAWN)
def test_a_picture_is_svg_the_same_each_time_and_loads_nothing(draw: Callable[[], ShownFigure]) -> None:
    first, second = draw().to_svg(), draw().to_svg()
    assert first == second
    ElementTree.fromstring(first)
    assert not re.search(r"(?:href|src)=[\"']https?:|@import", first)


@pytest.mark.parametrize("draw", DRAWN.values(), ids=DRAWN)
def test_a_notebook_stores_the_words_beside_the_picture(draw: Callable[[], ShownFigure]) -> None:
    shown = draw()
    bundle = shown._repr_mimebundle_()
    assert set(bundle) == {"image/svg+xml", "text/plain"} and bundle["text/plain"] == str(shown) == shown.alt
    assert re.search(r"\d", shown.alt)


@pytest.mark.parametrize(
    "draw",
    [
        lambda: draw_counts([], of="leaves", by="colour"),
        lambda: draw_effects([], measure="HR", favours=SIDES),
        lambda: draw_shares([], measure="percent"),
        lambda: draw_flow([], []),
        lambda: draw_gap_map({}, rows=[], columns=["c"]),
        lambda: draw_gap_map({}, rows=["r"], columns=[]),
        lambda: draw_timeline([], of="study"),
    ],
)
def test_nothing_is_not_drawn(draw: Callable[[], ShownFigure]) -> None:
    with pytest.raises(ValueError, match=r"there is nothing to draw: no .*; choose other records"):
        draw()


def test_a_figure_that_would_leave_something_out_is_refused() -> None:
    with pytest.raises(ValueError, match="would leave out a, y"):
        draw_counts([("a", "x"), ("a", "y")], of="leaves", by="colour", order=["x"])


def test_a_ratio_is_above_nothing() -> None:
    with pytest.raises(ValueError, match=r"Roe: 0\.5 \(0 to 1\) is no ratio"):
        draw_effects([Effect("Roe", 0.5, 0, 1)], measure="HR", favours=SIDES)


def test_the_readers_own_settings_stay() -> None:
    import matplotlib

    before = matplotlib.rcParams.copy()
    DRAWN["effects"]().to_svg()
    assert matplotlib.rcParams == before
