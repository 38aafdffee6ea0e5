"""The explorer's scripts draw and explore a review of mean differences: another subject, no ratio, 0 for no effect."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page
from small_review import add_pool, write_review

from livrev.records.review import Review, load_review
from livrev.review.pools import pool_evidence
from livrev.show.views.explorer import explorer_data

PAGE = "chapters/explorer.html"
_DRAW = """([raw, asked, width]) => {
  const evidence = livrevData.unpack(raw, null);
  const { view, notes } = livrevState.fromHash(asked, evidence);
  const shown = livrevSelection.select(evidence, view);
  const forest = shown.pool ? livrevPlots.ofPool(evidence, shown)
    : view.plot === "pools" ? livrevPlots.ofPools(evidence, evidence.pools) : livrevPlots.ofResults(evidence, shown.rows, view.plot);
  const svg = livrevForest.draw(forest, width, livrevDrawing.ON_PAPER);
  const map = livrevGapMap.draw(evidence, shown.studies, "condition", 800, livrevDrawing.ON_PAPER);
  return {
    notes, kind: forest.kind, scale: forest.scale, favours: forest.favours, rows: shown.rows.length,
    numbers: forest.blocks.flatMap((block) => block.lines.map((row) => row.numbers)),
    values: forest.blocks.flatMap((block) => block.lines.map((row) => row.value)), heads: forest.blocks.map((block) => block.title),
    texts: [...svg.querySelectorAll("text")].map((text) => text.textContent), map: map.querySelector("title").textContent,
    said: shown.pool ? livrevAnswer.sentence(shown) : "", csv: livrevSaving.toCsv(evidence, shown.rows, new Set()),
  };
}"""


@pytest.fixture(scope="module")
def backs(tmp_path_factory: pytest.TempPathFactory) -> Review:
    repository = write_review(Path(tmp_path_factory.mktemp("backs")) / "review")
    add_pool(repository)
    return load_review(repository)


@pytest.fixture
def draw(open_page: Callable[..., Page], backs: Review) -> Callable[..., dict[str, Any]]:
    page, data = open_page(PAGE, look=True), json.loads(json.dumps(explorer_data(backs)))
    return lambda asked, width=860: page.evaluate(_DRAW, [data, asked, width])


def test_a_pool_of_differences_stands_on_its_own_scale(draw: Callable[..., dict[str, Any]], backs: Review) -> None:
    found, pooled = draw("#pool=pain"), pool_evidence(backs)["pain"]
    assert (found["kind"], found["scale"], found["favours"]) == (
        "difference",
        "mean difference",
        ["cress better", "water better"],
    )
    assert found["numbers"][0] == "−9.5 (−15.5 to −3.5)" and found["values"][-1] == pytest.approx(pooled.pool.value)
    assert {"−10", "−5", "0", "← cress better", "water better →"} <= set(
        found["texts"]
    ) and "lies below 0" not in found["said"]
    low, high = pooled.pool.hk_modified_ci
    assert found["said"].startswith(
        f"Mean difference −{-pooled.pool.value:.2f} (95 % CI −{-low:.2f} to −{-high:.2f}), 3 studies"
    )


def test_the_scripts_pool_again_and_say_the_side_of_0(draw: Callable[..., dict[str, Any]], backs: Review) -> None:
    assert draw("#pool=pain&out=zoe-2022")["said"].startswith("Only 2 studies are left")
    pool = json.loads(json.dumps(explorer_data(backs)))["pools"][0]
    assert draw("#pool=pain&condition=chronic-pain")["values"][-1] == pytest.approx(pool["whole"]["value"])


def test_all_pools_and_single_results_are_drawn_about_0(draw: Callable[..., dict[str, Any]]) -> None:
    pools = draw("#plot=pools")
    assert (pools["kind"], pools["scale"], len(pools["values"])) == ("difference", "mean difference", 1)
    results = draw("#plot=difference", 390)
    assert (
        results["kind"] == "difference"
        and results["values"] == [-9.5, -8, -5]
        and results["heads"] == ["Pain from 0 to 100"]
    )


def test_the_condition_axis_is_that_of_the_review(draw: Callable[..., dict[str, Any]]) -> None:
    found = draw("#condition=acute-pain&plot=ratio")
    assert found["notes"] == [] and found["rows"] == 1
    assert "1 strategy by 1 kind of pain" in draw("#pool=pain")["map"]
    assert found["csv"].splitlines()[0].lstrip("\ufeff").split(",")[4] == "condition"
