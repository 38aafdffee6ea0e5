"""PubMed's records of books are chapters of them; an article keeps all that it says."""

import pytest
from service_answers import PUBMED_ARTICLE, pubmed_xml

from livrev.sources.files import read_bytes
from livrev.sources.publication import Author, Unreadable
from livrev.sources.pubmed_xml import read_pubmed_xml, read_record

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
