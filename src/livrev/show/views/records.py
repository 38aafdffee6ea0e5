"""Every study, reported result and finding in one table each, to be filtered and sorted."""

from collections import Counter

import pandas as pd

from livrev.records.review import Review
from livrev.review.studies import counted_studies
from livrev.show.format import format_outcome
from livrev.show.names import label_conditions, link_study, name_strategy, say_stratum
from livrev.show.tables import Link, ShownTable, table


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
