"""All that can be downloaded, as text by name: the one list that the command, the page and the crate share."""

from dataclasses import dataclass
from pathlib import Path

from livrev.atomic_write import write_atomically
from livrev.exports.crate import CRATE, Item, to_codemeta, to_crate
from livrev.exports.dictionary import title_of, to_data_package, to_dictionary
from livrev.exports.linked import to_json_ld
from livrev.exports.references import to_bibtex, to_csl_json, to_ris
from livrev.exports.tables import EXPORTS, to_csv, to_json
from livrev.records.review import Review

_JSON_LD = "application/ld+json"


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
        add(f"{name}.csv", "text/csv", title_of(name), len(records), to_csv(records))
        add(f"{name}.json", "application/json", title_of(name), len(records), to_json(records))
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
