"""What holds for every page: one walk through the book on a phone in the dark, one at a desk in the light, and all that is seen.

Each page is looked at in both themes. `make test` walks on the phone, where things break, through every chapter, every notebook
and some of each other kind, and at the desk through a page of each template and those with the most to show, which are opened
once: the window grows to that of a desk. It asks axe on one page of each template, at the desk for what size and colour decide.
With --all-pages, once a week (.github/workflows/pages.yml), both walks open all pages, and axe is asked everything on each.
"""

import re
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import axe_playwright_python
import pytest
from playwright.sync_api import Page

from .conftest import CHAPTER, DESKTOP, EXPLORER, PHONE, Windows

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
RUN_AXE = """(runOnly) => axe.run(document, {
  resultTypes: ['violations'], preload: false, selectors: false, runOnly,
}).then(({violations}) => violations.filter(({impact}) => impact !== 'minor').flatMap(({id, impact, nodes}) =>
  nodes.slice(0, 3).map(({html}) => `${impact} ${id}: ${html.slice(0, 200)}`)))"""
EVERYTHING = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
OF_SIZE_AND_COLOUR = ["color-contrast", "link-in-text-block", "scrollable-region-focusable", "target-size"]

# A table that is far away is not laid out, and its cells, asked for their places, lie over what follows it: axe then takes
# the ground of something else for theirs. So that what it sees does not hang on the moment, the page is laid out whole.
LAID_OUT = ".livrev-scroll { content-visibility: visible !important }"
# The policy of the page lets no style element in; a sheet that a script adopts is none.
ADOPT = f"const sheet = new CSSStyleSheet(); sheet.replaceSync({LAID_OUT!r}); document.adoptedStyleSheets = [sheet];"
# Asked in the page itself: what a locator needs for it is longer than the page's own scripts, and read anew on every page.
LIVELY = """async () => {
  const end = performance.now() + 30_000, plain = () => document.querySelector("table.livrev-data:not(:has(.livrev-sort))");
  while (plain() && performance.now() < end) await new Promise(requestAnimationFrame);
  if (plain()) throw new Error("a table was never made lively");
}"""
SHOW = "(theme) => { const { style, dataset } = document.documentElement; dataset.theme = theme; style.display = ''; }"
SETTLED = "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"

SEEN = """() => {
  const all = (what) => [...document.querySelectorAll(what)], begun = (element) => element.outerHTML.slice(0, 120);
  const box = (element) => element.getBoundingClientRect();
  return {
    levels: all("main article :is(h1,h2,h3,h4,h5,h6)").map((head) => Number(head.tagName[1])),
    unnamed: all('article img:not([alt]), article img[alt=""]').map(begun),
    headless: all("article table:not(.indextable)").filter((one) => !one.querySelector("th[scope], th.head")).map(begun),
    width: document.documentElement.scrollWidth,
    // Every box that holds more than it shows, and what it says of that.
    wide: all("article *").filter((one) => one.scrollWidth > one.clientWidth + 2 &&
      one.querySelector("table") && /auto|scroll/.test(getComputedStyle(one).overflowX)).map((one) => ({
        name: one.getAttribute("aria-label"), role: one.getAttribute("role"), stop: one.tabIndex,
        edge: /gradient/.test(getComputedStyle(one).backgroundImage) })),
    neighbours: all(".prev-next-area a").every((link) => box(link).left >= 0 && box(link).right <= innerWidth),
    columns: all("article table th").map((head) => [head.closest("[id]").id, head.textContent, box(head).right]),
    edition: all("footer .livrev-edition").map((line) => line.innerText).join(),
    text: document.querySelector("article").innerText,
  };
}"""
# Every word of every visible drawing: how many there are, and those that are too small on screen, too pale or beyond their picture.
WORDS = """(theme) => {
  const drawn = [...document.querySelectorAll(".livrev-drawing svg")].filter((svg) => svg.getClientRects().length);
  if (!drawn.length) return { seen: 0, wrong: [] };
  document.documentElement.dataset.theme = theme;
  const channels = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const luminance = ([r, g, b]) => [r, g, b].map((c) => c / 255).map((c) => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
    .reduce((sum, c, n) => sum + c * [0.2126, 0.7152, 0.0722][n], 0);
  const solid = (element) => {
    for (let e = element; e; e = e.parentElement) {
      const colour = getComputedStyle(e).backgroundColor;
      if (channels(colour)[3] !== 0) return colour;
    }
    return "rgb(255, 255, 255)";
  };
  const words = drawn.flatMap((svg) => {
    const frame = svg.getBoundingClientRect(), ground = luminance(channels(solid(svg)));
    return [...svg.querySelectorAll("text")].map((text) => {
      const box = text.getBoundingClientRect(), ink = luminance(channels(getComputedStyle(text).fill));
      const [light, dark] = [ink, ground].sort((a, b) => b - a);
      const scale = frame.width / svg.viewBox.baseVal.width;
      return { said: text.textContent, size: scale * Number(text.getAttribute("font-size")), contrast: (light + 0.05) / (dark + 0.05),
        inside: box.left >= frame.left - 2 && box.right <= frame.right + 2 && box.right <= document.documentElement.clientWidth };
    });
  });
  return { seen: words.length, wrong: words.filter(({ size, contrast, inside }) => !(size >= 10 && contrast >= 4.5 && inside)) };
}"""
# The key of a record, and the name of a Result.
KEY = re.compile(
    r"\b(?:outcome|pool|family|study|strategy|finding)\.[a-z0-9][a-z0-9.+-]*-[a-z0-9]+|\b[a-z0-9-]+--[a-z][a-z0-9-]+"
)
LOOKED_UP = ("chapters/references.html", "chapters/glossary.html", "chapters/downloads.html")
KEPT = ("chapters/index.html", CHAPTER, "notebooks/pools.html")
WHATS_NEW = "notebooks/whats-new.html"
STUDIES = ["studies/imbrave150.html", "studies/himalaya.html"]
WITH_FIGURES = [
    f"notebooks/{name}.html"
    for name in ("pools", "certainty", "strategies", "search", "findings", "car-t", "radiotherapy", "bibliography",
                 "combination", "liver-tolerance", "over-time")
]  # fmt: skip


