"""All that can be downloaded, as text by name: the one list that the command, the page and the crate share.

The whole is described for machines: the software (CodeMeta) and the package of research data (RO-Crate 1.1).
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from livrev.exports.linked import to_json_ld
from livrev.exports.references import to_bibtex, to_csl_json, to_ris
from livrev.exports.tables import EXPORTS, TITLES, to_csv, to_data_package, to_dictionary, to_json
from livrev.paths import Repository
from livrev.records.review import Review
from livrev.transaction import write_atomically

_JSON_LD = "application/ld+json"
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


@dataclass(frozen=True)
class Downloads:
    """The files by name, and what each is; the crate describes the others."""

    texts: dict[str, str]
    items: tuple[Item, ...]

    def write(self, folder: Path) -> None:
        """Write every file into *folder*, which is made where it is missing."""
        for name, text in self.texts.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            write_atomically(path, text)


def make_downloads(review: Review) -> Downloads:
    """Return every export of *review*: tables, references, findings as linked data, kept tables, and the crate."""
    texts: dict[str, str] = {}
    items: list[Item] = []

    def add(name: str, media_type: str, description: str, records: int | None, text: str) -> None:
        texts[name] = text
        items.append(Item(name, media_type, description, records, len(text.encode())))

    repository = review.repository
    rows = {name: make(review) for name, make in EXPORTS.items()}
    for name, records in rows.items():
        add(f"{name}.csv", "text/csv", TITLES[name], len(records), to_csv(records))
        add(f"{name}.json", "application/json", TITLES[name], len(records), to_json(records))
    dictionary = to_dictionary(review, rows)
    described = dictionary.count("\n") - 1
    add("dictionary.csv", "text/csv", "Data dictionary: every column of the tables above.", described, dictionary)
    package = to_data_package(review, rows)
    add("datapackage.json", "application/json", "The tables above as a Frictionless data package.", len(rows), package)
    references, found = len(review.references), len(review.findings)
    add("references.bib", "application/x-bibtex", "References, BibTeX.", references, to_bibtex(review))
    add("references.ris", "application/x-research-info-systems", "References, RIS.", references, to_ris(review))
    csl = "application/vnd.citationstyles.csl+json"
    add("references.csl.json", csl, "References, CSL-JSON.", references, to_csl_json(review))
    said = "Findings as linked data: claims, their reviews, provenance and places, a graph each."
    add("findings.jsonld", _JSON_LD, said, found, to_json_ld(review))
    for table in review.tables.values():
        text = (repository.data / table.table.path).read_text(encoding="utf-8")
        add(f"data/{table.table.path}", "text/csv", table.table.description, len(table.records), text)
    said = "Every column of the kept tables, as a Frictionless data package."
    kept = repository.datapackage.read_text(encoding="utf-8")
    add("data/datapackage.json", "application/json", said, len(review.tables), kept)
    if repository.citation.is_file():
        cff = repository.citation.read_text(encoding="utf-8")
        add("CITATION.cff", "text/yaml", "How to cite the review.", None, cff)
    add("codemeta.json", _JSON_LD, "The software, as CodeMeta.", None, to_codemeta(repository))
    texts[CRATE] = to_crate(repository, items)
    size = len(texts[CRATE].encode())
    items.append(Item(CRATE, _JSON_LD, "The whole, as an RO-Crate.", len(items), size))
    return Downloads(texts, tuple(items))


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
