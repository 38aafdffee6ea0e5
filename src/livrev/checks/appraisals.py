"""Check the appraisals: every pool is judged, the word follows from the steps, and a departure gives its reason."""

from collections.abc import Iterable

from livrev.diagnostics import Problem
from livrev.records.review import Review
from livrev.review.absolute import absolute_effect
from livrev.review.certainty import judge_certainty, propose_certainty
from livrev.review.pools import pool_evidence
from livrev.review.tradeoffs import weigh


def check_appraisals(review: Review) -> Iterable[Problem]:
    """Yield what is wrong with the judgement of a pool's certainty, and pools that nobody judged."""
    if "appraisals" not in review.tables or "pools" not in review.tables:
        return
    rows = review.tables["appraisals"]
    file = review.repository.relative(review.repository.data / rows.table.path)
    judged_pools = {record["pool"] for record in rows.records}
    pools = review.tables["pools"]
    for record, line in zip(pools.records, pools.lines, strict=True):
        if record["pool"] not in judged_pools:
            name = review.repository.relative(review.repository.data / pools.table.path)
            yield Problem(name, line, "pool", record["pool"], "has no appraisal", f"add a row to {file}")
    pooled = pool_evidence(review)
    for record, line in zip(rows.records, rows.lines, strict=True):
        if record["pool"] not in pooled:
            continue  # what is wrong with the pool is said where the pools are checked
        pool = pooled[record["pool"]]
        proposal, judged = propose_certainty(review, pool, record["threshold"]), judge_certainty(review, pool, record)
        if judged.certainty != record["certainty"]:
            said = ", ".join(f"{domain} {step.by:+d}" for domain, step in judged.steps.items() if step.by) or "no step"
            message = f"does not follow: from {judged.start}, {said} leads to {judged.certainty}"
            cure = "judge the steps otherwise and say why in difference, or change the word"
            yield Problem(file, line, "certainty", record["certainty"], message, cure)
        departs = [domain for domain, step in judged.steps.items() if step.by != proposal.steps[domain].by]
        if departs and not record["difference"]:
            message = f"is empty, though {', '.join(departs)} departs from the proposal"
            yield Problem(file, line, "difference", "", message, "say why the judgement differs")
        for key in record["published"]:
            if key not in review.outcomes or review.outcomes[key].contrast != "pooled":
                cure = "name a result whose contrast is pooled"
                yield Problem(file, line, "published", key, "is no result of a published meta-analysis", cure)
        if record["published"] and not record["overlap"]:
            yield Problem(file, line, "overlap", "", "is empty beside published", "say which studies both hold")
        if record["baseline"] in review.outcomes:
            try:
                absolute_effect(pool, review.outcomes[record["baseline"]])
            except ValueError as error:
                cure = "name a rate at a time for hazard ratios, a share for risk ratios"
                yield Problem(file, line, "baseline", record["baseline"], str(error), cure)


def check_tradeoffs(review: Review) -> Iterable[Problem]:
    """Yield each row of the table of tradeoffs whose results do not fit each other."""
    if "tradeoffs" not in review.tables or "appraisals" not in review.tables:
        return
    rows = review.tables["tradeoffs"]
    file = review.repository.relative(review.repository.data / rows.table.path)
    pools = pool_evidence(review)
    for record, line in zip(rows.records, rows.lines, strict=True):
        try:
            weigh(review, record, pools)
        except ValueError as error:
            cure = "name a pool or a ratio with its baseline, or the same result of both arms, and how sure it is"
            yield Problem(file, line, "tradeoff", record["tradeoff"], str(error), cure)
