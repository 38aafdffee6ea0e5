"""A hundred people for each consequence of a treatment: who has it anyway, who is spared, to whom it happens in addition."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from livrev.show.figures.canvas import name_mark, open_sheet, wrap, write
from livrev.show.figures.forest import squares
from livrev.show.figures.scale import height_of_notes, write_notes
from livrev.show.figures.shown import Mark, ShownFigure, need_something, show
from livrev.show.figures.style import BLUE, GRID, INK, LINE, MUTED, SMALL, VERMILION, Paper
from livrev.show.format import format_number

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_STEP, _DOT, _GAP = 9.0, 6.2, 14.0  # points: from person to person, one person, and between two groups of a hundred
_ROWS = 10
_KEY = (
    (MUTED, "either way"), (BLUE, "spared by the treatment"), (VERMILION, "only with the treatment"), (GRID, "not at all"),
)  # fmt: skip
_NOTE = "of 100 people; the interval is at 95 %; squares: how sure (four for high, one for very low)"


@dataclass(frozen=True, slots=True)
class Consequence:
    """What happens to how many of 100, *without* and *with_* the treatment; or what is *said* where no number is known."""

    title: str
    certainty: str
    without: float | None = None
    with_: float | None = None
    low: float | None = None
    high: float | None = None
    months: float | None = None
    source: str = ""
    said: str = ""
    because: str = ""

    @property
    def head(self) -> str:
        """Its title, with the month by which it is counted."""
        return self.title if self.months is None else f"{self.title} by month {self.months:g}"

    @property
    def numbers(self) -> str:
        """How many of 100, without and with."""
        interval = "" if self.low is None or self.high is None else f" ({_say(self.low)} to {_say(self.high)})"
        return f"{_say(self.without or 0)} without\n{_say(self.with_ or 0)} with{interval}"


@dataclass(frozen=True, slots=True)
class Regimen:
    """A way of treating against its control, and its consequences."""

    title: str
    consequences: Sequence[Consequence]


def draw_people(regimens: Sequence[Regimen]) -> ShownFigure:
    """Draw a hundred people for each consequence of *regimens*. Raises ValueError where there is none."""
    need_something([one for regimen in regimens for one in regimen.consequences], "consequence")
    marks = [
        Mark(
            f"{regimen.title}: {_words(one)}",
            {"regimen": regimen.title, "consequence": one.head, "without_of_100": one.without, "with_of_100": one.with_,
             "low": one.low, "high": one.high, "said": one.said, "certainty": one.certainty, "because": one.because,
             "risk_without_from": one.source},
        )
        for regimen in regimens
        for one in _in_order(regimen)
    ]  # fmt: skip
    return show(lambda paper: _draw(paper, regimens), alt="Of 100 people.", marks=marks)


def _in_order(regimen: Regimen) -> list[Consequence]:
    """Return the consequences as they are drawn: those with numbers first."""
    return sorted(regimen.consequences, key=lambda one: one.without is None)


def _words(one: Consequence) -> str:
    if one.without is None:
        return f"{one.head}: {_sentence(one)}"
    numbers = one.numbers.replace("\n", ", ")
    return f"{one.head}: {numbers}, certainty {one.certainty}, risk without from {one.source}"


def _sentence(one: Consequence) -> str:
    return f"{one.said}, certainty {one.certainty}" if one.said else one.because[:1].lower() + one.because[1:]


def _say(number: float) -> str:
    return format_number(number, 0 if number >= 9.95 else 1)


def _draw(paper: Paper, regimens: Sequence[Regimen]) -> "Figure":
    across = 2 if paper.narrow else 4
    width = (paper.width - (across - 1) * _GAP) / across
    heights = [_height(regimen, paper.width, width, across) for regimen in regimens]
    key = (2 if paper.narrow else 1) * (LINE + 2) + 4
    figure, page = open_sheet(paper, sum(heights) + key + height_of_notes([_NOTE], paper.width) + 3)
    top, mark = 0.0, 0
    for regimen, height in zip(regimens, heights, strict=True):
        mark = _draw_regimen(page, regimen, top, paper.width, width, across, mark)
        top += height
    for number, (colour, said) in enumerate(_KEY):
        x = (number % across) * (width + _GAP)
        y = top + (number // across) * (LINE + 2) + LINE / 2
        _dots(page, x + _DOT / 2, y, 1, colour, None)
        write(page, x + _DOT + 4, y, said, size=SMALL, ink=MUTED)
    write_notes(page, top + key, [_NOTE], paper.width)
    return figure


def _below(one: Consequence, width: float) -> list[tuple[str, str]]:
    """Return the lines below a hundred people, each with its ink."""
    sure = f"{squares(one.certainty)} {one.certainty}"
    return [
        *((line, INK) for line in wrap(one.numbers, width)),
        *((line, MUTED) for line in [sure, *wrap(f"without: {one.source}", width, size=SMALL)]),
    ]


def _rows(regimen: Regimen, width: float, across: int) -> list[tuple[Sequence[Consequence], float, float]]:
    """Return the rows of drawn consequences: with the heights of their heads and of what stands below."""
    drawn = [one for one in _in_order(regimen) if one.without is not None]
    rows = [drawn[start : start + across] for start in range(0, len(drawn), across)]
    return [
        (row, LINE * max(len(wrap(o.head, width)) for o in row), LINE * max(len(_below(o, width)) for o in row)) for row in rows
    ]  # fmt: skip


def _lines(regimen: Regimen, width: float) -> list[list[str]]:
    return [wrap(f"{one.head}: {_sentence(one)}", width) for one in _in_order(regimen) if one.without is None]


def _height(regimen: Regimen, page: float, width: float, across: int) -> float:
    arrays = sum(head + _ROWS * _STEP + below + 12 for _, head, below in _rows(regimen, width, across))
    return (
        LINE * len(wrap(regimen.title, page, bold=True)) + 6 + arrays + LINE * sum(map(len, _lines(regimen, page))) + 14
    )


def _draw_regimen(page: Any, regimen: Regimen, top: float, full: float, width: float, across: int, mark: int) -> int:
    title = wrap(regimen.title, full, bold=True)
    for number, line in enumerate(title):
        write(page, 0, top + LINE * (number + 0.5), line, bold=True)
    y = top + LINE * len(title)
    page.plot([0, full], [y + 1, y + 1], color=GRID, linewidth=0.8, zorder=0)
    y += 6
    for row, head, below in _rows(regimen, width, across):
        for column, one in enumerate(row):
            x = column * (width + _GAP)
            _write_lines(page, x, y, [(line, INK) for line in wrap(one.head, width)], mark)
            _draw_hundred(page, x, y + head + 2, one, mark)
            _write_lines(page, x, y + head + _ROWS * _STEP + 4, _below(one, width), mark)
            mark += 1
        y += head + _ROWS * _STEP + below + 12
    for lines in _lines(regimen, full):
        _write_lines(page, 0, y, [(line, INK) for line in lines], mark)
        y += LINE * len(lines)
        mark += 1
    return mark


def _write_lines(page: Any, x: float, y: float, lines: Sequence[tuple[str, str]], mark: int) -> None:
    for number, (line, ink) in enumerate(lines):
        write(page, x, y + LINE * (number + 0.5), line, ink=ink, size=SMALL, mark=mark)


def _draw_hundred(page: Any, left: float, top: float, one: Consequence, mark: int) -> None:
    without, with_ = round(one.without or 0), round(one.with_ or 0)
    runs = [(min(without, with_), MUTED), (abs(without - with_), BLUE if with_ < without else VERMILION)]
    colours = [colour for number, colour in runs for _ in range(number)]
    colours += [GRID] * (_ROWS * _ROWS - len(colours))
    for row in range(_ROWS):
        here = colours[row * _ROWS : (row + 1) * _ROWS]
        for colour in dict.fromkeys(here):
            x = left + _DOT / 2 + _STEP * here.index(colour)
            _dots(page, x, top + _STEP * (row + 0.5), here.count(colour), colour, name_mark(mark))


def _dots(page: Any, x: float, y: float, number: int, colour: str, gid: str | None) -> None:
    """Draw *number* people in a row: one line of round dots, far smaller than a shape for each."""
    dashes = (0, (0.01 / _DOT, (_STEP - 0.01) / _DOT))  # in units of the line's width
    page.plot(
        [x, x + _STEP * (number - 1) + 0.02], [y, y], color=colour, linewidth=_DOT, linestyle=dashes, dash_capstyle="round", gid=gid,
        zorder=2,
    )  # fmt: skip
