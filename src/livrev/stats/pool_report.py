"""Pool the studies of a table, and give the answer as plain data for a machine, or as text for a terminal."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from livrev.diagnostics import Problem, ReviewError
from livrev.stats.additional_analyses import (
    FEWEST,
    Egger,
    Subgroups,
    SubsetPool,
    compare_subgroups,
    leave_one_out,
    regress_on_precision,
)
from livrev.stats.effect_sizes import Effect, Interval
from livrev.stats.pooling import Pool, Summary, pool_effects
from livrev.stats.proportions import Count, logit_effects, pool_proportions
from livrev.stats.study_table import Studies, read_studies


def say_number(number: float) -> str:
    """Return *number* with three significant digits or more, and a true minus."""
    digits = f"{number:.3g}" if abs(number) < 1000 or abs(number) >= 1e6 else f"{number:.0f}"
    return digits.replace("-", "−")


def say_interval(interval: Interval | None) -> str:
    """Return both limits in words; a dash where there is no interval."""
    return "–" if interval is None else f"{say_number(interval[0])} to {say_number(interval[1])}"


def lay_out(rows: Sequence[Sequence[str]]) -> str:
    """Return *rows* as columns of equal width, without blanks at the end of a line, nor what a terminal would obey."""
    if not rows:
        return ""
    rows = [["".join(c if c.isprintable() else "�" for c in cell) for cell in row] for row in rows]
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    )


Item = TypeVar("Item", Effect, Count)
_ORIGIN = {
    "interval": ("the value as printed", "width of the interval over twice the normal quantile of its level"),
    "error": ("the estimate as given", "as given, or the root of the variance"),
    "counts": ("group 1 against group 2, ½ added to all four cells of a study with an empty one", "from the counts"),
    "means": ("group 1 less group 2; SMD is Hedges' g with the exact correction", "from standard deviations and sizes"),
}
_NAMED = (
    "model",
    "interval",
    "tau2",
    "tau2_interval",
    "i2",
    "q",
    "prediction_interval",
    "subgroups",
    "egger",
    "weights",
)
_OF_POOL = (
    *("k", "value", "ci_low", "ci_high", "wald_low", "wald_high", "tau2", "tau2_low", "tau2_high", "i2", "q", "q_p"),
    *("pi_low", "pi_high"),
)
_WITHOUT = ("value", "ci_low", "ci_high", "wald_low", "wald_high", "tau2", "i2", "q", "q_p")


@dataclass(frozen=True, slots=True)
class Analysis:
    """Everything that was computed from the studies of a file."""

    studies: Studies
    pool: Pool
    left_out: tuple[SubsetPool, ...]
    egger: Egger | None
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
        many = len(studies.counts) or len(studies.effects)
        cure = "correct the table, or do not pool it"
        raise ReviewError([Problem(name, 2, "studies", str(many), f"cannot be pooled: {error}", cure)]) from error


def analyse(studies: Studies) -> Analysis:
    """Pool *studies*, without each, by subgroup, and look for asymmetry. Raises ValueError where there is no pool."""
    if studies.counts:
        pool, left_out, subgroups = _every_way(studies.counts, pool_proportions, studies.grouped)
        effects: Sequence[Effect] = logit_effects(studies.counts)
    else:
        effects = studies.effects

        def pool_on_scale(some: Sequence[Effect]) -> Pool:
            return pool_effects(some, scale=studies.scale)

        pool, left_out, subgroups = _every_way(effects, pool_on_scale, studies.grouped)
    notes = [*studies.notes]
    if pool.k == 1:
        notes.append("one study: its own value and interval stand; nothing is said of what lies between studies")
    elif pool.k == 2:
        notes.append("two studies: show them rather than headline the pool; there is no prediction interval")
    try:
        egger = regress_on_precision(effects)
    except ValueError as error:
        egger = None
        notes.append(str(error))
    if egger is not None and studies.counts:
        notes.append("Egger on logits of proportions: value and standard error hang together, so asymmetry is expected")
    notes.extend(f"without {step.study}: {step.reason}" for step in left_out if step.pool is None)
    if subgroups is not None:
        notes.extend(f"subgroup {group.subgroup}: {group.reason}" for group in subgroups.groups if group.pool is None)
        if subgroups.df == 0:
            notes.append("one subgroup: there is no interaction to test")
    return Analysis(studies, pool, left_out, egger, subgroups, tuple(notes))


def _every_way(
    items: Sequence[Item], pool: Callable[[Sequence[Item]], Pool], grouped: bool
) -> tuple[Pool, tuple[SubsetPool, ...], Subgroups | None]:
    return pool(items), leave_one_out(items, pool), compare_subgroups(items, pool) if grouped else None


def as_data(analysis: Analysis) -> dict[str, Any]:
    """Return *analysis* as data for JSON: numbers at full precision, None where a thing is not defined."""
    weights = zip(names(analysis.studies), analysis.pool.weights, strict=True)
    found = analysis.subgroups
    groups = [] if found is None else [{"subgroup": g.subgroup} | _pool(g.pool) | {"k": g.k} for g in found.groups]
    data = {
        **_pool(analysis.pool),
        "common": _summary(analysis.pool.common),
        "dersimonian_laird": _summary(analysis.pool.dersimonian_laird),
        "weights": [{"study": study, "weight": weight} for study, weight in weights],
        "leave_one_out": [
            {"study": step.study} | {key: value for key, value in _pool(step.pool).items() if key in _WITHOUT}
            for step in analysis.left_out
        ],
        "egger": _egger(analysis.egger),
        "subgroups": None if found is None else {"groups": groups, "q": found.q, "df": found.df, "p": found.p},
        "conventions": {**conventions(analysis.studies), "notes": list(analysis.notes)},
    }
    plain: dict[str, Any] = as_json(data)
    return plain


def names(studies: Studies) -> list[str]:
    """Return the names of the studies in their order."""
    return [count.study for count in studies.counts] or [effect.study for effect in studies.effects]


def _pool(pool: Pool | None) -> dict[str, Any]:
    """Return the numbers of a pool by their names; all are None where there is no pool."""
    if pool is None:
        return dict.fromkeys(_OF_POOL)
    tau2, ahead = pool.tau2_interval or (None, None), pool.prediction or (None, None)
    numbers = (
        pool.k,
        pool.value,
        *pool.hk_modified_ci,
        *pool.wald,
        pool.tau2,
        *tau2,
        pool.i2,
        pool.q,
        pool.q_p,
        *ahead,
    )
    return dict(zip(_OF_POOL, numbers, strict=True))


def _egger(egger: Egger | None) -> dict[str, Any] | None:
    if egger is None:
        return None
    low, high = egger.interval
    known = {"intercept": egger.intercept, "se": egger.se, "ci_low": low, "ci_high": high}
    return known | {"t": egger.t, "df": egger.df, "p": egger.p}


def _summary(summary: Summary) -> dict[str, float]:
    return {"value": summary.value, "ci_low": summary.low, "ci_high": summary.high}


def as_json(data: Any) -> Any:
    """Return *data* with None for numbers that JSON cannot hold."""
    if isinstance(data, dict):
        return {key: as_json(value) for key, value in data.items()}
    if isinstance(data, list):
        return [as_json(value) for value in data]
    return None if isinstance(data, float) and not math.isfinite(data) else data


def conventions(studies: Studies) -> dict[str, str]:
    """Return the name of the convention behind each number."""
    shared = {
        "measure": studies.measure,
        "level": "95 % for every interval",
        "i2": "percent, from tau² and the typical sampling variance (Higgins and Thompson)",
        "egger": f"classical weighted regression on the standard error, t(k-2), from {FEWEST} studies on",
        "subgroups": "a tau² for each subgroup; Q between groups from estimates and Wald variances, chi-squared",
        "leave_one_out": "the same model without each study",
    }
    if studies.counts:
        return {
            **shared,
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
    logarithm = studies.scale.name == "log"
    centre, error = _ORIGIN[studies.kind]
    return {
        **shared,
        "model": "random effects, inverse variance" + (" on the log scale" if logarithm else ""),
        "centre": centre,
        "standard_error": error + (", on the log scale" if logarithm else ""),
        "interval": "modified Hartung-Knapp-Sidik-Jonkman: t(k-1), standard error never below Wald's; k = 1: Wald",
        "wald": "z with the random-effects standard error",
        "tau2": "restricted maximum likelihood (REML)" + (", on the log scale" if logarithm else ""),
        "tau2_interval": "Q-profile",
        "q": "Cochran's Q, chi-squared with k-1 degrees of freedom",
        "prediction_interval": "t(k-2) with tau² and the modified Hartung-Knapp standard error",
        "common": "common effect, inverse variance, z",
        "dersimonian_laird": "random effects with the DerSimonian-Laird tau², z",
        "weights": "percent, inverse variance with the REML tau²",
    }


def as_table(analysis: Analysis) -> str:
    """Return *analysis* as text: the pool under each convention, the studies, subgroups, asymmetry, and the notes."""
    blocks = [
        lay_out(_rows_of_pool(analysis)),
        _heterogeneity(analysis.pool),
        lay_out(_study_rows(analysis)),
        lay_out(_group_rows(analysis)),
        _asymmetry(analysis),
        "\n".join(f"note: {note}" for note in analysis.notes),
        "\n".join(f"{name}: {said}" for name, said in conventions(analysis.studies).items() if name in _NAMED),
    ]
    return "\n\n".join(block for block in blocks if block)


def _rows_of_pool(analysis: Analysis) -> list[Sequence[str]]:
    pool = analysis.pool
    ways: list[tuple[str, float | None, Interval | None]] = [("binomial-normal", pool.value, pool.hk_modified_ci)]
    if not analysis.studies.counts:
        ways = [
            ("random effects, modified Hartung-Knapp", pool.value, pool.hk_modified_ci),
            ("random effects, plain Hartung-Knapp", pool.value, pool.hk_ci),
            ("random effects, Wald", pool.value, pool.wald),
        ]
    ways.append(("prediction interval", None, pool.prediction))
    for name, one in (("common effect", pool.common), ("DerSimonian-Laird", pool.dersimonian_laird)):
        ways.append((name, one.value, (one.low, one.high)))
    head = (f"{analysis.studies.measure}, k = {pool.k}", "value", "95 % interval")
    return [head, *((n, "" if v is None else say_number(v), say_interval(interval)) for n, v, interval in ways)]


def _heterogeneity(pool: Pool) -> str:
    if pool.tau2 is None or pool.i2 is None or pool.q is None or pool.q_p is None:
        return ""
    between = f" ({say_interval(pool.tau2_interval)})" if pool.tau2_interval else ""
    test = f"Q {say_number(pool.q)}, df {pool.k - 1}, p {pool.q_p:.3g}"
    return f"tau² {say_number(pool.tau2)}{between}, I² {pool.i2:.1f} %, {test}"


def _study_rows(analysis: Analysis) -> list[Sequence[str]]:
    """Return a row a study: what it reports (as printed where that was at 95 %, exact for a count), its weight, the pool without it."""
    studies = analysis.studies
    counted = [f"{count.events}/{count.total} = " for count in studies.counts] or [""] * len(studies.effects)
    without = [say_pool(step.pool) for step in analysis.left_out] or [""]
    shown = zip(names(studies), counted, studies.intervals, analysis.pool.weights, without, strict=True)
    return [
        ("study", "value", "95 % interval", "weight %", "pool without it"),
        *(
            (name, before + say_number(value), say_interval((low, high)), f"{weight:.1f}", rest)
            for name, before, (value, low, high), weight, rest in shown
        ),
    ]


def say_pool(pool: Pool | None, *, times: int = 1) -> str:
    """Return value and interval of *pool* in words, so many *times* as large; a dash where there is none."""
    if pool is None:
        return "–"
    low, high = (times * bound for bound in pool.hk_modified_ci)
    return f"{say_number(times * pool.value)} ({say_interval((low, high))})"


def say_interaction(subgroups: Subgroups) -> str:
    """Return the test of interaction in words; nothing where there is none."""
    if subgroups.q is None:
        return ""
    return f"Q {say_number(subgroups.q)}, df {subgroups.df}, p {subgroups.p:.3g}"


def _group_rows(analysis: Analysis) -> list[Sequence[str]]:
    if analysis.subgroups is None:
        return []
    rows: list[Sequence[str]] = [("subgroup", "k", "value", "95 % interval", "tau²")]
    for group in analysis.subgroups.groups:
        pool = group.pool
        value, interval = ("–", "–") if pool is None else (say_number(pool.value), say_interval(pool.hk_modified_ci))
        tau2 = "–" if pool is None or pool.tau2 is None else say_number(pool.tau2)
        rows.append((group.subgroup, str(group.k), value, interval, tau2))
    if test := say_interaction(analysis.subgroups):
        rows.append(("interaction", "", "", test, ""))
    return rows


def _asymmetry(analysis: Analysis) -> str:
    if analysis.egger is None:
        return ""
    egger = analysis.egger
    return f"Egger: intercept {say_number(egger.intercept)} ({say_interval(egger.interval)}), p {egger.p:.3g}"
