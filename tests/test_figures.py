"""A figure shows its data: in its picture, for a page and for a phone, in words, and as rows."""

import re
from collections.abc import Callable
from functools import cache
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pytest
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle

from livrev.review.bias import Judged
from livrev.show.figures.diagrams import flow
from livrev.show.figures.forest import SPAN, Interval, draw_forest
from livrev.show.figures.grid import counts, gap_map
from livrev.show.figures.patients import people, survival
from livrev.show.figures.sheet import INKS, SMALL, measure
from livrev.show.figures.shown import ShownFigure, to_csv, to_html
from livrev.show.figures.study_marks import timeline
from livrev.show.figures.svg import Word
from livrev.show.views.bias import draw_traffic_lights

EFFECTS: list[Interval | str] = [
    "Leafoma", Interval("Roe 2019", 0.7, 0.5, 0.98), "Melanoma", Interval("Poe 2018", 1.5, 1.1, 2.05),
    Interval("Moe 2020", 1.0, 0.8, 1.25),
]  # fmt: skip
LIGHTS = {
    "Roe 2019": Judged("RoB 2", {"randomisation": "low", "missing data": "no information"}, "some concerns", {}),
    "Moe 2021, a trial with a name so long that it needs a second line beside its lights": Judged(
        "RoB 2", {"randomisation": "high", "missing data": "low"}, "high", {}
    ),
}
LEAVES = pd.DataFrame({"x": [2, 1], "y": [1, 0]}, index=["a", "b"])
CANCERS = [
    "Hepatocellular carcinoma",
    "Microsatellite-stable colorectal cancer",
    *(f"Rare cancer number {n}" for n in range(10)),
]
WIDE_MAP = pd.DataFrame(
    [[3 * n + 1] * 12 for n in range(6)],
    index=[f"A way of treating that has a long name {n}" for n in range(6)],
    columns=CANCERS,
)
DATED = pd.DataFrame(
    [(2018, "a", 30, "Roe"), (2019, "a", 80, "Poe"), (2019, "b", None, "Moe (2019)")], columns=["year", "topic", "n", "name"]
)  # fmt: skip
SIDES = ("cress better", "water better")
DRAWN: dict[str, Callable[[], ShownFigure]] = {
    "counts": lambda: counts(LEAVES, of="leaves", by="colour"),
    "effects": lambda: draw_forest(EFFECTS, measure="hazard ratio", favours=SIDES),
    "shares": lambda: draw_forest(
        [Interval("Roe 2019", 30, 16.6, 46.5, ("12/40", SPAN))], measure="percent", favours=None, heads=("n/N", "%")
    ),
    "flow": lambda: flow(["9 found", "5 read"], ["4 left", None]),
    "gap map": lambda: gap_map(pd.DataFrame({"c": [2, 0]}, index=["w", "v"]), pd.DataFrame({"c": [80, 0]}, index=["w", "v"])),
    "wide gap map": lambda: gap_map(WIDE_MAP, 300 * (WIDE_MAP - 1)),
    "timeline": lambda: timeline(DATED, group="topic"),
    "traffic lights": lambda: draw_traffic_lights(LIGHTS),
}  # fmt: skip


@cache
def drawn(name: str) -> ShownFigure:
    """Return the figure of that name, which is drawn once for all tests that only look at it."""
    return DRAWN[name]()


def texts(shown: ShownFigure) -> list[str]:
    return [text.get_text() for text in shown.figure.findobj(Word)]


def lengths(shown: ShownFigure) -> list[float]:
    return [round(bar.get_width(), 6) for bar in shown.figure.findobj(Rectangle) if bar.get_gid()]


def test_bars_are_as_long_as_the_counts() -> None:
    shown = drawn("counts")
    twice, once, also = lengths(shown)
    assert twice == pytest.approx(2 * once) and once == also
    assert [text for text in texts(shown) if text in ("x", "y", "a", "b")] == ["x", "y", "a", "b"]
    assert [mark.said for mark in shown.marks] == ["a, x: 2 of 3 leaves", "a, y: 1 of 3 leaves", "b, x: 1 of 1 leaves"]


def test_effects_lie_where_their_numbers_say() -> None:
    axes = drawn("effects").figure.axes[0]
    marks = [line for line in axes.lines if str(line.get_gid()).startswith("mark-")]
    spans = [tuple(line.get_xdata()) for line in marks if len(line.get_xdata()) == 2]
    points = [line.get_xdata()[0] for line in marks if line.get_marker() == "s"]
    assert spans == [(0.5, 0.98), (1.1, 2.05), (0.8, 1.25)] and points == [0.7, 1.5, 1.0]
    assert axes.get_xscale() == "log"
    said = texts(drawn("effects"))
    assert "← cress better" in said and "0.70 (0.50 to 0.98)" in said


