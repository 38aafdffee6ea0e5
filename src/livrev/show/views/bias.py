"""The risk of bias of the studies in a pool as traffic lights, and of one study as facts with their pages."""

from collections.abc import Iterable
from dataclasses import dataclass

from livrev.records.bias import FACTS, NO_INFORMATION, BiasFact
from livrev.records.model import Study
from livrev.records.review import Review
from livrev.records.safe_text import allowed_address
from livrev.review.bias import DOMAINS, Judged, domain_facts, facts_for, judge_result, needed_facts
from livrev.review.pools import Pooled
from livrev.show.figures.shown import ShownFigure
from livrev.show.figures.traffic_light import LIGHTS, draw_traffic_lights
from livrev.show.format import within_sentence
from livrev.show.views.evidence import shorten


def draw_bias(pooled: Pooled) -> ShownFigure:
    """Draw the risk of bias of each study of *pooled*, in the order of its forest plot. Raises ValueError where none is judged."""
    judged = [
        (member.study, pooled.bias[member.outcomes[0].study])
        for member in sorted(pooled.members, key=lambda member: member.effect.estimate)
        if member.outcomes and member.outcomes[0].study in pooled.bias
    ]
    if not judged:
        raise ValueError(f"{pooled.record['pool']}: no facts on bias are on record for its studies")
    tool = judged[0][1].tool
    rows = {shorten(name, 60): (*one.domains.values(), one.overall) for name, one in judged}
    return draw_traffic_lights(rows, columns=(*DOMAINS[tool], "overall"), tool=tool)


@dataclass(frozen=True, slots=True)
class Domain:
    """One domain of a study as its page shows it: name, sign and level, why judged otherwise, and the facts below it."""

    name: str
    sign: str
    level: str
    reason: str
    facts: tuple[tuple[str, str, str, str | None], ...]


@dataclass(frozen=True, slots=True)
class Appraised:
    """A result of a study by one tool: what it is, its level overall, and those of its domains that were not shown before."""

    title: str
    overall: str
    domains: tuple[Domain, ...]


def appraise_study(review: Review, study: Study) -> Iterable[Appraised]:
    """Yield what is known of a study's risk of bias: each result that is pooled, or the study where none is, by its tool.

    A domain that was shown for an earlier result of the same tool, and is the same, is not shown again.
    """
    label = review.vocabulary.label
    for (key, tool), results in needed_facts(review).items():
        if key != study.study or (key, tool) not in review.bias_facts:
            continue
        shown: set[Domain] = set()
        for endpoint, stratum in sorted(results, key=lambda result: (result[1] != "all", result)) or [("", "all")]:
            judged = judge_result(review, key, tool, endpoint, stratum=stratum)
            said = f", {within_sentence(label('endpoints', endpoint))}" if endpoint else ""
            said += f", {within_sentence(label('strata', stratum))}" if stratum != "all" else ""
            domains = [domain for domain in _domains(review, key, endpoint, judged) if domain not in shown]
            shown |= set(domains)
            yield Appraised(f"{tool}{said}", judged.overall, tuple(domains))


def _domains(review: Review, study: str, endpoint: str | None, judged: Judged) -> Iterable[Domain]:
    facts = facts_for(review, study, judged.tool, endpoint)
    asked = {domain: domain_facts(judged.tool, domain) for domain in judged.domains}
    for domain, level in judged.domains.items():
        yield Domain(domain, LIGHTS[level][0], level, judged.reasons.get(domain, ""), _say(facts, asked[domain]))
    others = tuple(name for name in FACTS[judged.tool] if not any(name in names for names in asked.values()))
    yield Domain("also known", "", "", "", _say(facts, others))


def _say(facts: dict[str, BiasFact], names: Iterable[str]) -> tuple[tuple[str, str, str, str | None], ...]:
    found = [(name, facts.get(name)) for name in names]
    return tuple(
        (name, fact.value, fact.words, allowed_address(fact.address or ""))
        if fact
        else (name, NO_INFORMATION, "", None)
        for name, fact in found
    )
