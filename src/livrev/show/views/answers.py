"""The answers of the review in one picture: pools with their certainty, and strategies that nothing can be pooled for."""

import re
from collections.abc import Sequence

from livrev.records.measures import RATIOS, measure_of
from livrev.records.review import Review
from livrev.review.pools import pool_evidence
from livrev.show.figures.forest import SPAN, STEPS, Interval, draw_forest, squares
from livrev.show.figures.shown import ShownFigure

RATIO = "ratio"
_LINE = re.compile(r"^(?P<kind>pool|strategy)\.(?P<key>[^|\s]+)\s*\|\s*(?P<label>[^|]+?)(?:\s*\|\s*(?P<said>.+))?$")


def draw_summary(review: Review, lines: Sequence[str], *, favours: tuple[str, str]) -> ShownFigure:
    """Draw the answers that *lines* name, each `pool.<id> | words` or `strategy.<id> | words | what stands for a number`.

    A line that begins with `#` is the head of those below it. Raises ValueError, with the line, on any that cannot be drawn.
    """
    rows: list[Interval | str] = []
    measures: set[str] = set()
    for line in filter(None, (line.strip() for line in lines)):
        try:
            if line.startswith("#"):
                rows.append(line.lstrip("# "))
                continue
            if not rows:
                raise ValueError("begin with a head, a line that starts with #")
            row, measure = _read(review, line)
            measures |= {measure} if measure else set()
            if len(measures) > 1:
                raise ValueError(f"{measure} does not stand on one axis with the measures above it")
        except ValueError as error:
            raise ValueError(f"“{line}”: {error}") from error
        rows.append(row)
    measure = next(iter(measures), RATIO)
    return draw_forest(
        rows, measure=measure, favours=favours, linear=not measures <= {RATIO},
        heads=(f"{measure} (95 % CI)", "studies", "how sure"), alt=f"The answers in one picture, {measure}.",
    )  # fmt: skip


def _answer(label: str, certainty: str, span: tuple[float, float, float], k: int = 0, said: str = "") -> Interval:
    """Return the row of one answer, with *said* in the place of its interval where nothing was pooled."""
    if certainty not in STEPS:
        raise ValueError(f"the certainty {certainty} is none of {', '.join(STEPS)}")
    told = f"{k} studies, certainty {certainty}" if k else f"certainty {certainty}"
    return Interval(
        label, *span, (SPAN, str(k or ""), squares(certainty)), kind="dot", words=said, said=told,
        data={"studies": k or None, "certainty": certainty, "said": said},
    )  # fmt: skip


def _read(review: Review, line: str) -> tuple[Interval, str]:
    """Return the answer of a line and, where it has a number, what is measured."""
    match = _LINE.match(line)
    if match is None:
        raise ValueError("write pool.<id> | words, or strategy.<id> | words | what is said instead of a number")
    key, label, said = match["key"], match["label"], match["said"]
    if match["kind"] == "strategy":
        if key not in review.strategies or not said:
            raise ValueError(f"no strategy is called {key}, or the third part, said instead of a number, is missing")
        return _answer(label, review.strategies[key].certainty, (1, 1, 1), said=said), ""
    pools = pool_evidence(review)
    if key not in pools or key not in review.appraisals:
        raise ValueError(f"no pool with an appraisal is called {key}; there are {', '.join(review.appraisals)}")
    pooled = pools[key]
    if pooled.no_effect is None:
        raise ValueError(f"its measure is {pooled.plan.measure}; only ratios or differences stand on one axis")
    measure = RATIO if pooled.plan.measure in RATIOS else measure_of(pooled.plan.measure).name
    span = (pooled.pool.value, *pooled.pool.hk_modified_ci)
    return _answer(label, review.appraisals[key].certainty, span, pooled.pool.k), measure
