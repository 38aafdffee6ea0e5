"""Results: every number that the book may print, by name, computed from the review and from nothing else."""

from collections import Counter
from collections.abc import Iterable
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from livrev.paths import Repository
from livrev.records.measures import SHARES, measure_of
from livrev.records.model import Estimate, Outcome
from livrev.records.review import Review
from livrev.review.absolute import absolute_estimates, tradeoff_estimates
from livrev.review.bias import bias_estimates
from livrev.review.counted import counted_studies
from livrev.review.documents import hold_against_each_other, measure_coverage
from livrev.review.networks import network_estimates
from livrev.review.over_time import over_time_estimates
from livrev.review.pool_inputs import count_of
from livrev.review.pools import pool_estimates
from livrev.review.readings import reading_estimates
from livrev.review.retraction_effects import retraction_estimates
from livrev.review.running import running_estimates
from livrev.review.sensitivity import small_pool_estimates, turning_estimates
from livrev.stats.proportions import clopper_pearson

_kept: "dict[Path, dict[str, Estimate]]" = {}


def compute_results(review: Review) -> dict[str, Estimate]:
    """Return every Result of *review* by name, in a stable order.

    Names: `sources.…`, `findings.…`, `document.<citekey>.…`, `arithmetic.<check>.…`, `studies.…`, `study.<id>.n`,
    `outcome.<id>`, `outcome.<id>.exact` (a count with its exact interval), `pool.<id>`, `pool.<id>.difference` (per 1000),
    `pool.<id>.turns` (what one more study would have to show), `family.<id>`, `network.<id>.…`, `running.<question>.…`.
    """
    if review.repository.root in _kept:
        return _kept[review.repository.root]
    results: dict[str, Estimate] = {}
    for estimate in (
        *_count_sources(review),
        *_count_findings(review),
        *_count_studies(review),
        *_count_search(review),
        *reading_estimates(review),
        *bias_estimates(review),
        *retraction_estimates(review),
        *((*pool_estimates(review), *small_pool_estimates(review)) if "pools" in review.tables else ()),
        *(turning_estimates(review) if "pools" in review.tables else ()),
        *running_estimates(review),
        *(absolute_estimates(review) if "appraisals" in review.tables else ()),
        *over_time_estimates(review),
        *tradeoff_estimates(review),
        *network_estimates(review),
        *_show_arithmetic(review),
        *(_show_outcome(outcome) for outcome in review.outcomes.values() if _has_number(outcome)),
        *(_show_exactly(outcome) for outcome in review.outcomes.values() if _is_count(outcome)),
    ):
        if estimate.name in results:
            raise ValueError(f"two Results are called {estimate.name}; give one of the records another id")
        results[estimate.name] = estimate
    return results


def keep_results(repository: Repository, results: dict[str, Estimate]) -> None:
    """Let compute_results return *results* from now on: as keep_library, for a process that makes one build."""
    _kept[repository.root] = results


def nearest_names(name: str, results: Iterable[str], most: int = 5) -> list[str]:
    """Return the names of Results that *name* may have been meant for: those of its family first."""
    known = list(results)
    family = name.rpartition(".")[0] + "."
    near = get_close_matches(name, [other for other in known if other.startswith(family)], most, 0.3)
    return near or get_close_matches(name, known, most, 0.6)


def _count_sources(review: Review) -> Iterable[Estimate]:
    keys = [source.citekey for source in review.sources]
    yield Estimate.make("sources.count", len(keys), "founding documents", keys)
    yield Estimate.make("references.count", len(review.references), "references", review.references)
    total = 0
    for source in review.sources:
        coverage = measure_coverage(source, review.features[source.citekey])
        total += coverage.sentences
        name, key = f"document.{source.citekey}", [source.citekey]
        yield Estimate.make(f"{name}.sentences", coverage.sentences, f"sentences of {source.citekey}", key)
        yield Estimate.make(
            f"{name}.claims", coverage.claims, f"sentences of {source.citekey} that claim something", key
        )
        yield Estimate.make(f"{name}.findings", coverage.findings, f"findings of {source.citekey}", key)
        for verdict, number in _tally(f.verdict for f in source.findings):
            yield Estimate.make(f"{name}.{verdict}", number, f"findings of {source.citekey}: {verdict}", key)
    yield Estimate.make("sources.sentences", total, "sentences of the founding documents", keys)


def _count_findings(review: Review) -> Iterable[Estimate]:
    findings = {key: finding for key, (_, finding) in review.findings.items()}
    yield Estimate.make("findings.count", len(findings), "findings", findings)
    for field in ("verdict", "topic", "population", "direction", "type", "altered_by"):
        for value, number in _tally(getattr(finding, field) for finding in findings.values()):
            rows = [key for key, finding in findings.items() if getattr(finding, field) == value]
            yield Estimate.make(f"findings.{field}.{value}", number, f"findings: {value}", rows)
    checked = [k for k, f in findings.items() if f.verdict in ("confirmed", "corrected", "imprecise", "inconsistent")]
    yield Estimate.make("findings.checked", len(checked), "findings settled by a source or by arithmetic", checked)


