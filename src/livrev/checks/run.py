"""Every check of the review in one place: what `livrev check` and `livrev verify` run."""

from collections.abc import Callable, Collection
from pathlib import Path
from typing import Any

from livrev.checks.appraisals import check_appraisals
from livrev.checks.certainty_words import certainty_by_name, check_certainty_words
from livrev.checks.citations import check_citations
from livrev.checks.documents import find_documents, remake_features
from livrev.checks.drafts import check_drafts
from livrev.checks.outcomes import check_outcomes
from livrev.checks.pools import check_pools
from livrev.checks.prisma import check_prisma
from livrev.checks.prose import check_bare_numbers
from livrev.checks.results import check_evidence_names, check_result_names
from livrev.checks.retractions import check_retractions
from livrev.checks.stored import check_stored
from livrev.checks.studies import check_studies
from livrev.checks.uncited import check_uncited, study_names
from livrev.diagnostics import Problem
from livrev.paths import Repository
from livrev.records.chapters import read_chapters
from livrev.records.json_schema import check_schemas
from livrev.records.review import Review, read_review
from livrev.review.anchors import Coverage, check_anchors, measure_coverage
from livrev.review.arithmetic import check_arithmetic

CHECKS: dict[str, Callable[[Review], list[Problem]]] = {
    "schemas": lambda review: list(check_schemas(review)),
    "anchors": lambda review: _check_anchors(review),
    "results": lambda review: list(check_outcomes(review)),
    "pools": lambda review: list(check_pools(review)),
    "appraisals": lambda review: list(check_appraisals(review)),
    "studies": lambda review: list(check_studies(review)),
    "arithmetic": lambda review: list(check_arithmetic(review)),
    "prose": lambda review: _check_prose(review),
    "citations": lambda review: list(check_citations(review)),
    "retractions": lambda review: list(check_retractions(review)),
    "prisma": lambda review: list(check_prisma(review)),
    "drafts": lambda review: list(check_drafts(review)),
}

# What looks at the records alone: where they did not change since they were found sound, it finds nothing new.
OF_RECORDS = ("results", "pools", "appraisals")


def check_review(repository: Repository, *, stored: bool = False) -> list[Problem]:
    """Return every problem of the review that can be found without the documents themselves.

    With *stored*, also what of notebooks and bibliography is not as the repository keeps it.
    """
    return check_read_review(repository, stored=stored)[1]


def check_read_review(
    repository: Repository, *, stored: bool = False, but: Collection[str] = ()
) -> tuple[Review | None, list[Problem]]:
    """Return the review as it was read, if it could be, and what check_review says of it, all CHECKS *but* some."""
    review, problems = read_review(repository)
    if review is not None:
        for name, check in CHECKS.items():
            problems += check(review) if name not in but else []
        problems += check_stored(review) if stored else []
    return review, sorted(set(problems))


def verify_anchors(review: Review, folder: Path | None) -> tuple[list[Coverage], list[Problem]]:
    """Check every anchor against the documents in *folder*, or against the features on record where it is None."""
    problems: list[Problem] = []
    features = dict(review.features)
    if folder is not None:
        documents, problems = find_documents(review, folder)
        for citekey, raw in documents.items():
            remade, found = remake_features(review, citekey, raw)
            problems += found
            if remade is not None:
                features[citekey] = remade
    coverage = []
    for source in review.sources:
        problems += _check_source(review, source.citekey, features)
        coverage.append(measure_coverage(source, features[source.citekey]))
    return coverage, sorted(set(problems))


def _check_anchors(review: Review) -> list[Problem]:
    return [p for key in review.features for p in _check_source(review, key, review.features)]


def _check_source(review: Review, citekey: str, features: dict[str, dict[str, Any]]) -> list[Problem]:
    source = next(source for source in review.sources if source.citekey == citekey)
    file = review.repository.relative(review.repository.sources / f"{citekey}.md")
    return list(check_anchors(source, review.front_matter[citekey], features[citekey], file))


def _check_prose(review: Review) -> list[Problem]:
    chapters, problems = read_chapters(review.repository)
    studies = study_names(study.name for study in review.studies.values())
    rated = certainty_by_name(review)
    for file, text in chapters.items():
        problems += check_bare_numbers(text, file, review.settings.prose.names)
        problems += check_uncited(text, file, studies, review.settings.prose)
        problems += check_certainty_words(text, file, rated)
    problems += check_result_names(review, chapters)
    problems += check_evidence_names(review, chapters)
    return problems
