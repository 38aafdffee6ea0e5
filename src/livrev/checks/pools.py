"""Check pools, networks, appraisals and tradeoffs: results that may stand together, each read twice, and a judgement of every pool."""

from collections.abc import Callable, Iterable
from typing import Any

from livrev.checks.studies import updates_of
from livrev.diagnostics import Problem
from livrev.records.measures import SHARES
from livrev.records.model import Appraisal, Consequence, Plan, PoolPlan
from livrev.records.review import Review
from livrev.review.absolute import absolute_effect, weigh
from livrev.review.certainty import judge_certainty, propose_certainty
from livrev.review.networks import fit_plan, network_contrasts, network_plans, readings_of_arms
from livrev.review.pool_inputs import count_of, make_members
from livrev.review.pools import FEWEST, pool_evidence
from livrev.review.studies import family_of

Say = Callable[..., Problem]  # of field, value, message, cure


def check_pools(review: Review) -> Iterable[Problem]:
    """Yield what keeps a pool from being one: too few or unlike results, a flag, a study twice, a report out of date."""
    old = _superseded(review)
    for plan, say in review.located(PoolPlan):
        if len(plan.outcomes) < FEWEST:
            cure = f"pool {FEWEST} or more; below that the studies are shown"
            yield say("outcomes", str(len(plan.outcomes)), "results are too few to pool", cure)
        yield from _check_members(review, plan, old, say)
        known: dict[str, str] = {}
        for key in (key for key in plan.outcomes if key in review.outcomes):
            family = family_of(review, review.outcomes[key].study)
            if family in known:  # by another result, or by this one, which is named twice
                yield say("outcomes", key, f"is of the same study as {known[family]}", "one effect a study")
            known.setdefault(family, key)
        if all(key in review.outcomes for key in (*plan.outcomes, *plan.comparators)):
            try:
                make_members(review, plan)
            except ValueError as error:
                cure = "mend the pool, or take the study out"
                yield say("outcomes", _named_in(review, plan, error), f"cannot be pooled: {error}", cure, unmade=True)


def _named_in(review: Review, plan: Plan, error: ValueError) -> str:
    """Return the lost row, else the result of *plan*, that *error* names; empty where it names none."""
    return next((key for key in (*review.lost, *plan.outcomes, *plan.comparators) if key in str(error)), "")


def check_networks(review: Review) -> Iterable[Problem]:
    """Yield what keeps a network from being one: unlike results, a flag, an arm without a treatment, a piece that hangs apart."""
    old = _superseded(review)
    for key, plan in network_plans(review).items():
        say, row = review.problem_at("networks", key), review.networks[key]
        found = list(_check_members(review, row, old, say))
        yield from found
        whole = all(one in review.outcomes for one in (*row.outcomes, *row.comparators))
        for by in readings_of_arms(review) if whole and not found else ():
            try:
                fit_plan(plan, network_contrasts(review, plan, by))
            except ValueError as error:
                cure = "mend the network, or the table of treatments"
                said = f"gives no network by {by}: {error}"
                yield say("outcomes", _named_in(review, row, error), said, cure, unmade=True)
                break


def _superseded(review: Review) -> set[str | None]:
    """Return each result whose place a later report takes: one that has an interval or a count, and no flag."""
    later = (review.outcomes[key] for key in updates_of(review))
    return {one.supersedes for one in later if not one.flag and (one.ci_low is not None or one.total is not None)}


