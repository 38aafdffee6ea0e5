"""JSON Schema for what people write by hand, made from the records: with it editors complete and check while one types."""

import json
from collections.abc import Iterable
from dataclasses import fields
from typing import TYPE_CHECKING, Any

from livrev.diagnostics import Problem
from livrev.records.model import Source
from livrev.records.settings import Settings
from livrev.text.vocabulary import Term, Vocabulary

if TYPE_CHECKING:
    from livrev.records.review import Review

_DRAFT = "http://json-schema.org/draft-07/schema#"  # what editors understand
_ABOUT_TERMS = {
    "label": "What people call it.",
    "synonyms": "Other names as they stand in print; plurals, hyphens and spellings are understood.",
    "ncit": "NCI Thesaurus code, where it was seen at its source.",
    "mesh": "MeSH descriptor or supplementary record, where it was seen at its source.",
    "broader": "Id, in the same group, of the class that it belongs to.",
}


def make_schemas(vocabulary: Vocabulary, settings: Settings) -> dict[str, str]:
    """Return the schemas by the name of their file, as JSON text."""
    made = {
        "source.json": _source_schema(vocabulary, settings), "vocabulary.json": _vocabulary_schema(),
        "review.json": _settings_schema(vocabulary),
    }  # fmt: skip
    return {name: json.dumps(schema, ensure_ascii=False, indent=1) + "\n" for name, schema in made.items()}


def check_schemas(review: "Review") -> Iterable[Problem]:
    """Yield each schema in data/schema/ that is not the one which records and vocabulary make; none is asked for."""
    repository = review.repository
    for name, text in make_schemas(review.vocabulary, review.settings).items():
        path = repository.schemas / name
        if path.is_file() and path.read_bytes() != text.encode():
            yield Problem(
                repository.relative(path), 1, "schema", "", "is not that of the records", "make it again: livrev schema"
            )


def _source_schema(vocabulary: Vocabulary, settings: Settings) -> dict[str, Any]:
    """Return the schema of the front matter of a source note, with the topics and populations of this review."""
    made: dict[str, Any] = _as_draft_7(Source.model_json_schema())
    del made["properties"]["about"]  # the prose below the front matter
    made["definitions"]["Finding"]["properties"]["topic"]["enum"] = list(vocabulary.ids("topics"))
    made["definitions"]["Finding"]["properties"]["population"]["enum"] = list(settings.populations)
    return {"$schema": _DRAFT, "title": "Front matter of a source note"} | made


def _settings_schema(vocabulary: Vocabulary) -> dict[str, Any]:
    """Return the schema of data/review.yml, with the designs of this review."""
    made: dict[str, Any] = _as_draft_7(Settings.model_json_schema())
    made["definitions"]["DesignGroup"]["properties"]["designs"]["items"]["enum"] = list(vocabulary.ids("designs"))
    return {"$schema": _DRAFT, "title": "What is special to a review"} | made


def _vocabulary_schema() -> dict[str, Any]:
    names = [field.name for field in fields(Term) if field.name not in ("group", "id")]
    text = {"type": "string", "pattern": "\\S"}
    term = {
        "type": "object",
        "properties": {
            name: (
                {"type": "array", "items": {"type": "string", "pattern": "\\w"}} if name == "synonyms" else dict(text)
            )
            | {"description": _ABOUT_TERMS[name]}
            for name in names
        },
        "required": ["label"],
        "additionalProperties": False,
    }
    group = {
        "type": "object",
        "propertyNames": {"pattern": "^[A-Za-z0-9]+([-_.][A-Za-z0-9]+)*$"},
        "additionalProperties": {"$ref": "#/definitions/Term"},
    }
    return {
        "$schema": _DRAFT,
        "title": "Words of the subject",
        "description": "Groups of terms; a term has an id, a label and its other names.",
        "type": "object",
        "propertyNames": {"pattern": "^[a-z]+(-[a-z]+)*$"},
        "additionalProperties": group,
        "definitions": {"Term": term},
    }


def _as_draft_7(schema: Any) -> Any:
    """Return pydantic's schema in the older draft, and without the titles that only repeat the names of fields."""
    if isinstance(schema, list):
        return [_as_draft_7(part) for part in schema]
    if not isinstance(schema, dict):
        return schema.replace("#/$defs/", "#/definitions/") if isinstance(schema, str) else schema
    kept = {key: value for key, value in schema.items() if not (key == "title" and isinstance(value, str))}
    return {("definitions" if key == "$defs" else key): _as_draft_7(value) for key, value in kept.items()}
