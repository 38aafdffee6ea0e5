"""The founding documents: how their sentences are accounted for, and what their counts, percentages, totals and dates imply."""

import datetime
from dataclasses import dataclass

from livrev.records.model import ArithmeticClaim, Source
from livrev.records.review import Review
from livrev.text.features import DocumentFeatures


@dataclass(frozen=True, slots=True)
class Coverage:
    """How the sentences of one document are accounted for."""

    citekey: str
    sentences: int
    claims: int
    furniture: int
    repeats: int
    findings: int

    @property
    def accounted(self) -> int:
        """The number of sentences that are one of the three."""
        return self.claims + self.furniture + self.repeats


def measure_coverage(source: Source, features: DocumentFeatures) -> Coverage:
    """Count the sentences of *source* by what accounts for them."""
    return Coverage(
        source.citekey,
        len(features.sentences),
        len({finding.sentence for finding in source.findings}),
        len({n for item in source.furniture for n in item.sentences}),
        len({repeat.sentence for repeat in source.repeats}),
        len(source.findings),
    )


class ArithmeticResult(ArithmeticClaim):
    """What a check of a document's arithmetic gave: the number *expected* beside the one printed."""

    expected: float

    @property
    def agrees(self) -> bool:
        """Whether the two are as near to each other as rounding lets them be."""
        return abs(self.expected - self.printed) <= self.tolerance


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
    return [
        ArithmeticResult(**dict(claim), expected=compute(claim.operation, claim.a, claim.b))
        for claim in review.all(ArithmeticClaim)
    ]
