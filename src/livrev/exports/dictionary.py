"""Describe the exported tables: a data dictionary for people, and a data package for programs (Frictionless)."""

import json
from typing import Any

from livrev.exports.tables import EXPORTS, Row, to_csv
from livrev.records.review import Review
from livrev.records.tables import Column

_TITLES = {
    "sources": "The founding documents: what each is, and how much it says.",
    "findings": "Every statement of the founding documents in our own words, with its verdict.",
    "strategies": "Ways of treating, with the findings for and against and the studies that tested them.",
    "studies": "Trials, cohorts, series, experiments, meta-analyses and registered trials.",
    "outcomes": "One reported result of a study a row, as printed.",
    "estimates": "Every number that the book may print, by name.",
}
# What the exports add to the columns of the kept tables.
_OWN = {
    "source": "BibTeX key of the document.",
    "kind": "Kind of document.",
    "title": "Its title.",
    "year": "Year of publication.",
    "language": "Language of the document.",
    "reports_on": "Keys of the publications that it reports on.",
    "sentences": "Number of its sentences.",
    "findings": "Number of findings drawn from it.",
    "confirmed": "Number of findings that were confirmed.",
    "read_on": "Day on which it was read.",
    "id": "Identifier of the finding.",
    "sentence": "Number of the sentence that carries it.",
    "topic": "Topic, a term of the vocabulary.",
    "direction": "Whether it speaks for or against {subject}.",
    "population": "In whom it was found: {populations}.",
    "type": "Kind of statement.",
    "verdict": "What became of it when it was checked.",
    "statement": "The statement, in our own words.",
    "settled_by": "Keys of the sources that settle it.",
    "altered_by": "What changed it on its way.",
    "explanation": "Why this verdict.",
    "fingerprint": "Beginning of the SHA-256 digest of the sentence's words.",
    "studies": "Studies that test the strategy.",
    "name": "Name by which the book prints the number.",
    "value": "The number, on the scale of its unit.",
    "unit": "Its unit; empty for ratios and counts.",
    "label": "What it is, in words.",
    "low": "Lower bound of the interval.",
    "high": "Upper bound of the interval.",
    "level": "Level of the interval in percent.",
    "k": "Number of studies.",
    "n": "Number of patients.",
    "events": "Number of events.",
    "method": "How it was got.",
    "rests_on": "Rows that it rests on.",
    "citekeys": "BibTeX keys of the sources of those rows.",
    "precision": "Decimals with which it is printed.",
}


def describe_exports(review: Review, rows: dict[str, list[Row]]) -> list[dict[str, Any]]:
    """Return one description a column of every exported table: file, column, type, unit, meaning."""
    said = {"subject": review.settings.subject, "populations": ", ".join(review.settings.populations)}
    described = []
    for name, records in rows.items():
        kept = {c.name: c for c in review.tables[name].table.columns} if name in review.tables else {}
        for column in records[0] if records else ():
            own = kept.get(column) or Column(column, _type_of(records, column), _OWN[column].format(**said))
            kind = "string" if own.delimiter else own.type
            described.append(
                {"file": f"{name}.csv", "column": column, "type": kind, "unit": own.unit, "meaning": own.description}
            )
    return described


def _type_of(records: list[Row], column: str) -> str:
    values = [record[column] for record in records if record[column] is not None]
    if values and all(isinstance(value, int) for value in values):
        return "integer"
    return "number" if values and all(isinstance(value, int | float) for value in values) else "string"


def to_dictionary(review: Review, rows: dict[str, list[Row]]) -> str:
    """Return the data dictionary as CSV."""
    return to_csv(describe_exports(review, rows))


def to_data_package(review: Review, rows: dict[str, list[Row]]) -> str:
    """Return the description of the exported CSV files as a Frictionless data package."""
    fields: dict[str, list[dict[str, str]]] = {f"{name}.csv": [] for name in rows}
    for column in describe_exports(review, rows):
        fields[column["file"]].append(
            {"name": column["column"], "type": column["type"], "description": column["meaning"]}
            | ({"unit": column["unit"]} if column["unit"] else {})
        )
    resources = [
        {
            "profile": "tabular-data-resource", "name": name, "path": f"{name}.csv", "description": _TITLES[name],
            "format": "csv", "mediatype": "text/csv", "encoding": "utf-8",
            "schema": {"fields": fields[f"{name}.csv"], "missingValues": [""]},
        }
        for name in EXPORTS if rows[name]
    ]  # fmt: skip
    package = {
        "profile": "tabular-data-package", "name": "livrev-exports",
        "licenses": [{"name": "CC-BY-4.0", "path": "https://creativecommons.org/licenses/by/4.0/"}],
        "resources": resources,
    }  # fmt: skip
    return json.dumps(package, ensure_ascii=False, indent=1) + "\n"


def title_of(name: str) -> str:
    """Return what an exported table holds, in one sentence."""
    return _TITLES[name]
