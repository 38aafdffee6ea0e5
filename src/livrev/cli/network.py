"""`livrev network`: a network meta-analysis of a table of contrasts, and its picture."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Literal

import click

from livrev.cli.exits import fail
from livrev.cli.pictures import refuse_endless, refuse_other_pictures, write_picture
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
    from livrev.show.figures.forest import draw_forest
    from livrev.show.figures.intervals import Interval

    found, measure = analysis.network, analysis.table.measure
    ranked = sorted((row for row in found.estimates if row.treatment != found.reference), key=lambda row: -row.p_score)
    rows, ratio = (
        [Interval(row.treatment, row.value, row.low, row.high) for row in ranked],
        analysis.table.scale.name == "log",
    )
    refuse_endless(rows, path, ratio=ratio)
    sides = ("better", "worse") if analysis.small == "better" else ("worse", "better")
    notes = [f"{found.studies} studies, random effects"]
    drawn = draw_forest(
        [f"Against {found.reference}", *rows], measure=measure, favours=sides, linear=not ratio, notes=notes
    )
    write_picture(drawn, path)
