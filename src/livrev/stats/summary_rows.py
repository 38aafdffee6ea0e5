"""Find the row of a table that is not a study but the sum, or the pool, of the others."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

_NAMES = re.compile(
    r"(?:sub|grand )?total|overall(?: effect| estimate)?|pooled(?: effect| estimate)?|summary(?: effect| estimate)?|combined|sum"
    r"|all(?: studies| trials| patients| rows)?|(?:random|fixed|common)[- ]effects?(?: model)?|meta-?analysis"
)
_FEWEST = 2


@dataclass(frozen=True, slots=True)
class SummaryRow:
    """The place of a suspected row, why it is suspected, and whether it is beyond doubt."""

    place: int
    reason: str
    certain: bool


def find_summary_rows(
    names: Sequence[str], subgroups: Sequence[str], counts: Sequence[tuple[int, ...]]
) -> list[SummaryRow]:
    """Return the rows that sum others up: by their *counts* (one tuple a row, all to be added; none: empty), or by name.

    A row with both the sum and the name is beyond doubt; one with either is suspected.

    >>> find_summary_rows(["A", "B", "All"], ["", "", ""], [(3, 20), (2, 31), (5, 51)])
    [SummaryRow(place=2, reason='is the sum of the other rows', certain=True)]
    """
    found = []
    whole, parts = (
        _add(counts),
        {name: [c for c, s in zip(counts, subgroups, strict=False) if s == name] for name in set(subgroups)},
    )
    sums = {name: (_add(some), len(some)) for name, some in parts.items()}
    for place, name in enumerate(names):
        named = bool(_NAMES.fullmatch(re.sub(r"\(.*?\)|[^\w\s-]", "", name.casefold()).strip()))
        reason = ""
        if counts:
            twice = tuple(2 * count for count in counts[place])
            part, many = sums[subgroups[place]]
            if len(counts) > _FEWEST and twice == whole:
                reason = "is the sum of the other rows"
            elif many > _FEWEST and twice == part:
                reason = f"is the sum of the other rows of {subgroups[place]}"
            else:
                reason = _sum_of_neighbours(place, counts)
        if reason:
            found.append(SummaryRow(place, reason, named))
        elif named and len(names) > _FEWEST:
            found.append(SummaryRow(place, "is named like a summary of the other rows", certain=False))
    return found


def _add(counts: Sequence[tuple[int, ...]]) -> tuple[int, ...]:
    return tuple(sum(column) for column in zip(*counts, strict=True))


def _sum_of_neighbours(place: int, counts: Sequence[tuple[int, ...]]) -> str:
    """Return whether the rows just before, or after, the one at *place* add up to it, in words; empty where they do not."""
    own = counts[place]
    for step, words in ((-1, "before"), (1, "after")):
        so_far, i, many = tuple(0 for _ in own), place + step, 0
        while 0 <= i < len(counts) and all(s <= o for s, o in zip(so_far, own, strict=True)):
            so_far, i, many = _add((so_far, counts[i])), i + step, many + 1
            if many >= _FEWEST and so_far == own:
                return f"is the sum of the {many} rows {words} it"
    return ""
