"""Every check of the review in one place: what `livrev check` and `livrev verify` run."""

from collections.abc import Callable, Collection
from pathlib import Path
from typing import Any

from livrev.library import Library, read_library
from livrev.paths import Repository
from livrev.problems import Problem
from livrev.schema import check_schemas
from livrev.verify.anchors import Coverage, check_anchors, measure_coverage
from livrev.verify.appraisals import check_appraisals
from livrev.verify.arithmetic import check_arithmetic
from livrev.verify.certainty_words import certainty_by_name, check_certainty_words
from livrev.verify.chapters import read_chapters
from livrev.verify.citations import check_citations
from livrev.verify.documents import find_documents, remake_features
from livrev.verify.drafts import check_drafts
from livrev.verify.outcomes import check_outcomes
from livrev.verify.pools import check_pools
from livrev.verify.prisma import check_prisma
from livrev.verify.prose import check_bare_numbers
from livrev.verify.results import check_evidence_names, check_result_names
from livrev.verify.retractions import check_retractions
from livrev.verify.stored import check_stored
from livrev.verify.studies import check_studies
from livrev.verify.uncited import check_uncited, study_names

CHECKS: dict[str, Callable[[Library], list[Problem]]] = {
    "schemas": lambda library: list(check_schemas(library.repository, library.vocabulary)),
    "anchors": lambda library: _check_anchors(library),
    "results": lambda library: list(check_outcomes(library)),
    "pools": lambda library: list(check_pools(library)),
    "appraisals": lambda library: list(check_appraisals(library)),
    "studies": lambda library: list(check_studies(library)),
    "arithmetic": lambda library: list(check_arithmetic(library)),
    "prose": lambda library: _check_prose(library),
    "citations": lambda library: list(check_citations(library)),
    "retractions": lambda library: list(check_retractions(library)),
    "prisma": lambda library: list(check_prisma(library)),
    "drafts": lambda library: list(check_drafts(library)),
}

# What looks at the records alone: where they did not change since they were found sound, it finds nothing new.
OF_RECORDS = ("results", "pools", "appraisals")


def check_review(repository: Repository, *, stored: bool = False) -> list[Problem]:
    """Return every problem of the review that can be found without the documents themselves.

    With *stored*, also what of notebooks and bibliography is not as the repository keeps it.
    """
    return check_library(repository, stored=stored)[1]


def check_library(
    repository: Repository, *, stored: bool = False, but: Collection[str] = ()
) -> tuple[Library | None, list[Problem]]:
    """Return the review as it was read, if it could be, and what check_review says of it, all CHECKS *but* some."""
    library, problems = read_library(repository)
    if library is not None:
        for name, check in CHECKS.items():
            problems += check(library) if name not in but else []
        problems += check_stored(library) if stored else []
    return library, sorted(set(problems))


def verify_anchors(library: Library, folder: Path | None) -> tuple[list[Coverage], list[Problem]]:
    """Check every anchor against the documents in *folder*, or against the features on record where it is None."""
    problems: list[Problem] = []
    features = dict(library.features)
    if folder is not None:
        documents, problems = find_documents(library, folder)
        for citekey, raw in documents.items():
            remade, found = remake_features(library, citekey, raw)
            problems += found
            if remade is not None:
                features[citekey] = remade
    coverage = []
    for source in library.sources:
        problems += _check_source(library, source.citekey, features)
        coverage.append(measure_coverage(source, features[source.citekey]))
    return coverage, sorted(set(problems))


def _check_anchors(library: Library) -> list[Problem]:
    return [p for key in library.features for p in _check_source(library, key, library.features)]


def _check_source(library: Library, citekey: str, features: dict[str, dict[str, Any]]) -> list[Problem]:
    source = next(source for source in library.sources if source.citekey == citekey)
    file = library.repository.relative(library.repository.sources / f"{citekey}.md")
    return list(check_anchors(source, library.front_matter[citekey], features[citekey], file))


def _check_prose(library: Library) -> list[Problem]:
    chapters, problems = read_chapters(library.repository)
    studies = study_names(study.name for study in library.studies.values())
    rated = certainty_by_name(library)
    for file, text in chapters.items():
        problems += check_bare_numbers(text, file)
        problems += check_uncited(text, file, studies)
        problems += check_certainty_words(text, file, rated)
    problems += check_result_names(library, chapters)
    problems += check_evidence_names(library, chapters)
    return problems
