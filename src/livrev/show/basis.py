"""How a number was read: its words, and the mark that stands beside the number wherever it is printed."""

from collections.abc import Iterable

BASIS = {
    "full-text": "full text", "abstract": "abstract", "conference-abstract": "meeting abstract",
    "registry": "registry record", "secondary": "another publication",
}  # fmt: skip
_MARKS = {
    "secondary": "‡",
    "conference-abstract": "†",
}  # the weaker first: where two numbers are joined, it is the one shown

_NAMED = {"secondary": "another publication than the study’s own", "conference-abstract": "a meeting abstract"}


def mark_of(bases: Iterable[str]) -> str:
    """Return the mark of a number that rests on rows read in *bases*; empty where the study's own report was read."""
    read = set(bases)
    return next((mark for basis, mark in _MARKS.items() if basis in read), "")


def legend_of(marks: Iterable[str]) -> str:
    """Return what *marks* mean, as `† read in a meeting abstract; …`; empty where there is none."""
    used = set(marks)
    said = [f"{mark} read in {_NAMED[basis]}" for basis, mark in reversed(_MARKS.items()) if mark in used]
    return "; ".join(said)
