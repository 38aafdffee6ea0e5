"""Turn a document into features: fingerprints, numbers, quantities and entities, and next to none of its words.

Whoever has the document can make its features again, byte for byte; whoever has not can still check against them.
"""

import hashlib
import json
import re
import unicodedata
from typing import Any

from livrev.text.entities import find_entities
from livrev.text.numbers import quantity_to_json
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


def edges_of(sentence: str) -> list[str]:
    """Return the first and the last three words of *sentence*, by which a browser finds it; none of a short sentence.

    A link to the sentence needs them (https://wicg.github.io/scroll-to-text-fragment/), and nothing else of its words.
    """
    words = sentence.split()
    return [" ".join(words[:_EDGE]), " ".join(words[-_EDGE:])] if len(words) >= 3 * _EDGE else []


def _decimal(number: float) -> str:
    return str(int(number)) if number == int(number) else repr(round(number, 10))


def describe_document(citekey: str, raw: bytes, vocabulary: Vocabulary) -> dict[str, Any]:
    """Return the features of one document given as bytes of UTF-8 text.

    Offsets count characters of the decoded text. Raises UnicodeDecodeError where the bytes are not UTF-8.
    """
    text = raw.decode("utf-8")
    sentences = [
        {
            "n": sentence.n, "start": sentence.start, "end": sentence.end, "fingerprint": fingerprint(sentence.text),
            "numbers": numbers_in(sentence.text),
            "quantities": [quantity_to_json(quantity) for quantity in find_quantities(sentence.text)],
            "entities": sorted({entity.entity for entity in find_entities(sentence.text, vocabulary)}),
            "edges": edges_of(sentence.text),
        }
        for sentence in split_sentences(text)
    ]  # fmt: skip
    return {
        "citekey": citekey,
        "document": {"sha256": hashlib.sha256(raw).hexdigest(), "characters": len(text)},
        "sentences": sentences,
    }


def dump_features(features: dict[str, Any]) -> str:
    """Return *features* as JSON text, one sentence a line, the same bytes every time."""
    head = {key: value for key, value in features.items() if key != "sentences"}
    lines = [json.dumps(sentence, ensure_ascii=False) for sentence in features["sentences"]]
    body = ",\n  ".join(lines)
    return json.dumps(head, ensure_ascii=False)[:-1] + f',\n "sentences": [\n  {body}\n ]}}\n'
