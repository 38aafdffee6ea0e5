"""The page of a study shows its results as a reader looks for them; a trial is reached by its number; no key is shown."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

Open = Callable[..., Page]


def test_results_stand_by_endpoint_and_a_later_report_is_one_click_away(open_page: Open) -> None:
    page = open_page("studies/imbrave150.html")
    heads = page.locator("th[scope=rowgroup]").all_inner_texts()
    assert "Overall survival" in heads and len(set(heads)) == len(heads), "each endpoint once"
    ratio = page.locator("tr", has=page.locator("svg.livrev-strip")).first
    box, cell = (ratio.locator(part).bounding_box() for part in ("svg", "td:nth-child(2)"))
    assert box and cell and 60 < box["width"] <= cell["width"] and cell["x"] <= box["x"]
    page.get_by_role("link", name="later report").first.click()
    expect(page.locator("tr:target")).to_contain_text("later report of")


def test_the_small_forest_plot_has_an_axis_and_names_no_effect(open_page: Open) -> None:
    page = open_page("studies/imbrave150.html", look=True)
    ticks = page.locator(".livrev-axis svg").first.locator("text")
    assert "1" in ticks.all_text_contents() and ticks.count() >= 2
    assert "The upright line is no effect: 1 for a ratio" in page.locator(".livrev-results caption").inner_text()
    null, tick = page.locator(".livrev-strip path.null").nth(0), page.locator(".livrev-axis text.none").first
    line = page.locator("td:not(.livrev-axis) > .livrev-strip path.null").first.bounding_box()
    named = tick.bounding_box()
    assert line and named and abs(line["x"] - (named["x"] + named["width"] / 2)) < 2 and null.count() == 1


@pytest.mark.parametrize(
    ("place", "button"),
    [
        ("studies/imbrave150.html", "tr[id] .livrev-cite-one"),
        ("sources/Slavin2023immunotherapy.html", ".livrev-finding .livrev-cite-one"),
        ("chapters/strategies.html", ".livrev-tabled .livrev-cite-one"),
        ("notebooks/strategies.html", ".livrev-table .livrev-cite-one"),
    ],
)
def test_a_result_a_finding_and_a_table_say_how_they_are_cited(open_page: Open, place: str, button: str) -> None:
    page = open_page(place, look=True)
    page.locator(button).first.click()
    card = page.locator(".livrev-card.livrev-citing-part:popover-open")
    said = card.inner_text()
    assert "In: " in said and "@misc{" in said and "TY  - DATA" in said and "Version " in said and "{title}" not in said
    page.keyboard.press("Escape")
    expect(card).to_have_count(0)


@pytest.mark.parametrize("number", ["NCT03434379"])
def test_a_trial_has_an_address_by_its_registry_number(open_page: Open, number: str) -> None:
    page = open_page(f"trials/{number}.html")
    page.wait_for_url("**/studies/imbrave150.html")
    expect(page.get_by_role("link", name=number)).to_be_visible()


def test_the_contents_show_the_review_and_fold_the_working_under_its_chapter(open_page: Open) -> None:
    page = open_page("chapters/index.html")
    bar = page.locator("#pst-primary-sidebar")
    working = bar.get_by_role("link", name="Data and code: local treatment")
    expect(working).to_be_hidden()
    bar.get_by_label("More on 2. Does radiotherapy or other local treatment help immunotherapy?").click()
    working.click()
    expect(page.locator("article h1")).to_contain_text("Data and code: radiotherapy")
    page.locator("a.left-prev").click()
    page.locator("a.right-next").click()
    expect(page.locator("article h1")).to_contain_text("3. ")  # a reader goes on from chapter to chapter
    table = bar.get_by_role("link", name="Every pooled estimate")
    expect(table).to_be_hidden()
    bar.locator("summary", has_text="Data and methods").click()
    expect(table).to_be_visible()


def test_what_is_new_begins_with_what_a_person_would_say(open_page: Open) -> None:
    page = open_page("notebooks/whats-new.html")
    text = page.locator("article").inner_text()
    number = r"(\d+|none)"
    said = rf"Studies since version [\d.]+ of [\d-]+: {number} came in, {number} went out\. Pooled answers: {number} new, {number} moved"
    assert re.search(said, text)
    table = page.locator("#table-new-words table")
    expect(table).to_be_hidden()
    page.locator("details.hide:has(#table-new-words) > summary").click()
    expect(table).to_be_visible()
