"""The search works from the disk: a trial by name, number or drug, a slip of the finger, and an honest nothing."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from livrev.records.review import Review

PHONE = (390, 844)
Open = Callable[..., Page]


def first(page: Page) -> str:
    return page.locator(".livrev-found li a").first.inner_text()


def test_a_trial_is_found_by_name_first_of_all(open_page: Open) -> None:
    page = open_page("search.html?q=imbrave150")
    assert first(page) == "IMbrave150"
    page.locator(".livrev-found li a").first.click()
    expect(page.locator("article h1")).to_have_text("IMbrave150")


def test_a_registry_number_finds_its_trial(open_page: Open, real_review: Review) -> None:
    numbers = [number for study in real_review.studies.values() for number in study.nct]
    study = next(one for one in real_review.studies.values() if one.nct and numbers.count(one.nct[0]) == 1)
    assert first(open_page(f"search.html?q={study.nct[0].lower()}")) == study.name


def test_a_brand_name_finds_the_trials_of_the_drug(open_page: Open) -> None:
    page = open_page("search.html?q=Tecentriq", size=PHONE)
    expect(page.locator(".livrev-found")).to_contain_text("IMbrave150")
    expect(page.locator(".livrev-found")).to_contain_text("tezolizumab")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE[0]


def test_a_slip_is_forgiven(open_page: Open) -> None:
    page = open_page("search.html?q=imbrvae150")
    expect(page.locator(".livrev-none")).to_contain_text("Did you mean IMbrave150")
    page.locator(".livrev-none a").first.click()
    assert first(page) == "IMbrave150"


def test_nothing_found_says_so(open_page: Open) -> None:
    page = open_page("search.html?q=qqqzzzxxx")
    expect(page.locator(".livrev-none")).to_have_text("No study, drug or cancer is called “qqqzzzxxx”.")
    expect(page.locator("#search-results")).to_contain_text("did not match")


def test_pages_that_are_found_say_what_they_are_about(open_page: Open) -> None:
    page = open_page("search.html?q=radiotherapy")
    found = page.locator("#search-results li", has_text="Does radiotherapy or other local treatment help").first
    expect(found.locator("p")).to_contain_text("checkpoint inhibitor")


def test_the_field_above_every_page_searches_by_key_alone_and_offline(open_page: Open) -> None:
    page = open_page("chapters/index.html")
    page.context.set_offline(True)
    page.keyboard.press("Control+k")
    page.keyboard.type("keynote-394")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search.html?q=keynote-394*")
    assert first(page) == "KEYNOTE-394"
