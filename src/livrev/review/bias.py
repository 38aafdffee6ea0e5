"""Judge the risk of bias of a result from facts on its study, by the tools' own algorithms; a person may differ, with a reason.

Randomised trials by RoB 2 (Sterne 2019, doi:10.1136/bmj.l4898), for the effect of assignment; comparisons that were not randomised
by ROBINS-I (Sterne 2016, doi:10.1136/bmj.i4919), whose moderate is `some concerns` here, whose serious and critical are `high`, and
nothing overall where nobody knows what was adjusted for and no domain is high; prognosis by QUIPS (Hayden 2013,
doi:10.7326/0003-4819-158-4-201302190-00009), summed up as Grooten 2019 did (doi:10.1186/s41512-019-0050-0); one group without a
control by the checklist of JBI for case series (Munn 2020, doi:10.11124/JBISRIR-D-19-00099), summed up by its worst answer. What no
page says is `no information`: it keeps a result from low risk, and brings none to high. Interim reports, early stopping,
crossover and sponsors are facts to see, no part of these tools.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import yaml

from livrev.records.model import PoolPlan, Study
from livrev.records.readings import BY_ENDPOINT, FACTS, NO_INFORMATION, BiasFact, BiasJudgement, Level
from livrev.records.review import Review

RANDOMISED = ("rct", "rct-subgroup")
LOW: Final = "low"
SOME: Final = "some concerns"
HIGH: Final = "high"
NONE: Final = NO_INFORMATION
_WHOLE: Final = "all"
COHORTS: Final = "ROBINS-I"
_RULES: dict[str, dict[str, list[dict[str, Any]]]] = yaml.safe_load(
    Path(__file__).with_name("bias_rules.yml").read_text(encoding="utf-8")
)
# Of the others each fact is a domain: low where it is answered best, else a concern, or high where it is grave.
for _tool, _grave in (("QUIPS", "attrition confounding analysis"), ("JBI", "consecutive complete statistics")):
    _RULES[_tool] = {
        fact: [{fact: answers[0], "level": LOW}, {"level": HIGH if fact in _grave.split() else SOME}]
        for fact, answers in FACTS[_tool].items()
        if fact != "sponsor"
    }
DOMAINS: dict[str, tuple[str, ...]] = {tool: tuple(rules) for tool, rules in _RULES.items()}
_OVERALL_MODERATE = 2  # moderate domains from which QUIPS is moderate, and one more, from which it is high


@dataclass(frozen=True, slots=True)
class Judged:
    """One result: its tool, the level of each domain, the level overall, and why a person judged a domain otherwise."""

    tool: str
    domains: Mapping[str, Level]
    overall: Level
    reasons: Mapping[str, str]


def tool_for(plan: PoolPlan, study: Study) -> str:
    """Return the tool for a study in the pool that *plan* describes."""
    if plan.contrast == "prognostic":
        return "QUIPS"
    if plan.measure == "proportion":
        return "JBI"
    return "RoB 2" if study.design in RANDOMISED else COHORTS


def facts_for(review: Review, study: str, tool: str, endpoint: str | None) -> dict[str, BiasFact]:
    """Return the facts on a *study* that *tool* asks for, by name: those of *endpoint* before those of the whole study."""
    rows = review.bias_facts.get((study, tool), ())
    found = {row.fact: row for row in rows if row.endpoint is None}
    return found | {row.fact: row for row in rows if endpoint is not None and row.endpoint == endpoint}


def domain_facts(tool: str, domain: str) -> tuple[str, ...]:
    """Return the facts that a *domain* of *tool* is judged by, in the order in which they are asked."""
    asked = {fact for rule in _RULES[tool][domain] for fact in rule}
    return tuple(fact for fact in FACTS[tool] if fact in asked)


def judge_facts(tool: str, values: Mapping[str, str], judged: Iterable[BiasJudgement] = ()) -> Judged:
    """Return what the algorithm of *tool* makes of the *values* of facts, and of the domains *judged* otherwise.

    >>> judge_facts("QUIPS", dict.fromkeys(FACTS["QUIPS"], "no information") | {"confounding": "unadjusted"}).overall
    'high'
    """
    levels: dict[str, Level] = {domain: _level(tool, domain, values) for domain in DOMAINS[tool]}
    reasons = {}
    for other in judged:
        levels[other.domain], reasons[other.domain] = other.judgement, other.reason
    return Judged(tool, levels, _overall(tool, levels), reasons)


def _level(tool: str, domain: str, values: Mapping[str, str]) -> Level:
    known = {fact: values.get(fact, NONE) for fact in domain_facts(tool, domain)}
    if set(known.values()) == {NONE}:
        return NONE
    for rule in _RULES[tool][domain]:
        asked = {fact: said if isinstance(said, list) else [said] for fact, said in rule.items() if fact != "level"}
        if all(known[fact] in said for fact, said in asked.items()):
            level: Level = rule["level"]
            return level
    return NONE


def _overall(tool: str, domains: Mapping[str, Level]) -> Level:
    levels = tuple(domains.values())
    moderate = levels.count(SOME)
    if HIGH in levels or (tool == "QUIPS" and moderate > _OVERALL_MODERATE):
        return HIGH
    if tool == COHORTS and domains["confounding"] == NONE:
        return NONE
    fewest = _OVERALL_MODERATE if tool == "QUIPS" else 1
    return SOME if moderate >= fewest or NONE in levels else LOW


def judge_result(review: Review, study: str, tool: str, endpoint: str | None, *, stratum: str = _WHOLE) -> Judged:
    """Return the risk of bias of a study's result on *endpoint*, in a part of its patients where *stratum* names one."""
    values = {name: fact.value for name, fact in facts_for(review, study, tool, endpoint).items()}
    if stratum == _WHOLE and "stratum" in FACTS[tool]:
        values["stratum"] = "whole trial"
    judged = (other for other in review.all(BiasJudgement) if (other.study, other.tool) == (study, tool))
    own = [other for other in judged if other.endpoint in (None, endpoint)]
    return judge_facts(tool, values, own)


