"""Facts on a study decide its risk of bias, and that decides the figure, the pool without high risk, and the certainty."""

import pytest
from small_review import add_pool, add_row, set_cell

from livrev.checks.readings import check_bias
from livrev.checks.results import check_unjudged
from livrev.frames.open_review import OpenReview
from livrev.paths import Repository
from livrev.records.readings import FACTS, NO_INFORMATION
from livrev.records.review import load_review
from livrev.review.agreement import agreements
from livrev.review.bias import judge_facts
from livrev.review.certainty import propose_certainty
from livrev.review.pools import pool_evidence
from livrev.review.results import compute_results
from livrev.review.sensitivity import WITHOUT_HIGH_RISK, vary
from livrev.show.views.bias import appraise_study

SOUND = {
    "sequence": "random", "concealment": "concealed", "baseline": "balanced", "masking": "double", "deviations": "none seen",
    "analysis": "intention to treat", "missing": "few", "assessor": "masked", "registered": "same", "stratum": "whole trial",
    "interim": "final", "stopped early": "no", "crossover": "not allowed", "sponsor": "public",
}  # fmt: skip
POOLED = ["moe-2021", "zoe-2022", "roe-2019"]
LIKELY = {"masking": "open", "deviations": "likely"}


@pytest.mark.parametrize(
    ("changed", "domain", "level"),
    [
        ({}, "randomisation", "low"),
        ({"sequence": NO_INFORMATION}, "randomisation", "low"),  # the tool asks for concealment first
        ({"sequence": "not random"}, "randomisation", "some concerns"),
        ({"concealment": NO_INFORMATION}, "randomisation", "some concerns"),
        ({"concealment": NO_INFORMATION, "baseline": "imbalanced"}, "randomisation", "high"),
        ({"concealment": "not concealed"}, "randomisation", "high"),
        ({"masking": "open"}, "deviations", "low"),
        ({"masking": "open", "deviations": NO_INFORMATION}, "deviations", "some concerns"),
        (LIKELY, "deviations", "high"),
        ({"analysis": "other"}, "deviations", "some concerns"),
        ({"analysis": "other", "missing": "many"}, "deviations", "high"),
        ({"missing": "many"}, "missing data", "high"),
        ({"missing": NO_INFORMATION}, "missing data", NO_INFORMATION),
        ({"masking": "open", "assessor": "not masked"}, "measurement", "some concerns"),
        ({"masking": "open", "assessor": "death"}, "measurement", "low"),
        ({"stratum": "post hoc"}, "selection", "some concerns"),
        ({"stratum": "post hoc", "registered": "different"}, "selection", "high"),
    ],
)
def test_a_trial_is_judged_by_the_rules_of_rob_2(changed: dict[str, str], domain: str, level: str) -> None:
    judged = judge_facts("RoB 2", SOUND | changed)
    assert judged.domains[domain] == level
    worst = (
        "high"
        if "high" in judged.domains.values()
        else "low"
        if set(judged.domains.values()) == {"low"}
        else "some concerns"
    )
    assert judged.overall == worst


COHORT = {fact: answers[0] for fact, answers in FACTS["ROBINS-I"].items()}  # every question answered as well as can be
UNNAMED = {"factors": NO_INFORMATION}


@pytest.mark.parametrize(
    ("changed", "domain", "level", "overall"),
    [
        ({}, "confounding", "some concerns", "some concerns"),  # adjusted for all that is known: never low
        ({"adjustment": "none"}, "confounding", "high", "high"),
        ({"factors": "some"}, "confounding", "high", "high"),
        (UNNAMED, "confounding", NO_INFORMATION, NO_INFORMATION),
        (UNNAMED | {"start": "later"}, "selection", "high", "high"),
        ({"after start": "yes"}, "selection", "high", "high"),
        ({"after start": NO_INFORMATION}, "selection", "some concerns", "some concerns"),
        ({"classification": "unclear"}, "classification", "some concerns", "some concerns"),
        ({"other treatment": "accounted for"}, "deviations", "some concerns", "some concerns"),
        ({"other treatment": "unlike"}, "deviations", "high", "high"),
        ({"missing": "many"}, "missing data", "high", "high"),
        ({"assessor": "death"}, "measurement", "low", "some concerns"),
        ({"assessor": "not masked"}, "measurement", "some concerns", "some concerns"),
        ({"registered": "not registered"}, "reporting", "some concerns", "some concerns"),
        ({"analysis": "chosen"}, "reporting", "high", "high"),
    ],
)
def test_a_cohort_is_judged_by_the_rules_of_robins_i(
    changed: dict[str, str], domain: str, level: str, overall: str
) -> None:
    judged = judge_facts("ROBINS-I", COHORT | changed)
    assert (judged.domains[domain], judged.overall) == (level, overall)


