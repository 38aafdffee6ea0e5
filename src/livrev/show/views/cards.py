"""The evidence card (what a finding or a reported result says, in whom, how sure, where it was read), and all records in tables."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote

import pandas as pd

from livrev.records.model import Estimate, Finding, Outcome, Source, Strategy
from livrev.records.review import Review
from livrev.review.certainty import name_target
from livrev.review.studies import counted_studies
from livrev.show.format import format_estimate, format_outcome, within_sentence
from livrev.show.names import (
    BASIS,
    cite,
    label_conditions,
    link_reference,
    link_study,
    name_strategy,
    retraction_of,
    say_published,
    say_stratum,
)
from livrev.show.tables import Link, ShownTable, table

_MEASURES = {"proportion": "share"}


@dataclass(frozen=True, slots=True)
class Card:
    """One record on a card: a head, facts in order (name, what is said), and the place of its own page."""

    key: str
    head: str
    facts: tuple[tuple[str, str | Link], ...]
    page: str

    @property
    def words(self) -> str:
        """The card in one line, as paper prints it."""
        return f"{self.head}. " + "; ".join(f"{name}: {said}" for name, said in self.facts) + "."


def card_of(
    review: Review, name: str, results: Mapping[str, Estimate], marks: Mapping[str, tuple[str, str]] | None = None
) -> Card:
    """Return the card called *name*: a finding, an outcome, `pool.<id>` (its number out of *results*) or `strategy.<id>`.

    *marks* say how ratios change over time, and why that is said (`marks_over_time`).
    Raises KeyError where there is none.
    """
    mark, ground = (marks or {}).get(name, ("", ""))
    over_time = (("Over time", f"{mark} ({ground})"),) if mark else ()
    if name.startswith("pool."):
        return _pool_card(review, name.removeprefix("pool."), results.get(name), over_time)
    if name.startswith("strategy."):
        return _strategy_card(review, review.strategies[name.removeprefix("strategy.")])
    if name in review.findings:
        return _finding_card(review, *review.findings[name])
    return _outcome_card(review, review.outcomes[name], over_time)


def _pool_card(review: Review, key: str, estimate: Estimate | None, over_time: tuple[tuple[str, str], ...]) -> Card:
    plan = review.pools.get(key)
    if plan is None:
        raise KeyError(key)
    judged = review.appraisals.get(key)
    studies = dict.fromkeys(review.outcomes[outcome].study for outcome in plan.outcomes)
    names = ", ".join(review.studies[study].short_name for study in studies)
    facts = [("Pooled", names), *over_time, ("Which, and why", plan.rule), ("Caution", plan.caution)]
    if judged is not None:
        facts[:0] = [
            ("Certainty", judged.certainty), ("Of", name_target(judged.threshold)), ("Because", judged.reason),
            *((("Rests also on", said), ("Overlap", judged.overlap)) if (said := say_published(review, key)) else ()),
        ]  # fmt: skip
    number = f", {_MEASURES.get(plan.measure, plan.measure)} {format_estimate(estimate, 'full')}" if estimate else ""
    return Card(f"pool.{key}", plan.title + number, tuple(facts), place_of_pool(review, key))


def place_of_pool(review: Review, key: str) -> str:
    """Return the place of a pool's figure: its own, or that of its family, where the pool stands in that one only.

    Where the review has no page of pools, it is the list of all results.
    """
    page = review.settings.pages.pools
    if page is None:
        return "outcomes/index.html"
    notebook = review.repository.root / f"{page}.ipynb"
    text = notebook.read_text(encoding="utf-8") if notebook.is_file() else ""
    family = review.pools[key].family if key in review.pools else ""
    figures = (f"fig-pool-{key}", f"fig-family-{family}")
    return next((f"{page}.html#{name}" for name in figures if f'"{name}"' in text), f"{page}.html")


def _strategy_card(review: Review, strategy: Strategy) -> Card:
    facts = (
        ("Certainty", strategy.certainty), ("Because", strategy.certainty_reason), ("Stage", strategy.stage),
        ("Why it should work", strategy.rationale),
    )  # fmt: skip
    name = f"strategy.{strategy.strategy}"
    return Card(name, strategy.name, facts, f"{review.settings.pages.strategies or 'studies/index'}.html")


def _finding_card(review: Review, source: Source, finding: Finding) -> Card:
    number, place = f"number {finding.sentence}", place_in_source(review, source, finding)
    facts: list[tuple[str, str | Link]] = [
        ("Said by", link_reference(review, source.citekey, source.title)),
        ("Sentence", Link(number, place) if place else number),
        ("About", review.settings.populations[finding.population]),
        ("Verdict", finding.verdict.replace("-", " ")),
        *(("Settled by", cite(review, key)) for key in finding.settled_by),
        ("Because", finding.explanation),
        ("Retraction", retraction_of(review, source.citekey)),
    ]
    said = tuple((name, what) for name, what in facts if str(what))
    return Card(finding.id, finding.statement, said, f"sources/{source.citekey}.html#{finding.id}")


def _outcome_card(review: Review, outcome: Outcome, over_time: tuple[tuple[str, str], ...]) -> Card:
    label, study = review.vocabulary.label, review.studies[outcome.study]
    head = f"{study.name}: {label('endpoints', outcome.endpoint)}, {format_outcome(outcome)}"
    facts: list[tuple[str, str | Link]] = [
        ("In", _in_whom(review, outcome)),
        ("Of", outcome.groups),
        ("Kind", {"prognostic": "prognosis, not benefit", "treatment": "benefit over a control"}.get(outcome.contrast, "")),
        *over_time,
        ("Design", label("designs", study.design)),
        ("Read in", Link(f"{BASIS.get(outcome.basis, outcome.basis)}, {outcome.read_on.isoformat()}", point_at(outcome))),
        ("Reference", cite(review, outcome.citekey)),
        ("Pooled in", _pools_with(review, outcome)),
        ("Flag", f"{outcome.flag}: {outcome.flag_reason}" if outcome.flag else ""),
        ("Retraction", retraction_of(review, outcome.citekey)),
    ]  # fmt: skip
    said = tuple((name, what) for name, what in facts if str(what))
    return Card(outcome.outcome, head, said, f"studies/{study.study}.html#{outcome.outcome}")


def _pools_with(review: Review, outcome: Outcome) -> str:
    """Return the titles of the pools that hold a result, each with its certainty."""
    return "; ".join(
        f"{plan.title} (certainty: {review.appraisals[key].certainty if key in review.appraisals else 'not rated'})"
        for key, plan in review.pools.items()
        if outcome.outcome in (*plan.outcomes, *plan.comparators)
    )


def place_in_source(review: Review, source: Source, finding: Finding) -> str:
    """Return the address of the very sentence that a finding comes from; empty where the document is not public.

    The sentence is named by its first and last few words (a text fragment), which browsers scroll to and mark.
    """
    link = link_reference(review, source.citekey)
    if not isinstance(link, Link):
        return ""
    sentence = review.features[source.citekey].sentences[finding.sentence - 1]
    edges = [quote(edge, safe="").replace("-", "%2D") for edge in sentence.edges]
    return link.address + (f"#:~:text={','.join(edges)}" if edges else "")


def point_at(outcome: Outcome) -> str:
    """Return the address at which a result was read, with a text fragment from its value to its upper bound.

    Numbers are facts, so no word of the source is needed; a browser that does not find them opens the page at its head.
    """
    if outcome.value is None or outcome.ci_high is None or outcome.derived or "#" in outcome.address:
        return outcome.address
    edges = (quote(number.text, safe="").replace("-", "%2D") for number in (outcome.value, outcome.ci_high))
    return f"{outcome.address}#:~:text={','.join(edges)}"


def _in_whom(review: Review, outcome: Outcome) -> str:
    study = review.studies[outcome.study]
    conditions = ", ".join(label_conditions(review, study.condition))
    people = f", {study.n} patients in all" if study.n else ""
    return f"{conditions}: {within_sentence(say_stratum(review, outcome))}{people}"


def show_all_studies(review: Review) -> ShownTable:
    """Return every study, with a link to its page, beside the pages of the index."""
    label, reported = review.vocabulary.label, Counter(outcome.study for outcome in review.outcomes.values())
    counted = len(counted_studies(review))
    rows = [
        (
            link_study(review, study), review.settings.question(study.question).brief, label("designs", study.design),
            ", ".join(label_conditions(review, study.condition)),
            ", ".join(name_strategy(review, strategy) for strategy in study.strategy),
            study.year, study.n, reported[study.study], ", ".join(study.nct),
        )
        for study in sorted(review.studies.values(), key=lambda study: (-(study.year or 0), study.name))
    ]  # fmt: skip
    condition = review.settings.condition.title
    columns = ["Study", "Question", "Design", condition, "Strategy", "Year", "Patients", "Results", "Registered as"]
    return table(
        pd.DataFrame(rows, columns=columns, dtype=object), name="table-all-studies",
        caption=f"{counted} studies, and {len(rows) - counted} other records: parts of a study, syntheses, trials that only registered",
        filters=["Question", "Design", condition], download="studies.csv",
    )  # fmt: skip


def show_all_outcomes(review: Review) -> ShownTable:
    """Return every reported result, with a link to its place on the page of its study."""
    rows = [
        (
            link_study(review, study, outcome.outcome), review.settings.question(study.question).brief,
            review.vocabulary.label("endpoints", outcome.endpoint), say_stratum(review, outcome),
            outcome.groups, format_outcome(outcome), outcome.basis, outcome.flag,
        )
        for outcome, study in ((outcome, review.studies[outcome.study]) for outcome in review.outcomes.values())
    ]  # fmt: skip
    columns = ["Study", "Question", "Endpoint", "Patients", "Groups", "As reported", "Read in", "Flag"]
    return table(
        pd.DataFrame(rows, columns=columns, dtype=object), name="table-all-outcomes",
        caption=f"{len(rows)} reported results; each leads to its place",
        filters=["Question", "Endpoint", "Patients", "Read in", "Flag"], download="outcomes.csv",
    )  # fmt: skip


def show_all_findings(review: Review) -> ShownTable:
    """Return every finding, with a link to its place on the page of its document."""
    rows = [
        (
            Link(finding.id, f"../sources/{source.citekey}.html#{finding.id}"), finding.statement, finding.verdict,
            finding.topic, finding.population, finding.direction, source.title,
        )
        for source, finding in review.findings.values()
    ]  # fmt: skip
    columns = ["Finding", "What is said", "Verdict", "Topic", "In", "Speaks", "Document"]
    return table(
        pd.DataFrame(rows, columns=columns), name="table-all-findings",
        caption=f"{len(rows)} findings; each leads to its place", filters=["Verdict", "Topic", "In", "Document"],
        download="findings.csv",
    )  # fmt: skip
