"""Four readers on their way through the book, each in a few steps: what they come for is where they look for it."""

import csv
import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from .conftest import CHAPTER, PHONE

Open = Callable[..., Page]


def test_a_clinician_has_an_answer_its_certainty_and_the_effect_in_people_within_two_screens(open_page: Open) -> None:
    page = open_page("chapters/index.html")
    answer = page.locator(".livrev-five > ol > li", has_text="In advanced liver cancer")
    expect(answer).to_contain_text(re.compile(r"\d+ fewer per 1000 \(.+\).*certainty", re.DOTALL))
    answer.get_by_role("link").first.click()
    told = page.locator(".livrev-answer")
    expect(told).to_be_in_viewport()
    effect = told.locator("a.livrev-result", has_text="per 1000").first
    expect(effect).to_have_text(re.compile(r"\d+ (fewer|more) per 1000 \(.+ to .+\)"))
    effect.click()
    expect(page.locator(":target")).to_be_in_viewport()


def test_a_researcher_gets_from_a_claim_to_its_record_and_its_numbers(open_page: Open) -> None:
    page = open_page("chapters/liver-cancer.html")
    mark = page.locator(".livrev-answer .livrev-mark").first
    mark.click()
    card = page.locator(f"#{mark.get_attribute('popovertarget')}")
    card.get_by_role("link", name="Everything on this record").first.click()
    expect(page.locator("article h1")).to_be_visible()
    page.go_back()
    link = page.locator("figure:has(svg) a[href$='.csv']").first
    with page.expect_download() as saved:
        link.click()
    rows = list(csv.DictReader(saved.value.path().read_text(encoding="utf-8").splitlines()))
    assert len(rows) > 2 and {"label", "value", "ci_low", "ci_high"} <= set(rows[0]), "a row for each mark"


def test_a_phone_reader_finds_a_drug_by_a_slip_and_nothing_is_wider_than_the_screen(open_page: Open) -> None:
    page = open_page("chapters/strategies.html", size=PHONE)
    fits = "document.documentElement.scrollWidth <= innerWidth"
    assert page.evaluate(fits)
    page.locator(".bd-header-article .search-button").tap()
    page.keyboard.type("atezolizumb")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search.html?q=atezolizumb*")
    assert page.evaluate(fits)
    page.locator("#livrev-found").get_by_role("link", name="IMbrave150", exact=True).or_(
        page.locator("#livrev-found section").last.get_by_role("link").first
    ).last.tap()
    expect(page.locator("article h1")).to_be_visible()
    assert page.evaluate(fits)


def test_on_a_phone_the_rows_of_a_small_table_are_cards_that_are_heard_as_rows(open_page: Open) -> None:
    page = open_page("notebooks/sources.html", size=PHONE)
    table = page.locator("table.livrev-cards").first
    cell = table.locator("tbody tr").first.locator("td").nth(1)
    expect(table.get_by_role("row").first).to_be_visible()
    said = cell.evaluate("cell => getComputedStyle(cell, '::before').content")
    assert said.strip('"').startswith(cell.get_attribute("data-head") or "no head")
    assert table.evaluate("table => table.scrollWidth <= table.parentElement.clientWidth + 1")
    assert "gradient" not in table.locator("..").evaluate("box => getComputedStyle(box).backgroundImage")


@pytest.mark.parametrize(
    ("page", "table"), [("chapters/summary.html", "livrev-cards"), ("studies/imbrave150.html", "livrev-results")]
)
def test_on_a_phone_the_tables_of_chapters_and_studies_need_no_moving(open_page: Open, page: str, table: str) -> None:
    shown = open_page(page, size=PHONE).locator(f"table.{table}").first
    expect(shown.get_by_role("row").first).to_be_visible()
    assert shown.evaluate("table => table.scrollWidth <= table.parentElement.clientWidth + 1")


def test_somebody_who_cites_a_finding_takes_away_its_address_and_its_reference(open_page: Open) -> None:
    page = open_page(CHAPTER)
    figure = page.locator("figure:has(.livrev-citing-part)").first
    figure.get_by_text("Cite this").click()
    forms = figure.locator(".livrev-citing-part p").all_inner_texts()
    assert re.search(r"Version .*20\d\d", forms[0]) and forms[1].startswith("@misc{") and forms[2].startswith("TY  - ")
    place = figure.get_by_text("Copy link").get_attribute("href") or ""
    page.goto(page.url.partition("#")[0] + place)
    expect(page.locator(place)).to_be_in_viewport()
