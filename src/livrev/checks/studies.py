"""Check studies against each other and against registries: one identity a study, updates after what they update, arms that add up."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from livrev.diagnostics import Problem
from livrev.records.model import Outcome, Study, Trial
from livrev.records.review import Review
from livrev.review.studies import family_of, span_of


def check_studies(review: Review) -> Iterable[Problem]:
    """Yield a problem for each study or result that contradicts another one."""
    yield from _check_loops(review, "studies", {s.study: s.part_of for s in review.studies.values()}, "part_of")
    updates = updates_of(review)
    yield from _check_loops(review, "outcomes", updates, "supersedes")
    yield from _check_identities(review)
    yield from _check_order(review, updates)
    yield from _check_arms(review)


def updates_of(review: Review) -> dict[str, str]:
    """Return each result that supersedes another one, with that."""
    rows = review.tables["outcomes"]
    return {key: old for key, old in zip(rows.column("outcome"), rows.column("supersedes"), strict=True) if old}


def _check_loops(review: Review, table: str, links: Mapping[str, str | None], field: str) -> Iterable[Problem]:
    """Yield the first row of each loop that *links* (record to record) make."""
    known: set[str] = set()
    for start in links:
        way: list[str] = []
        step: str | None = start
        while step is not None and step not in known and step in links:
            known.add(step)
            way.append(step)
            step = links[step]
        if step in way:
            loop = way[way.index(step) :]
            said, cure = "leads back to where it began", "cut the loop at one of its rows"
            yield review.problem_at(table, loop[0])(field, " → ".join([*loop, loop[0]]), said, cure)


def _check_identities(review: Review) -> Iterable[Problem]:
    """Yield each DOI, PMID or registration that two studies share without being linked by part_of."""
    for field in ("doi", "pmid", "nct"):
        first: dict[str, Study] = {}
        for study, problem in review.located(Study):
            said = getattr(study, field) or ()
            for value in said if isinstance(said, tuple) else (said.lower(),):
                other = first.setdefault(value, study)
                if family_of(review, other.study) != family_of(review, study.study):
                    both = f"{study.study} and {other.study}"
                    cure = f"link {both} with part_of if patients may overlap, or mend the number"
                    yield problem(field, value, f"belongs to {other.study} too", cure)


def _check_order(review: Review, updates: Mapping[str, str]) -> Iterable[Problem]:
    """Yield each result that supersedes one with more follow-up than its own."""
    for key, superseded in updates.items():
        newer, older = review.outcomes[key], review.outcomes.get(superseded)
        if older is None:
            continue
        field, new, old, said = "data_cutoff", newer.data_cutoff, older.data_cutoff, "before"
        if new and old:
            length = min(len(new), len(old))  # a month is compared with the month of a day
            is_wrong = new[:length] < old[:length]
        else:
            months = newer.follow_up_months, older.follow_up_months
            field, new, old, said = "follow_up_months", str(months[0]), str(months[1]), "below"
            is_wrong = months[0] is not None and months[0] < (months[1] or 0)
        if is_wrong:
            message = f"is {said} the {old} of {older.outcome}, which it supersedes"
            cure = "which of the two is the update? swap them, or mend the dates"
            yield review.problem_at("outcomes", key)(field, new, message, cure)


def _check_arms(review: Review) -> Iterable[Problem]:
    """Yield each report whose randomised arms hold more patients together than the study has."""
    arms: dict[tuple[str, str, str | None, str], dict[str, Outcome]] = defaultdict(dict)
    for row in review.outcomes.values():
        whole = row.contrast == "arm" and getattr(row, "population", None) == "itt" and row.stratum == "all"
        if whole and row.arm and row.total is not None and not row.flag and not getattr(row, "subset", None):
            group = arms[row.study, row.citekey, row.report, row.endpoint]
            if row.arm not in group or (group[row.arm].total or 0) < row.total:
                group[row.arm] = row
    for (name, _, _, endpoint), group in arms.items():
        study = review.studies.get(name)
        together = sum(row.total or 0 for row in group.values())
        if study is not None and study.n is not None and len(group) > 1 and together > study.n:
            problem = review.problem_at("outcomes", next(reversed(group.values())).outcome)
            said = " + ".join(str(row.total) for row in group.values())
            message = f"add up to {together} in the arms of {name} ({endpoint}), which has n = {study.n}"
            yield problem("total", said, message, "check n and the totals, or the population of the rows")


_TO_COME = ("not yet recruiting", "withdrawn")
_OPEN = ("not yet recruiting", "recruiting", "enrolling by invitation")


def check_trials(review: Review) -> Iterable[Problem]:
    """Yield each trial that contradicts its study or its own dates, and each registered trial without a row."""
    rows, reports = review.tables["outcomes"], defaultdict[str, set[str | None]](set)
    for study_of, report in zip(rows.column("study"), rows.column("report"), strict=True):
        reports[study_of].add(report)
    for trial, problem in review.located(Trial):
        number, status = trial.nct, trial.status or ""
        study, reported = review.studies.get(trial.study), reports[trial.study]
        if study is not None and number not in study.nct:
            cure = f"add it to its nct in data/studies.csv, or name the study that {number} is"
            yield problem("nct", number, f"is no number of {trial.study}", cure)
        if (status in _TO_COME and reported) or (status in _OPEN and "final" in reported):
            what = "its final result" if "final" in reported else "a result"
            message = f"cannot be: {what} is on file ({trial.study})"
            yield problem("status", status, message, "read a later record, or mend the study of the result")
        try:
            recorded, completion = (span_of(date) if date else None for date in (trial.record_date, trial.completion))
        except ValueError as error:
            yield problem("completion", trial.completion or "", f"is no day ({error})", "mend the date")
            continue
        if recorded and recorded[0] > trial.read_on:
            said = f"is after {trial.read_on}, when it was read"
            yield problem("record_date", str(trial.record_date), said, "one of the two days is wrong")
        if completion and status == "completed" and completion[0] > trial.read_on:
            cure = "a completed trial was completed before; mend status or date"
            yield problem("completion", str(trial.completion), "is to come, and the trial is completed", cure)
    for study, problem in review.located(Study):
        for number in study.nct if study.design == "registered-trial" else ():
            if number.startswith("NCT") and number not in review.trials:
                cure = "add its row to data/trials.csv: sponsor, status and completion as far as they were seen"
                yield problem("nct", number, "has no record of its registry", cure)
