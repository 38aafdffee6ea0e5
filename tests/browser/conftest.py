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
    "--disable-component-update", "--disable-sync", "--disable-extensions", "--disable-software-rasterizer",
    "--disable-site-isolation-trials", "--allow-file-access-from-files", "--js-flags=--single-threaded",
]  # fmt: skip
DESKTOP, PHONE = (1280, 900), (390, 844)
EXPLORER = "chapters/explorer.html"
CHAPTER, DOCUMENT = "chapters/combination.html", "sources/Jiang2024consideration.html"
# Forgets what a reader had chosen, and says for what the page is drawn: for paper, in the dark.
_FORGET = """() => {
  localStorage.clear();
  sessionStorage.clear();
  return ["print", "(prefers-color-scheme: dark)"].map((media) => matchMedia(media).matches);
}"""
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


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests of this folder; with it ends Playwright's event loop, which other tests could not have beside theirs."""
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
        self._own: list[BrowserContext] = []
        self._kept: dict[tuple[object, ...], Page] = {}
        self.left: dict[Page, tuple[object, ...]] = {}

    def open(self, **window: Any) -> Page:
        """Return an empty page of a new window, which is closed when the test ends."""
        page = self._open(**window)
        self._own.append(page.context)
        return page

    def keep(self, *kind: object, size: tuple[int, int] = DESKTOP, dark: bool = False, script: bool = True) -> Page:
        """Return the page of a window that all tests share, as a reader leaves it who forgets everything.

        There is one with a finger, of the size of a phone, and one without; it takes the size and the theme that are asked for.
        To open a page in it costs half as much as in a window of its own.
        """
        key = (kind, size == PHONE, script)
        page = self._kept.get(key) or self._open(size=size, dark=dark, script=script)
        self._kept[key] = page
        page.mouse.move(0, 0)
        if page.viewport_size != {"width": size[0], "height": size[1]}:
            page.set_viewport_size({"width": size[0], "height": size[1]})
        drawn_for = page.evaluate(_FORGET) if page.url.startswith("file:") else None
        if drawn_for != [False, dark]:
            page.emulate_media(media="null", color_scheme="dark" if dark else "light")
        return page

    def _open(self, *, size: tuple[int, int] = DESKTOP, dark: bool = False, script: bool = True) -> Page:
        context = self.browser.new_context(
            viewport={"width": size[0], "height": size[1]}, has_touch=size == PHONE, accept_downloads=True,
            color_scheme="dark" if dark else "light", java_script_enabled=script, reduced_motion="reduce",
        )  # fmt: skip
        page = context.new_page()
        page.on("pageerror", lambda error: self._note(page, str(error)))
        page.on("console", lambda said: self._note(page, said.text) if said.type == "error" else None)
        page.on("request", lambda asked: None if _ours(asked.url) else self._note(page, f"asks {asked.url}"))
        return page

    def _note(self, page: Page, said: str) -> None:
        self.wrong.append(f"{page.url}: {said}")

    def address(self, name: str) -> str:
        """Return the address of a page of the book, with what stands behind ? and # in its name."""
        file = re.split(r"[?#]", name)[0]
        return (self.html / file).as_uri() + name.removeprefix(file)

    def go(self, page: Page, name: str) -> None:
        """Lead *page* to a page of the book."""
        address = self.address(name)
        again = page.url.partition("#")[0] == address.partition("#")[0]
        page.goto(address)
        if again and "#" in page.url + address:  # to another place of a page a browser goes without loading it
            page.reload()

    def close_own(self) -> None:
        """Close the windows that no other test may use."""
        while self._own:
            self._own.pop().close()


@pytest.fixture(scope="package")
def all_windows(browser: Browser, html: Path) -> Windows:
    return Windows(browser, html)


@pytest.fixture
def windows(all_windows: Windows) -> Iterator[Windows]:
    """When the test ends, no page may have logged an error or asked another host for anything."""
    all_windows.wrong.clear()
    yield all_windows
    all_windows.close_own()
    assert not all_windows.wrong, "\n".join(all_windows.wrong)


