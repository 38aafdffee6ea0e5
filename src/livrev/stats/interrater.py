"""Agreement of two independent readings of the same things."""

from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Agreement:
    """How often two readings gave the same: pairs compared, pairs the same, and Cohen's kappa for categories."""

    field: str
    pairs: int
    same: int
    kappa: float | None

    @property
    def share(self) -> float:
        """The pairs that are the same, in percent."""
        return 100 * self.same / self.pairs


def compare_readings(
    field: str, readings: Iterable[tuple[Hashable, Hashable]], *, categorical: bool = False
) -> Agreement:
    """Compare two *readings* of *field*, a pair a thing; None is what a reader did not see, and makes no pair.

    Returns kappa only where the field is *categorical*: chance says nothing of two equal numbers.

    >>> found = compare_readings("measure", [("HR", "HR"), ("HR", "OR"), ("OR", "OR"), (None, "OR")], categorical=True)
    >>> found.pairs, found.same, round(found.kappa, 3)
    (3, 2, 0.4)
    """
    pairs = [(first, second) for first, second in readings if first is not None and second is not None]
    same = sum(first == second for first, second in pairs)
    return Agreement(field, len(pairs), same, cohen_kappa(pairs) if categorical else None)


def cohen_kappa(pairs: Sequence[tuple[Hashable, Hashable]]) -> float:
    """Return Cohen's kappa of two readings: agreement beyond what the marginal shares give by chance.

    One where both readings are constant and equal; zero for no pairs. Source: Cohen 1960,
    https://doi.org/10.1177/001316446002000104.
    """
    if not pairs:
        return 0.0
    total = len(pairs)
    observed = sum(first == second for first, second in pairs) / total
    ones, twos = Counter(first for first, _ in pairs), Counter(second for _, second in pairs)
    chance = sum(ones[value] * twos[value] for value in ones) / total**2
    return 1.0 if chance == 1 else (observed - chance) / (1 - chance)
