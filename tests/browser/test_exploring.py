"""The explorer in a real browser: filter, open a pool, leave a study out, share the view, take it away."""

import csv
import gzip
import io
import itertools
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from axe_playwright_python.sync_playwright import Axe
from bs4 import BeautifulSoup
from playwright.sync_api import Locator, Page, expect

from livrev.records.review import Review
from livrev.review.absolute import absolute_effect
from livrev.review.pools import FEWEST, pool_evidence, pool_members
from livrev.review.sensitivity import WITHOUT_HIGH_RISK, vary
from livrev.review.studies import counted_studies
from livrev.show.format import format_outcome

DESKTOP, PHONE = (1280, 900), (390, 844)
PAGE = "chapters/explorer.html"
Open = Callable[..., Page]
_SELECTED = """(all) => {
  const evidence = livrevData.unpack(structuredClone(window.livrevEvidence), null);
  return all.map(({ value, textContent }) => [value, textContent,
    livrevSelection.select(evidence, { ...livrevState.empty(), strategy: value }).studies.filter((study) => study.counted).length]);
}"""


def part(page: Page, name: str) -> Locator:
    return page.locator(f'[data-part="{name}"]')


def status(page: Page) -> str:
    return part(page, "status").inner_text()


def choose(page: Page, name: str, value: str) -> None:
    page.locator(f'[data-filter="{name}"]').select_option(value)


def saved(page: Page, name: str) -> str:
    with page.expect_download() as download:
        part(page, name).click()
    return Path(download.value.path()).read_text(encoding="utf-8")


# What is shown


def test_it_opens_on_all_that_was_pooled_and_everything_that_was_reported(open_page: Open, real_review: Review) -> None:
    page = open_page(PAGE)
    assert f"{len(real_review.outcomes):,} results" in status(page)
    diamonds = page.locator('[data-part="plot"] a')
    assert diamonds.count() == len(pool_evidence(real_review))
    pooled = pool_evidence(real_review)["hcc-antivegf-os"].pool
    first = page.locator('[data-part="plot"] a[href="#pool=hcc-antivegf-os"]')
    expect(first).to_contain_text(
        f"{pooled.value:.2f} ({pooled.hk_modified_ci[0]:.2f} to {pooled.hk_modified_ci[1]:.2f})"
    )


def test_each_filter_leaves_what_the_records_hold(open_page: Open, real_review: Review) -> None:
    page = open_page(PAGE)
    for name, value, field in (
        ("question", "cell-therapy", "question"),
        ("strategy", "ici-tace", "strategy"),
        ("design", "rct", "design"),
        ("endpoint", "pfs", "endpoint"),
        ("contrast", "prognostic", "contrast"),
        ("from", "2023", "year"),
    ):
        choose(page, name, value)

        def fits(record: Any, field: str = field, value: str = value) -> bool:
            held = getattr(record, field, None)
            if field == "year":
                return held is not None and held >= int(value)
            return value in held if isinstance(held, tuple) else held == value

        of_results = name in ("endpoint", "contrast")
        expected = [o for o in real_review.outcomes.values() if fits(o if of_results else real_review.studies[o.study])]
        within = (
            {o.study for o in expected} if of_results else {s.study for s in real_review.studies.values() if fits(s)}
        )
        studies = len(within & set(counted_studies(real_review)))
        assert status(page).startswith(f"{len(expected):,} results of {studies} studies"), name
        assert page.evaluate("location.hash") == f"#{name}={value}"
        choose(page, name, "")