@pytest.mark.parametrize(
    ("moderate", "overall"), [(0, "low"), (1, "low"), (2, "some concerns"), (3, "high")]
)  # Grooten 2019
def test_prognosis_is_high_from_three_moderate_domains(moderate: int, overall: str) -> None:
    values = {fact: answers[0] for fact, answers in FACTS["QUIPS"].items()}
    for fact in ("participation", "factor", "outcome")[:moderate]:
        values[fact] = FACTS["QUIPS"][fact][1]
    assert judge_facts("QUIPS", values).overall == overall
    assert judge_facts("QUIPS", values | {"confounding": "unadjusted"}).overall == "high"


@pytest.mark.parametrize("tool", FACTS)
def test_nothing_is_low_where_a_domain_has_no_information(tool: str) -> None:
    values = {fact: answers[0] for fact, answers in FACTS[tool].items()}
    best = "some concerns" if tool == "ROBINS-I" else "low"  # without randomisation there is no low risk
    assert judge_facts(tool, values).overall == best
    for fact in FACTS[tool]:
        judged = judge_facts(tool, values | {fact: NO_INFORMATION})
        assert NO_INFORMATION not in judged.domains.values() or judged.overall != "low"
    nothing = judge_facts(tool, {})
    assert set(nothing.domains.values()) == {NO_INFORMATION} and nothing.overall != "low"


def with_facts(repository: Repository) -> None:
    """Pool three trials of the small review, each soundly done."""
    add_pool(repository)
    for study in POOLED:
        for fact, value in SOUND.items():
            row = {"study": study, "tool": "RoB 2", "fact": fact, "first": value, "second": value, "settled": value}
            row |= {"endpoint": "pain" if fact == "assessor" else "", "address": "https://example.org/trial"}
            add_row(repository, "bias", row | {"read_on": "2026-01-15"})


def settle(repository: Repository, study: str, **changes: str) -> None:
    """Settle facts on a study otherwise; the second reader said so."""
    for fact, value in changes.items():
        row = POOLED.index(study) * len(SOUND) + list(SOUND).index(fact)
        for column in ("second", "settled"):
            set_cell(repository, "bias", row, column, value)
        set_cell(repository, "bias", row, "words", "the protocol says so")


def test_a_fact_changes_judgement_figure_variant_and_certainty(repository: Repository) -> None:
    with_facts(repository)
    before = load_review(repository)
    settle(repository, "zoe-2022", masking="open", deviations="likely")
    after = load_review(repository)
    old, pooled = (pool_evidence(review)["pain"] for review in (before, after))
    assert {study: judged.overall for study, judged in old.bias.items()} == dict.fromkeys(POOLED, "low")
    levels = {study: judged.overall for study, judged in pooled.bias.items()}
    assert levels == dict.fromkeys(POOLED, "low") | {"zoe-2022": "high"}

    shown = OpenReview(after).pool("pain").bias()
    light = next(mark.row for mark in shown.marks if mark.row["study"] == "Zoe 2022")
    assert light["deviations"] == light["overall"] == "high" and "Zoe 2022: high overall" in shown.alt

    variant = next(one for one in vary(pooled) if one.rule == WITHOUT_HIGH_RISK)
    assert variant.pool is not None and variant.pool.k == 2 and not variant.flips
    assert next(one for one in vary(old) if one.rule == WITHOUT_HIGH_RISK).reason == "leaves nothing out"

    steps = [propose_certainty(review, pool).steps["risk_of_bias"] for review, pool in ((before, old), (after, pooled))]
    assert [step.by for step in steps] == [0, 0] and steps[0].reason != steps[1].reason
    settle(repository, "moe-2021", concealment="not concealed")
    review = load_review(repository)
    assert propose_certainty(review, pool_evidence(review)["pain"]).steps["risk_of_bias"].by == -2


def test_a_person_may_judge_a_domain_otherwise(repository: Repository) -> None:
    with_facts(repository)
    row = {"study": "moe-2021", "tool": "RoB 2", "domain": "selection", "judgement": "high", "judged_on": "2026-01-15"}
    add_row(repository, "bias_judgements", row | {"reason": "Four endpoints were tried."})
    judged = pool_evidence(load_review(repository))["pain"].bias["moe-2021"]
    assert judged.overall == "high" and judged.reasons == {"selection": "Four endpoints were tried."}


def test_the_readings_are_compared_fact_by_fact(repository: Repository) -> None:
    with_facts(repository)
    settle(repository, "zoe-2022", masking="open")
    review = load_review(repository)
    found = agreements(review)
    assert (found["RoB 2: masking"].pairs, found["RoB 2: masking"].same, found["RoB 2: masking"].kappa) == (3, 2, 0.0)
    assert found["RoB 2: sequence"].kappa == 1.0
    results = compute_results(review)
    assert results["bias.share"].value == pytest.approx(100 * 41 / 42) and results["bias.studies"].value == 3
    assert results["bias.kappa.median"].value == 1.0


