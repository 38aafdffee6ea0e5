"""The pools as tables and forest plots."""

from livrev.figures.forest import Diamond, Row, draw_forest
from livrev.figures.style import ShownFigure
from livrev.library import Library
from livrev.synthesis.pooling import Pool
from livrev.synthesis.pools import Pooled, pool_evidence
from livrev.tables import ShownTable, show_table
from livrev.views.evidence import shorten, to_level_95


def show_pools(library: Library) -> ShownTable:
    """Return one row a pool: what was pooled, what it gives under each convention, and what would flip it."""
    rows = []
    for pooled in pool_evidence(library).values():
        pool = pooled.pool
        rows.append(
            {
                "title": pooled.record["title"],
                "k": pool.k,
                "pooled": _say(pool.value, pool.modified),
                "prediction": _say(None, pool.prediction) if pool.prediction else "",
                "wald": _say(None, pool.wald),
                "common": _say(pool.common.value, (pool.common.low, pool.common.high)),
                "dl": _say(pool.dersimonian_laird.value, (pool.dersimonian_laird.low, pool.dersimonian_laird.high)),
                "i2": "" if pool.i2 is None else f"{pool.i2:.0f} %",
                "tau2": "" if pool.tau2 is None else f"{pool.tau2:.3f}",
                "flips": pooled.flips or "no single study",
                "certainty": pooled.record["certainty"],
            }
        )
    columns = {
        "title": "Pool", "k": "Studies", "pooled": "Hazard ratio (95 % CI)", "prediction": "Next study (95 %)",
        "wald": "Wald interval", "common": "Common effect", "dl": "DerSimonian-Laird", "i2": "I²", "tau2": "tau²",
        "flips": "Would flip without", "certainty": "Certainty",
    }  # fmt: skip
    caption = "Every pool of the review, under each convention"
    return show_table(
        rows, name="table-pools", caption=caption, columns=columns, filters=["certainty"], download="estimates.csv"
    )


def show_reasons(library: Library) -> ShownTable:
    """Return why these results are pooled together, and what to mind."""
    columns = {
        "title": "Pool",
        "rule": "Which results, and why",
        "caution": "Mind",
        "certainty_reason": "Why this certainty",
    }
    rows = library.tables["pools"].records
    return show_table(rows, name="table-pool-reasons", caption="Why these results stand together", columns=columns)


def show_left_out(library: Library) -> ShownTable:
    """Return each pool without each of its studies."""
    rows = [
        {
            "title": pooled.record["title"],
            "study": step.study,
            "without": _say(step.pool.value, step.pool.modified) if step.pool else step.reason,
        }
        for pooled in pool_evidence(library).values()
        for step in pooled.left_out
    ]
    columns = {"title": "Pool", "study": "Without", "without": "Hazard ratio (95 % CI)"}
    return show_table(
        rows, name="table-left-out", caption="Each pool without each study", columns=columns, filters=["title"]
    )


def draw_pool(library: Library, pool: str) -> ShownFigure:
    """Draw the forest plot of one pool, the smallest effects first."""
    pooled = pool_evidence(library)[pool]
    record = pooled.record
    return draw_forest(
        _rows(pooled),
        Diamond(pooled.pool.value, *pooled.pool.modified, pooled.pool.prediction, _describe(pooled.pool)),
        measure="hazard ratio",
        favours=(record["favours_low"], record["favours_high"]),
    )


def _rows(pooled: Pooled) -> list[Row]:
    rows = []
    for effect, outcome, weight in zip(pooled.effects, pooled.outcomes, pooled.pool.weights, strict=True):
        assert outcome.value is not None
        rows.append(Row(shorten(effect.study, 34), outcome.value, *to_level_95(outcome), weight))
    return sorted(rows, key=lambda row: row.value)


def _describe(pool: Pool) -> str:
    parts = [f"REML, modified Hartung-Knapp; k = {pool.k}"]
    if pool.i2 is not None:
        parts.append(f"I² {pool.i2:.0f} %")
    if pool.prediction is not None:
        parts.append(f"next study {pool.prediction[0]:.2f}–{pool.prediction[1]:.2f}")
    return "; ".join(parts)


def _say(value: float | None, interval: tuple[float, float] | None) -> str:
    if interval is None:
        return ""
    span = f"{interval[0]:.2f} to {interval[1]:.2f}"
    return span if value is None else f"{value:.2f} ({span})"
