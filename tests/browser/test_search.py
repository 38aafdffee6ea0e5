"""The search works from the disk: a trial by name, number or drug, a slip of the finger, and an honest nothing."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from livrev.records.review import Review

PHONE = (390, 844)
Open = Callable[..., Page]


def first(page: Page) -> str:
    return page.locator("#livrev-found section:last-child li a").first.inner_text()


def test_a_trial_is_found_by_name_first_of_all(open_page: Open) -> None:
    page = open_page("search.html?q=imbrave150")
    assert first(page) == "IMbrave150"
    page.locator("#livrev-found section:last-child li a").first.click()
    expect(page.locator("article h1")).to_have_text("IMbrave150")


def test_a_registry_number_finds_its_trial(open_page: Open, real_review: Review) -> None:
    numbers = [number for study in real_review.studies.values() for number in study.nct]
    study = next(one for one in real_review.studies.values() if one.nct and numbers.count(one.nct[0]) == 1)
    page = open_page(f"search.html?q={study.nct[0].lower()}")
    assert first(page) == study.name and "No study" not in page.locator("article").inner_text()


def test_a_brand_name_finds_the_trials_of_the_drug(open_page: Open) -> None:
    page = open_page("search.html?q=Tecentriq", size=PHONE)
    expect(page.locator("#livrev-found")).to_contain_text("IMbrave150")
    expect(page.locator("#livrev-found")).to_contain_text("tezolizumab")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE[0]


def test_a_slip_shows_what_was_meant(open_page: Open) -> None:
    page = open_page("search.html?q=imbrvae150")
    expect(page.locator(".livrev-none")).to_contain_text("This is for IMbrave150")
    assert first(page) == "IMbrave150"
    page = open_page("search.html?q=atezolizumb")
    expect(page.locator(".livrev-none")).to_contain_text("This is for Atezolizumab")
    expect(page.locator("#livrev-found")).to_contain_text("IMbrave150")
    expect(page.locator("#search-results mark").first).to_have_text("atezolizumab", ignore_case=True)


def test_nothing_found_says_so(open_page: Open) -> None:
    page = open_page("search.html?q=qqqzzzxxx")
    said = "No study, drug or cancer is called “qqqzzzxxx”, and no page says it."
    expect(page.locator(".livrev-none")).to_have_text(said)


def test_a_page_that_is_found_shows_the_words_in_their_sentence(open_page: Open) -> None:
    page = open_page("search.html?q=cytokine storm")
    found = page.locator("#search-results li").first
    expect(found.locator("mark")).to_have_text("cytokine storm")
    found.get_by_role("link").click()
    expect(page.locator("span.highlighted").first).to_be_visible()


def test_an_author_and_a_year_find_the_paper_and_what_the_explorer_filters_by_finds_its_view(open_page: Open) -> None:
    expect(open_page("search.html?q=Finn 2020").locator("#livrev-found")).to_contain_text("IMbrave150")
    page = open_page("search.html?q=hepatitis b")
    page.locator("#livrev-found").get_by_role("link", name="Hepatitis B", exact=True).click()
    page.wait_for_selector("#explorer[data-ready]")
    expect(page.locator("#explorer [data-filter=text]")).to_have_value("Hepatitis B")


def test_the_field_above_every_page_searches_by_key_alone_and_offline(open_page: Open) -> None:
    page = open_page("chapters/index.html", fresh=True)
    page.context.set_offline(True)
    page.keyboard.press("Control+k")
    page.keyboard.type("keynote-394")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search.html?q=keynote-394*")
    assert first(page) == "KEYNOTE-394"
