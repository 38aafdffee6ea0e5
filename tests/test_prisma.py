"""Every reporting item has a place in the book that exists, or a reason."""

import pandas as pd
from small_review import replace, write_table

from livrev.checks.book_files import check_prisma, headings_of
from livrev.frames.open_review import OpenReview
from livrev.paths import Repository
from livrev.records.review import Review, load_review
from livrev.show.tables import Link

COLUMNS = ["item", "section", "topic", "asks", "state", "place", "remark"]


def problems_of(repository: Repository, state: str, place: str, remark: str) -> list[str]:
    row = {"item": "1", "section": "Title", "topic": "Title", "asks": "Say it.", "state": state, "place": place}
    write_table(repository.data / "prisma.csv", COLUMNS, [row | {"remark": remark}])
    return [str(problem) for problem in check_prisma(load_review(repository))]


def test_headings_become_the_anchors_of_the_book(repository: Repository) -> None:
    replace(
        repository.chapters / "methods.md",
        "# How we know\n",
        "# How we know\n\n## What, then, is left?\n\n```\n# no\n```\n",
    )
    assert headings_of(repository, "chapters/methods") == {"how-we-know", "what-then-is-left"}
    assert headings_of(repository, "notebooks/working") == {"working"}
    assert headings_of(repository, "chapters/nowhere") is None


def test_a_place_that_is_there_is_in_order(repository: Repository) -> None:
    assert problems_of(repository, "done", "chapters/methods#how-we-know", "") == []
    assert problems_of(repository, "partly", "notebooks/working", "half") == []
    assert problems_of(repository, "not done", "", "nobody did") == []


def test_a_place_that_is_not_there_is_named(repository: Repository) -> None:
    assert "chapters/nowhere is no page of the book" in problems_of(repository, "done", "chapters/nowhere", "")[0]
    said = problems_of(repository, "done", "chapters/methods#why", "")[0]
    assert "is no heading of that page; its headings are how-we-know" in said
    assert "name the page and heading" in problems_of(repository, "done", "", "")[0]
    assert "answers an item that is not done" in problems_of(repository, "not done", "chapters/methods", "x")[0]
    assert "say what is lacking" in problems_of(repository, "partly", "chapters/methods", "")[0]


def test_all_items_of_prisma_2020_are_there(real_review: Review) -> None:
    items = [record["item"] for record in real_review.tables["prisma"].records]
    numbers = {int(item.rstrip("abcdef")) for item in items if not item.startswith("L")}
    assert numbers == set(range(1, 28))
    assert len([item for item in items if not item.startswith("L")]) == 42
    assert {"L1", "L2", "L3", "L4"} <= set(items)


def test_a_place_leads_there_and_no_gap_is_hidden(real_review: Review) -> None:
    opened = OpenReview(real_review)
    items = opened.table("prisma")
    assert opened.link_page(items["place"])["4"] == Link(
        "chapters/methods, questions", "../chapters/methods.html#questions"
    )
    assert items.loc["24a", "state"] == "not done" and pd.isna(items.loc["24a", "place"])
