"""Results: every number that the book may print, by name, computed from the review and from nothing else."""

from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from functools import partial
from pathlib import Path

from livrev.paths import Repository
from livrev.records.measures import SHARES, measure_of
from livrev.records.model import ArithmeticClaim, Estimate
from livrev.records.reads import note_reads
from livrev.records.review import Review
from livrev.review.absolute import absolute_estimates, tradeoff_estimates
from livrev.review.agreement import agreement_estimates
from livrev.review.networks import network_estimates
from livrev.review.over_time import over_time_estimates
from livrev.review.pools import pool_estimates
from livrev.review.sensitivity import small_pool_estimates, turning_estimates
from livrev.review.studies import counted_studies, retraction_estimates, running_estimates
from livrev.stats.proportions import clopper_pearson

_kept: "dict[Path, dict[str, Estimate]]" = {}


def compute_results(review: Review) -> dict[str, Estimate]:
    """Return every Result of *review* by name, in a stable order.

    Names: `sources.…`, `findings.…`, `document.<citekey>.…`, `arithmetic.<check>.…`, `studies.…`, `study.<id>.n`,
    `outcome.<id>`, `outcome.<id>.exact` (a count with its exact interval), `pool.<id>`, `pool.<id>.difference` (per 1000),
    `pool.<id>.turns` (what one more study would have to show), `family.<id>`, `network.<id>.…`, `running.<question>.…`.
    """
    repository = review.repository
    if repository.root in _kept:
        note_reads(map(repository.relative, (repository.data, repository.references)))
        return _kept[repository.root]
    results: dict[str, Estimate] = {}
    for make in (
        _count_sources, _count_findings, _count_studies, _count_search, agreement_estimates, retraction_estimates, pool_estimates,
        small_pool_estimates, turning_estimates, running_estimates, absolute_estimates, over_time_estimates, tradeoff_estimates,
        network_estimates, _show_arithmetic, _show_outcomes,
    ):  # fmt: skip
        for estimate in make(review):
            if estimate.name in results:
                raise ValueError(f"two Results are called {estimate.name}; give one of the records another id")
            results[estimate.name] = estimate
    return results


def keep_results(repository: Repository, results: dict[str, Estimate]) -> None:
    """Let compute_results return *results* from now on, for a process that makes one build."""
    _kept[repository.root] = results


def nearest_names(name: str, results: Iterable[str], most: int = 5) -> list[str]:
    """Return the names of Results that *name* may have been meant for: those of its family first."""
    known, family = list(results), name.rpartition(".")[0] + "."
    near = get_close_matches(name, [other for other in known if other.startswith(family)], most, 0.3)
    return near or get_close_matches(name, known, most, 0.6)


def _count(name: str, label: str, rows: Iterable[str]) -> Estimate:
    """Return how many *rows* there are."""
    kept = tuple(rows)
    return Estimate.make(name, len(kept), label, kept)


def _count_each(
    name: str, label: str, values: Mapping[str, str | None], rests_on: Sequence[str] = ()
) -> Iterable[Estimate]:
    """Yield how many rows have each of *values*, by row; a number rests on those rows, or on *rests_on*."""
    for value in sorted({value for value in values.values() if value}):
        rows = [key for key, other in values.items() if other == value]
        yield Estimate.make(f"{name}.{value}", len(rows), f"{label}: {value}", rests_on or rows)


def _count_sources(review: Review) -> Iterable[Estimate]:
    keys = [source.citekey for source in review.sources]
    yield _count("sources.count", "founding documents", keys)
    yield _count("references.count", "references", review.references)
    sentences = {key: len(review.features[key].sentences) for key in keys}
    for source in review.sources:
        name, key, of = f"document.{source.citekey}", [source.citekey], f"of {source.citekey}"
        claims = len({finding.sentence for finding in source.findings})
        yield Estimate.make(f"{name}.sentences", sentences[source.citekey], f"sentences {of}", key)
        yield Estimate.make(f"{name}.claims", claims, f"sentences {of} that claim something", key)
        yield Estimate.make(f"{name}.findings", len(source.findings), f"findings {of}", key)
        yield from _count_each(name, f"findings {of}", {f.id: f.verdict for f in source.findings}, key)
    yield Estimate.make("sources.sentences", sum(sentences.values()), "sentences of the founding documents", keys)


