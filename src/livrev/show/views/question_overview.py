"""Where a new chapter begins: what is on record, question by question."""

from collections import Counter

from livrev.records.review import Review
from livrev.show.tables import ShownTable, show_table


def show_questions(review: Review) -> ShownTable:
    """Return one row a question: its studies, their reported results, and the registered trials without any."""
    asked = {study.study: study.question for study in review.studies.values()}
    registered = Counter(s.question for s in review.studies.values() if s.design == "registered-trial")
    studies = Counter(asked.values())
    results = Counter(asked[outcome.study] for outcome in review.outcomes.values())
    rows = [
        {
            "question": review.settings.question(question).label,
            "id": question,
            "studies": studies[question] - registered[question],
            "results": results[question],
            "registered": registered[question],
        }
        for question in review.settings.questions
    ]
    columns = {
        "question": "Question", "id": "Its name in the tables", "studies": "Studies", "results": "Reported results",
        "registered": "Registered trials",
    }  # fmt: skip
    return show_table(rows, name="table-questions", caption="What is on record, by question", columns=columns)
