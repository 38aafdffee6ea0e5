"""Check that results and verdicts still say what their two readings settled on: what changes after them is found."""

from collections.abc import Iterable, Mapping
from typing import Any

from livrev.diagnostics import Problem
from livrev.records.model import Outcome
from livrev.records.review import Review

_EFFECT, _COUNTS = ("value", "ci_low", "ci_high"), ("events", "total")
_READINGS = {"same": ("_1", "_2"), "first": ("_1",), "second": ("_2",)}  # by what was settled; the row follows these


def check_readings(review: Review) -> Iterable[Problem]:
    """Yield each number of a result that is not the one its readings settled on, and each reading of no result."""
    rows = review.tables["readings"]
    file = review.repository.relative(review.repository.data / rows.table.path)
    for record, line in zip(rows.records, rows.lines, strict=True):
        outcome = review.outcomes.get(record["outcome"])
        if outcome is None:
            cure = "mend the id, or delete the row with its result"
            yield Problem(file, line, "outcome", str(record["outcome"]), "is not in outcomes", cure)
        elif record["found"] == "yes":
            for field, read in _read(record, outcome):
                now = getattr(outcome, field)
                if now is None or float(now) != float(read):
                    said = f"was read for {outcome.outcome}, whose {field} is now {'empty' if now is None else now}"
                    yield Problem(
                        file, line, field, str(read), said, "read the source again, and mend the row that errs"
                    )


def check_verdict_readings(review: Review) -> Iterable[Problem]:
    """Yield each finding without a row in `verdict_readings`, and each row that does not fit its finding.

    A row fits where its settled verdict is the finding's, and one of the two readings; a remark says why unless both agree.
    """
    rows = review.tables["verdict_readings"]
    if not rows.records:  # the verdicts were read once
        return
    file = review.repository.relative(review.repository.data / rows.table.path)
    findings = {key: finding for key, (_, finding) in review.findings.items()}
    for record, line in zip(rows.records, rows.lines, strict=True):
        finding, said = findings.pop(record["finding"], None), (record["first"], record["second"])
        settled = record["settled"]
        if finding is None:
            cure = "mend the id, or delete the row with its finding"
            yield Problem(file, line, "finding", record["finding"], "is no finding of a source", cure)
        elif settled != finding.verdict or settled not in said:
            is_now = f"is not the verdict of {finding.id}, {finding.verdict}, or neither reading gave it"
            yield Problem(file, line, "settled", settled, is_now, "settle the two readings again, and mend what errs")
        elif len(set(said)) > 1 and not record["remark"]:
            yield Problem(file, line, "remark", "", "is empty where the readings differ", "say which holds, and why")
    for missing in findings:
        cure = "add its row; with one reading only, leave second empty and say so in remark"
        yield Problem(file, 1, "finding", missing, "has no row", cure)


def _read(record: Mapping[str, Any], outcome: Outcome) -> Iterable[tuple[str, Any]]:
    """Yield the fields of the result that were read, each with the number that was settled.

    What one of the two found in print and the other did not is settled only once the row says it.
    """
    suffixes = _READINGS.get(str(record["settled"]), ())
    for field in (*_EFFECT, *_COUNTS):
        numbers = [
            record[f"{field}{suffix}"]
            for suffix in suffixes
            if field in _COUNTS or record[f"measure{suffix}"] in (None, outcome.measure)
        ]
        found = [number for number in numbers if number is not None]
        if found and (len(found) == len(numbers) or getattr(outcome, field) is not None):
            yield from ((field, number) for number in found)
