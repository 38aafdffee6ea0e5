"""What may not be pooled, shown by direction: a harvest plot, and what SWiM asks to be told."""

from collections.abc import Collection, Mapping

from livrev.records.model import Outcome, Study
from livrev.records.review import Review
from livrev.review.results import latest_reports
from livrev.show.figures.harvest import DIRECTIONS, Stalk, draw_harvest
from livrev.show.figures.style import ShownFigure
from livrev.show.tables import ShownTable, show_table

_STRENGTHS = {"rct": 3, "matched-cohort": 2, "prospective-cohort": 2, "nonrandomised-trial": 2}


def draw_directions(
    review: Review, question: str, *, rows: Mapping[str, str], strategies: Collection[str] | None = None
) -> ShownFigure:
    """Draw every comparison on *question* that prints a hazard ratio, by where it points; flagged rows without one word on p stay out.

    *rows* names the endpoints, in their order, and what each counts; *strategies* keeps studies that test one of them.

    One effect a study and endpoint: the first in the table that no later report supersedes.
    """
    stalks: dict[tuple[str, str], Stalk] = {}
    for outcome in latest_reports(review.outcomes.values()):
        study = review.studies[outcome.study]
        if outcome.endpoint not in rows or not _belongs(outcome, study, question):
            continue
        if strategies is not None and not set(strategies) & set(study.strategy):
            continue
        direction = _direction(outcome)
        if direction is None:
            continue
        stalk = Stalk(
            study.name.partition(" (")[0],
            rows[outcome.endpoint],
            direction,
            _STRENGTHS.get(study.design, 1),
            outcome.basis == "secondary",
        )
        stalks.setdefault((study.study, outcome.endpoint), stalk)
    ordered = sorted(stalks.values(), key=lambda stalk: list(rows.values()).index(stalk.row))
    return draw_harvest(
        ordered,
        strengths=("cohort", "matched cohort or trial without randomisation", "randomised trial"),
        columns=("favours the addition", "no clear difference", "speaks against it"),
    )


def _belongs(outcome: Outcome, study: Study, question: str) -> bool:
    return (
        study.question == question
        and outcome.measure == "HR"
        and outcome.contrast == "treatment"
        and outcome.stratum == "all"
    )


def _direction(outcome: Outcome) -> str | None:
    """Return where a hazard ratio points: by its interval, else by its p; None where neither is printed."""
    if outcome.value is None:
        return None
    favours, unclear, against = DIRECTIONS
    side = favours if outcome.value < 1 else against
    if outcome.ci_low is not None and outcome.ci_high is not None:
        return side if outcome.ci_high < 1 or outcome.ci_low > 1 else unclear
    p = (outcome.p or "").lstrip("<=").strip()
    if not p.replace(".", "", 1).isdigit():
        return None
    return side if float(p) < 0.05 or (outcome.p or "").startswith("<0.05") else unclear


def show_swim(review: Review) -> ShownTable:
    """Return the nine items of SWiM with the answer of this review to each."""
    columns = {"item": "Item", "asks": "What it asks", "answer": "Here"}
    caption = "Synthesis without meta-analysis: the nine items"
    return show_table(review.tables["swim"].records, name="table-swim", caption=caption, columns=columns)
