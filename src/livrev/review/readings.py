"""The agreement of two readings, of results and of verdicts, as Results for prose."""

from collections.abc import Iterable

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
    yield _estimate("readings.count", len(read), "", "results that both readers saw", "count of records", read)
    same = pairs = 0
    for field in FIELDS:
        agreement = agreement_of_readings(review, field)
        if not agreement.pairs:
            continue
        share = 100 * agreement.same / agreement.pairs
        label = f"readings of {field} that agree, {agreement.same} of {agreement.pairs}"
        yield _estimate(f"readings.{field}.share", share, "%", label, "exact matches", read, 1)
        if field in CATEGORIES and agreement.kappa is not None:
            yield _estimate(f"readings.{field}.kappa", agreement.kappa, "", f"{_KAPPA}: {field}", "Cohen 1960", read, 2)
        else:
            same, pairs = same + agreement.same, pairs + agreement.pairs
    if pairs:
        label = f"numbers that both readers read alike, {same} of {pairs}"
        yield _estimate("readings.numbers.share", 100 * same / pairs, "%", label, "exact matches", read, 1)
        yield _estimate("readings.numbers.pairs", pairs, "", "numbers read twice", "count of records", read)
    verdicts = agreement_on_verdicts(review)
    if verdicts.pairs and verdicts.kappa is not None:
        judged = review.tables["verdict_readings"].records
        twice = [record["finding"] for record in judged if record["second"] is not None]
        turned = [record["finding"] for record in judged if record["settled"] != record["first"]]
        label = f"verdicts that both readers gave alike, {verdicts.same} of {verdicts.pairs}"
        share = 100 * verdicts.same / verdicts.pairs
        yield _estimate("verdicts.pairs", verdicts.pairs, "", "verdicts given twice", "count of records", twice)
        yield _estimate("verdicts.share", share, "%", label, "exact matches", twice, 1)
        yield _estimate("verdicts.kappa", verdicts.kappa, "", f"{_KAPPA}: verdict", "Cohen 1960", twice, 2)
        yield _estimate(
            "verdicts.turned", len(turned), "", "verdicts that the second turned", "count of records", turned
        )


def _estimate(
    name: str, value: float, unit: str, label: str, method: str, rests_on: Iterable[str], precision: int = 0
) -> Estimate:
    return Estimate(
        name=name, value=value, unit=unit, label=label, method=method, rests_on=tuple(rests_on), precision=precision
    )
