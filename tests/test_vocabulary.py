"""A vocabulary is a checked mapping of terms; what is wrong in it is named with its group and term."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from livrev.paths import Repository
from livrev.records.review import read_vocabulary
from livrev.text.vocabulary import Vocabulary

FILE = Path(__file__).parents[1] / "data" / "vocabulary.yml"


def small(**changes: Any) -> dict[str, Any]:
    return {"drugs": {"a": {"label": "Drug A", "synonyms": ["A-1"]}, "b": {"label": "Drug B"} | changes}}


def test_a_term_is_known_by_its_label_and_its_synonyms() -> None:
    vocabulary = Vocabulary.model_validate(small())
    assert vocabulary.ids("drugs") == ("a", "b")
    assert vocabulary.label("drugs", "a") == "Drug A"
    assert vocabulary.terms["drugs"]["a"].names == ("Drug A", "A-1")


@pytest.mark.parametrize(
    ("term", "said"),
    [
        ("{synonyms: [B]}", "3 drugs.b.label: is missing; add the field"),
        ("{label: ''}", "3 drugs.b.label: has the wrong form; expected the pattern \\S"),
        ("{label: B, colour: red}", "3 drugs.b.colour: red is not a field of this record; delete it"),
        ("{label: B, synonyms: B}", "3 drugs.b.synonyms: B is not a list; write [one, another]"),
        ("{label: B, synonyms: [1]}", "3 drugs.b.synonyms: 1 is not text; write a text"),
        ("{label: B, synonyms: [A-1]}", "3 drugs.b.synonyms: A-1 also names a; keep it at one of the two"),
        ("{label: B, broader: c}", "3 drugs.b.broader: c is no other term of its group; add it or mend the id"),
        ("{label: B, ncit: 3}", "3 drugs.b.ncit: 3 is not text"),
        ("Drug B", "3 drugs.b: Drug B is not a mapping; write one `field: value` a line"),
        ("{label: B}\n  -: {label: C}", "4 drugs.-: - has the wrong form; expected the pattern"),
        ("{label: B}\nDrugs: {}", "4 Drugs: Drugs has the wrong form; expected the pattern"),
        ("{label: B}\ncells: [a]", "4 cells: ['a'] is not a mapping"),
    ],
)
def test_a_wrong_term_is_named_with_its_line_and_cure(repository: Repository, term: str, said: str) -> None:
    text = f"drugs:\n  a: {{label: Drug A, synonyms: [A-1]}}\n  b: {term}\n"
    repository.vocabulary.write_text(text, encoding="utf-8")
    vocabulary, problems = read_vocabulary(repository)
    assert vocabulary is None and str(problems[0]).startswith(f"data/vocabulary.yml:{said}"), problems


def test_an_unknown_group_or_term_is_named() -> None:
    vocabulary = Vocabulary.model_validate(small())
    with pytest.raises(ValueError, match="cells: no such group"):
        vocabulary.ids("cells")
    with pytest.raises(ValueError, match=r"drugs\.z: no such term"):
        vocabulary.label("drugs", "z")


def test_the_vocabulary_of_the_review_holds_its_groups() -> None:
    vocabulary = Vocabulary.model_validate(yaml.safe_load(FILE.read_text(encoding="utf-8")))
    groups = "cancers treatments endpoints cells targets strata designs measures strategies topics"
    assert set(groups.split()) <= set(vocabulary.terms)
    assert "hepatocellular-carcinoma" in vocabulary.ids("cancers")


def test_the_vocabulary_file_is_plain_yaml() -> None:
    tokens = list(yaml.scan(FILE.read_text(encoding="utf-8")))
    assert not [token for token in tokens if isinstance(token, (yaml.TagToken, yaml.AnchorToken, yaml.AliasToken))]


def test_identifiers_have_the_form_of_their_register() -> None:
    vocabulary = Vocabulary.model_validate(yaml.safe_load(FILE.read_text(encoding="utf-8")))
    for _, _, term in vocabulary.every_term():
        assert term.ncit is None or re.fullmatch(r"C\d+", term.ncit)
        assert term.mesh is None or re.fullmatch(r"[CD]\d{6,9}", term.mesh)