class Walk:
    """What was seen on each page, by its name; what axe found; pictures; what went wrong."""

    def __init__(self, size: tuple[int, int], dark: bool) -> None:
        self.size, self.dark = size, dark
        self.pages: dict[str, dict[str, Any]] = {}
        self.axe: dict[str, list[str]] = {}
        self.pictures: list[Path] = []
        self.wrong: list[str] = []

    def look(self, page: Page, name: str, *, axe: Sequence[str], folder: Path) -> None:
        """Look at the page that is open, and ask *axe* these of its rules."""
        page.evaluate(SETTLED)  # the marks come when sizes are known
        if name in KEPT:
            kind = f"{'phone' if self.size == PHONE else 'desk'}-{'dark' if self.dark else 'light'}"
            self.pictures.append(folder / f"{name.removesuffix('.html').replace('/', '-')}-{kind}.png")
            page.screenshot(path=self.pictures[-1])
        if axe and name != EXPLORER:  # which has tests of its own (test_exploring.py)
            if not page.evaluate("typeof axe === 'object'"):
                page.evaluate(AXE)
            self.axe[name] = page.evaluate(RUN_AXE, axe)
        self.pages[name] = page.evaluate(SEEN)
        themes = ("dark", "light") if self.dark else ("light", "dark")  # first the one that it has: to change it costs
        self.pages[name]["words"] = {theme: page.evaluate(WORDS, theme) for theme in themes}


class Window:
    """One window, of a phone in the dark or of a desk in the light: what is open in it stays open where it changes."""

    def __init__(self, windows: Windows) -> None:
        self.windows = windows
        self.page = windows.keep("walk", size=PHONE, dark=True)
        self.page.add_init_script(ADOPT)
        self._session = self.page.context.new_cdp_session(self.page)
        self._is = (PHONE, True)

    def be(self, walk: Walk) -> None:
        """Take the size, the theme and the pointer of *walk*: the page is laid out once for all of them."""
        self._hide()
        self._take(walk)
        self.page.evaluate(SHOW, "dark" if walk.dark else "light")

    def go(self, name: str, walk: Walk) -> None:
        """Open a page, as a whole, in a window of *walk*: the page that is left need not be laid out for it."""
        self._hide()
        self._take(walk)
        self.windows.go(self.page, name)
        self.page.evaluate(LIVELY)

    def _hide(self) -> None:
        self.page.evaluate("() => { document.documentElement.style.display = 'none'; }")

    def _take(self, walk: Walk) -> None:
        if self._is == (walk.size, walk.dark):
            return
        self._is = (walk.size, walk.dark)
        self._session.send("Emulation.setTouchEmulationEnabled", {"enabled": walk.size == PHONE})
        self.page.set_viewport_size({"width": walk.size[0], "height": walk.size[1]})
        self.page.emulate_media(color_scheme="dark" if walk.dark else "light")


