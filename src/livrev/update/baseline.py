"""Go through the whole of PubMed: filter and rank its baseline and update files, one process or many machines alike.

Files are handed to this process, to a pool of processes on this machine, or to Dask's workers on many. Each is read by the
same function, wherever it runs; what comes back is small (the matches, and the numbers of the records seen), and is joined in
the order of the files, so that a later version of a record replaces an earlier one and a deletion takes it away.
"""

import multiprocessing
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from livrev.sources.publication import Publication
from livrev.sources.pubmed_xml import UNCLOSED, BrokenFile, peek, read_deleted, read_record, split_records, unpack
from livrev.update.query import Query, matches, may_match, read_query
from livrev.update.ranking import Rank, Ranker


@dataclass(frozen=True, slots=True)
class Job:
    """What to do with every file: the searches, each an id and the words of a PubMed search, and how to rank."""

    searches: tuple[tuple[str, str], ...]
    ranker: Ranker | None = None


@dataclass(frozen=True, slots=True)
class Match:
    """A record that answers at least one search, with the ids of those it answers."""

    record: Publication
    searches: tuple[str, ...]
    rank: Rank | None = None


@dataclass(slots=True)
class Reading:
    """What one file held. *seen* are the PMIDs of all its records, *problems* what could not be read."""

    file: str
    records: int = 0
    parsed: int = 0
    matches: list[Match] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)
    deleted: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def find_files(folder: Path) -> list[Path]:
    """Return the files of PubMed in *folder*, in the order in which PubMed made them: that of their names."""
    return sorted(folder.glob("pubmed*.xml.gz"), key=lambda path: path.name)


def read_file(path: Path, job: Job) -> Reading:
    """Read one file and return what answers the searches of *job*, ranked. What cannot be read is said, not raised."""
    reading = Reading(path.name)
    queries = [(name, read_query(text)) for name, text in job.searches]
    found: dict[str, Match] = {}
    versions: dict[str, int] = {}
    try:
        for tag, raw in split_records(unpack(path)):
            if tag == "DeleteCitation":
                reading.deleted += read_deleted(raw)
            elif tag == UNCLOSED:
                reading.records += 1
                pmid = peek(raw)[0] or "unknown"
                reading.problems.append(f"{path.name}: record {reading.records} (PMID {pmid}) is not closed")
            elif tag == "PubmedArticle":
                _take(raw, queries, reading, found, versions)
    except (BrokenFile, ValueError) as error:
        reading.problems.append(f"{path.name}: {error}, after {reading.records} records")
    reading.seen = set(versions)
    reading.matches = [found[pmid] for pmid in found if pmid not in reading.deleted]
    if job.ranker is not None:
        ranks = job.ranker.rank([match.record.searched_text for match in reading.matches])
        reading.matches = [replace(match, rank=rank) for match, rank in zip(reading.matches, ranks, strict=True)]
    return reading


def _take(
    raw: bytes, queries: list[tuple[str, Query]], reading: Reading, found: dict[str, Match], versions: dict[str, int]
) -> None:
    """Count one record and keep it if it answers; an older version of a record already seen is passed over."""
    reading.records += 1
    pmid, version = peek(raw)
    if versions.get(pmid, 0) > version:
        return
    # What is asked for stands in the citation; the references after it are half of the bytes.
    citation = raw[: raw.find(b"</MedlineCitation>")]
    wanted = [(name, query) for name, query in queries if may_match(query, citation)]
    answers: tuple[str, ...] = ()
    if wanted or not pmid:
        try:
            record = read_record(raw)
            reading.parsed += 1
            answers = tuple(name for name, query in wanted if matches(query, record))
        except ValueError as error:
            reading.problems.append(f"{reading.file}: record {reading.records} (PMID {pmid or 'unknown'}) {error}")
            return
    versions[pmid] = version
    found.pop(pmid, None)
    if answers:
        found[pmid] = Match(record, answers)


Submit = Callable[[Path, Job], Callable[[], Reading]]  # returns at once what waits for the reading
Workers = tuple[Submit, int]


def read_files(paths: Iterable[Path], job: Job, submit: Submit, *, at_once: int) -> Iterator[Reading]:
    """Give the reading of each file in the order of *paths*; never more than *at_once* are under way or waiting.

    A worker that died leaves a reading with that problem, so that the other files are read.
    """
    waiting: deque[tuple[Path, Callable[[], Reading]]] = deque()
    rest = iter(paths)
    while True:
        while len(waiting) < at_once and (path := next(rest, None)) is not None:
            waiting.append((path, submit(path, job)))
        if not waiting:
            return
        path, wait = waiting.popleft()
        try:
            yield wait()
        except Exception as error:  # whatever a worker on another machine died of
            yield Reading(
                path.name, problems=[f"{path.name}: was not read ({type(error).__name__}: {error}); run again"]
            )


@dataclass(slots=True)
class Harvest:
    """What all files held together. Only the *keep* best are kept; *matched* counts all that were met."""

    keep: int
    files: int = 0
    records: int = 0
    matched: int = 0
    found: dict[str, Match] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)

    def add(self, reading: Reading) -> None:
        """Take in the next file: what it revises or deletes goes, what matches in it comes."""
        self.files += 1
        self.records += reading.records
        self.matched += len(reading.matches)
        self.problems += reading.problems
        for pmid in (self.found.keys() & reading.seen).union(reading.deleted):
            self.found.pop(pmid, None)
        self.found |= {match.record.pmid: match for match in reading.matches}
        if len(self.found) > 2 * self.keep:
            self.found = {match.record.pmid: match for match in self.best()}

    def best(self) -> list[Match]:
        """Return the matches kept, the best first; those of one score in the order of their numbers."""
        order = sorted(self.found.values(), key=lambda m: (-(m.rank.score if m.rank else 0.0), int(m.record.pmid)))
        return order[: self.keep]


def own_process() -> Workers:
    """Read in this process, one file after the other."""
    return lambda path, job: partial(read_file, path, job), 1


def _through(workers: Executor) -> Submit:
    return lambda path, job: workers.submit(read_file, path, job).result


@contextmanager
def process_pool(count: int) -> Iterator[Workers]:
    """Read in *count* processes of this machine. What is under way when an error leaves the block is given up."""
    # Started afresh, not forked: the libraries below have threads, which a fork does not survive.
    pool = ProcessPoolExecutor(count, mp_context=multiprocessing.get_context("spawn"))
    try:
        yield _through(pool), count
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


@contextmanager
def dask_workers(address: str, *, patience_seconds: float = 10.0) -> Iterator[Workers]:
    """Read on the workers of the Dask scheduler at *address*.

    Raises ModuleNotFoundError where Dask is not installed, OSError where no scheduler answers, ValueError where it has no worker.
    """
    try:
        from distributed import Client
    except ModuleNotFoundError:
        raise ModuleNotFoundError("Dask is not installed; install it: pip install 'livrev[scale]'") from None
    with Client(address, timeout=patience_seconds, set_as_default=False) as client:
        threads = sum(client.nthreads().values())
        if not threads:
            raise ValueError("has no worker; start some: dask worker ADDRESS")
        yield _through(client.get_executor(pure=False, retries=1)), threads
