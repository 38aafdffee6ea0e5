"""The answers in one picture: each pooled effect with its interval, and how sure one is of it in four steps."""

from collections.abc import Sequence
from dataclasses import dataclass

from livrev.show.figures.intervals import Interval, Plan, draw_intervals
from livrev.show.figures.scale import Scale
from livrev.show.figures.shown import Mark, ShownFigure, need_something, show

STEPS = {"very low": 1, "low": 2, "moderate": 3, "high": 4}
"""The certainties that can be drawn, and how many of the four squares are filled."""


def squares(certainty: str) -> str:
    """Return *certainty* in four squares, the filled ones first; none is filled where it is no certainty."""
    full = STEPS.get(certainty, 0)
    return "■" * full + "□" * (4 - full)


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer: its words, its certainty (a key of STEPS) and, where studies were pooled, the ratio and their number.

    Without a value *said* stands in the place of the interval.
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


def draw_answers(
    questions: Sequence[Question], *, measure: str, favours: tuple[str, str], linear: bool = False
) -> ShownFigure:
    """Draw every answer under its question on one axis, a log one unless *linear*; *favours* names the sides of no effect.

    Raises ValueError where there is nothing to draw, or a certainty is none of STEPS.
    """
    answers = [answer for question in questions for answer in question.answers]
    need_something(answers, "answer")
    for answer in answers:
        if answer.certainty not in STEPS:
            raise ValueError(f"{answer.label}: the certainty {answer.certainty} is none of {', '.join(STEPS)}")
    scale = Scale(measure, favours, linear)
    rows: list[Interval | str] = []
    for question in questions:
        rows += [question.title, *(_row(answer, scale) for answer in question.answers)]
    heads = (f"{measure} (95 % CI)", "studies", "how sure")
    marks = [_mark(question, answer, scale) for question in questions for answer in question.answers]
    return show(draw_intervals(Plan(rows, scale, heads)), alt=_say(questions, scale), marks=marks)


def _row(answer: Answer, scale: Scale) -> Interval:
    sure = squares(answer.certainty)
    if answer.value is None:
        return Interval(answer.label, answer.low, answer.low, answer.low, ("", "", sure), words=answer.said)
    numbers = (scale.span(answer.value, answer.low, answer.high), str(answer.k), sure)
    return Interval(answer.label, answer.value, answer.low, answer.high, numbers, kind="dot")


def _words(answer: Answer, scale: Scale) -> str:
    if answer.value is None:
        return f"{answer.said}, certainty {answer.certainty}"
    effect = scale.words(answer.value, answer.low, answer.high)
    return f"{effect}, {answer.k} studies, certainty {answer.certainty}"


def _mark(question: Question, answer: Answer, scale: Scale) -> Mark:
    pooled = answer.value is not None
    return Mark(
        f"{question.title}. {answer.label}: {_words(answer, scale)}",
        {
            "question": question.title, "label": answer.label, "measure": scale.measure if pooled else "",
            "value": answer.value, "low": answer.low if pooled else None, "high": answer.high if pooled else None,
            "studies": answer.k if pooled else None, "certainty": answer.certainty, "said": answer.said,
        },
    )  # fmt: skip


def _say(questions: Sequence[Question], scale: Scale) -> str:
    said = " ".join(
        f"{question.title}: "
        + "; ".join(f"{answer.label}: {_words(answer, scale)}" for answer in question.answers)
        + "."
        for question in questions
    )
    return f"The answers in one picture, {scale.measure}. {said}"
