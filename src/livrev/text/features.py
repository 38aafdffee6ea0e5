"""Turn a document into features: fingerprints, numbers, quantities and entities, and next to none of its words.

Whoever has the document can make its features again, byte for byte; whoever has not can still check against them. They are told
sentence by sentence, without losing a character's place. A sentence never spans a blank line or a list item. A single line
break joins two halves of a hard-wrapped sentence, and parts two items of a list whose items carry no full stop.
"""

import hashlib
import json
import re
import unicodedata
from itertools import pairwise
from typing import Annotated

from pydantic import BaseModel, Field, PlainSerializer, StrictInt, ValidationError

from livrev.text.numbers import Quantity, quantity_to_json
from livrev.text.quantities import find_quantities
from livrev.text.vocabulary import Vocabulary, find_entities

_LINE = re.compile(r"(?<![^\n\r])[^\S\n\r]*\S[^\n\r]*")
_PARAGRAPH = re.compile(r"(?m:^)(?:[^\S\n]*\S[^\n]*\n?)+")
_END = re.compile(r"[.!?]+[\"'”’»)\]》]*(?=\s)|[。！？]")
_OPENING = "\"'“‘«([《"
_BULLET = re.compile(r"\s*(?:[•▪◦*–—-]\s|\(?\d{1,2}[.)]\s|[A-Za-z][.)]\s)")
# After these a full stop ends a word, not a sentence.
_ABBREVIATION = re.compile(r"(?:^|[\s(\[])(?:vs?|e\.g|i\.e|cf|ca|approx|resp|incl|Dr|Prof|Mr|Mrs|Ms|St|Suppl|[A-Z](?:\.[A-Z])+)\.$")  # fmt: skip
# The initial of a person (`Michael D. Green`), not the last letter of a class (`hepatitis B. Patients`, `Child-Pugh A.`).
_INITIAL = re.compile(r"(?!(?:Child|Class|Group|Arm|Cohort|Stage|Hepatitis|Grade|Type|Part|Study|Table)\b)(?:[A-Z][\w’'-]*\.?\s)?[A-Z]\.")  # fmt: skip
# After these a full stop ends a sentence only when a capital follows, never before a number.
_BEFORE_NUMBER = re.compile(r"(?:^|[\s(\[])(?:al|Figs?|Tabs?|Eqs?|Nos?|Refs?|Ch|Sect?|pp?|Vol|Ed|Jan|Feb|Mar|Apr|Aug|Sept?|Oct|Nov|Dec)\.$")  # fmt: skip
_LIST_NUMBER = re.compile(r"[^\w]*(?:\d{1,2}|[A-Za-z])\.")
# These may stand inside a sentence, capital or not.
_LABEL = re.compile(r"(?:^|[\s(\[])(?:Figs?|Tabs?|Eqs?|Nos?|Refs?)\.$")


def split_sentences(text: str) -> list[tuple[int, int]]:
    """Return where each sentence of *text* begins and ends, in reading order.

    Every character outside the spans is white space, so nothing of a document goes unread.
    """
    spans = []
    for begin, end in _blocks(text):
        for match in _END.finditer(text, begin, end):
            if _is_boundary(text, begin, match, end):
                spans.append((begin, match.end()))
                begin = match.end()
        spans.append((begin, end))
    parts = [(start, end, text[start:end]) for start, end in spans]
    return [(end - len(part.lstrip()), start + len(part.rstrip())) for start, end, part in parts if part.strip()]


def _blocks(text: str) -> list[tuple[int, int]]:
    """Return the spans in which a sentence may run on over a line break."""
    blocks: list[tuple[int, int]] = []
    for paragraph in _PARAGRAPH.finditer(text):
        lines = [line.span() for line in _LINE.finditer(text, *paragraph.span())]
        widest = max(end - start for start, end in lines)
        blocks.append(lines[0])
        for before, line in pairwise(lines):
            runs_on = _runs_on(text[slice(*before)].rstrip(), text[slice(*line)].lstrip(), widest)
            blocks.append((blocks.pop()[0], line[1]) if runs_on else line)
    return blocks


def _runs_on(head: str, tail: str, widest: int) -> bool:
    """Tell whether the line *tail* continues the sentence that *head* left open, in a paragraph of lines up to *widest*."""
    if len(head) < 40 or _END.search(head[-3:] + " ") or head[-1] in ":;" or _BULLET.match(tail):
        return False
    wrapped = widest <= 110 and len(head) >= 0.7 * widest and not head.split()[-1][0].isupper()
    return tail[0].islower() or wrapped


def _is_boundary(text: str, begin: int, match: re.Match[str], end: int) -> bool:
    """Tell whether the full stop at *match* closes the sentence that began at *begin*."""
    mark, start = match.group(), match.start()
    if mark[0] in "。！？":
        return True
    rest, sentence = text[match.end() : end].lstrip(), text[begin : match.end()].lstrip()
    if not rest or not re.search(r"\w", sentence) or _LIST_NUMBER.fullmatch(sentence):
        return False
    first = rest.lstrip(_OPENING + " ")[:1]
    if mark[0] == ".":
        before, name = text[max(begin, start - 12) : start + 1], " ".join(sentence.split()[-2:])
        within = _LABEL.search(before) or (_BEFORE_NUMBER.search(before) and not first.isupper())
        of_word = mark == "." and (_ABBREVIATION.search(before) or _INITIAL.fullmatch(name))
        if within or of_word or text[start - 1].isspace():
            return False
    return first.isupper() or first.isdigit() or rest[0] in _OPENING or not first.isascii()


