"""Every bad thing that a person can put into a review is found and named with its cure, and nothing is changed."""

import hashlib
import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from small_review import METHODS, REFERENCES, add_pool, replace, set_cell

from livrev.cli import main
from livrev.paths import Repository

Break = Callable[[Repository], object]
LINE = re.compile(
    r"[\w./-]+:\d+ [^:\n]+: .+; .+|    \d+ more follows? from it, in [\w./, -]+|    not checked until then: [a-z, ]+"
)


def check(repository: Repository) -> Result:
    return CliRunner().invoke(main, ["--root", str(repository.root), "check"])


def digest(folder: Path) -> str:
    """Return a digest of every name and every byte below *folder*."""
    whole = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        whole.update(path.relative_to(folder).as_posix().encode())
        whole.update(path.read_bytes() if path.is_file() else b"")
    return whole.hexdigest()


def note(r: Repository) -> Path:
    return r.sources / "Doe2020cress.md"


def in_note(old: str, new: str) -> Break:
    return lambda r: replace(note(r), old, new)


def in_bib(old: str, new: str) -> Break:
    return lambda r: replace(r.references, old, new)


def in_words(old: str, new: str) -> Break:
    return lambda r: replace(r.vocabulary, old, new)


def in_chapter(addition: str) -> Break:
    return lambda r: (r.chapters / "methods.md").write_text(METHODS + addition, encoding="utf-8")


def cell(table: str, row: int, column: str, value: str) -> Break:
    return lambda r: set_cell(r, table, row, column, value)


def raw(place: str, old: bytes, new: bytes) -> Break:
    def change(r: Repository) -> None:
        path = r.root / place
        assert old in path.read_bytes()
        path.write_bytes(path.read_bytes().replace(old, new, 1))

    return change


def write(place: str, text: str) -> Break:
    return lambda r: (r.root / place).write_text(text, encoding="utf-8")


def delete(place: str) -> Break:
    return lambda r: (r.root / place).unlink()


def replace_by_folder(place: str) -> Break:
    return lambda r: ((r.root / place).unlink(), (r.root / place).mkdir())


def loop(place: str) -> Break:
    return lambda r: ((r.root / place).unlink(), (r.root / place).symlink_to(r.root / place))


def in_schema(change: Callable[[dict], object]) -> Break:  # type: ignore[type-arg]
    def apply(r: Repository) -> None:
        package = json.loads(r.datapackage.read_text(encoding="utf-8"))
        change(package)
        r.datapackage.write_text(json.dumps(package), encoding="utf-8")

    return apply


def twice(*changes: Break) -> Break:
    return lambda r: [change(r) for change in changes]


NOTE, BIB, WORDS = "data/sources/Doe2020cress.md", "references.bib", "data/vocabulary.yml"
STUDIES, OUTCOMES, FEATURES = "data/studies.csv", "data/outcomes.csv", "data/features/Doe2020cress.json"
CHAPTER, SCHEMA = "chapters/methods.md", "data/datapackage.json"

