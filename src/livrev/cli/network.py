"""`livrev network`: a network meta-analysis of a table of contrasts, and its picture."""

import json
import math
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Literal

import click

from livrev.cli.exits import fail
from livrev.cli.pictures import PlotRow, draw_differences, refuse_other_pictures, write_picture
from livrev.diagnostics import ReviewError

if TYPE_CHECKING:
    from livrev.stats.network_report import NetworkAnalysis


@click.command()
@click.argument("file", type=click.File("rb"))
@click.option(
    "--measure",
    type=click.Choice(["HR", "OR", "RR", "MD", "generic"]),
    required=True,
    help="What the values are; ratios are analysed on the log scale.",
)
@click.option("--reference", help="The treatment that all are set against (default: the one of most studies).")
@click.option(
    "--small",
    type=click.Choice(["better", "worse"]),
    default="better",
    show_default=True,
    help="Whether a small estimate is good, for P-scores.",
)
@click.option("--format", "format_", type=click.Choice(["table", "json"]), default="table", show_default=True)
@click.option(
    "--draw",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Draw each treatment against the reference into a file, too: .svg, .png or .pdf.",
)
def network(
    file: BinaryIO,
    measure: str,
    reference: str | None,
    small: Literal["better", "worse"],
    format_: str,
    draw: Path | None,
) -> None:
    """Compare many treatments by the contrasts of a table (CSV, - for standard input); needs no review around it.

    \b
    One contrast a row, as livrev pool takes its numbers:
      study,treatment,comparator,value,ci_low,ci_high[,ci_level][,covariance]
    A study of three or more arms gives all its pairs, or its contrasts against one comparator with covariance, that of
    any two of them on the scale of analysis (ratios: of their logarithms).
    """
    from livrev.stats.network_report import as_data, as_table, network_file

    refuse_other_pictures(draw)
    try:
        analysis = network_file(file.name, file.read(), measure, reference=reference, small=small)
    except ReviewError as error:
        fail(str(error))
    if draw is not None:
        _draw_estimates(analysis, draw)
    click.echo(json.dumps(as_data(analysis), ensure_ascii=False, indent=1) if format_ == "json" else as_table(analysis))


def _draw_estimates(analysis: "NetworkAnalysis", path: Path) -> None:
    """Write the forest of the treatments against the reference, the best first by P-score."""
    from livrev.show.figures.effects import Effect, draw_effects

    found, measure = analysis.network, analysis.table.measure
    rows = sorted((row for row in found.estimates if row.treatment != found.reference), key=lambda row: -row.p_score)
    ratio = analysis.table.scale.name == "log"
    if not all(math.isfinite(row.low + row.high) and (row.low > 0 or not ratio) for row in rows):
        fail(f"{path}: an interval is too wide to be drawn; read the table instead")
    if not ratio:
        plotted = [PlotRow(row.treatment, row.value, row.low, row.high) for row in rows]
        notes = [f"Against {found.reference}; {found.studies} studies, random effects."]
        write_picture(draw_differences(plotted, head=f"{measure} (95 % CI)", notes=notes), path)
        return
    effects = [Effect(row.treatment, row.value, row.low, row.high, f"Against {found.reference}") for row in rows]
    sides = ("better", "worse") if analysis.small == "better" else ("worse", "better")
    write_picture(draw_effects(effects, measure=measure, favours=sides), path)
