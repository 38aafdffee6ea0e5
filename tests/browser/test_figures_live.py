"""Figures as readers use them: pointed at, tapped, gone through by keyboard, in the dark, on a phone, without JavaScript."""

import csv
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from .conftest import CHAPTER, PHONE

FOREST, DATA = (CHAPTER, "#combination-pool-liver-stratum-os"), "fig-pool-liver-stratum-os"
_SETTLED = "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"


def told(page: Page) -> str:
    expect(page.locator(".livrev-told")).not_to_be_empty()
    return page.locator(".livrev-told").inner_text()


def rows_of(html: Path, name: str) -> list[dict[str, str]]:
    with (html / "_static" / "figures" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_pointing_at_a_mark_tells_the_number_of_its_row(open_page: Callable[..., Page], html: Path) -> None:
    page = open_page(FOREST[0], look=True)
    for at, row in enumerate(rows_of(html, DATA)[:5]):
        mark = page.locator(f"{FOREST[1]} svg.wide .datum").nth(at)
        mark.scroll_into_view_if_needed()
        page.evaluate(_SETTLED)  # scrolling takes the label away
        mark.hover(force=True)
        assert told(page).startswith(f"{row['label']}: ")
        said = re.search(r"hazard ratio ([\d.]+) \(95 % CI ([\d.]+) to ([\d.]+)\)", told(page))
        assert said
        for shown, name in zip(said.groups(), ("value", "ci_low", "ci_high"), strict=True):
            assert shown == f"{float(row[name]):.{len(shown.partition('.')[2])}f}"
        page.mouse.move(5, 5)
        expect(page.locator(".livrev-told")).to_be_hidden()


@pytest.mark.parametrize(("name", "figure"), [FOREST, ("notebooks/strategies.html", "#fig-gap-map")])
def test_a_tap_tells_the_number_inside_the_window(open_page: Callable[..., Page], name: str, figure: str) -> None:
    page = open_page(name, size=PHONE)
    marks = page.locator(f"{figure} svg.narrow .datum")
    for at in (0, marks.count() // 2, marks.count() - 1):
        marks.nth(at).tap(force=True)
        assert re.search(r"\d", told(page))
        box: Any = page.locator(".livrev-told").bounding_box()
        assert box["x"] >= 0 and box["x"] + box["width"] <= PHONE[0] and 0 <= box["y"] <= PHONE[1] - box["height"]
    page.locator("article h1").tap()
    expect(page.locator(".livrev-told")).to_be_hidden()


def test_arrow_keys_go_from_mark_to_mark(open_page: Callable[..., Page], html: Path) -> None:
    page = open_page(FOREST[0], look=True)
    rows = rows_of(html, DATA)
    drawing = page.locator(f"{FOREST[1]} .livrev-drawing")
    page.keyboard.press("Tab")  # the next focus is one that the keyboard gave
    drawing.focus()
    page.keyboard.press("ArrowDown")
    first = told(page)
    page.keyboard.press("ArrowRight")
    second = told(page)
    assert [said.partition(":")[0] for said in (first, second)] in (
        [r["label"] for r in rows[:2]],
        [r["label"] for r in rows[1:3]],
    )
    page.keyboard.press("End")
    assert told(page).startswith("All studies: pooled hazard ratio")
    page.keyboard.press("Home")
    assert told(page).startswith(rows[0]["label"])
    page.keyboard.press("Escape")
    expect(page.locator(".livrev-told")).to_be_hidden()
    assert page.url.endswith(FOREST[0]), "arrow keys did not turn the page"


def test_a_figure_is_one_stop_of_the_tab_key_and_says_its_words(open_page: Callable[..., Page]) -> None:
    page = open_page(FOREST[0], look=True)
    figure = page.locator(FOREST[1])
    assert figure.locator("[tabindex]").count() == 1
    assert str(figure.locator('[role="img"]').get_attribute("aria-label")).startswith("Forest plot of ")
    assert figure.locator("svg:not([aria-hidden])").count() == 0


def test_data_and_code_are_one_click_away(open_page: Callable[..., Page], html: Path) -> None:
    page = open_page(FOREST[0], look=True)
    links = page.locator(f"{FOREST[1]} .livrev-behind a")
    assert links.all_inner_texts() == ["Data (CSV)", "Picture (SVG)", "Code", "Open in the explorer", "Copy link"]
    for at in (0, 1):
        assert (html / "chapters" / str(links.nth(at).get_attribute("href"))).resolve().is_file()
    links.nth(2).click()
    assert "def forest" in page.locator("body").inner_text()


def test_without_javascript_each_mark_has_its_own_label(open_page: Callable[..., Page]) -> None:
    page = open_page(FOREST[0], script=False)
    title = page.locator(f"{FOREST[1]} svg.wide .datum title").first
    assert "hazard ratio" in str(title.text_content())


def test_the_printed_picture_is_not_fetched_on_a_screen(open_page: Callable[..., Page]) -> None:
    page = open_page("notebooks/strategies.html")
    page.locator("#fig-gap-map").scroll_into_view_if_needed()
    page.wait_for_load_state("networkidle")
    asked = page.evaluate("performance.getEntriesByType('resource').map(entry => entry.name)")
    assert [name for name in asked if name.endswith(".svg") and "_images" in name] == []


def test_near_is_enough(open_page: Callable[..., Page]) -> None:
    page = open_page("notebooks/over-time.html")
    dot = page.locator("#fig-time-first-line svg.wide .datum").nth(3)
    dot.scroll_into_view_if_needed()
    box: Any = dot.bounding_box()
    page.mouse.move(box["x"] - 6, box["y"] + box["height"] + 8)
    assert re.search(r", month \d+: ", told(page))


def test_a_file_of_data_for_every_figure_of_the_book(html: Path) -> None:
    figures = {
        name
        for page in html.glob("notebooks/*.html")
        for name in re.findall(r'<figure[^>]* id="(fig-[\w-]+)"', page.read_text("utf-8"))
    }
    assert len(figures) > 40
    assert [name for name in sorted(figures) if not rows_of(html, name)] == []
