"""Frames as tables that people read: plain in a terminal, sortable and filterable in the book, safe everywhere."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

import numpy as np
import pandas as pd

from livrev.records.measures import Printed
from livrev.records.safe_text import allowed_address, as_attribute
from livrev.show.format import format_count, format_number

_WIDEST = 48
_NUMERIC = ("integer", "floating", "mixed-integer-float")  # as pandas calls what the cells of a column are
_SHOWN, _LONG = 30, 60
_RIGHT = ' class="number"'
_FOLLOWED = ("https://", "http://", "../", "#")
_CARD = 6  # columns at most, where a phone shows a row as a card
_ESTIMATE = re.compile(r"[\d.−-]+ \([\d.−-]+ to [\d.−-]+\)")


@dataclass(frozen=True, slots=True)
class Link:
    """Text that leads somewhere; only http(s) addresses and places in the book are followed."""

    text: str
    address: str

    def __str__(self) -> str:
        return self.text


class Words(str):
    """Sentences that a notebook computes, shown as a paragraph: `livrev.Words("Two of three moved.")`."""

    __slots__ = ()

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        return {"text/plain": str(self), "text/html": f"<p>{escape(self)}</p>"}


@dataclass(frozen=True)
class ShownTable:
    """A table as a notebook shows it: *numeric* columns stand to the right, *filters* get a choice of values, *download* is its CSV."""

    name: str
    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    filters: tuple[str, ...] = ()
    download: str | None = None
    numeric: tuple[str, ...] = ()

    def __str__(self) -> str:
        """Return the table as plain text; long cells and tables are cut, and a digest of the whole stands below."""
        cells = [list(map(_plain, row)) for row in self.rows]
        short = [[c if len(c) <= _WIDEST else c[: _WIDEST - 1] + "…" for c in row] for row in cells[:_SHOWN]]
        frame = pd.DataFrame(short, columns=list(self.columns))
        body = frame.to_string(index=False, justify="left") if cells else "(no rows)"
        body += f"\n… and {len(cells) - _SHOWN} more" if len(cells) > _SHOWN else ""
        digest = hashlib.sha256(repr(cells).encode()).hexdigest()[:12]
        return f"{self.caption}\n{body}\n{format_count(len(cells), 'row')}, content {digest}"

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        return {"text/plain": str(self), "text/html": self.to_html()}

    def to_html(self) -> str:
        """Return the table as HTML; every cell is escaped, and named by its column where a phone shows each row as a card."""
        right = [column in self.numeric for column in self.columns]
        heads = "".join(
            f'<th scope="col"{" data-filter" * (column in self.filters)}{_RIGHT * number}>{escape(column)}</th>'
            for column, number in zip(self.columns, right, strict=True)
        )
        cards = len(self.columns) <= _CARD
        named = self.columns if cards else ("",) * len(self.columns)
        body = "\n".join("<tr>" + "".join(map(_cell, row, right, named)) + "</tr>" for row in self.rows)
        body = body or f'<tr><td colspan="{len(self.columns)}">none</td></tr>'
        place = f"../_static/downloads/{escape(self.download or '')}"
        note = f'<p class="livrev-download"><a href="{place}" download>Download as CSV</a></p>' if self.download else ""
        return (
            f'<div class="livrev-table" id="{escape(self.name)}">\n<div class="livrev-scroll">'
            f'<table class="livrev-data{" livrev-cards" * cards}">\n'
            f"<caption>{escape(self.caption)}</caption>\n<thead><tr>{heads}</tr></thead>\n<tbody>\n{body}\n</tbody>\n</table></div>\n"
            f"{note}</div>"
        )


def _plain(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, list | tuple):
        return ", ".join(map(str, cell))
    return format_number(cell) if isinstance(cell, Printed) else str(cell)


def _cell(cell: Any, right: bool, head: str) -> str:
    named = f' data-head="{escape(head)}"' if head else ""
    if isinstance(cell, Link) and cell.address.startswith(_FOLLOWED) and allowed_address(cell.address):
        return f'<td{named}><a href="{as_attribute(cell.address)}">{escape(cell.text)}</a></td>'
    text = _plain(cell)
    kind = "number" if right else "long" if len(text) > _LONG else "estimate" if _ESTIMATE.fullmatch(text) else ""
    kind = kind or ("reported" if " CI " in text else "")
    marked = f' class="{kind}"' if kind else ""
    return f"<td{marked}{named}>{escape(text)}</td>"


def table(
    frame: pd.DataFrame, *, caption: str, columns: Mapping[str, str] | None = None, name: str | None = None,
    filters: Sequence[str] = (), download: str | None = None,
) -> ShownTable:  # fmt: skip
    """Return *frame* as a table with a *caption*; columns of a numeric dtype stand to the right, one without a value nowhere.

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
    if unknown := [column for column in heads if column not in whole.columns]:
        raise KeyError(f"{', '.join(unknown)}: no such column; the frame has {', '.join(map(str, whole.columns))}")
    cells = {column: _values(whole[column]) for column in heads}
    heads = {column: head for column, head in heads.items() if whole.empty or any(map(_plain, cells[column]))}
    place = name or "table-" + re.sub(r"[^a-z0-9]+", "-", caption.lower()).strip("-")
    numeric = tuple(heads[one] for one in heads if pd.api.types.infer_dtype(whole[one]) in _NUMERIC)
    filtered = tuple(heads[one] for one in filters if one in heads)
    rows = tuple(zip(*(cells[column] for column in heads), strict=True))
    return ShownTable(place, caption, tuple(heads.values()), rows, filtered, download, numeric)


def _values(column: "pd.Series[Any]") -> list[Any]:
    """Return the cells of *column*; decimals that are all whole, as months with a gap among them are, lose their zero."""
    whole = column.dtype.kind == "f" and bool((column.dropna() % 1 == 0).all())
    return [_value(cell) for cell in (column.astype("Int64") if whole else column)]


def _value(cell: Any) -> Any:
    """Return a missing value as nothing, a day without its hour, yes or no in words, a whole number as such."""
    if isinstance(cell, bool | np.bool_):
        return "yes" if cell else "no"
    if isinstance(cell, list | tuple | str | Printed):
        return cell
    if pd.isna(cell):
        return None
    if isinstance(cell, pd.Timestamp):
        return str(cell.date())
    return cell.item() if hasattr(cell, "item") else cell
