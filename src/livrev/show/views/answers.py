"""The answers of the review in one picture: pools with their certainty, and strategies that nothing can be pooled for."""

import re
from collections.abc import Sequence

from livrev.records.measures import RATIOS, measure_of
from livrev.records.review import Review
from livrev.review.pools import pool_evidence
from livrev.show.figures.answers import Answer, Question, draw_answers
from livrev.show.figures.shown import ShownFigure
from livrev.show.views.pools import appraisals_of

RATIO = "ratio"
_LINE = re.compile(r"^(?P<kind>pool|strategy)\.(?P<key>[^|\s]+)\s*\|\s*(?P<label>[^|]+?)(?:\s*\|\s*(?P<said>.+))?$")


def draw_summary(review: Review, lines: Sequence[str], *, favours: tuple[str, str]) -> ShownFigure:
    """Draw the answers that *lines* name, each `pool.<id> | words` or `strategy.<id> | words | what stands for a number`.

    A line that begins with `#` is the head of those below it. Raises ValueError, with the line, on any that cannot be drawn.
    """
    questions: list[tuple[str, list[Answer]]] = []
    measures: set[str] = set()
    for line in (line.strip() for line in lines):
        if line.startswith("#"):
            questions.append((line.lstrip("# "), []))
        elif line:
            if not questions:
                raise ValueError(f"“{line}”: begin with a head, a line that starts with #")
            answer, measure = _read(review, line)
            questions[-1][1].append(answer)
            measures |= {measure} if measure else set()
            if len(measures) > 1:
                raise ValueError(f"“{line}”: {measure} does not stand on one axis with the measures above it")
    shown = [Question(title, answers) for title, answers in questions]
    linear = not measures <= {RATIO}
    return draw_answers(shown, measure=next(iter(measures), RATIO), favours=favours, linear=linear)


def _read(review: Review, line: str) -> tuple[Answer, str]:
    """Return the answer of a line and, where it has a number, what is measured."""
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
        return Answer(label, review.strategies[key].certainty, said=said), ""
    pools, appraisals = pool_evidence(review), appraisals_of(review)
    if key not in pools or key not in appraisals:
        raise ValueError(f"“{line}”: no pool with an appraisal is called {key}; there are {', '.join(appraisals)}")
    pooled = pools[key]
    if pooled.no_effect is None:
        raise ValueError(
            f"“{line}”: its measure is {pooled.record['measure']}; only ratios or differences stand on one axis"
        )
    measure = RATIO if pooled.record["measure"] in RATIOS else measure_of(pooled.record["measure"]).name
    low, high = pooled.pool.hk_modified_ci
    return Answer(label, appraisals[key]["certainty"], pooled.pool.value, low, high, pooled.pool.k), measure
