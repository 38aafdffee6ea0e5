"""The answers in one picture: each pooled effect with its interval, and how sure one is of it in four steps.

The picture is narrow and its words are large, so that a phone shows it whole.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

from livrev.figures.style import BLUE, INK, MUTED, VERMILION, ShownFigure, house_style, need_something

STEPS = {"very low": 1, "low": 2, "moderate": 3, "high": 4}
"""The certainties that can be drawn, and how many of the four marks are filled."""
_WIDTH, _LINE, _MARGIN = 4.7, 0.205, 0.05  # inches
_TICKS = (0.1, 0.2, 0.3, 0.5, 1, 2, 3, 5, 10)
_PLOT, _NUMBERS, _COUNT, _MARKS = 0.50, 0.53, 0.80, 0.875  # where each column stands, as shares of the width


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer: its words, its certainty (a key of STEPS) and, where studies were pooled, the ratio and their number.

    Without a value *said* stands in the place of the plot.
    """

    label: str
    certainty: str
    value: float | None = None
    low: float = 1
    high: float = 1
    k: int = 0
    said: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """Answers under one head."""

    title: str
    answers: Sequence[Answer]


def draw_answers(questions: Sequence[Question], *, measure: str, favours: tuple[str, str]) -> ShownFigure:
    """Draw every answer under its question on one log axis; *favours* names the sides left and right of 1.

    Raises ValueError where there is nothing to draw, or a certainty is none of STEPS.
    """
    answers = [answer for question in questions for answer in question.answers]
    need_something(answers, "answer")
    for answer in answers:
        if answer.certainty not in STEPS:
            raise ValueError(f"{answer.label}: the certainty {answer.certainty} is none of {', '.join(STEPS)}")
    lines = sum(1.45 + 2.25 * len(question.answers) for question in questions)
    height = _LINE * (lines + 3.2)
    with house_style():
        figure = Figure(figsize=(_WIDTH, height))
        axes = figure.add_axes((0, _LINE * 3.2 / height, _PLOT, 1 - _LINE * 3.2 / height))
        _draw_axis(axes, answers, favours, measure)
        place = 0.55
        for question in questions:
            axes.text(0, place, question.title, **_beside(axes), fontsize=10, fontweight="bold")
            place += 1.15
            for answer in question.answers:
                _draw_answer(axes, place, answer)
                place += 2.25
            place += 0.3
        axes.set_ylim(place - 0.9, 0)
    return ShownFigure(figure, _say(questions, measure))


def _beside(axes: Any) -> dict[str, Any]:
    """Return how words stand: x as a share of the picture's width, y on the axis."""
    return {"transform": axes.get_yaxis_transform(), "va": "center", "clip_on": False}


def _draw_answer(axes: Any, place: float, answer: Answer) -> None:
    words = _beside(axes)
    axes.text(0, place, answer.label, fontsize=9.5, **words)
    place += 0.95
    if answer.value is None:
        axes.text(0, place, answer.said, fontsize=9, color=MUTED, **words)
    else:
        colour = BLUE if answer.high < 1 else VERMILION if answer.low > 1 else MUTED
        axes.plot([answer.low, answer.high], [place, place], color=colour, linewidth=2.2, solid_capstyle="butt")
        axes.plot([answer.value], [place], marker="D", markersize=6, color=colour)
        axes.plot([1, 1], [place - 0.45, place + 0.45], color=MUTED, linewidth=0.8, zorder=0)
        axes.text(_NUMBERS / _PLOT, place, _span(answer), fontsize=9.5, **words)
        axes.text(_COUNT / _PLOT, place, str(answer.k), fontsize=9.5, ha="center", **words)
    for step in range(4):
        filled = step < STEPS[answer.certainty]
        axes.plot(
            [(_MARKS + 0.033 * step) / _PLOT], [place], marker="s", markersize=5.5, color=INK if filled else MUTED,
            fillstyle="full" if filled else "none", markeredgewidth=0.8,
            transform=axes.get_yaxis_transform(), clip_on=False,
        )  # fmt: skip


def _draw_axis(axes: Any, answers: Sequence[Answer], favours: tuple[str, str], measure: str) -> None:
    drawn = [answer for answer in answers if answer.value is not None]
    low = min([answer.low for answer in drawn] + [0.5]) * 0.9
    high = max([answer.high for answer in drawn] + [2.0]) * 1.1
    axes.set_xscale("log")
    axes.set_xlim(low, high)
    axes.xaxis.set_major_locator(FixedLocator([tick for tick in _TICKS if low <= tick <= high]))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.xaxis.set_major_formatter(FuncFormatter(lambda x, _: f"{x:g}"))
    axes.tick_params(axis="x", labelsize=9, length=3)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.set_xlabel(f"← {favours[0]}   {favours[1]} →", fontsize=9)
    for place, text, side in (
        (_NUMBERS, measure, "left"),
        (_COUNT, "studies", "center"),
        (_MARKS - 0.012, "how sure", "left"),
    ):
        axes.annotate(
            text, (place / _PLOT, 0), (0, -7), xycoords="axes fraction", textcoords="offset points", va="top", ha=side,
            fontsize=8.5, color=MUTED,
        )  # fmt: skip


def _span(answer: Answer) -> str:
    return f"{answer.value:.2f} ({answer.low:.2f}–{answer.high:.2f})"


def _say(questions: Sequence[Question], measure: str) -> str:
    parts = []
    for question in questions:
        said = "; ".join(
            f"{a.label}: {a.said}, certainty {a.certainty}"
            if a.value is None
            else f"{a.label}: {a.value:.2f} ({a.low:.2f} to {a.high:.2f}), {a.k} studies, certainty {a.certainty}"
            for a in question.answers
        )
        parts.append(f"{question.title}: {said}.")
    return f"The answers in one picture, {measure} with 95 % intervals. " + " ".join(parts)