@pytest.fixture(scope="module")
def walks(
    request: pytest.FixtureRequest, all_windows: Windows, html: Path, sample: list[str], templates: list[str]
) -> dict[str, Walk]:
    """Walk through the book, and return what was seen at the desk and on the phone."""
    desk, phone, every = Walk(DESKTOP, False), Walk(PHONE, True), request.config.getoption("--all-pages")
    folder = html.parent / "pictures"
    folder.mkdir(exist_ok=True)
    all_windows.wrong.clear()
    window, always = Window(all_windows), [*templates, *STUDIES, WHATS_NEW]
    at_desk = {*KEPT, *WITH_FIGURES, *always}
    for name in dict.fromkeys([*sample, *at_desk]):
        window.go(name, phone)
        phone.look(window.page, name, axe=EVERYTHING if every or name in templates else [], folder=folder)
        if every or name in at_desk:
            if every:
                window.go(name, desk)
            window.be(desk)
            asked = OF_SIZE_AND_COLOUR if name in templates else []
            desk.look(window.page, name, axe=EVERYTHING if every else asked, folder=folder)
    for walk in (desk, phone):
        walk.wrong += all_windows.wrong
    return {"at a desk in the light": desk, "on a phone in the dark": phone}


@pytest.fixture(params=["at a desk in the light", "on a phone in the dark"])
def walk(request: pytest.FixtureRequest, walks: dict[str, Walk]) -> Walk:
    return walks[request.param]


def test_no_page_logs_an_error_or_asks_another_host(walk: Walk) -> None:
    assert walk.pages and not walk.wrong


def test_axe_finds_nothing(walk: Walk, templates: list[str]) -> None:
    """WCAG 2.2 AA, as far as a machine can tell."""
    assert set(templates) <= set(walk.axe)
    assert {name: found for name, found in walk.axe.items() if found} == {}


def test_headings_step_by_one_and_a_page_has_one_title(walk: Walk) -> None:
    for name, seen in walk.pages.items():
        assert seen["levels"].count(1) == 1 and seen["levels"][0] == 1, name
        assert [(a, b) for a, b in pairwise(seen["levels"]) if b > a + 1] == [], name


def test_every_picture_has_words_and_every_table_heads(walk: Walk) -> None:
    for name, seen in walk.pages.items():
        assert (seen["unnamed"], seen["headless"]) == ([], []), name


def test_no_page_is_wider_than_the_window(walk: Walk) -> None:
    assert {name: seen["width"] for name, seen in walk.pages.items() if seen["width"] > walk.size[0]} == {}


def test_no_table_is_cut_without_a_sign(walk: Walk) -> None:
    """What is wider than its page can be moved by key and finger, is named, and shows that there is more."""
    assert sum(len(seen["wide"]) for seen in walk.pages.values()) > 3, "some tables are wider than this window"
    for name, seen in walk.pages.items():
        boxes = seen["wide"]
        assert all(box["edge"] and box["stop"] == 0 and box["role"] == "region" for box in boxes), (name, boxes)
        assert len({box["name"] for box in boxes}) == len(boxes), f"{name}: two boxes of one name"
        assert seen["neighbours"], f"{name}: previous or next is out of sight"


@pytest.mark.parametrize(
    ("name", "table", "columns"),
    [
        ("notebooks/pools.html", "table-pools", ("Pooled", "Certainty")),
        ("notebooks/certainty.html", "table-findings-summary", ("Pooled", "Certainty", "Without")),
        ("notebooks/strategies.html", "table-strategies", ("Strategy", "Why it should work")),
    ],
)
def test_at_a_desk_the_columns_that_matter_are_seen_at_once(
    walk: Walk, name: str, table: str, columns: tuple[str, ...]
) -> None:
    seen = {column: right for place, column, right in walk.pages[name]["columns"] if place == table}
    for column in columns:
        right = next(right for said, right in seen.items() if column in said)
        assert right <= DESKTOP[0] or walk.size == PHONE, column


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_word_of_every_figure_can_be_read(walk: Walk, theme: str) -> None:
    for name, seen in walk.pages.items():
        words = seen["words"][theme]
        assert words["seen"] or name not in WITH_FIGURES, name
        assert words["wrong"] == [], f"{name}: smaller than 10, paler than 4.5 or not inside"


def test_every_page_says_which_edition_it_is(walk: Walk) -> None:
    assert [name for name, seen in walk.pages.items() if "evidence searched until" not in seen["edition"]] == []


def test_no_page_of_a_study_shows_the_key_of_a_record(walk: Walk) -> None:
    shown = [name for name in walk.pages if name.startswith("studies/")] + [WHATS_NEW]
    assert set(STUDIES) < set(shown)
    assert {name: found for name in shown if (found := KEY.findall(walk.pages[name]["text"]))} == {}


def test_what_is_read_says_how_long_it_takes_and_what_is_looked_up_does_not(walk: Walk) -> None:
    told = {name: "to read" in seen["text"][:300] for name, seen in walk.pages.items()}
    assert told[CHAPTER] and "minutes to read" in walk.pages[CHAPTER]["text"]
    assert walk.size == DESKTOP or [told[name] for name in LOOKED_UP] == [False, False, False]


def test_pictures_of_the_book_are_kept(walk: Walk) -> None:
    assert len(walk.pictures) == len(KEPT)
    assert min(picture.stat().st_size for picture in walk.pictures) > 10_000  # a page that stayed blank is smaller
