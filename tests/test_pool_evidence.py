"""The right report, the right arms, like controls, and no study left out of a pool or of the book without a word."""

import dataclasses
from collections.abc import Callable

import pytest
from small_review import OUTCOMES, REFERENCES, STUDIES, add_pool, add_row, replace, set_cell

from livrev.checks.pool_evidence import check_pool_evidence
from livrev.paths import Repository
from livrev.records.review import Review, Rows

Reread = Callable[[], Review]
SEEN = {"basis": "abstract", "address": "https://example.org/trial", "read_on": "2026-01-15", "place": "abstract"}
MOE, ZOE = 2, 3  # rows of studies
ROE_PAIN, MOE_PAIN, ZOE_PAIN = 4, 5, 6  # rows of outcomes


@pytest.fixture(autouse=True)
def _pooled(repository: Repository) -> None:
    add_pool(repository)


def found(reread: Reread) -> list[str]:
    return [str(problem) for problem in check_pool_evidence(reread())]


def say(repository: Repository, caution: str) -> None:
    set_cell(repository, "pools", 0, "caution", caution)


def add_reference(repository: Repository, key: str, year: str) -> None:
    entry = REFERENCES.split("\n\n")[1].replace("Poe2018cohort", key).replace("2018", year)
    with repository.references.open("a", encoding="utf-8") as file:
        file.write(f"\n{entry}\n")


def add_result(repository: Repository, outcome: str, **changes: str) -> None:
    """Add a result on pain, as the pooled ones are but for *changes*."""
    add_row(repository, "outcomes", OUTCOMES[-1] | SEEN | {"outcome": outcome} | changes)


def test_the_small_review_is_sound(reread: Reread) -> None:
    assert found(reread) == []


def test_a_later_report_that_nobody_read_is_named(repository: Repository, reread: Reread) -> None:
    add_reference(repository, "Moe2023final", "2023")
    set_cell(repository, "studies", MOE, "other_citekeys", "Moe2023final")
    (problem,) = found(reread)
    assert problem.startswith("data/pools.csv:2 outcomes: moe-2021--pain is not from the latest report on file")
    assert "nothing on pain was read in Moe2023final" in problem
    say(repository, "The final report of Moe 2021 is on file without a difference.")
    assert found(reread) == []


def test_a_later_report_that_was_read_or_is_older_is_none(repository: Repository, reread: Reread) -> None:
    add_reference(repository, "Moe2023final", "2023")
    add_reference(repository, "Moe2019plan", "2019")
    set_cell(repository, "studies", MOE, "other_citekeys", "Moe2023final;Moe2019plan")
    add_result(repository, "moe-2021--pain-week9", study="moe-2021", citekey="Moe2023final")
    assert found(reread) == []


@pytest.mark.parametrize(
    ("later", "said"),
    [
        ({"report": "final"}, True),
        ({"report": "primary", "data_cutoff": "2021-05"}, True),
        ({"report": "final", "data_cutoff": "2021-02"}, False),
        ({"report": "final", "data_cutoff": "2021-03"}, False),
        ({"report": "primary", "data_cutoff": ""}, False),
        ({"report": "primary", "data_cutoff": "", "supersedes": "moe-2021--pain"}, True),
        ({"report": "final", "endpoint": "os", "measure": "HR", "value": "", "ci_low": "", "ci_high": ""}, False),
    ],
)
def test_an_interim_result_gives_way_to_a_later_one(
    repository: Repository, reread: Reread, later: dict[str, str], said: bool
) -> None:
    set_cell(repository, "outcomes", MOE_PAIN, "report", "interim")
    set_cell(repository, "outcomes", MOE_PAIN, "read_on", "2022-01-15")
    set_cell(repository, "outcomes", MOE_PAIN, "data_cutoff", "2021-03-31")
    if "data_cutoff" not in later:
        later = later | {"data_cutoff": ""}
    add_result(repository, "moe-2021--pain-2", study="moe-2021", citekey="Moe2021backs", **later)
    assert [p.split(" outcomes: ")[1].split(";")[0] for p in found(reread)] == (
        ["moe-2021--pain is interim"] if said else []
    )
    say(repository, "Moe 2021 with its interim result.")
    assert found(reread) == []


def test_a_day_is_no_later_than_its_month(repository: Repository, reread: Reread) -> None:
    set_cell(repository, "outcomes", MOE_PAIN, "report", "interim")
    set_cell(repository, "outcomes", MOE_PAIN, "read_on", "2022-01-15")
    set_cell(repository, "outcomes", MOE_PAIN, "data_cutoff", "2021-03")
    changes = {"report": "final", "data_cutoff": "2021-03-31"}
    add_result(repository, "moe-2021--pain-2", study="moe-2021", citekey="Moe2021backs", **changes)
    assert found(reread) == []


