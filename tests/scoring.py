"""Score what was read against a gold standard: precision, recall, F1 and exact values, kind by kind."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

Record = Mapping[str, object]
_COMPARED = ("value", "low", "high", "level", "p", "events", "total", "unit")


@dataclass(frozen=True, slots=True)
class Score:
    """How many objects of one kind the gold standard holds, how many were predicted, found, and found without a fault."""

    gold: int = 0
    predicted: int = 0
    found: int = 0
    exact: int = 0

    def __add__(self, other: "Score") -> "Score":
        return Score(
            self.gold + other.gold, self.predicted + other.predicted, self.found + other.found, self.exact + other.exact
        )

    @property
    def precision(self) -> float:
        """Share of the predicted that is right; 1 where nothing was predicted."""
        return self.found / self.predicted if self.predicted else 1.0

    @property
    def recall(self) -> float:
        """Share of the gold standard that was found; 1 where there is nothing to find."""
        return self.found / self.gold if self.gold else 1.0

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        both = self.predicted + self.gold
        return 2 * self.found / both if both else 1.0

    @property
    def accuracy(self) -> float:
        """Share of the found whose every field agrees with the gold standard."""
        return self.exact / self.found if self.found else 1.0


def score_sentence(gold: Sequence[Record], predicted: Sequence[Record]) -> dict[str, Score]:
    """Return the score of one sentence for each kind.

    A predicted object is found where it has the kind of a gold object that no other has taken and their spans overlap;
    it is exact where every field that either of them names agrees.
    """
    scores: dict[str, Score] = {}
    taken: set[int] = set()
    for wanted in gold:
        kind = str(wanted["kind"])
        match = _partner(wanted, predicted, taken)
        found = int(match is not None)
        exact = int(match is not None and is_exact(wanted, predicted[match]))
        if match is not None:
            taken.add(match)
        scores[kind] = scores.get(kind, Score()) + Score(1, 0, found, exact)
    for offered in predicted:
        kind = str(offered["kind"])
        scores[kind] = scores.get(kind, Score()) + Score(predicted=1)
    return scores


def add_scores(scores: Iterable[Mapping[str, Score]]) -> dict[str, Score]:
    """Return the scores of many sentences, added up kind by kind."""
    total: dict[str, Score] = {}
    for sentence in scores:
        for kind, score in sentence.items():
            total[kind] = total.get(kind, Score()) + score
    return total


def is_exact(wanted: Record, offered: Record) -> bool:
    """Tell whether two objects agree in every field that either of them names."""
    return all(_agree(wanted.get(field), offered.get(field)) for field in _COMPARED)


def _partner(wanted: Record, predicted: Sequence[Record], taken: set[int]) -> int | None:
    """Return the index of the first free object of the same kind whose span overlaps, an exact one first."""
    free = [
        index
        for index, offered in enumerate(predicted)
        if index not in taken and offered["kind"] == wanted["kind"] and _overlap(wanted, offered)
    ]
    return next((index for index in free if is_exact(wanted, predicted[index])), free[0] if free else None)


def _overlap(one: Record, other: Record) -> bool:
    start, end, begin, stop = one["start"], one["end"], other["start"], other["end"]
    assert isinstance(start, int) and isinstance(end, int) and isinstance(begin, int) and isinstance(stop, int)
    return start < stop and begin < end


def _agree(one: object, other: object) -> bool:
    """Compare two values, numbers by their worth."""
    if isinstance(one, (int, float)) and isinstance(other, (int, float)):
        return abs(one - other) <= 1e-9 * max(1.0, abs(one))
    return one == other
