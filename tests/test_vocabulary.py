"""A vocabulary is a checked mapping of terms; what is wrong in it is named with its group and term."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from livrev.text import Vocabulary

FILE = Path(__file__).parents[1] / "data" / "vocabulary.yml"


def small(**changes: Any) -> dict[str, Any]:
    return {"drugs": {"a": {"label": "Drug A", "synonyms": ["A-1"]}, "b": {"label": "Drug B"} | changes}}


def test_a_term_is_known_by_its_label_and_its_synonyms() -> None:
    vocabulary = Vocabulary.from_mapping(small())
    assert vocabulary.ids("drugs") == ("a", "b")
    assert vocabulary.label("drugs", "a") == "Drug A"
    assert vocabulary.terms["drugs"]["a"].names == ("Drug A", "A-1")


@pytest.mark.parametrize(
    ("mapping", "complaint"),
    [
        ({"drugs": {"b": {"synonyms": ["B"]}}}, r"drugs\.b: label is missing"),
        (small(label=""), r"drugs\.b: label is missing"),
        (small(colour="red"), r"drugs\.b: unknown key 'colour'"),
        (small(synonyms="B"), r"drugs\.b: synonyms is not a list"),
        (small(synonyms=[1]), r"drugs\.b: synonym 1 is no text"),
        (small(synonyms=["A-1"]), r"drugs\.b: 'A-1' also names drugs\.a"),
        (small(broader="c"), r"drugs\.b: broader 'c' is no other term"),
        (small(ncit=3), r"drugs\.b: ncit is missing or is no text"),
        ({"drugs": ["a"]}, "drugs: is not a mapping of terms"),
        ({"drugs": {"a": "Drug A"}}, r"drugs\.a: is not a mapping"),
        ({"drugs": {5: {"label": "Five"}}}, r"drugs\.5: an id is letters"),
    ],
)
def test_a_wrong_term_is_named(mapping: dict[str, Any], complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        Vocabulary.from_mapping(mapping)


def test_an_unknown_group_or_term_is_named() -> None:
    vocabulary = Vocabulary.from_mapping(small())
    with pytest.raises(ValueError, match="cells: no such group"):
        vocabulary.ids("cells")
    with pytest.raises(ValueError, match=r"drugs\.z: no such term"):
        vocabulary.label("drugs", "z")


def test_the_vocabulary_of_the_review_holds_its_groups() -> None:
    vocabulary = Vocabulary.from_mapping(yaml.safe_load(FILE.read_text(encoding="utf-8")))
    groups = "cancers treatments endpoints cells targets strata designs measures strategies topics"
    assert set(groups.split()) <= set(vocabulary.terms)
    assert "hepatocellular-carcinoma" in vocabulary.ids("cancers")


def test_the_vocabulary_file_is_plain_yaml() -> None:
    tokens = list(yaml.scan(FILE.read_text(encoding="utf-8")))
    assert not [token for token in tokens if isinstance(token, (yaml.TagToken, yaml.AnchorToken, yaml.AliasToken))]


def test_identifiers_have_the_form_of_their_register() -> None:
    vocabulary = Vocabulary.from_mapping(yaml.safe_load(FILE.read_text(encoding="utf-8")))
    for term in vocabulary:
        assert term.ncit is None or re.fullmatch(r"C\d+", term.ncit)
        assert term.mesh is None or re.fullmatch(r"[CD]\d{6,9}", term.mesh)
