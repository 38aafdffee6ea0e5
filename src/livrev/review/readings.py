"""The agreement of two readings, of results and of verdicts, as Results for prose."""

from collections.abc import Iterable
from typing import Any

from livrev.records.model import Estimate
from livrev.records.review import Review
from livrev.stats.interrater import Agreement, compare_readings

NUMBERS = ("value", "ci_low", "ci_high", "events", "total")
CATEGORIES = ("measure", "contrast", "criteria", "population")
FIELDS = (*NUMBERS, *CATEGORIES)
_KAPPA = "Cohen's kappa of the two readings"


def agreement_of_readings(review: Review, field: str) -> Agreement:
    """Compare both readings of *field* over all results that both readers found."""
    found = [record for record in review.tables["readings"].records if record["found"] == "yes"]
    pairs = ((record[f"{field}_1"], record[f"{field}_2"]) for record in found)
    return compare_readings(field, pairs, categorical=field in CATEGORIES)


def agreement_on_verdicts(review: Review) -> Agreement:
    """Compare both readings of the verdicts on the findings; a finding that was read once is no pair."""
    pairs = ((record["first"], record["second"]) for record in review.tables["verdict_readings"].records)
    return compare_readings("verdict", pairs, categorical=True)


def reading_estimates(review: Review) -> Iterable[Estimate]:
    """Yield how many results and verdicts were read twice, the share read alike, and for categories kappa."""
    records = review.tables["readings"].records
    read = [record["outcome"] for record in records if record["found"] == "yes"]
    exact: dict[str, Any] = {"unit": "%", "method": "exact matches", "precision": 1}
    kappa: dict[str, Any] = {"method": "Cohen 1960", "precision": 2}
    yield Estimate.make("readings.count", len(read), "results that both readers saw", read)
    same = pairs = 0
    for field in FIELDS:
        agreement = agreement_of_readings(review, field)
        if not agreement.pairs:
            continue
        label = f"readings of {field} that agree, {agreement.same} of {agreement.pairs}"
        yield Estimate.make(f"readings.{field}.share", agreement.share, label, read, **exact)
        if field in CATEGORIES and agreement.kappa is not None:
            yield Estimate.make(f"readings.{field}.kappa", agreement.kappa, f"{_KAPPA}: {field}", read, **kappa)
        else:
            same, pairs = same + agreement.same, pairs + agreement.pairs
    if pairs:
        label = f"numbers that both readers read alike, {same} of {pairs}"
        yield Estimate.make("readings.numbers.share", 100 * same / pairs, label, read, **exact)
        yield Estimate.make("readings.numbers.pairs", pairs, "numbers read twice", read)
    verdicts = agreement_on_verdicts(review)
    if verdicts.pairs and verdicts.kappa is not None:
        judged = review.tables["verdict_readings"].records
        twice = [record["finding"] for record in judged if record["second"] is not None]
        turned = [record["finding"] for record in judged if record["settled"] != record["first"]]
        label = f"verdicts that both readers gave alike, {verdicts.same} of {verdicts.pairs}"
        yield Estimate.make("verdicts.pairs", verdicts.pairs, "verdicts given twice", twice)
        yield Estimate.make("verdicts.share", verdicts.share, label, twice, **exact)
        yield Estimate.make("verdicts.kappa", verdicts.kappa, f"{_KAPPA}: verdict", twice, **kappa)
        yield Estimate.make("verdicts.turned", len(turned), "verdicts that the second turned", turned)
