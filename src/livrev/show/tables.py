"""Turn records into tables that people read: plain in a terminal, sortable and filterable in the book, safe everywhere."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

import pandas as pd

from livrev.records.addresses import allowed_address, as_attribute
from livrev.records.printed import Printed
from livrev.show.format import format_number

Row = dict[str, Any]
_WIDEST = 48
_SHOWN = 30
_LONG = 60


@dataclass(frozen=True, slots=True)
class Link:
    """Text that leads somewhere; only http(s) addresses and places in the book are followed."""

    text: str
    address: str

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True)
class ShownTable:
    """A table with a name and a caption, as a notebook shows it.

    *filters* names the columns that get a choice of values; *download* the CSV in the book's downloads.
    """

    name: str
    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    filters: tuple[str, ...] = ()
    download: str | None = None

    def __str__(self) -> str:
        """Return the table as plain text; long cells and tables are cut, and a digest of the whole stands below."""
        cells = [[_plain(cell) for cell in row] for row in self.rows]
        frame = pd.DataFrame([[_cut(cell) for cell in row] for row in cells[:_SHOWN]], columns=list(self.columns))
        body = frame.to_string(index=False, justify="left") if cells else "(no rows)"
        body += f"\n… and {len(cells) - _SHOWN} more" if len(cells) > _SHOWN else ""
        digest = hashlib.sha256(repr(cells).encode()).hexdigest()[:12]
        return f"{self.caption}\n{body}\n{len(cells)} rows, content {digest}"

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        return {"text/plain": str(self), "text/html": self.to_html()}

    def to_html(self) -> str:
        """Return the table as HTML; every cell is escaped."""
        heads = "".join(
            f'<th scope="col"{" data-filter" if column in self.filters else ""}>{escape(column)}</th>'
            for column in self.columns
        )
        body = "\n".join("<tr>" + "".join(_cell(cell) for cell in row) + "</tr>" for row in self.rows)
        note = f'<p class="livrev-download"><a href="{escape(_place(self.download))}" download>Download as CSV</a></p>'
        return (
            f'<div class="livrev-table" id="{escape(self.name)}">\n<div class="livrev-scroll"><table class="livrev-data">\n'
            f"<caption>{escape(self.caption)}</caption>\n<thead><tr>{heads}</tr></thead>\n<tbody>\n{body}\n</tbody>\n</table></div>\n"
            + (note if self.download else "")
            + "</div>"
        )


_FOLLOWED = ("https://", "http://", "../", "#")


def _cut(text: str) -> str:
    return text if len(text) <= _WIDEST else text[: _WIDEST - 1] + "…"


def _place(download: str | None) -> str:
    return f"../_static/downloads/{download}"


def _plain(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, list | tuple):
        return ", ".join(map(str, cell))
    return format_number(cell) if isinstance(cell, Printed) else str(cell)


def _cell(cell: Any) -> str:
    if isinstance(cell, Link) and cell.address.startswith(_FOLLOWED) and allowed_address(cell.address):
        return f'<td><a href="{as_attribute(cell.address)}">{escape(cell.text)}</a></td>'
    text = _plain(cell)
    kind = ' class="number"' if isinstance(cell, int | float) else ' class="long"' if len(text) > _LONG else ""
    return f"<td{kind}>{escape(text)}</td>"


def show_table(
    rows: Iterable[Row],
    *,
    name: str,
    caption: str,
    columns: dict[str, str],
    filters: Sequence[str] = (),
    download: str | None = None,
) -> ShownTable:
    """Return *rows* as a table; *columns* maps the fields to show, in order, to their heads."""
    return ShownTable(
        name,
        caption,
        tuple(columns.values()),
        tuple(tuple(row.get(field) for field in columns) for row in rows),
        tuple(columns[field] for field in filters),
        download,
    )
