"""The agreement of two readings of results, verdicts and facts on bias, as Results for prose."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from statistics import median_high
from typing import Any

from livrev.records.model import Estimate
from livrev.records.readings import CATEGORIES, NO_INFORMATION, NUMBERS, VerdictReading
from livrev.records.review import Review
from livrev.review.bias import COHORTS, HIGH, judge_all

VERDICT = "verdict"
_kappa = partial(Estimate.make, method="Cohen 1960", precision=2)
_OF_READINGS = "Cohen's kappa of the two readings"


@dataclass(frozen=True, slots=True)
class Agreement:
    """How often two readings gave the same: pairs compared, pairs the same, and Cohen's kappa for categories."""

    field: str
    pairs: int
    same: int
    kappa: float | None


def compare_readings(field: str, readings: Iterable[tuple[Any, Any]], *, categorical: bool = False) -> Agreement:
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


def agreements(review: Review) -> dict[str, Agreement]:
    """Return how well two readings agree, by what was read: each number and category of a result, the verdict, each fact on bias.

    A fact is called `tool: fact`, so that facts of one name in two tools are two; what was read once is no pair.
    """
    found = [reading for reading in review.readings.values() if reading.found]
    pairs: dict[str, list[Any]] = {field: [one.pair(field) for one in found] for field in (*NUMBERS, *CATEGORIES)}
    pairs[VERDICT] = [(judged.first, judged.second) for judged in review.all(VerdictReading)]
    for (_, tool), rows in review.bias_facts.items():
        for row in rows:
            pairs.setdefault(f"{tool}: {row.fact}", []).append((row.first, row.second))
    return {name: compare_readings(name, said, categorical=name not in NUMBERS) for name, said in pairs.items()}


def agreement_estimates(review: Review) -> Iterable[Estimate]:
    """Yield how many results, verdicts and facts on bias (taken together) were read twice, the share read alike, and kappa."""
    found = {name: one for name, one in agreements(review).items() if one.pairs}
    read = [key for key, reading in review.readings.items() if reading.found]
    yield Estimate.make("readings.count", len(read), "results that both readers saw", read)
    for field in (field for field in CATEGORIES if field in found):
        yield _kappa(f"readings.{field}.kappa", found[field].kappa or 0.0, f"{_OF_READINGS}: {field}", read)
    if numbers := [found[field] for field in NUMBERS if field in found]:
        yield _share("readings.numbers.share", numbers, "numbers that both readers read alike", read)
        yield Estimate.make("readings.numbers.pairs", sum(one.pairs for one in numbers), "numbers read twice", read)
    if one := found.get(VERDICT):
        judged = tuple(review.all(VerdictReading))
        twice = [row.finding for row in judged if row.second is not None]
        turned = [row.finding for row in judged if row.settled != row.first]
        yield Estimate.make("verdicts.pairs", one.pairs, "verdicts given twice", twice)
        yield _share("verdicts.share", [one], "verdicts that both readers gave alike", twice)
        yield _kappa("verdicts.kappa", one.kappa or 0.0, f"{_OF_READINGS}: verdict", twice)
        yield Estimate.make("verdicts.turned", len(turned), "verdicts that the second turned", turned)
    if facts := [one for name, one in found.items() if ": " in name]:
        studies = tuple(dict.fromkeys(study for study, _ in review.bias_facts))
        values = [row.value for rows in review.bias_facts.values() for row in rows]
        unknown = 100 * values.count(NO_INFORMATION) / len(values)
        cohorts = [(study, one.overall) for study, _, _, one in judge_all(review) if one.tool == COHORTS]
        high = {study for study, level in cohorts if level == HIGH}
        kappa, pairs = median_high(one.kappa or 0.0 for one in facts), sum(one.pairs for one in facts)
        yield Estimate.make("bias.studies", len(studies), "studies whose risk of bias was read", studies)
        yield Estimate.make("bias.pairs", pairs, "facts on bias that were read twice", studies)
        yield _share("bias.share", facts, "facts on bias that both read alike", studies)
        silent = "facts on bias of which no page says anything"
        yield Estimate.make("bias.unknown", unknown, silent, studies, unit="%")
        yield _kappa("bias.kappa.median", kappa, "median over facts of Cohen's kappa", studies)
        yield Estimate.make("bias.cohorts", len(dict(cohorts)), f"comparisons judged by {COHORTS}", studies)
        yield Estimate.make("bias.cohorts.high", len(high), "of these at high risk of bias", studies)


def _share(name: str, found: Sequence[Agreement], label: str, rests_on: Iterable[str]) -> Estimate:
    same, pairs = sum(one.same for one in found), sum(one.pairs for one in found)
    label, how = f"{label}, {same} of {pairs}", "exact matches"
    return Estimate.make(name, 100 * same / pairs, label, rests_on, unit="%", method=how, precision=1)
