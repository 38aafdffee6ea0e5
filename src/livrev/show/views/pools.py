"""The pools as tables and forest plots."""

from collections.abc import Sequence

from livrev.records.review import Review
from livrev.review.pools import Pooled, compare_family, pool_evidence
from livrev.review.sensitivity import vary
from livrev.show.figures.forest import Diamond, Group, Row, draw_forest
from livrev.show.figures.style import ShownFigure
from livrev.show.format import format_number
from livrev.show.tables import ShownTable, show_table
from livrev.show.views.evidence import MEASURES, shorten
from livrev.stats.pooling import Pool, Summary

_MARKS = {"secondary": "‡", "conference-abstract": "†"}
_LEGEND = {"‡": "‡ read second-hand", "†": "† meeting abstract"}


def show_pools(review: Review) -> ShownTable:
    """Return one row a pool: what was pooled, what it gives under each convention, and what would flip it."""
    appraisals = appraisals_of(review)
    rows = []
    for key, pooled in pool_evidence(review).items():
        pool = pooled.pool
        rows.append(
            {
                "title": pooled.record["title"],
                "measure": MEASURES[pooled.record["measure"]],
                "k": pool.k,
                "pooled": say(pooled, pool.value, pool.modified),
                "prediction": say(pooled, None, pool.prediction) if pool.prediction else "",
                "wald": say(pooled, None, pool.wald),
                "common": _say_summary(pooled, pool.common),
                "dl": _say_summary(pooled, pool.dersimonian_laird),
                "i2": "" if pool.i2 is None else f"{pool.i2:.0f} %",
                "tau2": "" if pool.tau2 is None else f"{pool.tau2:.3f}",
                "flips": pooled.flips or ("no single study" if pooled.verdict != "share" else ""),
                "certainty": appraisals[key]["certainty"],
            }
        )
    columns = {
        "title": "Pool", "measure": "Measure", "k": "Studies", "pooled": "Pooled (95 % CI)",
        "prediction": "Next study (95 %)", "wald": "Wald interval", "common": "Common effect",
        "dl": "DerSimonian-Laird", "i2": "I²", "tau2": "tau²", "flips": "Would flip without", "certainty": "Certainty",
    }  # fmt: skip
    caption = "Every pool of the review, under each convention"
    return show_table(
        rows,
        name="table-pools",
        caption=caption,
        columns=columns,
        filters=["measure", "certainty"],
        download="estimates.csv",
    )


def appraisals_of(review: Review) -> dict[str, dict[str, str]]:
    """Return the appraisal of each pool, by the pool's id."""
    return {record["pool"]: record for record in review.tables["appraisals"].records}


def show_reasons(review: Review) -> ShownTable:
    """Return why these results are pooled together, and what to mind."""
    columns = {"title": "Pool", "rule": "Which results, and why", "caution": "Mind"}
    rows = review.tables["pools"].records
    return show_table(rows, name="table-pool-reasons", caption="Why these results stand together", columns=columns)


def show_left_out(review: Review) -> ShownTable:
    """Return each pool without each of its studies."""
    rows = [
        {
            "title": pooled.record["title"],
            "study": step.study,
            "without": say(pooled, step.pool.value, step.pool.modified) if step.pool else step.reason,
        }
        for pooled in pool_evidence(review).values()
        for step in pooled.left_out
    ]
    columns = {"title": "Pool", "study": "Without", "without": "Pooled (95 % CI)"}
    return show_table(
        rows, name="table-left-out", caption="Each pool without each study", columns=columns, filters=["title"]
    )


def show_sensitivity(review: Review) -> ShownTable:
    """Return each pool under other rules of inclusion, and whether its answer would change; rules that change nothing apart."""
    rows = [
        {
            "title": pooled.record["title"],
            "rule": variant.rule,
            "k": variant.pool.k if variant.pool else "",
            "pooled": say(pooled, variant.pool.value, variant.pool.modified) if variant.pool else variant.reason,
            "flips": "yes" if variant.flips else "no",
        }
        for pooled in pool_evidence(review).values()
        for variant in vary(pooled)
    ]
    columns = {
        "title": "Pool", "rule": "Rule", "k": "Studies left", "pooled": "Pooled (95 % CI)", "flips": "Answer changes",
    }  # fmt: skip
    caption = "Each pool under other rules"
    return show_table(
        rows, name="table-sensitivity", caption=caption, columns=columns, filters=["rule", "flips", "title"]
    )


def draw_pool(review: Review, pool: str) -> ShownFigure:
    """Draw the forest plot of one pool, the smallest effects first."""
    pooled = pool_evidence(review)[pool]
    certainty = appraisals_of(review)[pool]["certainty"]
    return draw_forest(
        [Group(_rows(pooled), _diamond(pooled, pooled.pool))],
        measure=MEASURES[pooled.record["measure"]],
        favours=favours_of(pooled),
        linear=pooled.no_effect == 0,
        notes=[f"certainty: {certainty}", *_legend([pooled])],
    )


