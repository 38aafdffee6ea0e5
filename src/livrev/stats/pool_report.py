"""Pool the studies of a table, and give the answer as plain data for a machine, or as text for a terminal."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from livrev.diagnostics import Problem, ReviewError
from livrev.stats.additional_analyses import (
    FEWEST,
    PartPool,
    Subgroups,
    compare_subgroups,
    leave_one_out,
    regress_on_precision,
)
from livrev.stats.effect_sizes import Interval
from livrev.stats.pooling import Pool, pool_effects
from livrev.stats.proportions import logit_effects, pool_proportions
from livrev.stats.rows import flatten, lay_out, say_effect, say_interval, say_number, say_report
from livrev.stats.study_table import Studies, read_studies

if TYPE_CHECKING:
    from meta_analyze import EggerTestResult

_ORIGIN = {
    "interval": ("the value as printed", "width of the interval over twice the normal quantile of its level"),
    "error": ("the estimate as given", "as given, or the root of the variance"),
    "counts": ("group 1 against group 2, ½ added to all four cells of a study with an empty one", "from the counts"),
    "means": ("group 1 less group 2; SMD is Hedges' g with the exact correction", "from standard deviations and sizes"),
}
_OF_EFFECTS = {
    "model": "random effects, inverse variance",
    "interval": "modified Hartung-Knapp-Sidik-Jonkman: t(k-1), standard error never below Wald's; k = 1: Wald",
    "wald": "z with the random-effects standard error",
    "tau2": "restricted maximum likelihood (REML)",
    "tau2_interval": "Q-profile",
    "q": "Cochran's Q, chi-squared with k-1 degrees of freedom",
    "prediction_interval": "t(k-2) with tau² and the modified Hartung-Knapp standard error",
    "common": "common effect, inverse variance, z",
    "dersimonian_laird": "random effects with the DerSimonian-Laird tau², z",
    "weights": "percent, inverse variance with the REML tau²",
}
_OF_COUNTS = {
    "model": "binomial-normal: random-intercept logistic, maximum likelihood, adaptive Gauss-Hermite, 7 points",
    "interval": "z on the logit, given as a share",
    "wald": "the same as interval",
    "tau2": "maximum likelihood, variance of the logits",
    "tau2_interval": "none for this model",
    "q": "likelihood ratio against one share for each study, chi-squared with k-1 degrees of freedom",
    "prediction_interval": "t(k-2) on the logit, given as a share",
    "common": "one share for all studies, z on the logit",
    "dersimonian_laird": "inverse variance on the logit, ½ added to both cells of a study with an empty one",
    "weights": "percent, inverse variance of the logit with tau² (the model itself has no weights)",
}
_OF_BOTH = {
    "level": "95 % for every interval",
    "i2": "percent, from tau² and the typical sampling variance (Higgins and Thompson)",
    "egger": f"classical weighted regression on the standard error, t(k-2), from {FEWEST} studies on",
    "subgroups": "a tau² for each subgroup; Q between groups from estimates and Wald variances, chi-squared",
    "leave_one_out": "the same model without each study",
}
_WITHOUT = ("value", "ci_low", "ci_high", "wald_low", "wald_high", "tau2", "i2", "q", "q_p")
_OF_POOL = ("k", *_WITHOUT[:6], "tau2_low", "tau2_high", "i2", "q", "q_p", "pi_low", "pi_high")


@dataclass(frozen=True, slots=True)
class Analysis:
    """Everything that was computed from the studies of a file."""

    studies: Studies
    pool: Pool
    left_out: tuple[PartPool, ...]
    egger: "EggerTestResult | None"
    subgroups: Subgroups | None
    notes: tuple[str, ...]


def pool_file(name: str, content: bytes, measure: str) -> Analysis:
    """Pool the studies of the CSV *content*, called *name* in messages, as *measure* (a key of MEASURES).

    Raises ReviewError with every problem found.
    """
    studies = read_studies(name, content, measure)
    try:
        return analyse(studies)
    except ValueError as error:
        many, cure = str(len(studies.items)), "correct the table, or do not pool it"
        raise ReviewError([Problem(name, 2, "studies", many, f"cannot be pooled: {error}", cure)]) from error


def analyse(studies: Studies) -> Analysis:
    """Pool *studies*, without each, by subgroup, and look for asymmetry. Raises ValueError where there is no pool."""
    pool_some: Callable[[Sequence[Any]], Pool] = pool_proportions
    if not studies.counts:
        pool_some = partial(pool_effects, scale=studies.scale)
    pool, left_out = pool_some(studies.items), leave_one_out(studies.items, pool_some)
    grouped = any(item.subgroup for item in studies.items)
    subgroups = compare_subgroups(studies.items, pool_some) if grouped else None
    notes = [*studies.notes]
    if pool.k == 1:
        notes.append("one study: its own value and interval stand; nothing is said of what lies between studies")
    elif pool.k == 2:
        notes.append("two studies: show them rather than headline the pool; there is no prediction interval")
    egger = None
    try:
        egger = regress_on_precision(studies.effects or logit_effects(studies.counts))
    except ValueError as error:
        notes.append(str(error))
    if egger is not None and studies.counts:
        notes.append("Egger on logits of proportions: value and standard error hang together, so asymmetry is expected")
    notes.extend(f"without {step.name}: {step.reason}" for step in left_out if step.pool is None)
    if subgroups is not None:
        notes.extend(f"subgroup {group.name}: {group.reason}" for group in subgroups.groups if group.pool is None)
        if subgroups.df == 0:
            notes.append("one subgroup: there is no interaction to test")
    return Analysis(studies, pool, left_out, egger, subgroups, tuple(notes))


def as_data(analysis: Analysis) -> dict[str, object]:
    """Return *analysis* by the names of its numbers, at full precision, None where a thing is not defined."""
    pool, found, egger = analysis.pool, analysis.subgroups, analysis.egger
    groups = [] if found is None else [{"subgroup": g.name} | _pool(g.pool) | {"k": g.k} for g in found.groups]
    weighted = zip(analysis.studies.items, pool.weights, strict=True)
    return {
        **_pool(pool),
        "common": flatten(pool.common),
        "dersimonian_laird": flatten(pool.dersimonian_laird),
        "weights": [{"study": item.study, "weight": weight} for item, weight in weighted],
        "leave_one_out": [{"study": step.name} | _pool(step.pool, _WITHOUT) for step in analysis.left_out],
        "egger": egger and {
            "intercept": egger.intercept, "se": egger.intercept_standard_error, "ci_low": egger.intercept_ci_low,
            "ci_high": egger.intercept_ci_high, "t": egger.statistic, "df": egger.df, "p": egger.pvalue,
        },
        "subgroups": found and {"groups": groups, "q": found.q, "df": found.df, "p": found.p},
        "conventions": {**_conventions(analysis.studies), "notes": list(analysis.notes)},
    }  # fmt: skip


def _pool(pool: Pool | None, kept: Sequence[str] = _OF_POOL) -> dict[str, object]:
    numbers = {} if pool is None else flatten(pool)
    return {name: numbers.get(name) for name in kept}


def _conventions(studies: Studies) -> dict[str, str]:
    shared = {"measure": studies.measure, **_OF_BOTH}
    if studies.counts:
        return shared | _OF_COUNTS
    own = dict(zip(("centre", "standard_error"), _ORIGIN[studies.kind], strict=True)) | _OF_EFFECTS
    if studies.scale.name == "log":
        own |= {name: f"{own[name]}, on the log scale" for name in ("model", "standard_error", "tau2")}
    return shared | own


def as_table(analysis: Analysis) -> str:
    """Return *analysis* as text: the pool under each convention, the studies, subgroups, asymmetry, and the notes."""
    pool, egger = analysis.pool, analysis.egger
    ways: dict[str, Interval | None] = {"binomial-normal": pool.hk_modified_ci}
    if not analysis.studies.counts:
        ways = {"modified Hartung-Knapp": pool.hk_modified_ci, "plain Hartung-Knapp": pool.hk_ci, "Wald": pool.wald}
        ways = {f"random effects, {name}": interval for name, interval in ways.items()}
    rows = [(f"{analysis.studies.measure}, k = {pool.k}", "value", "95 % interval")]
    rows += [(name, say_number(pool.value), say_interval(interval)) for name, interval in ways.items()]
    rows.append(("prediction interval", "", say_interval(pool.prediction)))
    for name, one in (("common effect", pool.common), ("DerSimonian-Laird", pool.dersimonian_laird)):
        rows.append((name, say_number(one.value), say_interval((one.low, one.high))))
    spread = asymmetry = ""
    if pool.tau2 is not None and pool.q is not None:
        tau2 = say_effect(pool.tau2, pool.tau2_interval) if pool.tau2_interval else say_number(pool.tau2)
        spread = f"tau² {tau2}, I² {pool.i2:.1f} %, Q {say_number(pool.q)}, df {pool.k - 1}, p {pool.q_p:.3g}"
    if egger:
        asymmetry = f"Egger: intercept {say_effect(egger.intercept, egger.intercept_ci)}, p {egger.pvalue:.3g}"
    blocks = (lay_out(rows), spread, _studies(analysis), _groups(analysis.subgroups), asymmetry)
    return say_report(blocks, analysis.notes, _conventions(analysis.studies))


def _studies(analysis: Analysis) -> str:
    """Return a row a study: what it reports (as printed where that was at 95 %, exact for a count), its weight, the pool without it."""
    studies = analysis.studies
    counted = [f"{count.events}/{count.total} = " for count in studies.counts] or [""] * len(studies.effects)
    without = [say_pool(step.pool) for step in analysis.left_out] or [""]
    shown = zip(studies.items, counted, studies.intervals, analysis.pool.weights, without, strict=True)
    rows = [
        (item.study, before + say_number(value), say_interval((low, high)), f"{weight:.1f}", rest)
        for item, before, (value, low, high), weight, rest in shown
    ]
    return lay_out([("study", "value", "95 % interval", "weight %", "pool without it"), *rows])


def say_pool(pool: Pool | None, *, times: int = 1) -> str:
    """Return value and interval of *pool* in words, so many *times* as large; a dash where there is none."""
    if pool is None:
        return "–"
    low, high = pool.hk_modified_ci
    return say_effect(times * pool.value, (times * low, times * high))


def say_interaction(subgroups: Subgroups) -> str:
    """Return the test of interaction in words; nothing where there is none."""
    q = subgroups.q
    return "" if q is None else f"Q {say_number(q)}, df {subgroups.df}, p {subgroups.p:.3g}"


def _groups(subgroups: Subgroups | None) -> str:
    if subgroups is None:
        return ""
    rows = [("subgroup", "k", "value and 95 % interval", "tau²")]
    for group in subgroups.groups:
        tau2 = "–" if group.pool is None or group.pool.tau2 is None else say_number(group.pool.tau2)
        rows.append((group.name, str(group.k), say_pool(group.pool), tau2))
    test = say_interaction(subgroups)
    return lay_out([*rows, ("interaction", "", test, "")] if test else rows)
