"""Old addresses lead on, and a list that would lead nowhere is named entry by entry."""

from pathlib import Path

import pytest
from lxml import html as parser

from livrev.site.redirects import check_redirects, leads_on, redirect_page


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
