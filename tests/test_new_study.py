"""The row of a study begins with what its reference knows; the rest is named, not guessed."""

import csv

import pytest
from click.testing import CliRunner, Result
from small_review import replace

from livrev.cli import main
from livrev.paths import Repository

ENTRY = """
@article{Moe2021backs,
  author = {Moe, Ann and {The Garden Group}},
  title = {{Backs}},
  year = {2021},
  doi = {10.1234/backs},
  pmid = {2345678},
  url = {https://example.org/backs},
  urldate = {2026-01-15},
}
"""


def new_study(repository: Repository, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["--root", str(repository.root), "new", "study", *arguments])


@pytest.fixture
def cited(repository: Repository) -> Repository:
    with repository.references.open("a", encoding="utf-8") as file:
        file.write(ENTRY)
    return repository


def last_row(repository: Repository) -> dict[str, str]:
    with (repository.data / "studies.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))[-1]


def test_what_the_reference_knows_is_filled_and_nothing_else(cited: Repository) -> None:
    before = (cited.data / "studies.csv").read_bytes()
    result = new_study(cited, "Moe2021backs")
    assert result.exit_code == 0, result.output
    assert (cited.data / "studies.csv").read_bytes().startswith(before)
    assert {column: cell for column, cell in last_row(cited).items() if cell} == {
        "study": "moe-2021", "name": "Moe 2021", "citekey": "Moe2021backs", "doi": "10.1234/backs", "pmid": "2345678",
        "year": "2021", "status": "published", "address": "https://example.org/backs", "read_on": "2026-01-15",
    }  # fmt: skip
    assert "data/studies.csv:4: now fill question, design, condition, basis, and what else is known" in result.stderr


def test_a_name_and_a_question_can_be_given(cited: Repository) -> None:
    assert new_study(cited, "Moe2021backs", "--name", "Moé 2021 (SPADE-2)", "--question", "exercise").exit_code == 0
    row = last_row(cited)
    assert (row["study"], row["name"], row["question"]) == ("moe-2021", "Moé 2021 (SPADE-2)", "exercise")


def test_a_taken_identifier_gets_a_letter(cited: Repository) -> None:
    assert new_study(cited, "Moe2021backs", "--name", "Roe 2019").exit_code == 0
    assert last_row(cited)["study"] == "roe-2019b"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("Moe2021back",), "Moe2021back is not in references.bib; did you mean Moe2021backs"),
        (("Roe2019trial",), "Roe2019trial is on record as roe-2019 (the same citekey)"),
        (("Moe2021backs", "--question", "golf"), "golf is no question of this review; use one of exercise, outlook"),
        (("Moe2021backs", "--name", "…"), "can name a study; give a name with --name"),
    ],
)
def test_what_cannot_be_begun_is_refused(cited: Repository, arguments: tuple[str, ...], said: str) -> None:
    before = (cited.data / "studies.csv").read_bytes()
    result = new_study(cited, *arguments)
    assert result.exit_code == 1 and said in result.stderr
    assert (cited.data / "studies.csv").read_bytes() == before


def test_a_publication_under_another_key_is_known_by_its_numbers(cited: Repository) -> None:
    replace(cited.references, "pmid = {2345678}", "pmid = {1234567}")
    assert "is on record as roe-2019 (the same pmid)" in new_study(cited, "Moe2021backs").stderr


def test_a_registered_trial_is_one(cited: Repository) -> None:
    replace(cited.references, "@article{Moe2021backs", "@misc{NCT12345678")
    assert new_study(cited, "NCT12345678", "--name", "SPADE-3").exit_code == 0
    row = last_row(cited)
    assert (row["nct"], row["design"], row["status"], row["study"]) == (
        "NCT12345678", "registered-trial", "registered", "spade-3",
    )  # fmt: skip
