"""Records of PubMed, articles and chapters of books, are read as they are written; what is broken harms no other record."""

import gzip
from pathlib import Path

import pytest
from baseline_files import HEAD, TAIL, delete_citations, make_article, write_file
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from service_answers import PUBMED_ARTICLE, pubmed_xml

from livrev.sources.files import read_bytes
from livrev.sources.publication import Author, Unreadable
from livrev.sources.pubmed_xml import (
    BrokenFile,
    peek,
    read_article,
    read_deleted,
    read_pubmed_xml,
    read_record,
    split_records,
    unpack,
)

CHAPTER = """<PubmedArticleSet><PubmedBookArticle><BookDocument><PMID Version="1">30000006</PMID><ArticleIdList>
<ArticleId IdType="bookaccession">NBK1</ArticleId><ArticleId IdType="doi">10.5555/book.1</ArticleId></ArticleIdList>
<Book><Publisher><PublisherName>Garden Press</PublisherName></Publisher><BookTitle book="b">The book of leaves</BookTitle>
<PubDate><Year>2012</Year></PubDate><AuthorList Type="editors"><Author><LastName>Leek</LastName><ForeName>Max</ForeName></Author>
</AuthorList></Book>{title}<AuthorList Type="authors"><Author><LastName>Beet</LastName><ForeName>Ada</ForeName></Author></AuthorList>
<Abstract><AbstractText>Of 40 leaves, 12% were eaten.</AbstractText></Abstract></BookDocument></PubmedBookArticle></PubmedArticleSet>"""


def test_a_chapter_of_a_book() -> None:
    found = read_bytes(CHAPTER.format(title="<ArticleTitle>Snails.</ArticleTitle>").encode())
    assert (found.title, found.booktitle, found.journal, found.publisher) == (
        "Snails",
        "The book of leaves",
        "",
        "Garden Press",
    )
    assert (found.authors, found.editors) == ((Author("Beet", "Ada"),), (Author("Leek", "Max"),))
    assert (found.year, found.doi, found.pmid, found.abstract[0].text) == (
        2012, "10.5555/book.1", "30000006", "Of 40 leaves, 12% were eaten.",
    )  # fmt: skip


def test_a_whole_book() -> None:
    found = read_bytes(CHAPTER.format(title="").encode())
    assert (found.title, found.booktitle, found.kinds[0]) == ("The book of leaves", "", "book")


def test_articles_and_chapters_of_one_set_are_counted_together() -> None:
    both = CHAPTER.format(title="").replace(
        "</PubmedArticleSet>", PUBMED_ARTICLE.format(pmid=1, title="T", doi="10.5555/1", notices="")
    )
    with pytest.raises(Unreadable, match="holds 2 articles; give a file with one"):
        read_bytes((both + "</PubmedArticleSet>").encode())


def test_a_suffix_is_no_part_of_the_family_name() -> None:
    text = pubmed_xml().replace("<Initials>AB</Initials>", "<Initials>AB</Initials><Suffix>Jr</Suffix>")
    assert read_bytes(text.encode()).authors[0] == Author("Müller-Grün", "Ada B", suffix="Jr")


def test_one_record_is_read_as_a_set_of_one_is() -> None:
    whole = read_pubmed_xml(pubmed_xml().encode())[0]
    assert read_record(PUBMED_ARTICLE.format(pmid="30000001", title="Radish against <i>leafoma</i>: a randomised trial.",
                                             doi="10.5555/kitchen.2021.0289", notices="").encode()) == whole  # fmt: skip


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
