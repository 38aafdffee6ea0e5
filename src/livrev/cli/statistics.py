"""The commands that compute with a table from anywhere, and need no review around it: `livrev pool` and `livrev network`."""

import math
from collections.abc import Callable, Sequence
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Literal

import click

from livrev.cli.exits import FORMAT, NEW_FILE, fail
from livrev.diagnostics import ReviewError

if TYPE_CHECKING:
    from livrev.show.figures.forest import Interval
    from livrev.show.figures.shown import ShownFigure
    from livrev.stats.network import TreatmentEffect
    from livrev.stats.pool_report import Analysis

Command = Callable[..., None]
_HELP = "What the values are; ratios are analysed on the log scale."


def _table_command(*measures: str) -> Callable[[Command], Command]:
    """Give a command what both have: the table, its measure, the form of the answer, and a picture; say what is wrong with a table."""

    def add(command: Command) -> Command:
        @wraps(command)
        def run(**told: Any) -> None:
            try:
                command(**told)
            except ReviewError as error:
                fail(str(error))

        for option in (
            click.option("--draw", type=NEW_FILE, help="Draw the forest plot into a file, too: .svg, .png or .pdf."),
            FORMAT,
            click.option("--measure", type=click.Choice(measures), required=True, help=_HELP),
            click.argument("file", type=click.File("rb")),
        ):
            run = option(run)
        return run

    return add


@click.command()
@_table_command("HR", "OR", "RR", "RD", "MD", "SMD", "proportion", "generic")
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
    from livrev.stats import pool_report

    analysis = pool_report.pool_file(file.name, file.read(), measure)
    if draw is not None:
        _write_picture(_draw_forest(analysis, draw), draw)
    _tell(pool_report.as_data(analysis), pool_report.as_table(analysis), format_)


@click.command()
@click.option("--reference", help="The treatment that all are set against (default: the one of most studies).")
@click.option(
    "--small", type=click.Choice(["better", "worse"]), default="better", show_default=True,
    help="Whether a small estimate is good, for P-scores.",
)  # fmt: skip
@_table_command("HR", "OR", "RR", "MD", "generic")
def network(
    file: BinaryIO, measure: str, reference: str | None, small: Literal["better", "worse"], format_: str, draw: Path | None
) -> None:  # fmt: skip
    """Compare many treatments by the contrasts of a table (CSV, - for standard input); needs no review around it.

    \b
    One contrast a row, as livrev pool takes its numbers:
      study,treatment,comparator,value,ci_low,ci_high[,ci_level][,covariance]
    A study of three or more arms gives all its pairs, or its contrasts against one comparator with covariance, that of
    any two of them on the scale of analysis (ratios: of their logarithms).
    """
    from livrev.stats import network_report

    analysis = network_report.network_file(file.name, file.read(), measure, reference=reference, small=small)
    if draw is not None:
        from livrev.frames.network import TreatmentNetwork

        _refuse_endless(analysis.network.estimates, draw, ratio=analysis.scale.name == "log")
        favours = ("better", "worse") if small == "better" else ("worse", "better")
        _write_picture(TreatmentNetwork(analysis, favours=favours).forest(measure=measure), draw)
    _tell(network_report.as_data(analysis), network_report.as_table(analysis), format_)


def _tell(data: dict[str, object], table: str, format_: str) -> None:
    """Print an answer; what JSON cannot hold, as an endless limit, is null."""
    from pydantic_core import to_json

    click.echo(to_json(data, indent=1, inf_nan_mode="null") if format_ == "json" else table)


def _draw_forest(analysis: "Analysis", path: Path) -> "ShownFigure":
    """Return the forest plot: the studies, by subgroup where there are any, each group with its pool."""
    from livrev.show.figures.forest import Interval, draw_forest, pool_row, study_row
    from livrev.stats.pool_report import say_interaction, say_pool

    studies, pool, groups = analysis.studies, analysis.pool, analysis.subgroups
    times, kind = 100 if studies.counts else 1, studies.scale.name
    rows: dict[str, list[Interval]] = {}
    for item, span, weight in zip(studies.items, studies.intervals, pool.weights, strict=True):
        value, low, high = (times * number for number in span)
        rows.setdefault(item.subgroup, []).append(study_row(item.study, (value, low, high), weight))
    pools = {group.name: group.pool for group in groups.groups if group.pool} if groups else {}
    shown: list[Interval | str] = []
    if groups and pools.keys() == rows.keys():
        for name, of in rows.items():
            shown += [name, *of, pool_row(f"All of {name}", pools[name], times=times)]
        notes = [f"All studies: {say_pool(pool, times=times)}; interaction: {say_interaction(groups) or 'none'}"]
    else:
        shown = [*(row for of in rows.values() for row in of), pool_row("All studies", pool, times=times)]
        notes = [f"{pool.k} studies" + ("" if pool.tau2 is None else f"; τ² {pool.tau2:.3g}, I² {pool.i2:.0f} %")]
    _refuse_endless([row for row in shown if not isinstance(row, str)], path, ratio=kind == "log")
    return draw_forest(
        shown, measure=studies.measure, favours=None if studies.counts else ("", ""), linear=kind == "identity",
        notes=notes, heads=(f"{studies.measure}\n(95 % CI)", "weight"),
    )  # fmt: skip


def _refuse_endless(rows: "Sequence[Interval | TreatmentEffect]", path: Path, *, ratio: bool) -> None:
    """End the command where an interval of *rows* has no end that could be drawn."""
    if not all(math.isfinite(row.low + row.high) and (row.low > 0 or not ratio) for row in rows):
        fail(f"{path}: an interval is too wide to be drawn; read the table instead")


def _write_picture(figure: "ShownFigure", path: Path) -> None:
    match path.suffix.lower():
        case ".svg":
            path.write_text(figure.to_svg(), encoding="utf-8")
        case ".png" | ".pdf" as kind:
            stamp = {"CreationDate": None} if kind == ".pdf" else {}  # the same bytes every time
            figure.figure.savefig(path, dpi=200, metadata=stamp)
        case _:
            fail(f"{path}: is no name of a picture; end it in .svg, .png or .pdf", 2)