def _count_findings(review: Review) -> Iterable[Estimate]:
    findings = {key: finding for key, (_, finding) in review.findings.items()}
    yield _count("findings.count", "findings", findings)
    for field in ("verdict", "topic", "population", "direction", "type", "altered_by"):
        values = {key: getattr(finding, field) for key, finding in findings.items()}
        yield from _count_each(f"findings.{field}", "findings", values)
    checked = [k for k, f in findings.items() if f.verdict in ("confirmed", "corrected", "imprecise", "inconsistent")]
    yield _count("findings.checked", "findings settled by a source or by arithmetic", checked)


def _count_studies(review: Review) -> Iterable[Estimate]:
    studies, outcomes, reported = review.studies, review.outcomes, counted_studies(review)
    flagged = [key for key, outcome in outcomes.items() if outcome.flag]
    yield _count("studies.count", "studies", studies)
    yield _count("outcomes.count", "reported results", outcomes)
    registered = (key for key, study in studies.items() if study.design == "registered-trial")
    yield _count("studies.registered", "registered trials without results", registered)
    yield _count("studies.reported", "studies, each counted once", reported)
    yield _count("outcomes.flagged", "results that break a rule in their own source", flagged)
    for field in ("question", "design", "basis"):
        values = {key: getattr(study, field) for key, study in reported.items()}
        yield from _count_each(f"studies.{field}", "studies", values)
    yield from _count_each("outcomes.basis", "results read in", {key: one.basis for key, one in outcomes.items()})
    patients = partial(Estimate.make, unit="patients", method="as reported")
    for key, study in studies.items():
        if study.n is not None:
            yield patients(f"study.{key}.n", study.n, f"{study.name}: patients", (key,), citekeys=(study.citekey,))


def _count_search(review: Review) -> Iterable[Estimate]:
    searches, asked = review.searches, review.queries
    services = tuple(search.service for search in searches.values())
    runs = [key for key, query in asked.items() if query.corpus.startswith(services)]
    queries = [key for key in asked if key not in runs]
    yield _count("search.queries", "queries", queries)
    seen = sum(asked[key].looked_at or 0 for key in queries)
    yield Estimate.make("search.looked_at", seen, "results looked at", queries, method="sum over queries")
    yield _count("search.databases", "searches of databases", searches)
    run = sum(search.last_run is not None for search in searches.values())
    yield Estimate.make("search.databases.run", run, "searches of databases that were run", searches)
    if runs:
        yield _count("search.runs", "runs of searches of databases", runs)
    screened = {key: record.decision for key, record in review.screening.items()}
    yield _count("screening.count", "records screened", screened)
    yield from _count_each("screening", "records", screened)


def _show_arithmetic(review: Review) -> Iterable[Estimate]:
    for claim in review.all(ArithmeticClaim):
        expected, name, unit, rests_on = claim.expected, f"arithmetic.{claim.check}", claim.unit or "", (claim.finding,)
        decimals = 1 if expected < 1000 and expected != int(expected) else 0
        how = f"{claim.operation} of {claim.a} and {claim.b}"
        yield Estimate.make(name, expected, claim.reading, rests_on, unit=unit, precision=decimals, method=how)
        label = f"as printed: {claim.reading}"
        yield Estimate.make(f"{name}.printed", claim.printed, label, rests_on, unit=unit, method="as printed")


def _show_outcomes(review: Review) -> Iterable[Estimate]:
    """Yield each reported number; then each count as a share with its exact interval: what so few patients can and cannot say."""
    exact = []
    for outcome in review.outcomes.values():
        events, total = outcome.events, outcome.total
        value: float | None = outcome.value
        if events is not None and outcome.measure in ("count", *SHARES) and value is None:
            value = 100 * float(events) / total if total and outcome.measure != "count" else float(events)
        if value is None:
            continue
        shown = Estimate(
            name=f"outcome.{outcome.outcome}", value=value, unit=measure_of(outcome.measure).unit,
            label=f"{outcome.measure} for {outcome.endpoint}, {outcome.groups}, {outcome.stratum}",
            low=outcome.ci_low, high=outcome.ci_high, level=outcome.ci_level, n=total, events=events,
            method="as reported" if not outcome.derived else f"derived: {outcome.derived}",
            rests_on=(outcome.outcome,), citekeys=(outcome.citekey,),
        )  # fmt: skip
        yield shown
        if outcome.measure in SHARES and events is not None and total and 0 <= events <= total:
            low, high = clopper_pearson(events, total)
            changed = {
                "name": f"{shown.name}.exact", "value": 100 * events / total, "low": 100 * low, "high": 100 * high,
                "level": 95.0, "unit": "%", "method": "exact interval (Clopper-Pearson) of the reported count",
            }  # fmt: skip
            exact.append(shown.model_copy(update=changed))
    yield from exact
