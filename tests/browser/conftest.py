"""A real browser on the real book: Debian's Chromium, driven by Playwright.

At home a test without a browser is skipped; where CI is set, that is an error. Every page that a test opens must load
nothing from another host and log no error.
"""

import os
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from building import alone
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from livrev.paths import Repository
from livrev.site.build import build_book, is_built

_NAMES = ("chromium", "chromium-browser", "google-chrome")
_QUIET = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--allow-file-access-from-files",
]  # fmt: skip
DESKTOP, PHONE = (1280, 900), (390, 844)
expect.set_options(timeout=30_000)  # what is expected may be late where the machine is busy


def _missing(what: str) -> None:
    if os.environ.get("CI"):
        pytest.fail(what)
    pytest.skip(what)


@pytest.fixture(scope="session")
def html(real: Repository, shared: Path) -> Path:
    """The folder of the book: the one that `make book` has just made, else built now, once for all workers."""
    with alone(shared):
        if not is_built(real):
            build_book(real, pdf=False, report=lambda line: None)
    return real.html


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One Chromium for the tests of a module: Playwright's event loop is gone before the next begins."""
    place = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, _NAMES)), None)
    if place is None:
        _missing("no Chromium: apt install chromium, or give its place in CHROMIUM")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=place, args=_QUIET)
        yield chromium
        chromium.close()


class Windows:
    """Windows that note every error, and every request to another host, of the pages opened in them."""

    def __init__(self, browser: Browser, html: Path) -> None:
        self.browser, self.html = browser, html
        self.wrong: list[str] = []
        self.explorer: Page | None = None
        self._contexts: list[BrowserContext] = []

    def open(self, *, size: tuple[int, int] = DESKTOP, dark: bool = False, script: bool = True) -> Page:
        """Return an empty page of a new window."""
        context = self.browser.new_context(
            viewport={"width": size[0], "height": size[1]}, has_touch=size == PHONE, accept_downloads=True,
            color_scheme="dark" if dark else "light", java_script_enabled=script, reduced_motion="reduce",
        )  # fmt: skip
        self._contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: self._note(page, str(error)))
        page.on("console", lambda said: self._note(page, said.text) if said.type == "error" else None)
        page.on("request", lambda asked: None if _ours(asked.url) else self._note(page, f"asks {asked.url}"))
        return page

    def _note(self, page: Page, said: str) -> None:
        self.wrong.append(f"{page.url}: {said}")

    def go(self, page: Page, name: str) -> None:
        """Lead *page* to a page of the book, with what stands behind ? and # in its name."""
        file = re.split(r"[?#]", name)[0]
        page.goto((self.html / file).as_uri() + name.removeprefix(file))

    def close(self) -> None:
        """Close all windows."""
        for context in self._contexts:
            context.close()


@pytest.fixture
def windows(browser: Browser, html: Path) -> Iterator[Windows]:
    """When the test ends, no page may have logged an error or asked another host for anything."""
    windows = Windows(browser, html)
    yield windows
    windows.close()
    assert not windows.wrong, "\n".join(windows.wrong)


@pytest.fixture(scope="module")
def lasting(browser: Browser, html: Path) -> Iterator[Windows]:
    """Windows that stay open for all tests of a module."""
    windows = Windows(browser, html)
    yield windows
    windows.close()


@pytest.fixture
def open_page(windows: Windows, lasting: Windows) -> Iterator[Callable[..., Page]]:
    """Open a page of the book from the disk: `open_page("chapters/index.html", size=PHONE, dark=True)`.

    The explorer takes two seconds to draw all that it has. At a desk in the light theme it is drawn once for a module, and each
    test is led to its view as a reader is, by the address; `fresh=True` gives one of the test's own.
    """
    lasting.wrong.clear()

    def open_one(name: str, *, fresh: bool = False, **window: Any) -> Page:
        page_name, _, view = name.partition("#")
        if page_name == "chapters/explorer.html" and not window and not fresh:
            if lasting.explorer is None:
                lasting.explorer = draw_explorer(lasting, page_name)
            page = lasting.explorer
            page.evaluate(_LEAD, f"#{view}" if view else "")
            return page
        page = windows.open(**window)
        windows.go(page, name)
        if window.get("script", True) and page.locator("#explorer").count():
            wait_for_explorer(page)
        return page

    yield open_one
    assert not lasting.wrong, "\n".join(lasting.wrong)


# Leads the explorer to a view by way of another, so that it reads the address even where it was there before.
_LEAD = """async (view) => {
  const led = (to) => new Promise((done) => {
    if (location.hash === to) return done();
    addEventListener("hashchange", () => requestAnimationFrame(() => requestAnimationFrame(done)), { once: true });
    location.hash = to;
  });
  document.activeElement?.blur();
  await led("#map=design&plot=months");
  await led(view);
  scrollTo(0, 0);
}"""


def draw_explorer(windows: Windows, name: str) -> Page:
    """Open the explorer, and wait until all of it is drawn."""
    page = windows.open()
    windows.go(page, name)
    wait_for_explorer(page)
    return page


def wait_for_explorer(page: Page) -> None:
    """Wait until map and table are drawn, wherever they lie: the reader is there, which a key tells."""
    page.wait_for_selector("#explorer[data-ready]")
    page.keyboard.press("Shift")
    page.wait_for_selector("#explorer[data-whole]")


@pytest.fixture
def tour(windows: Windows) -> Callable[..., Iterator[Page]]:
    """Open many pages one after the other in one window: `for page in tour(names, size=PHONE, dark=True): ...`."""

    def go(names: list[str], **window: Any) -> Iterator[Page]:
        page = windows.open(**window)
        for name in names:
            windows.go(page, name)
            yield page

    return go


@pytest.fixture(scope="session")
def words(html: Path) -> list[str]:
    """Every chapter and every notebook."""
    return [
        path.relative_to(html).as_posix()
        for folder in ("chapters", "notebooks")
        for path in sorted((html / folder).glob("*.html"))
    ]


@pytest.fixture(scope="session")
def sample(html: Path, words: list[str], request: pytest.FixtureRequest) -> list[str]:
    """Pages of every kind: chapters, notebooks, indexes, some studies, the documents, the search, the page for what is not there.

    With --all-pages, every page.
    """
    if request.config.getoption("--all-pages"):
        return sorted(path.relative_to(html).as_posix() for path in html.rglob("*.html") if path.parent != html)
    studies = sorted(path.relative_to(html).as_posix() for path in (html / "studies").glob("*.html"))
    sources = sorted(path.relative_to(html).as_posix() for path in (html / "sources").glob("*.html"))
    return [
        *words,
        "outcomes/index.html",
        "studies/index.html",
        *studies[5::90],
        *sources[:2],
        "search.html?q=sorafenib",
        "404.html",
        "genindex.html",
    ]


@pytest.fixture(scope="session")
def templates(html: Path) -> list[str]:
    """One page of each template: the front, a chapter, a notebook, a table, a study, a document, code, the search, what is not there."""
    first = {
        folder: min(path.relative_to(html).as_posix() for path in (html / folder).glob("[!i]*.html"))
        for folder in ("studies", "sources", "code")
    }
    return [
        "chapters/index.html", "chapters/radiotherapy.html", "notebooks/car-t.html", "sources/index.html", *first.values(),
        "search.html?q=sorafenib", "404.html", "genindex.html",
    ]  # fmt: skip


def _ours(address: str) -> bool:
    return address.startswith(("file:", "data:", "blob:", "http://127.0.0.1", "http://localhost"))
