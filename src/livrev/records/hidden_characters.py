"""Find characters that a reader does not see or sees elsewhere: invisible ones, those that turn the direction, split letters."""

import re
import unicodedata
from collections.abc import Iterable

from livrev.diagnostics import Problem

_TURNS = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_UNSEEN = (
    "\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b\u2060-\u2064\u206a-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb"
)
_TAGS = "\U000e0000-\U000e007f"
# Joiners belong between letters of Arabic or Indic scripts and between the parts of an emoji, and nowhere else.
_HIDDEN = re.compile(f"[{_TURNS}{_UNSEEN}{_TAGS}]|(?<![\u0590-\u0dff\u2190-\uffff\U0001f000-\U0001faff])[\u200c\u200d]")
_TURNING = re.compile(f"[{_TURNS}]")


def hidden_in(text: str) -> tuple[int, str, str] | None:
    """Return where the first such character of *text* is, what it is, and the cure; None where there is none."""
    if text.isascii():
        return None
    if match := _HIDDEN.search(text):
        what = "turns the direction of what follows" if _TURNING.match(match.group()) else "is not seen"
        named = unicodedata.name(match.group(), f"U+{ord(match.group()):04X}").lower()
        return match.start(), f"holds a character that {what} ({named})", "delete it"
    if not unicodedata.is_normalized("NFC", text):
        composed = unicodedata.normalize("NFC", text)
        at = next((i for i, (a, b) in enumerate(zip(text, composed, strict=False)) if a != b), 0)
        return at, "writes a letter and its accent as two characters (NFD)", "write the letter as one (NFC)"
    return None


def check_hidden(text: str, file: str, first_line: int = 1, field: str = "text") -> Iterable[Problem]:
    """Yield a problem for each line of *text* that holds such a character."""
    if text.isascii():
        return
    for number, line in enumerate(text.split("\n"), first_line):
        if found := hidden_in(line):
            at, message, cure = found
            yield Problem(file, number, field, line[max(0, at - 20) : at + 20].strip(), message, cure)
