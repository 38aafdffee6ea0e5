"""Doubt rows of a table of studies: those that sum up or repeat others, and those whose numbers are in another unit."""

import re
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from livrev.stats.effect_sizes import Effect

LIKE_A_SUMMARY, COUNTED_TWICE = "is named like a summary of the other rows", ", so every patient would count twice"
_SUMMARY = re.compile(
    r"(?:(?:sub-?|grand )?total|overall|pooled|summary|combined|weighted)(?: [\w-]+)?|sum|average|mean|summe|(?:ins)?gesamt"
    r"|all(?: studies| trials| patients| rows)?|(?:random|fixed|common)[- ]effects?(?: model| estimate)?|[rfc]e model|meta-?analysis"
    r"|prediction interval"
)
_FIRST_WORD = re.compile(r"(?!stud|trial|group|cent|arm)[^\W\d_]{3,}", re.IGNORECASE)
_FEWEST = 2
_FAR, _AT_LEAST, _LARGE = np.log(8), np.log(4), np.log(20)  # of a ratio, from the middle of the others, and from 1
_APART, _OTHER_UNIT = 3, 10  # standard deviations between two means; times the standard deviations of the others


def is_summary(name: str) -> bool:
    """Return whether a study bears the *name* of a row that sums up the others."""
    return bool(_SUMMARY.fullmatch(re.sub(r"\(.*?\)|[^\w\s-]", "", name.casefold()).strip()))


def doubt_rows(
    kind: str,
    measure: str,
    names: Sequence[tuple[str, str]],
    numbers: Sequence[Sequence[float]],
    effects: Sequence[Effect],
) -> Iterator[tuple[int, str]]:
    """Yield the place of each row that is in doubt, and why; the words end in COUNTED_TWICE where it is beyond doubt.

    *names* are study and subgroup, *numbers* those of the columns (none where the cells are intervals), *effects* what was
    made of them (none for shares).
    """
    estimates, errors = np.array([e.estimate for e in effects]), np.array([e.se for e in effects])
    weights, counts = errors**-2, np.array(numbers)
    added, slack = counts, np.zeros(2)
    if kind == "means":
        added = counts[:, [2, 5]]
    elif kind in ("interval", "error"):  # the weight and the estimate of a common-effect pool, as far as rounding tells
        added, slack = np.column_stack((weights, weights * estimates)), np.array((0.1, 0.15))
        counts = np.column_stack((estimates, errors))
    subgroups = [subgroup for _, subgroup in names]
    first = np.array([found[0] if (found := _FIRST_WORD.match(name)) else f" {i}" for i, (name, _) in enumerate(names)])
    for place, (name, _) in enumerate(names):
        room = slack * (weights[place], weights[place] ** 0.5) if slack.any() else 0.5 * (kind == "means")
        reason = _what_it_sums_up(place, subgroups, added, room)
        if reason and is_summary(name):
            yield place, reason + COUNTED_TWICE
        elif reason or (is_summary(name) and len(names) > 1):
            cure = "if it is no study of its own, delete the row: it counts those patients twice"
            yield place, f"{reason or LIKE_A_SUMMARY}; {cure}"
        other, repeated = _what_it_repeats(kind, first[:place] == first[place], counts[:place] == counts[place])
        if repeated:
            yield place, repeated.format(names[other][0])
    if kind == "means":
        yield from _doubt_deviations(counts, unit=measure == "MD")
    elif measure in ("HR", "OR", "RR") and kind in ("interval", "error"):
        for place, (value, span) in enumerate(zip(estimates, 2 * errors, strict=True)):
            others = np.delete(estimates, place)
            off = abs(value - np.median(others)) if len(others) else 0.0
            if (off > _FAR and off - span > _AT_LEAST) or value - span > _LARGE:
                yield place, "lies far off; is the decimal point right, is it a percentage, is the ratio turned round?"


def _what_it_sums_up(place: int, subgroups: ArrayLike, counts: ArrayLike, room: ArrayLike = 0) -> str:
    """Return, in words, which other rows the one at *place* is the sum of, by *counts* that may be off by *room*; or nothing."""
    table, groups = np.asarray(counts), np.asarray(subgroups)
    own, others, exact = table[place], np.arange(len(table)) != place, not np.any(room)
    alike = others & (groups == groups[place])
    for rows, said in ((others, "the other rows"), (alike, f"the other rows of {groups[place]}")):
        if rows.sum() >= _FEWEST and (abs(table[rows].sum(axis=0) - own) <= room).all():
            return f"is the sum of {said}" if exact else f"is what {said} give together"
    for run, side in ((table[:place][::-1], "before"), (table[place + 1 :], "after")) if exact else ():
        many = np.flatnonzero((run.cumsum(axis=0) == own).all(axis=1)) + 1
        if len(many := many[many >= _FEWEST]):
            return f"is the sum of the {many[0]} rows {side} it"
    return ""


def _what_it_repeats(kind: str, kin: NDArray[np.bool_], same: NDArray[np.bool_]) -> tuple[int, str]:
    """Return which row above has all numbers of a row, or a group of the same study, with the words for its name; else nothing.

    *kin* tells which rows above are named alike, *same* which of their numbers are the same. Few numbers may be so by chance.
    """
    half, whole = same.shape[1] // 2, same.all(axis=1) & (kin | (kind in ("interval", "means")))
    if whole.any():
        return int(whole.argmax()), "has the numbers of {}; if both are reports of one study, delete one"
    for part, shared in ((same[:, :half], "first"), (same[:, half:], "second")) if kind in ("counts", "means") else ():
        if (group := kin & part.all(axis=1)).any():
            said = f"has the {shared} group of {{}}; if it is one group, its patients count twice: put the other two groups"
            return int(group.argmax()), f"{said} together, or share it out between the rows"
    return 0, ""


def _doubt_deviations(means: ArrayLike, *, unit: bool) -> Iterator[tuple[int, str]]:
    """Yield each study (mean, sd, n of both groups) whose standard deviations look like errors, or with *unit* like another unit."""
    mean, sd, _, other_mean, other_sd, _ = np.asarray(means).T
    spread = np.sqrt((sd**2 + other_sd**2) / 2)
    apart = abs(mean - other_mean) / spread
    for place, own in enumerate(spread):
        times = own / np.median(np.delete(spread, place)) if len(spread) > 1 else 1.0
        small = apart[place] > _APART and (times < 1 / _APART or np.median(apart) > _APART)
        if small or (unit and not 1 / _OTHER_UNIT < times < _OTHER_UNIT):
            said = f"has means {apart[place]:.2g} standard deviations apart, which are {times:.2g} times those of the other studies"
            yield place, f"{said}; are they standard errors (SD = SE × √n), or in another unit?"
