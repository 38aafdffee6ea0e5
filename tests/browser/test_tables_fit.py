"""No table is cut without a sign: what is wider than its page can be moved by key and finger, and shows that there is more."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

Open = Callable[..., Page]
DESKTOP, PHONE = (1280, 900), (390, 844)
# Every box of the page that holds more than it shows, and what it says of that.
_WIDE = """() => [...document.querySelectorAll("article *")].filter((box) => box.scrollWidth > box.clientWidth + 2 &&
    box.querySelector("table") && /auto|scroll/.test(getComputedStyle(box).overflowX)).map((box) => ({
  name: box.getAttribute("aria-label"), role: box.getAttribute("role"), stop: box.tabIndex,
  edge: /gradient/.test(getComputedStyle(box).backgroundImage) }))"""


@pytest.mark.parametrize("size", [DESKTOP, PHONE])
def test_what_is_wider_than_its_page_shows_it_and_is_named(
    tour: Callable[..., Iterator[Page]], sample: list[str], size: tuple[int, int]
) -> None:
    found = 0
    for page in tour(sample, size=size):
        page.wait_for_load_state("load")
        page.wait_for_timeout(150)  # the marks come when sizes are known
        boxes = page.evaluate(_WIDE)
        found += len(boxes)
        assert all(box["edge"] and box["stop"] == 0 and box["role"] == "region" for box in boxes), (page.url, boxes)
        assert len({box["name"] for box in boxes}) == len(boxes), f"{page.url}: two boxes of one name"
        assert page.locator(".prev-next-area a").evaluate_all(
            "links => links.every((link) => { const box = link.getBoundingClientRect(); return box.left >= 0 && box.right <= innerWidth; })"
        ), f"{page.url}: previous or next is out of sight"
    assert found > 3, "some tables of the book are wider than this window"


def test_the_keyboard_moves_a_table_and_its_first_column_stays(open_page: Open) -> None:
    page = open_page("studies/imbrave150.html", size=PHONE)
    box = page.get_by_role("region").first
    first, second = (box.locator("tr[id]").first.locator(f"td:nth-child({n})") for n in (1, 2))
    before, moved = first.bounding_box(), second.bounding_box()
    box.focus()
    for _ in range(4):
        page.keyboard.press("ArrowRight")
    page.wait_for_function("box => box.scrollLeft > 20", arg=box.element_handle())
    after, gone = first.bounding_box(), second.bounding_box()
    assert before and after and moved and gone
    assert after["x"] == pytest.approx(before["x"]) and gone["x"] < moved["x"] - 20


@pytest.mark.parametrize(
    ("place", "columns"),
    [
        ("notebooks/pools.html#table-pools", ("Pooled", "Certainty")),
        ("notebooks/certainty.html#table-findings-summary", ("Pooled", "Certainty", "Without")),
        ("notebooks/strategies.html#table-strategies", ("Strategy", "Why it should work")),
    ],
)
def test_at_a_desk_the_columns_that_matter_are_seen_at_once(
    open_page: Open, place: str, columns: tuple[str, ...]
) -> None:
    page = open_page(place)
    table = page.locator("#" + place.partition("#")[2])
    for column in columns:
        box = table.locator("th", has_text=column).first.bounding_box()
        assert box and box["x"] + box["width"] <= DESKTOP[0], column


def test_a_heading_that_one_comes_to_is_not_painted_and_a_dot_can_be_touched(open_page: Open) -> None:
    page = open_page("chapters/radiotherapy.html#what-is-missing", size=PHONE)
    painted = page.locator(":target > :is(h1, h2, h3)").evaluate("head => getComputedStyle(head).backgroundColor")
    assert painted in ("rgba(0, 0, 0, 0)", "transparent")
    sizes = page.locator(".livrev-mark").evaluate_all(
        "marks => marks.map((mark) => { const box = mark.getBoundingClientRect(); return Math.min(box.width, box.height); })"
    )
    assert sizes and min(sizes) >= 24
    expect(page.get_by_text("opens the evidence for its sentence")).to_have_count(1)


@pytest.mark.parametrize("name", ["references", "glossary", "downloads"])
def test_what_is_looked_up_has_no_reading_time(open_page: Open, name: str) -> None:
    assert "to read" not in (open_page(f"chapters/{name}.html").locator("article").inner_text())[:300]
    assert "minutes to read" in open_page("chapters/radiotherapy.html").locator("article").inner_text()
