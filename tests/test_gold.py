"""The reading machine agrees with sentences that were written and marked by hand."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from scoring import Score, add_scores, score_sentence

from livrev.text.numbers import quantity_to_json
from livrev.text.quantities import find_quantities
from livrev.text.vocabulary import Vocabulary, find_entities

TESTS = Path(__file__).parent
GOLD: list[dict[str, Any]] = [
    json.loads(line) for line in (TESTS / "gold" / "sentences.jsonl").read_text(encoding="utf-8").splitlines()
]
VOCABULARY = TESTS.parent / "data" / "vocabulary.yml"


def scores(split: str, *, with_interval: bool = False) -> dict[str, Score]:
    """Score one half of the gold standard; with *with_interval*, only what has an interval."""
    scored = []
    for sentence in GOLD:
        if sentence["split"] != split:
            continue
        wanted = sentence["quantities"]
        read = [quantity_to_json(quantity) for quantity in find_quantities(sentence["text"])]
        if with_interval:
            wanted, read = [q for q in wanted if "low" in q], [q for q in read if "low" in q]
        scored.append(score_sentence(wanted, read))
    return add_scores(scored)


def test_the_gold_standard_is_large_and_has_sentences_without_a_quantity() -> None:
    assert len(GOLD) >= 700
    assert len({sentence["text"] for sentence in GOLD}) == len(GOLD)
    assert sum(not sentence["quantities"] for sentence in GOLD) >= 240
    kinds = {quantity["kind"] for sentence in GOLD for quantity in sentence["quantities"]}
    assert kinds == {"HR", "OR", "RR", "p", "proportion", "n", "median", "rate", "dose", "date"}


def test_every_kind_that_was_misread_has_sentences_with_and_without_a_quantity() -> None:
    written = {(sentence["about"], bool(sentence["quantities"])) for sentence in GOLD if "about" in sentence}
    kinds = {about for about, _ in written}
    assert len(kinds) >= 20
    assert written == {(about, marked) for about in kinds for marked in (True, False)}


def test_every_marked_stretch_is_in_its_sentence() -> None:
    for sentence in GOLD:
        for quantity in sentence["quantities"]:
            assert sentence["text"][quantity["start"] : quantity["end"]] == quantity["text"]


@pytest.mark.parametrize("split", ["dev", "test"])
@pytest.mark.parametrize("kind", ["HR", "OR", "RR"])
def test_ratios_with_an_interval_are_found(split: str, kind: str) -> None:
    score = scores(split, with_interval=True)[kind]
    assert score.f1 >= 0.95
    assert score.accuracy >= 0.9


@pytest.mark.parametrize("split", ["dev", "test"])
@pytest.mark.parametrize("kind", ["proportion", "n", "p", "median", "rate", "dose", "date"])
def test_every_other_kind_is_found(split: str, kind: str) -> None:
    score = scores(split)[kind]
    assert score.f1 >= 0.95
    assert score.accuracy >= 0.95


@pytest.mark.parametrize("split", ["dev", "test"])
def test_nothing_is_read_where_nothing_stands(split: str) -> None:
    empty = [sentence["text"] for sentence in GOLD if sentence["split"] == split and not sentence["quantities"]]
    misread = [text for text in empty if find_quantities(text)]
    assert len(misread) <= 0.05 * len(empty)


def test_entities_and_their_denial_are_found() -> None:
    vocabulary = Vocabulary.model_validate(yaml.safe_load(VOCABULARY.read_text(encoding="utf-8")))
    marked = [sentence for sentence in GOLD if "entities" in sentence]
    assert len(marked) >= 10
    for sentence in marked:
        wanted = [(entity["entity"], entity["negated"]) for entity in sentence["entities"]]
        read = [(entity.entity, entity.negated) for entity in find_entities(sentence["text"], vocabulary)]
        if sentence["split"] == "dev":
            assert read == wanted, sentence["text"]
