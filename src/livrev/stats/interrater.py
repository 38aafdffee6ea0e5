"""Agreement of two independent readings of the same results."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from livrev.records.review import Review

NUMBERS = ("value", "ci_low", "ci_high", "events", "total")
CATEGORIES = ("measure", "contrast", "criteria", "population")
FIELDS = (*NUMBERS, *CATEGORIES)


@dataclass(frozen=True, slots=True)
class Agreement:
    """How often two readings gave the same: pairs compared, pairs the same, and Cohen's kappa for categories."""

    field: str
    pairs: int
    same: int
    kappa: float | None


def compare_readings(review: Review, field: str) -> Agreement:
    """Compare both readings of *field* over all results read twice; numbers that neither reader saw are no pair."""
    pairs = [
        (record[f"{field}_1"], record[f"{field}_2"])
        for record in review.tables["readings"].records
        if record["found"] == "yes" and (record[f"{field}_1"] is not None and record[f"{field}_2"] is not None)
    ]
    same = sum(first == second for first, second in pairs)
    return Agreement(field, len(pairs), same, cohen_kappa(pairs) if field in CATEGORIES else None)


def cohen_kappa(pairs: Sequence[tuple[object, object]]) -> float:
    """Return Cohen's kappa of two readings (Cohen 1960): agreement beyond what the marginal shares give by chance.

    One where both readings are constant and equal; zero for no pairs.
    """
    if not pairs:
        return 0.0
    total = len(pairs)
    observed = sum(first == second for first, second in pairs) / total
    ones, twos = Counter(first for first, _ in pairs), Counter(second for _, second in pairs)
    chance = sum(ones[value] * twos[value] for value in ones) / total**2
    return 1.0 if chance == 1 else (observed - chance) / (1 - chance)