def test_the_explorer_counts_the_studies_that_the_chapter_counts(open_page: Open, html: Path) -> None:
    chapter = BeautifulSoup((html / "chapters" / "strategies.html").read_text(encoding="utf-8"), "lxml")
    head, *rows = ([cell.get_text() for cell in row.select("th, td")] for row in chapter.select("#table-strategies tr"))
    of_strategy = {row[0]: row[head.index("Studies")] for row in rows}
    data = (html / "_static/figures/fig-gap-map.csv").read_text(encoding="utf-8")
    in_book = {(row["row"], row["column"]): row["studies"] for row in csv.DictReader(io.StringIO(data))}
    page = open_page(PAGE)
    page.evaluate("document.querySelector('[data-part=map]').scrollIntoView()")
    tips = page.locator('[data-part="map"] [data-tip]')
    expect(tips.nth(40)).to_be_visible()  # the map of this view, and not that of the view before
    in_map = {}
    for tip in tips.evaluate_all("all => all.map(one => one.dataset.tip)"):
        cell = re.fullmatch(r"(.+), (.+): (\d+) stud(?:y|ies), .*", tip)
        assert cell, tip
        in_map[cell[1], cell[2]] = cell[3]
    both = in_map.keys() & in_book.keys()
    assert len(both) > 40 and {cell: in_map[cell] for cell in both} == {cell: in_book[cell] for cell in both}
    selected = page.locator('[data-filter="strategy"] option').evaluate_all(_SELECTED)
    counted = [(value, label, count) for value, label, count in selected if label in of_strategy]
    assert len(counted) > 10
    for at, (value, label, count) in enumerate(counted):
        assert str(count) == of_strategy[label], label
        if at % 8 == 0:  # the page says what it selected; to draw it takes long
            choose(page, "strategy", value)
            assert re.search(r" of (\d+) stud(y|ies)", status(page))[1] == of_strategy[label], label


def test_a_cancer_holds_its_narrower_kinds(open_page: Open, real_review: Review) -> None:
    page = open_page(f"{PAGE}#cancer=colorectal")
    wanted = {"colorectal", "colorectal-mss", "colorectal-msi"}
    expected = sum(bool(wanted & set(real_review.studies[o.study].condition)) for o in real_review.outcomes.values())
    assert status(page).startswith(f"{expected:,} results")


def test_certainty_is_that_of_the_pool_or_else_of_the_strategy(open_page: Open, real_review: Review) -> None:
    page = open_page(f"{PAGE}#certainty=moderate&endpoint=os&contrast=treatment")
    rows = list(csv.DictReader(io.StringIO(saved(page, "csv").removeprefix("\ufeff"))))
    pools = {record["pool"]: record["certainty"] for record in real_review.tables["appraisals"].records}
    assert rows
    for row in rows:
        study = real_review.studies[row["study"]]
        rated = [real_review.strategies[key].certainty for key in study.strategy if key in real_review.strategies]
        held = [pools[key] for key in row["pools"].split("; ")] if row["pools"] else rated
        assert "moderate" in held


def test_studies_at_high_risk_of_bias_can_be_left_out_and_another_target_tried(
    open_page: Open, real_review: Review
) -> None:
    without = (
        (pooled, next(variant.pool for variant in vary(pooled) if variant.rule == WITHOUT_HIGH_RISK))
        for pooled in pool_evidence(real_review).values()
        if pooled.no_effect == 1
    )
    pooled, kept = next((pooled, pool) for pooled, pool in without if pool is not None and pool.k >= FEWEST)
    page = open_page(f"{PAGE}#pool={pooled.plan.pool}&risk=not-high")
    expect(page.locator("[data-part=answer] .ex-number")).to_contain_text(f"{kept.value:.2f}")
    expect(page.locator("[data-part=answer] .ex-number")).to_contain_text(f"{kept.k} studies of {pooled.pool.k}")
    page.locator(".ex-target").fill("40")
    expect(page.locator("[data-part=answer]")).to_contain_text("no part of the interval lies beyond it")


def test_words_find_a_trial_by_name_number_or_brand(open_page: Open, real_review: Review) -> None:
    page = open_page(PAGE)
    for words in ("Opdivo", "nct02576509", "checkmate-459", "checkmate 459", "glypican-3"):
        page.locator('[data-filter="text"]').fill(words)
        assert not status(page).startswith(("0 results", f"{len(real_review.outcomes):,} ")), words
        assert "Nothing fits" not in page.locator(".ex-rows tbody tr").first.inner_text()


def test_what_fits_nothing_says_so_and_how_to_go_on(open_page: Open) -> None:
    page = open_page(f"{PAGE}#text=zzzz")
    assert status(page).startswith("0 results")
    assert "Take one of them back" in page.locator(".ex-rows").inner_text()
    assert "No study is within these filters" in part(page, "map").inner_text()
    assert "0" not in part(page, "plot").inner_text()


