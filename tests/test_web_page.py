"""What the head of a page says of its publication, in any of the tags that journals fill."""

import json
from typing import Any

import pytest

from livrev.sources.files import read_bytes
from livrev.sources.publication import Author, Publication

TEXT = (
    "<p>Sixty patients with leafoma took radish or water every day for two years in this randomised trial of ours.</p>"
)


def page(head: str, body: str = TEXT) -> Publication:
    return read_bytes(
        f"<!DOCTYPE html><html lang='en'><head><title>T</title>{head}</head><body>{body}</body></html>".encode()
    )


def meta(**said: str | list[str]) -> str:
    pairs = [(n, v) for n, values in said.items() for v in (values if isinstance(values, list) else [values])]
    return "".join(f'<meta name="{name.replace("__", ".")}" content="{value}">' for name, value in pairs)


def ld(data: Any) -> str:
    return f'<script type="application/ld+json">{json.dumps(data)}</script>'


def test_highwire() -> None:
    found = page(
        meta(
            citation_title="Radish with &lt;i&gt;tags&lt;/i&gt; and CD8&lt;sup&gt;+&lt;/sup&gt; cells",
            citation_author=["Beet, Ada", "Bo van der Roe", "Garden Study Group"],
            citation_publication_date="05/14/2020", citation_journal_title="Garden Letters", citation_doi="doi:10.5555/h.1",
            citation_volume="3", citation_issue="2", citation_firstpage="1", citation_lastpage="9", citation_pmid="30000001",
        )
    )  # fmt: skip
    assert found.title == "Radish with tags and CD8+ cells"
    assert found.authors == (
        Author("Beet", "Ada"),
        Author("van der Roe", "Bo"),
        Author("Garden Study Group", group=True),
    )
    assert (found.year, found.journal, found.doi, found.pages, found.volume, found.number, found.pmid) == (
        2020, "Garden Letters", "10.5555/h.1", "1--9", "3", "2", "30000001",
    )  # fmt: skip


@pytest.mark.parametrize(
    "head",
    [
        meta(citation_authors="Beet, Ada; Leek, Max"),
        meta(citation_authors="Ada Beet, Max Leek"),
        meta(citation_author="Ada Beet and Max Leek"),
        meta(author="By Ada Beet and Max Leek"),
        meta(dc__creator=["Beet, Ada", "Leek, Max"]),
        meta(DC__Contributor__author=["Beet, Ada", "Leek, Max"]),
        meta(bepress_citation_author=["Beet, Ada", "Leek, Max"]),
        meta(eprints__creators_name=["Beet, Ada", "Leek, Max"]),
        ld(
            {
                "@type": "NewsArticle",
                "author": [{"@type": "Person", "name": "Ada Beet"}, {"givenName": "Max", "familyName": "Leek"}],
            }
        ),
        ld({"@graph": [{"@type": "WebSite", "name": "x"}, {"@type": ["Article"], "author": ["Ada Beet", "Max Leek"]}]}),
    ],
)
def test_authors_in_any_tag(head: str) -> None:
    assert page(head).authors == (Author("Beet", "Ada"), Author("Leek", "Max"))


def test_initials_are_parted_wherever_they_come_from() -> None:
    found = page(ld({"@type": "NewsArticle", "author": [{"givenName": "A.B.", "familyName": "Beet"}]}))
    assert found.authors[0].given == "A. B."


@pytest.mark.parametrize(
    "head",
    [
        meta(citation_date="2019/03/02"), meta(citation_year="2019"), meta(citation_online_date="2019-03"), meta(dc__date="2019"),
        meta(prism__publicationDate="2019-03-02"), meta(article__published_time="2019-01-01").replace("article.", "article:"),
        ld({"@type": "BlogPosting", "datePublished": "2019-02-03T00:00:00Z"}),
    ],
)  # fmt: skip
def test_the_year_in_any_tag(head: str) -> None:
    assert page(head).year == 2019


def test_json_ld_of_a_journal() -> None:
    article = {
        "@type": "ScholarlyArticle", "headline": "On radish", "author": {"@type": "Organization", "name": "Garden Group"},
        "pageStart": "1", "pageEnd": "9", "sameAs": "https://doi.org/10.5555/ld.1", "publisher": {"name": "Garden Press"},
        "isPartOf": {"@type": "PublicationIssue", "issueNumber": "2", "isPartOf":
            {"@type": ["PublicationVolume", "Periodical"], "name": "Garden Letters", "volumeNumber": "3"}},
    }  # fmt: skip
    found = page(
        ld([{"@type": "WebPage", "name": "no"}, article])
        + ld("not this {")
        + '<script type="application/ld+json">{</script>'
    )
    assert (found.title, found.journal, found.volume, found.number) == ("On radish", "Garden Letters", "3", "2")
    assert (found.pages, found.doi, found.publisher) == ("1--9", "10.5555/ld.1", "Garden Press")
    assert found.authors == (Author("Garden Group", group=True),)


def test_a_chapter_on_a_page() -> None:
    found = page(
        meta(
            citation_title="C",
            citation_inbook_title="The book",
            citation_author="Beet, Ada",
            citation_editor="Max Leek",
        )
    )
    assert (found.booktitle, found.journal, found.editors) == ("The book", "", (Author("Leek", "Max"),))


def test_a_paper_of_a_meeting_on_a_page() -> None:
    found = page(meta(citation_title="A", citation_author="Beet A", citation_conference_title="The meeting"))
    assert (found.booktitle, found.kinds, found.authors) == ("The meeting", ("conference",), (Author("Beet", "A"),))


def test_who_is_nobody() -> None:
    head = meta(author="admin", og__site_name="The Garden Post").replace("og.", "og:")
    assert page(head).authors == (Author("The Garden Post", group=True),)


def test_results_in_a_table_of_a_page() -> None:
    table = "<table><tr><th>Endpoint</th><th>HR (95% CI)</th></tr><tr><td>Survival</td><td>0.71 (0.52 to 0.97)</td></tr></table>"
    found = [section for section in page("", TEXT + table).body if section.place]
    assert [(s.place, s.text) for s in found] == [
        ("table 1, row 1 Survival, column 2 HR (95% CI)", "Survival, HR: HR 0.71 (95% CI 0.52 to 0.97).")
    ]
