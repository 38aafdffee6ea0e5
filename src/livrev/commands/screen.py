"""`livrev screen`: decide on candidates in the terminal, one key a decision."""

import datetime
import sys

import click

from livrev.commands import fail, report, repository_of
from livrev.problems import ReviewError


@click.command()
@click.option("--unsure", is_flag=True, help="Go through those marked unsure again.")
@click.option("--limit", type=click.IntRange(1), help="Stop after so many decisions.")
@click.option("--list", "list_", is_flag=True, help="Print what waits, the likeliest first, and decide nothing.")
@click.pass_context
def screen(context: click.Context, unsure: bool, limit: int | None, list_: bool) -> None:
    """Go through the candidates that livrev watch found, the likeliest first, and decide on each.

    Every decision is in data/search/screening.csv before the next record is shown, so stopping loses none, and nothing
    decided is asked again. Including a record here does not put it into the review; livrev add does that.

    \b
    Keys: i include, e exclude (then the key of a reason), u unsure, s skip for now, b back to the one before
    (its decision is taken back), o open its page in a browser, q quit. Without a terminal one line is read for each key.
    """
    from livrev.library import load_library
    from livrev.together import ChangeFailed
    from livrev.watch.screening import Screening, ask_candidates
    from livrev.watch.state import State

    repository = repository_of(context)
    try:
        screening = Screening.open(load_library(repository), unsure=unsure, today=datetime.date.today())
    except ReviewError as error:
        report(error.problems)
        return
    if list_:
        for row in screening.waiting:
            click.echo(f"{row['score'] if row['score'] is not None else '':>6}  {row['record']}  {row['title']}")
        click.echo(f"{len(screening.waiting)} wait for a decision")
        return
    try:
        with State(repository.build / "watch", today=datetime.date.today()) as state:
            decided = ask_candidates(screening, state.abstract, _read_key, _show, click.launch, limit=limit)
    except KeyboardInterrupt:
        click.echo("\nstopped; every decision made is on file", err=True)
        sys.exit(130)
    except ChangeFailed as error:
        fail(str(error))
    left = len(screening.waiting) - screening.place
    click.echo(f"{decided} decided, {left} wait for a decision; data/search/screening.csv")


def _read_key() -> str:
    """Return the key that was pressed, or the first character of a line where there is no terminal; empty at the end."""
    if sys.stdin.isatty():
        try:
            return click.getchar()
        except EOFError:
            return ""
    line = sys.stdin.readline()
    return (line.strip()[:1] or " ") if line else ""


def _show(text: str) -> None:
    click.echo(text)