@pytest.mark.parametrize(
    ("column", "value", "said"),
    [
        ("fact", "colour", "colour is no fact of RoB 2"),
        (
            "first",
            "rather random",
            "rather random is no answer to sequence; use one of random, not random, no information",
        ),
        ("settled", "", "settled: is empty; write what holds"),
        ("settled", "not random", "settled: not random is what neither read: random; take the answer of a reader"),
        ("second", "not random", "words: is empty, though the readers differ"),
        ("address", "", "address: or its day is missing"),
    ],
)
def test_check_names_a_fact_that_cannot_be(repository: Repository, column: str, value: str, said: str) -> None:
    with_facts(repository)
    assert list(check_bias(load_review(repository))) == []
    set_cell(repository, "bias", 0, column, value)
    found = [str(problem) for problem in check_bias(load_review(repository))]
    assert said in found[0] and found[0].startswith("data/bias.csv:2 "), found


def test_every_pooled_study_needs_every_fact_and_the_judge_of_each_endpoint(repository: Repository) -> None:
    with_facts(repository)
    path = repository.data / "bias.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    kept = [line for line in lines if not line.startswith(("roe-2019,RoB 2,,masking", "zoe-2022,RoB 2,pain,assessor"))]
    path.write_text("\n".join(kept) + "\n", encoding="utf-8")
    said = [str(problem) for problem in check_bias(load_review(repository))]
    assert any("masking of roe-2019 is missing (RoB 2)" in one for one in said)
    assert any("assessor pain of zoe-2022 is missing (RoB 2)" in one for one in said) and len(said) == 2


def test_a_study_that_one_reader_alone_looked_up_is_named(repository: Repository) -> None:
    with_facts(repository)
    for row in range(len(SOUND)):
        set_cell(repository, "bias", row, "second", "")
        set_cell(repository, "bias", row, "words", "read once")
    said = [str(problem) for problem in check_bias(load_review(repository))]
    assert len(said) == 1 and f"second: is empty in every row of {POOLED[0]} (RoB 2)" in said[0]


def test_a_cohort_that_a_chapter_compares_is_asked_about_judged_and_shown(repository: Repository) -> None:
    read = {"study": "poe-2018", "tool": "QUIPS", "fact": "factor", "first": NO_INFORMATION, "second": NO_INFORMATION}
    add_row(repository, "bias", read | {"settled": NO_INFORMATION})  # before any fact is written, none is asked for
    index = repository.chapters / "index.md"
    arms = "{result}`outcome.roe-2019--orr` v {result}`outcome.roe-2019--orr-water`"

    def asked(text: str) -> list[str]:
        found = check_unjudged(load_review(repository), {"one": text})
        return [f"{one.line} {one.value} {one.message}" for one in found]

    assert asked(index.read_text(encoding="utf-8")) == asked(arms) == []  # it was randomised
    set_cell(repository, "studies", 0, "design", "prospective-cohort")
    missing = "compares treatments that were not randomised; roe-2019 has no facts on bias"
    assert asked(index.read_text(encoding="utf-8")) == [f"7 outcome.roe-2019--os {missing}"]
    assert asked(arms) == [f"1 outcome.roe-2019--orr-water {missing}"]
    assert asked("{result}`outcome.roe-2019--orr`") == asked("{result}`outcome.poe-2018--os-lm`") == []

    for fact, value in (COHORT | {"start": "later"}).items():
        row = {"study": "roe-2019", "tool": "ROBINS-I", "fact": fact, "first": value, "second": value, "settled": value}
        row |= {"endpoint": "os" if fact == "assessor" else "", "address": "https://example.org/cohort"}
        add_row(repository, "bias", row | {"read_on": "2026-01-15"})
    assert asked(arms) == asked(index.read_text(encoding="utf-8")) == []
    review = load_review(repository)
    (shown,) = appraise_study(review, review.studies["roe-2019"])
    assert (shown.title, shown.overall) == ("ROBINS-I, survival at work", "high")
    assert [domain.name for domain in shown.domains if domain.level == "high"] == ["selection"]
    (light,) = OpenReview(review).draw_bias("ROBINS-I").marks
    assert light.row["study"] == "Roe 2019, survival at work" and light.row["overall"] == "high"
    with pytest.raises(ValueError, match="no facts on bias"):
        OpenReview(review).draw_bias("ROBINS-I", ["poe-2018"])
    results = compute_results(review)
    assert results["bias.cohorts"].value == results["bias.cohorts.high"].value == 1


def test_a_pooled_cohort_needs_its_facts(repository: Repository) -> None:
    with_facts(repository)
    set_cell(repository, "studies", 0, "design", "prospective-cohort")
    said = [str(problem) for problem in check_bias(load_review(repository))]
    assert any("adjustment of roe-2019 is missing (ROBINS-I)" in one for one in said)
    assert any("assessor pain of roe-2019 is missing (ROBINS-I)" in one for one in said)
