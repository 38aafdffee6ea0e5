"""The data dictionary: every table and column, as datapackage.json describes them."""

from livrev.records.review import Review
from livrev.show.tables import ShownTable, show_table


def show_tables(review: Review) -> ShownTable:
    """Return one row a table: what a row is, how many there are, what identifies it."""
    rows = [
        {
            "name": rows.table.name,
            "path": f"data/{rows.table.path}",
            "description": rows.table.description,
            "rows": len(rows.records),
            "columns": len(rows.table.columns),
            "key": rows.table.key,
        }
        for rows in review.tables.values()
    ]
    columns = {
        "name": "Table",
        "path": "File",
        "description": "What it holds",
        "rows": "Rows",
        "columns": "Columns",
        "key": "Key",
    }
    return show_table(rows, name="table-tables", caption="The tables", columns=columns, download="datapackage.json")


def show_columns(review: Review, table: str) -> ShownTable:
    """Return one row a column of *table*: type, unit, meaning and what is allowed."""
    described = review.tables[table].table
    rows = [
        {
            "name": column.name,
            "type": column.type + (" list" if column.delimiter else ""),
            "unit": column.unit,
            "description": column.description,
            "required": "yes" if column.required else "",
            "allowed": column.allowed or (f"vocabulary: {column.vocabulary}" if column.vocabulary else column.pattern),
        }
        for column in described.columns
    ]
    columns = {
        "name": "Column", "type": "Type", "unit": "Unit", "description": "Meaning", "required": "Must be filled", "allowed": "Allowed",
    }  # fmt: skip
    return show_table(rows, name=f"table-columns-{table}", caption=f"{described.title}: columns", columns=columns)


def show_vocabulary(review: Review) -> ShownTable:
    """Return every term of the vocabulary with its other names and identifiers."""
    rows = [
        {
            "group": group,
            "id": id_,
            "label": term.label,
            "synonyms": term.synonyms,
            "ncit": term.ncit,
            "mesh": term.mesh,
        }
        for group, terms in review.vocabulary.terms.items()
        for id_, term in terms.items()
    ]
    columns = {
        "group": "Group",
        "id": "Id",
        "label": "Label",
        "synonyms": "Other names",
        "ncit": "NCIt",
        "mesh": "MeSH",
    }
    return show_table(rows, name="table-vocabulary", caption="The vocabulary", columns=columns, filters=["group"])
