"""Measure the reading of PubMed's files beside pubmed_parser, and how well the ranking finds what was included."""

import multiprocessing
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from baseline_files import write_baseline  # noqa: E402

from livrev.library import load_library  # noqa: E402
from livrev.paths import Repository  # noqa: E402
from livrev.watch.baseline import Harvest, Job, read_file, read_files  # noqa: E402
from livrev.watch.medline import read_article, split_records, unpack  # noqa: E402
from livrev.watch.ranking import cross_validate, decisions_of, measure_ranking  # noqa: E402
from livrev.watch.run import ranker_of  # noqa: E402
from livrev.watch.workers import own_process, process_pool  # noqa: E402

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
    decisions = decisions_of(load_library(Repository(ROOT)).tables["screening"].records)
    included = np.array([decision.included for decision in decisions])
    found = measure_ranking(cross_validate(decisions), included)
    print(f"{'ranking of our own screening log, cross-validated':<54}{'ours':>8}{'by lot':>8}{'best':>8}")
    for share, recall in found.recall.items():
        print(f"{f'recall after {share} percent':<54}{recall:>8.3f}{share / 100:>8.3f}{found.best[share]:>8.3f}")
    print(f"{'work saved over sampling at 95 percent recall':<54}{found.saved:>8.3f}{0:>8.3f}{found.saved_best:>8.3f}")
    share = found.included / found.records
    print(
        f"{found.records} records, {found.included} included ({share:.0%}): after screening by query, so little is left to save;\n"
        "mostly titles, as far as seen, and some name the reason (review, protocol). A search of PubMed has few to include."
    )


def measure_the_reading(folder: Path) -> None:
    """Print records per second and core, memory, and the hours that follow for all of PubMed."""
    first, second = write_baseline(folder, files=2, records=RECORDS, every=300, **MATCHING)
    library = load_library(Repository(ROOT))
    rows = [row for row in library.tables["search_strategies"].records if row["service"] == "PubMed"]
    job = Job(tuple((row["search"], row["query"]) for row in rows), ranker_of(library))
    size = first.stat().st_size / 1e6
    print(f"files of {RECORDS} records, {size:.0f} MB each; every 300th record answers a search")
    print(f"{'reading of PubMed files':<54}{'records/s':>10}{'per core':>10}{'MB at most':>12}")
    theirs = report("pubmed_parser, every record, 1 process", parse_theirs, [first])
    report("livrev, every record, 1 process", parse_ours, [first])
    filtering = report("livrev, filtered and ranked, 1 process", lambda paths: look(paths, job, 1), [first])
    speed = in_child(lambda: look([first, second], job, 2))[0]
    both = 2 * RECORDS / speed
    print(f"{'livrev, filtered and ranked, 2 processes':<54}{both:>10.0f}{both / 2:>10.0f}")
    print(f"{'the same, memory with so many files, 1 process':<54}", end="")
    links = []
    for number in range(1, max(MEMORY) + 1):
        link = folder / f"many{number:03}.xml.gz"
        link.symlink_to(first)
        links.append(link)
    print(
        ", ".join(f"{count}: {in_child(lambda count=count: look(links[:count], job, 1))[1]:.0f} MB" for count in MEMORY)  # type: ignore[misc]
    )
    print(f"extrapolated, not measured: {WHOLE / 1e6:.0f} million records at the speed per core of this run")
    for name, rate in (("pubmed_parser, reading only", theirs), ("livrev, filtered and ranked", filtering)):
        hours = ", ".join(
            f"{cores} core{'s' * (cores > 1)}: {WHOLE / rate / cores / 3600:.2f} h" for cores in (1, 16, 256)
        )
        print(f"  {name:<52}{hours}")


def report(name: str, read: Callable[[list[Path]], int], paths: list[Path]) -> float:
    """Print one line of the table and return the records per second."""
    seconds, megabytes = in_child(lambda: read(paths))
    rate = RECORDS * len(paths) / seconds
    print(f"{name:<54}{rate:>10.0f}{rate:>10.0f}{megabytes:>12.0f}", flush=True)
    return rate


def in_child(task: Callable[[], int]) -> tuple[float, float]:
    """Return the seconds that *task* takes in a process of its own, and the most memory that this held, in megabytes."""
    ours, theirs = multiprocessing.Pipe(duplex=False)

    def run() -> None:
        started = time.perf_counter()
        task()
        took = time.perf_counter() - started
        theirs.send((took, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024))

    child = multiprocessing.get_context("fork").Process(target=run)
    child.start()
    child.join()
    if not ours.poll():
        sys.exit("a measurement failed")
    took, megabytes = ours.recv()
    return took, megabytes


def parse_theirs(paths: list[Path]) -> int:
    """Read every record with pubmed_parser."""
    import pubmed_parser

    return sum(bool(article["pmid"]) for path in paths for article in pubmed_parser.parse_medline_xml(str(path)))


def parse_ours(paths: list[Path]) -> int:
    """Read every record as livrev does where it matches."""
    return sum(bool(read_article(raw).pmid) for path in paths for _, raw in split_records(unpack(path)))


def look(paths: list[Path], job: Job, workers: int) -> int:
    """Filter and rank, as `livrev watch --baseline` does."""
    harvest = Harvest(5000)
    if workers == 1:
        submit, count = own_process()
        for reading in read_files(paths, job, submit, at_once=count):
            harvest.add(reading)
    else:
        with process_pool(workers) as (submit, count):
            # Their start is paid once, however many files there are.
            list(read_files([Path("none.xml.gz")] * workers, job, submit, at_once=workers))
            started = time.perf_counter()
            for reading in read_files(paths, job, submit, at_once=2 * count):
                harvest.add(reading)
            print(f"  ({len(paths)} files in {time.perf_counter() - started:.1f} s)", flush=True)
    assert harvest.records == RECORDS * len(paths) and not harvest.problems
    return harvest.matched


if __name__ == "__main__":
    main()
