"""Write records as CSV and JSON that others can read (flat, stable in order, safe in a spreadsheet), and describe every column."""

import csv
import io
import json
import re
from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel

from livrev.records.measures import Printed
from livrev.records.model import Finding, Source
from livrev.records.review import Review
from livrev.review.results import compute_results

Row = dict[str, Any]
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_FINDING = (
    "id", "source", "sentence", "topic", "direction", "population", "type", "verdict", "statement", "settled_by",
    "altered_by", "explanation", "fingerprint",
)  # fmt: skip
_PRINTED = "\x00"  # stands before the text of a reported number; no text of a record holds it
_MARKED = re.compile(r'"\\u0000([^"]*)"')
_MODELS: dict[str, type[BaseModel]] = {"sources": Source, "findings": Finding}  # whose fields say what they mean
_SAID = yaml.safe_load(Path(__file__).with_name("tables.yml").read_text(encoding="utf-8"))
TITLES: dict[str, str] = _SAID["titles"]


def source_rows(review: Review) -> list[Row]:
    """Return one row a source: what it is and how much it says."""
    return [
        {"source": source.citekey, "kind": source.kind, "title": source.title,
         "year": review.references[source.citekey].year, "language": source.language,
         "reports_on": list(source.reports_on), "sentences": len(review.features[source.citekey].sentences),
         "findings": len(source.findings), "confirmed": [f.verdict for f in source.findings].count("confirmed"),
         "read_on": source.read_on.isoformat()} for source in review.sources
    ]  # fmt: skip


def finding_rows(review: Review) -> list[Row]:
    """Return one row a finding, in the order of documents and sentences."""
    said = (found.model_dump(mode="json") | {"source": source.citekey} for source, found in review.findings.values())
    return [{name: row[name] for name in _FINDING} for row in said]


def strategy_rows(review: Review) -> list[Row]:
    """Return one row a strategy, with the studies that name it."""
    tested = {key: [s.study for s in review.studies.values() if key in s.strategy] for key in review.strategies}
    own = ((one, sorted({*one.studies, *tested[key]})) for key, one in review.strategies.items())
    return [strategy.model_dump(mode="json") | {"studies": studies} for strategy, studies in own]


def _table_rows(name: str, review: Review) -> list[Row]:
    records = review.tables[name].records
    return [{k: v.isoformat() if isinstance(v, date) else v for k, v in record.items()} for record in records]


EXPORTS: dict[str, Callable[[Review], list[Row]]] = {
    "sources": source_rows,
    "findings": finding_rows,
    "strategies": strategy_rows,
    "studies": partial(_table_rows, "studies"),
    "outcomes": partial(_table_rows, "outcomes"),
    "estimates": lambda review: [estimate.model_dump() for estimate in compute_results(review).values()],
}


def to_json(rows: list[Row]) -> str:
    """Return *rows* as JSON, a row a line; a reported number is a number with the digits that were printed."""
    marked = ({k: _PRINTED + v.text if isinstance(v, Printed) else v for k, v in row.items()} for row in rows)
    lines = ",\n".join(json.dumps(row, ensure_ascii=False) for row in marked)
    return _MARKED.sub(r"\1", f"[\n{lines}\n]\n")


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
    if isinstance(value, str):  # csv does not quote a carriage return, and readers end the row there
        return "'" * value.startswith(_FORMULA) + re.sub(r"\r\n?", " ", value)
    return "" if value is None else value


def describe_exports(review: Review, rows: dict[str, list[Row]]) -> list[Row]:
    """Return one description a column of every exported table: file, column, type, unit, meaning."""
    settings, described = review.settings, []
    words = {"subject": settings.subject, "populations": ", ".join(settings.populations)}
    for name, records in rows.items():
        kept = {c.name: c for c in review.tables[name].table.columns} if name in review.tables else {}
        for column in records[0] if records else ():
            if own := kept.get(column):
                kind, unit, meaning = "string" if own.delimiter else own.type, own.unit, own.description
            else:
                kind, unit = _type_of(records, column), None
                said = _SAID["columns"].get(column) or _MODELS[name].model_fields[column].description
                meaning = (said or "").format_map(words)
            described.append({"file": f"{name}.csv", "column": column, "type": kind, "unit": unit, "meaning": meaning})
    return described


def _type_of(records: list[Row], column: str) -> str:
    values = [record[column] for record in records if record[column] is not None]
    if values and all(isinstance(value, int) for value in values):
        return "integer"
    return "number" if values and all(isinstance(value, int | float) for value in values) else "string"
