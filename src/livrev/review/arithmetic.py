"""Hold counts, percentages, totals and dates of the documents against each other."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from livrev.diagnostics import Problem
from livrev.records.review import Review


@dataclass(frozen=True, slots=True)
class ArithmeticResult:
    """What a check of a document's arithmetic gave: the number expected, the number printed, and whether they agree."""

    check: str
    finding: str
    operation: str
    a: str
    b: str
    expected: float
    printed: float
    unit: str
    agrees: bool
    reading: str


def compute(operation: str, a: str, b: str) -> float:
    """Return what two printed numbers (or dates) imply. Raises ValueError where they cannot be read."""
    if operation == "days-between":
        return float((datetime.date.fromisoformat(b) - datetime.date.fromisoformat(a)).days)
    first, second = float(a), float(b)
    match operation:
        case "percent-of":
            return 100 * first / second
        case "implied-total":
            return first / (second / 100)
        case "share-of":
            return first * second / 100
    raise ValueError(f"unknown operation {operation}")


def hold_against_each_other(review: Review) -> list[ArithmeticResult]:
    """Return every arithmetic check on record, computed."""
    results = []
    for record in review.tables["arithmetic"].records:
        expected = compute(record["operation"], record["a"], record["b"])
        agrees = abs(expected - record["printed"]) <= record["tolerance"]
        results.append(
            ArithmeticResult(
                record["check"],
                record["finding"],
                record["operation"],
                record["a"],
                record["b"],
                expected,
                record["printed"],
                record["unit"],
                agrees,
                record["reading"],
            )
        )
    return results


def check_arithmetic(review: Review) -> Iterable[Problem]:
    """Yield checks that cannot be computed, and findings that are called consistent against the arithmetic."""
    rows = review.tables["arithmetic"]
    file = review.repository.relative(review.repository.data / rows.table.path)
    for record, line in zip(rows.records, rows.lines, strict=True):
        if record["finding"] not in review.findings:
            yield Problem(file, line, "finding", record["finding"], "is not known", "name a finding of a source note")
        try:
            compute(record["operation"], record["a"], record["b"])
        except (ValueError, ZeroDivisionError) as error:
            yield Problem(
                file, line, "a, b", f"{record['a']}, {record['b']}", f"cannot be computed ({error})", "mend them"
            )
