"""No table is cut without a sign: what is wider than its page can be moved by key and finger, and shows that there is more."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from .conftest import CHAPTER, PHONE

Open = Callable[..., Page]


def test_the_keyboard_moves_a_table_and_its_first_column_stays(open_page: Open) -> None:
    page = open_page("studies/index.html", size=PHONE)
    box = page.get_by_role("region").first
    first, second = (box.locator("tbody tr").first.locator(f"td:nth-child({n})") for n in (1, 2))
    before, moved = first.bounding_box(), second.bounding_box()
    box.focus()
    for _ in range(4):
        page.keyboard.press("ArrowRight")
    page.wait_for_function("box => box.scrollLeft > 20", arg=box.element_handle())
    after, gone = first.bounding_box(), second.bounding_box()
    assert before and after and moved and gone
    assert after["x"] == pytest.approx(before["x"]) and gone["x"] < moved["x"] - 20


def test_a_heading_that_one_comes_to_is_not_painted_and_a_dot_can_be_touched(open_page: Open) -> None:
    page = open_page(f"{CHAPTER}#what-is-missing", size=PHONE)
    painted = page.locator(":target > :is(h1, h2, h3)").evaluate("head => getComputedStyle(head).backgroundColor")
    assert painted in ("rgba(0, 0, 0, 0)", "transparent")
    sizes = page.locator(".livrev-mark").evaluate_all(
        "marks => marks.map((mark) => { const box = mark.getBoundingClientRect(); return Math.min(box.width, box.height); })"
    )
    assert sizes and min(sizes) >= 24
    expect(page.get_by_text("opens the evidence for its sentence")).to_have_count(1)
