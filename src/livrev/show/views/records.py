"""Every study, reported result and finding in one table each, to be filtered and sorted."""

from livrev.records.review import Review
from livrev.show.tables import Link, ShownTable, show_table
from livrev.show.views.evidence import label_conditions, link_study, say_outcome, say_stratum


def show_all_studies(review: Review) -> ShownTable:
    """Return every study, with a link to its page, beside the pages of the index."""
    label = review.vocabulary.label
    reported: dict[str, int] = {}
    for outcome in review.outcomes.values():
        reported[outcome.study] = reported.get(outcome.study, 0) + 1
    rows = [
        {
            "name": link_study(review, study),
            "question": review.settings.question(study.question).brief,
            "design": label("designs", study.design),
            "condition": ", ".join(label_conditions(review, study.condition)),
            "strategy": ", ".join(label("strategies", strategy) for strategy in study.strategy),
            "year": study.year,
            "n": study.n,
            "results": reported.get(study.study, 0),
            "nct": ", ".join(study.nct),
        }
        for study in sorted(review.studies.values(), key=lambda study: (-(study.year or 0), study.name))
    ]
    columns = {
        "name": "Study", "question": "Question", "design": "Design", "condition": review.settings.condition.title, "strategy": "Strategy",
        "year": "Year", "n": "Patients", "results": "Results", "nct": "Registered as",
    }  # fmt: skip
    return show_table(
        rows,
        name="table-all-studies",
        caption=f"{len(rows)} studies; each name leads to its page",
        columns=columns,
        filters=["question", "design", "condition"],
        download="studies.csv",
    )


def show_all_outcomes(review: Review) -> ShownTable:
    """Return every reported result, with a link to its place on the page of its study."""
    label = review.vocabulary.label
    rows = []
    for outcome in review.outcomes.values():
        study = review.studies[outcome.study]
        rows.append(
            {
                "study": link_study(review, study, outcome.outcome),
                "question": review.settings.question(study.question).brief,
                "endpoint": label("endpoints", outcome.endpoint),
                "stratum": say_stratum(review, outcome),
                "arms": outcome.arm if outcome.contrast == "arm" else f"{outcome.arm} v {outcome.comparator}",
                "result": say_outcome(outcome),
                "basis": outcome.basis,
                "flag": outcome.flag,
            }
        )
    columns = {
        "study": "Study", "question": "Question", "endpoint": "Endpoint", "stratum": "Patients", "arms": "Groups",
        "result": "As reported", "basis": "Read in", "flag": "Flag",
    }  # fmt: skip
    return show_table(
        rows,
        name="table-all-outcomes",
        caption=f"{len(rows)} reported results; each leads to its place",
        columns=columns,
        filters=["question", "endpoint", "stratum", "basis", "flag"],
        download="outcomes.csv",
    )


def show_all_findings(review: Review) -> ShownTable:
    """Return every finding, with a link to its place on the page of its document."""
    rows = [
        {
            "id": Link(finding.id, f"../sources/{source.citekey}.html#{finding.id}"),
            "source": source.title,
            "statement": finding.statement,
            "topic": finding.topic,
            "population": finding.population,
            "direction": finding.direction,
            "verdict": finding.verdict,
        }
        for source, finding in review.findings.values()
    ]
    columns = {
        "id": "Finding", "statement": "What is said", "verdict": "Verdict", "topic": "Topic", "population": "In",
        "direction": "Speaks", "source": "Document",
    }  # fmt: skip
    return show_table(
        rows,
        name="table-all-findings",
        caption=f"{len(rows)} findings; each leads to its place",
        columns=columns,
        filters=["verdict", "topic", "population", "source"],
        download="findings.csv",
    )
