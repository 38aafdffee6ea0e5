"""The evidence card (what a finding or a reported result says, in whom, how sure, where it was read), and all records in tables."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import NamedTuple
from urllib.parse import quote

import pandas as pd

from livrev.records.model import Estimate, Finding, Outcome, Source
from livrev.records.review import Review
from livrev.review.certainty import name_target
from livrev.review.studies import counted_studies
from livrev.show.format import format_estimate, format_outcome, within_sentence
from livrev.show.names import (
    BASIS,
    cite,
    link_reference,
    link_study,
    retraction_of,
    say_code,
    say_conditions,
    say_published,
)
from livrev.show.tables import Link, ShownTable, table

Facts = tuple[tuple[str, str | Link], ...]


class Card(NamedTuple):
    """One record on a card: a head, facts in order (name, what is said), and the place of its own page."""

    key: str
    head: str
    facts: Facts
    page: str

    @property
    def words(self) -> str:
        """The card in one line, as paper prints it."""
        return f"{self.head}. " + "; ".join(f"{name}: {said}" for name, said in self.facts) + "."


def card_of(
    review: Review, name: str, results: Mapping[str, Estimate], marks: Mapping[str, tuple[str, str]] | None = None
) -> Card:
    """Return the card called *name*: a finding, an outcome, `pool.<id>` (its number out of *results*) or `strategy.<id>`.

    *marks* are those of `marks_over_time`. Raises KeyError where there is none of that name.
    """
    mark, ground = (marks or {}).get(name, ("", ""))
    over_time: Facts = (("Over time", f"{mark} ({ground})"),) if mark else ()
    kind, _, key = name.partition(".")
    if kind == "pool":
        head, facts, page = _of_pool(review, key, results.get(name), over_time)
    elif kind == "strategy":
        one, page = review.strategies[key], f"{review.settings.pages.strategies or 'studies/index'}.html"
        facts = (("Certainty", one.certainty), ("Because", one.certainty_reason), ("Stage", one.stage))
        head, facts = one.name, (*facts, ("Why it should work", one.rationale))
    elif name in review.findings:
        head, facts, page = _of_finding(review, *review.findings[name])
    else:
        head, facts, page = _of_outcome(review, review.outcomes[name], over_time)
    return Card(name, head, tuple((fact, said) for fact, said in facts if str(said)), page)


def _of_pool(review: Review, key: str, estimate: Estimate | None, over_time: Facts) -> tuple[str, Facts, str]:
    plan, judged, published = review.pools[key], review.appraisals.get(key), say_published(review, key)
    studies = dict.fromkeys(review.outcomes[outcome].study for outcome in plan.outcomes)
    names = ", ".join(review.studies[study].short_name for study in studies)
    facts: Facts = (("Pooled", names), *over_time, ("Which, and why", plan.rule), ("Caution", plan.caution))
    if judged is not None:
        rated = (("Certainty", judged.certainty), ("Of", name_target(judged.threshold)), ("Because", judged.reason))
        facts = (*rated, ("Rests also on", published), ("Overlap", judged.overlap or "" if published else ""), *facts)
    measure = "share" if plan.measure == "proportion" else plan.measure
    number = f", {measure} {format_estimate(estimate, 'full')}" if estimate else ""
    return plan.title + number, facts, place_of_pool(review, key)


def place_of_pool(review: Review, key: str) -> str:
    """Return the place of a pool's figure, its own or that of its family; the list of all results where no page shows pools."""
    page = review.settings.pages.pools
    if page is None:
        return "outcomes/index.html"
    notebook = review.repository.root / f"{page}.ipynb"
    text = notebook.read_text(encoding="utf-8") if notebook.is_file() else ""
    figures = (f"fig-pool-{key}", f"fig-family-{review.pools[key].family}" if key in review.pools else "")
    return next((f"{page}.html#{name}" for name in figures if f'"{name}"' in text), f"{page}.html")


def _of_finding(review: Review, source: Source, finding: Finding) -> tuple[str, Facts, str]:
    number, place = f"number {finding.sentence}", place_in_source(review, source, finding)
    facts: Facts = (
        ("Said by", link_reference(review, source.citekey, source.title)),
        ("Sentence", Link(number, place) if place else number),
        ("About", review.settings.populations[finding.population]),
        ("Verdict", finding.verdict.replace("-", " ")),
        *(("Settled by", cite(review, key)) for key in finding.settled_by),
        ("Because", finding.explanation),
        ("Retraction", retraction_of(review, source.citekey)),
    )
    return finding.statement, facts, f"sources/{source.citekey}.html#{finding.id}"


