"""`livrev screen`: decide on candidates in the terminal, one key a decision."""

import datetime
import os
import select
import sys
import termios
import tty
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click

from livrev.cli.exits import open_review


@click.command()
@click.option("--unsure", is_flag=True, help="Go through those marked unsure again.")
def screen(unsure: bool) -> None:
    """Go through the candidates that livrev watch found, the likeliest first, and decide on each.

    Every decision is in data/search/screening.csv before the next record is shown, so stopping loses none, and nothing
    decided is asked again. Including a record here does not put it into the review; livrev add does that.

    \b
    Keys: i include, e exclude (then the key of a reason), u unsure, s skip for now, b back to the one before
    (its decision is taken back), o open its page in a browser, q quit. Without a terminal one line is read for each key.
    """
    from livrev.update.screening import Screening, ask_candidates
    from livrev.update.state import State

    screening = Screening.open(open_review(), unsure=unsure)
    try:
        with (
            State(screening.review.repository.build / "watch", today=datetime.date.today()) as state,
            _keys() as read_key,
        ):
            decided = ask_candidates(screening, state.abstract, read_key, click.echo, click.launch)
    except KeyboardInterrupt:
        click.echo("\nstopped; every decision made is on file", err=True)
        sys.exit(130)
    left = len(screening.waiting) - screening.place
    click.echo(f"{decided} decided, {left} wait for a decision; data/search/screening.csv")


@contextmanager
def _keys() -> Iterator[Callable[[], str]]:
    """Give what returns the next key: from a terminal as it is pressed, else the first character of a line; empty at the end."""
    if not sys.stdin.isatty():
        yield _read_line
        return
    terminal = sys.stdin.fileno()
    before = termios.tcgetattr(terminal)
    # Once for all keys, and without throwing away what was typed already, as setting it anew for every key would.
    tty.setcbreak(terminal, termios.TCSADRAIN)
    try:
        yield lambda: _read_terminal(terminal)
    finally:
        termios.tcsetattr(terminal, termios.TCSADRAIN, before)


def _read_line() -> str:
    line = sys.stdin.readline()
    return (line.strip()[:1] or " ") if line else ""


def _read_terminal(terminal: int) -> str:
    """Return one character; a key that sends several (an arrow) counts as one that is none of ours."""
    first = os.read(terminal, 1)
    if first == b"\x1b" and select.select([terminal], [], [], 0.01)[0] and os.read(terminal, 1) in (b"[", b"O"):
        while not b"@" <= os.read(terminal, 1) <= b"~":  # its last character
            pass
    return first.decode("ascii", "replace")
