"""WCAG 2.2 AA as far as a machine can tell, on pages of every kind, in both themes, at a desk and on a phone."""

from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

import axe_playwright_python
import pytest
from playwright.sync_api import Page

DESKTOP, PHONE = (1280, 900), (390, 844)
AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
RUN = """axe.run(document, {
  resultTypes: ['violations'],
  runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
}).then(({violations}) => violations.filter(({impact}) => impact !== 'minor').flatMap(({id, impact, nodes}) =>
  nodes.slice(0, 3).map(({html}) => `${impact} ${id}: ${html.slice(0, 200)}`)))"""

# A table that is far away is not laid out, and its cells, asked for their places, lie over what follows it: axe then takes
# the ground of something else for theirs. So that what it sees does not hang on the moment, the page is laid out whole.
LAID_OUT = ".livrev-scroll { content-visibility: visible !important }"
# The policy of the page lets no style element in; a sheet that a script adopts is none.
ADOPT = "css => { const sheet = new CSSStyleSheet(); sheet.replaceSync(css); document.adoptedStyleSheets = [sheet]; }"
NOT_YET_LIVELY = "table.livrev-data:not(:has(.livrev-sort))"


@pytest.mark.parametrize(("size", "dark"), [(DESKTOP, False), (PHONE, True)])
def test_axe_finds_nothing(
    tour: Callable[..., Iterator[Page]], templates: list[str], sample: list[str], size: tuple[int, int], dark: bool,
    request: pytest.FixtureRequest,
) -> None:  # fmt: skip
    """One page of each template in each theme; every page with --all-pages, once a week (.github/workflows/pages.yml)."""
    names = sample if request.config.getoption("--all-pages") else templates
    names = [
        name for name in names if name != "chapters/explorer.html"
    ]  # which has a test of its own (test_exploring.py)
    found = []
    for name, page in zip(names, tour(names, size=size, dark=dark), strict=True):
        page.evaluate(ADOPT, LAID_OUT)
        page.locator(NOT_YET_LIVELY).first.wait_for(state="detached")
        page.evaluate(AXE)
        found += [f"{name}: {said}" for said in page.evaluate(RUN)]
    assert not found, "\n".join(found)


def test_headings_step_by_one_and_a_page_has_one_title(tour: Callable[..., Iterator[Page]], sample: list[str]) -> None:
    wrong = []
    for name, page in zip(sample, tour(sample), strict=True):
        levels = page.evaluate(
            "[...document.querySelectorAll('main article :is(h1,h2,h3,h4,h5,h6)')].map((head) => Number(head.tagName[1]))"
        )
        if levels.count(1) != 1 or levels[0] != 1:
            wrong.append(f"{name}: begins {levels[:3]}")
        wrong += [f"{name}: h{a} then h{b}" for a, b in pairwise(levels) if b > a + 1]
        wrong += page.evaluate(
            "[...document.querySelectorAll('article img:not([alt]), article img[alt=\"\"]')].map((one) => `no words for ${one.src}`)"
        )
        wrong += page.evaluate(
            "[...document.querySelectorAll('article table:not(.indextable)')].filter((one) => !one.querySelector('th[scope], th.head'))"
            ".map((one) => `no heads: ${one.outerHTML.slice(0, 120)}`)"
        )
    assert not wrong, "\n".join(wrong)
