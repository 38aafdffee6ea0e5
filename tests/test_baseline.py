"""All of PubMed is gone through file by file: what matches is found, revised, deleted; what is broken costs only itself."""

import gzip
import random
from collections.abc import Callable
from concurrent.futures import Executor, Future
from pathlib import Path
from typing import Any

import pytest
from baseline_files import HEAD, TAIL, delete_citations, make_article, write_baseline, write_file
from distributed import LocalCluster
from hypothesis import given
from hypothesis import strategies as st

from livrev.diagnostics import Refused
from livrev.update.baseline import (
    BrokenFile,
    Harvest,
    Job,
    Reading,
    find_files,
    open_workers,
    peek,
    read_file,
    read_files,
    split_records,
    unpack,
)
from livrev.update.candidates import Decision, train_ranker
from livrev.update.query import read_query

CRESS = {"title": "Cress in leafoma", "abstract": "Cress helped."}
JOB = Job({"cress": read_query('"cress"[tiab] AND "leafoma"[tiab]'), "water": read_query('"water"[ti]')})


def read(*paths: Path, job: Job = JOB) -> Harvest:
    harvest = Harvest(100)
    for path in paths:
        harvest.add(read_file(path, job))
    return harvest


def test_what_answers_a_search_is_found(tmp_path: Path) -> None:
    [path] = write_baseline(tmp_path, files=1, records=300, every=100, **CRESS)
    reading = read_file(path, JOB)
    assert (reading.records, reading.parsed, reading.problems) == (300, 3, [])
    assert [(match.record.pmid, match.searches) for match in reading.matches.values()] == [
        ("100", ("cress",)), ("200", ("cress",)), ("300", ("cress",)),
    ]  # fmt: skip
    assert reading.matches["100"].record.title == "Cress in leafoma"


def test_the_likest_is_first(tmp_path: Path) -> None:
    decisions = [Decision(f"Cress trial {word}", True) for word in ("one", "two", "three", "four", "five")]
    decisions += [Decision(f"Water in {word}", False) for word in ("one", "two", "three", "four", "five")]
    articles = [make_article(1, title="Water", abstract="Water."), make_article(2, **CRESS)]
    path = write_file(tmp_path / "pubmed25n0001.xml.gz", articles)
    harvest = read(path, job=Job(JOB.searches, train_ranker(decisions)))
    assert [match.record.pmid for match in harvest.best()] == ["2", "1"]
    assert harvest.best()[0].rank is not None and "cress (+)" in harvest.best()[0].rank.why


def test_a_later_version_replaces_and_a_deletion_takes_away(tmp_path: Path) -> None:
    first = write_file(tmp_path / "pubmed25n0001.xml.gz", [make_article(pmid, **CRESS) for pmid in (1, 2, 3, 4)])
    update = [
        make_article(2, title="Cress in leafoma, corrected", abstract="Yes."),
        make_article(3, title="Something else", abstract="No."),
        delete_citations(4, 99),
    ]
    second = write_file(tmp_path / "pubmed25n0002.xml.gz", update)
    assert find_files(tmp_path) == [first, second]
    assert read_file(second, JOB).deleted == ["4", "99"]
    found = {match.record.pmid: match.record.title for match in read(first, second).best()}
    assert found == {"1": "Cress in leafoma", "2": "Cress in leafoma, corrected"}


def test_within_a_file_the_newest_version_counts_wherever_it_stands(tmp_path: Path) -> None:
    articles = [
        make_article(1, version=2, **CRESS),
        make_article(1, version=1, title="Cress in leafoma, draft", abstract="Hm."),
        make_article(2, version=1, **CRESS),
        make_article(2, version=2, title="Withdrawn", abstract="No."),
        make_article(3, **CRESS),
        delete_citations(3),
    ]
    reading = read_file(write_file(tmp_path / "pubmed25n0001.xml.gz", articles), JOB)
    assert [(match.record.pmid, match.record.title) for match in reading.matches.values()] == [
        ("1", "Cress in leafoma")
    ]


