"""Split plain text into sentences without losing a character's place.

A sentence never spans a blank line or a list item. A single line break joins two halves of a hard-wrapped sentence,
and parts two items of a list whose items carry no full stop.
"""

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence: its number (from 1), its half-open character span in the document, and its text."""

    n: int
    start: int
    end: int
    text: str


_END = re.compile(r"[.!?]+[\"'”’»)\]》]*(?=\s)|[。！？]")
_OPENING = "\"'“‘«([《"
_BULLET = re.compile(r"\s*(?:[•▪◦*–—-]\s|\(?\d{1,2}[.)]\s|[A-Za-z][.)]\s)")
# After these a full stop ends a word, not a sentence.
_ABBREVIATION = re.compile(
    r"(?:^|[\s(\[])(?:vs?|e\.g|i\.e|cf|ca|approx|resp|incl|Dr|Prof|Mr|Mrs|Ms|St|Suppl|[A-Z](?:\.[A-Z])+)\.$"
)
# The initial of a person (`Michael D. Green`), not the last letter of a class (`hepatitis B. Patients`, `Child-Pugh A.`).
_INITIAL = re.compile(
    r"(?!(?:Child|Class|Group|Arm|Cohort|Stage|Hepatitis|Grade|Type|Part|Study|Table)\b)(?:[A-Z][\w’'-]*\.?\s)?[A-Z]\."
)
# After these a full stop ends a sentence only when a capital follows, never before a number.
_BEFORE_NUMBER = re.compile(
    r"(?:^|[\s(\[])(?:al|Figs?|Tabs?|Eqs?|Nos?|Refs?|Ch|Sect?|pp?|Vol|Ed|Jan|Feb|Mar|Apr|Aug|Sept?|Oct|Nov|Dec)\.$"
)
# These may stand inside a sentence, capital or not.
_LABEL = re.compile(r"(?:^|[\s(\[])(?:Figs?|Tabs?|Eqs?|Nos?|Refs?)\.$")


def split_sentences(text: str) -> list[Sentence]:
    """Split *text* into sentences, numbered from 1 in reading order.

    Every character outside the spans is white space, so nothing of a document goes unread.
    """
    spans: list[tuple[int, int]] = []
    for start, end in _blocks(text):
        spans.extend(_split_block(text, start, end))
    return [Sentence(n, start, end, text[start:end]) for n, (start, end) in enumerate(spans, 1)]


def _blocks(text: str) -> list[tuple[int, int]]:
    """Return the spans in which a sentence may run on over a line break."""
    lines = [(m.start(), m.end()) for m in re.finditer(r"[^\n\r]+", text)]
    widest = _widest_by_paragraph(text, lines)
    blocks: list[tuple[int, int]] = []
    for number, (start, end) in enumerate(lines):
        if not text[start:end].strip():
            continue
        if blocks and _runs_on(text, blocks[-1], lines[number - 1], (start, end), widest[number]):
            blocks[-1] = (blocks[-1][0], end)
        else:
            blocks.append((start, end))
    return blocks


def _widest_by_paragraph(text: str, lines: list[tuple[int, int]]) -> list[int]:
    """Return, for each line, the width of the widest line of its paragraph."""
    paragraph: list[int] = []
    widest: list[int] = []
    for number, (start, end) in enumerate(lines):
        if number and (text[lines[number - 1][1] : start].count("\n") > 1 or not text[start:end].strip()):
            widest += [max(paragraph)] * len(paragraph)
            paragraph = []
        paragraph.append(end - start)
    return widest + [max(paragraph, default=0)] * len(paragraph)


def _runs_on(text: str, block: tuple[int, int], before: tuple[int, int], line: tuple[int, int], widest: int) -> bool:
    """Tell whether *line* continues the sentence that the line *before* it left open."""
    if before[1] != block[1] or text[before[1] : line[0]].count("\n") > 1:
        return False
    head, tail = text[slice(*before)].rstrip(), text[slice(*line)].lstrip()
    if len(head) < 40 or _END.search(head[-3:] + " ") or head[-1] in ":;" or _BULLET.match(tail):
        return False
    wrapped = widest <= 110 and len(head) >= 0.7 * widest and not head.split()[-1][0].isupper()
    return tail[0].islower() or wrapped


def _split_block(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Split one block at its full stops; return trimmed spans."""
    spans: list[tuple[int, int]] = []
    begin = start
    for match in _END.finditer(text, start, end):
        if match.end() < end and _is_boundary(text, begin, match, end):
            spans.append((begin, match.end()))
            begin = match.end()
    spans.append((begin, end))
    return [trimmed for span in spans if (trimmed := _trim(text, *span))]


def _is_boundary(text: str, begin: int, match: re.Match[str], end: int) -> bool:
    """Tell whether the full stop at *match* closes the sentence that began at *begin*."""
    if match.group()[0] in "。！？":
        return True
    rest = text[match.end() : end].lstrip()
    sentence = text[begin : match.end()].lstrip()
    if not rest or not re.search(r"\w", sentence):
        return False
    if re.fullmatch(r"[^\w]*(?:\d{1,2}|[A-Za-z])\.", sentence):  # the number of a list item
        return False
    first = rest.lstrip(_OPENING + " ")[:1]
    if match.group()[0] == "." and not text[match.start() - 1].isspace():
        before = text[max(begin, match.start() - 12) : match.start() + 1]
        if _LABEL.search(before) or (_BEFORE_NUMBER.search(before) and not first.isupper()):
            return False
        if match.group() == "." and (
            _ABBREVIATION.search(before) or _INITIAL.fullmatch(" ".join(sentence.split()[-2:]))
        ):
            return False
    elif match.group()[0] == "." and text[match.start() - 1].isspace():
        return False
    return first.isupper() or first.isdigit() or rest[0] in _OPENING or not first.isascii()


def _trim(text: str, start: int, end: int) -> tuple[int, int] | None:
    """Shrink a span to its first and last visible character; None where there is none."""
    part = text[start:end]
    return (start + len(part) - len(part.lstrip()), start + len(part.rstrip())) if part.strip() else None