def test_an_old_interim_result_says_what_came_after(repository: Repository, reread: Reread) -> None:
    set_cell(repository, "outcomes", MOE_PAIN, "report", "interim")
    set_cell(repository, "outcomes", MOE_PAIN, "read_on", "2022-12-31")
    assert found(reread) == []  # a year is no time to wait
    set_cell(repository, "outcomes", MOE_PAIN, "read_on", "2023-01-15")
    (problem,) = found(reread)
    assert "moe-2021--pain is interim, of 2021, with nothing later" in problem
    say(repository, "Of Moe 2021 nothing later was found.")
    assert found(reread) == []


@pytest.mark.parametrize("caution", ["Zoe 2022 stands against another control.", "One control was walking."])
def test_another_control_than_most_is_named(repository: Repository, reread: Reread, caution: str) -> None:
    set_cell(repository, "outcomes", ZOE_PAIN, "comparator", "walking + placebo + water")
    say(repository, "All stand against water.")  # what most have too says nothing of the other
    (problem,) = found(reread)
    assert "zoe-2022--pain has another control (walking + water) than most (water)" in problem
    say(repository, caution)
    assert found(reread) == []


def test_a_placebo_or_another_name_makes_no_other_control(repository: Repository, reread: Reread) -> None:
    set_cell(repository, "outcomes", ROE_PAIN, "comparator", "Cress exercises + dual placebo")
    set_cell(repository, "outcomes", MOE_PAIN, "comparator", "cress")
    set_cell(repository, "outcomes", ZOE_PAIN, "comparator", "placebo + cress")
    assert found(reread) == []


@pytest.mark.parametrize(
    ("arm", "comparator", "swapped"),
    [
        ("coaching + cress", "cress + water", "water"),
        ("coaching + cress + water", "cress + water", ""),
        ("coaching + walking", "cress", ""),
        ("ACP", "BCP", "B"),
        ("ABCP", "BCP", ""),
    ],
)
def test_an_arm_that_swaps_is_not_one_that_adds(
    repository: Repository, reread: Reread, arm: str, comparator: str, swapped: str
) -> None:
    for row in (ROE_PAIN, MOE_PAIN, ZOE_PAIN):
        set_cell(repository, "outcomes", row, "comparator", comparator)
    set_cell(repository, "outcomes", ZOE_PAIN, "arm", arm)
    for row in (ROE_PAIN, MOE_PAIN):
        set_cell(repository, "outcomes", row, "arm", "coaching")
    said = [f"zoe-2022--pain swaps {swapped}, which only the control has"] if swapped else []
    assert [p.split(" outcomes: ")[1].split(", for what")[0] for p in found(reread)] == said
    say(repository, "In Zoe 2022 one part takes the place of another.")
    assert found(reread) == []
    adding = "ABCP" if comparator == "BCP" else f"coaching + {comparator}"  # a name is no excuse where an arm adds
    paper = {"study": "zoe-2022", "citekey": "Zoe2022spade"}
    add_result(repository, "zoe-2022--pain-added", arm=adding, comparator=comparator, **paper)
    assert ["take zoe-2022--pain-added" in p for p in found(reread) if " swaps " in p] == [True] * len(said)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, True),
        ({"flag": "other", "flag_reason": "not clear"}, False),
        ({"ci_low": "", "ci_high": "", "ci_level": ""}, False),
        ({"stratum": "all"}, False),
    ],
)
def test_a_study_of_the_stratum_is_not_left_out_in_silence(
    repository: Repository, reread: Reread, changes: dict[str, str], said: bool
) -> None:
    set_cell(repository, "pools", 0, "stratum", "radiating-pain")
    for row in (ROE_PAIN, MOE_PAIN, ZOE_PAIN):
        set_cell(repository, "outcomes", row, "stratum", "radiating-pain")
    study = STUDIES[0] | SEEN | {"study": "noe-2019", "name": "Noe 2019 (CRESS-4)", "doi": "", "pmid": "", "nct": ""}
    add_row(repository, "studies", {key: value for key, value in study.items() if key != "place"})
    add_result(repository, "noe-2019--pain", **({"study": "noe-2019", "stratum": "radiating-pain"} | changes))
    kept = "noe-2019 has noe-2019--pain of this stratum and is left out without a word"
    assert [p.split(" outcomes: ")[1].split(";")[0] for p in found(reread)] == ([kept] if said else [])
    say(repository, "Noe 2019 is left out, for its pain was felt elsewhere.")
    assert found(reread) == []