def test_prognosis_and_benefit_never_share_a_group_of_the_plot(open_page: Open) -> None:
    page = open_page(f"{PAGE}#endpoint=os&plot=ratio&question=liver-metastases-ici")
    drawn = part(page, "plot").inner_text()
    assert "Benefit over a control; HR" in drawn and "Prognosis, not benefit; HR" in drawn
    assert "shown, not pooled" in part(page, "why").inner_text()
    assert "Pooled, " not in drawn


def test_a_flagged_result_is_marked_and_has_no_interval(open_page: Open, real_review: Review) -> None:
    flagged = next(o for o in real_review.outcomes.values() if o.flag and o.measure == "HR" and o.value)
    page = open_page(f"{PAGE}#text={real_review.studies[flagged.study].name.split(' (')[0]}&plot=ratio")
    assert "⚑ flagged" in page.locator(".ex-rows").inner_text()
    drawn = page.locator(f'.ex-line[data-key="{flagged.outcome}"]')
    assert drawn.get_attribute("data-tip") and " to " not in str(drawn.locator("text").last.text_content())


def test_five_numbers_lead_from_the_page_to_their_rows(open_page: Open, real_review: Review, html: Path) -> None:
    page = open_page(f"{PAGE}#endpoint=os&contrast=treatment")
    keys = page.eval_on_selector_all(".ex-rows tbody tr", "rows => rows.map(row => row.dataset.key)")
    for key in keys[:5]:
        row, outcome = page.locator(f'tr[data-key="{key}"]'), real_review.outcomes[key]
        assert row.locator("td").nth(1).inner_text().startswith(format_outcome(outcome))
        place, anchor = str(row.locator("a").first.get_attribute("href")).split("#")
        study_page = (html / "chapters" / place).resolve().read_text(encoding="utf-8")
        assert anchor == key and f'id="{key}"' in study_page
        assert outcome.address in [a.get_attribute("href") for a in row.locator("a").all()]


# A pool, and studies left out


def test_leaving_a_study_out_pools_again_and_says_so(open_page: Open, real_review: Review) -> None:
    page = open_page(f"{PAGE}#pool=liver-stratum-os")
    pooled = pool_evidence(real_review)["liver-stratum-os"]
    study = pooled.outcomes[6].study
    page.locator(f'[data-study="{study}"]').click()
    again = pool_members([m for m in pooled.members if m.outcomes[0].study != study], "HR")
    expected = f"{again.value:.2f} (95 % CI {again.hk_modified_ci[0]:.2f} to {again.hk_modified_ci[1]:.2f})"
    assert expected in part(page, "answer").inner_text()
    assert expected in str(part(page, "status").text_content())  # which a screen reader hears
    assert page.locator(f'[data-study="{study}"]').get_attribute("aria-checked") == "false"
    assert page.evaluate("location.hash") == f"#pool=liver-stratum-os&out={study}"
    assert "left out of the pool" in page.locator(f'tr[data-key^="{study}--"]').inner_text()
    part(page, "restore").click()
    assert f"{pooled.pool.value:.2f} (95 % CI" in part(page, "answer").inner_text()


def test_below_three_studies_nothing_is_pooled(open_page: Open, real_review: Review) -> None:
    *out, _, _ = (outcome.study for outcome in pool_evidence(real_review)["hcc-mono-os"].outcomes)
    page = open_page(f"{PAGE}#pool=hcc-mono-os&out={','.join(out)}")
    said = part(page, "answer").inner_text()
    assert "Only 2 studies are left: below three we show the studies and pool nothing." in said
    assert "Pooled" not in part(page, "plot").inner_text()