def test_a_broken_record_is_named_and_costs_only_itself(tmp_path: Path) -> None:
    broken = make_article(2, **CRESS).replace("</ArticleTitle>", "</ArticleTitel>")
    unclosed = make_article(4, **CRESS).replace("</PubmedData></PubmedArticle>", "")
    articles = [make_article(1, **CRESS), broken, make_article(3, **CRESS), unclosed, make_article(5, **CRESS)]
    reading = read_file(write_file(tmp_path / "pubmed25n0001.xml.gz", articles), JOB)
    assert list(reading.matches) == ["1", "3", "5"]
    second, fourth = reading.problems
    assert second.startswith("pubmed25n0001.xml.gz: record 2 (PMID 2) is no XML (Opening and ending tag mismatch")
    assert fourth == "pubmed25n0001.xml.gz: record 4 (PMID 4) is not closed"
    assert reading.records == 5


def test_a_file_cut_off_gives_what_it_held_and_the_others_are_read(tmp_path: Path) -> None:
    paths = write_baseline(tmp_path, files=3, records=400, every=50, **CRESS)
    paths[1].write_bytes(paths[1].read_bytes()[:-2000])
    harvest = read(*paths)
    assert harvest.files == 3 and 800 < harvest.records < 1200
    assert 16 <= len(harvest.best()) < 24
    [problem] = harvest.problems
    assert problem.startswith("pubmed25n0002.xml.gz: ends before its end; get it again, after ")


def test_only_the_best_are_kept(tmp_path: Path) -> None:
    harvest = Harvest(keep=5)
    for path in write_baseline(tmp_path, files=3, records=100, every=10, **CRESS):
        harvest.add(read_file(path, JOB))
        assert len(harvest.found) <= 10
    assert harvest.matched == 30 and [match.record.pmid for match in harvest.best()] == ["10", "20", "30", "40", "50"]


def summary(readings: list[Reading]) -> list[tuple[str, int, list[str], int]]:
    return [(r.file, r.records, list(r.matches), len(r.problems)) for r in readings]


def test_a_pool_and_dask_read_as_one_process_does(tmp_path: Path) -> None:
    paths = write_baseline(tmp_path, files=5, records=60, every=20, **CRESS)
    paths[3].write_bytes(b"not gzip")

    def run(count: int, scheduler: str = "") -> list[tuple[str, int, list[str], int]]:
        with open_workers(count, scheduler) as (workers, found):
            assert found == count
            return summary(list(read_files(paths, JOB, workers, at_once=2 * count)))

    expected = run(1)
    assert [row[3] for row in expected] == [0, 0, 0, 1, 0] and expected[4][2] == ["260", "280", "300"]
    assert run(2) == expected
    with LocalCluster(
        n_workers=2, threads_per_worker=1, processes=False, dashboard_address=None, host="127.0.0.1", protocol="tcp"
    ) as cluster:
        assert run(2, cluster.scheduler_address) == expected


def test_a_scheduler_that_is_not_there_is_said() -> None:
    with pytest.raises(Refused, match="Timed out"), open_workers(1, "tcp://127.0.0.1:9", patience_seconds=1):
        pass


class Workers(Executor):
    """Workers of which *begin* says what happens when a file is handed to one."""

    def __init__(self, begin: Callable[[Path], object]) -> None:
        self.begin = begin

    def submit(self, _: object, path: Path, job: Job) -> Any:  # type: ignore[override]
        return self.begin(path)


def test_a_worker_that_dies_costs_its_file_only(tmp_path: Path) -> None:
    paths = write_baseline(tmp_path, files=2, records=20, every=10, **CRESS)

    def begin(path: Path) -> Future[Reading]:
        future = Future[Reading]()
        if path == paths[0]:
            future.set_exception(MemoryError("no memory"))
        else:
            future.set_result(read_file(path, JOB))
        return future

    first, second = read_files(paths, JOB, Workers(begin), at_once=4)
    assert first.problems == ["pubmed25n0001.xml.gz: was not read (MemoryError: no memory); run again"]
    assert len(second.matches) == 2