def draw_family(review: Review, family: str) -> ShownFigure:
    """Draw the pools of one family below each other, with the test whether they differ."""
    pools = [pooled for pooled in pool_evidence(review).values() if pooled.record["family"] == family]
    if not pools:
        raise ValueError(f"no pool is of the family {family}; the column family of the table of pools names them")
    groups = [Group(_rows(pooled), _diamond(pooled, pooled.pool), _title(pooled, pools)) for pooled in pools]
    test = compare_family(pools)
    said = f"pools differ: Q {test.q:.2f}, {test.df} df, p = {test.p:.2f}" if test.p is not None else ""
    return draw_forest(
        groups,
        measure=MEASURES[pools[0].record["measure"]],
        favours=favours_of(pools[0]),
        linear=pools[0].no_effect == 0,
        notes=[f"test of interaction, whether the {said}", *_legend(pools)] if said else _legend(pools),
    )


def _title(pooled: Pooled, pools: Sequence[Pooled]) -> str:
    """Return what sets one pool of a family apart: its title without what all titles share."""
    titles = [other.record["title"] for other in pools]
    head = _shared(titles)
    tail = _shared([title[::-1] for title in titles])
    title = pooled.record["title"]
    return str(title[len(head) : len(title) - len(tail)]).strip(" ,:") or title


def _shared(texts: Sequence[str]) -> str:
    """Return the beginning, up to a word's end, that all *texts* share."""
    length = next((i for i, letters in enumerate(zip(*texts, strict=False)) if len(set(letters)) > 1), 0)
    return texts[0][:length].rpartition(" ")[0]


def _rows(pooled: Pooled) -> list[Row]:
    rows = []
    times = _times(pooled)
    for member, weight in zip(pooled.members, pooled.pool.weights, strict=True):
        value, low, high = (times * number for number in member.interval(pooled.scale))
        label = shorten(member.study, 60)
        if member.count is not None:
            label += f"  {member.count.events}/{member.count.total}"
        rows.append(Row(label, value, low, high, weight, _mark(member.outcomes)))
    return sorted(rows, key=lambda row: row.value)


def _mark(outcomes: Sequence[object]) -> str:
    found = {_MARKS.get(getattr(outcome, "basis", "")) for outcome in outcomes}
    return next((mark for mark in _LEGEND if mark in found), "")


def _legend(pools: Sequence[Pooled]) -> list[str]:
    used = {_mark(member.outcomes) for pooled in pools for member in pooled.members}
    said = "; ".join(text for mark, text in _LEGEND.items() if mark in used)
    return [said] if said else []


def favours_of(pooled: Pooled) -> tuple[str, str] | None:
    """Return what lies left and right of no effect; None where a share was pooled."""
    record = pooled.record
    return None if record["measure"] == "proportion" else (record["favours_low"] or "", record["favours_high"] or "")


def _diamond(pooled: Pooled, pool: Pool) -> Diamond:
    times = _times(pooled)
    prediction = (times * pool.prediction[0], times * pool.prediction[1]) if pool.prediction else None
    low, high = (times * bound for bound in pool.modified)
    return Diamond(times * pool.value, low, high, prediction, _describe(pooled))


def _times(pooled: Pooled) -> int:
    return 100 if pooled.record["measure"] == "proportion" else 1


def _describe(pooled: Pooled) -> str:
    pool = pooled.pool
    model = "binomial-normal model" if pooled.record["measure"] == "proportion" else "REML, modified Hartung-Knapp"
    parts = [f"{model}; k = {pool.k}"]
    if pool.i2 is not None:
        parts.append(f"I² {pool.i2:.0f} %")
    if pool.prediction is not None:
        ahead = say(pooled, None, pool.prediction)
        parts.append(f"next study {ahead if pooled.no_effect == 0 else ahead.replace(' to ', '–')}")
    return "; ".join(parts)


def say(pooled: Pooled, value: float | None, interval: tuple[float, float] | None) -> str:
    """Return a pooled value with its interval in words; a share in percent."""
    if interval is None:
        return ""
    times, digits = _times(pooled), 0 if pooled.record["measure"] == "proportion" else 2
    low, high = (format_number(times * bound, digits) for bound in interval)
    span = f"{low} to {high}" + (" %" if times == 100 else "")
    return span if value is None else f"{format_number(times * value, digits)} ({span})"


def _say_summary(pooled: Pooled, summary: Summary) -> str:
    return say(pooled, summary.value, (summary.low, summary.high))
