"""Doubt rows of a table of studies: those that sum up or repeat others, and those whose numbers are in another unit."""

import re
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import ArrayLike

from livrev.stats.effect_sizes import Effect

COUNTED_TWICE = ", so every patient would count twice"
_SUMMARY = re.compile(
    r"(?:(?:sub-?|grand )?total|overall|pooled|summary|combined|weighted)(?: [\w-]+)?|sum|average|mean|summe|(?:ins)?gesamt"
    r"|all(?: studies| trials| patients| rows)?|(?:random|fixed|common)[- ]effects?(?: model| estimate)?|[rfc]e model|meta-?analysis"
    r"|prediction interval"
)
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
    for place, (name, _) in enumerate(names):
        room = slack * (weights[place], weights[place] ** 0.5) if slack.any() else 0.0
        reason = _what_it_sums_up(place, subgroups, added, room)
        if reason and is_summary(name):
            yield place, reason + COUNTED_TWICE
        elif reason or (is_summary(name) and len(names) > 1):
            said = reason or "is named like a summary of the other rows"
            yield place, f"{said}; if it is no study of its own, delete the row: it counts those patients twice"
        if repeated := _what_it_repeats(place, kind, names, counts):
            yield place, repeated
    if kind == "means":
        yield from _doubt_deviations(counts, unit=measure == "MD")
    elif measure in ("HR", "OR", "RR") and kind in ("interval", "error"):
        yield from _doubt_ratios(estimates, errors)


def _what_it_sums_up(place: int, subgroups: ArrayLike, counts: ArrayLike, room: ArrayLike = 0) -> str:
    """Return, in words, which other rows the one at *place* is the sum of, by their *counts*; empty where of none.

    *room* is how far a sum may be off, by column.

    >>> _what_it_sums_up(2, ["", "", ""], [(3, 20), (2, 31), (5, 51)])
    'is the sum of the other rows'
    """
    table, groups = np.asarray(counts), np.asarray(subgroups)
    own, others = table[place], np.arange(len(table)) != place
    alike = others & (groups == groups[place])
    for rows, said in ((others, "the other rows"), (alike, f"the other rows of {groups[place]}")):
        if rows.sum() >= _FEWEST and (abs(table[rows].sum(axis=0) - own) <= room).all():
            return f"is the sum of {said}" if not np.any(room) else f"is what {said} give together"
    if np.any(room):
        return ""
    for run, side in ((table[:place][::-1], "before"), (table[place + 1 :], "after")):
        many = np.flatnonzero((run.cumsum(axis=0) == own).all(axis=1)) + 1
        if len(many := many[many >= _FEWEST]):
            return f"is the sum of the {many[0]} rows {side} it"
    return ""


def _what_it_repeats(place: int, kind: str, names: Sequence[tuple[str, str]], numbers: ArrayLike) -> str:
    """Return, in words, which row above the one at *place* has all of its numbers, or a group of the same study; else nothing.

    Two small shares may be alike by chance: there, as for a group, the names must begin alike.
    """
    table, first = np.asarray(numbers), [re.split(r"\W", name.casefold(), maxsplit=1)[0] for name, _ in names]
    half = table.shape[1] // 2
    for other in range(place):
        same, kin = table[other] == table[place], first[other] == first[place]
        if same.all() and (kin or kind != "share"):
            return f"has the numbers of {names[other][0]}; if both are reports of one study, delete one"
        if kind in ("counts", "means") and kin and (same[:half].all() or same[half:].all()):
            shared = "first" if same[:half].all() else "second"
            return (
                f"has the {shared} group of {names[other][0]}; if it is one group, its patients count twice: put the other two "
                "groups together, or share it out between the rows"
            )
    return ""


def _doubt_ratios(estimates: ArrayLike, errors: ArrayLike) -> Iterator[tuple[int, str]]:
    """Yield each ratio, by its logarithm, that lies far from the others or from 1 with all of its interval."""
    values, spans = np.asarray(estimates), 2 * np.asarray(errors)
    for place, (value, span) in enumerate(zip(values, spans, strict=True)):
        others = np.delete(values, place)
        off = abs(value - np.median(others)) if len(others) else 0.0
        if (off > _FAR and off - span > _AT_LEAST) or value - span > _LARGE:
            yield place, "lies far off; is the decimal point right, is it a percentage, is the ratio turned round?"


def _doubt_deviations(means: ArrayLike, *, unit: bool) -> Iterator[tuple[int, str]]:
    """Yield each study (mean, sd, n of both groups) whose standard deviations look like errors, or with *unit* like another unit."""
    table = np.asarray(means)
    spread = np.sqrt((table[:, 1] ** 2 + table[:, 4] ** 2) / 2)
    for place, own in enumerate(spread):
        others = np.delete(spread, place)
        apart = abs(table[place, 0] - table[place, 3]) / own
        times = np.median(others) / own if len(others) else 1.0
        if apart > _APART or (unit and not 1 / _OTHER_UNIT < times < _OTHER_UNIT):
            yield (
                place,
                (
                    f"has means {apart:.2g} standard deviations apart, which are {1 / times:.2g} times as large as in the other studies; "
                    "are they standard errors (SD = SE × √n), or in another unit?"
                ),
            )
