"""Check the tables of pools and networks: results that may stand together, each read twice; in a pool one of each study."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any

from livrev.diagnostics import Problem
from livrev.records.measures import SHARES
from livrev.records.model import Outcome
from livrev.records.review import Review, Rows
from livrev.review.networks import fit_plan, network_contrasts, network_plans, readings_of_arms
from livrev.review.pool_inputs import count_of, make_members
from livrev.review.pools import FEWEST


def check_pools(review: Review) -> Iterable[Problem]:
    """Yield what keeps a pool from being one: too few or unlike results, a flag, a study twice, a report out of date."""
    rows = review.tables.get("pools")
    for record, problem in _records(review, rows) if rows is not None else ():
        if len(record["outcomes"]) < FEWEST:
            cure = f"pool {FEWEST} or more; below that the studies are shown"
            yield problem(str(len(record["outcomes"])), "results are too few to pool", cure)
        yield from _check_members(review, record, problem)
        firsts = [review.outcomes[key] for key in record["outcomes"] if key in review.outcomes]
        yield from (problem(*said) for said in _repeated(review, firsts))
        if all(key in review.outcomes for key in (*record["outcomes"], *record["comparators"])):
            try:
                make_members(review, record)
            except ValueError as error:
                yield problem("", f"cannot be pooled: {error}", "mend the pool, or take the study out")


def check_networks(review: Review) -> Iterable[Problem]:
    """Yield what keeps a network from being one: unlike results, a flag, an arm without a treatment, a piece that hangs apart."""
    rows = review.tables.get("networks")
    for record, problem in _records(review, rows) if rows is not None else ():
        found = list(_check_members(review, network_as_pool(record), problem))
        yield from found
        plan = network_plans(review)[record["network"]]
        for by in readings_of_arms(review) if not found else ():
            try:
                fit_plan(plan, network_contrasts(review, plan, by))
            except ValueError as error:
                cure = "mend the network, or the table of treatments"
                yield problem(by, f"gives no network: {error}", cure)


def network_as_pool(record: dict[str, Any]) -> dict[str, Any]:
    """Return the row of a network with what a pool says besides: it compares treatments in all patients."""
    return record | {"contrast": "treatment", "stratum": "all", "other_stratum": None}


def _records(review: Review, rows: Rows) -> Iterable[tuple[dict[str, Any], Callable[[str, str, str], Problem]]]:
    """Yield each row with a maker of problems at its line."""
    file = review.repository.relative(review.repository.data / rows.table.path)
    for record, line in zip(rows.records, rows.lines, strict=True):
        yield record, partial(Problem, file, line, "outcomes")


def _check_members(
    review: Review, record: dict[str, Any], problem: Callable[[str, str, str], Problem]
) -> Iterable[Problem]:
    """Yield what is wrong with the results of a pool or network, one by one."""
    read_twice = {record["outcome"] for record in review.tables["readings"].records if record["found"] == "yes"}
    rows = review.tables["outcomes"]
    newer = [n for n, older in enumerate(rows.column("supersedes")) if older]
    updates = (rows.records[n] for n in newer)
    old = {row["supersedes"] for row in updates if _can_replace(row)}
    for key in dict.fromkeys((*record["outcomes"], *record["comparators"])):
        if key not in review.outcomes:
            yield problem(key, "is not in outcomes", "mend the id, or add the result to data/outcomes.csv")
            continue
        member = review.outcomes[key]
        if member.flag:
            yield problem(member.outcome, f"is flagged {member.flag}", "flagged results stay out of pools")
        if not _has_numbers(record, member):
            yield problem(member.outcome, _missing(record), "take it out of the pool")
        if (
            member.outcome in old and record["measure"] != "ratio-of-HR"
        ):  # strata belong to one analysis, not to the latest
            yield problem(member.outcome, "was superseded by a later report", "pool the later report, or none")
        if member.outcome not in read_twice:
            cure = "have it read a second time, and add the row to data/readings.csv"
            yield problem(member.outcome, "was read only once", cure)
        for field, allowed in _expected(record).items():
            if getattr(member, field) not in allowed:
                said = f"has {field} {getattr(member, field)}, the pool {' or '.join(allowed)}"
                yield problem(member.outcome, said, "never in one pool: take it out")


def _can_replace(row: Mapping[str, Any]) -> bool:
    """Tell whether a later report may take the place of an earlier one: it has an interval or a count, and no flag."""
    return not row["flag"] and (row["ci_low"] is not None or row["total"] is not None)


def _expected(record: dict[str, Any]) -> dict[str, tuple[str, ...]]:
    """Return the values that each member of a pool may have, by field."""
    measure, contrast = record["measure"], (record["contrast"],)
    stratum: tuple[str, ...] = (record["stratum"],)
    if measure == "proportion" or (record["comparators"] and measure == "RR"):
        return {"endpoint": (record["endpoint"],), "measure": SHARES, "contrast": ("arm",), "stratum": stratum}
    if measure == "ratio-of-HR":
        measure, stratum = "HR", (*stratum, record["other_stratum"] or "", "all")
    return {"endpoint": (record["endpoint"],), "measure": (measure,), "contrast": contrast, "stratum": stratum}


def _has_numbers(record: dict[str, Any], member: Outcome) -> bool:
    if "arm" in _expected(record)["contrast"]:
        try:
            count_of(member)
        except ValueError:
            return False
        return True
    return None not in (member.value, member.ci_low, member.ci_high, member.ci_level)


def _missing(record: dict[str, Any]) -> str:
    return (
        "is no share of a stated total"
        if "arm" in _expected(record)["contrast"]
        else "has no interval of a stated level"
    )


def _repeated(review: Review, members: Sequence[Outcome]) -> Iterable[tuple[str, str, str]]:
    studies: dict[str, str] = {}
    for member in members:
        identity = review.studies[member.study].part_of or member.study
        if identity in studies:
            yield member.outcome, f"is of the same study as {studies[identity]}", "one effect a study"
        studies.setdefault(identity, member.outcome)
