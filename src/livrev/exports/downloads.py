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

_CSV, _JSON, _JSON_LD = "text/csv", "application/json", "application/ld+json"
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
    repository, rows = review.repository, {name: make(review) for name, make in EXPORTS.items()}
    dictionary = to_dictionary(review, rows)
    references = len(review.references)
    made: list[tuple[str, str, str, int | None, str]] = []
    for name, records in rows.items():
        made.append((f"{name}.csv", _CSV, TITLES[name], len(records), to_csv(records)))
        made.append((f"{name}.json", _JSON, TITLES[name], len(records), to_json(records)))
    made += [
        ("dictionary.csv", _CSV, "Data dictionary: every column of the tables above.", dictionary.count("\n") - 1, dictionary),
        ("datapackage.json", _JSON, "The tables above as a Frictionless data package.", len(rows), to_data_package(review, rows)),
        ("references.bib", "application/x-bibtex", "References, BibTeX.", references, to_bibtex(review)),
        ("references.ris", "application/x-research-info-systems", "References, RIS.", references, to_ris(review)),
        ("references.csl.json", "application/vnd.citationstyles.csl+json", "References, CSL-JSON.", references, to_csl_json(review)),
        ("findings.jsonld", _JSON_LD, "Findings as linked data: claims, their reviews, provenance and places, a graph each.",
         len(review.findings), to_json_ld(review)),
    ]  # fmt: skip
    for rows_ in review.tables.values():
        table, text = rows_.table, (repository.data / rows_.table.path).read_text(encoding="utf-8")
        made.append((f"data/{table.path}", _CSV, table.description, len(rows_.records), text))
    said, package = "Every column of the kept tables, as a Frictionless data package.", repository.datapackage
    made.append(("data/datapackage.json", _JSON, said, len(review.tables), package.read_text(encoding="utf-8")))
    if repository.citation.is_file():
        said, text = "How to cite the review.", repository.citation.read_text(encoding="utf-8")
        made.append(("CITATION.cff", "text/yaml", said, None, text))
    made.append(("codemeta.json", _JSON_LD, "The software, as CodeMeta.", None, to_codemeta(repository)))
    crate = to_crate(repository, [_item(*file) for file in made])
    made.append((CRATE, _JSON_LD, "The whole, as an RO-Crate.", len(made), crate))
    return Downloads({name: text for name, *_, text in made}, tuple(_item(*file) for file in made))


def _item(name: str, media_type: str, description: str, records: int | None, text: str) -> Item:
    return Item(name, media_type, description, records, len(text.encode()))


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