# What is wrong, and pieces of the line that says so: the place first, then field, value, message or cure.
CASES: dict[str, tuple[Break, str, *tuple[str, ...]]] = {
    # the bibliography
    "a key that stands twice": (
        in_bib("@article{Roe2019trial", "@article{Doe2020cress"),
        f"{BIB}:16 key: Doe2020cress stands twice",
        "line 1",
    ),
    "a key that stands twice in other letters": (
        in_bib("@article{Roe2019trial", "@article{DOE2020cress"),
        f"{BIB}:16 key: DOE2020cress is Doe2020cress in other letters",
    ),
    "braces that do not balance": (
        in_bib("{{A cohort of gardeners}}", "{{A cohort of gardeners}"),
        f"{BIB}:9",
        "close",
    ),
    "a brace too many": (in_bib("{{A cohort of gardeners}}", "{{A cohort}} of gardeners}}"), f"{BIB}:9", "delete"),
    "a year that is not that of the key": (
        in_bib("year = {2018}", "year = {2008}"),
        f"{BIB}:13 year: 2008 is not that of the key Poe2018cohort",
    ),
    "et al. among the authors": (
        in_bib("author = {Poe, Ann}", "author = {Poe et al., Ann}"),
        f"{BIB}:10 author",
        "write “and others”",
    ),
    "authors who run together": (
        in_bib("author = {Poe, Ann}", "author = {Poe A, Roe M, Doe J}"),
        f"{BIB}:10 author",
        "write Family, Given and Family, Given",
    ),
    "a field that stands twice": (in_bib("  year = {2018},", "  year = {2018},\n  year = {2017},"), f"{BIB}:9", "year"),
    "an entry without a title": (
        in_bib("  title = {{A trial of cress}},\n", ""),
        f"{BIB}:16 title: is missing",
        "add the title",
    ),
    "a DOI with its address": (
        in_bib("{10.1234/trial}", "{https://doi.org/10.1234/trial}"),
        f"{BIB}:21 doi",
        "bare DOI",
    ),
    "one DOI under two keys": (
        in_bib("{10.1234/trial}", "{10.1234/CRESS}"),
        f"{BIB}:16 doi: 10.1234/cress",
        "Doe2020cress",
    ),
    "a PMID with nine digits": (in_bib("{1234567}", "{123456789}"), f"{BIB}:22 pmid: 123456789 is not well formed"),
    "an address that is a script": (
        in_bib("  year = {2018},", "  year = {2018},\n  url = {javascript:alert(document.cookie)},"),
        f"{BIB}:14 url: javascript:",
    ),
    "a document read in the future": (
        in_bib("  year = {2018},", "  year = {2018},\n  urldate = {2999-01-01},"),
        f"{BIB}:14 urldate: 2999-01-01 lies in the future",
    ),
    "a year in the future": (in_bib("{2018}", "{2099}"), f"{BIB}:13 year: 2099 lies in the future"),
    "a key that leads out of the folder": (
        in_bib("Roe2019trial", "../../etc/passwd"),
        f"{BIB}:16 key: ../../etc/passwd is not a citekey",
    ),
    "a key with a space": (in_bib("{Roe2019trial", "{Roe 2019 trial"), f"{BIB}:16"),
    "an entry that nobody uses": (
        lambda r: r.references.write_text(
            REFERENCES
            + "\n"
            + REFERENCES.partition("\n@")[0].replace("Doe2020cress", "Moe2021idle").replace("/cress", "/idle")
        ),
        f"{BIB}:25 key: Moe2021idle is used nowhere",
    ),
    "an empty bibliography": (write(BIB, ""), f"{NOTE}:2 citekey: Doe2020cress is not in references.bib"),
    # citekeys that nobody knows
    "an unknown citekey in a note": (
        in_note("  settled_by:\n  - Roe2019trial", "  settled_by:\n  - Nobody2020paper"),
        f"{NOTE}:26 settled_by: Nobody2020paper",
    ),
    "an unknown citekey of a study": (
        cell("studies", 1, "citekey", "Nobody2020paper"),
        f"{STUDIES}:3 citekey: Nobody2020paper",
    ),
    "an unknown further citekey": (
        cell("studies", 1, "other_citekeys", "Poe2018cohort;Nobody2020paper"),
        f"{STUDIES}:3 other_citekeys",
    ),
    "an unknown citekey of a result": (
        cell("outcomes", 0, "citekey", "Nobody2020paper"),
        f"{OUTCOMES}:2 citekey: Nobody2020paper",
    ),
    "an unknown citekey in a chapter": (
        in_chapter("\nSo it is {cite:p}`Poe2018cohort, Nobody2020paper`.\n"),
        f"{CHAPTER}:8 cite: Nobody2020paper",
        "references.bib",
    ),
    "a path as citekey in a note": (
        in_note("citekey: Doe2020cress", "citekey: ../../Doe2020cress"),
        f"{NOTE}:2 citekey: ../../Doe2020cress",
    ),
    "a path as citekey in a table": (
        cell("studies", 0, "citekey", "../Roe2019trial"),
        f"{STUDIES}:2 citekey: ../Roe2019trial",
    ),
    "a note under another name": (
        lambda r: note(r).rename(r.sources / "Moe2020cress.md"),
        "data/sources/Moe2020cress.md:2 citekey: Doe2020cress",
    ),
    # anchors
    "a finding with a stale fingerprint": (
        lambda r: note(r).write_text(
            re.sub(r'fingerprint: "[0-9a-f]{16}"', 'fingerprint: "0123456789abcdef"', note(r).read_text(), count=1)
        ),
        f"{NOTE}:19 fingerprint: 0123456789abcdef is stale (cress-01)",
        "read sentence 2 again",
    ),
    "a finding at a sentence that is not there": (
        in_note("  sentence: 3", "  sentence: 33"),
        f"{NOTE}:30 sentence: 33 does not exist",
        "4 sentences",
    ),
    "a sentence that nothing accounts for": (
        in_note("- sentences: '4'\n  what: thanks\n", ""),
        f"{NOTE}:2 sentence: 4 is not accounted for",
        "one of the three",
    ),
    "a sentence that is two things": (
        in_note("sentences: '4'", "sentences: 3-4"),
        f"{NOTE}:2 sentence: 3 is a finding and furniture",
    ),
    "a range beyond the document": (
        in_note("sentences: '4'", "sentences: 4-90000"),
        f"{NOTE}:13 sentences: 5 does not exist",
    ),
    "a range that is none": (
        in_note("sentences: '4'", "sentences: four"),
        f"{NOTE}:13 furniture.sentences: four",
        "1-5, 8",
    ),
    "a repetition of an unknown finding": (
        in_note("repeats: []", "repeats:\n- sentence: 4\n  of: cress-09"),
        f"{NOTE}:16 of: cress-09",
        "name the finding",
    ),
    "a number that its sentence does not hold": (
        in_note("12 responded", "13 responded"),
        f"{NOTE}:24 statement: 13 does not stand in sentence 2 (cress-01)",
        "12, 40",
    ),
    "a finding that stands twice": (
        in_note("- id: cress-02", "- id: cress-01"),
        f"{NOTE}:29 id: cress-01 stands twice",
    ),
    "a topic that nobody knows": (
        in_note("topic: gardening", "topic: golf"),
        f"{NOTE}:32 topic: golf",
        "general, gardening",
    ),
    "a verdict that is none": (
        in_note("verdict: confirmed", "verdict: true-ish"),
        f"{NOTE}:25 findings.verdict: true-ish",
        "confirmed",
    ),
    "a verdict that nothing settles": (
        in_note("  settled_by:\n  - Roe2019trial\n", ""),
        f"{NOTE}:17",
        "names no settling source",
    ),
    "a misspelt field": (
        in_note("  explanation: No paper", "  explantion: No paper"),
        f"{NOTE}:38 findings.explantion",
        "delete it, or mend",
    ),
    "a day in the future": (
        in_note("read_on: 2026-01-15", "read_on: 2999-01-15"),
        f"{NOTE}:9 read_on: 2999-01-15 lies in the future",
    ),
    "a statement over two lines": (
        in_note("  statement: Coached cress eased the pain of gardeners.", '  statement: "Coached cress\\neased pain"'),
        f"{NOTE}:36 findings.statement",
        "one paragraph",
    ),
    # results that cannot be
    "an interval without its value": (
        cell("outcomes", 0, "value", "1.2"),
        f"{OUTCOMES}:2 ci_high: 0.98 is below value 1.2",
        "flag it",
    ),
    "bounds that are swapped": (
        twice(cell("outcomes", 0, "ci_low", "0.98"), cell("outcomes", 0, "ci_high", "0.50")),
        f"{OUTCOMES}:2 ci_low: 0.98 is above ci_high 0.5",
    ),
    "more events than patients": (
        cell("outcomes", 1, "events", "41"),
        f"{OUTCOMES}:3 events: 41 is above total 40",
        "swapped",
    ),
    "a percentage that its counts contradict": (
        cell("outcomes", 1, "value", "35"),
        f"{OUTCOMES}:3 value: 35 is not 12/40 = 30.0 %",
    ),
    "an interval without a level": (cell("outcomes", 0, "ci_level", ""), f"{OUTCOMES}:2 ci_level: is missing"),
    "a p-value that its interval contradicts": (cell("outcomes", 0, "p", "0.9"), f"{OUTCOMES}:2 p: 0.9 does not agree"),
    "a ratio below nothing": (
        twice(cell("outcomes", 0, "value", "-0.5"), cell("outcomes", 0, "ci_low", "-1")),
        f"{OUTCOMES}:2 value: -0.5 is no ratio",
    ),
    "more patients than the study": (
        cell("outcomes", 2, "total", "400"),
        f"{OUTCOMES}:4 total: 400 is above the study's n",
        "n = 80",
    ),
    "a flag without a reason": (cell("outcomes", 0, "flag", "other"), f"{OUTCOMES}:2 flag_reason: is missing"),
    "a result of an unknown study": (
        cell("outcomes", 0, "study", "moe-2020"),
        f"{OUTCOMES}:2 study: moe-2020 is not in studies",
    ),
    "arithmetic about an unknown finding": (
        cell("arithmetic", 0, "finding", "cress-77"),
        "data/arithmetic.csv:2 finding: cress-77",
    ),
    "arithmetic that cannot be done": (
        cell("arithmetic", 0, "b", "0"),
        "data/arithmetic.csv:2 a, b: 12, 0 cannot be computed",
    ),
    "arithmetic with words": (
        cell("arithmetic", 0, "a", "a dozen"),
        "data/arithmetic.csv:2 a, b: a dozen, 40 cannot be computed",
    ),
    "a strategy that rests on nothing": (
        cell("strategies", 0, "findings_for", "cress-77"),
        "data/strategies.csv:2 findings_for: cress-77",
    ),
    "a strategy of no study": (
        cell("strategies", 0, "studies", "moe-2020"),
        "data/strategies.csv:2 studies: moe-2020 is not in studies",
    ),
    "a reading of no result": (
        cell("readings", 0, "outcome", "roe-2019--gone"),
        "data/readings.csv:2 outcome: roe-2019--gone is not in outcomes",
    ),
    # cells
    "a word that the vocabulary does not know": (
        cell("outcomes", 0, "endpoint", "happiness"),
        f"{OUTCOMES}:2 endpoint: happiness",
        WORDS,
    ),
    "a value that is not allowed": (
        cell("studies", 0, "question", "why"),
        f"{STUDIES}:2 question: why",
        "is not a question of this review",
    ),
    "an outcome read in the future": (
        cell("outcomes", 0, "read_on", "2999-12-31"),
        f"{OUTCOMES}:2 read_on: 2999-12-31 lies in the future",
    ),
    "a day of another calendar": (
        cell("outcomes", 0, "read_on", "20260115"),
        f"{OUTCOMES}:2 read_on: 20260115 is not a date",
        "YYYY-MM-DD",
    ),
    "a negative count": (cell("outcomes", 1, "events", "-3"), f"{OUTCOMES}:3 events: -3 is below 0"),
    "no number": (cell("outcomes", 0, "value", "NaN"), f"{OUTCOMES}:2 value: NaN is not a number"),
    "infinity": (cell("outcomes", 0, "value", "inf"), f"{OUTCOMES}:2 value: inf is not a number"),
    "a number beyond every float": (
        cell("outcomes", 0, "value", "1e400"),
        f"{OUTCOMES}:2 value: 1e400 is not a number",
    ),
    "a number of five hundred digits": (
        cell("outcomes", 0, "value", "9" * 500),
        f"{OUTCOMES}:2 value: 999",
        "more than 15 digits",
    ),
    "a count of five thousand digits": (
        cell("outcomes", 1, "total", "9" * 5000),
        f"{OUTCOMES}:3 total: 999",
        "more than 15 digits",
    ),
    "digits of another script": (cell("outcomes", 1, "total", "٤٠"), f"{OUTCOMES}:3 total: ٤٠ is not a whole number"),
    "a huge cell": (
        cell("studies", 0, "note", "cress " * 40_000 + "x"),
        f"{STUDIES}:2 row: cannot be read",
        "shorten its longest cell",
    ),
    "a space at the edge": (cell("studies", 0, "arms", " cress"), f"{STUDIES}:2 arms: cress has a space at its edge"),
    "a line break in a cell": (
        cell("studies", 0, "note", "one\ntwo"),
        f"{STUDIES}:2 note: one\\x0atwo holds a control character",
    ),
    "an escape sequence for the terminal": (
        cell("studies", 0, "note", "\x1b[31mred"),
        f"{STUDIES}:2 note: \\x1b[31mred holds a control",
    ),
    "text that is shown backwards": (
        cell("studies", 0, "note", "abc\u202edef"),
        f"{STUDIES}:2 note: abc\\x202edef holds a character that turns the direction",
    ),
    "a column that is missing": (
        raw(STUDIES, b",citekey,", b","),
        f"{STUDIES}:1 header: citekey does not match",
        "study,name,citekey",
    ),
    "too many cells": (raw(STUDIES, b"cress v water", b"cress, water"), f"{STUDIES}:2 row", "cells", "quote cells"),
    "a quote that is not closed": (
        raw(OUTCOMES, b"roe-2019--orr-water", b'"roe-2019--orr-water'),
        f"{OUTCOMES}:4 row: cannot be read",
        "quotes",
    ),
    "a row that stands twice": (
        cell("outcomes", 1, "outcome", "roe-2019--os"),
        f"{OUTCOMES}:3 outcome: roe-2019--os stands twice",
        "line 2",
    ),
    "a script in a cell": (
        cell("studies", 0, "note", "<script>alert(1)</script>"),
        f"{STUDIES}:2 note: <script>",
        "holds HTML",
    ),
    "a formula with =": (
        cell("studies", 0, "note", "=1+1"),
        f"{STUDIES}:2 note: =1+1 begins like a spreadsheet formula",
    ),
    "a formula with +": (cell("studies", 0, "note", "+1"), f"{STUDIES}:2 note: +1 begins like"),
    "a formula with -": (cell("studies", 0, "note", "-1"), f"{STUDIES}:2 note: -1 begins like"),
    "a formula with @": (cell("studies", 0, "note", "@SUM(A1)"), f"{STUDIES}:2 note: @SUM(A1) begins like"),
    "a script in a statement": (
        in_note("Coached cress eased", "Coached <script>alert(1)</script> cress eased"),
        f"{NOTE}:36 statement: Coached <script>",
        "holds HTML",
    ),
    # studies against each other
    "a study that is part of itself": (
        cell("studies", 0, "part_of", "roe-2019"),
        f"{STUDIES}:2 part_of: roe-2019 → roe-2019 leads back",
    ),
    "studies that are parts of each other": (
        twice(cell("studies", 0, "part_of", "poe-2018"), cell("studies", 1, "part_of", "roe-2019")),
        f"{STUDIES}:2 part_of: roe-2019 → poe-2018 → roe-2019 leads back",
        "cut the loop",
    ),
    "results that supersede each other": (
        twice(
            cell("outcomes", 1, "supersedes", "roe-2019--orr-water"), cell("outcomes", 2, "supersedes", "roe-2019--orr")
        ),
        f"{OUTCOMES}:3 supersedes",
        "leads back",
    ),
    "a result that supersedes nothing": (
        cell("outcomes", 1, "supersedes", "roe-2019--none"),
        f"{OUTCOMES}:3 supersedes: roe-2019--none",
    ),
    "a registration under two studies": (
        cell("studies", 1, "nct", "NCT01234567"),
        f"{STUDIES}:3 nct: NCT01234567 belongs to roe-2019 too",
        "part_of",
    ),
    "an NCT number with seven digits": (
        cell("studies", 1, "nct", "NCT0123456"),
        f"{STUDIES}:3 nct: NCT0123456 has the wrong form",
    ),
    "a PubMed number with nine digits": (
        cell("studies", 0, "pmid", "123456789"),
        f"{STUDIES}:2 pmid: 123456789 has the wrong form",
    ),
    "arms with more patients than the study": (
        cell("studies", 0, "n", "79"),
        f"{OUTCOMES}:4 total: 40 + 40 add up to 80",
        "n = 79",
    ),
    # text that is none
    "a byte of another encoding in a table": (
        raw(STUDIES, b"Roe 2019 (", b"Ro\xe9 2019 ("),
        f"{STUDIES}:2 encoding: byte 0xe9 is not UTF-8",
    ),
    "a byte of another encoding in the bibliography": (
        raw(BIB, b"Ann", b"Ann\xe9"),
        f"{BIB}:10 encoding",
        "save the file as UTF-8",
    ),
    "a byte of another encoding in a note": (raw(NOTE, b"No paper", b"No p\xe4per"), f"{NOTE}:38 encoding: byte 0xe4"),
    "a byte of another encoding in the vocabulary": (raw(WORDS, b"Chronic", b"Chr\xe9nic"), f"{WORDS}:7 encoding"),
    "a byte of another encoding in a chapter": (
        raw(CHAPTER, b"document", b"docum\xe9nt"),
        f"{CHAPTER}:3 encoding: byte 0xe9",
    ),
    "a byte of another encoding in the features": (
        raw(FEATURES, b'"numbers"', b'"numb\xe9rs"'),
        f"{FEATURES}:3 encoding",
    ),
    "a NUL byte in a table": (raw(OUTCOMES, b"cress", b"cr\0ss"), f"{OUTCOMES}:2 text: \\x00 is a NUL byte"),
    "a NUL byte in a note": (raw(NOTE, b"Coached", b"Coa\0hed"), f"{NOTE}:36 text: \\x00 is a NUL byte"),
    "a NUL byte in a chapter": (raw(CHAPTER, b"document", b"docum\0nt"), f"{CHAPTER}:3 text: \\x00 is a NUL byte"),
    # YAML
    "a tag in a note": (
        in_note("title: Cress and the back", "title: !!python/object/apply:os.system ['touch /tmp/livrev-was-here']"),
        f"{NOTE}:4 YAML: tag:yaml.org,2002:python/object/apply:os.system is a tag",
        "delete the tag",
    ),
    "a tag in the vocabulary": (in_words("{label: General}", "!!python/name:os.system"), f"{WORDS}:3 YAML", "is a tag"),
    "an alias bomb": (
        in_note(
            "title: Cress and the back", "title:\n  a: &a [x, x, x, x]\n  b: &b [*a, *a, *a, *a]\n  c: [*b, *b, *b, *b]"
        ),
        f"{NOTE}:6 YAML: *a is an alias",
        "write the value out",
    ),
    "a key that stands twice in a note": (
        in_note("language: English", "language: English\nlanguage: Klingon"),
        f"{NOTE}:7 language: language stands twice",
    ),
    "a key that stands twice in the vocabulary": (
        in_words("endpoints:\n", "endpoints:\n  os: {label: Other}\n"),
        f"{WORDS}:16 os: os stands twice",
    ),
    "YAML that nests without end": (
        in_note("title: Cress and the back", "title: " + "[" * 100_000),
        f"{NOTE}:4 YAML: is nested more than",
    ),
    "vocabulary that nests without end": (
        write(WORDS, "topics: " + "{a: " * 100_000),
        f"{WORDS}:1 YAML: is nested more than",
    ),
    "broken YAML": (in_note("title: Cress and the back", 'title: "Cress'), f"{NOTE}", "cannot be read"),
    "a control character in YAML": (
        in_words("{label: General}", "{label: Gen\x07eral}"),
        f"{WORDS}:3 YAML: cannot be read",
    ),
    "an endless number in YAML": (in_note("  sentence: 3", "  sentence: " + "3" * 5000), f"{NOTE}:30 YAML: 333"),
    "a note without front matter": (write(NOTE, "Just words.\n"), f"{NOTE}:1 front matter: is missing", "---"),
    "a front matter that is a list": (
        write(NOTE, "---\n- one\n- two\n---\nWords.\n"),
        f"{NOTE}:2 YAML: is not a mapping",
    ),
    "an empty note": (write(NOTE, ""), f"{NOTE}:1 front matter: is missing"),
    "a vocabulary that is a list": (
        write(WORDS, "- topics\n- cancers\n"),
        f"{WORDS}:1 YAML: is not a mapping",
    ),
    "an empty vocabulary": (write(WORDS, ""), f"{WORDS}:1 YAML: is not a mapping"),
    "a vocabulary without a group": (in_words("topics:", "subjects:"), f"{WORDS}:1 group: topics is missing"),
    "a term without a label": (
        in_words("{label: General}", "{synonyms: [all]}"),
        f"{WORDS}:3 topics.general.label: is missing",
    ),
    # files
    "a text beside the records that is not UTF-8": (
        lambda r: (r.root / "README.md").write_bytes(b"# Cress\n\nCr\xe9sson\n"),
        "README.md:3 encoding: byte 0xe9 is not UTF-8",
    ),
    "a table that is missing": (delete(STUDIES), f"{STUDIES}:1 file: studies.csv cannot be read", "restore the file"),
    "features that are missing": (delete(FEATURES), f"{FEATURES}:1 file: Doe2020cress.json cannot be read"),
    "a bibliography that is missing": (delete(BIB), f"{BIB}:1 file: references.bib cannot be read"),
    "a vocabulary that is missing": (delete(WORDS), f"{WORDS}:1 file: vocabulary.yml cannot be read"),
    "a description that is missing": (delete(SCHEMA), f"{SCHEMA}:1 file: datapackage.json cannot be read"),
    "an empty table": (write(STUDIES, ""), f"{STUDIES}:1 header", "does not match data/datapackage.json"),
    "a folder in the place of a table": (replace_by_folder(STUDIES), f"{STUDIES}:1 file: studies.csv cannot be read"),
    "a folder in the place of a note": (replace_by_folder(NOTE), f"{NOTE}:1 file: Doe2020cress.md cannot be read"),
    "a folder in the place of a chapter": (replace_by_folder(CHAPTER), f"{CHAPTER}:1 file: methods.md cannot be read"),
    "a link that leads to itself": (loop(OUTCOMES), f"{OUTCOMES}:1 file: outcomes.csv cannot be read"),
    "a chapter that leads to itself": (loop(CHAPTER), f"{CHAPTER}:1 file: methods.md cannot be read"),
    "a description that is no JSON": (raw(SCHEMA, b'"resources"', b'resources"'), f"{SCHEMA}:", "JSON: cannot be read"),
    "a description that is a list": (write(SCHEMA, "[]"), f"{SCHEMA}:1 record: [] is not a mapping"),
    "a description of nothing": (
        write(SCHEMA, '{"resources": []}'),
        f"{SCHEMA}:1 resources: outcomes is not described",
    ),
    "a description that nests without end": (write(SCHEMA, "[" * 200_000), f"{SCHEMA}:1 JSON: is nested too deeply"),
    "a description without a column": (
        in_schema(lambda p: p["resources"][0]["schema"]["fields"].pop(2)),
        f"{SCHEMA}:1 studies: citekey is not described",
    ),
    "a table that a review may lack, without a column": (
        in_schema(lambda p: p["resources"].append({**p["resources"][0], "name": "renamed_keys"})),
        f"{SCHEMA}:1 renamed_keys: old is not described; describe the column; the package reads it",
    ),
    "a table outside the folder": (
        in_schema(lambda p: p["resources"][0].update(path="../../../etc/passwd")),
        f"{SCHEMA}:1 path: ../../../etc/passwd leads out of data/",
    ),
    "a pattern that is none": (
        in_schema(lambda p: p["resources"][0]["schema"]["fields"][0]["constraints"].update(pattern="(")),
        f"{SCHEMA}:1 resources.schema.fields.pattern: ( is not a regular expression",
    ),
    "a key to nowhere": (
        in_schema(
            lambda p: next(r for r in p["resources"] if r["name"] == "outcomes")["schema"]["foreignKeys"][0][
                "reference"
            ].update(resource="nowhere")
        ),
        f"{SCHEMA}:1 foreignKeys: outcomes to nowhere",
    ),
    "features that are no JSON": (
        raw(FEATURES, b'"n": 2', b'"n": two'),
        f"{FEATURES}:4 JSON: cannot be read",
        "livrev features",
    ),
    "features of another document": (
        raw(FEATURES, b"Doe2020cress", b"Moe2020cress"),
        f"{FEATURES}:1 features: are not those of Doe2020cress",
    ),
    "features that are a list": (write(FEATURES, "[1, 2]"), f"{FEATURES}:1 features: are not those of"),
    "features without sentences": (
        write(FEATURES, '{"citekey": "Doe2020cress", "document": {"sha256": ""}, "sentences": {}}'),
        f"{FEATURES}:1 features: lack sentences",
    ),
    "features without fingerprints": (
        raw(FEATURES, b'"fingerprint"', b'"footprint"'),
        f"{FEATURES}:1 features: lack sentences.0.fingerprint",
    ),
    "features that skip a sentence": (raw(FEATURES, b'"n": 2', b'"n": 3'), f"{FEATURES}:1 features", "from 1 upwards"),
    # chapters
    "a number typed in a chapter": (
        in_chapter("\nOf these, 12 responded.\n"),
        f"{CHAPTER}:8 number: 12 is typed",
        "{result} role",
    ),
    "a number typed in the answer": (
        in_chapter("\n:::{div} livrev-answer\nIt helps 12 of all.\n:::\n"),
        f"{CHAPTER}:9 number: 12 is typed",
    ),
    "a number typed in a table": (
        in_chapter("\n| Trial | Ratio |\n| --- | --- |\n| CRESS | 0.70 |\n"),
        f"{CHAPTER}:10 number: 0.70 is typed",
    ),
    "a percentage that looks like a level": (
        in_chapter("\nIn 95 % of patients it helped.\n"),
        f"{CHAPTER}:8 number: 95 % is typed",
    ),
    "a Result that is none": (
        in_chapter("\nThere were {result}`studies.coumt` studies.\n"),
        f"{CHAPTER}:8 result: studies.coumt is no Result",
        "did you mean studies.count",
    ),
    "a form that is none": (
        in_chapter("\nThere were {result}`studies.count|loud` studies.\n"),
        f"{CHAPTER}:8 result: studies.count|loud",
        "words",
    ),
    "a form that the Result has not": (
        in_chapter("\nIt was {result}`studies.count|count`.\n"),
        f"{CHAPTER}:8 result: studies.count|count",
        "no events",
    ),
}


