"""The answers of the review in one picture: pools with their certainty, and strategies that nothing can be pooled for."""

import re
from collections.abc import Sequence

from livrev.records.measures import RATIOS
from livrev.records.review import Review
from livrev.review.pools import pool_evidence
from livrev.show.figures.answers import Answer, Question, draw_answers
from livrev.show.figures.shown import ShownFigure
from livrev.show.views.pools import appraisals_of

MEASURE = "ratio"
_LINE = re.compile(r"^(?P<kind>pool|strategy)\.(?P<key>[^|\s]+)\s*\|\s*(?P<label>[^|]+?)(?:\s*\|\s*(?P<said>.+))?$")


def draw_summary(review: Review, lines: Sequence[str], *, favours: tuple[str, str]) -> ShownFigure:
    """Draw the answers that *lines* name, each `pool.<id> | words` or `strategy.<id> | words | what stands for a number`.

    A line that begins with `#` is the head of those below it. Raises ValueError, with the line, on any that cannot be drawn.
    """
    questions: list[tuple[str, list[Answer]]] = []
    for line in (line.strip() for line in lines):
        if line.startswith("#"):
            questions.append((line.lstrip("# "), []))
        elif line:
            if not questions:
                raise ValueError(f"“{line}”: begin with a head, a line that starts with #")
            questions[-1][1].append(_read(review, line))
    shown = [Question(title, answers) for title, answers in questions]
    return draw_answers(shown, measure=MEASURE, favours=favours)


def _read(review: Review, line: str) -> Answer:
    match = _LINE.match(line)
    if match is None:
        raise ValueError(
            f"“{line}”: write pool.<id> | words, or strategy.<id> | words | what is said instead of a number"
        )
    key, label, said = match["key"], match["label"], match["said"]
    if match["kind"] == "strategy":
        if key not in review.strategies or not said:
            raise ValueError(
                f"“{line}”: no strategy is called {key}, or the third part, said instead of a number, is missing"
            )
        return Answer(label, review.strategies[key].certainty, said=said)
    pools, appraisals = pool_evidence(review), appraisals_of(review)
    if key not in pools or key not in appraisals:
        raise ValueError(f"“{line}”: no pool with an appraisal is called {key}; there are {', '.join(appraisals)}")
    pooled = pools[key]
    if pooled.record["measure"] not in RATIOS:
        raise ValueError(f"“{line}”: its measure is {pooled.record['measure']}; only ratios stand on one axis")
    low, high = pooled.pool.hk_modified_ci
    return Answer(label, appraisals[key]["certainty"], pooled.pool.value, low, high, pooled.pool.k)
