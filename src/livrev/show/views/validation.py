"""How closely the arithmetic agrees with another engine."""

from livrev.records.review import Review
from livrev.show.tables import ShownTable, show_table

_FAMILIES = {"effect": "pools of effects", "proportion": "pools of proportions"}


def show_agreement(review: Review) -> ShownTable:
    """Return one row a quantity: how often it was compared with metafor, and to how many digits the worst case agrees."""
    rows = [
        {**record, "family": _FAMILIES[record["family"]], "digits": f"{record['digits']} digits"}
        for record in review.tables["validation"].records
    ]
    columns = {
        "family": "Of", "quantity": "Quantity", "compared": "Compared", "digits": "Agrees to",
    }  # fmt: skip
    caption = "How closely the pools agree with metafor"
    return show_table(rows, name="table-validation", caption=caption, columns=columns, filters=["family"])
