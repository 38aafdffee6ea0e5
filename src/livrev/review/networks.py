"""The networks of the review: which results compare which treatments, and what follows for those that no trial compared.

Which trials stand together, and what each arm counts as, is a judgement, written down in tables; the arithmetic is code. A
network is fitted *by* a column of the table of treatments: by `treatment`, by `class`, or by any other reading of the arms.
"""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from typing import Any

from livrev.records.model import Estimate, NetworkPlan
from livrev.records.review import Review
from livrev.review.pool_inputs import make_members, scale_of
from livrev.review.studies import retracted_outcomes
from livrev.stats.network import Network, fit_network
from livrev.stats.network_studies import Contrast

TREATMENT = "treatment"
_METHOD = "contrast-based random-effects network meta-analysis (REML), 95 % interval by z"
_DRAWN = "median rank of {draws:,} draws from the estimates, with the interval that holds 95 % of them"


def network_plans(review: Review) -> dict[str, NetworkPlan]:
    """Return every network of the table of networks, without results that were retracted."""
    gone = retracted_outcomes(review)
    return {key: plan.without(gone) for key, plan in review.networks.items()}


def readings_of_arms(review: Review) -> tuple[str, ...]:
    """Return the columns that networks may be fitted by: every column of the table of treatments but the arm."""
    return tuple(name for name in review.tables["treatments"].table.names if name != "arm")


def network_contrasts(
    review: Review, plan: NetworkPlan, by: str = TREATMENT, without: Collection[str] = ()
) -> tuple[Contrast, ...]:
    """Return the contrasts of *plan* between the treatments that *by* names, without the studies *without*.

    A contrast within one treatment says nothing of the others and is left out. Where a study of several arms gives ratios
    against one comparator, their covariance is taken as half of their mean variance, as with equally many events in the
    arms. Raises ValueError where a result does not fit, or where an arm is not in the table of treatments.
    """
    treatments = review.tables["treatments"]
    names = dict(zip(treatments.column("arm"), treatments.column(by), strict=True))
    studies: dict[str, list[Contrast]] = {}
    for member in make_members(review, plan):
        first, *second = member.outcomes
        arms = first.arm or "", (second[0].arm if second else first.comparator) or ""
        if unknown := [arm for arm in arms if arm not in names]:
            raise ValueError(f"{first.outcome} has the arm {unknown[0]}, which is not in the table of treatments")
        a, b = (names[arm] for arm in arms)
        if a != b and first.study not in without:
            contrast = Contrast(first.study, a, b, member.effect.estimate, member.effect.se)
            studies.setdefault(first.study, []).append(contrast)
    for study, rows in studies.items():
        own = {arm for row in rows for arm in (row.treatment, row.comparator)}
        if 1 < len(rows) == len(own) - 1:  # not all pairs of its arms
            covariance = sum(row.se**2 for row in rows) / len(rows) / 2
            studies[study] = [replace(row, covariance=covariance) for row in rows]
    return tuple(row for rows in studies.values() for row in rows)


def fit_plan(plan: NetworkPlan, contrasts: Sequence[Contrast]) -> Network:
    """Return the network of *contrasts* as *plan* asks. Raises NetworkError where they make none."""
    return fit_network(contrasts, reference=plan.reference, small=plan.small, scale=scale_of(plan.measure))


def name_of(treatment: str) -> str:
    """Return a treatment as a part of the name of a Result."""
    return re.sub(r"[^a-z0-9]+", "-", treatment.lower()).strip("-")


def network_estimates(review: Review) -> Iterable[Estimate]:
    """Yield, for each network: each treatment against each other, its rank, and what tests the network.

    Names: `network.<id>.<a>.<b>` by treatment, `network.<id>.<column>.<a>.<b>` by another column, where that changes a
    contrast; `.rank.<a>`, `.treatments` (how many), `.k` (studies), `.i2`, `.consistency` (p) in the place of
    `.<a>.<b>`. What cannot be fitted is left out: `livrev check` says why.
    """
    for plan in network_plans(review).values():
        first: tuple[Contrast, ...] = ()
        for by in readings_of_arms(review):
            try:
                contrasts = network_contrasts(review, plan, by)
                network = fit_plan(plan, contrasts) if contrasts != first else None
            except ValueError:
                continue
            first = first or contrasts
            if network is not None:
                part = "" if by == TREATMENT else f".{by}"
                yield from _estimates(review, plan, network, f"network.{plan.network}{part}")


def _estimates(review: Review, plan: NetworkPlan, network: Network, name: str) -> Iterable[Estimate]:
    rests_on = (*plan.outcomes, *plan.comparators)
    citekeys = tuple(dict.fromkeys(review.outcomes[key].citekey for key in plan.outcomes))

    def estimate(part: str, value: float, label: str, method: str, **more: Any) -> Estimate:
        more |= {"method": method, "k": network.studies, "citekeys": citekeys}
        return Estimate.make(f"{name}.{part}", value, f"{plan.title}: {label}", rests_on, **more)

    for cell in network.league:
        part, label = f"{name_of(cell.a)}.{name_of(cell.b)}", f"{cell.a} v {cell.b}"
        yield estimate(part, cell.value, label, _METHOD, precision=2, interval=(cell.low, cell.high))
    drawn = _DRAWN.format(draws=network.draws)
    for row in network.estimates:
        bounds = row.rank_low, row.rank_high
        yield estimate(f"rank.{name_of(row.treatment)}", row.rank, f"rank of {row.treatment}", drawn, interval=bounds)
    yield estimate("treatments", len(network.estimates), "treatments compared", "count of treatments")
    yield estimate("k", network.studies, "studies", "count of studies")
    if network.i2 is not None:
        yield estimate("i2", 100 * network.i2, "I²", "(Q - df)/Q")
    if network.inconsistency is not None:
        how = "Q between designs, chi-squared"
        yield estimate("consistency", network.inconsistency.p, "test of consistency", how, precision=2)
