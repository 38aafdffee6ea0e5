"""A whole review in small, in words of our own: one document, two studies, five results, one strategy, two chapters.

Its subject is another than that of the book: an exercise programme on land (CRESS) or in water for the low
backs of gardeners. So whatever
passes here knows of a subject only what a review says of itself. `add_pool` adds three trials and pools their differences.
"""

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
SCHEMA = ROOT / "src" / "livrev" / "new" / "template" / "data" / "datapackage.json"
DAY = "2026-01-15"

DOCUMENT = """Cress and the back

A small trial of cress gave 12 of 40 patients a response.
Coached cress eased the pain of gardeners more than cress alone.
The garden thanks its readers.
"""
VOCABULARY = """# The words of the small review.
topics:
  general: {label: General}
  gardening: {label: Gardening, synonyms: [digging]}
conditions:
  acute-pain: {label: Acute low back pain}
  chronic-pain: {label: Chronic low back pain, synonyms: [lasting back pain]}
treatments:
  cress: {label: Cress, synonyms: [cress exercises]}
designs:
  rct: {label: Randomised trial}
  prospective-cohort: {label: Prospective cohort}
  registered-trial: {label: Registered trial}
endpoints:
  os: {label: Survival at work, synonyms: [overall survival]}
  orr: {label: Objective response}
  pain: {label: Pain from 0 to 100}
strata:
  all: {label: All patients}
  radiating-pain: {label: Pain that radiates}
measures:
  HR: {label: Hazard ratio}
  MD: {label: Mean difference}
  proportion: {label: Proportion}
  percent: {label: Percent}
  count: {label: Count}
  median-months: {label: Median in months}
strategies:
  coaching: {label: Coaching}
"""
SETTINGS = """# What is special to the small review.
subject: cress
questions:
  exercise: {label: Does cress help?, short: Cress, chapter: index, notebook: working}
  outlook: {label: Who does well?, chapter: methods, notebook: working}
condition: {column: condition, name: kind of pain, plural: kinds of pain}
populations: {gardener: gardeners, patient: patients, none: nobody}
designs:
- {name: trial, designs: [rct]}
- {name: cohort, designs: [prospective-cohort]}
- {name: "registered, no result", designs: [registered-trial]}
search: {groups: [treatments, conditions], words: treatment or pain}
"""
REFERENCES = """@article{Doe2020cress,
  author = {Doe, Jane},
  title = {{Cress and the back}},
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
title: Cress and the back
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
  population: gardener
  type: result
  statement: Coached cress eased the pain of gardeners.
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
        "question": "exercise",
        "design": "rct",
        "phase": "3",
        "condition": "chronic-pain",
        "n": "80",
        "arms": "cress v water",
        "strategy": "coaching",
        "year": "2019",
        "status": "published",
        "primary_result": "positive",
    },
    {
        "study": "poe-2018",
        "name": "Poe 2018",
        "citekey": "Poe2018cohort",
        "question": "outlook",
        "design": "prospective-cohort",
        "condition": "acute-pain;chronic-pain",
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
        "arm": "radiating pain",
        "comparator": "no radiating pain",
        "endpoint": "os",
        "stratum": "radiating-pain",
        "measure": "HR",
        "value": "1.50",
        "ci_low": "1.10",
        "ci_high": "2.05",
        "ci_level": "90",
        "p": "<0.05",
    },
    {
        "outcome": "roe-2019--pain",
        "study": "roe-2019",
        "citekey": "Roe2019trial",
        "report": "primary",
        "population": "itt",
        "contrast": "treatment",
        "arm": "cress",
        "comparator": "water",
        "endpoint": "pain",
        "stratum": "all",
        "measure": "MD",
        "value": "-8.0",
        "ci_low": "-14.0",
        "ci_high": "-2.0",
        "ci_level": "95",
        "p": "0.009",
    },
]
TABLES: dict[str, list[dict[str, str]]] = {
    "studies": [row | _SEEN for row in STUDIES],
    "outcomes": [row | _SEEN | {"place": "abstract"} for row in OUTCOMES],
    "strategies": [
        {
            "strategy": "coaching",
            "name": "Coaching",
            "rationale": "Cress needs coaching.",
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
            "question": "exercise",
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
    """Return the description of the tables: that with which every new review begins."""
    package: dict[str, Any] = json.loads(SCHEMA.read_text(encoding="utf-8"))
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
    features = describe_document(
        "Doe2020cress", DOCUMENT.encode(), Vocabulary.model_validate(yaml.safe_load(VOCABULARY))
    )
    prints = {sentence.n: sentence.fingerprint for sentence in features.sentences}
    notebook = nbformat.v4.new_notebook(
        cells=[
            nbformat.v4.new_markdown_cell("# Working", id="cell-01"),
            nbformat.v4.new_code_cell(
                "import pandas as pd\n\nimport livrev\n\nreview = livrev.open_review()\nfindings = review.findings",
                id="cell-02",
            ),
            nbformat.v4.new_code_cell(
                'livrev.table(findings, caption="All findings of the founding documents")', id="cell-03"
            ),
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
        repository.settings: SETTINGS,
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
    shutil.copyfile(SCHEMA, repository.datapackage)
    for resource in schema()["resources"]:
        columns = [field["name"] for field in resource["schema"]["fields"]]
        write_table(repository.data / resource["path"], columns, TABLES.get(resource["name"], []))
    return repository


def add_pool(repository: Repository) -> None:
    """Add two trials of mean differences to the small review, and pool them with the one that it has."""
    trials = {
        "moe-2021": ("Moe2021backs", "-5.0", "-9.0", "-1.0"),
        "zoe-2022": ("Zoe2022spade", "-9.5", "-15.5", "-3.5"),
    }
    for name, (citekey, *numbers) in trials.items():
        year, author = citekey[3:7], citekey[:3]
        study = STUDIES[0] | {"study": name, "name": f"{author} {year}", "citekey": citekey, "year": year}
        add_row(repository, "studies", study | _SEEN | {"doi": "", "pmid": "", "nct": ""})
        numbers_of = dict(zip(("value", "ci_low", "ci_high"), numbers, strict=True))
        outcome = OUTCOMES[-1] | {"outcome": f"{name}--pain", "study": name, "citekey": citekey, "p": ""} | numbers_of
        add_row(repository, "outcomes", outcome | _SEEN | {"place": "abstract"})
        entry = (
            f"@article{{{citekey},\n  author = {{{author}, Ann}},\n  title = {{{{Backs {year}}}}},\n"
            f"  journal = {{Garden Letters}},\n  year = {{{year}}},\n}}\n"
        )
        with repository.references.open("a", encoding="utf-8", newline="\n") as file:
            file.write("\n" + entry)
    members = [*(f"{name}--pain" for name in trials), "roe-2019--pain"]
    for key in members:
        add_row(
            repository,
            "readings",
            {"outcome": key, "found": "yes", "measure_1": "MD", "measure_2": "MD", "settled": "same"},
        )
    said = {
        "title": "Cress v water: pain",
        "endpoint": "pain",
        "measure": "MD",
        "contrast": "treatment",
        "stratum": "all",
    }
    said |= {
        "rule": "All trials.",
        "caution": "All small.",
        "favours_low": "cress better",
        "favours_high": "water better",
    }
    add_row(repository, "pools", said | {"pool": "pain", "outcomes": ";".join(members)})
    judged = {
        "pool": "pain",
        "question": "Does cress ease pain?",
        "certainty": "moderate",
        "reason": "The pages leave open how the trials were done",
    }
    add_row(repository, "appraisals", judged)


READ = {"address": "https://example.org/record", "read_on": DAY}
WAITING = {"nct": "NCT09999999", "study": "cress-2", "sponsor": "Garden Guild", "status": "recruiting"}


def add_trial(repository: Repository, **cells: str) -> None:
    """Add a registered trial to the small review: as a study, and with what its registry says."""
    study = STUDIES[0] | {"study": "cress-2", "name": "Cress 2", "design": "registered-trial", "nct": "NCT09999999"}
    add_row(repository, "studies", study | {"doi": "", "pmid": "", "n": "300", "basis": "registry"} | READ)
    add_row(repository, "trials", WAITING | READ | cells)


def add_row(repository: Repository, table: str, row: dict[str, str]) -> None:
    """Add a row to a table; columns that it does not name stay empty."""
    resource = next(resource for resource in schema()["resources"] if resource["name"] == table)
    columns = [field["name"] for field in resource["schema"]["fields"]]
    with (repository.data / resource["path"]).open("a", encoding="utf-8", newline="") as file:
        csv.DictWriter(file, columns, restval="", lineterminator="\n").writerow(row)


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
