"""Agreement of two independent readings of the same things."""

from collections import Counter
from collections.abc import Hashable, Iterable
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

    Returns Cohen's kappa (1960, https://doi.org/10.1177/001316446002000104) only where the field is *categorical*: chance says
    nothing of two equal numbers. It is one where both readings are constant and equal, zero for no pairs.

    >>> found = compare_readings("measure", [("HR", "HR"), ("HR", "OR"), ("OR", "OR"), (None, "OR")], categorical=True)
    >>> found.pairs, found.same, round(found.kappa, 3)
    (3, 2, 0.4)
    """
    pairs = [(first, second) for first, second in readings if first is not None and second is not None]
    same, total = sum(first == second for first, second in pairs), len(pairs) or 1
    ones, twos = Counter(first for first, _ in pairs), Counter(second for _, second in pairs)
    chance = sum(ones[value] * twos[value] for value in ones) / total**2
    kappa = 1.0 if chance == 1 else (same / total - chance) / (1 - chance)
    return Agreement(field, len(pairs), same, kappa if categorical else None)