def test_never_more_files_are_under_way_than_asked() -> None:
    waiting: set[int] = set()

    class Slow:
        def __init__(self, path: Path) -> None:
            self.number = int(path.name)
            waiting.add(self.number)

        def result(self) -> Reading:
            assert len(waiting) <= 3
            waiting.remove(self.number)
            return Reading(str(self.number))

    paths = [Path(str(number)) for number in range(20)]
    random.Random(1).shuffle(paths)
    read_back = [reading.file for reading in read_files(paths, JOB, Workers(Slow), at_once=3)]
    assert read_back == [path.name for path in paths]


def records_of(text: str | bytes, size: int = 1 << 20) -> list[tuple[str, bytes]]:
    raw = text.encode() if isinstance(text, str) else text
    return list(split_records(raw[start : start + size] for start in range(0, len(raw), size)))


@given(st.integers(1, 3000))
def test_however_the_bytes_are_cut_the_records_are_the_same(size: int) -> None:
    parts = [make_article(1), delete_citations(5, 6), make_article(2)]
    found = records_of(HEAD + "".join(parts) + TAIL, size)
    assert [tag for tag, _ in found] == ["PubmedArticle", "DeleteCitation", "PubmedArticle"]
    assert [raw.decode() for _, raw in found] == [part.strip() for part in parts]


@pytest.mark.parametrize("size", [1, 31, 3000])
def test_another_encoding_is_told_however_the_bytes_are_cut(size: int) -> None:
    with pytest.raises(BrokenFile, match="is in latin-1; PubMed writes UTF-8"):
        records_of(HEAD.replace("utf-8", "latin-1") + make_article(1) + TAIL, size)


def test_the_number_of_a_record_is_seen_without_parsing() -> None:
    assert peek(make_article(123, version=3).encode()) == ("123", 3)
    assert peek(b"<PubmedArticle><MedlineCitation/></PubmedArticle>") == ("", 1)


def test_a_file_of_nothing_is_whole() -> None:
    assert records_of(HEAD + TAIL) == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (HEAD + make_article(1) + make_article(2)[:400], "ends within a record"),
        (HEAD + make_article(1), "is not PubMed XML to its end"),
        ("<html><body>Service unavailable</body></html>", "is not PubMed XML to its end"),
        ("", "is not PubMed XML to its end"),
        (HEAD.replace("utf-8", "UTF-16") + TAIL, "is in UTF-16; PubMed writes UTF-8"),
    ],
)
def test_a_text_that_is_not_whole_is_broken(text: str, said: str) -> None:
    with pytest.raises(BrokenFile, match=said):
        records_of(text)


def test_a_damaged_archive_is_broken_where_it_breaks(tmp_path: Path) -> None:
    whole = write_file(tmp_path / "whole.xml.gz", [make_article(pmid) for pmid in range(1, 400)])
    raw = whole.read_bytes()
    cut, bad, page = (tmp_path / name for name in ("cut.xml.gz", "bad.xml.gz", "page.xml.gz"))
    cut.write_bytes(raw[: len(raw) // 2])
    bad.write_bytes(raw[:-8] + b"\0\0\0\0" + raw[-4:])
    page.write_text("<html>not found</html>")
    for path, said in ((cut, "ends before its end"), (bad, "no whole gzip file"), (page, "no whole gzip file")):
        seen = 0
        with pytest.raises(BrokenFile, match=said):
            for _ in split_records(unpack(path)):
                seen += 1
        assert (seen > 100) == (path != page)
    with pytest.raises(BrokenFile, match="cannot be read"):
        list(unpack(tmp_path / "nowhere.xml.gz"))


def test_an_archive_in_several_pieces_is_one(tmp_path: Path) -> None:
    path = tmp_path / "two.xml.gz"
    path.write_bytes(gzip.compress(b"one ") + gzip.compress(b"two") + b"\0\0\0")
    assert b"".join(unpack(path)) == b"one two"


def test_an_archive_that_grows_is_unpacked_piece_by_piece(tmp_path: Path) -> None:
    path = tmp_path / "bomb.xml.gz"
    path.write_bytes(gzip.compress(b"\0" * 60_000_000, compresslevel=1))
    assert max(len(piece) for piece in unpack(path)) <= 1 << 20