# What cannot be read hides what follows from it: such a fault is looked for alone.
ALONE = {
    "an empty bibliography", "too many cells",
    "braces that do not balance", "a brace too many", "a path as citekey in a note", "a note under another name",
    "a range that is none", "a verdict that is none", "a verdict that nothing settles", "a misspelt field",
    "a day in the future", "a statement over two lines", "a huge cell", "a column that is missing",
    "a quote that is not closed", "a byte of another encoding in a table",
    "a byte of another encoding in the bibliography", "a byte of another encoding in a note", "a NUL byte in a table",
    "a NUL byte in a note", "a tag in a note", "an alias bomb", "a key that stands twice in a note",
    "YAML that nests without end", "broken YAML", "an endless number in YAML", "a note without front matter",
    "a front matter that is a list", "an empty note", "a table that is missing", "a bibliography that is missing",
    "an empty table", "a folder in the place of a table", "a folder in the place of a note",
    "a link that leads to itself",
}  # fmt: skip


def in_reviews() -> list[list[str]]:
    """Return the names of CASES by the review that they are put into together: one fault a file at most."""
    reviews: list[list[str]] = []
    files: list[set[str]] = []
    for name, (_, place, *_) in CASES.items():
        file = place.partition(":")[0]
        alone = name in ALONE or file in (WORDS, SCHEMA, FEATURES)
        at = next((at for at, held in enumerate(files) if not alone and held and file not in held), len(files))
        if at == len(files):
            reviews.append([])
            files.append(set())
        reviews[at].append(name)
        files[at] |= set() if alone else {file}
    return reviews


