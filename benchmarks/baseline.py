"""Measure the reading of PubMed's files beside pubmed_parser, and how well the ranking finds what was included."""

import multiprocessing
import os
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from baseline_files import write_baseline  # type: ignore[import-not-found]  # noqa: E402
from ranking_quality import cross_validate, measure_ranking  # noqa: E402

from livrev.paths import Repository  # noqa: E402
from livrev.records.review import load_review  # noqa: E402
from livrev.sources.xml_records import read_record  # noqa: E402
from livrev.update.baseline import (  # noqa: E402
    Harvest,
    Job,
    Reading,
    open_workers,
    read_files,
    split_records,
    unpack,
)
from livrev.update.candidates import decisions_of  # noqa: E402
from livrev.update.query import read_query  # noqa: E402
from livrev.update.update_search import ranker_of  # noqa: E402

RECORDS, WHOLE = 30_000, 40_000_000
MATCHING = {
    "title": "Liver metastases and checkpoint inhibitors: a cohort",
    "abstract": "Of the patients with liver metastases, some took a PD-1 inhibitor.",
}
MEMORY = (1, 10, 40)


def main() -> None:
    """Print both tables."""
    measure_the_ranking()
    print()
    with tempfile.TemporaryDirectory() as folder:
        measure_the_reading(Path(folder))


def measure_the_ranking() -> None:
    """Print what the ranking finds of our own screening log, each text scored by a model that did not see it."""
    decisions = decisions_of(load_review(Repository(ROOT)).screening.values())
    included = np.array([decision.included for decision in decisions])
    found = measure_ranking(cross_validate(decisions), included)
    print(f"{'ranking of our own screening log, cross-validated':<54}{'ours':>8}{'by lot':>8}{'best':>8}")
    for percent, recall in found.recall.items():
        print(f"{f'recall after {percent} percent':<54}{recall:>8.3f}{percent / 100:>8.3f}{found.best[percent]:>8.3f}")
    print(
        f"{'work saved over sampling at 95 percent recall':<54}{found.saved:>8.3f}{0.0:>8.3f}{found.saved_best:>8.3f}"
    )
    share = found.included / found.records
    print(
        f"{found.records} records, {found.included} included ({share:.0%}): after screening by query, so little is left to save;\n"
        "mostly titles, as far as seen, and some name the reason (review, protocol). A search of PubMed has few to include."
    )


def measure_the_reading(folder: Path) -> None:
    """Print records per second, by the clock and by the time that the processor worked, memory, and what follows from them."""
    paths = write_baseline(folder, files=2, records=RECORDS, every=300, **MATCHING)
    review = load_review(Repository(ROOT))
    asked = {name: search.query for name, search in review.searches.items() if search.service == "PubMed"}
    job = Job({name: read_query(query) for name, query in asked.items()}, ranker_of(review))
    size, load = paths[0].stat().st_size / 1e6, os.getloadavg()[0]
    print(
        f"files of {RECORDS} records, {size:.0f} MB each, every 300th record answers a search; load of the machine {load:.1f}"
    )
    print(f"{'reading of PubMed files, records per second':<54}{'by clock':>10}{'of a core':>10}{'MB at most':>12}")
    theirs = report("pubmed_parser, every record, 1 process", lambda: parse_theirs(paths[0]))
    report("livrev, every record, 1 process", lambda: parse_ours(paths[0]))
    filtering = report("livrev, filtered and ranked, 1 process", lambda: look(paths[:1], job))
    pooled = in_child(lambda: look_with_two(paths, job))
    print(f"{'livrev, filtered and ranked, 2 processes':<54}{2 * RECORDS / pooled.value:>10.0f}", flush=True)
    for count in MEMORY:
        most = in_child(lambda count=count: look(paths[:1] * count, job)).megabytes  # type: ignore[misc]
        print(f"{f'the same, {count} files, 1 process':<74}{most:>12.0f}", flush=True)
    print(f"extrapolated, not measured: {WHOLE / 1e6:.0f} million records at that speed of a core")
    for name, rate in (("pubmed_parser, reading only", theirs), ("livrev, filtered and ranked", filtering)):
        hours = ", ".join(
            f"{cores} core{'s' * (cores > 1)}: {WHOLE / rate / cores / 3600:.2f} h" for cores in (1, 16, 256)
        )
        print(f"  {name:<30}{hours}")


def report(name: str, task: Callable[[], float]) -> float:
    """Print one line of the table, of a task that reads one file; return the records per second of a core."""
    cost = in_child(task)
    print(f"{name:<54}{RECORDS / cost.wall:>10.0f}{RECORDS / cost.work:>10.0f}{cost.megabytes:>12.0f}", flush=True)
    return RECORDS / cost.work


@dataclass(frozen=True)
class Cost:
    """Seconds by the clock, seconds that the processor worked, the most memory held, and what the task returned."""

    wall: float
    work: float
    megabytes: float
    value: float


def in_child(task: Callable[[], float]) -> Cost:
    """Return what *task* costs in a process of its own."""
    receive, send = multiprocessing.Pipe(duplex=False)

    def run() -> None:
        started, worked = time.perf_counter(), time.process_time()
        value = task()
        wall, work = time.perf_counter() - started, time.process_time() - worked
        send.send(Cost(wall, work, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, value))

    child = multiprocessing.get_context("fork").Process(target=run)
    child.start()
    child.join()
    if not receive.poll():
        sys.exit("a measurement failed")
    cost: Cost = receive.recv()
    return cost


def parse_theirs(path: Path) -> float:
    """Read every record with pubmed_parser."""
    import pubmed_parser  # type: ignore[import-untyped]

    return sum(bool(article["pmid"]) for article in pubmed_parser.parse_medline_xml(str(path)))


def parse_ours(path: Path) -> float:
    """Read every record as livrev does where it matches."""
    return sum(bool(read_record(raw).pmid) for _, raw in split_records(unpack(path)))


def look(paths: list[Path], job: Job) -> float:
    """Filter and rank, as `livrev watch --baseline` does; a file that is read again counts as another one."""
    harvest = Harvest(5000)
    with open_workers() as (workers, count):
        for number, reading in enumerate(read_files(paths, job, workers, at_once=count)):
            harvest.add(renumber(reading, number * RECORDS))
    assert harvest.records == RECORDS * len(paths) and len(harvest.found) == harvest.matched and not harvest.problems
    return harvest.matched


def look_with_two(paths: list[Path], job: Job) -> float:
    """Do the same in two processes; return the seconds without their start, which is paid once for all files."""
    with open_workers(2) as (workers, count):
        list(read_files([Path("none.xml.gz")] * count, job, workers, at_once=count))
        started = time.perf_counter()
        assert sum(reading.records for reading in read_files(paths, job, workers, at_once=count)) == RECORDS * len(
            paths
        )
        return time.perf_counter() - started


def renumber(reading: Reading, by: int) -> Reading:
    """Give the records of *reading* other numbers."""
    reading.seen = {str(int(pmid) + by): version for pmid, version in reading.seen.items()}
    named = ((str(int(pmid) + by), match) for pmid, match in reading.matches.items())
    reading.matches = {pmid: replace(match, record=replace(match.record, pmid=pmid)) for pmid, match in named}
    return reading


if __name__ == "__main__":
    main()
