"""Turn a document into features: fingerprints, numbers, quantities and entities, and next to none of its words.

Whoever has the document can make its features again, byte for byte; whoever has not can still check against them.
"""

import hashlib
import json
import re
import unicodedata
from typing import Annotated

from pydantic import BaseModel, Field, PlainSerializer, StrictInt, ValidationError

from livrev.text.entities import find_entities
from livrev.text.numbers import Quantity, quantity_to_json
from livrev.text.quantities import find_quantities
from livrev.text.sentences import split_sentences
from livrev.text.vocabulary import Vocabulary

_FINGERPRINT_LENGTH = 16
_EDGE = 3
_NUMBER = re.compile(
    r"(?<![\w.,])(?<![A-Za-z)⁺+][-‐‑–])\d+(?:,\d{3})+(?:\.\d+)?(?![\d])|(?<![\w.])(?<![A-Za-z)][-‐‑–])\d+(?:\.\d+)?"
)
_SCALE = {"hundred": 1e2, "thousand": 1e3, "million": 1e6, "billion": 1e9}
_WORDS = {
    word: str(number)
    for number, words in {
        2: "two second twice both pair", 3: "three third", 4: "four fourth", 5: "five fifth", 6: "six sixth",
        7: "seven seventh", 8: "eight eighth", 9: "nine ninth", 10: "ten tenth", 11: "eleven", 12: "twelve",
    }.items()
    for word in words.split()
}  # fmt: skip
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
    plain = unicodedata.normalize("NFKC", sentence).casefold()
    words = re.findall(r"\w+", plain)
    return hashlib.sha256(" ".join(words).encode()).hexdigest()[:_FINGERPRINT_LENGTH]


def numbers_in(text: str) -> list[str]:
    """Return the distinct numbers that *text* states, as plain decimals in rising order.

    Digits that belong to a name (CD8, PD-1, stage letters) are none; number words up to twelve and ordinals are;
    `4.57 million` is 4.57 and, multiplied out, 4570000.
    """
    found: set[str] = set()
    for match in _NUMBER.finditer(text):
        plain = match.group().replace(",", "")
        found.add(_decimal(float(plain)))
        scale = re.match(r"\s*(hundred|thousand|million|billion)\b", text[match.end() :], re.IGNORECASE)
        if scale:
            found.add(_decimal(float(plain) * _SCALE[scale.group(1).lower()]))
    found.update(_decimal(float(match.group(1))) for match in _ORDINAL.finditer(text))
    found.update(_WORDS[match.group(1).lower()] for match in _WORD.finditer(text))
    return sorted(found, key=float)


def edges_of(sentence: str) -> tuple[str, ...]:
    """Return the first and the last three words of *sentence*, by which a browser finds it; none of a short sentence.

    A link to the sentence needs them (https://wicg.github.io/scroll-to-text-fragment/), and nothing else of its words.
    """
    words = sentence.split()
    return (" ".join(words[:_EDGE]), " ".join(words[-_EDGE:])) if len(words) >= 3 * _EDGE else ()


def _decimal(number: float) -> str:
    return str(int(number)) if number == int(number) else repr(round(number, 10))


def describe_document(citekey: str, raw: bytes, vocabulary: Vocabulary) -> DocumentFeatures:
    """Return the features of one document given as bytes of UTF-8 text.

    Offsets count characters of the decoded text. Raises UnicodeDecodeError where the bytes are not UTF-8.
    """
    text = raw.decode("utf-8")
    sentences = tuple(
        SentenceFeatures(
            n=sentence.n, start=sentence.start, end=sentence.end, fingerprint=fingerprint(sentence.text),
            numbers=tuple(numbers_in(sentence.text)), quantities=tuple(find_quantities(sentence.text)),
            entities=tuple(sorted({entity.entity for entity in find_entities(sentence.text, vocabulary)})),
            edges=edges_of(sentence.text),
        )
        for sentence in split_sentences(text)
    )  # fmt: skip
    document = DocumentDigest(sha256=hashlib.sha256(raw).hexdigest(), characters=len(text))
    return DocumentFeatures(citekey=citekey, document=document, sentences=sentences)


def dump_features(features: DocumentFeatures) -> str:
    """Return *features* as JSON text, one sentence a line, the same bytes every time."""
    head = features.model_dump(exclude={"sentences"})
    body = ",\n  ".join(
        json.dumps(sentence.model_dump(mode="json"), ensure_ascii=False) for sentence in features.sentences
    )
    return json.dumps(head, ensure_ascii=False)[:-1] + f',\n "sentences": [\n  {body}\n ]}}\n'


def read_features(said: object, citekey: str) -> DocumentFeatures:
    """Return what *said*, read from JSON, says of a document. Raises ValueError where it is not that, or not of *citekey*."""
    try:
        features = DocumentFeatures.model_validate(said)
    except ValidationError as error:
        places = [fault["loc"] for fault in error.errors()]
        match places[0]:
            case ("sentences", int(number), str(), *_):
                lacks = dict.fromkeys(str(place[2]) for place in places if place[:2] == ("sentences", number))
                wrong = f"lack {', '.join(lacks)} of sentence {number + 1}"
            case ("sentences", *_):
                wrong = "hold no sentences"
            case ("document", *_):
                wrong = "do not say which document they describe"
            case _:
                wrong = f"are not those of {citekey}"
        raise ValueError(wrong) from None
    if features.citekey != citekey:
        raise ValueError(f"are not those of {citekey}")
    for number, sentence in enumerate(features.sentences, 1):
        if sentence.n != number:
            raise ValueError(f"do not count their sentences from 1 upwards (at {number})")
    return features
