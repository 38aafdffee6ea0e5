"""A whole review in small, in words of our own: one document, two studies, four results, one strategy, two chapters."""

import csv
import json
import shutil
from pathlib import Path
from typing import Any

import nbformat
import yaml

from livrev.paths import Repository
from livrev.text.features import describe_document, dump_features
from livrev.text.vocabulary import Vocabulary

ROOT = Path(__file__).resolve().parents[1]
DAY = "2026-01-15"

DOCUMENT = """Cress and cancer

A small trial of cress gave 12 of 40 patients a response.
Mice with watered cress lived longer than mice without.
The garden thanks its readers.
"""
VOCABULARY = """# The words of the small review.
topics:
  general: {label: General}
  gardening: {label: Gardening, synonyms: [watering]}
cancers:
  melanoma: {label: Melanoma}
  leafoma: {label: Leafoma, synonyms: [leaf tumour]}
treatments:
  cress: {label: Cress, synonyms: [garden cress]}
designs:
  rct: {label: Randomised trial}
  prospective-cohort: {label: Prospective cohort}
  registered-trial: {label: Registered trial}
endpoints:
  os: {label: Overall survival}
  orr: {label: Objective response}
strata:
  all: {label: All patients}
  liver-metastases: {label: Liver metastases}
measures:
  HR: {label: Hazard ratio}
  proportion: {label: Proportion}
  percent: {label: Percent}
  count: {label: Count}
  median-months: {label: Median in months}
strategies:
  watering: {label: Watering}
"""
REFERENCES = """@article{Doe2020cress,
  author = {Doe, Jane},
  title = {{Cress and cancer}},
  journal = {Garden Letters},
  year = {2020},
  doi = {10.1234/cress},
}

@article{Poe2018cohort,
  author = {Poe, Ann},
  title = {{A cohort of gardeners}},
  journal = {Garden Letters},
  year = {2018},
}

@article{Roe2019trial,
  author = {Roe, Max and Doe, Jane},
  title = {{A trial of cress}},
  journal = {Garden Letters},
  year = {2019},
  doi = {10.1234/trial},
  pmid = {1234567},
}
"""
NOTE = """---
citekey: Doe2020cress
kind: news
title: Cress and cancer
document: cress.txt
language: English
reports_on:
- Roe2019trial
read_on: 2026-01-15
furniture:
- sentences: '1'
  what: heading
- sentences: '4'
  what: thanks
repeats: []
findings:
- id: cress-01
  sentence: 2
  fingerprint: "{second}"
  topic: general
  direction: for
  population: patient
  type: result
  statement: Of 40 patients who took cress, 12 responded.
  verdict: confirmed
  settled_by:
  - Roe2019trial
  explanation: The trial prints the same.
- id: cress-02
  sentence: 3
  fingerprint: "{third}"
  topic: gardening
  direction: for
  population: mouse
  type: result
  statement: Watered cress lengthened the life of mice.
  verdict: not-verifiable
  explanation: No paper was found.
---

What this document is: a note in a garden paper.
"""
INDEX = """# Does cress help?

:::{{div}} livrev-answer
Perhaps: in {{result}}`study.roe-2019.n|words` patients the answer was mixed {{cite:p}}`Roe2019trial`.
:::

The response was {{result}}`outcome.roe-2019--orr|count`, and the ratio {{result}}`outcome.roe-2019--os`.
The working stands in [](../notebooks/working.ipynb).
"""
METHODS = """# How we know

One document was read {cite:p}`Doe2020cress`, and one cohort {cite:p}`Poe2018cohort`.

```{bibliography}
```
"""
CONFIG = """title: A review in small
author: the gardeners
copyright: "2026"
only_build_toc_files: true
exclude_patterns: [".*", "_build", "data"]
execute:
  execute_notebooks: cache
bibtex_bibfiles: [references.bib]
parse:
  myst_enable_extensions: [colon_fence, deflist, dollarmath, attrs_inline]
sphinx:
  extra_extensions: [livrev.site]
  config:
    bibtex_reference_style: author_year
    bibtex_default_style: alpha
    html_last_updated_fmt: ""
    html_copy_source: false
    html_show_sourcelink: false
    mathjax_path: mathjax/tex-mml-chtml.js
    suppress_warnings: ["mystnb.mime_priority"]
"""
CONTENTS = """format: jb-book
root: chapters/index
chapters:
- file: chapters/methods
- file: notebooks/working
"""
CITATION = """cff-version: 1.2.0
message: Please cite it.
title: A review in small
type: dataset
authors:
  - name: the gardeners
version: 0.1.0
date-released: 2026-01-15
license: CC-BY-4.0
keywords: [cress]
"""
_SEEN: dict[str, str] = {"basis": "abstract", "address": "https://example.org/trial", "read_on": DAY}
STUDIES = [
    {
        "study": "roe-2019",
        "name": "Roe 2019 (CRESS-1)",
        "citekey": "Roe2019trial",
        "doi": "10.1234/trial",
        "pmid": "1234567",
        "nct": "NCT01234567",
        "question": "combination",
        "design": "rct",
        "phase": "3",
        "cancer": "leafoma",
        "n": "80",
        "arms": "cress v water",
        "strategy": "watering",
        "year": "2019",
        "status": "published",
        "primary_result": "positive",
    },
    {
        "study": "poe-2018",
        "name": "Poe 2018",
        "citekey": "Poe2018cohort",
        "question": "liver-metastases-ici",
        "design": "prospective-cohort",
        "cancer": "melanoma;leafoma",
        "n": "30",
        "year": "2018",
        "status": "published",
    },
]
OUTCOMES = [
    {
        "outcome": "roe-2019--os",
        "study": "roe-2019",
        "citekey": "Roe2019trial",
        "report": "primary",
        "data_cutoff": "2019-03",
        "population": "itt",
        "contrast": "treatment",
        "arm": "cress",
        "comparator": "water",
        "endpoint": "os",
        "stratum": "all",
        "measure": "HR",
        "value": "0.70",
        "ci_low": "0.50",
        "ci_high": "0.98",
        "ci_level": "95",
        "p": "0.04",
    },
    {
        "outcome": "roe-2019--orr",
        "study": "roe-2019",
        "citekey": "Roe2019trial",
        "report": "primary",
        "population": "itt",
        "contrast": "arm",
        "arm": "cress",
        "comparator": "NA",
        "endpoint": "orr",
        "stratum": "all",
        "measure": "proportion",
        "value": "30",
        "events": "12",
        "total": "40",
    },
    {
        "outcome": "roe-2019--orr-water",
        "study": "roe-2019",
        "citekey": "Roe2019trial",
        "report": "primary",
        "population": "itt",
        "contrast": "arm",
        "arm": "water",
        "comparator": "NA",
        "endpoint": "orr",
        "stratum": "all",
        "measure": "proportion",
        "value": "10",
        "events": "4",
        "total": "40",
    },
    {
        "outcome": "poe-2018--os-lm",
        "study": "poe-2018",
        "citekey": "Poe2018cohort",
        "report": "primary",
        "population": "treated",
        "contrast": "prognostic",
        "arm": "liver metastases",
        "comparator": "no liver metastases",
        "endpoint": "os",
        "stratum": "liver-metastases",
        "measure": "HR",
        "value": "1.50",
        "ci_low": "1.10",
        "ci_high": "2.05",
        "ci_level": "90",
        "p": "<0.05",
    },
]
TABLES: dict[str, list[dict[str, str]]] = {
    "studies": [row | _SEEN for row in STUDIES],
    "outcomes": [row | _SEEN | {"place": "abstract"} for row in OUTCOMES],
    "strategies": [
        {
            "strategy": "watering",
            "name": "Watering",
            "rationale": "Cress needs water.",
            "findings_for": "cress-01",
            "findings_against": "",
            "studies": "roe-2019",
            "stage": "Tested once",
            "certainty": "low",
            "certainty_reason": "One trial",
        }
    ],
    "arithmetic": [
        {
            "check": "cress-01-1",
            "finding": "cress-01",
            "operation": "percent-of",
            "a": "12",
            "b": "40",
            "printed": "30",
            "tolerance": "0.5",
            "unit": "%",
            "reading": "responders of patients",
        }
    ],
    "queries": [
        {
            "query_id": "Q1",
            "question": "combination",
            "corpus": "a garden shed",
            "query": "cress",
            "date": DAY,
            "hits": "3",
            "looked_at": "3",
        }
    ],
    "screening": [
        {"record": "roe-2019", "stage": "abstract", "decision": "include", "reason": "eligible", "study": "roe-2019"},
        {"record": "weeds", "stage": "title", "decision": "exclude", "reason": "wrong-population"},
    ],
    "readings": [
        {
            "outcome": "roe-2019--orr",
            "found": "yes",
            "value_1": "30",
            "value_2": "30",
            "measure_1": "proportion",
            "measure_2": "proportion",
            "settled": "same",
        },
        {
            "outcome": "roe-2019--os",
            "found": "yes",
            "value_1": "0.70",
            "value_2": "0.71",
            "measure_1": "HR",
            "measure_2": "HR",
            "settled": "first",
        },
    ],
    "retelling": [
        {
            "document": "Doe2020cress",
            "step": "1",
            "what": "trial",
            "citekey": "Roe2019trial",
            "place": "Garden Letters",
            "date": "2019",
            "changed": "start",
        }
    ],
    "meta_tables": [],
    "retractions": [
        {"citekey": "Doe2020cress", "doi": "10.1234/cress", "state": "unchecked"},
        {"citekey": "Roe2019trial", "doi": "10.1234/trial", "state": "unchecked"},
    ],
}


