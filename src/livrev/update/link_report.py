"""Sort what addresses answered, and tell it in Markdown, ready to be the text of an issue."""

import re
from collections.abc import Iterable, Mapping, Sequence

from livrev.update.linkcheck import Answer

GONE, MOVED, UNCLEAR = "gone", "moved", "unclear"
_CODE = re.compile(r"\b([45]\d\d) (?:Client|Server) Error\b")
_REFUSED = (
    401,
    402,
    403,
    405,
    406,
    407,
    418,
    423,
    429,
    451,
)  # says that a program may not look, not that nothing is there
_FORWARDERS = re.compile(r"https?://(?:dx\.)?doi\.org/")  # leading elsewhere is what they are for
_MOST, _LONGEST = 60, 160  # rows of a list, characters of a cell: an issue holds 65,536 characters


def sort_answers(answers: Iterable[Answer]) -> dict[str, list[Answer]]:
    """Return the answers that a person should see: gone, moved for good, and unclear (refused, busy, too slow)."""
    sorted_: dict[str, list[Answer]] = {GONE: [], MOVED: [], UNCLEAR: []}
    for answer in answers:
        if kind := _kind_of(answer):
            sorted_[kind].append(answer)
    return sorted_


def _kind_of(answer: Answer) -> str | None:
    if answer.status == "redirected":
        permanent = answer.code in (301, 308) and not _FORWARDERS.match(answer.address)
        return MOVED if permanent else None
    if answer.status in ("working", "ignored", "local"):
        return UNCLEAR if "unauthorized" in answer.said or "unavailable" in answer.said else None
    if answer.status == "broken":
        match = _CODE.search(answer.said)
        code = int(match[1]) if match else 0
        return UNCLEAR if code in _REFUSED or code >= 500 else GONE
    return UNCLEAR  # timeout, rate-limited, unchecked


def write_report(
    sorted_: Mapping[str, Sequence[Answer]], places: Mapping[str, Sequence[str]], *, day: str, asked: int
) -> str:
    """Return the report: what is gone first, each address with the places that name it."""
    gone, moved, unclear = sorted_[GONE], sorted_[MOVED], sorted_[UNCLEAR]
    text = f"# Links of {day}: {len(gone)} gone, {len(moved)} moved\n\n"
    text += f"{asked} addresses of chapters, tables and bibliography were asked.\n"
    if gone:
        text += "\nThese do not answer any more. Find where the page went, or a copy, and mend the places.\n\n"
        text += _list(gone, places)
    if moved:
        text += "\nThese have moved for good. Write the new address, if it shows the same.\n\n" + _list(moved, places)
    if unclear:
        text += "\n<details><summary>"
        text += f"{len(unclear)} could not be judged: they refuse programs, were busy or too slow</summary>\n\n"
        text += _list(unclear, places) + "\n</details>\n"
    return text


def _list(answers: Sequence[Answer], places: Mapping[str, Sequence[str]]) -> str:
    lines = [f"- {_code(a.address)}: {_code(a.said)} ({_places(places.get(a.address, ()))})" for a in answers[:_MOST]]
    if len(answers) > _MOST:
        lines.append(f"- … and {len(answers) - _MOST} more")
    return "\n".join(lines) + "\n"


def _places(places: Sequence[str]) -> str:
    more = f" and {len(places) - 3} more" if len(places) > 3 else ""
    return ", ".join(places[:3]) + more


def _code(text: str) -> str:
    """Return *text* so that Markdown shows it and does not obey it: servers word their messages as they like."""
    shown = "".join(c if c.isprintable() else " " for c in text.replace("`", "'"))
    shown = shown if len(shown) <= _LONGEST else shown[: _LONGEST - 1] + "…"
    return f"`{shown.strip() or 'no answer'}`"
