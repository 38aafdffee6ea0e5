"""`livrev watch` finds what is new and what was withdrawn; `livrev screen` decides on it, one key a record."""

import datetime
import fcntl
import select
import sys
from collections import deque
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from livrev.cli.exits import FOLDER, NEW_FILE, fail, open_review, write_file
from livrev.progress import told_to

if TYPE_CHECKING:
    from livrev.paths import Repository
    from livrev.records.review import Review
    from livrev.update.report import Look
    from livrev.update.state import State


@click.command()
@click.option("--report", "report_", type=NEW_FILE, help="Write the report to this file.")
@click.option("--search", "only", multiple=True, metavar="ID", help="Run only this search; it may be given again.")
@click.option("--notices/--no-notices", default=True, show_default=True, help="Whether to ask after the references.")
@click.option("--dry-run", is_flag=True, help="Ask, say what is new, and change nothing in data/.")
@click.option("--baseline", type=FOLDER, help="Folder of PubMed's files (pubmed*.xml.gz) to read instead of services.")
@click.option("--workers", default=1, show_default=True, type=click.IntRange(1, 1024), help="Processes for --baseline.")
@click.option("--scheduler", metavar="ADDRESS", help="Dask scheduler for --baseline; its workers must see that folder.")
def watch(
    report_: Path | None, only: tuple[str, ...], notices: bool, dry_run: bool,
    baseline: Path | None, workers: int, scheduler: str | None,
) -> None:  # fmt: skip
    """Run the searches in data/search/strategies.csv since their last day, and ask after every DOI of the bibliography.

    What is known is linked, the rest is ranked by likeness to what was included and added to data/search/candidates.csv;
    retractions, corrections and concerns go into data/retractions.csv. Nothing enters the review: livrev screen is next.

    \b
    Set LIVREV_CONTACT to your e-mail address, and NCBI_API_KEY where you have one.
    Stopped at any moment, data/ is as before or complete, and the next run goes on. A search runs once a day.
    --report FILE is written only where a person has something to do; else an older FILE stays.

    \b
    Ends with 0: everything was answered, new or not; 1: something was not answered or not read (what was learnt is
    kept, and the next run asks for the rest); 2: called wrongly; 130: stopped.
    """
    if (scheduler or workers > 1) and baseline is None:
        fail("--workers and --scheduler are for --baseline DIR", 2)
    from livrev.transaction import write_together
    from livrev.update.report import write_report
    from livrev.update.update_search import count_waiting, look, new_texts, open_services

    review = open_review()
    repository = review.repository
    if unknown := [name for name in only if name not in review.searches]:
        known = ", ".join(review.searches) or "none"
        fail(f"--search {unknown[0]}: no such search; data/search/strategies.csv has {known}", 2)
    try:
        with _state(repository) as state:
            if baseline is None:
                with open_services(state) as services, told_to(_show):
                    done = look(review, services, today=datetime.date.today(), only=only, notices=notices)
            else:
                done = _read_baseline(review, baseline, only, workers, scheduler or "")
            waiting = count_waiting(review, done.candidates)
            changed = {} if dry_run else new_texts(review, done)
            if report_ is not None and done.needs_a_person:
                # First: were it lost, nobody would hear of what stands in data/ from then on.
                cure = "choose another place with --report; nothing was changed"
                write_file(report_, write_report(done, waiting=waiting), cure, status=2)
            if changed:
                state.keep_abstracts(done.abstracts)
                write_together(repository, changed)
            if done.whole and not dry_run and baseline is None:
                state.forget()
    except KeyboardInterrupt:
        fail("stopped; data/ is as it was, and livrev watch goes on from here", 130)
    _tell(done, [repository.relative(path) for path in changed], waiting, dry_run=dry_run)
    sys.exit(0 if done.whole else 1)


@contextmanager
def _state(repository: "Repository") -> "Iterator[State]":
    """Open the state, for one `livrev watch` at a time."""
    from livrev.update.state import State

    folder = repository.build / "watch"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            fail("another livrev watch is running here; let it finish")
        with State(folder, today=datetime.date.today()) as state:
            yield state


def _read_baseline(review: "Review", folder: Path, only: Collection[str], workers: int, scheduler: str) -> "Look":
    from livrev.update.baseline import KEPT, Harvest, Job, find_files, open_workers, read_files
    from livrev.update.query import read_query
    from livrev.update.update_search import look_at_baseline, ranker_of

    searches = {}
    for name, search in review.searches.items():
        try:
            if search.service == "PubMed" and (not only or name in only):
                searches[name] = read_query(search.query)
        except ValueError as error:
            fail(f"data/search/strategies.csv: {name}: {error}", 2)
    if not searches:
        fail("no search of PubMed to run on the files; write one in data/search/strategies.csv", 2)
    paths = find_files(folder)
    if not paths:
        fail(f"{folder}: no pubmed*.xml.gz here; get them from PubMed's FTP server", 2)
    job, harvest = Job(searches, ranker_of(review)), Harvest(KEPT)
    with open_workers(workers, scheduler) as (readers, count):
        for reading in read_files([path.resolve() for path in paths], job, readers, at_once=2 * count):
            harvest.add(reading)
            for problem in reading.problems:
                click.echo(problem, err=True)
            _show(f"{harvest.files} of {len(paths)} files, {harvest.records} records, {harvest.matched} matches")
    return look_at_baseline(review, harvest, job, today=datetime.date.today())


def _tell(done: "Look", changed: list[str], waiting: int, *, dry_run: bool) -> None:
    for line in done.failed:
        click.echo(line, err=True)
    counts = [(ran, done.new_of(ran)) for ran in done.ran]
    said = [f"{ran.search.search}: {ran.total} records, {new} new, {ran.taken - new} known" for ran, new in counts]
    said += [f"{name}: ran today already" for name in done.skipped]
    said += [f"{number}: awaited, and named in {row['record']}" for number, row in done.reporting]
    said += [f"{notice.citekey}: {notice.row['state']} ({notice.doi})" for notice in done.notices]
    if done.references:
        said.append(f"references: {len(done.looked_up)} of {done.references} looked up")
    said += [f"{name}: written" for name in changed]
    ending = "nothing was changed (--dry-run)" if dry_run else f"{waiting} wait for a decision (livrev screen)"
    click.echo("\n".join([*said, f"watch: {len(done.new)} new candidates, {len(done.notices)} notices; {ending}"]))


def _show(line: str) -> None:
    """Show progress: on a terminal in one line, else line by line."""
    if sys.stderr.isatty():
        click.echo(f"\r\x1b[2K{line[:110]}", err=True, nl=False)
    else:
        click.echo(line, err=True)


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
        folder, today = screening.review.repository.build / "watch", datetime.date.today()
        with State(folder, today=today) as state, _keys() as read_key:
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
        yield lambda: (line.strip()[:1] or " ") if (line := sys.stdin.readline()) else ""
        return
    from prompt_toolkit.input import create_input

    terminal, pressed = create_input(), deque[str]()

    def read_key() -> str:
        while not pressed and not terminal.closed:
            select.select([terminal.fileno()], [], [])
            pressed.extend(key.data for key in [*terminal.read_keys(), *terminal.flush_keys()])
        return pressed.popleft() if pressed else ""

    with terminal.raw_mode():
        yield read_key