@pytest.mark.parametrize("names", in_reviews(), ids="; ".join)
def test_it_is_found_and_nothing_is_changed(repository: Repository, names: list[str]) -> None:
    for name in names:
        CASES[name][0](repository)
    before = digest(repository.root)
    result = check(repository)
    assert isinstance(result.exception, SystemExit), result.exception
    assert result.exit_code == 1
    lines = result.stdout.splitlines()
    for name in names:
        assert any(all(piece in line for piece in CASES[name][1:]) for line in lines), (name, result.stdout)
    assert [line for line in lines if not LINE.fullmatch(line)] == []
    assert digest(repository.root) == before


def test_the_small_review_is_in_order(repository: Repository) -> None:
    before = digest(repository.root)
    result = check(repository)
    assert (result.exit_code, result.output) == (0, "check: nothing wrong\n")
    assert digest(repository.root) == before


@pytest.mark.parametrize("place", [NOTE, BIB, WORDS, STUDIES, OUTCOMES, CHAPTER, SCHEMA, FEATURES])
def test_files_from_windows_are_fine(repository: Repository, place: str) -> None:
    path = repository.root / place
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    result = check(repository)
    assert result.exit_code == 0, result.output


def test_one_run_tells_all_errors(repository: Repository) -> None:
    cases = [
        "a key that stands twice",
        "a number typed in a chapter",
        "a topic that nobody knows",
        "no number",
        "arithmetic that cannot be done",
        "features of another document",
    ]
    for name in cases:
        CASES[name][0](repository)
    said = check(repository).stdout
    for place in (f"{BIB}:16", f"{CHAPTER}:8", f"{NOTE}:32", f"{OUTCOMES}:2", "data/arithmetic.csv:2", f"{FEATURES}:1"):
        assert f"{place} " in said