def test_shares_are_pooled_as_the_book_did_and_no_further(open_page: Open, real_review: Review) -> None:
    pooled = pool_evidence(real_review)["rt-out-of-field-response"]
    *out, _, _ = (member.outcomes[0].study for member in pooled.members)
    page = open_page(f"{PAGE}#pool=rt-out-of-field-response&out={out[0]}")
    step = pooled.left_out[0].pool
    assert step is not None
    low, high = (100 * bound for bound in step.hk_modified_ci)
    assert f"{100 * step.value:.0f} % (95 % CI {low:.0f} to {high:.0f})" in part(page, "answer").inner_text()
    page = open_page(f"{PAGE}#pool=rt-out-of-field-response&out={','.join(out)}")
    assert "Only 2 studies" in part(page, "answer").inner_text()


def test_a_filter_leaves_members_out_of_the_pool(open_page: Open, real_review: Review) -> None:
    pooled = pool_evidence(real_review)["liver-stratum-os"]
    page = open_page(f"{PAGE}#pool=liver-stratum-os&cancer=nsclc")
    kept = [m for m in pooled.members if "nsclc" in real_review.studies[m.outcomes[0].study].condition]
    again = pool_members(kept, "HR")
    assert f"{again.value:.2f} (95 % CI" in part(page, "answer").inner_text()
    assert "outside the filters" in part(page, "plot").inner_text()


def test_map_and_table_come_with_the_reader_and_a_table_that_cannot_be_loaded_is_asked_for_again(windows: Any) -> None:
    page = windows.open(size=PHONE)
    page.route("**/datatables.js*", lambda route: route.abort())
    windows.go(page, PAGE)
    page.wait_for_selector("#explorer[data-ready]")
    page.wait_for_timeout(300)
    assert page.locator(".ex-rows, [data-part=map] svg").count() == 0 and not windows.wrong, "nobody is there yet"
    page.locator('[data-card="map"]').scroll_into_view_if_needed()
    expect(part(page, "map").locator("svg")).to_be_visible()
    page.locator('[data-card="table"]').scroll_into_view_if_needed()
    expect(part(page, "table")).to_contain_text("could not be loaded. Load the page again")
    (logged,) = windows.wrong
    assert logged.endswith("ERR_FAILED")
    windows.wrong.clear()
    page.unroute("**/datatables.js*")
    choose(page, "endpoint", "pfs")
    part(page, "table").scroll_into_view_if_needed()
    expect(page.locator(".ex-rows tbody tr")).to_have_count(20)


# The address


def test_an_address_restores_the_whole_view(open_page: Open) -> None:
    page = open_page(PAGE)
    choose(page, "endpoint", "pfs")
    choose(page, "contrast", "treatment")
    page.locator('[name="ex-plot"][value="ratio"]').check()
    page.locator('[name="ex-map"][value="design"]').check()
    page.locator(".ex-rows th").first.click()
    page.locator(".dt-paging-button", has_text="2").first.click()
    address = page.evaluate("location.hash")
    again = open_page(PAGE + address, fresh=True)
    for name in ("status", "plot", "map", "table"):
        assert part(again, name).inner_text() == part(page, name).inner_text()
    assert again.evaluate("location.hash") == address
    assert again.locator('[data-filter="endpoint"]').input_value() == "pfs"


def test_the_back_button_takes_back_one_choice(open_page: Open) -> None:
    page = open_page(PAGE)
    choose(page, "endpoint", "pfs")
    with_one = status(page)
    choose(page, "contrast", "prognostic")
    assert status(page) != with_one
    page.go_back()
    assert status(page) == with_one and page.locator('[data-filter="contrast"]').input_value() == ""
    page.go_forward()
    assert page.locator('[data-filter="contrast"]').input_value() == "prognostic"


def test_an_example_is_one_tap_away(open_page: Open) -> None:
    page = open_page(PAGE, size=PHONE)
    for link in page.locator(".ex-examples a").all():
        link.click()
        assert not status(page).startswith("0 results")
        assert "does not hold" not in status(page)
        assert link.get_attribute("aria-current") == "true"


def test_an_address_of_another_edition_shows_what_there_is_and_says_what_is_missing(open_page: Open) -> None:
    page = open_page(f"{PAGE}#pool=gone&endpoint=os&colour=<img src=x>&from=12")
    assert "pool=gone" in status(page) and "colour=<img src=x>" in status(page) and "from=12" in status(page)
    assert page.locator('[data-filter="endpoint"]').input_value() == "os"
    assert page.locator(".livrev-explorer img").count() == 0