@pytest.fixture
def open_page(windows: Windows) -> Callable[..., Page]:
    """Open a page of the book from the disk: `open_page("chapters/index.html", size=PHONE, dark=True)`.

    The window is shared with other tests, and so is a page opened before in a window of the same kind; `fresh=True` gives one
    of the test's own. The explorer takes two seconds to draw all that it has: it is drawn once, and each test is led to its
    view as a reader is, by the address.

    `look=True` promises that the test leaves the page as it found it: another that promises so, and asks for it in the same
    window, size and theme, finds it open.
    """

    def open_one(name: str, *, fresh: bool = False, look: bool = False, **window: Any) -> Page:
        page_name, _, view = name.partition("#")
        explores = page_name == EXPLORER and window.get("script", True)
        page = windows.open(**window) if fresh else windows.keep(*([EXPLORER] if explores else []), **window)
        asked, found = (name, sorted(window.items())), windows.left.pop(page, None)
        if look:
            windows.left[page] = asked
            if found == asked and page.url.removesuffix("#") == windows.address(name):
                page.evaluate("() => { document.activeElement?.blur(); scrollTo(0, 0); }")
                return page
        if explores and not fresh and page.url.partition("#")[0] == (windows.html / EXPLORER).as_uri():
            page.evaluate(_LEAD, [f"#{view}" if view else "", "dark" if window.get("dark") else "light"])
            return page
        windows.go(page, name)
        if window.get("script", True) and page.locator("#explorer").count():
            wait_for_explorer(page)
        return page

    return open_one


# Leads the explorer to a view, in a theme: by way of another where it is there already, so that it reads the address again.
# What it has drawn then is what belongs to this view and to this size of the window; a key wakes it where its page was loaded
# again.
_LEAD = """async ([view, theme]) => {
  document.documentElement.dataset.theme = theme;
  const frame = () => new Promise((done) => requestAnimationFrame(done));
  const led = (to) => new Promise((done) => { addEventListener("hashchange", done, { once: true }); location.hash = to; });
  document.activeElement?.blur();
  dispatchEvent(new KeyboardEvent("keydown", { key: "Shift" }));
  await frame();
  if (location.hash === view) await led("#text=zzzz&map=design&plot=months");
  await led(view);
  const { dataset } = document.getElementById("explorer");
  const end = performance.now() + 30_000;
  do { await frame(); await frame(); } while (!("whole" in dataset) && performance.now() < end);
  if (!("whole" in dataset)) throw new Error(`the explorer was never drawn as a whole: ${view}`);
  scrollTo(0, 0);
}"""


def wait_for_explorer(page: Page) -> None:
    """Wait until map and table are drawn, wherever they lie: the reader is there, which a key tells."""
    page.wait_for_selector("#explorer[data-ready]")
    page.keyboard.press("Shift")
    page.wait_for_selector("#explorer[data-whole]")


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
        *studies[5::200],
        *sources[:2],
        "search.html?q=sorafenib",
        "404.html",
        "genindex.html",
    ]


@pytest.fixture(scope="session")
def templates(html: Path) -> list[str]:
    """One page of each template: the front, a chapter, a notebook, a table, a study, a document, the search, what is not there.

    Of chapters, notebooks and documents it is one with every kind of part that the longest have, in half as many words.
    """
    study = min(path.relative_to(html).as_posix() for path in (html / "studies").glob("[!i]*.html"))
    return [
        "chapters/index.html", CHAPTER, "notebooks/python.html", "sources/index.html", study, DOCUMENT,
        "search.html?q=sorafenib", "404.html", "genindex.html",
    ]  # fmt: skip


def _ours(address: str) -> bool:
    return address.startswith(("file:", "data:", "blob:", "http://127.0.0.1", "http://localhost"))
