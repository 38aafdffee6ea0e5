"""A page says what it is to those who share it, the site answers what machines ask, and old addresses lead on."""

from pathlib import Path

import pytest
from docutils import nodes
from docutils.utils import new_document
from lxml import etree
from lxml import html as parser

from livrev.site.explorer import MARK
from livrev.site.rendering import render
from livrev.site.site_metadata import (
    _with_lead,
    check_redirects,
    draw_title,
    feed_of,
    first_words,
    leads_on,
    minutes_to_read,
    pages_to_find,
    redirect_page,
    shorten,
)

CHANGES = "# What changed\n\n## Unreleased\n\n- soon\n\n## 0.2.0 (2026-12-01)\n\n- a < b & c\n\n## 0.1.0 (2026-11-23)\n\n- first\n"
ATOM = "{http://www.w3.org/2005/Atom}"


def test_a_description_is_cut_between_words() -> None:
    assert shorten("one  two\nthree") == "one two three"
    long = shorten("word " * 80)
    assert len(long) <= 200 and long.endswith("word…")


@pytest.mark.parametrize(("words", "minutes"), [(1, 1), (200, 1), (201, 2), (2000, 10)])
def test_reading_time_is_counted_in_words(words: int, minutes: int) -> None:
    assert minutes_to_read("word " * words) == minutes


def test_reading_time_stands_on_pages_that_are_read_and_not_on_lists() -> None:
    read, looked_up = new_document("x"), new_document("y")
    read += nodes.section("", nodes.paragraph(text="word " * 300))
    looked_up += nodes.section("", nodes.paragraph(text="See below."), nodes.literal_block(text="word " * 300))
    assert "2 minutes to read" in _with_lead("<h1>x</h1>", read)
    assert "to read" not in _with_lead("<h1>x</h1>", looked_up)
    assert "to read" not in _with_lead(f"<h1>x</h1><div {MARK}></div>", read)  # a tool
    read += nodes.raw("", f"<table><td>{'word ' * 400}</td></table>", format="html")
    assert "to read" not in _with_lead("<h1>x</h1>", read)


def test_the_answer_of_a_chapter_describes_it() -> None:
    document = new_document("x")
    box = nodes.container("", nodes.paragraph("", "The answer."), classes=["livrev-answer"])
    document += [nodes.paragraph("", "First."), box]
    assert first_words(document) == "The answer."
    document.remove(box)
    assert first_words(document) == "First."
    assert first_words(new_document("x")) == ""


def test_the_feed_holds_each_release_and_nothing_unreleased() -> None:
    feed = etree.fromstring(feed_of(CHANGES, "A Book", "https://example.org/book/").encode())
    assert [entry.findtext(f"{ATOM}title") for entry in feed.iter(f"{ATOM}entry")] == ["0.2.0", "0.1.0"]
    assert feed.findtext(f"{ATOM}updated") == "2026-12-01T00:00:00Z"
    assert feed.find(f"{ATOM}entry").findtext(f"{ATOM}content") == "- a < b & c"
    assert {link.get("rel"): link.get("href") for link in feed.findall(f"{ATOM}link")} == {
        "self": "https://example.org/book/feed.xml",
        "alternate": "https://example.org/book/",
    }
    assert len({entry.findtext(f"{ATOM}id") for entry in feed.iter(f"{ATOM}entry")}) == 2


def test_the_sitemap_names_every_page() -> None:
    root = etree.fromstring(
        render("sitemap.xml", pages=["index.html", "a&b.html"], base="https://example.org/").encode()
    )
    assert [place.text for place in root.iter("{*}loc")] == [
        "https://example.org/index.html",
        "https://example.org/a&b.html",
    ]


def test_the_picture_holds_the_title() -> None:
    figure = draw_title("A long title that runs over several lines of the picture", "The Book")
    said = " ".join(text.get_text().replace("\n", " ") for text in figure.axes[0].texts)
    assert said == "A long title that runs over several lines of the picture The Book"
    assert tuple(figure.get_size_inches()) == (12, 6.3)


def test_a_search_engine_is_told_of_pages_and_of_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "_static").mkdir()
    for name in ("index.html", "404.html", "search.html", "genindex.html", "page.html", "_static/macros.html"):
        (tmp_path / name).write_text("<p>Words.</p>", encoding="utf-8")
    (tmp_path / "old.html").write_text(redirect_page("old.html", "page.html"), encoding="utf-8")
    assert pages_to_find(tmp_path) == ["page.html"]


@pytest.fixture
def html(tmp_path: Path) -> Path:
    (tmp_path / "chapters").mkdir()
    (tmp_path / "chapters" / "new.html").write_text('<h2 id="how">How</h2>', encoding="utf-8")
    return tmp_path


def test_a_page_that_moved_leads_to_where_it_is_now(html: Path) -> None:
    redirects = {"chapters/old.html": "chapters/new.html", "older.html": "chapters/new.html#how"}
    assert check_redirects(redirects, html) == []
    page = parser.fromstring(redirect_page("older.html", redirects["older.html"], "https://example.org/book/"))
    assert page.xpath("//a/@href") == ["chapters/new.html#how"]
    assert page.xpath("//link[@rel='canonical']/@href") == ["https://example.org/book/chapters/new.html"]
    assert page.xpath("//meta[@http-equiv='refresh']/@content") == ["0; url=chapters/new.html#how"]
    hostile = redirect_page("old.html", 'x.html#"-alert(1)-"</script><b>')
    assert "</script><b>" not in hostile and '#"-alert' not in hostile, "no address ends the script or its text"
    deep = parser.fromstring(redirect_page("chapters/old.html", "notebooks/x.html"))
    assert deep.xpath("//a/@href") == ["../notebooks/x.html"]
    (html / "older.html").write_text(redirect_page("older.html", redirects["older.html"]), encoding="utf-8")
    assert leads_on(html / "older.html") and check_redirects(redirects, html) == [], "built again, it is no clash"


@pytest.mark.parametrize(
    ("redirects", "said"),
    [
        ({"a.html": "a.html"}, "leads to itself"),
        ({"a.html": "b.html", "b.html": "a.html"}, "an address that itself leads on"),
        ({"a.html": "gone.html"}, "there is no page gone.html"),
        ({"a.html": "chapters/new.html#why"}, "chapters/new.html has no place called why"),
        ({"chapters/new.html": "chapters/new.html"}, "is a page of the book"),
        ({"../a.html": "chapters/new.html"}, "below the book's root"),
        ({"a.html": "https://example.org/"}, "below the book's root"),
        ({'a".html': "chapters/new.html"}, "below the book's root"),
        ({"a.html": 7}, "below the book's root"),
    ],
)
def test_what_leads_nowhere_is_named(html: Path, redirects: dict[str, object], said: str) -> None:
    assert any(said in problem for problem in check_redirects(redirects, html))
