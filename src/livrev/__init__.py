"""livrev: living reviews whose every number is a record that says where it was read.

>>> import livrev
>>> review = livrev.open_review()                  # from anywhere inside the repository
>>> ratios = review.outcomes.query("measure == 'HR' and contrast == 'treatment'")
>>> bool((ratios["value"] > 0).all())
True

`open_review` gives frames and pools, `pool` pools the rows of a frame, `table` and `draw` show one, `read_text` finds
quantities in a sentence. What is named here is imported when it is first used, so that a command that needs none of it
starts at once.
"""

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from livrev import draw
    from livrev.frames.from_records import read_text
    from livrev.frames.network import TreatmentNetwork, network
    from livrev.frames.open_review import OpenReview
    from livrev.frames.pooling import PooledStudies, conventions, exact_shares, pool
    from livrev.show.tables import Words, table

__all__ = [
    "OpenReview", "PooledStudies", "TreatmentNetwork", "Words", "conventions", "draw", "exact_shares", "network",
    "open_review", "pool", "read_text", "table",
]  # fmt: skip
_PLACES = {
    "OpenReview": "frames.open_review", "PooledStudies": "frames.pooling", "conventions": "frames.pooling",
    "exact_shares": "frames.pooling", "pool": "frames.pooling", "TreatmentNetwork": "frames.network",
    "network": "frames.network", "read_text": "frames.from_records", "Words": "show.tables", "table": "show.tables",
}  # fmt: skip


def open_review(folder: str | Path | None = None) -> "OpenReview":
    """Open the review that *folder* (default: the working folder) lies in, and check its records.

    Raises ReviewError with every problem of the records (file, line, field, value, cure), and RepositoryNotFound where
    there is no review.
    """
    from livrev.frames.open_review import OpenReview
    from livrev.paths import find_repository
    from livrev.records.review import load_review

    return OpenReview(load_review(find_repository(None if folder is None else Path(folder))))


def __getattr__(name: str) -> Any:
    if name == "draw":
        return import_module("livrev.draw")
    if name not in _PLACES:
        raise AttributeError(f"module 'livrev' has no attribute {name!r}")
    return getattr(import_module(f"livrev.{_PLACES[name]}"), name)
