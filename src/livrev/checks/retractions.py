"""Check the table of retractions: a row for every DOI, and nothing said that nobody looked up."""

import csv
import io
from collections.abc import Iterable

from livrev.diagnostics import Problem
from livrev.records.review import Review

# Only these list retractions as such; a page that shows none has not said that there is none.
REGISTERS = ("Crossref", "PubMed", "Retraction Watch")
_NOTICES = ("correction", "concern", "retracted")


def check_retractions(review: Review) -> Iterable[Problem]:
    """Yield each DOI of the bibliography without a row, and each row that says more, or less, than was looked up."""
    rows = review.tables.get("retractions")
    if rows is None:
        return
    repository = review.repository
    file = repository.relative(repository.data / rows.table.path)
    known = {record["citekey"] for record in rows.records}
    for reference in review.references.values():
        if (doi := reference.plain("doi")) and reference.key not in known:
            cure = f"add the row: {reference.key},{doi},unchecked,,,, (or run livrev retractions)"
            bib = repository.relative(repository.references)
            yield Problem(bib, reference.line, "doi", doi, f"has no row in {file}", cure)
    for record, line in zip(rows.records, rows.lines, strict=True):

        def problem(field: str, message: str, cure: str, record=record, line: int = line) -> Problem:  # type: ignore[no-untyped-def]
            return Problem(file, line, field, str(record[field] or ""), message, cure)

        cited = review.references.get(record["citekey"])
        if cited is not None and cited.plain("doi").lower() != record["doi"].lower():
            said = f"is not the DOI of {record['citekey']} ({cited.plain('doi') or 'it has none'})"
            yield problem("doi", said, "mend the one that is wrong")
        looked = record["state"] != "unchecked"
        for field in ("checked_on", "where"):
            if looked and record[field] is None:
                yield problem(field, f"is missing, and the state is {record['state']}", "fill it, or write unchecked")
            if not looked and record[field] is not None:
                yield problem(field, "is filled, and the state is unchecked", "empty it, or write what was found")
        if record["state"] == "none" and not (record["where"] or "").startswith(REGISTERS):
            cure = f"name {', '.join(REGISTERS)} first, or write none-seen"
            yield problem("where", "is no register of retractions", cure)
        if record["state"] in _NOTICES and not (record["notice_doi"] or record["note"]):
            yield problem("notice_doi", f"is missing, and the state is {record['state']}", "give the notice, or a note")
        if record["state"] not in _NOTICES and record["notice_doi"]:
            yield problem("notice_doi", f"is filled, and the state is {record['state']}", "empty it, or mend the state")


def read_found(text: str) -> dict[str, dict[str, str]]:
    """Return what was looked up, by citekey. Raises ValueError where a column is missing or a key stands twice."""
    rows = list(csv.DictReader(io.StringIO(text)))
    missing = {"citekey", "state", "checked_on", "where"} - set(rows[0] if rows else ())
    if missing:
        raise ValueError(f"has no column {', '.join(sorted(missing))}")
    found = {row["citekey"]: row for row in rows}
    if len(found) < len(rows):
        raise ValueError("names a citekey twice; keep the later look")
    return found


def complete_rows(review: Review, found: dict[str, dict[str, str]]) -> str:
    """Return the table of retractions as CSV: a row for each DOI, in the order of the bibliography, with what was *found*.

    Raises ValueError where *found* names a reference that has no DOI.
    """
    table = review.tables["retractions"]
    columns = table.table.names
    known = {record["citekey"]: record for record in table.records}
    wanted = [reference for reference in review.references.values() if reference.plain("doi")]
    if strange := sorted(set(found) - {reference.key for reference in wanted}):
        raise ValueError(f"names {', '.join(strange[:5])}, which has no DOI in the bibliography")
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, columns, restval="", extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    for reference in wanted:
        row: dict[str, object] = {"state": "unchecked"} | known.get(reference.key, {}) | found.get(reference.key, {})
        row |= {"citekey": reference.key, "doi": reference.plain("doi")}
        writer.writerow({key: "" if value is None else value for key, value in row.items() if key is not None})
    return buffer.getvalue()
