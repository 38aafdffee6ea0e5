"""`livrev pool`: pool the studies of a table, and draw them."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import click

from livrev.cli.exits import fail
from livrev.cli.pictures import refuse_endless, refuse_other_pictures, write_picture
from livrev.diagnostics import ReviewError

if TYPE_CHECKING:
    from livrev.show.figures.intervals import Interval
    from livrev.stats.pool_report import Analysis
    from livrev.stats.pooling import Pool

MEASURES = ("HR", "OR", "RR", "RD", "MD", "SMD", "proportion", "generic")


@click.command()
@click.argument("file", type=click.File("rb"))
@click.option(
    "--measure",
    type=click.Choice(MEASURES),
    required=True,
    help="What the values are; ratios are pooled on the log scale.",
)
@click.option("--format", "format_", type=click.Choice(["table", "json"]), default="table", show_default=True)
@click.option(
    "--draw",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the forest plot to a file, too: .svg, .png or .pdf.",
)
def pool(file: BinaryIO, measure: str, format_: str, draw: Path | None) -> None:
    """Pool the studies of a table (CSV, - for standard input); needs no review around it.

    \b
    Columns, under these or their usual names, separated by commas, semicolons or tabs:
      study,value,ci_low,ci_high[,ci_level][,subgroup]   all but proportions
      study,yi,vi (or yi,sei)                            on the scale of analysis: of a ratio, the logarithm
      study,events1,total1,events2,total2                OR, RR, RD
      study,mean1,sd1,n1,mean2,sd2,n2                    MD, SMD (Hedges' g)
      study,events,total                                 proportion
    Group 1 is set against group 2.
    """
    from livrev.stats.pool_report import as_data, as_table, pool_file

    refuse_other_pictures(draw)
    try:
        analysis = pool_file(file.name, file.read(), measure)
    except ReviewError as error:
        fail(str(error))
    if draw is not None:
        _draw_forest(analysis, draw)
    click.echo(json.dumps(as_data(analysis), ensure_ascii=False, indent=1) if format_ == "json" else as_table(analysis))


def _draw_forest(analysis: "Analysis", path: Path) -> None:
    """Write the forest plot: the studies, by subgroup where there are any, each group with its pool."""
    from livrev.show.figures.forest import draw_forest
    from livrev.show.figures.intervals import SPAN, Interval
    from livrev.stats.pool_report import say_interaction, say_pool

    studies, pool = analysis.studies, analysis.pool
    times, kind = 100 if studies.counts else 1, studies.scale.name
    named = [(one.study, one.subgroup) for one in studies.effects] + [
        (one.study, one.subgroup) for one in studies.counts
    ]
    rows: list[tuple[str | None, Interval]] = []
    for (study, subgroup), span, weight in zip(named, studies.intervals, pool.weights, strict=True):
        value, low, high = (times * number for number in span)
        percent = f"{weight:.0f} %"
        row = Interval(
            study, value, low, high, (SPAN, percent), size=3 + 7 * (weight / 100) ** 0.5, said=f"weight {percent}"
        )
        rows.append((subgroup, row))
    parts = [(part.subgroup, part.pool) for part in analysis.subgroups.groups] if analysis.subgroups else []
    shown: list[Interval | str] = []
    if analysis.subgroups and all(part is not None for _, part in parts):
        for name, part in parts:
            if part is not None:
                shown += [name, *(row for of, row in rows if of == name), _diamond(part, times, f"All of {name}")]
        notes = [
            f"All studies: {say_pool(pool, times=times)}; interaction: {say_interaction(analysis.subgroups) or 'none'}"
        ]
    else:
        shown = [*(row for _, row in rows), _diamond(pool, times, "All studies")]
        notes = [
            f"{pool.k} studies" if pool.tau2 is None else f"{pool.k} studies; τ² {pool.tau2:.3g}, I² {pool.i2:.0f} %"
        ]
    refuse_endless([row for row in shown if not isinstance(row, str)], path, ratio=kind == "log")
    favours = None if studies.counts else ("", "")
    drawn = draw_forest(
        shown, measure=studies.measure, favours=favours, linear=kind == "identity", notes=notes,
        heads=(f"{studies.measure}\n(95 % CI)", "weight"),
    )  # fmt: skip
    write_picture(drawn, path)


def _diamond(pool: "Pool", times: int, label: str) -> "Interval":
    """Return how *pool* is drawn, its numbers so many *times* as large."""
    from livrev.show.figures.intervals import SPAN, Interval

    low, high = (times * bound for bound in pool.hk_modified_ci)
    ahead = pool.prediction and (times * pool.prediction[0], times * pool.prediction[1])
    return Interval(label, times * pool.value, low, high, (SPAN, ""), kind="pool", prediction=ahead)