@pytest.mark.parametrize(
    ("view", "said"),
    [
        ("#from=2024&to=2020", "the first year lies after the last, and neither is looked at"),
        ("#pool=hcc-tki-os&out=apollo,nobody", "out=nobody"),
        ("#pool=hcc-tki-os&out=reflect", "Not in this pool: out=reflect"),
        ("#out=apollo", "Without a pool nothing can be left out: out=apollo"),
        ("#endpoint=os&endpoint=pfs", "endpoint is named more than once: the last one counts"),
        ("#pool=hcc-tki-os&plot=share", "plot=share waits until no pool is open"),
        ("#pool=", "pool="),
        ("#pool=hcc-tki-os&page=9", "page=9: the table has 1 page"),
        ("?pool=hcc-tki-os#endpoint=os", "What stands after the question mark (pool=hcc-tki-os) is not read"),
        ("#text=sorafinib", "Nothing is called “sorafinib”: shown is “sorafenib”"),
    ],
)
def test_nothing_in_the_address_is_ignored_in_silence(open_page: Open, view: str, said: str) -> None:
    page = open_page(PAGE + view)
    assert said in status(page)
    assert not status(page).startswith("0 results")


def test_author_and_year_and_what_patients_say_find_studies(open_page: Open) -> None:
    page = open_page(PAGE)
    for words in ("Finn 2020", "cytokine storm", "Keytruda", "imbrave 150"):
        page.locator('[data-filter="text"]').fill(words)
        found = re.search(r"of (\d+) stud(y|ies)", status(page))
        assert found and 0 < int(found[1]) < 120 and "shown is" not in status(page), (words, status(page))


def test_a_pool_is_said_in_people_with_a_risk_and_a_threshold_of_the_readers_own(
    open_page: Open, real_review: Review
) -> None:
    page = open_page(f"{PAGE}#pool=hcc-antivegf-os")
    pooled = pool_evidence(real_review)["hcc-antivegf-os"]
    record = next(row for row in real_review.tables["appraisals"].records if row["pool"] == "hcc-antivegf-os")
    effect = absolute_effect(pooled, real_review.outcomes[record["baseline"]])
    people = page.locator(".ex-people")
    assert people.locator("input").input_value() == f"{effect.without:.0f}"
    people.locator("input").fill("300")
    with_ = 1000 * (1 - 0.7**pooled.pool.value)
    expect(people).to_contain_text(f"with: {with_:.0f} (")
    expect(people).to_contain_text(f"{300 - with_:.0f} fewer")
    page.locator(".ex-target").fill("0.9")
    address = page.evaluate("location.hash")
    assert "baseline=300" in address and "threshold=0.9" in address
    again = open_page(PAGE + address)  # by way of another view
    assert again.locator(".ex-people input").input_value() == "300"
    assert again.locator(".ex-target").input_value() == "0.9"
    page = open_page(f"{PAGE}#pool=liver-ratio-os")
    expect(page.locator(".ex-people")).to_contain_text("no number of people of its own")


def test_a_family_shows_its_pools_and_no_other(open_page: Open, real_review: Review) -> None:
    page = open_page(f"{PAGE}#family=hcc-cause-os")
    family = [r["pool"] for r in real_review.tables["pools"].records if r["family"] == "hcc-cause-os"]
    links = page.locator('[data-part="plot"] a').evaluate_all("all => all.map(one => one.getAttribute('href'))")
    assert sorted(links) == sorted(f"#pool={pool}" for pool in family if pool in pool_evidence(real_review))


def test_every_forest_plot_of_a_pool_opens_in_the_explorer(html: Path) -> None:
    page = BeautifulSoup((html / "notebooks" / "pools.html").read_text(encoding="utf-8"), "lxml")
    figures = page.select("figure[id^=fig-pool], figure[id^=fig-family]")
    assert len(figures) > 15
    for figure in figures:
        (link,) = (link for link in figure.select("a") if link.get_text() == "Open in the explorer")
        assert str(link["href"]).endswith(
            "explorer.html#" + str(figure["id"]).removeprefix("fig-").replace("-", "=", 1)
        )


