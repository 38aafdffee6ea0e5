"""The pools as tables and forest plots."""

from collections.abc import Sequence
from dataclasses import dataclass

from livrev.records.measures import measure_of
from livrev.records.review import Review
from livrev.review.pool_inputs import Member, to_level_95
from livrev.review.pools import Pooled, compare_family, pool_evidence
from livrev.review.sensitivity import Variant, vary
from livrev.show.figures.forest import Diamond, Group, Row, draw_forest
from livrev.show.figures.style import ShownFigure
from livrev.show.format import format_pooled
from livrev.show.tables import ShownTable, show_table
from livrev.show.views.evidence import shorten
from livrev.stats.pooling import Pool, Summary

_MARKS = {"secondary": "‡", "conference-abstract": "†"}
_LEGEND = {"‡": "‡ read second-hand", "†": "† meeting abstract"}


def show_pools(review: Review) -> ShownTable:
    """Return one row a pool: what was pooled, what it gives under each convention, and what would flip it."""
    appraisals = appraisals_of(review)
    rows = []
    for key, pooled in pool_evidence(review).items():
        pool, measure = pooled.pool, pooled.record["measure"]
        rows.append(
            {
                "title": pooled.record["title"],
                "measure": measure_of(measure).name,
                "k": pool.k,
                "pooled": format_pooled(measure, pool.value, pool.hk_modified_ci),
                "prediction": format_pooled(measure, None, pool.prediction),
                "wald": format_pooled(measure, None, pool.wald),
                "common": _format_summary(measure, pool.common),
                "dl": _format_summary(measure, pool.dersimonian_laird),
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
            "without": format_pooled(pooled.record["measure"], step.pool.value, step.pool.hk_modified_ci)
            if step.pool
            else step.reason,
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
            "pooled": _format_variant(pooled, variant),
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


def _format_variant(pooled: Pooled, variant: Variant) -> str:
    if variant.common is not None:
        return _format_summary(pooled.record["measure"], variant.common)
    return (
        format_pooled(pooled.record["measure"], variant.pool.value, variant.pool.hk_modified_ci)
        if variant.pool
        else variant.reason
    )


def _format_summary(measure: str, summary: Summary) -> str:
    return format_pooled(measure, summary.value, (summary.low, summary.high))


def draw_pool(review: Review, pool: str) -> ShownFigure:
    """Draw the forest plot of one pool of the review."""
    return draw_pooled(pool_evidence(review)[pool], certainty=appraisals_of(review)[pool]["certainty"])


def draw_pooled(pooled: Pooled, *, certainty: str = "") -> ShownFigure:
    """Draw the forest plot of a pool, the smallest effects first."""
    return draw_forest(
        [Group(_rows(pooled), _diamond(pooled, pooled.pool))],
        measure=measure_of(pooled.record["measure"]).name,
        favours=favours_of(pooled),
        notes=[*([f"certainty: {certainty}"] if certainty else []), *_legend([pooled]), *_note_weights([pooled])],
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
        measure=measure_of(pools[0].record["measure"]).name,
        favours=favours_of(pools[0]),
        notes=[*([f"test of interaction, whether the {said}"] if said else []), *_legend(pools), *_note_weights(pools)],
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
    for member, weight in zip(pooled.members, pooled.pool.weights, strict=True):
        shown = show_member(member, pooled)
        label = shorten(member.study, 60)
        if member.count is not None:
            label += f"  {member.count.events}/{member.count.total}"
        rows.append(Row(label, *shown.printed, weight, _mark(member.outcomes), shown.level, shown.drawn))
    return sorted(rows, key=lambda row: row.value)


@dataclass(frozen=True, slots=True)
class ShownMember:
    """What is shown of one study of a pool: value and interval as printed, and the interval that is drawn if that is another."""

    printed: tuple[float, float, float]
    level: float = 95
    drawn: tuple[float, float] | None = None


def show_member(member: Member, pooled: Pooled) -> ShownMember:
    """Return the numbers of one study of *pooled*: as its source prints them, and as computed where it prints none.

    The interval by which a study is weighted is symmetric about its value and may differ from the printed one in the last digit.
    """
    outcome = member.reported
    if outcome is None or outcome.value is None or outcome.ci_low is None or outcome.ci_high is None:
        times = _times(pooled)
        value, low, high = (times * number for number in member.interval(pooled.scale))
        printed = member.outcomes[0].value if member.count is not None else None
        return ShownMember((value if printed is None else printed, low, high))
    other = outcome.ci_level not in (None, 95.0)
    drawn = to_level_95(outcome) if other else None
    return ShownMember((outcome.value, outcome.ci_low, outcome.ci_high), outcome.ci_level or 95, drawn)


def _mark(outcomes: Sequence[object]) -> str:
    found = {_MARKS.get(getattr(outcome, "basis", "")) for outcome in outcomes}
    return next((mark for mark in _LEGEND if mark in found), "")


def _legend(pools: Sequence[Pooled]) -> list[str]:
    used = {_mark(member.outcomes) for pooled in pools for member in pooled.members}
    said = "; ".join(text for mark, text in _LEGEND.items() if mark in used)
    return [said] if said else []


def _note_weights(pools: Sequence[Pooled]) -> list[str]:
    """Return the footnote on printed and symmetric intervals, where a study's own interval is shown."""
    reported = any(member.reported for pooled in pools for member in pooled.members)
    return ["intervals of studies as printed; weighted by the symmetric interval of the same width"] if reported else []


def favours_of(pooled: Pooled) -> tuple[str, str] | None:
    """Return what lies left and right of no effect; None where a share was pooled."""
    record = pooled.record
    return None if record["measure"] == "proportion" else (record["favours_low"], record["favours_high"])


def _diamond(pooled: Pooled, pool: Pool) -> Diamond:
    times = _times(pooled)
    prediction = (times * pool.prediction[0], times * pool.prediction[1]) if pool.prediction else None
    low, high = (times * bound for bound in pool.hk_modified_ci)
    return Diamond(times * pool.value, low, high, prediction, _describe(pooled))


def _times(pooled: Pooled) -> int:
    return measure_of(pooled.record["measure"]).times


def _describe(pooled: Pooled) -> str:
    pool = pooled.pool
    model = "binomial-normal model" if pooled.record["measure"] == "proportion" else "REML, modified Hartung-Knapp"
    parts = [f"{model}; k = {pool.k}"]
    if pool.i2 is not None:
        parts.append(f"I² {pool.i2:.0f} %")
    if pool.prediction is not None:
        parts.append(f"next study {format_pooled(pooled.record['measure'], None, pool.prediction)}")
    return "; ".join(parts)
