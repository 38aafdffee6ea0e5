"""What a reader finds and takes away: a reference, a citation of a part, a picture."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from .conftest import CHAPTER

Open = Callable[..., Page]


@pytest.mark.parametrize("name", [CHAPTER, "studies/imbrave150.html"])
def test_the_search_is_in_reach_on_every_page(open_page: Open, name: str) -> None:
    page = open_page(name)
    page.mouse.wheel(0, 3000)
    page.wait_for_timeout(100)
    expect(page.locator(".bd-header-article .search-button")).to_be_in_viewport()


def test_references_stand_in_one_alphabet_with_letters_and_a_filter(open_page: Open) -> None:
    page = open_page("chapters/references.html")
    letters = page.locator(".livrev-letters a").all_inner_texts()
    assert letters == sorted(set(letters)) and len(letters) > 20
    page.get_by_label("Filter").fill("himalaya tremelimumab")
    left = page.locator(".citation:visible")
    expect(left.first).to_contain_text("remelimumab")
    expect(page.locator(".livrev-info")).to_have_text(re.compile(rf"{left.count()} of \d{{3}} references"))


def test_a_figure_and_a_study_can_be_cited_linked_and_saved(open_page: Open) -> None:
    page = open_page(CHAPTER)
    figure = page.locator("figure#combination-pool-liver-stratum-os")
    figure.get_by_text("Cite this").click()
    forms = figure.locator("details p").all_inner_texts()
    assert (
        "within patients" in forms[0]
        and "Version" in forms[0]
        and forms[1].startswith("@misc{")
        and forms[2].startswith("TY")
    )
    expect(figure.get_by_text("Copy link")).to_have_attribute("href", "#combination-pool-liver-stratum-os")
    expect(figure.get_by_text("Open in the explorer")).to_have_attribute(
        "href", re.compile(r"explorer\.html#pool=liver-stratum-os$")
    )
    with page.expect_download() as saved:
        figure.get_by_role("button", name="PNG").click()
    png = saved.value.path().read_bytes()
    assert (
        png.startswith(b"\x89PNG")
        and len(png) > 10_000
        and saved.value.suggested_filename == "fig-pool-liver-stratum-os.png"
    )
    study = open_page("studies/imbrave150.html")
    study.get_by_text("Cite this").click()
    assert "IMbrave150" in study.locator(".livrev-citing-part p").first.inner_text()
