"""The commands that compute with a table from anywhere, and need no review around it: `livrev pool` and `livrev network`."""

import json
import math
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Literal, TypeVar

import click

from livrev.cli.exits import fail
from livrev.diagnostics import ReviewError

if TYPE_CHECKING:
    from livrev.show.figures.forest import Interval
    from livrev.show.figures.shown import ShownFigure
    from livrev.stats.network_report import NetworkAnalysis
    from livrev.stats.pool_report import Analysis
    from livrev.stats.pooling import Pool

Command = TypeVar("Command", bound=Callable[..., Any])
_MEASURES = ("HR", "OR", "RR", "RD", "MD", "SMD", "proportion", "generic")
_SUFFIXES = (".svg", ".png", ".pdf")


def _table_command(measures: Sequence[str], said: str, drawn: str) -> Callable[[Command], Command]:
    """Give a command what both have: the table, its measure, the form of the answer, and a picture."""

    def add(command: Command) -> Command:
        picture = click.Path(dir_okay=False, path_type=Path)
        for option in (
            click.option("--draw", type=picture, callback=_refuse_other_pictures, help=f"{drawn}: .svg, .png or .pdf."),
            click.option(
                "--format", "format_", type=click.Choice(["table", "json"]), default="table", show_default=True
            ),
            click.option("--measure", type=click.Choice(measures), required=True, help=f"What the values are; {said}."),
            click.argument("file", type=click.File("rb")),
        ):
            command = option(command)
        return command

    return add


def _refuse_other_pictures(_: click.Context, __: click.Parameter, path: Path | None) -> Path | None:
    """End the command where *path* bears the name of no picture that can be written."""
    if path is not None and path.suffix.lower() not in _SUFFIXES:
        fail(f"{path}: is no name of a picture; end it in {', '.join(_SUFFIXES)}", 2)
    return path


@click.command()
@_table_command(_MEASURES, "ratios are pooled on the log scale", "Write the forest plot to a file, too")
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

    try:
        analysis = pool_file(file.name, file.read(), measure)
    except ReviewError as error:
        fail(str(error))
    if draw is not None:
        _draw_forest(analysis, draw)
    click.echo(json.dumps(as_data(analysis), ensure_ascii=False, indent=1) if format_ == "json" else as_table(analysis))


@click.command()
@click.option("--reference", help="The treatment that all are set against (default: the one of most studies).")
@click.option(
    "--small",
    type=click.Choice(["better", "worse"]),
    default="better",
    show_default=True,
    help="Whether a small estimate is good, for P-scores.",
)
@_table_command(
    ("HR", "OR", "RR", "MD", "generic"),
    "ratios are analysed on the log scale",
    "Draw each treatment against the reference into a file, too",
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

    try:
        analysis = network_file(file.name, file.read(), measure, reference=reference, small=small)
    except ReviewError as error:
        fail(str(error))
    if draw is not None:
        _draw_estimates(analysis, draw)
    click.echo(json.dumps(as_data(analysis), ensure_ascii=False, indent=1) if format_ == "json" else as_table(analysis))


def _draw_forest(analysis: "Analysis", path: Path) -> None:
    """Write the forest plot: the studies, by subgroup where there are any, each group with its pool."""
    from livrev.show.figures.forest import SPAN, Interval, draw_forest
    from livrev.stats.pool_report import say_interaction, say_pool

    studies, pool = analysis.studies, analysis.pool
    times, kind = 100 if studies.counts else 1, studies.scale.name
    named = [(effect.study, effect.subgroup) for effect in studies.effects]
    named += [(count.study, count.subgroup) for count in studies.counts]
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
    _refuse_endless([row for row in shown if not isinstance(row, str)], path, ratio=kind == "log")
    favours = None if studies.counts else ("", "")
    drawn = draw_forest(
        shown, measure=studies.measure, favours=favours, linear=kind == "identity", notes=notes,
        heads=(f"{studies.measure}\n(95 % CI)", "weight"),
    )  # fmt: skip
    _write_picture(drawn, path)


def _diamond(pool: "Pool", times: int, label: str) -> "Interval":
    """Return how *pool* is drawn, its numbers so many *times* as large."""
    from livrev.show.figures.forest import SPAN, Interval

    low, high = (times * bound for bound in pool.hk_modified_ci)
    ahead = pool.prediction and (times * pool.prediction[0], times * pool.prediction[1])
    return Interval(label, times * pool.value, low, high, (SPAN, ""), kind="pool", prediction=ahead)


def _draw_estimates(analysis: "NetworkAnalysis", path: Path) -> None:
    """Write the forest of the treatments against the reference, the best first by P-score."""
    from livrev.show.figures.forest import Interval, draw_forest

    found, measure = analysis.network, analysis.table.measure
    ranked = sorted((row for row in found.estimates if row.treatment != found.reference), key=lambda row: -row.p_score)
    rows = [Interval(row.treatment, row.value, row.low, row.high) for row in ranked]
    ratio = analysis.table.scale.name == "log"
    _refuse_endless(rows, path, ratio=ratio)
    sides = ("better", "worse") if analysis.small == "better" else ("worse", "better")
    notes = [f"{found.studies} studies, random effects"]
    drawn = draw_forest(
        [f"Against {found.reference}", *rows], measure=measure, favours=sides, linear=not ratio, notes=notes
    )
    _write_picture(drawn, path)


def _write_picture(figure: "ShownFigure", path: Path) -> None:
    """Write *figure* to *path*, in the format that its name says; end the command where it cannot be written."""
    from livrev.show.figures.style import house_style

    try:
        if path.suffix.lower() == ".svg":
            path.write_text(figure.to_svg(), encoding="utf-8")
            return
        stamp = {".pdf": {"CreationDate": None}, ".svg": {"Date": None}, ".png": {}}[path.suffix.lower()]
        with house_style():
            figure.figure.savefig(path, dpi=200, metadata=stamp)  # the same bytes every time
    except OSError as error:
        fail(f"{path}: the picture cannot be written ({error.strerror or error}); choose another place")


def _refuse_endless(rows: "Sequence[Interval]", path: Path, *, ratio: bool) -> None:
    """End the command where an interval of *rows* has no end that could be drawn."""
    if not all(math.isfinite(row.low + row.high) and (row.low > 0 or not ratio) for row in rows):
        fail(f"{path}: an interval is too wide to be drawn; read the table instead")
