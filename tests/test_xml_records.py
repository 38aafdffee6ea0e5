"""Articles and chapters of PubMed, and JATS of every house, are read as they are written."""

import pytest
from baseline_files import make_article
from lxml import etree
from service_answers import JATS, PUBMED_ARTICLE, pubmed_xml

from livrev.sources.files import read_bytes
from livrev.sources.publication import Author, Publication, Unreadable
from livrev.sources.xml_records import read_article, read_pubmed_xml, read_record

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


TABLE = """<table-wrap><label>Table 2.</label><caption><p>Efficacy</p></caption><table>
<thead><tr><th rowspan="2">Endpoint</th><th colspan="2">Radish (n = 30)</th><th>Radish v water</th></tr>
<tr><th>Median, months (95% CI)</th><th>Events</th><th>HR (95% CI)</th></tr></thead>
<tbody><tr><td colspan="4">All patients</td></tr>
<tr><td>Overall survival</td><td>12.1 (10.0–14.2)</td><td>9</td><td>0.71 (0.52–0.97)</td></tr>
<tr><td>Grew</td><td>—</td><td>NR</td><td>not done</td></tr></tbody></table></table-wrap>"""


def read(text: str) -> Publication:
    return read_bytes(text.encode())


def contributors(xml: str) -> tuple[Author, ...]:
    start, end = JATS.index("<contrib-group>"), JATS.index("</contrib-group>")
    return read(JATS[:start] + "<contrib-group>" + xml + JATS[end:]).authors


def test_neither_declaration_nor_type_is_needed() -> None:
    bare = JATS[JATS.index("<article ") :]
    for text in (bare, "<!DOCTYPE article SYSTEM 'x.dtd'>\n" + bare, "<!-- saved <p>by hand</p> -->\n" + bare):
        assert read(text).title == "Radish against leafoma: a randomised trial"
    assert read(f"<pmc-articleset>{bare}</pmc-articleset>").doi == "10.5555/kitchen.2021.0289"
    with pytest.raises(Unreadable, match="holds 2 articles; give a file with one"):
        read(f"<pmc-articleset>{bare}{bare}</pmc-articleset>")


def test_characters_by_name_are_kept() -> None:
    text = JATS.replace("Nobody knew", "IFN-&gamma;&nbsp;&ge;&thinsp;3 and &amp; nobody knew")
    for xml in (text, text[text.index("<article ") :]):
        assert read(xml).abstract[0].text.startswith("IFN-γ ≥ 3 and & nobody knew")


@pytest.mark.parametrize(
    ("xml", "author"),
    [
        ("<name><surname>Beet</surname><given-names>Ada M.L.</given-names><suffix>Jr</suffix></name>",
         Author("Beet", "Ada M. L.", suffix="Jr")),
        ("<name><surname>Roe</surname><given-names>Bo</given-names><prefix>van der</prefix></name>", Author("van der Roe", "Bo")),
        ("<name><surname>Roe</surname><given-names>Bo</given-names><prefix>Dr</prefix></name>", Author("Roe", "Bo")),
        ("<string-name><surname>Beet</surname>, <given-names>Ada</given-names></string-name>", Author("Beet", "Ada")),
        ("<string-name>Bo van der Roe</string-name>", Author("van der Roe", "Bo")),
        ("<name-alternatives><name><surname>Beet</surname><given-names>Ada</given-names></name></name-alternatives>",
         Author("Beet", "Ada")),
        ("<collab>Garden Group<contrib-group><contrib contrib-type='author'><name><surname>In</surname></name></contrib>"
         "</contrib-group></collab>", Author("Garden Group", group=True)),
        ("<collab><institution>Garden Group</institution></collab>", Author("Garden Group", group=True)),
    ],
)  # fmt: skip
def test_who_wrote_it(xml: str, author: Author) -> None:
    assert contributors(f'<contrib contrib-type="author">{xml}</contrib>') == (author,)


@pytest.mark.parametrize(("title", "printed"), [("Radish.", "Radish: A trial"), ("Radish?", "Radish? A trial")])
def test_a_subtitle_belongs_to_the_title(title: str, printed: str) -> None:
    start, end = JATS.index("<title-group>"), JATS.index("</title-group>")
    group = f"<title-group><article-title>{title}</article-title><subtitle>A trial.</subtitle>"
    assert read(JATS[:start] + group + JATS[end:]).title == printed


def test_a_result_in_a_table_is_a_line_with_its_place() -> None:
    start, end = JATS.index("<table-wrap>"), JATS.index("</table-wrap>") + len("</table-wrap>")
    found = [section for section in read(JATS[:start] + TABLE + JATS[end:]).body if section.place]
    assert [(section.place, section.text) for section in found] == [
        (
            "table 2, row 2 Overall survival, column 2 Radish (n = 30), Median, months …",
            "All patients, Overall survival, Radish (n = 30), Median, months: median 12.1 months (95% CI 10.0 to 14.2).",
        ),
        (
            "table 2, row 2 Overall survival, column 3 Radish (n = 30), Events",
            "All patients, Overall survival, Radish (n = 30), Events: 9.",
        ),
        (
            "table 2, row 2 Overall survival, column 4 Radish v water, HR (95% CI)",
            "All patients, Overall survival, Radish v water, HR: HR 0.71 (95% CI 0.52 to 0.97).",
        ),
    ]
