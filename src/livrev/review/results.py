"""Results: every number that the book may print, by name, computed from the review and from nothing else."""

from collections import Counter
from collections.abc import Iterable
from difflib import get_close_matches
from pathlib import Path

from livrev.paths import Repository
from livrev.records.measures import SHARES, measure_of
from livrev.records.model import Estimate, Outcome, Study
from livrev.records.review import Review
from livrev.review.absolute import absolute_estimates, tradeoff_estimates
from livrev.review.bias import bias_estimates
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


def count(name: str, value: int, label: str, rests_on: Iterable[str], method: str = "count of records") -> Estimate:
    """Return a plain count as an Estimate."""
    return Estimate(name=name, value=value, unit="", label=label, method=method, rests_on=tuple(rests_on))


def _count_sources(review: Review) -> Iterable[Estimate]:
    keys = [source.citekey for source in review.sources]
    yield count("sources.count", len(keys), "founding documents", keys)
    yield count("references.count", len(review.references), "references", review.references)
    total = 0
    for source in review.sources:
        coverage = measure_coverage(source, review.features[source.citekey])
        total += coverage.sentences
        name, key = f"document.{source.citekey}", [source.citekey]
        yield count(f"{name}.sentences", coverage.sentences, f"sentences of {source.citekey}", key)
        yield count(f"{name}.claims", coverage.claims, f"sentences of {source.citekey} that claim something", key)
        yield count(f"{name}.findings", coverage.findings, f"findings of {source.citekey}", key)
        for verdict, number in _tally(f.verdict for f in source.findings):
            yield count(f"{name}.{verdict}", number, f"findings of {source.citekey}: {verdict}", key)
    yield count("sources.sentences", total, "sentences of the founding documents", keys)


def _count_findings(review: Review) -> Iterable[Estimate]:
    findings = {key: finding for key, (_, finding) in review.findings.items()}
    yield count("findings.count", len(findings), "findings", findings)
    for field in ("verdict", "topic", "population", "direction", "type", "altered_by"):
        for value, number in _tally(getattr(finding, field) for finding in findings.values()):
            rows = [key for key, finding in findings.items() if getattr(finding, field) == value]
            yield count(f"findings.{field}.{value}", number, f"findings: {value}", rows)
    checked = [k for k, f in findings.items() if f.verdict in ("confirmed", "corrected", "imprecise", "inconsistent")]
    yield count("findings.checked", len(checked), "findings settled by a source or by arithmetic", checked)


def _count_studies(review: Review) -> Iterable[Estimate]:
    studies = list(review.studies.values())
    yield count("studies.count", len(studies), "studies", (s.study for s in studies))
    yield count("outcomes.count", len(review.outcomes), "reported results", review.outcomes)
    registered = [s for s in studies if s.design == "registered-trial"]
    reported = [s for s in studies if s.design != "registered-trial"]
    yield count(
        "studies.registered", len(registered), "registered trials without results", (s.study for s in registered)
    )
    yield count("studies.reported", len(reported), "published studies", (s.study for s in reported))
    flagged = [o.outcome for o in review.outcomes.values() if o.flag]
    yield count("outcomes.flagged", len(flagged), "results that break a rule in their own source", flagged)
    for field in ("question", "design", "basis"):
        for value, number in _tally(getattr(study, field) for study in reported):
            rows = [s.study for s in reported if getattr(s, field) == value]
            yield count(f"studies.{field}.{value}", number, f"studies: {value}", rows)
    for basis, number in _tally(o.basis for o in review.outcomes.values()):
        rows = [o.outcome for o in review.outcomes.values() if o.basis == basis]
        yield count(f"outcomes.basis.{basis}", number, f"results read in: {basis}", rows)
    yield from (_study_size(study) for study in studies if study.n is not None)


def _study_size(study: Study) -> Estimate:
    return Estimate(
        name=f"study.{study.study}.n", value=study.n or 0, unit="patients", label=f"{study.name}: patients",
        method="as reported", rests_on=(study.study,), citekeys=(study.citekey,),
    )  # fmt: skip


def _count_search(review: Review) -> Iterable[Estimate]:
    searches = review.tables["search_strategies"].records
    services = tuple(search["service"] for search in searches)
    asked = review.tables["queries"].records
    runs = [q["query_id"] for q in asked if q["corpus"].startswith(services)]
    queries = [q for q in asked if q["query_id"] not in set(runs)]
    yield count("search.queries", len(queries), "queries", (q["query_id"] for q in queries))
    seen = sum(q["looked_at"] or 0 for q in queries)
    yield count("search.looked_at", seen, "results looked at", (q["query_id"] for q in queries), "sum over queries")
    yield count("search.databases", len(searches), "searches of databases", (s["search"] for s in searches))
    run = sum(s["last_run"] is not None for s in searches)
    yield count("search.databases.run", run, "searches of databases that were run", (s["search"] for s in searches))
    if runs:
        yield count("search.runs", len(runs), "runs of searches of databases", runs)
    screening = review.tables["screening"].records
    yield count("screening.count", len(screening), "records screened", (r["record"] for r in screening))
    for decision, number in _tally(r["decision"] for r in screening):
        rows = [r["record"] for r in screening if r["decision"] == decision]
        yield count(f"screening.{decision}", number, f"records: {decision}", rows)


def _show_arithmetic(review: Review) -> Iterable[Estimate]:
    for result in hold_against_each_other(review):
        decimals = 1 if result.expected < 1000 and result.expected != int(result.expected) else 0
        yield Estimate(
            name=f"arithmetic.{result.check}", value=result.expected, unit=result.unit or "", precision=decimals,
            label=result.reading, method=f"{result.operation} of {result.a} and {result.b}", rests_on=(result.finding,),
        )  # fmt: skip
        yield Estimate(
            name=f"arithmetic.{result.check}.printed", value=result.printed, unit=result.unit or "",
            label=f"as printed: {result.reading}", method="as printed", rests_on=(result.finding,),
        )  # fmt: skip


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
