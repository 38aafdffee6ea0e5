"""Go through the whole of PubMed: filter and rank its baseline and update files, one process or many machines alike.

Each file is read by the same function, in this process, in a pool of processes or by Dask's workers. What comes back is small
(the matches, and the numbers of the records seen), and is joined in the order of the files, so that a later version of a record
replaces an earlier one and a deletion takes it away.

A file (`pubmed*.xml.gz`) is cut at the tags of its records before any XML is parsed. So a record that is not wanted is never
parsed, one that is broken harms no other, and memory holds one, however long the file.
"""

import gzip
import multiprocessing
import re
import zlib
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from livrev.diagnostics import Refused
from livrev.sources.publication import Publication
from livrev.sources.xml_records import read_record
from livrev.update.candidates import Rank, rank
from livrev.update.query import Query, matches, may_match

if TYPE_CHECKING:
    from sklearn.pipeline import Pipeline

_BLOCK = 1 << 20
_LONGEST = 64 << 20  # bytes of one record; the longest that PubMed ever printed is far below
_OPEN = re.compile(rb"<(PubmedArticle|PubmedBookArticle|DeleteCitation)(?=[\s>])")
_ENCODING = re.compile(rb"""^\s*<\?xml[^>]*encoding=["']([^"']+)""")
_PMID = re.compile(rb"""<PMID(?:\s+Version=["'](\d{1,4})["'])?[^>]*>\s*(\d{1,9})\s*</PMID>""")
_UNCLOSED = "unclosed"

KEPT = 5_000  # records taken of all files, the best


@dataclass(frozen=True, slots=True)
class Job:
    """What to do with every file: the searches of PubMed by their ids, and how to rank."""

    searches: Mapping[str, Query]
    ranker: "Pipeline | None" = None


@dataclass(frozen=True, slots=True)
class Match:
    """A record that answers at least one search, with the ids of those it answers."""

    record: Publication
    searches: tuple[str, ...]
    rank: Rank | None = None


@dataclass(slots=True)
class Reading:
    """What one file held: *matches* by their PMIDs, *seen* the newest version of each record, what could not be read."""

    file: str
    records: int = 0
    parsed: int = 0
    matches: dict[str, Match] = field(default_factory=dict)
    seen: dict[str, int] = field(default_factory=dict)
    deleted: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def find_files(folder: Path) -> list[Path]:
    """Return the files of PubMed in *folder*, in the order in which PubMed made them: that of their names."""
    return sorted(folder.glob("pubmed*.xml.gz"), key=lambda path: path.name)


def read_file(path: Path, job: Job) -> Reading:
    """Read one file and return what answers the searches of *job*, ranked. What cannot be read is said, not raised."""
    reading = Reading(path.name)
    try:
        for tag, raw in split_records(unpack(path)):
            if tag == "DeleteCitation":
                reading.deleted += [pmid.decode() for _, pmid in _PMID.findall(raw)]
            elif tag == _UNCLOSED:
                reading.records += 1
                pmid = peek(raw)[0] or "unknown"
                reading.problems.append(f"{path.name}: record {reading.records} (PMID {pmid}) is not closed")
            elif tag == "PubmedArticle":
                _take(raw, job, reading)
    except (BrokenFile, ValueError) as error:
        reading.problems.append(f"{path.name}: {error}, after {reading.records} records")
    for pmid in reading.deleted:
        reading.matches.pop(pmid, None)
    if job.ranker is not None:
        ranks = rank([match.record.searched_text for match in reading.matches.values()], job.ranker)
        for (pmid, match), one in zip(reading.matches.items(), ranks, strict=True):
            reading.matches[pmid] = replace(match, rank=one)
    return reading


def _take(raw: bytes, job: Job, reading: Reading) -> None:
    """Count one record and keep it if it answers; an older version of a record already seen is passed over."""
    reading.records += 1
    pmid, version = peek(raw)
    if reading.seen.get(pmid, 0) > version:
        return
    citation = raw[: raw.find(b"</MedlineCitation>")]  # the references after it are half of the bytes
    wanted = [(name, query) for name, query in job.searches.items() if may_match(query, citation)]
    answers: tuple[str, ...] = ()
    if wanted or not pmid:
        try:
            record = read_record(raw)
            reading.parsed += 1
            answers = tuple(name for name, query in wanted if matches(query, record))
        except ValueError as error:
            reading.problems.append(f"{reading.file}: record {reading.records} (PMID {pmid or 'unknown'}) {error}")
            return
    reading.seen[pmid] = version
    reading.matches.pop(pmid, None)
    if answers:
        reading.matches[record.pmid] = Match(record, answers)


class BrokenFile(Exception):
    """Raised where a file cannot be read on: what it held up to there was given already."""


def unpack(path: Path) -> Iterator[bytes]:
    """Give the bytes of a gzip file piece by piece. Raises BrokenFile where it is cut off or damaged."""
    try:
        with gzip.open(path) as file:
            while piece := file.read1(_BLOCK):  # what was unpacked before the file breaks off is not lost
                yield piece
    except (gzip.BadGzipFile, zlib.error) as error:
        raise BrokenFile(f"is no whole gzip file ({error})") from None
    except EOFError:
        raise BrokenFile("ends before its end; get it again") from None
    except OSError as error:
        raise BrokenFile(f"cannot be read ({error.strerror})") from None


