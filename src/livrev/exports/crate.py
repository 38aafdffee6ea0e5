"""Describe the whole for machines: citation, software (CodeMeta) and the package of research data (RO-Crate 1.1)."""

import json
from dataclasses import dataclass
from typing import Any

import yaml

from livrev.paths import Repository

_LICENCES = {"CC-BY-4.0": "https://creativecommons.org/licenses/by/4.0/", "MIT": "https://spdx.org/licenses/MIT"}
CRATE = "ro-crate-metadata.json"
# RO-Crate and CodeMeta ask for the address of their context; readers know it, and fetch nothing.
CRATE_CONTEXT = "https://w3id.org/ro/crate/1.1/context"
CODEMETA_CONTEXT = "https://doi.org/10.5063/schema/codemeta-2.0"


@dataclass(frozen=True, slots=True)
class Item:
    """One file for download: its name, media type, what it holds, and how many records (None where it has none)."""

    name: str
    media_type: str
    description: str
    records: int | None
    bytes: int


def read_citation(repository: Repository) -> dict[str, Any]:
    """Return what CITATION.cff says; where there is none, title and author of the book's configuration."""
    if repository.citation.is_file():
        citation: dict[str, Any] = yaml.safe_load(repository.citation.read_text(encoding="utf-8"))
        return citation
    config = yaml.safe_load(repository.config.read_text(encoding="utf-8"))
    return {"title": config["title"], "authors": [{"name": config.get("author", "")}]}


def to_codemeta(repository: Repository) -> str:
    """Return the description of the software as CodeMeta 2.0."""
    citation = read_citation(repository)
    data = {
        "@context": CODEMETA_CONTEXT,
        "@type": "SoftwareSourceCode",
        "name": "livrev",
        "description": "Reads the evidence records of a living review, checks and pools them, and makes the book from them.",
        "version": str(citation.get("version", "")),
        "dateModified": str(citation.get("date-released", "")),
        "license": _LICENCES["MIT"],
        "programmingLanguage": "Python",
        "runtimePlatform": "Python 3.11",
        "author": [{"@type": "Organization", "name": author["name"]} for author in citation["authors"]],
        "keywords": citation.get("keywords", []),
        "referencePublication": {"@type": "CreativeWork", "name": citation["title"]},
    }
    return json.dumps({key: value for key, value in data.items() if value}, ensure_ascii=False, indent=2) + "\n"


def to_crate(repository: Repository, items: list[Item]) -> str:
    """Return the RO-Crate metadata of a folder that holds *items*."""
    citation = read_citation(repository)
    licence = _LICENCES.get(citation.get("license", ""), citation.get("license", ""))
    author = {"@id": "#contributors", "@type": "Organization", "name": citation["authors"][0].get("name", "")}
    root = {
        "@id": "./", "@type": "Dataset", "name": citation["title"], "version": str(citation.get("version", "")),
        "description": "The records of the review: studies, reported results, findings, estimates and references.",
        "datePublished": str(citation.get("date-released", "")), "keywords": ", ".join(citation.get("keywords", [])),
        "license": {"@id": licence} if licence else None, "author": {"@id": author["@id"]},
        "hasPart": [{"@id": item.name} for item in items],
    }  # fmt: skip
    files = [
        {
            "@id": item.name, "@type": "File", "name": item.name, "description": item.description,
            "encodingFormat": item.media_type, "contentSize": str(item.bytes),
        }
        for item in items
    ]  # fmt: skip
    descriptor = {
        "@id": CRATE, "@type": "CreativeWork", "about": {"@id": "./"},
        "conformsTo": {"@id": "https://w3id.org/ro/crate/1.1"},
    }  # fmt: skip
    terms = [{"@id": licence, "@type": "CreativeWork", "name": citation["license"]}] if licence else []
    graph = [descriptor, {key: value for key, value in root.items() if value}, author, *terms, *files]
    return json.dumps({"@context": CRATE_CONTEXT, "@graph": graph}, ensure_ascii=False, indent=1) + "\n"