def test_a_broken_row_does_not_hide_the_next(repository: Repository) -> None:
    set_cell(repository, "outcomes", 0, "value", "many")
    set_cell(repository, "outcomes", 3, "ci_low", "1.9")
    said = check(repository).stdout
    assert f"{OUTCOMES}:2 value: many" in said and f"{OUTCOMES}:5 ci_low: 1.9 is above value 1.5" in said


@pytest.mark.parametrize(
    ("column", "value", "first", "following"),
    [
        ("ci_high", "-6.0", "data/outcomes.csv:7 ci_high: -6.0 is below value -5.0", "data/pools.csv"),
        (
            "outcome",
            "moe-2021--pian",
            "moe-2021--pain is not in outcomes; did you mean moe-2021--pian?",
            "chapters/methods.md",
        ),
    ],
)
def test_what_cannot_be_computed_follows_from_its_row(
    repository: Repository, column: str, value: str, first: str, following: str
) -> None:
    add_pool(repository)
    in_chapter("\nPain fell by {result}`pool.pain` {cite:p}`Roe2019trial`.\n")(repository)
    assert "is no Result" not in check(repository).stdout
    set_cell(repository, "outcomes", -2, column, value)
    lines = check(repository).stdout.splitlines()
    assert "is no Result" not in "".join(lines) and "cannot be pooled" not in "".join(lines)
    assert any(first in line for line in lines), lines
    assert any(line.startswith("    ") and following in line for line in lines), lines


