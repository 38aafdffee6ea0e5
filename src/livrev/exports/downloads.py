"""All that can be downloaded, as text by name: the one list that the command, the page and the crate share.

The whole is described for machines: the software (CodeMeta) and the package of research data (RO-Crate 1.1).
"""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from livrev.diagnostics import WrongCall
from livrev.exports.linked import to_json_ld
from livrev.exports.references import to_bibtex, to_csl_json, to_ris
from livrev.exports.tables import EXPORTS, TITLES, describe_exports, to_csv, to_json
from livrev.paths import Repository
from livrev.records.plain_yaml import Mapping, read_mapping
from livrev.records.review import Review
from livrev.transaction import write_if_changed

_CSV, _JSON, _JSON_LD = "text/csv", "application/json", "application/ld+json"
_LICENCES = {"CC-BY-4.0": "https://creativecommons.org/licenses/by/4.0/", "MIT": "https://spdx.org/licenses/MIT"}
_CRATE = "ro-crate-metadata.json"


@dataclass(frozen=True, slots=True)
class Download:
    """One file for download: its name, media type, what it holds, how many records (None where it has none), and its text."""

    name: str
    media_type: str
    description: str
    records: int | None
    text: str

    @property
    def bytes(self) -> int:
        """Its size."""
        return len(self.text.encode())


def write_downloads(downloads: Iterable[Download], folder: Path) -> None:
    """Write every file into *folder*, which is made where it is missing."""
    for download in downloads:
        write_if_changed(folder / download.name, download.text)


def make_downloads(review: Review) -> list[Download]:
    """Return every export of *review*: tables, references, findings as linked data, kept tables, and the crate of them all."""
    repository, rows = review.repository, {name: make(review) for name, make in EXPORTS.items()}
    columns, references = describe_exports(review, rows), len(review.references)
    made = []
    for name, records in rows.items():
        made.append(Download(f"{name}.csv", _CSV, TITLES[name], len(records), to_csv(records)))
        made.append(Download(f"{name}.json", _JSON, TITLES[name], len(records), to_json(records)))
    said = "Data dictionary: every column of the tables above."
    made.append(Download("dictionary.csv", _CSV, said, len(columns), to_csv(columns)))
    for ending, form, kind, text in (
        ("bib", "BibTeX", "x-bibtex", to_bibtex(review)),
        ("ris", "RIS", "x-research-info-systems", to_ris(review)),
        ("csl.json", "CSL-JSON", "vnd.citationstyles.csl+json", to_csl_json(review)),
    ):
        made.append(Download(f"references.{ending}", f"application/{kind}", f"References, {form}.", references, text))
    said = "Findings as linked data: claims, their reviews, provenance and places, a graph each."
    made.append(Download("findings.jsonld", _JSON_LD, said, len(review.findings), to_json_ld(review)))
    said, tables = "Every column of the kept tables, as a Frictionless data package.", review.tables.values()
    kept = [(f"data/{t.table.path}", _CSV, t.table.description, len(t.records)) for t in tables]
    kept.append(("data/datapackage.json", _JSON, said, len(tables)))
    for name, media_type, said, count in kept:
        made.append(Download(name, media_type, said, count, (repository.root / name).read_text(encoding="utf-8")))
    if repository.citation.is_file():
        text = repository.citation.read_text(encoding="utf-8")
        made.append(Download("CITATION.cff", "text/yaml", "How to cite the review.", None, text))
    made.append(Download("codemeta.json", _JSON_LD, "The software, as CodeMeta.", None, to_codemeta(repository)))
    crate = to_crate(repository, made)
    return [*made, Download(_CRATE, _JSON_LD, "The whole, as an RO-Crate.", len(made), crate)]


def export(review: Review, what: str, format: str = "") -> str:
    """Return *what* (of EXPORTS, references, dictionary, codemeta) in *format*, or its usual one. Raises WrongCall where there is none."""
    table: dict[str, Callable[[], str]] = {
        "csv": lambda: to_csv(EXPORTS[what](review)), "json": lambda: to_json(EXPORTS[what](review)),
    }  # fmt: skip
    makers = dict.fromkeys(EXPORTS, table) | {
        "findings": table | {"jsonld": lambda: to_json_ld(review)},
        "references": {
            "bibtex": lambda: to_bibtex(review), "ris": lambda: to_ris(review), "csl-json": lambda: to_csl_json(review),
        },
        "dictionary": {"csv": lambda: to_csv(describe_exports(review, {name: make(review) for name, make in EXPORTS.items()}))},
        "codemeta": dict.fromkeys(("json", "jsonld"), lambda: to_codemeta(review.repository)),
    }  # fmt: skip
    made = makers[what]
    chosen = format or next(iter(made))
    if chosen not in made:
        raise WrongCall(f"{what} cannot be written as {format}; choose {' or '.join(made)}")
    return made[chosen]()


def read_citation(repository: Repository) -> dict[str, Any]:
    """Return what CITATION.cff says; where it says no title or authors, or there is none, those of the book's configuration."""
    files = repository.config, repository.citation
    config, cited = (read_mapping(path, repository)[0] or Mapping() for path in files)
    return {"title": config.get("title"), "authors": [{"name": config.get("author", "")}]} | cited


def to_codemeta(repository: Repository) -> str:
    """Return the description of the software as CodeMeta 2.0."""
    citation = read_citation(repository)
    data = {  # readers know the context by its address, and fetch nothing
        "@context": "https://doi.org/10.5063/schema/codemeta-2.0", "@type": "SoftwareSourceCode", "name": "livrev",
        "description": "Reads the evidence records of a living review, checks and pools them, and makes the book from them.",
        "version": str(citation.get("version", "")), "dateModified": str(citation.get("date-released", "")),
        "license": _LICENCES["MIT"], "programmingLanguage": "Python", "runtimePlatform": "Python 3.11",
        "author": [{"@type": "Organization", "name": author["name"]} for author in citation["authors"]],
        "keywords": citation.get("keywords", []),
        "referencePublication": {"@type": "CreativeWork", "name": citation["title"]},
    }  # fmt: skip
    return json.dumps({key: value for key, value in data.items() if value}, ensure_ascii=False, indent=2) + "\n"


def to_crate(repository: Repository, items: list[Download]) -> str:
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
        {"@id": item.name, "@type": "File", "name": item.name, "description": item.description,
         "encodingFormat": item.media_type, "contentSize": str(item.bytes)} for item in items
    ]  # fmt: skip
    norm = {"@id": "https://w3id.org/ro/crate/1.1"}
    descriptor = {"@id": _CRATE, "@type": "CreativeWork", "about": {"@id": "./"}, "conformsTo": norm}
    terms = [{"@id": licence, "@type": "CreativeWork", "name": citation["license"]}] if licence else []
    graph = [descriptor, {key: value for key, value in root.items() if value}, author, *terms, *files]
    data = {"@context": "https://w3id.org/ro/crate/1.1/context", "@graph": graph}
    return json.dumps(data, ensure_ascii=False, indent=1) + "\n"