def _of_outcome(review: Review, outcome: Outcome, over_time: Facts) -> tuple[str, Facts, str]:
    label, study = review.vocabulary.label, review.studies[outcome.study]
    head = f"{study.name}: {label('endpoints', outcome.endpoint)}, {format_outcome(outcome)}"
    stratum = within_sentence(say_code(review, "strata", outcome.stratum))
    held = [plan for plan in review.pools.values() if outcome.outcome in (*plan.outcomes, *plan.comparators)]
    rated = {key: judged.certainty for key, judged in review.appraisals.items()}
    facts: Facts = (
        ("In", f"{say_conditions(review, study.condition)}: {stratum}{f', {study.n} patients in all' if (study.n or 0) > 1 else ''}"),
        ("Of", outcome.groups),
        ("Kind", {"prognostic": "prognosis, not benefit", "treatment": "benefit over a control"}.get(outcome.contrast, "")),
        *over_time,
        ("Design", label("designs", study.design)),
        ("Read in", Link(f"{BASIS.get(outcome.basis, outcome.basis)}, {outcome.read_on.isoformat()}", point_at(outcome))),
        ("Reference", cite(review, outcome.citekey)),
        ("Pooled in", "; ".join(f"{one.title} (certainty: {rated.get(one.pool, 'not rated')})" for one in held)),
        ("Flag", f"{say_code(review, None, outcome.flag)}: {outcome.flag_reason}" if outcome.flag else ""),
        ("Retraction", retraction_of(review, outcome.citekey)),
    )  # fmt: skip
    return head, facts, f"studies/{study.study}.html#{outcome.outcome}"


def place_in_source(review: Review, source: Source, finding: Finding) -> str:
    """Return the address of the very sentence that a finding comes from, by its first and last words; empty where it is not public."""
    link = link_reference(review, source.citekey)
    edges = review.features[source.citekey].sentences[finding.sentence - 1].edges
    return link.address + _fragment(edges) if isinstance(link, Link) else ""


def point_at(outcome: Outcome) -> str:
    """Return the address at which a result was read, with a text fragment from its value to its upper bound.

    Numbers are facts, so no word of the source is needed; a browser that does not find them opens the page at its head.
    """
    if outcome.value is None or outcome.ci_high is None or outcome.derived or "#" in outcome.address:
        return outcome.address
    return outcome.address + _fragment((outcome.value.text, outcome.ci_high.text))


def _fragment(edges: Iterable[str]) -> str:
    """Return the text fragment of an address that names a passage by its first and last words; empty without them."""
    named = ",".join(quote(edge, safe="").replace("-", "%2D") for edge in edges)
    return f"#:~:text={named}" if named else ""


def show_all_studies(review: Review) -> ShownTable:
    """Return every study, with a link to its page, beside the pages of the index."""
    label, reported = review.vocabulary.label, Counter(outcome.study for outcome in review.outcomes.values())
    counted = len(counted_studies(review))
    rows = [
        (
            link_study(review, study), review.settings.question(study.question).brief, label("designs", study.design),
            say_conditions(review, study.condition),
            ", ".join(say_code(review, "strategies", strategy) for strategy in study.strategy),
            study.year, study.n, reported[study.study], ", ".join(study.nct),
        )
        for study in sorted(review.studies.values(), key=lambda study: (-(study.year or 0), study.name))
    ]  # fmt: skip
    condition = review.settings.condition.title
    columns = ["Study", "Question", "Design", condition, "Strategy", "Year", "Patients", "Results", "Registered as"]
    others = f"{len(rows) - counted} other records: parts of a study, syntheses, trials that only registered"
    frame = pd.DataFrame(rows, columns=columns, dtype=object)
    return _all("studies", f"{counted} studies, and {others}", frame, ["Question", "Design", condition])


def _all(what: str, caption: str, frame: pd.DataFrame, filters: list[str]) -> ShownTable:
    return table(frame, name=f"table-all-{what}", caption=caption, filters=filters, download=f"{what}.csv")


def show_all_outcomes(review: Review) -> ShownTable:
    """Return every reported result, with a link to its place on the page of its study."""
    rows = [
        (
            link_study(review, study, outcome.outcome), review.settings.question(study.question).brief,
            review.vocabulary.label("endpoints", outcome.endpoint), say_code(review, "strata", outcome.stratum),
            outcome.groups, format_outcome(outcome), *(say_code(review, None, code or "") for code in (outcome.basis, outcome.flag)),
        )
        for outcome, study in ((outcome, review.studies[outcome.study]) for outcome in review.outcomes.values())
    ]  # fmt: skip
    columns = ["Study", "Question", "Endpoint", "Patients", "Groups", "As reported", "Read in", "Flag"]
    frame = pd.DataFrame(rows, columns=columns, dtype=object)
    filters = ["Question", "Endpoint", "Patients", "Read in", "Flag"]
    return _all("outcomes", f"{len(rows)} reported results; each leads to its place", frame, filters)


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
    frame = pd.DataFrame(rows, columns=columns, dtype=object)
    filters = ["Verdict", "Topic", "In", "Document"]
    return _all("findings", f"{len(rows)} findings; each leads to its place", frame, filters)