def _count_studies(review: Review) -> Iterable[Estimate]:
    studies = list(review.studies.values())
    yield Estimate.make("studies.count", len(studies), "studies", (s.study for s in studies))
    yield Estimate.make("outcomes.count", len(review.outcomes), "reported results", review.outcomes)
    registered = [s for s in studies if s.design == "registered-trial"]
    reported = list(counted_studies(review).values())
    yield Estimate.make(
        "studies.registered", len(registered), "registered trials without results", (s.study for s in registered)
    )
    yield Estimate.make("studies.reported", len(reported), "studies, each counted once", (s.study for s in reported))
    flagged = [o.outcome for o in review.outcomes.values() if o.flag]
    yield Estimate.make("outcomes.flagged", len(flagged), "results that break a rule in their own source", flagged)
    for field in ("question", "design", "basis"):
        for value, number in _tally(getattr(study, field) for study in reported):
            rows = [s.study for s in reported if getattr(s, field) == value]
            yield Estimate.make(f"studies.{field}.{value}", number, f"studies: {value}", rows)
    for basis, number in _tally(o.basis for o in review.outcomes.values()):
        rows = [o.outcome for o in review.outcomes.values() if o.basis == basis]
        yield Estimate.make(f"outcomes.basis.{basis}", number, f"results read in: {basis}", rows)
    for study in studies:
        if study.n is not None:
            name, label, rests_on = f"study.{study.study}.n", f"{study.name}: patients", (study.study,)
            more: dict[str, Any] = {"unit": "patients", "method": "as reported", "citekeys": (study.citekey,)}
            yield Estimate.make(name, study.n, label, rests_on, **more)


def _count_search(review: Review) -> Iterable[Estimate]:
    searches = review.tables["search_strategies"].records
    services = tuple(search["service"] for search in searches)
    asked = review.tables["queries"].records
    runs = [q["query_id"] for q in asked if q["corpus"].startswith(services)]
    queries = [q for q in asked if q["query_id"] not in set(runs)]
    yield Estimate.make("search.queries", len(queries), "queries", (q["query_id"] for q in queries))
    seen = sum(q["looked_at"] or 0 for q in queries)
    yield Estimate.make(
        "search.looked_at", seen, "results looked at", (q["query_id"] for q in queries), method="sum over queries"
    )
    yield Estimate.make("search.databases", len(searches), "searches of databases", (s["search"] for s in searches))
    run = sum(s["last_run"] is not None for s in searches)
    yield Estimate.make(
        "search.databases.run", run, "searches of databases that were run", (s["search"] for s in searches)
    )
    if runs:
        yield Estimate.make("search.runs", len(runs), "runs of searches of databases", runs)
    screening = review.tables["screening"].records
    yield Estimate.make("screening.count", len(screening), "records screened", (r["record"] for r in screening))
    for decision, number in _tally(r["decision"] for r in screening):
        rows = [r["record"] for r in screening if r["decision"] == decision]
        yield Estimate.make(f"screening.{decision}", number, f"records: {decision}", rows)


def _show_arithmetic(review: Review) -> Iterable[Estimate]:
    for result in hold_against_each_other(review):
        decimals = 1 if result.expected < 1000 and result.expected != int(result.expected) else 0
        name, unit, rests_on = f"arithmetic.{result.check}", result.unit or "", (result.finding,)
        how = f"{result.operation} of {result.a} and {result.b}"
        yield Estimate.make(name, result.expected, result.reading, rests_on, unit=unit, precision=decimals, method=how)
        label = f"as printed: {result.reading}"
        yield Estimate.make(f"{name}.printed", result.printed, label, rests_on, unit=unit, method="as printed")


def _has_number(outcome: Outcome) -> bool:
    """Tell whether a result has a value, or counts that are its value."""
    return outcome.value is not None or (
        outcome.events is not None and outcome.measure in ("count", "proportion", "percent")
    )


def _show_outcome(outcome: Outcome) -> Estimate:
    value: float | None = outcome.value
    if value is None:
        events = float(outcome.events or 0)
        value = 100 * events / outcome.total if outcome.total and outcome.measure != "count" else events
    who = outcome.arm if outcome.contrast == "arm" else f"{outcome.arm} v {outcome.comparator}"
    return Estimate(
        name=f"outcome.{outcome.outcome}",
        value=value,
        unit=measure_of(outcome.measure).unit,
        label=f"{outcome.measure} for {outcome.endpoint}, {who}, {outcome.stratum}",
        low=outcome.ci_low,
        high=outcome.ci_high,
        level=outcome.ci_level,
        n=outcome.total,
        events=outcome.events,
        method="as reported" if not outcome.derived else f"derived: {outcome.derived}",
        rests_on=(outcome.outcome,),
        citekeys=(outcome.citekey,),
    )


def _is_count(outcome: Outcome) -> bool:
    return outcome.measure in SHARES and 0 <= (-1 if outcome.events is None else outcome.events) <= (
        outcome.total or -1
    )


def _show_exactly(outcome: Outcome) -> Estimate:
    """Return a reported count as a share with its exact interval: what so few patients can and cannot say."""
    events, total = count_of(outcome)
    low, high = clopper_pearson(events, total)
    return _show_outcome(outcome).model_copy(
        update={
            "name": f"outcome.{outcome.outcome}.exact", "value": 100 * events / total, "low": 100 * low,
            "high": 100 * high, "level": 95, "unit": "%", "precision": 0, "n": total, "events": events,
            "method": "exact interval (Clopper-Pearson) of the reported count",
        }
    )  # fmt: skip


def _tally(values: Iterable[str | None]) -> list[tuple[str, int]]:
    return sorted(Counter(value for value in values if value).items())