def judge_pool(review: Review, plan: PoolPlan) -> dict[str, Judged]:
    """Return the risk of bias of each study in the pool that *plan* describes, as far as there are facts on it."""
    studies = [review.studies[review.outcomes[key].study] for key in plan.outcomes]
    tools = {
        study.study: tool for study in studies if (study.study, tool := tool_for(plan, study)) in review.bias_facts
    }
    return {key: judge_result(review, key, tool, plan.endpoint, stratum=plan.stratum) for key, tool in tools.items()}


def judge_all(review: Review, only: str | None = None) -> Iterable[tuple[str, str, str, Judged]]:
    """Yield each result with facts, or those of one study *only*: study, endpoint, stratum, and its risk of bias."""
    for (study, tool), results in needed_facts(review).items():
        if only in (None, study) and (study, tool) in review.bias_facts:
            whole_first = sorted(results or {("", _WHOLE)}, key=lambda result: (result[1] != _WHOLE, result))
            for endpoint, stratum in whole_first:
                yield study, endpoint, stratum, judge_result(review, study, tool, endpoint, stratum=stratum)


def needed_facts(review: Review) -> dict[tuple[str, str], set[tuple[str, str]]]:
    """Return each study and tool that facts are needed for, with endpoint and stratum: of its pools, else of the facts that it has."""
    needed: dict[tuple[str, str], set[tuple[str, str]]] = {pair: set() for pair in review.bias_facts}
    for plan in review.pools.values():
        for outcome in (review.outcomes[key] for key in plan.outcomes if key in review.outcomes):
            tool = tool_for(plan, review.studies[outcome.study])
            needed.setdefault((outcome.study, tool), set()).add((plan.endpoint, plan.stratum))
    for pair, results in needed.items():
        if not results:
            results |= {(row.endpoint, _WHOLE) for row in review.bias_facts[pair] if row.endpoint}
    return needed


def missing_facts(review: Review) -> Iterable[tuple[str, str, str, str | None]]:
    """Yield study, tool, fact and endpoint of each fact that is needed and has no row; nothing before the first row is written."""
    for (study, tool), results in needed_facts(review).items() if review.bias_facts else ():
        have = {(row.fact, row.endpoint) for row in review.bias_facts.get((study, tool), ())}
        for fact in FACTS[tool]:
            known = {endpoint for name, endpoint in have if name == fact}
            if fact in BY_ENDPOINT and None not in known:
                yield from ((study, tool, fact, end) for end in sorted({end for end, _ in results} - known))
            elif not known:
                yield study, tool, fact, None
