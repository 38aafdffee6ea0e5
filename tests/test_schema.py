"""JSON Schema for editors: it is that of the records, lets what is right pass, and marks what is wrong."""

import datetime
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner
from jsonschema import Draft7Validator
from small_review import replace

from livrev.checks.book_files import check_schemas
from livrev.cli import main
from livrev.paths import Repository
from livrev.records.json_schema import make_schemas
from livrev.records.review import Review


def written(text: str) -> Any:
    """Return YAML as an editor reads it: a day is text there."""

    def plain(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: plain(part) for key, part in value.items()}
        if isinstance(value, list):
            return [plain(part) for part in value]
        return value.isoformat() if isinstance(value, datetime.date) else value

    return plain(yaml.safe_load(text))


def front_of(path: Path) -> Any:
    return written(path.read_text(encoding="utf-8").split("---\n")[1])


def wrong(schema: dict[str, Any], record: Any) -> list[str]:
    found = sorted(Draft7Validator(schema).iter_errors(record), key=lambda error: list(map(str, error.path)))
    return [".".join(map(str, error.path)) + ": " + error.message for error in found]


@pytest.fixture(scope="session")
def schemas(real: Repository) -> dict[str, Any]:
    return {path.name: json.loads(path.read_text(encoding="utf-8")) for path in sorted(real.schemas.glob("*.json"))}


def test_what_is_committed_is_what_the_records_make(real: Repository, real_review: Review) -> None:
    made = make_schemas(real_review.vocabulary, real_review.settings)
    assert {path.name: path.read_text(encoding="utf-8") for path in real.schemas.iterdir()} == made


def test_they_are_schemas(schemas: dict[str, Any]) -> None:
    assert list(schemas) == ["review.json", "source.json", "vocabulary.json"]
    for schema in schemas.values():
        Draft7Validator.check_schema(schema)


def test_every_note_and_the_vocabulary_pass_and_name_their_schema(real: Repository, schemas: dict[str, Any]) -> None:
    for path in sorted(real.sources.glob("*.md")):
        assert wrong(schemas["source.json"], front_of(path)) == [], path.name
        assert path.read_text(encoding="utf-8").startswith(
            "---\n# yaml-language-server: $schema=../schema/source.json\n"
        )
    text = real.vocabulary.read_text(encoding="utf-8")
    assert text.startswith("# yaml-language-server: $schema=schema/vocabulary.json\n")
    assert wrong(schemas["vocabulary.json"], written(text)) == []
    text = real.settings.read_text(encoding="utf-8")
    assert text.startswith("# yaml-language-server: $schema=schema/review.json\n")
    assert wrong(schemas["review.json"], written(text)) == []


def test_every_field_is_explained(schemas: dict[str, Any]) -> None:
    source = schemas["source.json"]
    settings = schemas["review.json"]
    terms = schemas["vocabulary.json"]["$defs"]["Term"]
    for record in (source, *source["$defs"].values(), settings, *settings["$defs"].values(), terms):
        for name, field in record["properties"].items():
            assert field.get("description"), name


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda note: note.pop("kind"), "'kind' is a required property"),
        (lambda note: note.update(knd="news"), "'knd' was unexpected"),
        (lambda note: note.update(kind="tweet"), "kind: 'tweet' is not one of"),
        (lambda note: note.update(citekey="doe 2020"), "citekey: 'doe 2020' does not match"),
        (lambda note: note.update(about="prose"), "'about' was unexpected"),
        (lambda note: note["findings"][0].update(topic="golf"), "findings.0.topic: 'golf' is not one of"),
        (lambda note: note["findings"][0].update(population="fish"), "findings.0.population: 'fish' is not one of"),
        (lambda note: note["findings"][0].update(sentence=0), "findings.0.sentence: 0 is less than or equal"),
        (lambda note: note["findings"][0].update(fingerprint="xyz"), "findings.0.fingerprint: 'xyz' does not match"),
        (lambda note: note["findings"][0].update(settled_by=[]), "findings.0.settled_by: [] should be non-empty"),
        (lambda note: note["findings"][0].pop("settled_by"), "findings.0: 'settled_by' is a required property"),
        (lambda note: note["furniture"][0].update(sentences="1 to 5"), "furniture.0.sentences: '1 to 5' is not valid"),
    ],
)
def test_a_broken_note_is_marked(
    repository: Repository, review: Review, change: Callable[[Any], object], said: str
) -> None:
    schema = json.loads(make_schemas(review.vocabulary, review.settings)["source.json"])
    note = front_of(repository.sources / "Doe2020cress.md")
    assert wrong(schema, note) == []
    change(note)
    assert said in "\n".join(wrong(schema, note))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("cancers: {leafoma: {synonyms: [x]}}", "cancers.leafoma: 'label' is a required property"),
        ("cancers: {leafoma: {label: Leafoma, ncti: C1}}", "'ncti' was unexpected"),
        ("cancers: {leafoma: {label: Leafoma, synonyms: x}}", "cancers.leafoma.synonyms: 'x' is not of type 'array'"),
        ("Cancers: {}", "'Cancers' does not match"),
    ],
)
def test_a_broken_vocabulary_is_marked(schemas: dict[str, Any], text: str, said: str) -> None:
    assert said in "\n".join(wrong(schemas["vocabulary.json"], written(text)))


def test_a_schema_that_is_older_than_the_vocabulary_is_a_problem(
    repository: Repository, reread: Callable[[], Review]
) -> None:
    run = CliRunner()
    first = run.invoke(main, ["--root", str(repository.root), "schema"])
    assert first.stdout == (
        "data/schema/source.json: written\ndata/schema/vocabulary.json: written\ndata/schema/review.json: written\n"
    )
    assert list(check_schemas(reread())) == []
    replace(
        repository.vocabulary, "  general: {label: General}", "  general: {label: General}\n  snails: {label: Snails}"
    )
    (problem,) = check_schemas(reread())
    assert str(problem) == "data/schema/source.json:1 schema: is not that of the records; make it again: livrev schema"
    again = run.invoke(main, ["--root", str(repository.root), "schema"])
    assert again.stdout == (
        "data/schema/source.json: written\ndata/schema/vocabulary.json: unchanged\ndata/schema/review.json: unchanged\n"
    )
    assert list(check_schemas(reread())) == []


def test_a_review_without_them_is_not_asked_for_them(repository: Repository, review: Review) -> None:
    assert not repository.schemas.exists() and list(check_schemas(review)) == []


def test_the_settings_of_the_editor_name_files_that_there_are(real: Repository) -> None:
    settings = json.loads((real.root / ".vscode" / "settings.json").read_text(encoding="utf-8"))
    for schema, files in settings["yaml.schemas"].items():
        assert (real.root / schema).is_file() and list(real.root.glob(files))
