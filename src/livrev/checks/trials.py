"""Check what registries say of trials against the studies that they are, and against the days on which it was read."""

from collections.abc import Iterable

from livrev.diagnostics import Problem
from livrev.records.review import Review
from livrev.review.running import span_of

_TO_COME = ("not yet recruiting", "withdrawn")
_OPEN = ("not yet recruiting", "recruiting", "enrolling by invitation")


def check_trials(review: Review) -> Iterable[Problem]:
    """Yield each trial that contradicts its study or its own dates, and each registered trial without a row."""
    reports: dict[str, set[str | None]] = {}
    for record in review.tables["outcomes"].records:
        reports.setdefault(record["study"], set()).add(record.get("report"))
    for number, trial in review.trials.items():
        file = review.repository.relative(review.repository.data / review.tables["trials"].table.path)
        line, status = review.line_of("trials", number), trial.status or ""
        study, reported = review.studies.get(trial.study), reports.get(trial.study, set())
        if study is not None and number not in study.nct:
            cure = f"add it to its nct in data/studies.csv, or name the study that {number} is"
            yield Problem(file, line, "nct", number, f"is no number of {trial.study}", cure)
        if (status in _TO_COME and reported) or (status in _OPEN and "final" in reported):
            what = "its final result" if "final" in reported else "a result"
            message = f"cannot be: {what} is on file ({trial.study})"
            yield Problem(file, line, "status", status, message, "read a later record, or mend the study of the result")
        try:
            recorded, completion = (span_of(date) if date else None for date in (trial.record_date, trial.completion))
        except ValueError as error:
            yield Problem(file, line, "completion", trial.completion or "", f"is no day ({error})", "mend the date")
            continue
        if recorded and recorded[0] > trial.read_on:
            cure = "one of the two days is wrong"
            yield Problem(
                file, line, "record_date", str(trial.record_date), f"is after {trial.read_on}, when it was read", cure
            )
        if completion and status == "completed" and completion[0] > trial.read_on:
            cure = "a completed trial was completed before; mend status or date"
            yield Problem(
                file, line, "completion", str(trial.completion), "is to come, and the trial is completed", cure
            )
    for study in review.studies.values():
        for number in study.nct if study.design == "registered-trial" else ():
            if number.startswith("NCT") and number not in review.trials:
                file = review.repository.relative(review.repository.data / review.tables["studies"].table.path)
                cure = "add its row to data/trials.csv: sponsor, status and completion as far as they were seen"
                yield Problem(
                    file, review.line_of("studies", study.study), "nct", number, "has no record of its registry", cure
                )
