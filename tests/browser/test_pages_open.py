"""The pages open: at a desk and on a phone, light and dark, without an error and without another host."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

DESKTOP, PHONE = (1280, 900), (390, 844)
PAGES = ("chapters/index.html", "chapters/radiotherapy.html", "notebooks/pools.html", "studies/index.html")


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("size", [DESKTOP, PHONE])
def test_a_page_has_one_title_and_is_no_wider_than_the_window(
    open_page: Callable[..., Page], name: str, size: tuple[int, int]
) -> None:
    page = open_page(name, size=size)
    assert page.locator("article h1").count() == 1
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
