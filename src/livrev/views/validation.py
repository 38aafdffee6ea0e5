"""How closely the arithmetic agrees with another engine."""

from livrev.library import Library
from livrev.tables import ShownTable, show_table

_FAMILIES = {"effect": "pools of effects", "proportion": "pools of proportions"}


def show_agreement(library: Library) -> ShownTable:
    """Return one row a quantity: how often it was compared with metafor, and to how many digits the worst case agrees."""
    rows = [
        {**record, "family": _FAMILIES[record["family"]], "digits": f"{record['digits']} digits"}
        for record in library.tables["validation"].records
    ]
    columns = {
        "family": "Of", "quantity": "Quantity", "compared": "Compared", "digits": "Agrees to",
    }  # fmt: skip
    caption = "How closely the pools agree with metafor"
    return show_table(rows, name="table-validation", caption=caption, columns=columns, filters=["family"])
