"""The book knows where it is published, and its page for what is missing works at any depth."""

import pytest

from livrev.site.public_urls import BOOK, settings_from, useful_button, with_absolute_addresses


@pytest.mark.parametrize(
    ("said", "base"),
    [
        ("", None),
        (" https://example.org/book ", "https://example.org/book/"),
        ("http://127.0.0.1:8000/", "http://127.0.0.1:8000/"),
    ],
)
def test_an_address_ends_with_a_slash(said: str, base: str | None) -> None:
    assert settings_from({BOOK: said}).get(BOOK) == base == settings_from({BOOK: " "}, said).get(BOOK)


@pytest.mark.parametrize("said", ["example.org", "ftp://example.org/", "https://", "https://example.org/?page=1"])
def test_what_is_no_address_is_refused(said: str) -> None:
    with pytest.raises(ValueError, match=r"write it whole, like https://example.org/book/"):
        settings_from({}, said)


def test_every_relative_address_of_a_page_becomes_absolute_and_no_other() -> None:
    page = (
        '<html data-content_root="./"><link href="_static/a.css?v=1"><a href="#top">up</a><a href="chapters/x.html#y">x</a>'
        '<a href="https://doi.org/1">doi</a><a href="mailto:a@b">m</a><img src="data:x"><script src="_static/b.js"></script>'
    )
    assert with_absolute_addresses(page, "https://e.org/b/") == (
        '<html data-content_root="https://e.org/b/"><link href="https://e.org/b/_static/a.css?v=1"><a href="#top">up</a>'
        '<a href="https://e.org/b/chapters/x.html#y">x</a><a href="https://doi.org/1">doi</a><a href="mailto:a@b">m</a>'
        '<img src="data:x"><script src="https://e.org/b/_static/b.js"></script>'
    )


def test_a_button_to_a_source_that_is_not_in_the_book_goes() -> None:
    link = {"type": "link", "url": "../_sources/", "text": ".md"}
    printing = {"type": "javascript", "javascript": "window.print()", "text": ".pdf", "tooltip": "Print to PDF"}
    launch = {"type": "link", "url": "https://mybinder.org/v2/gh/x", "text": "Binder"}
    alone = useful_button({"type": "group", "buttons": [link, printing]}, "main")
    menu = useful_button({"type": "group", "buttons": [link, launch, printing]}, "main")
    assert alone == {**printing, "text": None, "classes": "pst-navbar-icon"}
    assert menu is not None and menu["buttons"] == [launch, printing]
    assert useful_button(link, "main") is None and useful_button({"type": "group", "buttons": [link]}, "main") is None
