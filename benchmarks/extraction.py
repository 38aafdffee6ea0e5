"""Print how well and how fast quantities are read from the gold sentences, beside quantulum3 on the same sentences.

Run it as `python benchmarks/extraction.py`; it reads tests/gold/sentences.jsonl and nothing else.
"""

import json
import logging
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

from quantulum3 import classifier, parser

TESTS = Path(__file__).parents[1] / "tests"
sys.path.insert(0, str(TESTS))

from scoring import Score, add_scores, score_sentence  # type: ignore[import-not-found]  # noqa: E402

from livrev.text.numbers import quantity_to_json  # noqa: E402
from livrev.text.quantities import find_quantities  # noqa: E402

GOLD = TESTS / "gold" / "sentences.jsonl"
KINDS = ("HR", "OR", "RR", "p", "proportion", "n", "median", "rate", "dose", "date")
NUMBERS = ("value", "low", "high", "level", "events", "total", "p")
EXPLANATION = """
How the two are compared. livrev names a kind for each object; an object is found when kind and place agree, and exact
when every field does. quantulum3 names no such kinds, so it is asked for less: an object counts as found when any
value that it read inside the object's place equals any number expected there (bounds, level, events and total
included; a percentage may be given as a fraction). Its classifier, which tells units of one name apart, is off: the
one that it brings was trained with another scikit-learn than that of the lock, and cannot be loaded. `numbers` is the
share of all numbers expected that were read at their place, counted alike for both. Dates are left out of it:
quantulum3 does not set out to read them.
"""

T = TypeVar("T")
Reading = tuple[float, int, int]


def read_with_livrev(text: str) -> list[dict[str, object]]:
    return [quantity_to_json(quantity) for quantity in find_quantities(text)]


def read_with_quantulum(text: str) -> list[Reading]:
    return [(float(found.value), *found.span) for found in parser.parse(text)]


def numbers_of(record: Mapping[str, Any]) -> list[float]:
    """Return every number that an object states."""
    stated = [record[name] for name in NUMBERS if name in record and record["kind"] != "date"]
    return [float(str(number).lstrip("<>=≤≥")) for number in stated]


def as_readings(records: Sequence[Mapping[str, Any]]) -> list[Reading]:
    return [(number, record["start"], record["end"]) for record in records for number in numbers_of(record)]


def count_read(wanted: Mapping[str, Any], readings: Sequence[Reading]) -> int:
    """Return how many of the numbers of an object are among *readings* at its place."""
    there = [value for value, start, end in readings if start < wanted["end"] and wanted["start"] < end]
    return sum(
        any(abs(value - number) < 1e-9 * max(1, number) or abs(100 * value - number) < 1e-9 for value in there)
        for number in numbers_of(wanted)
    )


def clock(read: Callable[[str], T], texts: Sequence[str]) -> tuple[list[T], float]:
    """Return what *read* gives for each text, and how many texts it read in a second."""
    read(texts[0])
    start = time.perf_counter()
    results = [read(text) for text in texts]
    return results, len(texts) / (time.perf_counter() - start)


def print_table(split: str, gold: Sequence[dict[str, Any]]) -> tuple[float, float]:
    """Print the table of one half of the gold standard; return the two speeds."""
    ours, our_speed = clock(read_with_livrev, [sentence["text"] for sentence in gold])
    theirs, their_speed = clock(read_with_quantulum, [sentence["text"] for sentence in gold])
    scores = add_scores(score_sentence(s["quantities"], read) for s, read in zip(gold, ours, strict=True))
    print(
        f"\n{split}: {len(gold)} sentences, {sum(not sentence['quantities'] for sentence in gold)} of them without a quantity"
    )
    print(f"{'':12}{'livrev':>54}{'quantulum3':>22}")
    heads = ("objects", "precision", "recall", "F1", "exact", "numbers", "found", "numbers")
    print(f"{'kind':12}" + "".join(f"{head:>{11 if i != 6 else 12}}" for i, head in enumerate(heads)))
    for kind in KINDS:
        score = scores.get(kind, Score())
        pairs = [
            (wanted, as_readings(our), their)
            for sentence, our, their in zip(gold, ours, theirs, strict=True)
            for wanted in sentence["quantities"]
            if wanted["kind"] == kind
        ]
        total = sum(len(numbers_of(wanted)) for wanted, _, _ in pairs) or 1
        our_numbers = sum(count_read(wanted, our) for wanted, our, _ in pairs) / total
        their_numbers = sum(count_read(wanted, their) for wanted, _, their in pairs) / total
        found = sum(count_read(wanted, their) > 0 for wanted, _, their in pairs) / (len(pairs) or 1)
        shares = [score.precision, score.recall, score.f1, score.accuracy, our_numbers, found, their_numbers]
        cells = ["-" if kind == "date" and i > 3 else f"{share:.3f}" for i, share in enumerate(shares)]
        print(f"{kind:12}{score.gold:>11}" + "".join(f"{cell:>{11 if i != 5 else 12}}" for i, cell in enumerate(cells)))
    empty = [index for index, sentence in enumerate(gold) if not sentence["quantities"]]
    print(
        f"sentences without a quantity in which something was read: "
        f"livrev {sum(bool(ours[i]) for i in empty)}, quantulum3 {sum(bool(theirs[i]) for i in empty)} of {len(empty)}"
    )
    return our_speed, their_speed


def main() -> None:
    """Print the tables of both halves, then the speeds."""
    logging.disable(logging.CRITICAL)
    # Its classifier only chooses between units, which are not compared, and was stored by an older scikit-learn.
    classifier.USE_CLF = False
    gold = [json.loads(line) for line in GOLD.read_text(encoding="utf-8").splitlines()]
    print(EXPLANATION.strip())
    speeds = [print_table(split, [s for s in gold if s["split"] == split]) for split in ("dev", "test")]
    print("\nsentences per second (dev, test):")
    print("livrev     " + "".join(f"{ours:>10.0f}" for ours, _ in speeds))
    print("quantulum3 " + "".join(f"{theirs:>10.0f}" for _, theirs in speeds))


if __name__ == "__main__":
    main()
