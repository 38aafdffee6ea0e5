"""Set a pool out as a table for the terminal."""

from collections.abc import Sequence

from livrev.stats.effect_sizes import Interval
from livrev.stats.pool_file import Analysis, conventions
from livrev.stats.pooling import Pool
from livrev.stats.proportions import clopper_pearson

_Z = 1.959963984540054
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


def as_table(analysis: Analysis) -> str:
    """Return *analysis* as text: the pool under each convention, the studies, subgroups, asymmetry, and the notes."""
    blocks = [
        _lay_out(_pool_rows(analysis)),
        _heterogeneity(analysis.pool),
        _lay_out(_study_rows(analysis)),
        _lay_out(_group_rows(analysis)),
        _asymmetry(analysis),
        "\n".join(f"note: {note}" for note in analysis.notes),
        "\n".join(f"{name}: {said}" for name, said in conventions(analysis.studies).items() if name in _NAMED),
    ]
    return "\n\n".join(block for block in blocks if block)


def _pool_rows(analysis: Analysis) -> list[Sequence[str]]:
    pool = analysis.pool
    common, laird = pool.common, pool.dersimonian_laird
    rows: list[Sequence[str]] = [(f"{analysis.studies.measure}, k = {pool.k}", "value", "95 % interval")]
    if analysis.studies.counts:
        rows.append(("binomial-normal", _number(pool.value), _interval(pool.hk_modified_ci)))
    else:
        rows.append(("random effects, modified Hartung-Knapp", _number(pool.value), _interval(pool.hk_modified_ci)))
        rows.append(("random effects, plain Hartung-Knapp", _number(pool.value), _interval(pool.hk_ci)))
        rows.append(("random effects, Wald", _number(pool.value), _interval(pool.wald)))
    rows.append(("prediction interval", "", _interval(pool.prediction)))
    rows.append(("common effect", _number(common.value), _interval((common.low, common.high))))
    rows.append(("DerSimonian-Laird", _number(laird.value), _interval((laird.low, laird.high))))
    return rows


def _heterogeneity(pool: Pool) -> str:
    if pool.tau2 is None or pool.i2 is None or pool.q is None or pool.q_p is None:
        return ""
    between = f" ({_interval(pool.tau2_interval)})" if pool.tau2_interval else ""
    test = f"Q {_number(pool.q)}, df {pool.k - 1}, p {pool.q_p:.3g}"
    return f"tau² {_number(pool.tau2)}{between}, I² {pool.i2:.1f} %, {test}"


def _study_rows(analysis: Analysis) -> list[Sequence[str]]:
    """Return a row a study: what it reports, its weight, and the pool without it."""
    rows: list[Sequence[str]] = [("study", "value", "95 % interval", "weight %", "pool without it")]
    without = [_without(step.pool) for step in analysis.left_out] or [""]
    for shown, weight, rest in zip(_shown(analysis), analysis.pool.weights, without, strict=True):
        rows.append((*shown, f"{weight:.1f}", rest))
    return rows


def _shown(analysis: Analysis) -> list[tuple[str, str, str]]:
    """Return name, value and interval of each study; the interval of a count is exact."""
    if analysis.studies.counts:
        return [
            (
                c.study,
                f"{c.events}/{c.total} = {_number(c.events / c.total)}",
                _interval(clopper_pearson(c.events, c.total)),
            )
            for c in analysis.studies.counts
        ]
    back = analysis.studies.scale.back
    return [
        (e.study, _number(back(e.estimate)), _interval((back(e.estimate - _Z * e.se), back(e.estimate + _Z * e.se))))
        for e in analysis.studies.effects
    ]


def _without(pool: Pool | None) -> str:
    return "–" if pool is None else f"{_number(pool.value)} ({_interval(pool.hk_modified_ci)})"


def _group_rows(analysis: Analysis) -> list[Sequence[str]]:
    if analysis.subgroups is None:
        return []
    rows: list[Sequence[str]] = [("subgroup", "k", "value", "95 % interval", "tau²")]
    for group in analysis.subgroups.groups:
        pool = group.pool
        value, interval = ("–", "–") if pool is None else (_number(pool.value), _interval(pool.hk_modified_ci))
        tau2 = "–" if pool is None or pool.tau2 is None else _number(pool.tau2)
        rows.append((group.subgroup, str(group.k), value, interval, tau2))
    if analysis.subgroups.q is not None:
        test = f"Q {_number(analysis.subgroups.q)}, df {analysis.subgroups.df}, p {analysis.subgroups.p:.3g}"
        rows.append(("interaction", "", "", test, ""))
    return rows


def _asymmetry(analysis: Analysis) -> str:
    if analysis.egger is None:
        return ""
    egger = analysis.egger
    return f"Egger: intercept {_number(egger.intercept)} ({_interval(egger.interval)}), p {egger.p:.3g}"


def _number(number: float) -> str:
    """Return *number* with three significant digits or more, and a true minus."""
    digits = f"{number:.3g}" if abs(number) < 1000 or abs(number) >= 1e6 else f"{number:.0f}"
    return digits.replace("-", "−")


def _interval(interval: Interval | None) -> str:
    return "–" if interval is None else f"{_number(interval[0])} to {_number(interval[1])}"


def _lay_out(rows: Sequence[Sequence[str]]) -> str:
    """Return *rows* as columns of equal width, without blanks at the end of a line."""
    if not rows:
        return ""
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    )
