"""The package knows no subject: what is special to the first review stands in its own files, and nowhere in the engine."""

import re
from pathlib import Path

import pytest

from livrev.records.review import Review

# Words that only the first review has a reason to use; whatever else it calls by name is read from its records below.
WORDS = (
    "liver|hepat|tumour|tumor|cancer|oncolog|metasta[st]|immunotherap|checkpoint inhib|chemoembol|glypican|GPC3|CheckMate|KEYNOTE|IMbrave"
    "|sorafenib|lenvatinib|nivolumab|CAR-T|ICI|TACE|radiotherap"
)
SUFFIXES = {".py", ".js", ".css", ".typ", ".html", ".md", ".yml", ".json", ".bib"}
# The reading of numbers in sentences knows how trials are written up in any field of medicine, and so some words of many fields.
READING = "text"


def sources(package: Path) -> list[Path]:
    files = (path for path in package.rglob("*") if path.suffix in SUFFIXES and "__pycache__" not in path.parts)
    return [path for path in files if path.relative_to(package).parts[0] != READING]


def hits(package: Path, pattern: str) -> list[str]:
    found = re.compile(rf"(?<![\w-])(?:{pattern})(?![\w-])")
    lines = (
        (path, number, line)
        for path in sources(package)
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
    )
    return [
        f"{path.relative_to(package)}:{number} {line.strip()}" for path, number, line in lines if found.search(line)
    ]


@pytest.fixture(scope="module")
def package(real_review: Review) -> Path:
    return real_review.repository.package


def test_no_word_of_the_first_review_is_in_the_package(package: Path) -> None:
    found = re.compile(rf"\b(?:{WORDS})", re.IGNORECASE)
    exact = re.compile(r"\bici\b|\bICI\b|\bTACE\b")
    said = [
        f"{path.relative_to(package)}: {match.group()}"
        for path in sources(package)
        for match in found.finditer(path.read_text(encoding="utf-8"))
        if len(match.group()) > 4 or exact.fullmatch(match.group())
    ]
    assert said == []


def test_no_name_of_its_records_is_in_the_package(package: Path, real_review: Review) -> None:
    settings, vocabulary = real_review.settings, real_review.vocabulary
    names = {*settings.questions, *(q.chapter for q in settings.questions.values()), *vocabulary.ids("topics")}
    names |= {*vocabulary.ids("strategies"), *vocabulary.ids(settings.condition.plural), *vocabulary.ids("treatments")}
    names |= {study.study for study in real_review.studies.values()} | {
        source.citekey for source in real_review.sources
    }
    names |= {record["pool"] for record in real_review.tables["pools"].records}
    names = {
        name for name in names if re.search(r"[\d-]", name) or len(name) > 8
    }  # `clear` and `launch` are acronyms, too
    names -= {"combination", "prognosis", "epidemiology", "observation"}  # English before they are of this review
    assert names and all(re.fullmatch(r"[\w-]+", name) for name in names)
    assert [
        f"{path.relative_to(package)}:{number} {line.strip()}"
        for path in sources(package)
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if not names.isdisjoint(re.findall(r"[\w-]+", line))
    ] == []


def test_the_package_names_no_population_and_no_page_of_its_own(package: Path) -> None:
    lines = hits(package, r"[\"']mouse[\"']|mouse model|notebooks/(?:strategies|search|bibliography|whats-new)")
    assert [line for line in lines if not line.startswith("site/static/cards.js")] == []  # a mouse that points
