"""How sure we are of each answer: the steps of GRADE, and what a ratio means for a thousand patients."""

from livrev.records.review import Review
from livrev.review.absolute import Absolute, absolute_effect
from livrev.review.certainty import DOMAINS, judge_certainty, propose_certainty
from livrev.review.pools import Pooled, pool_evidence
from livrev.show.tables import ShownTable, show_table
from livrev.show.views.evidence import MEASURES
from livrev.show.views.pools import appraisals_of, say

_HEADS = {
    "risk_of_bias": "Risk of bias",
    "inconsistency": "Inconsistency",
    "indirectness": "Indirectness",
    "imprecision": "Imprecision",
    "publication_bias": "Missing results",
    "upgrade": "Up",
}


def show_findings(review: Review) -> ShownTable:
    """Return the summary of findings: one row a question, with its absolute effect and its certainty."""
    appraisals = appraisals_of(review)
    rows = []
    for key, pooled in pool_evidence(review).items():
        appraisal = appraisals[key]
        rows.append(
            {
                "question": appraisal["question"],
                "k": pooled.pool.k,
                "measure": MEASURES[pooled.record["measure"]],
                "pooled": say(pooled, pooled.pool.value, pooled.pool.modified),
                **_say_absolute(review, pooled, appraisal["baseline"]),
                "certainty": appraisal["certainty"],
                "reason": appraisal["reason"],
            }
        )
    columns = {
        "question": "Question", "k": "Studies", "measure": "Measure", "pooled": "Pooled (95 % CI)",
        "without": "Without, of 1000", "with": "With, of 1000", "difference": "Difference, of 1000",
        "source": "Risk without, from", "certainty": "Certainty", "reason": "Because",
    }  # fmt: skip
    caption = "Summary of findings, with what each ratio means for 1000 patients"
    return show_table(rows, name="table-findings-summary", caption=caption, columns=columns, filters=["certainty"])


def _say_absolute(review: Review, pooled: Pooled, baseline: str | None) -> dict[str, str]:
    if baseline is None:
        return {}
    outcome = review.outcomes[baseline]
    effect = absolute_effect(pooled, outcome)
    value, low, high = effect.difference
    at = f" at {effect.months:g} months" if effect.months else ""
    return {
        "without": f"{effect.without:.0f}{at}",
        "with": f"{effect.with_:.0f} ({effect.low:.0f} to {effect.high:.0f})",
        "difference": f"{_signed(value)} ({_signed(low)} to {_signed(high)})",
        "source": f"{review.studies[outcome.study].name.partition(' (')[0]}, {outcome.arm}",
    }


def _signed(number: float) -> str:
    return f"{number:+.0f}".replace("-", "−")


def show_steps(review: Review) -> ShownTable:
    """Return, for each pool, where its certainty starts, each step with its reason, and where the judge went another way."""
    appraisals = appraisals_of(review)
    rows = []
    for key, pooled in pool_evidence(review).items():
        appraisal = appraisals[key]
        proposal, judged = propose_certainty(review, pooled), judge_certainty(review, pooled, appraisal)
        rows.append(
            {
                "title": pooled.record["title"],
                "start": proposal.start,
                **{
                    domain: f"{_signed(step.by)}: {step.reason}" if step.by else step.reason
                    for domain, step in judged.steps.items()
                },
                "proposed": proposal.certainty,
                "certainty": appraisal["certainty"],
                "difference": appraisal["difference"],
            }
        )
    columns = {
        "title": "Pool", "start": "Starts", **{domain: _HEADS[domain] for domain in (*DOMAINS, "upgrade")},
        "proposed": "Code proposes", "certainty": "Judged", "difference": "Why otherwise",
    }  # fmt: skip
    caption = "Certainty of each pooled answer, step by step"
    return show_table(rows, name="table-certainty", caption=caption, columns=columns, filters=["certainty"])


def absolute_of(review: Review, pool: str) -> Absolute:
    """Return the absolute effect of one pool. Raises ValueError where its appraisal names no baseline."""
    baseline = appraisals_of(review)[pool]["baseline"]
    if baseline is None:
        raise ValueError(f"the appraisal of {pool} names no baseline; fill the column baseline of the appraisals")
    return absolute_effect(pool_evidence(review)[pool], review.outcomes[baseline])
