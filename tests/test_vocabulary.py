"""A vocabulary is a checked mapping of terms; what is wrong in it is named with its group and term."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from livrev.paths import Repository
from livrev.records.review import read_vocabulary
from livrev.text import extract
from livrev.text.vocabulary import Vocabulary, find_entities

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


VOCABULARY = Vocabulary.model_validate(yaml.safe_load(FILE.read_text(encoding="utf-8")))


def found(text: str) -> list[str]:
    """Return the entities of *text*, a denied one marked with a minus."""
    return [("-" if entity.negated else "") + entity.entity for entity in find_entities(text, VOCABULARY)]


@pytest.mark.parametrize(
    "written", ["CD8⁺ T cells", "CD8(+) T cells", "CD8+ T-cells", "CD8 T cell", "CD8+ T lymphocytes"]
)
def test_a_cell_is_one_cell_however_its_marker_is_written(written: str) -> None:
    assert found(f"Loss of {written} was seen.") == ["cells:cd8-t-cell"]


@pytest.mark.parametrize("written", ["PD-1", "PD1", "PD‑1", "PD 1"])
def test_hyphens_and_spaces_make_no_difference(written: str) -> None:
    assert found(f"Cells carry {written}.") == ["targets:pd-1"]


@pytest.mark.parametrize("written", ["liver metastasis", "Liver metastases", "hepatic metastases", "liver-metastasis"])
def test_plurals_and_other_names_are_understood(written: str) -> None:
    assert found(written) == ["strata:liver-metastases"]


def test_british_and_american_spelling_are_one() -> None:
    assert found("tumour-associated macrophages") == found("tumor associated macrophage") == ["cells:macrophage"]
    assert found("radioembolization") == found("radioembolisation") == ["treatments:radioembolisation"]


def test_a_short_name_needs_its_capitals() -> None:
    assert found("RT prolonged OS") == ["treatments:radiotherapy", "endpoints:os"]
    assert found("rt and os are no words, nor is or") == []
    assert found("a fast fas") == []


def test_a_name_inside_a_word_is_none() -> None:
    assert found("OS1 and COST and HCCX") == []


def test_the_longest_name_wins() -> None:
    assert found("anti-PD-1 antibody") == ["treatments:pd-1-inhibitor"]
    assert found("uveal melanoma") == ["cancers:uveal-melanoma"]
    assert found("hepatic arterial infusion chemotherapy") == ["treatments:haic"]


@pytest.mark.parametrize("written", ["Keytruda", "MK-3475", "MK3475", "Pembrolizumab"])
def test_a_drug_is_known_by_brand_and_code(written: str) -> None:
    assert found(f"We gave {written}.") == ["treatments:pembrolizumab"]


@pytest.mark.parametrize(
    ("text", "entities"),
    [
        ("Patients had no liver metastases.", ["-strata:liver-metastases"]),
        ("They recovered without CRS.", ["-endpoints:crs-any"]),
        ("In the absence of CRS, OS was longer.", ["-endpoints:crs-any", "endpoints:os"]),
        ("Patients not receiving bevacizumab were left out.", ["-treatments:bevacizumab"]),
        ("All were free of liver metastases.", ["-strata:liver-metastases"]),
        ("No ICANS, but CRS was seen.", ["-endpoints:icans-any", "endpoints:crs-any"]),
        ("No CRS; ICANS was seen.", ["-endpoints:crs-any", "endpoints:icans-any"]),
        ("No CRS was seen, however ICANS was.", ["-endpoints:crs-any", "endpoints:icans-any"]),
        (
            "Without CRS, ICANS or dose-limiting toxicity.",
            ["-endpoints:crs-any", "-endpoints:icans-any", "-endpoints:dlt"],
        ),
        ("Not only CRS but also ICANS occurred.", ["endpoints:crs-any", "endpoints:icans-any"]),
        ("No difference in OS was seen.", ["endpoints:os"]),
        ("HBV-negative tumours", ["-strata:hbv"]),
        ("Without liver metastases, OS was longer.", ["-strata:liver-metastases", "endpoints:os"]),
        ("CRS was not observed.", ["-endpoints:crs-any"]),
    ],
)
def test_what_is_denied_is_marked(text: str, entities: list[str]) -> None:
    assert found(text) == entities


def test_extract_gives_quantities_and_entities_in_reading_order() -> None:
    objects = extract("No CRS in 9/13 patients (OS: HR 0.58).", VOCABULARY)
    kinds = [thing["kind"] for thing in objects]
    assert kinds == ["entity", "proportion", "entity", "entity", "HR"]  # CRS, 9/13, OS, the name HR, its value
    assert objects[0] == {"kind": "entity", "entity": "endpoints:crs-any", "start": 3, "end": 6, "negated": True}


@given(st.text(alphabet=st.one_of(st.characters(), st.sampled_from("CD8+ (OS)no PD-L1,"))))
def test_any_text_can_be_read(text: str) -> None:
    end = 0
    for entity in find_entities(text, VOCABULARY):
        assert end <= entity.start < entity.end <= len(text) or entity.start < end == entity.end
        end = entity.end
