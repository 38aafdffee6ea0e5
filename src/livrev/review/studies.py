"""Which studies are counted, which are retracted, and which trials are awaited: with how many patients, and how long overdue."""

import calendar
import dataclasses
import datetime
from collections.abc import Iterable

from livrev.records.model import Estimate, PoolPlan, Study, Trial
from livrev.records.review import Review, Rows

_STOPPED = ("terminated", "withdrawn")
LABELS = {  # of every state of a reference, the gravest last
    "unchecked": "references with a DOI for which no retraction was looked for",
    "none-seen": "references for which a retraction was looked for in the archive, and none was seen",
    "none": "references for which a register lists no retraction",
    "correction": "references with a correction",
    "concern": "references with an expression of concern",
    "retracted": "retracted references",
}
# The gravest first.
MARKS = {"retracted": "retracted", "concern": "expression of concern", "correction": "corrected"}


def counted_studies(review: Review) -> dict[str, Study]:
    """Return the studies that are counted, by key: of a design that the settings count, and no part of another study.

    Left out are registered trials without a result, published syntheses, and what else `review.yml` marks as not counted.
    """
    uncounted = {design for group in review.settings.designs if not group.counted for design in group.designs}
    return {key: study for key, study in review.studies.items() if not study.part_of and study.design not in uncounted}


def family_of(review: Review, study: str) -> str:
    """Return the study that *study* is a part of in the end: it stands for all that may share patients."""
    seen: set[str] = set()
    while (whole := review.studies[study].part_of) in review.studies and study not in seen:
        seen.add(study)
        study = str(whole)
    return study


def awaited_trials(review: Review) -> dict[str, Trial]:
    """Return, by number, the trials that were not stopped and of whose study no result is on file."""
    reported = set(review.tables["outcomes"].column("study"))
    going = ((number, trial) for number, trial in review.trials.items() if trial.status not in _STOPPED)
    return {number: trial for number, trial in going if trial.study not in reported}


def search_day(review: Review) -> datetime.date | None:
    """Return the day of the last search on record: what is overdue is so at that day, whatever today is."""
    return max((query.date for query in review.queries.values() if query.date), default=None)


def months_overdue(trial: Trial, day: datetime.date) -> int | None:
    """Return how many whole months *trial* is overdue on *day*, None where it is not; a month or year of completion counts to its end."""
    if trial.completion is None or (end := span_of(trial.completion)[1]) >= day:
        return None
    return 12 * (day.year - end.year) + day.month - end.month - (day.day < end.day)


def span_of(date: str) -> tuple[datetime.date, datetime.date]:
    """Return the first and the last day of a year (2026), month (2026-11) or day. Raises ValueError where there is none."""
    year, month, day = (*map(int, date.split("-")), 0, 0)[:3]
    first = datetime.date(year, month or 1, day or 1)
    last = first.replace(month=month or 12)
    return first, first if day else last.replace(day=calendar.monthrange(last.year, last.month)[1])


def running_estimates(review: Review) -> Iterable[Estimate]:
    """Yield how many trials are awaited, with how many patients, and how many are overdue: in all and for each question."""
    awaited, day = awaited_trials(review), search_day(review)
    groups = [("running", "awaited", awaited)] if awaited else []
    for question, asked in review.settings.questions.items() if awaited else ():
        own = {number: trial for number, trial in awaited.items() if review.studies[trial.study].question == question}
        groups.append((f"running.{question}", f"awaited, {asked.brief}", own))
    method = "as registered; a trial is awaited until a result of it is on file"
    for name, label, trials in groups:
        sizes = {number: review.studies[trial.study].n for number, trial in trials.items()}
        sized = {number: size for number, size in sizes.items() if size is not None}
        late = [number for number, trial in trials.items() if day and months_overdue(trial, day) is not None]
        for what, value, rows in (
            ("trials", len(trials), trials), ("patients", sum(sized.values()), sized), ("sized", len(sized), sized),
            ("dated", sum(trial.completion is not None for trial in trials.values()), trials), ("overdue", len(late), late),
        ):  # fmt: skip
            yield Estimate.make(
                f"{name}.{what}", value, f"{label}: {what}", tuple(rows) or review.trials, method=method
            )


def mark_of(review: Review, citekey: str) -> str:
    """Return the word that stands beside every citation of a publication, or nothing where none is needed."""
    row = review.retractions.get(citekey)
    return MARKS.get(row.state, "") if row else ""


def _retracted(review: Review) -> set[str]:
    return {key for key, row in review.retractions.items() if row.state == "retracted"}


def retracted_studies(review: Review) -> frozenset[str]:
    """Return the studies whose main publication is retracted."""
    gone = _retracted(review)
    return frozenset(study.study for study in review.studies.values() if study.citekey in gone)


def retracted_outcomes(review: Review) -> frozenset[str]:
    """Return the results that may not be pooled: of a retracted study, or read in a retracted report."""
    studies, gone = retracted_studies(review), _retracted(review)
    rows = review.tables["outcomes"]
    each = zip(rows.column("outcome"), rows.column("study"), rows.column("citekey"), strict=True)
    return frozenset(outcome for outcome, study, citekey in each if study in studies or citekey in gone)


def kept_pools(review: Review, *, fewest: int) -> dict[str, PoolPlan]:
    """Return the pools without their retracted results, by id; one that this leaves with less than *fewest* is left out."""
    gone = retracted_outcomes(review)
    kept = [(plan, plan.without(gone)) for plan in review.pools.values()]
    return {fewer.pool: fewer for plan, fewer in kept if fewer == plan or len(fewer.outcomes) >= fewest}


def before_retractions(review: Review) -> Review:
    """Return *review* as if nothing in it had been retracted: what the pools were."""
    return dataclasses.replace(review, tables=review.tables | {"retractions": Rows(review.tables["retractions"].table)})


def retraction_estimates(review: Review) -> Iterable[Estimate]:
    """Yield how many references are in each state, and the first and last day on which one was looked up."""
    rows = review.retractions
    looked = {key: row.checked_on for key, row in rows.items() if row.checked_on}
    states = ((state, label, [k for k, row in rows.items() if row.state == state]) for state, label in LABELS.items())
    for name, label, found in (
        *states, ("count", "references with a DOI", rows), ("checked", "references for which a retraction was looked for", looked),
        ("studies", "retracted studies", sorted(retracted_studies(review))),
    ):  # fmt: skip
        yield Estimate.make(f"retractions.{name}", len(found), label, found or rows)
    for name, day in (("first", min), ("last", max)) if looked else ():
        label, how = f"{name} day on which retractions were looked for", f"{name} day of the table of retractions"
        ordinal = day(looked.values()).toordinal()
        yield Estimate.make(f"retractions.{name}_checked", ordinal, label, looked, unit="date", method=how)