def schema() -> dict[str, Any]:
    """Return the description of the tables: that of the real review, with words of the small one."""
    package: dict[str, Any] = json.loads((ROOT / "data" / "datapackage.json").read_text(encoding="utf-8"))
    return package


def write_table(path: Path, columns: list[str], rows: list[dict[str, str]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def write_review(root: Path) -> Repository:
    """Write the small review into *root*; the features are made from the document, as `livrev features` makes them."""
    repository = Repository(root)
    for folder in (repository.sources, repository.features, repository.chapters, repository.notebooks, root / "raw"):
        folder.mkdir(parents=True)
    features = describe_document("Doe2020cress", DOCUMENT.encode(), Vocabulary.from_mapping(yaml.safe_load(VOCABULARY)))
    prints = {sentence["n"]: sentence["fingerprint"] for sentence in features["sentences"]}
    notebook = nbformat.v4.new_notebook(
        cells=[
            nbformat.v4.new_markdown_cell("# Working", id="cell-01"),
            nbformat.v4.new_code_cell(
                "import pandas as pd\n\nimport livrev\n\nreview = livrev.open_review()\nfindings = review.findings",
                id="cell-02",
            ),
            nbformat.v4.new_code_cell('livrev.table(findings, caption="Findings")', id="cell-03"),
            nbformat.v4.new_code_cell(
                'counted = pd.crosstab(review.label(findings["topic"], "topics"), findings["verdict"])\n'
                'livrev.draw.counts(counted, of="findings", by="verdict")',
                id="cell-04",
                metadata={"mystnb": {"figure": {"caption": "What was confirmed.", "name": "fig-verdicts"}}},
            ),
        ],
        metadata={"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}},
    )
    texts = {
        repository.config: CONFIG,
        repository.contents: CONTENTS,
        repository.references: REFERENCES,
        repository.vocabulary: VOCABULARY,
        repository.lock: "cress==1.0\n",
        repository.citation: CITATION,
        repository.sources / "Doe2020cress.md": NOTE.format(second=prints[2], third=prints[3]),
        repository.features / "Doe2020cress.json": dump_features(features),
        repository.chapters / "index.md": INDEX.format(),
        repository.chapters / "methods.md": METHODS,
        repository.notebooks / "working.ipynb": nbformat.writes(notebook) + "\n",
        root / "raw" / "cress.txt": DOCUMENT,
    }
    for path, text in texts.items():
        path.write_text(text, encoding="utf-8", newline="\n")
    shutil.copyfile(ROOT / "data" / "datapackage.json", repository.datapackage)
    for resource in schema()["resources"]:
        columns = [field["name"] for field in resource["schema"]["fields"]]
        write_table(repository.data / resource["path"], columns, TABLES.get(resource["name"], []))
    return repository


def replace(path: Path, old: str, new: str) -> None:
    """Put *new* in the place of *old*, which stands in the file exactly once."""
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, f"{path.name} holds {old!r} {text.count(old)} times"
    path.write_text(text.replace(old, new), encoding="utf-8", newline="\n")


def set_cell(repository: Repository, table: str, row: int, column: str, value: str) -> None:
    """Write *value* into one cell of a table; rows count from 0."""
    resource = next(resource for resource in schema()["resources"] if resource["name"] == table)
    path = repository.data / resource["path"]
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    rows[row][column] = value
    write_table(path, list(rows[0]), rows)