def split_records(pieces: Iterable[bytes]) -> Iterator[tuple[str, bytes]]:
    """Cut PubMed XML into its records: the tag of each (PubmedArticle, DeleteCitation, …) and its bytes, the tag included.

    What another record begins in before it was closed comes as `unclosed`, so that the other is not lost with it.
    Raises BrokenFile where the text is not UTF-8 by its own word, ends within a record, or holds none and is not a
    whole PubMed file.
    """
    kept, first = b"", True
    for piece in pieces:
        buffer = kept + piece if kept else piece
        if first and (b">" in buffer or len(buffer) > 200):  # the head may be cut too
            found = _ENCODING.match(buffer)
            if found and found[1].lower() not in (b"utf-8", b"us-ascii", b"utf8"):
                raise BrokenFile(f"is in {found[1].decode('latin-1')}; PubMed writes UTF-8")
            first = False
        place = 0
        while (opened := _OPEN.search(buffer, place)) is not None:
            tag = opened[1]
            end = buffer.find(b"</" + tag + b">", opened.end())
            if end < 0:
                place = opened.start()
                break
            if (inner := buffer.find(b"<PubmedArticle>", opened.end(), end)) >= 0:
                yield _UNCLOSED, buffer[opened.start() : inner]
                place = inner
                continue
            end += len(tag) + 3
            yield tag.decode(), buffer[opened.start() : end]
            place = end
        else:
            place = max(place, len(buffer) - 256)  # a tag may be cut in two
        kept = buffer[place:]
        if len(kept) > _LONGEST:
            raise BrokenFile(f"holds a record longer than {_LONGEST >> 20} MB; get it again")
    if _OPEN.match(kept):
        raise BrokenFile("ends within a record; get it again")
    if not re.search(rb"</?Pubmed(?:ArticleSet|BookArticleSet)\s*/?>\s*$", kept):
        raise BrokenFile("is not PubMed XML to its end; get it again")


def peek(raw: bytes) -> tuple[str, int]:
    """Return PMID and version of a record that is not parsed; ("", 1) where it has none. By the DTD its PMID comes first."""
    found = _PMID.search(raw, 0, 2000)
    return (found[2].decode(), int(found[1] or 1)) if found else ("", 1)


def read_files(paths: Iterable[Path], job: Job, workers: Executor, *, at_once: int) -> Iterator[Reading]:
    """Give the reading of each file in order, *at_once* under way at most; a worker that died leaves a reading with that problem."""
    rest, waiting = iter(paths), deque[tuple[Path, Future[Reading]]]()
    while True:
        waiting += ((path, workers.submit(read_file, path, job)) for path in islice(rest, at_once - len(waiting)))
        if not waiting:
            return
        path, reading = waiting.popleft()
        try:
            yield reading.result()
        except Exception as error:  # whatever a worker on another machine died of
            said = f"{path.name}: was not read ({type(error).__name__}: {error}); run again"
            yield Reading(path.name, problems=[said])


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
        self.found |= reading.matches
        if len(self.found) > 2 * self.keep:
            self.found = {match.record.pmid: match for match in self.best()}

    def best(self) -> list[Match]:
        """Return the matches kept, the best first; those of one score in the order of their numbers."""
        order = sorted(self.found.values(), key=lambda m: (-(m.rank.score if m.rank else 0.0), int(m.record.pmid)))
        return order[: self.keep]


@contextmanager
def open_workers(
    count: int = 1, scheduler: str = "", *, patience_seconds: float = 10.0
) -> Iterator[tuple[Executor, int]]:
    """Give what reads files, and how many at a time: this process, *count* of this machine, or the workers of a Dask *scheduler*.

    What has not begun when an error leaves the block is given up. Raises Refused where Dask is not installed, no scheduler
    answers, or it has no worker.
    """
    if not scheduler:
        # Started afresh, not forked: the libraries below have threads, which a fork does not survive.
        spawned = multiprocessing.get_context("spawn")
        pool = ThreadPoolExecutor(1) if count == 1 else ProcessPoolExecutor(count, mp_context=spawned)
        try:
            yield pool, count
        finally:
            pool.shutdown(wait=True, cancel_futures=True)
        return
    try:
        from distributed import Client

        client = Client(scheduler, timeout=patience_seconds, set_as_default=False)
    except ModuleNotFoundError:
        raise Refused("Dask is not installed; install it: pip install 'livrev[scale]'") from None
    except (OSError, ValueError) as error:
        raise Refused(f"--scheduler {scheduler}: {error}") from None
    with client:
        threads = sum(client.nthreads().values())
        if not threads:
            raise Refused(f"--scheduler {scheduler}: has no worker; start some: dask worker ADDRESS")
        yield client.get_executor(pure=False, retries=1), threads