def test_what_the_results_stumble_over_is_named_where_it_stands(repository: Repository) -> None:
    add_pool(repository)
    set_cell(repository, "appraisals", 0, "baseline", "moe-2021--pain")
    result = check(repository)
    assert isinstance(result.exception, SystemExit), result.exception
    assert "data/appraisals.csv:2 baseline: moe-2021--pain" in result.stdout
    assert "\n    not checked until then: printed results" in result.stdout


def test_a_page_without_a_place_in_the_contents_is_named(repository: Repository) -> None:
    (repository.chapters / "lost.md").write_text("# Lost\n", encoding="utf-8")
    assert (
        "_toc.yml:1 file: chapters/lost has no place in the contents; add it below its part" in check(repository).stdout
    )


def test_a_flagged_row_may_print_what_cannot_be(repository: Repository) -> None:
    set_cell(repository, "outcomes", 0, "value", "1.2")
    set_cell(repository, "outcomes", 0, "flag", "impossible-interval")
    set_cell(repository, "outcomes", 0, "flag_reason", "printed so")
    set_cell(repository, "readings", 1, "value_1", "1.2")
    assert check(repository).exit_code == 0


def test_a_shell_sees_status_and_lines(repository: Repository) -> None:
    set_cell(repository, "outcomes", 1, "events", "41")
    command = [sys.executable, "-m", "livrev.cli", "--root", str(repository.root), "check"]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.returncode == 1
    assert done.stdout.startswith(f"{OUTCOMES}:3 events: 41 is above total 40; are the two swapped?\n")
    assert done.stderr == "1 problem in 1 file\n"


def test_a_folder_that_is_no_review_is_refused(tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["--root", str(tmp_path), "check"])
    assert result.exit_code == 2
    assert "no review here" in result.output
