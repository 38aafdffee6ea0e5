"""Write records as CSV and JSON that others can read: flat, stable in order, safe in a spreadsheet."""

import csv
import io
import json
import re
from collections.abc import Callable
from typing import Any

from livrev.records.measures import Printed
from livrev.records.review import Review
from livrev.review.results import compute_results

Row = dict[str, Any]
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_PRINTED = "\x00"  # stands before the text of a reported number; no text of a record holds it
_MARKED = re.compile(r'"\\u0000([^"]*)"')


def source_rows(review: Review) -> list[Row]:
    """Return one row a source: what it is and how much it says."""
    rows = []
    for source in review.sources:
        verdicts = [finding.verdict for finding in source.findings]
        rows.append(
            {
                "source": source.citekey,
                "kind": source.kind,
                "title": source.title,
                "year": review.references[source.citekey].year,
                "language": source.language,
                "reports_on": list(source.reports_on),
                "sentences": len(review.features[source.citekey]["sentences"]),
                "findings": len(verdicts),
                "confirmed": verdicts.count("confirmed"),
                "read_on": source.read_on.isoformat(),
            }
        )
    return rows


def finding_rows(review: Review) -> list[Row]:
    """Return one row a finding, in the order of documents and sentences."""
    return [
        {
            "id": finding.id,
            "source": source.citekey,
            "sentence": finding.sentence,
            "topic": finding.topic,
            "direction": finding.direction,
            "population": finding.population,
            "type": finding.type,
            "verdict": finding.verdict,
            "statement": finding.statement,
            "settled_by": list(finding.settled_by),
            "altered_by": finding.altered_by,
            "explanation": finding.explanation,
            "fingerprint": finding.fingerprint,
        }
        for source, finding in review.findings.values()
    ]


def strategy_rows(review: Review) -> list[Row]:
    """Return one row a strategy, with the studies that name it."""
    rows = []
    for strategy in review.strategies.values():
        tested = [s.study for s in review.studies.values() if strategy.strategy in s.strategy]
        row = strategy.model_dump(mode="json")
        row["studies"] = sorted({*strategy.studies, *tested})
        rows.append(row)
    return rows


def _table_rows(name: str) -> Callable[[Review], list[Row]]:
    def rows(review: Review) -> list[Row]:
        return [
            {key: value.isoformat() if hasattr(value, "isoformat") else value for key, value in record.items()}
            for record in review.tables[name].records
        ]

    return rows


def estimate_rows(review: Review) -> list[Row]:
    """Return one row a Result: every number that the book may print."""
    return [estimate.model_dump() for estimate in compute_results(review).values()]


EXPORTS: dict[str, Callable[[Review], list[Row]]] = {
    "sources": source_rows,
    "findings": finding_rows,
    "strategies": strategy_rows,
    "studies": _table_rows("studies"),
    "outcomes": _table_rows("outcomes"),
    "estimates": estimate_rows,
}


def export(review: Review, what: str, format: str) -> str:
    """Return the records called *what* as text in *format* (`csv` or `json`). Raises KeyError on an unknown name."""
    rows = EXPORTS[what](review)
    return to_json(rows) if format == "json" else to_csv(rows)


def to_json(rows: list[Row]) -> str:
    """Return *rows* as JSON, one key a line; a reported number is a number with the digits that were printed."""
    marked = [
        {key: _PRINTED + value.text if isinstance(value, Printed) else value for key, value in row.items()}
        for row in rows
    ]
    return _MARKED.sub(r"\1", json.dumps(marked, ensure_ascii=False, indent=1)) + "\n"


def to_csv(rows: list[Row]) -> str:
    """Return *rows* as CSV; text that a spreadsheet would take for a formula gets an apostrophe before it."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    if rows:
        writer.writerow(rows[0])
        writer.writerows([_cell(value) for value in row.values()] for row in rows)
    return buffer.getvalue()


def _cell(value: Any) -> Any:
    if isinstance(value, list | tuple):
        value = "; ".join(map(str, value))
    if isinstance(value, str):
        armed = value.startswith(_FORMULA)
        value = re.sub(r"\r\n?", " ", value)  # csv does not quote a carriage return, and readers end the row there
        return "'" + value if armed else value
    return "" if value is None else value
