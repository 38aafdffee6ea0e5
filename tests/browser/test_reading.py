"""A reader finds the way: contents, menus, cards, tables, themes; with a mouse, a finger, or the keyboard alone."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from .conftest import CHAPTER, PHONE

Open = Callable[..., Page]


def test_contents_and_neighbours_lead_on(open_page: Open) -> None:
    page = open_page("chapters/index.html")
    page.locator("#pst-primary-sidebar a", has_text="radiotherapy").first.click()
    expect(page.locator("article h1")).to_contain_text("2. ")
    page.locator("a.right-next").click()
    expect(page.locator("article h1")).to_contain_text("3. ")
    page.locator("a.left-prev").click()
    expect(page.locator("article h1")).to_contain_text("radiotherapy")
    page.locator("#pst-secondary-sidebar a", has_text="What is missing").click()
    assert page.url.endswith("#what-is-missing")


def test_a_phone_opens_the_contents_by_a_button_and_escape_closes_them(open_page: Open) -> None:
    page = open_page("chapters/index.html", size=PHONE)
    contents = page.locator("#pst-primary-sidebar-modal")
    assert not contents.is_visible()
    page.locator(".primary-toggle").tap()
    expect(contents.get_by_role("link", name="Glossary")).to_be_visible()
    page.keyboard.press("Escape")
    expect(contents).not_to_be_visible()
    page.locator(".primary-toggle").tap()
    contents.get_by_role("link", name="Glossary").tap()
    expect(page.locator("article h1")).to_contain_text("Glossary")


def test_a_card_opens_by_mouse_and_key_and_escape_closes_it(open_page: Open) -> None:
    page = open_page(CHAPTER)
    mark, card = page.locator(".livrev-mark").first, page.locator(".livrev-card").first
    mark.click()
    expect(card).to_be_visible()
    expect(card).to_contain_text("Everything on this record")
    page.keyboard.press("Escape")
    expect(card).not_to_be_visible()
    mark.focus()
    page.keyboard.press("Enter")
    expect(card).to_be_visible()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('.livrev-card') !== null")
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.className") == "livrev-mark"


def test_the_chosen_theme_is_kept_from_page_to_page(open_page: Open) -> None:
    page = open_page("chapters/index.html")
    button = page.locator(".theme-switch-button")
    for _ in range(3):
        if page.evaluate("document.documentElement.dataset.mode") == "dark":
            break
        button.click()
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    dark = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.locator("#pst-primary-sidebar a", has_text="Glossary").first.click()
    expect(page.locator("article h1")).to_contain_text("Glossary")
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    expect(page.locator("body")).to_have_css("background-color", dark)  # once the style sheet is there


def test_the_reader_s_system_decides_the_theme(open_page: Open) -> None:
    assert open_page("chapters/limits.html", dark=True).evaluate("document.documentElement.dataset.theme") == "dark"
    assert open_page("chapters/limits.html").evaluate("document.documentElement.dataset.theme") == "light"


def test_the_keyboard_alone_reaches_everything_and_is_seen(open_page: Open) -> None:
    page = open_page(CHAPTER)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to main content"
    reached = []
    for _ in range(60):
        page.keyboard.press("Tab")
        reached.append(
            page.evaluate("""(() => {
          const one = document.activeElement, style = getComputedStyle(one);
          const seen = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0 || style.boxShadow !== 'none';
          return [one.className + ' ' + one.textContent.trim().slice(0, 30), seen];
        })()""")
        )
    hidden = sorted({name for name, seen in reached if not seen})
    assert not hidden, f"focus is not seen on {hidden}"
    names = " ".join(name for name, _ in reached)
    for part in ("search-button", "theme-switch-button", "livrev-mark", "reference internal"):
        assert part in names, part


def test_the_skip_link_skips(open_page: Open) -> None:
    page = open_page(CHAPTER)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('#main-content') !== null")


def test_a_long_table_is_searched_filtered_sorted_and_paged(open_page: Open) -> None:
    page = open_page("studies/index.html")
    rows = page.locator("table.livrev-data tbody tr:visible")
    assert rows.count() == 15
    info = page.locator(".livrev-info")
    total = info.inner_text().split()[-1]
    page.get_by_role("button", name="Next").click()
    expect(info).to_have_text(f"Rows 16 to 30 of {total}")
    search = page.locator(".livrev-filters").get_by_label("Search")
    search.fill("imbrave150")
    expect(rows.first).to_contain_text("IMbrave150")
    search.fill("no such study")
    expect(info).to_have_text(f"No row fits (of {total})")
    search.fill("")
    page.locator(".livrev-filters").get_by_label("Design").select_option("Meta-analysis")
    assert {row.split("\t")[2] for row in rows.all_inner_texts()} == {"Meta-analysis"}
    year = page.locator("th", has_text="Year")
    year.get_by_role("button").click()
    assert year.get_attribute("aria-sort") == "ascending"
    column = year.evaluate("(head) => head.cellIndex")
    years = [row.split("\t")[column] for row in rows.all_inner_texts()]
    assert years == sorted(years)


def test_without_scripts_a_table_is_whole(open_page: Open) -> None:
    page = open_page("studies/index.html", script=False)
    assert page.locator("table.livrev-data tbody tr").last.is_visible()
    assert page.locator(".livrev-sort").count() == 0
