"""What the evidence explorer shows, as plain data for a browser; numbers for plots are at 95 percent, words as in other tables.

A study is a row of `STUDY`; of results there is a column for each of `RESULT`. What returns many times is named by its place in a list.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict
from typing import Any
from urllib.parse import parse_qsl

from livrev.diagnostics import suggest
from livrev.records.measures import measure_of
from livrev.records.model import CERTAINTIES, Appraisal, NetworkPlan, Outcome
from livrev.records.review import Review
from livrev.review.absolute import absolute_effect
from livrev.review.bias import HIGH
from livrev.review.networks import network_contrasts, network_plans, readings_of_arms
from livrev.review.pool_inputs import Member, latest_reports, reported_of
from livrev.review.pools import Pooled, pool_evidence
from livrev.review.studies import counted_studies, mark_of, retracted_outcomes
from livrev.show.figures.forest import OTHER_LEVEL
from livrev.show.figures.scale import Span
from livrev.show.format import format_effect, format_number, format_outcome
from livrev.show.names import BASIS, cite, condition_group, say_code
from livrev.show.tables import Link
from livrev.show.views.cards import place_of_pool
from livrev.show.views.forest_plots import show_member
from livrev.stats.pooling import Pool
from livrev.stats.proportions import clopper_pearson

STUDY = (
    "id", "name", "year", "n", "question", "design", "conditions", "strategies", "nct", "retraction", "counted", "reference",
)  # fmt: skip
RESULT = (
    "study", "id", "endpoint", "contrast", "stratum", "groups", "said", "numbers", "kind", "value", "low", "high",
    "basis", "reference", "address", "flag", "older",
)  # fmt: skip
CONTRASTS = {
    "treatment": "Benefit over a control",
    "prognostic": "Prognosis, not benefit",
    "arm": "One group, no comparison",
    "pooled": "Pooled by another review",
}
RATIO, DIFFERENCE, SHARE, MONTHS = "ratio", "difference", "share", "months"
PLOTS = ("pools", RATIO, DIFFERENCE, SHARE, MONTHS)


def explorer_data(review: Review) -> dict[str, Any]:
    """Return everything that the explorer shows; None stands for what was not reported."""
    gone, counted = retracted_outcomes(review), counted_studies(review)
    rows = {key: place for place, key in enumerate(review.outcomes)}
    once: defaultdict[str, dict[Any, int]] = defaultdict(dict)
    results = list(_results(review, once))
    arms = review.tables["treatments"].table.columns[1:] if "treatments" in review.tables else ()
    return {
        "terms": _terms(review),
        "condition": review.settings.condition.model_dump(),
        "everyone": review.vocabulary.label("strata", "all") if "all" in review.vocabulary.ids("strata") else "",
        "headings": [heading.model_dump() for heading in review.settings.pool_headings],
        "certainties": list(CERTAINTIES),
        "studies": [
            [
                key, study.name, study.year, study.n, study.question, study.design, list(study.condition), list(study.strategy),
                " ".join(study.nct), mark_of(review, study.citekey), int(key in counted), study.citekey,
            ]
            for key, study in review.studies.items()
        ],
        "words": list(once["words"]),
        "references": list(map(list, once["references"])),
        "addresses": list(once["addresses"]),
        "results": {name: [row[place] for row in results] for place, name in enumerate(RESULT)},
        "retracted": [rows[key] for key in rows if key in gone],
        "pools": [_pool(review, key, pooled, rows) for key, pooled in pool_evidence(review).items()],
        "networks": [_network(review, plan) for plan in network_plans(review).values()],
        # What each reading of the arms of a network means, in the words of the data dictionary.
        "readings": {column.name: column.description.rstrip(".") for column in arms},
    }  # fmt: skip


def _network(review: Review, plan: NetworkPlan) -> dict[str, Any]:
    """Return a network with its contrasts by every reading of its arms that changes them, at full precision."""
    readings: dict[str, list[list[Any]]] = {}
    for by in readings_of_arms(review):
        rows = network_contrasts(review, plan, by)
        said = [[row.study, row.treatment, row.comparator, row.estimate, row.se, row.covariance] for row in rows]
        if said not in readings.values():
            readings[by] = said
    return {
        "id": plan.network, "title": plan.title, "unit": measure_of(plan.measure).name, "reference": plan.reference,
        "favours": [plan.favours_low, plan.favours_high], "rule": plan.rule, "caution": plan.caution, "readings": readings,
    }  # fmt: skip


def check_view(data: dict[str, Any], view: str) -> str:
    """Return what is wrong with an address of the explorer (`pool=…&out=…`) and its cure; empty where nothing is."""
    held = {name: {term[0] for term in terms} for name, terms in data["terms"].items() if name != "basis"}
    rows = [row for plan in data["networks"] for contrasts in plan["readings"].values() for row in contrasts]
    studies, arms = {study[0] for study in data["studies"]}, {arm for row in rows for arm in row[1:3]}
    held |= {
        "pool": {pool["id"] for pool in data["pools"]}, "out": studies, "certainty": set(data["certainties"]),
        "plot": set(PLOTS), "map": {"condition", "design"}, "network": {plan["id"] for plan in data["networks"]},
        "by": set(data["readings"]), "family": {pool["family"] for pool in data["pools"]} - {""}, "gone": studies | arms,
    }  # fmt: skip
    for name, text in parse_qsl(view, keep_blank_values=True):
        if name in ("from", "to", "text", "baseline", "threshold") and text:
            continue
        if name not in held:
            return f"has no part {name}; use one of {', '.join(held)}, from, to, text, baseline, threshold"
        for value in text.split(",") if name in ("out", "gone") else [text]:
            if value not in held[name]:
                near = f"use one as {', '.join(sorted(held[name])[:3])}"
                cure = suggest(value, held[name], near, most=3, likeness=0.3)
                return f"has {name}={value}, which is not in the review; {cure}"
    return ""


def _terms(review: Review) -> dict[str, list[list[Any]]]:
    """Return, for each filter, its terms in use as [id, label]; a condition also its broader one, a strategy its certainty."""
    studies, outcomes, group = review.studies.values(), review.outcomes.values(), condition_group(review)

    def used(group: str, ids: Iterable[str]) -> list[list[Any]]:
        return sorted(([id_, say_code(review, group, id_)] for id_ in {*ids}), key=lambda term: term[1].lower())

    broader = {condition: term.broader for condition, term in review.vocabulary.terms[group].items()}
    rated = {key: strategy.certainty for key, strategy in review.strategies.items()}
    conditions = used(group, (condition for study in studies for condition in study.condition))
    strategies = used("strategies", (strategy for study in studies for strategy in study.strategy))
    return {
        "question": [[key, question.brief] for key, question in review.settings.questions.items()],
        "condition": [[*term, broader[term[0]]] for term in conditions],
        "strategy": [[*term, rated.get(term[0], "not rated")] for term in strategies],
        "design": used("designs", (study.design for study in studies)),
        "endpoint": used("endpoints", (outcome.endpoint for outcome in outcomes)),
        "contrast": list(map(list, CONTRASTS.items())),
        "basis": list(map(list, BASIS.items())),
        "risk": [["not-high", "without high risk"]],
    }


def _results(review: Review, once: Mapping[str, dict[Any, int]]) -> Iterator[list[Any]]:
    """Yield a row of RESULT a reported result; what returns many times stands in *once* with its place."""

    def place(name: str, item: Any) -> int:
        return once[name].setdefault(item, len(once[name]))

    studies = {key: number for number, key in enumerate(review.studies)}
    latest = {outcome.outcome for outcome in latest_reports(review.outcomes.values())}
    for outcome in review.outcomes.values():
        prefix, cited = f"{outcome.study}--", cite(review, outcome.citekey)
        reference = (str(cited), cited.address if isinstance(cited, Link) else "", outcome.citekey)
        address = outcome.address if outcome.address.startswith(("https://", "http://")) else ""
        yield [
            studies[outcome.study],
            outcome.outcome.removeprefix(prefix) if outcome.outcome.startswith(prefix) else "/" + outcome.outcome,
            outcome.endpoint, outcome.contrast, place("words", say_code(review, "strata", outcome.stratum)), place("words", outcome.groups),
            format_outcome(outcome), _said_beside(outcome), *drawn_numbers(outcome), outcome.basis,
            place("references", reference), place("addresses", address),
            place("words", f"{outcome.flag}: {outcome.flag_reason}" if outcome.flag else ""), int(outcome.outcome not in latest),
        ]  # fmt: skip


def drawn_numbers(outcome: Outcome) -> tuple[str, *Span]:
    """Return kind, value and 95 percent interval that a plot draws, shares in percent, exact intervals; what is flagged has none."""
    kind, reported = measure_of(outcome.measure).kind, reported_of(outcome)
    span: Span = (outcome.value, outcome.ci_low, outcome.ci_high)
    value, low, high = span
    if kind == SHARE and outcome.events is not None and outcome.total and outcome.measure != "rate-at-time":
        value = 100 * outcome.events / outcome.total
        low, high = (100 * bound for bound in clopper_pearson(outcome.events, outcome.total))
    elif kind in (RATIO, DIFFERENCE) and reported and outcome.ci_level and (kind == DIFFERENCE or reported.low > 0):
        low, high = reported.at_95
    elif outcome.ci_level != 95.0:  # of another level, or of one that is not stated
        low = high = None
    if kind not in PLOTS or value is None or not math.isfinite(value) or (kind == RATIO and value <= 0):
        return "", None, None, None
    if outcome.flag or low is None or high is None or not low <= value <= high or (kind == RATIO and low <= 0):
        return kind, _short(value), None, None
    return kind, _short(value), _short(low), _short(high)


def _said_beside(outcome: Outcome) -> str:
    """Return what stands beside a result in a plot: value and interval as printed; a share has the exact interval of its counts."""
    kind, _, low, high = drawn_numbers(outcome)
    if not kind or outcome.value is None:
        return ""
    unit = "%" if kind == SHARE else ""
    if low is None or high is None:
        return f"{format_number(outcome.value)} {unit}".strip()
    if kind != SHARE or outcome.events is None or not outcome.total or outcome.measure == "rate-at-time":
        low, high = outcome.ci_low or low, outcome.ci_high or high
    star = OTHER_LEVEL * (kind == RATIO and outcome.ci_level not in (None, 95.0))
    return format_effect(outcome.value, low, high, unit=unit) + star


def _short(number: float) -> float | int:
    """Return *number* to four significant digits: more than a plot shows."""
    short = float(f"{number:.4g}")
    return int(short) if short == int(short) else short


def _pool(review: Review, key: str, pooled: Pooled, rows: dict[str, int]) -> dict[str, Any]:
    plan, judged = pooled.plan, review.appraisals.get(key)
    said: dict[str, Any] = {
        "id": key, "title": plan.title, "measure": plan.measure, "unit": measure_of(plan.measure).name,
        "endpoint": plan.endpoint, "contrast": plan.contrast, "question": review.studies[pooled.outcomes[0].study].question,
        "rule": plan.rule, "caution": plan.caution, "favours": [plan.favours_low, plan.favours_high],
        "certainty": judged.certainty if judged else "not rated", "because": judged.reason if judged else "",
        "threshold": judged.threshold if judged else None,
        "place": place_of_pool(review, key), "family": plan.family, "baselines": list(_baselines(review, pooled, judged)),
        "scale": pooled.scale.name, "whole": _computed(pooled.pool),
        "members": [_member(member, pooled, rows) for member in pooled.members],
    }  # fmt: skip
    if plan.measure == "proportion":  # by a model that the browser does not compute: the pool without each study
        said["without"] = [step.pool and _computed(step.pool) for step in pooled.left_out]
    return said


def _baselines(review: Review, pooled: Pooled, judged: Appraisal | None) -> Iterator[dict[str, Any]]:
    """Yield risks without the treatment, of 1000, by when, and whose: that of the appraisal, then those of the pooled studies' controls."""
    controls = {(o.study, o.comparator, o.stratum) for o in pooled.outcomes}
    arms = [
        outcome.outcome
        for outcome in latest_reports(review.outcomes.values())
        if outcome.contrast == "arm" and not outcome.flag and outcome.endpoint == pooled.plan.endpoint
        and (outcome.study, outcome.arm, outcome.stratum) in controls
    ]  # fmt: skip
    own = [judged.baseline] if judged and judged.baseline else []
    for baseline in (review.outcomes[key] for key in dict.fromkeys([*own, *arms])):
        with suppress(ValueError):  # of another kind than the pool, such as a median
            effect = absolute_effect(pooled, baseline)
            months = None if effect.months is None else float(effect.months)
            source = f"{review.studies[baseline.study].short_name}, {baseline.arm}"
            yield {"risk": effect.without, "months": months, "source": source}


def _member(member: Member, pooled: Pooled, rows: dict[str, int]) -> dict[str, Any]:
    shown, measure = show_member(member, pooled), measure_of(pooled.plan.measure)
    low, high = shown.at_95
    return {
        "study": member.study, "results": [rows[outcome.outcome] for outcome in member.outcomes],
        "estimate": member.effect.estimate, "se": member.effect.se,
        "numbers": format_effect(*shown[:3], precision=measure.precision) + OTHER_LEVEL * (shown.level != 95),
        "said": format_effect(*shown[:3], precision=measure.precision, unit=measure.unit, level=shown.level),
        "reported": member.reported is not None,
        "value": float(shown.value), "low": float(low), "high": float(high), "high_risk": pooled.risk_of(member.key) == HIGH,
        "count": [member.count.events, member.count.total] if member.count else None,
    }  # fmt: skip


def _computed(pool: Pool) -> dict[str, Any]:
    return {key: list(value) if isinstance(value, Sequence) else value for key, value in asdict(pool).items()}