def test_a_mark_is_hollow_where_the_interval_holds_no_effect() -> None:
    axes = drawn("effects").figure.axes[0]
    faces = [line.get_markerfacecolor() for line in axes.lines if line.get_marker() == "s"]
    assert faces[0] == faces[1] != faces[2]
    assert "hollow mark: the interval holds 1" in texts(drawn("effects"))


def test_an_interval_that_leaves_the_picture_ends_in_an_arrow() -> None:
    wide = [*EFFECTS, Interval("Zoe 2021", 1.2, 0.01, 90)]
    axes = draw_forest(wide, measure="hazard ratio", favours=SIDES).figure.axes[0]
    low, high = axes.get_xlim()
    arrows = {line.get_marker(): line.get_xdata()[0] for line in axes.lines if line.get_marker() in ("<", ">")}
    assert low > 0.1 and high < 10 and arrows == {"<": low, ">": high}


def test_effects_are_told_in_words() -> None:
    alt = drawn("effects").alt
    assert alt.startswith("Hazard ratio of 3 results: 1 wholly below 1, 1 wholly above, 1 across it. ")
    assert "Roe 2019 (Leafoma): hazard ratio 0.70 (95 % CI 0.50 to 0.98)" in alt


def test_shares_lie_between_nothing_and_all() -> None:
    shown = drawn("shares")
    axes = shown.figure.axes[0]
    assert axes.get_xlim() == (0, 100)
    assert (16.6, 46.5) in [tuple(line.get_xdata()) for line in axes.lines]
    assert {"12/40", "30 (17 to 46)"} <= set(texts(shown))


def test_the_gap_map_names_studies_and_gaps() -> None:
    shown = drawn("gap map")
    assert "2" in texts(shown)
    assert "2 by 1 cells, 1 of them empty. w in c: 2 studies, 80 patients." in shown.alt
    assert shown.marks[0].said == "w in c: 2 studies, 80 patients"


@pytest.mark.parametrize("narrow", [False, True])
def test_a_bubble_is_larger_than_its_digits(narrow: bool) -> None:
    shown = drawn("wide gap map")
    figure = shown.narrow if narrow else shown.figure
    bubbles = {dot.get_gid(): dot.get_markersize() for dot in figure.findobj(Line2D) if dot.get_marker() == "o"}
    digits = [text for text in figure.findobj(Word) if text.get_gid() in bubbles and text.get_text().isdigit()]
    assert len(digits) == len(bubbles) == 72
    for text in digits:
        assert measure(text.get_text(), SMALL, bold=True) < bubbles[text.get_gid()]


def test_the_letters_are_as_large_as_small_print_where_the_picture_is_shown() -> None:
    """A chapter at 1280 pixels shows a wide picture 672 pixels wide, a phone of 390 a narrow one at 342 (measured)."""
    for shown in map(drawn, DRAWN):
        for figure, pixels, least in ((shown.figure, 672, 12), (shown.narrow, 342, 11)):
            sizes = [text.get_fontsize() for text in figure.findobj(Word)]
            assert min(sizes) * pixels / (figure.get_size_inches()[0] * 72) >= least


def test_the_flow_tells_every_box() -> None:
    shown = drawn("flow")
    assert texts(shown) == ["9 found", "4 left", "5 read"]
    assert shown.alt == "Flow of records, step by step. 9 found; left the flow: 4 left; 5 read."