@pytest.mark.parametrize("size", [PHONE, (768, 1024), DESKTOP, (1920, 1080)])
def test_the_map_is_legible_at_every_width(open_page: Open, size: tuple[int, int]) -> None:
    page = open_page(PAGE, size=size)
    part(page, "map").scroll_into_view_if_needed()
    expect(page.locator('[data-part="map"] svg')).to_be_visible()
    found = page.evaluate(
        """() => {
          const svg = document.querySelector('[data-part="map"] svg'), box = one => one.getBoundingClientRect(), frame = box(svg);
          const inside = ({ left, right, top, bottom }) =>
            left >= frame.left - 1 && right <= frame.right + 1 && top >= frame.top - 1 && bottom <= frame.bottom + 1;
          const words = [...svg.querySelectorAll('text')], cells = [...svg.querySelectorAll('.ex-line')];
          const cut = words.filter(one => !inside(box(one)) || one.textContent.endsWith('…'));
          const small = cells.filter(one => box(one.querySelector('circle')).width <= box(one.querySelector('text')).width);
          return [cut.map(one => one.textContent), small.map(one => one.dataset.tip), cells.length];
        }"""
    )
    assert found[0] == [] and found[1] == [] and found[2] > 60


def test_the_link_is_copied_or_shown(open_page: Open) -> None:
    page = open_page(f"{PAGE}#endpoint=os")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    part(page, "copy").click()
    expect(part(page, "copied")).not_to_be_empty()
    shown = part(page, "address")
    copied = page.evaluate("navigator.clipboard.readText()") if shown.is_hidden() else shown.input_value()
    assert copied == page.url


# What a reader takes away


def test_the_csv_holds_every_row_of_the_view(open_page: Open, real_review: Review) -> None:
    text = saved(open_page(f"{PAGE}#pool=hcc-tki-os&out=apollo"), "csv")
    assert text.startswith("\ufeffstudy,name,")
    rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))
    members = [outcome.study for outcome in pool_evidence(real_review)["hcc-tki-os"].outcomes]
    expected = {study: "yes" if study == "apollo" else "no" for study in members}
    assert {row["study"]: row["left_out"] for row in rows} == expected and "apollo" in expected
    for row in rows:
        assert row["as_reported"] == format_outcome(real_review.outcomes[row["result"]])


def test_the_references_of_the_view_are_saved_as_ris(open_page: Open, real_review: Review) -> None:
    text = saved(open_page(f"{PAGE}#pool=hcc-tki-os"), "ris")
    keys = re.findall(r"^ID  - (.+)$", text, re.MULTILINE)
    members = pool_evidence(real_review)["hcc-tki-os"].outcomes
    assert {outcome.citekey for outcome in members} <= set(keys) and len(keys) == len(set(keys))
    assert text.count("TY  - ") == text.count("ER  - ") == len(keys) and "TI  - " in text


def test_a_cell_that_a_spreadsheet_would_run_is_made_harmless(open_page: Open) -> None:
    page = open_page(PAGE)
    text = page.evaluate(
        """() => {
          const evidence = livrevData.unpack(window.livrevEvidence, null);
          const row = {...evidence.rows[0], groups: '=1+1', said: '-2', flag: 'a "b",\\r\\nc', value: -0.5};
          return livrevSaving.toCsv(evidence, [row], new Set());
        }"""
    )
    (row,) = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")))
    assert (row["groups"], row["as_reported"], row["flag"], row["value"]) == ("'=1+1", "'-2", 'a "b", c', "-0.5")


@pytest.mark.parametrize(
    ("button", "view"),
    [("plot-svg", "#pool=hcc-antivegf-os"), ("plot-svg", ""), ("map-svg", ""), ("plot-svg", "#plot=share")],
)
def test_a_saved_picture_stands_by_itself(open_page: Open, button: str, view: str) -> None:
    text = saved(open_page(PAGE + view, dark=True), button)
    root = ElementTree.fromstring(text)
    names = {child.tag.rpartition("}")[2]: child.text for child in root}
    assert names["title"] and names["desc"] and "var(" not in text and "href" not in text
    assert root.get("width") and "#333333" in text  # ink on white, whatever the theme


