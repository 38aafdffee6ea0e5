"""Let the machine read a text: per sentence its place, the quantities it states, and the terms it names."""

from bisect import bisect_right
from dataclasses import dataclass
from typing import Any

from livrev.sources.publication import Publication
from livrev.text.features import describe_document
from livrev.text.vocabulary import Vocabulary

LONGEST_TEXT = 1_000_000  # characters; no paper is longer
_MOST_WORDS = 5


class TooLong(ValueError):
    """Raised where a text is longer than any paper."""


@dataclass(frozen=True, slots=True)
class MachineReading:
    """What the machine found in one text: its features, as data/features/ holds them, and where each sentence stands."""

    text: str
    features: dict[str, Any]
    places: tuple[str, ...]

    @property
    def sentences(self) -> list[dict[str, Any]]:
        """The sentences with their quantities and entities, in reading order."""
        found: list[dict[str, Any]] = self.features["sentences"]
        return found


def read_by_machine(key: str, publication: Publication, vocabulary: Vocabulary) -> MachineReading:
    """Return what the machine finds in the text of *publication*. Raises TooLong."""
    text = publication.text
    if len(text) > LONGEST_TEXT:
        raise TooLong(f"the text has {len(text):,} characters (at most {LONGEST_TEXT:,}); give the part that matters")
    features = describe_document(key, text.encode("utf-8"), vocabulary)
    bounds = _bounds(publication)
    places = tuple(_place(bounds, sentence["start"]) for sentence in features["sentences"])
    return MachineReading(text, features, places)


def _bounds(publication: Publication) -> list[tuple[int, str]]:
    """Return where each part of the text begins, with the name of its place."""
    bounds, start = [(0, "title")], len(publication.title) + 2
    whole = "record" if publication.registry else "abstract"
    for name, sections in ((whole, publication.abstract), ("text", publication.body)):
        for section in sections:
            label = section.label.rstrip(": ")
            length = len(label) + 2 + len(section.text) if label else len(section.text)
            if not section.text.strip() and not label:
                continue
            # a long heading is the words of the source, of which we keep none
            shown = label.lower() if len(label.split()) <= _MOST_WORDS else ""
            bounds.append((start, section.place or (f"{name}, {shown}" if shown else name)))
            start += length + 2
    return bounds


def _place(bounds: list[tuple[int, str]], start: int) -> str:
    return bounds[bisect_right(bounds, start, key=lambda bound: bound[0]) - 1][1]
