"""A draft row is filled with what was found in that very sentence, and with nothing that the sentence leaves open."""

import pytest
import yaml
from small_review import VOCABULARY

from livrev.records.tables import Column
from livrev.sources.draft_tables import draft_rows, draft_study, read_by_machine
from livrev.sources.publication import Author, Publication, Section
from livrev.text.vocabulary import Vocabulary

KEY = "Beet2020radish"
WORDS = yaml.safe_load(VOCABULARY)
WORDS["endpoints"] |= {"pfs": {"label": "Progression-free survival", "synonyms": ["PFS"]}}
WORDS["endpoints"]["os"]["synonyms"] = ["OS", "overall survival"]
WORDS["cancers"] = {"leafoma": {"label": "Leafoma"}}
WORDS["measures"] |= {"rate-at-time": {"label": "Rate at a time"}}
WORDS["designs"]["rct"]["synonyms"] = ["randomised trial", "randomised phase 2 trial", "RCT"]
WORDS = Vocabulary.model_validate(WORDS)
RESULTS = ("outcome", "study", "citekey", "endpoint", "stratum", "measure", "value", "ci_low", "ci_high", "ci_level", "p",
           "events", "total", "time_months", "basis", "address", "place", "note")  # fmt: skip
NAMES = ("study", "name", "citekey", "doi", "pmid", "nct", "question", "design", "phase", "masking", "cancer", "n", "year",
         "status", "basis", "address")  # fmt: skip
STUDY = [
    Column(name=name, type="string", description="", vocabulary="cancers" if name == "cancer" else None)
    for name in NAMES
]


def paper(*abstract: str, title: str = "On radish", body: tuple[Section, ...] = (), **fields: object) -> Publication:
    sections = tuple(Section("", text) for text in abstract)
    return Publication(title, (Author("Beet", "Ada"),), 2020, abstract=sections, body=body, **fields)  # type: ignore[arg-type]


def rows_of(publication: Publication) -> list[dict[str, str]]:
    found = draft_rows(read_by_machine(KEY, publication, WORDS))
    return [dict.fromkeys(RESULTS, "") | row for row in found]


def study_of(publication: Publication) -> dict[str, str]:
    return dict.fromkeys(NAMES, "") | draft_study(read_by_machine(KEY, publication, WORDS), STUDY, "cancer")


@pytest.mark.parametrize(
    ("sentence", "cells"),
    [
        ("Median PFS was 8.2 months (95% CI 6.9-9.6) in 120 patients.", [{"endpoint": "pfs", "value": "8.2", "total": "120"}]),
        ("Median PFS was 10.1 months versus 4.6 months; HR 0.75 (95% CI 0.62-0.92).",
         [{"endpoint": "pfs"}, {"endpoint": "pfs"}, {"endpoint": "pfs", "measure": "HR"}]),
        ("Median OS was 20.0 months and median PFS was 8.2 months.", [{"endpoint": "os"}, {"endpoint": "pfs"}]),
        ("The HR for death was 0.75 (95% CI 0.62-0.92), so OS was longer.", [{"endpoint": "os"}]),
        ("Median OS was 12.1 months with radish and 8.3 months with water (p=0.02).",
         [{"value": "12.1", "p": "0.02"}, {"value": "8.3", "p": "0.02"}]),
    ],
)  # fmt: skip
def test_what_the_sentence_says_is_filled_in(sentence: str, cells: list[dict[str, str]]) -> None:
    found = rows_of(paper(sentence))
    assert len(found) == len(cells)
    for row, wanted in zip(found, cells, strict=True):
        assert wanted.items() <= row.items()


@pytest.mark.parametrize(
    ("sentence", "field", "values"),
    [
        ("OS and PFS were told: median 20.0 months and median 8.2 months.", "endpoint", ["", ""]),
        ("HR 0.75 (95% CI 0.62-0.92; p=0.006) and HR 0.80 (95% CI 0.60-1.10).", "p", ["0.006", ""]),
        ("Of 40 patients and 38 patients, the median OS was 9.0 months.", "total", [""]),
        ("Median OS was 9.0 months.", "p", [""]),
    ],
)
def test_what_it_leaves_open_stays_empty(sentence: str, field: str, values: list[str]) -> None:
    assert [row[field] for row in rows_of(paper(sentence))] == values


def test_a_result_in_a_table_has_its_cell_for_a_place_and_who_the_patients_are_is_none() -> None:
    body = (
        Section("", "Overall survival, Radish v water: HR 0.71 (95% CI 0.52 to 0.97).", "table 2, Overall survival, HR (95% CI)"),
        Section("", "Age, Radish (n = 30): median 61 years.", "table 1, Age, Radish (n = 30)"),
    )  # fmt: skip
    (row,) = rows_of(paper("Nothing here.", body=body))
    assert (row["place"], row["endpoint"], row["value"], row["basis"]) == (
        "table 2, Overall survival, HR (95% CI)", "os", "0.71", "full-text",
    )  # fmt: skip


def test_the_study_is_drafted_too() -> None:
    publication = paper(
        "We randomised 214 patients in this open-label trial. Median OS was 12.1 months.",
        title="Radish in leafoma (CRESS-7): a randomised phase 2 trial", journal="Garden Letters", doi="10.5555/r.1",
        pmid="30000001", nct=("NCT04567890",), address="https://a.example/", kinds=("Journal Article",),
    )  # fmt: skip
    assert study_of(publication) == {
        "study": "beet-2020-radish", "name": "Beet 2020 (CRESS-7)", "citekey": KEY, "doi": "10.5555/r.1", "pmid": "30000001",
        "nct": "NCT04567890", "question": "", "design": "rct", "phase": "2", "masking": "open-label", "cancer": "leafoma",
        "n": "214", "year": "2020", "status": "published", "basis": "abstract", "address": "https://a.example/",
        "sentence": "2", "read": "no",
    }  # fmt: skip


def test_a_registered_trial() -> None:
    publication = paper(
        "60 participants (estimated)", registry=True, nct=("NCT04567890",), kinds=("INTERVENTIONAL", "PHASE1", "PHASE2")
    )
    row = study_of(publication)
    assert (row["name"], row["design"], row["phase"], row["n"], row["status"], row["basis"]) == (
        "NCT04567890", "registered-trial", "1/2", "60", "registered", "registry",
    )  # fmt: skip


def test_two_sizes_make_no_number_of_patients() -> None:
    assert study_of(paper("We randomised 40 patients to radish and 38 patients to water."))["n"] == ""
