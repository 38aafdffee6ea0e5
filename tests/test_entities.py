"""Terms are found in every way they are written, the longest first, and a denial is heard."""

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from livrev.text import extract
from livrev.text.entities import find_entities
from livrev.text.vocabulary import Vocabulary

FILE = Path(__file__).parents[1] / "data" / "vocabulary.yml"
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
