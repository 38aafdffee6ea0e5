"""A picture says in few words where each thing stands, and leaves the figure as any program of matplotlib's can draw it."""

import io

import numpy as np
from matplotlib.figure import Figure
from matplotlib.image import imread

from livrev.show.figures.sheet import BLUE, GROUND, Sheet
from livrev.show.figures.svg import write_svg


def draw() -> Figure:
    sheet = Sheet(100)
    sheet.line([0, 10], [5, 5])
    sheet.line([20, 30], [5, 5])
    mark = sheet.mark("a < b", {})
    sheet.write(60, 20, "a < b", bold=True, align="right", mark=mark)
    sheet.dot(50, 20, mark, size=4, ink=BLUE, face=GROUND)
    sheet.write(90, 20, "up", turned=90)
    return sheet.cut(40)


def test_each_thing_stands_where_it_was_put_and_a_mark_is_one_group() -> None:
    figure = draw()
    svg = write_svg(figure, {"mark-0": "a < b"})
    assert svg.startswith('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 40" width="100pt" height="40pt"')
    line = '<path d="M0 5L10 5M20 5L30 5" fill="none" stroke="#e3e6ea" stroke-width="0.8" stroke-linecap="square"/>'
    group = (
        '<g class="datum"><title>a &lt; b</title>'
        '<text x="60" y="23.49" font-weight="700" font-size="9.7" text-anchor="end" fill="#333333">a &lt; b</text>'
        '<circle cx="50" cy="20" r="2" fill="#ffffff" stroke="#0072b2" stroke-width="1.1"/></g>'
    )
    assert line in svg and group in svg
    assert '<text x="90" y="20" transform="rotate(-90 90 20)" font-size="9.7" fill="#333333">up</text>' in svg
    assert write_svg(figure, {"mark-0": "a < b"}) == svg


def test_matplotlib_draws_the_same_words_in_its_own_pictures() -> None:
    written = io.BytesIO()
    draw().savefig(written, format="png", dpi=144)
    dark = (
        imread(io.BytesIO(written.getvalue()))[:, :150, 0] < 0.5
    )  # two dots a point; what is turned stands further right
    down, across = np.nonzero(dark)
    assert 116 <= across.max() <= 120, "the word ends at 60 points"
    assert 30 <= down.min() < down.max() <= 50, "and its middle lies at 20"