_EDGE = 3
_NUMBER = re.compile(
    r"((?<![\w.,])(?<![A-Za-z)⁺+][-‐‑–])\d+(?:,\d{3})+(?:\.\d+)?(?![\d])|(?<![\w.])(?<![A-Za-z)][-‐‑–])\d+(?:\.\d+)?)"
    r"(?:\s*((?i:hundred|thousand|million|billion))\b)?"
)
_SCALE = {"hundred": 1e2, "thousand": 1e3, "million": 1e6, "billion": 1e9}
_UP_TO_12 = "two second twice both pair|three third|four fourth|five fifth|six sixth|seven seventh|eight eighth|nine ninth|ten tenth|eleven|twelve"
_WORDS = {word: float(number) for number, words in enumerate(_UP_TO_12.split("|"), 2) for word in words.split()}
_WORD = re.compile(r"\b(" + "|".join(_WORDS) + r")\b", re.IGNORECASE)
_ORDINAL = re.compile(r"\b(\d+)(?:st|nd|rd|th)\b")


class SentenceFeatures(BaseModel, frozen=True):
    """What is kept of sentence *n* of a document, whose words stand from *start* to *end*; `edges` are its first and last words."""

    n: StrictInt
    start: StrictInt
    end: StrictInt
    fingerprint: str
    numbers: tuple[str, ...]
    quantities: tuple[Annotated[Quantity, PlainSerializer(quantity_to_json)], ...]
    entities: tuple[str, ...]
    edges: tuple[str, ...] = ()


class DocumentDigest(BaseModel, frozen=True):
    """By what a document is known again: the digest of its bytes, and its length."""

    sha256: str
    characters: int = 0


class DocumentFeatures(BaseModel, frozen=True):
    """What is kept of a document, sentence by sentence."""

    citekey: str
    document: DocumentDigest
    sentences: tuple[SentenceFeatures, ...] = Field(min_length=1)


def fingerprint(sentence: str) -> str:
    """Return the first 16 hex digits of the SHA-256 of *sentence*, blind to case, spacing and typographic variants."""
    words = re.findall(r"\w+", unicodedata.normalize("NFKC", sentence).casefold())
    return hashlib.sha256(" ".join(words).encode()).hexdigest()[:16]


def numbers_in(text: str) -> list[str]:
    """Return the distinct numbers that *text* states, as plain decimals in rising order.

    Digits that belong to a name (CD8, PD-1, stage letters) are none; number words up to twelve and ordinals are;
    `4.57 million` is 4.57 and, multiplied out, 4570000.
    """
    found = [*map(float, _ORDINAL.findall(text)), *(_WORDS[word.lower()] for word in _WORD.findall(text))]
    for number, scale in _NUMBER.findall(text):
        plain = float(number.replace(",", ""))
        found += [plain, plain * _SCALE[scale.lower()]] if scale else [plain]
    return sorted({str(int(one)) if one == int(one) else repr(round(one, 10)) for one in found}, key=float)


def edges_of(sentence: str) -> tuple[str, ...]:
    """Return the first and the last three words of *sentence*, by which a browser finds it; none of a short sentence.

    A link to the sentence needs them (https://wicg.github.io/scroll-to-text-fragment/), and nothing else of its words.
    """
    words = sentence.split()
    return (" ".join(words[:_EDGE]), " ".join(words[-_EDGE:])) if len(words) >= 3 * _EDGE else ()


def describe_document(citekey: str, raw: bytes, vocabulary: Vocabulary) -> DocumentFeatures:
    """Return the features of one document given as bytes of UTF-8 text.

    Offsets count characters of the decoded text. Raises UnicodeDecodeError where the bytes are not UTF-8.
    """
    text = raw.decode("utf-8")
    spans = [(start, end, text[start:end]) for start, end in split_sentences(text)]
    sentences = tuple(
        SentenceFeatures(
            n=n, start=start, end=end, fingerprint=fingerprint(said), numbers=tuple(numbers_in(said)),
            quantities=tuple(find_quantities(said)), edges=edges_of(said),
            entities=tuple(sorted({found.entity for found in find_entities(said, vocabulary)})),
        )
        for n, (start, end, said) in enumerate(spans, 1)
    )  # fmt: skip
    document = DocumentDigest(sha256=hashlib.sha256(raw).hexdigest(), characters=len(text))
    return DocumentFeatures(citekey=citekey, document=document, sentences=sentences)


def dump_features(features: DocumentFeatures) -> str:
    """Return *features* as JSON text, one sentence a line, the same bytes every time."""
    said = features.model_dump(mode="json")
    body = ",\n  ".join(json.dumps(sentence, ensure_ascii=False) for sentence in said.pop("sentences"))
    return json.dumps(said, ensure_ascii=False)[:-1] + f',\n "sentences": [\n  {body}\n ]}}\n'


def read_features(said: object, citekey: str) -> DocumentFeatures:
    """Return what *said*, read from JSON, says of a document. Raises ValueError where it is not that, or not of *citekey*."""
    try:
        features = DocumentFeatures.model_validate(said)
    except ValidationError as error:
        place = ".".join(map(str, error.errors()[0]["loc"]))  # sentences.0.fingerprint
        raise ValueError(f"lack {place}" if place else f"are not those of {citekey}") from None
    if features.citekey != citekey:
        raise ValueError(f"are not those of {citekey}")
    for number, sentence in enumerate(features.sentences, 1):
        if sentence.n != number:
            raise ValueError(f"do not count their sentences from 1 upwards (at {number})")
    return features
