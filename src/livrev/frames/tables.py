"""Show a frame as a table of the book: caption, filters, numbers to the right, a file to download."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from livrev.show.tables import ShownTable


def table(
    frame: pd.DataFrame,
    *,
    caption: str,
    columns: Mapping[str, str] | None = None,
    name: str | None = None,
    filters: Sequence[str] = (),
    download: str | None = None,
) -> ShownTable:
    """Return *frame* as a table with a *caption*.

    *columns* maps the columns to show, in order, to their heads; the index may be among them, and is the first one where
    none are named. *filters* names columns that get a choice of values, *download* a file of the book's downloads. *name*
    is the place of the table on its page (default: made from the caption). Raises KeyError for a column that is not there.

    >>> import pandas as pd
    >>> shown = table(pd.DataFrame({"n": [12, 9]}, index=pd.Index(["A", "B"], name="arm")), caption="Patients by arm")
    >>> print(shown)  # doctest: +NORMALIZE_WHITESPACE
    Patients by arm
    arm n
    A   12
    B    9
    2 rows, content 38b8dd5a3799
    """
    whole = frame.reset_index() if any(level is not None for level in frame.index.names) else frame
    heads = dict(columns) if columns is not None else {str(column): str(column) for column in whole.columns}
    unknown = [column for column in heads if column not in whole.columns]
    if unknown:
        raise KeyError(f"{', '.join(unknown)}: no such column; the frame has {', '.join(map(str, whole.columns))}")
    rows = tuple(tuple(_cell(cell) for cell in row) for row in whole[list(heads)].itertuples(index=False, name=None))
    place = name or "table-" + re.sub(r"[^a-z0-9]+", "-", caption.lower()).strip("-")
    return ShownTable(place, caption, tuple(heads.values()), rows, tuple(heads[one] for one in filters), download)


def _cell(cell: Any) -> Any:
    """Return a missing value as nothing, a day without its hour, a whole number as such."""
    if isinstance(cell, list | tuple | str):
        return cell
    if pd.isna(cell):
        return None
    if isinstance(cell, pd.Timestamp):
        return str(cell.date())
    return cell.item() if hasattr(cell, "item") else cell
