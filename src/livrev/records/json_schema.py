"""JSON Schema for what people write by hand, made from the records: with it editors complete and check while one types."""

import json
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema

from livrev.records.model import Source
from livrev.records.settings import Settings
from livrev.text.vocabulary import Vocabulary


class _Draft7(GenerateJsonSchema):
    """What editors understand, without the titles that only repeat the names of fields."""

    schema_dialect = "http://json-schema.org/draft-07/schema#"

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False

    def dict_schema(self, schema: Any) -> dict[str, Any]:
        """Let a mapping have no key but those that its pattern knows."""
        made = super().dict_schema(schema)
        return made | {"additionalProperties": False} if "patternProperties" in made else made


def make_schemas(vocabulary: Vocabulary, settings: Settings) -> dict[str, str]:
    """Return the schemas by the name of their file, as JSON text, with the terms and populations of this review."""
    source = _schema_of(Source, "Front matter of a source note")
    del source["properties"]["about"]  # the prose below the front matter
    finding = source["$defs"]["Finding"]["properties"]
    finding["topic"]["enum"], finding["population"]["enum"] = [*vocabulary.ids("topics")], [*settings.populations]
    review = _schema_of(Settings, "What is special to a review")
    review["$defs"]["DesignGroup"]["properties"]["designs"]["items"]["enum"] = [*vocabulary.ids("designs")]
    made = {"source": source, "vocabulary": _schema_of(Vocabulary, "Words of the subject"), "review": review}
    return {f"{name}.json": json.dumps(made[name], ensure_ascii=False, indent=1) + "\n" for name in made}


def _schema_of(model: type[BaseModel], title: str) -> dict[str, Any]:
    return {"$schema": _Draft7.schema_dialect, **model.model_json_schema(schema_generator=_Draft7), "title": title}
