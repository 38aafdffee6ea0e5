"""PubMed's files are read record by record; what is broken is named, and costs only itself."""

import gzip
from pathlib import Path

import pytest
from baseline_files import HEAD, TAIL, delete_citations, make_article, write_file
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from livrev.sources.pubmed_xml import BrokenFile, peek, read_article, read_deleted, read_record, split_records, unpack


def records_of(text: str | bytes, size: int = 1 << 20) -> list[tuple[str, bytes]]:
    raw = text.encode() if isinstance(text, str) else text
    return list(split_records(raw[start : start + size] for start in range(0, len(raw), size)))


def test_a_record_is_read() -> None:
    mesh = ("Liver Neoplasms/secondary", "Mice & Men")
    record = read_record(
        make_article(7, title="A <i>big</i> trial of CD8<sup>+</sup> cells.", mesh=mesh, nct="NCT01234567").encode()
    )
    assert (record.title, record.pmid, record.doi, record.year) == (
        "A big trial of CD8+ cells", "7", "10.5555/7", 2024,
    )  # fmt: skip
    assert record.nct == ("NCT01234567",)
    assert record.terms[:3] == ("Liver Neoplasms", "Liver Neoplasms/secondary", "Mice & Men")
    assert [section.label for section in record.abstract] == ["BACKGROUND", "METHODS", "RESULTS", "CONCLUSIONS"]
    assert len(record.authors) >= 2 and record.journal.startswith("Journal of ")


def test_without_its_references_a_record_says_the_same() -> None:
    for pmid in range(1, 30):
        raw = make_article(pmid, nct="NCT00000001" if pmid % 2 else "", version=pmid % 3 + 1).encode()
        assert read_record(raw) == read_article(etree.fromstring(raw))


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


def test_deletions_are_read() -> None:
    assert read_deleted(delete_citations(5, 6).encode()) == ["5", "6"]


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


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        ("<PubmedArticle><b></PubmedArticle>", "is no XML"),
        ("<PubmedArticle><MedlineCitation><PMID>x</PMID></MedlineCitation></PubmedArticle>", "has no PMID"),
        ("<PubmedArticle><MedlineCitation><PMID>5</PMID></MedlineCitation></PubmedArticle>", "PMID 5 has no title"),
        ("<PubmedArticle>&bomb;</PubmedArticle>", "is no XML"),
    ],
)
def test_a_record_that_is_none_says_why(raw: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        read_record(raw.encode())


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