def test_lights_are_signs_and_not_only_colours() -> None:
    shown = drawn("traffic lights")
    assert [said for said in texts(shown) if said in "!?"] == ["?", "!"] and any(
        "? no information" in said for said in texts(shown)
    )
    strokes = [line for line in shown.figure.findobj(Line2D) if line.get_linewidth() == 1.8]
    drawn_apart = sum(np.isfinite(line.get_xdata()).sum() // 2 for line in strokes)
    assert drawn_apart == 2 * 2 + 2  # two plus and two minus
    assert shown.marks[0].said == "Roe 2019: some concerns overall; randomisation low, missing data no information"


def test_dots_of_a_year_do_not_hide_each_other() -> None:
    points = [(2019, "a", n, f"study {n}") for n in range(30)]
    shown = timeline(pd.DataFrame(points, columns=DATED.columns), group="topic")
    for figure in (shown.figure, shown.narrow):
        dots = [dot for dot in figure.findobj(Line2D) if dot.get_marker() == "o"]
        assert len({(*dot.get_xdata(), *dot.get_ydata()) for dot in dots}) == 30
    assert shown.marks[0].said == "study 29, 2019: 29 patients (a)"
    assert "a: 2, from 2018 to 2019; b: 1" in drawn("timeline").alt
    assert drawn("timeline").marks[2].said == "Moe, 2019: number of patients not given (b)"


def test_a_ring_is_said_and_stands_on_top() -> None:
    points = [(2027, "a", 90, "Poe", True), (2027, "a", 30, "Roe", False)]
    trials = pd.DataFrame(points, columns=[*DATED.columns, "not due yet"])
    shown = timeline(trials, group="topic", year="of its planned end", ring="not due yet")
    assert [mark.said for mark in shown.marks] == [
        "Roe, 2027: 30 patients (a)",
        "Poe, 2027: 90 patients (a; not due yet)",
    ]
    assert [mark.row["not due yet"] for mark in shown.marks] == ["no", "yes"]
    assert "a: 2, from 2027 to 2027, 1 not due yet" in shown.alt
    note = " ".join(texts(shown))
    assert "by the year of its planned end" in note and "a ring: not due yet" in note


@pytest.mark.parametrize("name", DRAWN)
@pytest.mark.parametrize("narrow", [False, True])
def test_a_picture_is_svg_the_same_each_time_and_loads_nothing(name: str, narrow: bool) -> None:
    first, second = drawn(name).to_svg(narrow=narrow), DRAWN[name]().to_svg(narrow=narrow)
    assert first == second
    root = ElementTree.fromstring(first)
    assert not re.search(r"(?:href|src)=[\"']|@import|\bid=|<style", first), "two pictures on a page would share names"
    assert root.get("width") == ("259pt" if narrow else "518pt")


@pytest.mark.parametrize("name", DRAWN)
@pytest.mark.parametrize("narrow", [False, True])
def test_every_mark_stands_in_both_pictures_with_what_is_said_of_it(name: str, narrow: bool) -> None:
    shown = drawn(name)
    root = ElementTree.fromstring(shown.to_svg(narrow=narrow))
    titles = [title.text for title in root.iter("{http://www.w3.org/2000/svg}title")]
    assert sorted(map(str, titles)) == sorted(mark.said for mark in shown.marks)
    assert shown.marks and all(re.search(r"\d", mark.said) for mark in shown.marks)


@pytest.mark.parametrize("name", DRAWN)
def test_no_picture_uses_an_ink_that_the_dark_theme_does_not_know(name: str) -> None:
    both = drawn(name).to_svg() + drawn(name).to_svg(narrow=True)
    used = set(re.findall(r'(?:fill|stroke)="(#[^"]+)"', both))
    assert used <= set(INKS)


@pytest.mark.parametrize("name", DRAWN)
def test_no_word_leaves_its_picture(name: str) -> None:
    shown = drawn(name)
    for figure in (shown.figure, shown.narrow):
        width, height = figure.get_size_inches() * figure.dpi
        for text in figure.findobj(Word):
            box = text.get_window_extent()
            # a line is taller than its letters
            inside = box.x0 >= -1 and box.y0 >= -2 and box.x1 <= width + 1 and box.y1 <= height + 2
            assert inside, text.get_text()


@pytest.mark.parametrize("name", DRAWN)
def test_a_notebook_stores_the_words_beside_the_picture(name: str) -> None:
    shown = drawn(name)
    bundle = shown._repr_mimebundle_()
    assert set(bundle) == {"image/svg+xml", "text/html", "text/plain"}
    assert bundle["text/plain"] == str(shown) == shown.alt
    assert re.search(r"\d", shown.alt)


def test_the_data_are_one_line_a_mark() -> None:
    assert to_csv(drawn("effects")).splitlines()[:2] == [
        "group,label,measure,value,ci_low,ci_high,ci_level",
        "Leafoma,Roe 2019,hazard ratio,0.7,0.5,0.98,95",
    ]
    assert to_csv(drawn("counts")).splitlines() == ["row,colour,leaves", "a,x,2", "a,y,1", "b,x,1"]


def test_what_a_record_says_cannot_leave_its_place() -> None:
    evil = '"></title></script><script>alert(1)</script>'
    html = to_html(draw_forest([Interval(evil, 0.7, 0.5, 0.98)], measure="HR", favours=SIDES))
    assert html.count("<script") == 1 and "alert(1)" in html and "<script>alert" not in html


@pytest.mark.parametrize(
    "draw",
    [
        lambda: counts(LEAVES * 0, of="leaves", by="colour"),
        lambda: draw_forest(["a head"], measure="HR", favours=SIDES),
        lambda: flow([], []),
        lambda: gap_map(WIDE_MAP[:0], WIDE_MAP[:0]),
        lambda: gap_map(WIDE_MAP[[]], WIDE_MAP[[]]),
        lambda: timeline(DATED[:0], group="topic"),
        lambda: survival(pd.DataFrame()),
        lambda: people(pd.DataFrame()),
    ],
)
def test_nothing_is_not_drawn(draw: Callable[[], ShownFigure]) -> None:
    with pytest.raises(ValueError, match=r"there is nothing to draw: no .*; choose other records"):
        draw()


def test_a_ratio_is_above_nothing() -> None:
    with pytest.raises(ValueError, match=r"Roe: 0\.50 \(0\.00 to 1\.00\) is no ratio"):
        draw_forest([Interval("Roe", 0.5, 0, 1)], measure="HR", favours=SIDES)


def test_the_readers_own_settings_stay() -> None:
    import matplotlib

    before = matplotlib.rcParams.copy()
    DRAWN["effects"]().to_svg()
    assert matplotlib.rcParams == before