# Everyone


@pytest.mark.parametrize(
    ("view", "size", "dark"),
    [
        ("", DESKTOP, False),
        ("#pool=liver-stratum-os&out=keynote-119", PHONE, False),
        ("#pool=liver-stratum-os&out=keynote-119", DESKTOP, True),
        ("#strategy=ici-tace&plot=ratio", PHONE, True),
    ],
)
def test_axe_finds_nothing_serious(open_page: Open, dark: bool, view: str, size: tuple[int, int]) -> None:
    page = open_page(PAGE + view, dark=dark, size=size)
    found = (
        Axe()
        .run(page, context="article", options={"preload": False, "resultTypes": ["violations"], "selectors": False})
        .response["violations"]
    )
    serious = [v for v in found if v["impact"] in ("serious", "critical", "moderate")]
    said = [(v["id"], v["nodes"][0]["html"][:200], v["nodes"][0]["failureSummary"][:300]) for v in serious]
    assert not said


def test_headings_step_one_level_at_a_time(open_page: Open) -> None:
    page = open_page(f"{PAGE}#pool=hcc-antivegf-os")
    levels = page.eval_on_selector_all("article :is(h1, h2, h3, h4)", "all => all.map(one => Number(one.tagName[1]))")
    assert levels[0] == 1 and all(after <= before + 1 for before, after in itertools.pairwise(levels))


@pytest.mark.parametrize("size", [DESKTOP, PHONE])
def test_it_is_no_wider_than_the_window_and_every_target_is_large_enough(
    open_page: Open, size: tuple[int, int]
) -> None:
    page = open_page(PAGE, size=size)
    for view in ("", "#pool=liver-stratum-os", "#plot=months", "#map=design"):
        if view:
            page.evaluate(
                "view => new Promise(done => { addEventListener('hashchange', () => requestAnimationFrame(done), { once: true });"
                " location.hash = view; })",
                view,
            )
        assert page.evaluate("document.documentElement.scrollWidth") <= size[0], view
        small = page.eval_on_selector_all(
            ".ex-app :is(button, select, input[type=search], .ex-examples a, .ex-check, [data-row], .ex-plot a)",
            """all => all.map(one => [one.outerHTML.slice(0, 80), one.getBoundingClientRect()])
              .filter(([, box]) => box.width && (box.width < 24 || box.height < 24)).map(([html]) => html)""",
        )
        assert not small, view
        sizes = page.eval_on_selector_all(
            "article svg text", "all => all.map(one => parseFloat(getComputedStyle(one).fontSize))"
        )
        assert min(sizes) >= 12, view


def test_the_keyboard_alone_leaves_a_study_out_and_opens_a_cell_of_the_map(open_page: Open) -> None:
    page = open_page(f"{PAGE}#pool=hcc-antivegf-os")
    part(page, "copy").focus()
    for _ in range(12):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.getAttribute('role')") == "checkbox":
            break
    study = page.evaluate("document.activeElement.dataset.study")
    assert "hazard ratio" in page.evaluate("document.activeElement.getAttribute('aria-label')")
    expect(part(page, "tip")).to_be_visible()
    page.keyboard.press("Space")
    assert page.evaluate("location.hash").endswith(f"out={study}")
    assert page.evaluate("document.activeElement.dataset.study") == study  # the focus stays where it was
    page.keyboard.press("Space")
    assert "out=" not in page.evaluate("location.hash")
    page = open_page(PAGE)
    page.locator('[data-part="map"] [tabindex="0"]').focus()
    page.keyboard.press("ArrowRight")
    row, column = page.evaluate("[document.activeElement.dataset.row, document.activeElement.dataset.column]")
    page.keyboard.press("Enter")
    assert page.evaluate("location.hash") == f"#condition={column}&strategy={row}"


