"""Where a new chapter begins: what is on record, question by question."""

from collections import Counter

from livrev.library import Library
from livrev.tables import ShownTable, show_table
from livrev.views.evidence import QUESTIONS


def show_questions(library: Library) -> ShownTable:
    """Return one row a question: its studies, their reported results, and the registered trials without any."""
    asked = {study.study: study.question for study in library.studies.values()}
    registered = Counter(s.question for s in library.studies.values() if s.design == "registered-trial")
    studies = Counter(asked.values())
    results = Counter(asked[outcome.study] for outcome in library.outcomes.values())
    rows = [
        {
            "question": QUESTIONS.get(question, question),
            "id": question,
            "studies": studies[question] - registered[question],
            "results": results[question],
            "registered": registered[question],
        }
        for question in dict.fromkeys([*(q for q in QUESTIONS if q in studies), *studies])
    ]
    columns = {
        "question": "Question", "id": "Its name in the tables", "studies": "Studies", "results": "Reported results",
        "registered": "Registered trials",
    }  # fmt: skip
    return show_table(rows, name="table-questions", caption="What is on record, by question", columns=columns)