def test_a_cohort_or_a_part_of_a_member_is_not_left_out_of_a_pool_of_trials(
    repository: Repository, reread: Reread
) -> None:
    set_cell(repository, "pools", 0, "stratum", "radiating-pain")
    for row in (ROE_PAIN, MOE_PAIN, ZOE_PAIN):
        set_cell(repository, "outcomes", row, "stratum", "radiating-pain")
    add_result(repository, "poe-2018--pain", study="poe-2018", citekey="Poe2018cohort", stratum="radiating-pain")
    study = STUDIES[0] | SEEN | {"study": "noe-2019", "name": "Noe 2019", "part_of": "roe-2019", "nct": ""}
    add_row(repository, "studies", {key: value for key, value in study.items() if key != "place"})
    add_result(repository, "noe-2019--pain", study="noe-2019", stratum="radiating-pain")
    assert found(reread) == []


@pytest.mark.parametrize(
    ("table", "field", "place"),
    [
        ("appraisals", "reason", "data/appraisals.csv:2 reason"),
        ("appraisals", "difference", "data/appraisals.csv:2 difference"),
        ("strategies", "certainty_reason", "data/strategies.csv:2 certainty_reason"),
    ],
)
def test_how_a_number_was_read_is_no_ground_for_certainty(
    repository: Repository, reread: Reread, table: str, field: str, place: str
) -> None:
    set_cell(repository, table, 0, field, "Open label; most numbers were read second-hand")
    (problem,) = found(reread)
    assert problem.startswith(f"{place}: second-hand is no ground for certainty")


def test_a_large_trial_in_no_chapter_is_named_unless_there_is_a_reason(repository: Repository, reread: Reread) -> None:
    set_cell(repository, "studies", MOE, "n", "300")
    set_cell(repository, "studies", ZOE, "n", "299")
    (problem,) = found(reread)
    assert problem.startswith("data/studies.csv:4 study: moe-2021 is a randomised trial of 300 with results, and in no")
    with repository.settings.open("a", encoding="utf-8") as file:
        file.write("not_told:\n  moe-2021: its gardeners had no backs\n")
    assert found(reread) == []


@pytest.mark.parametrize(
    "line", ["So in {result}`outcome.moe-2021--pain`.", "So in {cite:p}`Poe2018cohort,Moe2021backs`.", "Moe 2021 too."]
)
def test_a_chapter_tells_of_a_trial_by_id_by_citekey_or_by_name(
    repository: Repository, reread: Reread, line: str
) -> None:
    set_cell(repository, "studies", MOE, "n", "300")
    replace(repository.chapters / "methods.md", "# How we know\n", f"# How we know\n\n{line}\n")
    assert found(reread) == []


def test_a_longer_name_is_another_trial(repository: Repository, reread: Reread) -> None:
    set_cell(repository, "studies", MOE, "n", "300")
    line = "So in {result}`outcome.moe-2021-b--pain`, Moe2021backsides and Moe 20211."
    replace(repository.chapters / "methods.md", "# How we know\n", f"# How we know\n\n{line}\n")
    assert len(found(reread)) == 1


def test_a_reason_that_is_no_longer_needed_is_named(repository: Repository, reread: Reread) -> None:
    with repository.settings.open("a", encoding="utf-8") as file:
        file.write("told_from: 500\nnot_told:\n  roe-2019: too small\n  no-such: gone\n")
    assert [p.split(": ", 1)[1].split(";")[0] for p in found(reread)] == [
        "roe-2019 stands in a chapter by now",
        "no-such is no study on record",
    ]
    assert all(p.startswith("data/review.yml:") and not p.startswith("data/review.yml:1 ") for p in found(reread))


def test_a_stratum_that_is_most_of_its_trial_is_refused(real_review: Review) -> None:
    """Where the other stratum is worked out from part and whole, the part may not be nearly all."""
    rows, key = real_review.tables["outcomes"], "keynote-119--os-hr-all"
    wide = [r | {"ci_low": 0.74, "ci_high": 1.29} if r["outcome"] == key else r for r in rows.records]
    tables = real_review.tables | {"outcomes": Rows(rows.table, wide, rows.lines)}
    changed = dataclasses.replace(real_review, tables=tables)
    assert not [p for p in check_pool_evidence(real_review) if "of its trial's information" in str(p)]
    (problem,) = (str(p) for p in check_pool_evidence(changed) if "of its trial's information" in str(p))
    assert "keynote-119--os-hr-lm carries 77 %" in problem


def test_a_strategy_that_is_rated_well_is_told(repository: Repository, reread: Reread) -> None:
    set_cell(repository, "strategies", 0, "certainty", "moderate")
    (problem,) = found(reread)
    assert (
        problem.startswith("data/strategies.csv:2 strategy: ")
        and "is of moderate certainty, and in no chapter" in problem
    )
    chapter = next(repository.chapters.glob("*.md"))
    named = problem.split(": ")[1].split(" ")[0]
    chapter.write_text(
        chapter.read_text(encoding="utf-8") + f"\nIt works.{{evidence}}`strategy.{named}`\n", encoding="utf-8"
    )
    assert found(reread) == []
