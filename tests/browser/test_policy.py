"""Every page says what may run on it, and a browser holds to it: what is smuggled in does not run, and the book works."""

import re
import shutil
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from playwright.sync_api import Page

from livrev.site.assets import copy_mathjax
from livrev.site.page_assets import policy, secure_first_page

from .conftest import Windows

_POLICY = re.compile(r'<meta http-equiv="Content-Security-Policy" content="([^"]*)"')
_SMUGGLED = (
    "<script>window.smuggled = 1</script>",
    '<img src=x onerror="window.smuggled = 1">',
    '<svg onload="window.smuggled = 1"></svg>',
    '<iframe src="javascript:parent.smuggled = 1"></iframe>',
    '<iframe srcdoc="<script>parent.smuggled = 1</script>"></iframe>',
    '<a class=bait href="javascript:window.smuggled = 1">x</a>',
    '<button class=bait onclick="window.smuggled = 1">x</button>',
)
_RESTYLED = (
    "<style>h1 { display: none }</style>",
    "<style scoped>h1 { display: none }</style>",
    '<p class=bait style="display: none">',
)


@pytest.fixture
def smuggle(html: Path, open_page: Callable[..., Page], windows: Windows) -> Iterator[Callable[..., Page]]:
    """Return a function that opens a page with *parts* that did not come from the book."""
    source, place = html / "chapters" / "methods.html", html / "chapters" / "smuggled-test.html"

    def open_with(parts: Sequence[str]) -> Page:
        text = source.read_text(encoding="utf-8").replace("</h1>", f"</h1>{''.join(parts)}", 1)
        place.write_text(text, encoding="utf-8")
        return open_page("chapters/smuggled-test.html")

    yield open_with
    place.unlink()


def test_every_page_has_a_policy_before_its_scripts(html: Path) -> None:
    pages = sorted(html.rglob("*.html"))
    assert pages
    for page in pages:
        text = page.read_text(encoding="utf-8")
        found = _POLICY.search(text)
        assert found, page
        assert "<script" not in text[: found.start()], page
        rules = dict(rule.split(" ", 1) for rule in found[1].split("; "))
        assert rules["default-src"] == "'none'" and rules["connect-src"] == "'none'" and rules["base-uri"] == "'none'"
        assert "'unsafe-inline'" not in rules["script-src"] and "'unsafe-eval'" not in rules["script-src"]
        assert "'unsafe-inline'" not in rules["style-src"] and "style-src-elem" not in rules, page  # no formula in it
        assert not re.search(r"https?:|\*", found[1]), page


def refused(windows: Windows) -> int:
    """Return how often the policy refused something, and forget it, with the picture that is not there."""
    count = sum("Content Security Policy" in said for said in windows.wrong)
    windows.wrong[:] = [said for said in windows.wrong if not re.search("Content Security|ERR_FILE_NOT_FOUND", said)]
    return count


def test_what_is_smuggled_into_a_page_does_not_run(smuggle: Callable[..., Page], windows: Windows) -> None:
    page = smuggle(_SMUGGLED)
    page.wait_for_timeout(300)
    for bait in page.locator(".bait").all():
        bait.evaluate("one => one.click()")
    page.wait_for_timeout(100)
    assert page.evaluate("window.smuggled") is None
    assert refused(windows) >= len(_SMUGGLED), "each of them was refused"


def test_what_is_smuggled_into_a_page_does_not_restyle_it(smuggle: Callable[..., Page], windows: Windows) -> None:
    page = smuggle(_RESTYLED)
    assert page.locator("article h1").first.is_visible()
    assert page.locator(".bait").evaluate("one => getComputedStyle(one).display") != "none"
    assert refused(windows) >= len(_RESTYLED), "each of them was refused"


def test_formulas_are_set_under_it(html: Path, open_page: Callable[..., Page], tmp_path: Path) -> None:
    """No page has a formula at present; one that had would load MathJax, and its policy would let the style sheet in."""
    text = (html / "chapters" / "methods.html").read_text(encoding="utf-8")
    free = policy((), (), formulas=True)
    assert "style-src-elem 'self' 'unsafe-inline'" in free and "style-src-attr" not in free
    place = html / "chapters" / "formula-test.html"
    within = _POLICY.search(text)
    assert within is not None
    loosened = text.replace(within[1], f"{within[1]}; style-src-elem 'self' 'unsafe-inline'", 1)
    copy_mathjax(html / "_static")
    scripts = '<script defer src="../_static/mathjax/tex-mml-chtml.js"></script>'
    place.write_text(
        loosened.replace("</head>", f"{scripts}</head>", 1).replace("</article>", "<p>\\(x^2\\)</p></article>", 1),
        encoding="utf-8",
    )
    try:
        page = open_page("chapters/formula-test.html")
        page.wait_for_selector("mjx-container mjx-math")
        assert page.evaluate("getComputedStyle(document.querySelector('mjx-container')).direction") == "ltr"
        assert page.evaluate("document.getElementById('MJX-CHTML-styles').sheet.cssRules.length") > 5
    finally:
        shutil.rmtree(html / "_static" / "mathjax")
        place.unlink()


def test_the_theme_is_switched_under_it(open_page: Callable[..., Page]) -> None:
    page = open_page("chapters/methods.html")
    before = page.evaluate("document.documentElement.dataset.mode")
    page.locator(".theme-switch-button").first.click()
    assert page.evaluate("document.documentElement.dataset.mode") != before
    assert page.evaluate("document.documentElement.classList.contains('scripted')")


def test_the_buttons_of_the_theme_work_under_it(open_page: Callable[..., Page]) -> None:
    page = open_page("chapters/methods.html")
    page.evaluate("() => { window.print = () => { document.title = 'printed'; }; }")
    page.locator("button[onclick='window.print()']").first.evaluate("one => one.click()")
    assert page.title() == "printed"


def test_the_first_page_loses_the_policy_of_an_older_build(tmp_path: Path) -> None:
    page = tmp_path / "index.html"
    older = policy().replace("script-src 'self'", "script-src 'unsafe-inline'")
    page.write_text(f"{older}<p>x</p>", encoding="utf-8")
    secure_first_page(page)
    text = page.read_text(encoding="utf-8")
    assert (
        text.count("Content-Security-Policy") == 1 and "script-src 'unsafe-inline'" not in text and "<p>x</p>" in text
    )
    secure_first_page(page)
    assert page.read_text(encoding="utf-8") == text