@pytest.mark.parametrize("view", ["#plot=ratio&endpoint=os", "#pool=hcc-antivegf-os", ""])
def test_pointing_tapping_and_focus_tell_the_number(open_page: Open, view: str) -> None:
    page = open_page(PAGE + view, size=DESKTOP)
    line = page.locator('[data-part="plot"] .ex-line').first
    line.hover()
    expect(part(page, "tip")).to_have_text(str(line.get_attribute("data-tip")))
    page.mouse.move(5, 5)
    expect(part(page, "tip")).to_be_hidden()
    cell = page.locator('[data-part="map"] .ex-line').first
    cell.focus()
    expect(part(page, "tip")).to_have_text(str(cell.get_attribute("aria-label")))
    page.keyboard.press("Escape")
    expect(part(page, "tip")).to_be_hidden()
    if "ratio" in view:
        phone = open_page(PAGE + view, size=PHONE)
        row = phone.locator('[data-part="plot"] .ex-line').nth(1)
        row.tap()
        expect(part(phone, "tip")).to_have_text(str(row.get_attribute("data-tip")))


def test_without_javascript_a_sentence_leads_to_the_lists(open_page: Open) -> None:
    page = open_page(PAGE, script=False)
    plain = page.locator(".ex-plain")
    expect(plain).to_be_visible()
    assert plain.locator("a").first.get_attribute("href") == "../studies/index.html"
    assert not page.locator(".ex-app").is_visible()


def test_on_paper_the_plot_stays_and_the_controls_go(open_page: Open) -> None:
    page = open_page(f"{PAGE}#pool=hcc-antivegf-os")
    page.emulate_media(media="print")
    expect(page.locator(".ex-plain")).to_be_visible()
    expect(page.locator('[data-part="plot"] svg')).to_be_visible()
    expect(page.locator(".ex-filters:visible")).to_have_count(0)


def test_hostile_records_stay_text(open_page: Open, html: Path) -> None:
    page = open_page(PAGE)
    page.evaluate(
        """() => {
          const bad = '<img src=x onerror="window.hurt=1">';
          const evidence = livrevData.unpack(window.livrevEvidence, null);
          for (const row of evidence.rows) for (const name of ['groups', 'said', 'flag', 'stratum', 'address']) row[name] = bad;
          for (const row of evidence.rows) row.reference = [bad, bad];
          for (const study of evidence.studies) study.name = bad;
          const table = document.createElement('table');
          document.body.append(table);
          livrevTable.make(evidence, table, () => {}).show(evidence.rows.slice(0, 30), livrevState.empty());
          const view = {...livrevState.empty(), plot: 'ratio'};
          document.body.append(livrevForest.draw(livrevPlots.ofResults(evidence, evidence.rows, 'ratio'), 800, livrevDrawing.ON_PAGE));
        }"""
    )
    page.wait_for_timeout(100)
    assert page.locator("img[src=x]").count() == 0 and page.evaluate("window.hurt") is None


def test_the_page_and_what_belongs_to_it_stay_under_400_kilobytes(open_page: Open, html: Path) -> None:
    """Counted: the page, and what it loads besides what every page of the book loads: scripts, styles, data, table library.

    The publications come when somebody saves them.
    """
    page = open_page(PAGE)
    page.reload()  # in this window somebody may have saved references
    assert (
        page.locator('script[data-later="references"]').get_attribute("type") == "text/plain"
    )  # asked for by nothing else
    loaded = page.evaluate(
        "[...document.scripts, ...document.styleSheets].filter(one => one.dataset?.later !== 'references')"
        ".map(one => one.src || one.href).filter(Boolean)"
    )
    files = {html / PAGE} | {Path(re.sub(r"[?#].*", "", name.removeprefix("file://"))) for name in loaded}
    every = open_page("chapters/glossary.html").evaluate(
        "[...document.scripts, ...document.styleSheets].map(one => one.src || one.href).filter(Boolean)"
    )
    shared = {Path(re.sub(r"[?#].*", "", name.removeprefix("file://"))) for name in every}
    sizes = {file.name: len(gzip.compress(file.read_bytes(), 9)) for file in files - shared}
    assert "evidence.js" in sizes and "datatables.js" in sizes
    assert sum(sizes.values()) < 400_000, json.dumps(sizes, indent=1)
