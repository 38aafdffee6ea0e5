"""Make a DataFrame of each table (real dtypes, the record's key as index, the columns of the data dictionary), and read a text."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from livrev.diagnostics import ReviewError
from livrev.paths import RepositoryNotFound, find_repository
from livrev.records.model import Finding
from livrev.records.review import Review, read_vocabulary
from livrev.records.tables import Rows
from livrev.text import extract
from livrev.text.numbers import quantity_to_json
from livrev.text.vocabulary import Vocabulary

_REFERENCE_FIELDS = ("title", "author", "year", "journal", "volume", "number", "pages", "doi", "pmid", "nct", "url")
_CATEGORIES = ("source", "topic", "direction", "population", "type", "verdict", "altered_by")
_DTYPES: dict[str, Any] = {"integer": "Int64", "year": "Int64", "number": "float64", "date": object}


def frame_of(rows: Rows) -> pd.DataFrame:
    """Return the rows of one table as a frame.

    The index is the key where the key is one column; dtypes follow the data dictionary: `Int64` (whole numbers, which may
    be missing), `float64`, `datetime64[ns]`, `category` (where the dictionary lists the values, or a vocabulary does),
    `str`, and `object` for a cell that holds several values, as a tuple.
    """
    columns = {}
    for one in rows.table.columns:
        text = "category" if one.allowed or one.vocabulary else "str"
        dtype = object if one.delimiter else _DTYPES.get(one.type, text)
        cells: pd.Series = pd.Series(list(rows.column(one.name)), dtype=dtype)
        columns[one.name] = pd.to_datetime(cells) if one.type == "date" and not one.delimiter else cells
    frame = pd.DataFrame(columns)
    return frame.set_index(rows.table.key[0]) if len(rows.table.key) == 1 else frame


def findings_frame(review: Review) -> pd.DataFrame:
    """Return every finding of the founding documents: where it stands, what it says, and what came of it."""
    records = [{"source": source.citekey} | finding.model_dump() for source, finding in review.findings.values()]
    frame = pd.DataFrame(records, columns=["source", *Finding.model_fields]).set_index("id").rename_axis("finding")
    return frame.astype(dict.fromkeys(_CATEGORIES, "category"))


def sources_frame(review: Review) -> pd.DataFrame:
    """Return every founding document, with how many of its sentences claim something, furnish the page, or repeat."""
    about = ("kind", "title", "language", "read_on", "reports_on")
    records = {
        source.citekey: {field: getattr(source, field) for field in about}
        | {"sentences": len(review.features[source.citekey].sentences)}
        | {role: [*source.roles.values()].count(role) for role in ("claim", "boilerplate", "repeat")}
        | {"findings": len(source.findings)}
        for source in review.sources
    }
    frame = pd.DataFrame.from_dict(records, orient="index").rename_axis("source")
    return frame.astype({"kind": "category"}).assign(read_on=pd.to_datetime(frame["read_on"]))


def sentences_frame(review: Review) -> pd.DataFrame:
    """Return every sentence of the founding documents by document and number: its role, and what the reader found in it.

    The sentences themselves are not kept: `numbers`, `quantities` and `terms` are what the text reader saw in them.
    """
    records = [
        {
            "source": source.citekey, "sentence": sentence.n, "role": source.roles.get(sentence.n),
            "characters": sentence.end - sentence.start, "numbers": sentence.numbers,
            "quantities": tuple(_quantity(quantity_to_json(found)) for found in sentence.quantities),
            "terms": tuple(review.vocabulary.label(*term.split(":", 1)) for term in sentence.entities),
            "fingerprint": sentence.fingerprint,
        }
        for source in review.sources
        for sentence in review.features[source.citekey].sentences
    ]  # fmt: skip
    return pd.DataFrame(records).astype({"role": "category"}).set_index(["source", "sentence"])


def _quantity(found: Mapping[str, object]) -> str:
    value = f"{found['events']}/{found['total']}" if "events" in found else found.get("value", found.get("p", ""))
    interval = f" ({found['low']} to {found['high']})" if "low" in found else ""
    return f"{found['kind']} {value}{interval} {found.get('unit', '')}".strip()


def references_frame(review: Review) -> pd.DataFrame:
    """Return the bibliography: one row an entry, the fields as printed without their braces."""
    records = []
    for entry in review.references.values():
        fields: dict[str, Any] = {field: entry.plain(field) or None for field in _REFERENCE_FIELDS}
        records.append(fields | {"citekey": entry.key, "type": entry.type, "year": entry.year})
    frame = pd.DataFrame(records, columns=["citekey", "type", *_REFERENCE_FIELDS]).set_index("citekey")
    return frame.astype(dict.fromkeys(_REFERENCE_FIELDS, "str") | {"type": "category", "year": "Int64"})


def vocabulary_frame(review: Review) -> pd.DataFrame:
    """Return every term by its group and id: label, synonyms, and its identifiers in NCIt and MeSH."""
    terms = [(group, id_, t.label, t.synonyms, t.ncit, t.mesh) for group, id_, t in review.vocabulary.every_term()]
    frame = pd.DataFrame(terms, columns=["group", "term", "label", "synonyms", "ncit", "mesh"])
    return frame.set_index(["group", "term"])


def tables_frame(review: Review) -> pd.DataFrame:
    """Return every table by name: its file, what a row is, how many rows and columns there are, and what identifies a row."""
    records = [
        (name, f"data/{rows.table.path}", rows.table.description, len(rows.records), len(rows.table.columns), rows.table.key)
        for name, rows in review.tables.items()
    ]  # fmt: skip
    columns = ["table", "path", "description", "rows", "columns", "key"]
    return pd.DataFrame(records, columns=columns).set_index("table")


def columns_frame(review: Review) -> pd.DataFrame:
    """Return the data dictionary by table and column: type, unit, meaning, whether it must be filled, what is allowed."""
    records = [
        {
            "table": rows.table.name, "column": column.name, "type": column.type + (" list" if column.delimiter else ""),
            "unit": column.unit, "description": column.description, "required": column.required,
            "allowed": column.allowed or (f"vocabulary: {column.vocabulary}" if column.vocabulary else column.pattern),
        }
        for rows in review.tables.values()
        for column in rows.table.columns
    ]  # fmt: skip
    return pd.DataFrame(records).set_index(["table", "column"])


def questions_frame(review: Review) -> pd.DataFrame:
    """Return the questions of the review, in their order: `label`, the `short` form, and their `chapter` and `notebook`."""
    questions = review.settings.questions
    rows = [(asked.label, asked.brief, asked.chapter, asked.notebook) for asked in questions.values()]
    index = pd.Index(questions, name="question")
    return pd.DataFrame(rows, index=index, columns=["label", "short", "chapter", "notebook"])


def designs_frame(review: Review) -> pd.DataFrame:
    """Return the designs of studies, in the order of figures, each with the `group` that figures count it in."""
    rows = [(design, one.name) for one in review.settings.designs for design in one.designs]
    return pd.DataFrame(rows, columns=["design", "group"]).set_index("design")


def read_text(text: str, vocabulary: Vocabulary | None = None) -> list[dict[str, object]]:
    """Return every quantity and every term that *text* states, in reading order; `pd.DataFrame` makes a frame of it.

    Each is a mapping of what was said: `kind` (HR, OR, RR, p, proportion, n, median, rate, dose, date, or entity),
    `value`, `low` and `high` of an interval with its `level` in percent, `p`, `events` of `total`, `unit`, the place
    (`start`, `end`), and `text`, the words themselves. *vocabulary* is that of the review around the working folder where
    none is given; outside a review only quantities are found.

    >>> import pandas as pd
    >>> found = read_text("The hazard ratio was 0.58 (95% CI 0.42 to 0.79).", Vocabulary({}))
    >>> pd.DataFrame(found).set_index("kind")[["value", "low", "high", "level"]]  # doctest: +NORMALIZE_WHITESPACE
          value   low  high  level
    kind
    HR     0.58  0.42  0.79     95
    """
    if vocabulary is None:
        try:
            vocabulary, problems = read_vocabulary(find_repository())
        except RepositoryNotFound:
            vocabulary = Vocabulary({})
        if vocabulary is None:
            raise ReviewError(problems)
    found = extract(text, vocabulary)
    return [item | {"text": text[int(str(item["start"])) : int(str(item["end"]))]} for item in found]
