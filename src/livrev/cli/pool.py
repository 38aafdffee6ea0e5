"""`livrev pool`: pool the studies of a table, and draw them."""

import json
import math
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import click

from livrev.cli.exits import fail
from livrev.cli.pictures import PlotRow, draw_differences, refuse_other_pictures, write_picture
from livrev.diagnostics import ReviewError

if TYPE_CHECKING:
    from livrev.show.figures.forest import Diamond
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
    from livrev.show.figures.forest import Group, Row, draw_forest
    from livrev.stats.pool_report import say_interaction, say_pool

    studies = analysis.studies
    times = 100 if studies.counts else 1
    named = [(effect.study, effect.subgroup) for effect in studies.effects]
    named += [(count.study, count.subgroup) for count in studies.counts]
    rows = [
        (subgroup, Row(study, times * value, times * low, times * high, weight))
        for (study, subgroup), (value, low, high), weight in zip(
            named, studies.intervals, analysis.pool.weights, strict=True
        )
    ]
    parts = [(part.subgroup, part.pool) for part in analysis.subgroups.groups] if analysis.subgroups else []
    notes: list[str] = []
    if analysis.subgroups and all(pool is not None for _, pool in parts):
        groups = [
            Group([row for of, row in rows if of == name], _diamond(pool, times, name), name)
            for name, pool in parts
            if pool
        ]
        notes.append(
            f"All studies: {say_pool(analysis.pool, times=times)}; interaction: {say_interaction(analysis.subgroups) or 'none'}"
        )
    else:
        groups = [Group([row for _, row in rows], _diamond(analysis.pool, times))]
    shown: list[list[Row | Diamond]] = [[*group.rows, group.diamond] for group in groups]
    ratio = studies.scale.name == "log"
    if not all(math.isfinite(row.low + row.high) and (row.low > 0 or not ratio) for group in shown for row in group):
        fail(f"{path}: an interval is too wide to be drawn; read the table instead")
    if studies.scale.name == "identity":
        plotted = [
            PlotRow(row.label, row.value, row.low, row.high, row.weight if isinstance(row, Row) else None,
                    group.title if i == 0 else "")
            for group, rows_and_pool in zip(groups, shown, strict=True) for i, row in enumerate(rows_and_pool)
        ]  # fmt: skip
        notes = [group.diamond.said for group in groups[:1] if not group.title] + notes
        write_picture(draw_differences(plotted, head=f"{studies.measure} (95 % CI)", notes=notes), path)
    else:
        favours = ("", "") if ratio else None
        write_picture(draw_forest(groups, measure=studies.measure, favours=favours, notes=notes), path)


def _diamond(pool: "Pool", times: int, subgroup: str = "") -> "Diamond":
    """Return how *pool* is drawn, its numbers so many *times* as large."""
    from livrev.show.figures.forest import Diamond

    low, high = (times * bound for bound in pool.hk_modified_ci)
    prediction = pool.prediction and (times * pool.prediction[0], times * pool.prediction[1])
    said = f"{pool.k} studies" if pool.tau2 is None else f"{pool.k} studies; τ² {pool.tau2:.3g}, I² {pool.i2:.0f} %"
    label = f"All of {subgroup}" if subgroup else "All studies"
    return Diamond(times * pool.value, low, high, prediction, said, label)
