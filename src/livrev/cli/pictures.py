"""Write the plot of a pool or a network to a file."""

import math
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from livrev.cli.exits import fail

if TYPE_CHECKING:
    from livrev.show.figures.intervals import Interval
    from livrev.show.figures.shown import ShownFigure

SUFFIXES = (".svg", ".png", ".pdf")


def refuse_other_pictures(path: Path | None) -> None:
    """End the command where *path* bears the name of no picture that can be written."""
    if path is not None and path.suffix.lower() not in SUFFIXES:
        fail(f"{path}: is no name of a picture; end it in {', '.join(SUFFIXES)}", 2)


def write_picture(figure: "ShownFigure", path: Path) -> None:
    """Write *figure* to *path*, in the format that its name says; end the command where it cannot be written."""
    from livrev.show.figures.style import house_style

    try:
        if path.suffix.lower() == ".svg":
            path.write_text(figure.to_svg(), encoding="utf-8")
            return
        stamp = {".pdf": {"CreationDate": None}, ".svg": {"Date": None}, ".png": {}}[path.suffix.lower()]
        with house_style():
            figure.figure.savefig(path, dpi=200, metadata=stamp)  # the same bytes every time
    except OSError as error:
        fail(f"{path}: the picture cannot be written ({error.strerror or error}); choose another place")


def refuse_endless(rows: "Sequence[Interval]", path: Path, *, ratio: bool) -> None:
    """End the command where an interval of *rows* has no end that could be drawn."""
    if not all(math.isfinite(row.low + row.high) and (row.low > 0 or not ratio) for row in rows):
        fail(f"{path}: an interval is too wide to be drawn; read the table instead")
