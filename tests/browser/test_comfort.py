"""What makes reading a pleasure: notes beside the text, links to copy, old addresses, paper; with mouse, finger and keyboard."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from building import build_again
from playwright.sync_api import Browser, Locator, Page, expect
from pypdfium2 import PdfDocument
from small_review import replace

from livrev.paths import Repository

from .conftest import CHAPTER, DESKTOP, DOCUMENT, PHONE

FRONT = "chapters/index.html"
PAPER = "Overall Survival Benefit with Tebentafusp in Metastatic Uveal Melanoma"
_COPIED = """new Promise((tell) => {
  const look = () => navigator.clipboard.readText().then((text) => text ? tell(text) : setTimeout(look, 50));
  look();
})"""
Open = Callable[..., Page]


def note_of(page: Page, link: Locator) -> Locator:
    return page.locator(f"#{link.get_attribute('aria-describedby')}")


def boxes_meet(one: Locator, other: Locator) -> bool:
    a, b = one.bounding_box(), other.bounding_box()
    assert a and b
    across = a["x"] < b["x"] + b["width"] and b["x"] < a["x"] + a["width"]
    return across and a["y"] < b["y"] + b["height"] and b["y"] < a["y"] + a["height"]


@pytest.mark.parametrize("kind", ["a.livrev-cite", "a.livrev-term"])
def test_pointing_at_a_citation_or_a_term_shows_what_it_means_and_covers_it_not(open_page: Open, kind: str) -> None:
    page = open_page(CHAPTER, look=True)
    link = page.locator(kind).first
    note = note_of(page, link)
    expect(note).to_be_hidden()
    link.hover()
    expect(note).to_be_visible()
    assert not boxes_meet(link, note)
    assert len(note.inner_text()) > 40
    note.hover()
    page.wait_for_timeout(600)
    expect(note).to_be_visible()
    page.mouse.move(5, 5)
    expect(note).to_be_hidden()


def test_a_citation_shows_its_whole_reference_with_a_link_to_the_paper(open_page: Open) -> None:
    page = open_page(CHAPTER, look=True)
    link = page.locator("a.livrev-cite", has_text="Nathan and others, 2021").first
    link.hover()
    note = note_of(page, link)
    expect(note).to_contain_text(PAPER)
    expect(note.locator("a[href^='https://doi.org/']")).to_have_count(1)
    assert link.get_attribute("title") is None, "the browser's own tooltip would say it twice"


def test_the_keyboard_shows_a_note_reaches_into_it_and_closes_it(open_page: Open) -> None:
    page = open_page(CHAPTER, look=True)
    link = page.locator("a.livrev-cite").first
    link.scroll_into_view_if_needed()
    page.keyboard.press("Tab")  # the next focus is one that the keyboard gave
    link.focus()
    note = note_of(page, link)
    expect(note).to_be_visible()
    page.keyboard.press("Tab")
    assert note.evaluate("note => note.contains(document.activeElement)"), "the link in the note comes next"
    expect(note).to_be_visible()
    page.keyboard.press("Escape")
    expect(note).to_be_hidden()


def test_a_finger_opens_a_note_instead_of_leaving_the_page(open_page: Open) -> None:
    page = open_page(CHAPTER, size=PHONE)
    address = page.url
    for kind in ("a.livrev-term", "a.livrev-cite"):
        link = page.locator(kind).first
        link.scroll_into_view_if_needed()
        link.tap()
        note = note_of(page, link)
        expect(note).to_be_visible()
        assert page.url == address and not boxes_meet(link, note)
        box = note.bounding_box()
        assert box and box["x"] >= 0 and box["x"] + box["width"] <= PHONE[0]
        page.keyboard.press("Escape")
        expect(note).to_be_hidden()


def test_evidence_opens_on_hover_and_stays_after_a_click(open_page: Open) -> None:
    page = open_page(FRONT, look=True)
    mark = page.locator(".livrev-mark").first
    card = page.locator(f"#{mark.get_attribute('popovertarget')}")
    mark.hover()
    expect(card).to_be_visible()
    assert not boxes_meet(mark, card)
    mark.click()
    page.mouse.move(5, 5)
    page.wait_for_timeout(600)
    expect(card).to_be_visible()
    page.keyboard.press("Escape")
    expect(card).to_be_hidden()
    mark.press("Enter")
    expect(card).to_be_visible()
    mark.press("Enter")
    expect(card).to_be_hidden()


def test_without_javascript_links_lead_on_and_no_note_stands_in_the_text(open_page: Open) -> None:
    page = open_page(CHAPTER, script=False, look=True)
    assert page.locator("a.livrev-cite").first.get_attribute("href").startswith("references.html#")
    assert page.locator("a.livrev-term").first.get_attribute("href").startswith("glossary.html#term-")
    assert page.locator(".livrev-note:visible").count() == 0


@pytest.mark.parametrize(("size", "dark"), [(DESKTOP, False), (DESKTOP, True), (PHONE, True), (PHONE, False)])
def test_the_first_screen_carries_the_question_and_every_answer(
    open_page: Open, size: tuple[int, int], dark: bool
) -> None:
    page = open_page(FRONT, size=size, dark=dark, look=True)
    answers = page.locator(".livrev-five > ol > li")
    assert answers.count() == 5
    last = answers.last.bounding_box()
    assert last and last["y"] + last["height"] <= size[1], "the last answer ends on the first screen"
    assert answers.locator(".livrev-certainty").count() >= 5
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]


def test_the_picture_of_the_evidence_is_legible_on_a_phone(open_page: Open) -> None:
    page = open_page(FRONT, size=PHONE, look=True)
    box = page.locator("figure.livrev-answers svg.narrow").bounding_box()
    assert box and 330 <= box["width"] <= PHONE[0], "whole, and as wide as the text"
    said = page.locator("figure.livrev-answers [role=img]").get_attribute("aria-label") or ""
    assert "certainty moderate" in said and " to " in said


def test_the_citation_and_a_link_to_a_finding_are_copied(open_page: Open) -> None:
    page = open_page(FRONT)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_text("BibTeX", exact=True).click()
    listing = page.locator("div.highlight", has_text="@misc{livrev")
    listing.hover()
    listing.locator("button.copybtn").click()
    assert page.evaluate(_COPIED).startswith("@misc{livrev")
    page = open_page("sources/index.html")
    page.goto(page.url.replace("index.html", "Jiang2024consideration.html"))
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    finding = page.locator(".livrev-finding").first
    finding.hover()
    finding.locator("a.headerlink").click()
    expect(page.get_by_role("status")).to_have_text("Link copied")
    assert page.evaluate("navigator.clipboard.readText()").endswith(f"#{finding.get_attribute('id')}")


@pytest.mark.parametrize("name", ["studies/imbrave150.html", DOCUMENT])
def test_a_record_leads_to_the_next_and_back(open_page: Open, name: str) -> None:
    page = open_page(name)
    page.locator("nav.livrev-around a[rel=next]").click()
    assert not page.url.endswith(name)
    page.locator("nav.livrev-around a[rel=prev]").click()
    assert page.url.endswith(name)


@pytest.mark.parametrize("name", [CHAPTER, "notebooks/over-time.html"])
def test_a_phone_opens_the_contents_of_the_page(open_page: Open, name: str) -> None:
    page = open_page(name, size=PHONE)
    page.locator("button.secondary-toggle:visible").click()
    links = page.locator("dialog[open] a:visible")
    expect(links).not_to_have_count(0)
    links.last.click()
    assert "#" in page.url


@pytest.mark.parametrize("name", ["notebooks/pools.html", CHAPTER])
def test_paper_shows_the_text_and_nothing_to_click(open_page: Open, name: str) -> None:
    page = open_page(name, look=True)
    page.emulate_media(media="print")
    for gone in (".bd-sidebar-primary", ".prev-next-footer", ".livrev-mark", ".headerlink", ".livrev-card", ".copybtn"):
        assert page.locator(f"{gone}:visible").count() == 0, gone
    cut = "elements => elements.filter(e => e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).overflowX !== 'visible').length"
    assert page.locator("article table, article figure, .livrev-table").evaluate_all(cut) == 0
    assert page.locator(".livrev-note:not(.livrev-source):visible").count() == 0
    assert page.locator("article").evaluate("a => a.getBoundingClientRect().x") < 40, "the text takes the whole page"


@pytest.mark.parametrize("name", [CHAPTER, "notebooks/validation.html"])
def test_a_printed_page_says_its_edition_and_lists_what_it_cites(open_page: Open, name: str, tmp_path: Path) -> None:
    page = open_page(name, look=True)
    printed = tmp_path / "page.pdf"
    page.pdf(path=printed, format="A4", prefer_css_page_size=True)
    texts = [page.get_textpage().get_text_range() for page in PdfDocument(printed)]
    assert "Search" not in texts[0].splitlines()[:3]
    text = "\n".join(texts)
    assert "evidence searched until" in text
    if page.locator("a.livrev-cite").count():
        listed = " ".join(text.partition("References of this page")[2].split())
        assert PAPER in listed, "what is cited stands at the end"


def test_the_whole_review_prints_on_one_sheet(open_page: Open, tmp_path: Path) -> None:
    page, printed = open_page("chapters/summary.html"), tmp_path / "page.pdf"
    page.pdf(path=printed, format="A4", prefer_css_page_size=True)
    (sheet,) = PdfDocument(printed)
    assert "not medical advice" in sheet.get_textpage().get_text_range()


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve *folder* at /book/ on this machine, with its own page for what is missing."""

    class Handler(SimpleHTTPRequestHandler):
        def translate_path(self, path: str) -> str:
            return super().translate_path("/" + path.removeprefix("/book/"))

        def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
            body = (folder / "404.html").read_bytes()
            self.send_response(code)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            return None

    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=str(folder)))
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/book/"
    server.shutdown()
    server.server_close()


