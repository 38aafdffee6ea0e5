"""Draft the note of a source that a person must read: what the machine found, sentence by sentence, all marked unread.

A draft says what numbers and terms a sentence holds, in words of this package, and none of the sentence's own. It leaves
open what a machine must not decide: which arm, which contrast, which population, and whether the number is meant so.
"""

import json
from collections.abc import Mapping
from typing import Any

from livrev.sources.draft_tables import RATIOS, slug
from livrev.sources.publication import Publication
from livrev.sources.text_extraction import MachineReading
from livrev.text.vocabulary import Vocabulary

_LANGUAGES = {"eng": "English", "en": "English", "ger": "German", "de": "German", "fre": "French", "fr": "French",
              "chi": "Chinese", "zh": "Chinese", "jpn": "Japanese", "ja": "Japanese", "spa": "Spanish", "es": "Spanish"}  # fmt: skip
_SAID = {"n": "number of patients", "p": "p", "dose": "dose", "date": "date", "median": "median", "rate": "rate",
         "proportion": "proportion", "HR": "hazard ratio", "OR": "odds ratio", "RR": "risk ratio"}  # fmt: skip


def draft_note(key: str, publication: Publication, reading: MachineReading, vocabulary: Vocabulary) -> str:
    """Return the draft of a source note: the form of data/sources/, with `read: no` and gaps where a person decides."""
    found = [(s, place) for s, place in zip(reading.sentences, reading.places, strict=True) if _speaks(s)]
    silent = [s["n"] for s in reading.sentences if not _speaks(s)]
    lines = [
        "---",
        f"citekey: {key}",
        "read: no  # by a person; while it says no, livrev check fails",
        f"kind: {_kind(publication)}",
        f"title: {_quoted(publication.title)}",
        f"document: {_quoted(f'{key}.txt')}",
        f"language: {_quoted(_LANGUAGES.get(publication.language.lower()[:3], publication.language or 'not said'))}",
        "reports_on: []",
        "read_on:  # the day on which a person read it",
        f"from: {_quoted(publication.service)}",
        f"address: {_quoted(publication.address)}",
        *(f"notice: {_quoted(said)}" for said in notices_of(publication)),
        f"nothing_found_in: {_quoted(_ranges(silent))}  # sentences in which no quantity was found: read them too",
        "findings:" if found else "findings: []",
    ]
    prefix = slug(key)
    for count, (sentence, place) in enumerate(found, 1):
        lines += [
            f"- id: {prefix}-{count:02d}",
            f"  sentence: {sentence['n']}",
            f'  fingerprint: "{sentence["fingerprint"]}"',
            "  read: no",
            f"  place: {_quoted(place)}",
            f"  machine_found: {_quoted(_describe(sentence, vocabulary))}",
            "  statement:  # in your own words",
        ]
    lines += ["---", "", "Draft made by `livrev add`. What the machine found is a hint, not a reading.", ""]
    return "\n".join(lines)


def notices_of(publication: Publication) -> list[str]:
    """Return what is said against a publication: retractions first, then concerns and corrections."""
    order = ("retraction", "concern", "correction")
    found = sorted(
        (n for n in publication.notices if n.kind in order and not n.is_notice), key=lambda n: order.index(n.kind)
    )
    said = [" ".join(filter(None, (n.kind, n.date, n.doi or (f"PMID {n.pmid}" if n.pmid else "")))) for n in found]
    if any(kind.lower() == "retracted publication" for kind in publication.kinds) and not any(
        s.startswith("retr") for s in said
    ):
        said.insert(0, "retraction")
    return said


def _speaks(sentence: Mapping[str, Any]) -> bool:
    return bool(sentence["quantities"])


def _describe(sentence: Mapping[str, Any], vocabulary: Vocabulary) -> str:
    """Return what a sentence holds, in words of this package and of the vocabulary."""
    quantities = sentence["quantities"]
    ratios = [(q["start"], q["end"]) for q in quantities if q["kind"] in RATIOS]
    said = [
        _describe_quantity(quantity)
        for quantity in quantities
        if quantity["kind"] != "p" or not any(a <= quantity["start"] and quantity["end"] <= b for a, b in ratios)
    ]
    names = [vocabulary.label(*entity.split(":", 1)).lower() for entity in sentence["entities"]]
    return "; ".join(said) + (f". Names: {', '.join(dict.fromkeys(names))}" if names else "")


def _describe_quantity(quantity: Mapping[str, Any]) -> str:
    pieces = [_SAID.get(quantity["kind"], quantity["kind"])]
    if "events" in quantity:
        pieces.append(
            f"{quantity['events']} of {quantity['total']}" if "total" in quantity else str(quantity["events"])
        )
    if "value" in quantity:
        percent = " %" if quantity["kind"] in ("proportion", "rate") else ""
        value = f"{quantity['value']}{percent}"
        pieces.append(f"({value})" if "events" in quantity else value)
    if "unit" in quantity:
        pieces.append(str(quantity["unit"]))
    if "low" in quantity and "high" in quantity:
        level = f"{quantity['level']} % " if "level" in quantity else ""
        pieces.append(f"({level}interval {quantity['low']} to {quantity['high']})")
    if "p" in quantity:
        pieces.append(str(quantity["p"]) if quantity["kind"] == "p" else f"p {quantity['p']}")
    return " ".join(pieces)


def _kind(publication: Publication) -> str:
    """Return the kind of source as the services classify it; a person may differ."""
    kinds = " ".join(publication.kinds).lower()
    if publication.registry:
        return "registry"
    for word, kind in (
        ("meta-analysis", "review"),
        ("review", "review"),
        ("editorial", "editorial"),
        ("comment", "editorial"),
        ("news", "news"),
    ):
        if word in kinds:
            return kind
    return "primary" if publication.journal or publication.booktitle else "news"


def _quoted(text: str) -> str:
    """Return *text* as a YAML string in double quotes; JSON's are such, and no text can break out of them."""
    return json.dumps(text, ensure_ascii=False).replace("\u2028", " ").replace("\u2029", " ")


def _ranges(numbers: list[int]) -> str:
    """Return sentence numbers as `1-3, 5`."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and runs[-1][1] == number - 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return ", ".join(str(a) if a == b else f"{a}-{b}" for a, b in runs)
