"""What can be downloaded is complete, described, and valid for readers that we did not write."""

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import yaml
from check_jsonschema.builtin_schemas import get_builtin_schema
from click.testing import CliRunner
from jsonschema import Draft7Validator
from rocrate.rocrate import ROCrate

from livrev.cli import main
from livrev.exports.downloads import Download, make_downloads, read_citation, to_codemeta, write_downloads
from livrev.exports.tables import EXPORTS
from livrev.paths import Repository
from livrev.records.review import Review
from livrev.site.edition import say_size


@pytest.fixture(scope="module")
def downloads(real_review: Review) -> list[Download]:
    return make_downloads(real_review)


@pytest.fixture(scope="module")
def folder(downloads: list[Download], tmp_path_factory: pytest.TempPathFactory) -> Path:
    where = tmp_path_factory.mktemp("downloads")
    write_downloads(downloads, where)
    return where


def test_sizes_and_rows_are_those_of_the_files(downloads: list[Download], folder: Path) -> None:
    assert len({item.name for item in downloads}) == len(downloads)
    for item in downloads:
        assert (folder / item.name).stat().st_size == item.bytes
        if item.name.endswith(".csv") and "/" not in item.name:
            assert len(pd.read_csv(folder / item.name, dtype=str)) == item.records


def test_the_kept_tables_come_with_their_description(folder: Path, real: Repository) -> None:
    """Both are those of the review, which are valid (test_data.py)."""
    described = json.loads((folder / "data" / "datapackage.json").read_text(encoding="utf-8"))["resources"]
    names = {"datapackage.json", *(resource["path"] for resource in described)}
    assert names == {path.relative_to(folder / "data").as_posix() for path in (folder / "data").rglob("*.*")}
    assert [name for name in names if (folder / "data" / name).read_bytes() != (real.data / name).read_bytes()] == []


def test_the_dictionary_knows_every_column(folder: Path) -> None:
    described = pd.read_csv(folder / "dictionary.csv")
    for name in EXPORTS:
        columns = list(pd.read_csv(folder / f"{name}.csv", nrows=1).columns)
        assert described[described["file"] == f"{name}.csv"]["column"].tolist() == columns
    assert described["meaning"].str.endswith(".").all()


def test_the_crate_is_read_by_rocrate_and_holds_every_file(
    downloads: list[Download], folder: Path, tmp_path: Path
) -> None:
    crate = ROCrate(folder)
    assert crate.root_dataset["license"].id == "https://creativecommons.org/licenses/by/4.0/"
    assert {part.id for part in crate.root_dataset["hasPart"]} == {item.name for item in downloads} - {
        "ro-crate-metadata.json"
    }
    crate.write(tmp_path / "again")
    again = ROCrate(tmp_path / "again")
    assert {e.id for e in again.get_entities()} == {e.id for e in crate.get_entities()}
    assert (tmp_path / "again" / "findings.csv").read_bytes() == (folder / "findings.csv").read_bytes()


def test_the_citation_file_is_valid(real: Repository) -> None:
    schema = get_builtin_schema("vendor.citation-file-format")
    citation = yaml.load(real.citation.read_text(encoding="utf-8"), yaml.BaseLoader)
    assert [error.message for error in Draft7Validator(schema).iter_errors(citation)] == []
    wrong = {key: value for key, value in citation.items() if key != "title"}
    assert [e.message for e in Draft7Validator(schema).iter_errors(wrong)] == ["'title' is a required property"]


def test_codemeta_uses_terms_of_schema_org_and_is_kept_up_to_date(real: Repository) -> None:
    import rocrate

    known = (Path(rocrate.__file__).parent / "data" / "schema.jsonld").read_text(encoding="utf-8")
    data: dict[str, Any] = json.loads(to_codemeta(real))
    assert [key for key in data if not key.startswith("@") and f'"schema:{key}"' not in known] == [
        "referencePublication"
    ]
    assert data["version"] == str(read_citation(real)["version"])
    assert (real.root / "codemeta.json").read_text(encoding="utf-8") == to_codemeta(real), (
        "run livrev export codemeta -o codemeta.json"
    )


def test_without_a_citation_file_the_configuration_is_asked(repository: Repository) -> None:
    repository.citation.unlink()
    assert read_citation(repository) == {"title": "A review in small", "authors": [{"name": "the gardeners"}]}


@pytest.mark.parametrize(("size", "said"), [(12, "1 kB"), (1499, "1 kB"), (820_000, "820 kB"), (2_050_000, "2.0 MB")])
def test_sizes_are_said_as_people_read_them(size: int, said: str) -> None:
    assert say_size(size).replace("\u00a0", " ") == said


@pytest.mark.parametrize(
    ("arguments", "begins"),
    [
        (["references"], "@article{Doe2020cress"),
        (["references", "--format", "ris"], "TY  - JOUR\nID  - Doe2020cress"),
        (["references", "--format", "csl-json"], "[\n {\n  \"id\": \"Doe2020cress\""),
        (["findings", "--format", "jsonld"], "{\n \"@context\""),
        (["dictionary"], "file,column,type,unit,meaning\nsources.csv,source,string"),
    ],
)  # fmt: skip
def test_the_command_writes_each_format(repository: Repository, arguments: list[str], begins: str) -> None:
    done = CliRunner().invoke(main, ["--root", str(repository.root), "export", *arguments])
    assert done.exit_code == 0 and done.stdout.startswith(begins)


def test_what_cannot_be_written_is_refused(repository: Repository, tmp_path: Path) -> None:
    root = ["--root", str(repository.root), "export"]
    done = CliRunner().invoke(main, [*root, "studies", "--format", "ris"])
    assert done.exit_code == 2 and "studies cannot be written as ris" in done.output
    assert CliRunner().invoke(main, [*root, "all"]).exit_code == 2
    done = CliRunner().invoke(main, [*root, "all", "-o", str(tmp_path / "new")])
    assert done.exit_code == 0 and (tmp_path / "new" / "data" / "studies.csv").is_file()