def test_a_published_book_names_itself_and_finds_its_way_from_any_address(browser: Browser, built: Repository) -> None:
    repository = built
    replace(
        repository.config,
        "    bibtex_reference_style",
        "    livrev_redirects: {old/how.html: chapters/methods.html}\n    bibtex_reference_style",
    )
    with served(repository.html) as base:
        build_again(repository, LIVREV_BASE_URL=base.rstrip("/"))
        page = browser.new_page()
        page.goto(f"{base}old/how.html#id1")
        page.wait_for_url(f"{base}chapters/methods.html#id1")
        assert page.locator("link[rel=canonical]").get_attribute("href") == f"{base}chapters/methods.html"
        assert page.locator("meta[property='og:image']").get_attribute("content").startswith(f"{base}_static/cards/")
        assert page.locator("meta[property='og:url']").get_attribute("content") == f"{base}chapters/methods.html"
        missing: list[str] = []
        page.on("response", lambda answer: missing.append(answer.url) if answer.status >= 400 else None)
        page.goto(f"{base}no/such/place/at/all.html")
        assert missing == [f"{base}no/such/place/at/all.html"], "its styles and scripts are found"
        page.get_by_role("link", name="the first page").click()
        page.wait_for_url(f"{base}chapters/index.html")
        page.close()
        listed = (repository.html / "sitemap.xml").read_text(encoding="utf-8")
        assert f"{base}studies/roe-2019.html" in listed and "404.html" not in listed and "old/how.html" not in listed
        assert f"Sitemap: {base}sitemap.xml" in (repository.html / "robots.txt").read_text(encoding="utf-8")


def test_the_letters_are_asked_for_with_the_style_sheet_and_no_page_to_read_needs_the_rare_ones(
    browser: Browser, html: Path
) -> None:
    """So that no line moves when they come; the rare ones weigh as much as all else of a page."""
    asked = """() => performance.getEntriesByType("resource").filter(({ name }) => name.endsWith(".woff"))
      .map(({ name, initiatorType }) => [name.replace(/.*\\/|-\\w+\\.woff$/g, ""), initiatorType])"""
    with served(html) as base:
        page = browser.new_page(viewport={"width": PHONE[0], "height": PHONE[1]})
        for name in ("chapters/index.html", CHAPTER, "studies/imbrave150.html"):
            page.goto(f"{base}{name}")
            page.evaluate("document.fonts.ready")
            letters = page.evaluate(asked)
            first = {font for font, by in letters if by == "link"}
            assert first == {"sans-normal-400-basic", "serif-normal-400-basic", "serif-normal-700-basic"}, name
            assert {font for font, _ in letters} <= {*first, "serif-italic-400-basic"}, name
        page.close()