def _check_members(review: Review, plan: Plan, old: set[str | None], say: Say) -> Iterable[Problem]:
    """Yield what is wrong with the results of a pool or network, one by one; *old* are those of earlier reports."""
    expected = _expected(plan)
    for key in dict.fromkeys((*plan.outcomes, *plan.comparators)):
        if (member := review.outcomes.get(key)) is None:
            continue  # said where the tables are read
        if member.flag:
            yield say("outcomes", key, f"is flagged {member.flag}", "flagged results stay out of pools")
        numbers, counted = (member.value, member.ci_low, member.ci_high, member.ci_level), "arm" in expected["contrast"]
        try:
            whole = bool(count_of(member)) if counted else None not in numbers
        except ValueError:
            whole = False
        if not whole:
            message = "is no share of a stated total" if counted else "has no interval of a stated level"
            yield say("outcomes", key, message, "take it out of the pool")
        if key in old and plan.measure != "ratio-of-HR":  # strata belong to one analysis, not to the latest
            yield say("outcomes", key, "was superseded by a later report", "pool the later report, or none")
        if key not in review.readings or not review.readings[key].found:
            cure = "have it read a second time, and add the row to data/readings.csv"
            yield say("outcomes", key, "was read only once", cure)
        for field, allowed in expected.items():
            if getattr(member, field) not in allowed:
                said = f"has {field} {getattr(member, field)}, the pool {' or '.join(allowed)}"
                yield say("outcomes", key, said, "never in one pool: take it out")


def _expected(plan: Plan) -> dict[str, tuple[str, ...]]:
    """Return the values that each member of a pool may have, by field."""
    own: dict[str, Any] = {name: (getattr(plan, name),) for name in ("endpoint", "measure", "contrast", "stratum")}
    if plan.measure == "proportion" or (plan.comparators and plan.measure == "RR"):
        return own | {"measure": SHARES, "contrast": ("arm",)}
    if plan.measure == "ratio-of-HR":
        return own | {"measure": ("HR",), "stratum": (plan.stratum, plan.other_stratum or "", "all")}
    return own


def check_appraisals(review: Review) -> Iterable[Problem]:
    """Yield what is wrong with the judgement of a pool's certainty, and pools that nobody judged."""
    pooled = pool_evidence(review)
    for plan, say in review.located(PoolPlan):
        if plan.pool not in review.appraisals:
            yield say("pool", plan.pool, "has no appraisal", f"add a row to {review.file_of('appraisals')}")
    for appraisal, say in review.located(Appraisal):
        if (pool := pooled.get(appraisal.pool)) is None:
            continue  # what is wrong with the pool is said where the pools are checked
        proposal = propose_certainty(review, pool, appraisal.threshold)
        judged = judge_certainty(review, pool, appraisal)
        if judged.certainty != appraisal.certainty:
            said = ", ".join(f"{domain} {step.by:+d}" for domain, step in judged.steps.items() if step.by) or "no step"
            message = f"does not follow: from {judged.start}, {said} leads to {judged.certainty}"
            cure = "judge the steps otherwise and say why in difference, or change the word"
            yield say("certainty", appraisal.certainty, message, cure)
        departs = [domain for domain, step in judged.steps.items() if step.by != proposal.steps[domain].by]
        if departs and not appraisal.difference:
            message = f"is empty, though {', '.join(departs)} departs from the proposal"
            yield say("difference", "", message, "say why the judgement differs")
        for key in appraisal.published:
            if key not in review.outcomes or review.outcomes[key].contrast != "pooled":
                said = "is no result of a published meta-analysis"
                yield say("published", key, said, "name a result whose contrast is pooled")
        if appraisal.published and not appraisal.overlap:
            yield say("overlap", "", "is empty beside published", "say which studies both hold")
        try:
            if baseline := review.outcomes.get(appraisal.baseline or ""):
                absolute_effect(pool, baseline)
        except ValueError as error:
            cure = "name a rate at a time for hazard ratios, a share for risk ratios"
            yield say("baseline", str(appraisal.baseline), str(error), cure)


def check_tradeoffs(review: Review) -> Iterable[Problem]:
    """Yield each row of the table of tradeoffs whose results do not fit each other."""
    pools = pool_evidence(review)
    for row, say in review.located(Consequence):
        try:
            weigh(review, row, pools)
        except ValueError as error:
            cure = "name a pool or a ratio with its baseline, or the same result of both arms, and how sure it is"
            named = row.pool if row.pool and row.pool in str(error) else row.tradeoff
            yield say("tradeoff", named, str(error), cure, unmade=True)
