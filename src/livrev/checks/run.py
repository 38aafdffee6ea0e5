"""Every check of the review in one place: what `livrev check` and `livrev verify` run."""

import re
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace
from itertools import islice

from livrev.checks.book_files import check_book_files, check_drafts, check_prisma, check_schemas
from livrev.checks.citations import check_citations, check_retractions
from livrev.checks.documents import check_anchors_of, check_arithmetic
from livrev.checks.notebooks import check_stored
from livrev.checks.outcomes import check_outcomes, check_studies_of
from livrev.checks.pool_evidence import check_pool_evidence
from livrev.checks.pools import check_appraisals, check_networks, check_pools, check_tradeoffs
from livrev.checks.prose import check_numbers, check_uncited, study_names
from livrev.checks.readings import check_bias, check_readings, check_verdict_readings
from livrev.checks.results import OF_NAMES, check_certainty_words
from livrev.checks.studies import check_studies, check_trials
from livrev.diagnostics import NOT_CHECKED, Problem, fold, in_order
from livrev.paths import Repository
from livrev.progress import say
from livrev.records.long_tables import LONG as _LONG
from livrev.records.review import Review, read_review
from livrev.records.text_files import read_chapters
from livrev.review.certainty import certainty_by_name
from livrev.review.snapshot import read_snapshots

_MOST = 2_000  # problems of one check: nobody reads more, and a million of them fill the memory

# What looks at the records alone: where they did not change since they were found sound, it finds nothing new.
OF_RECORDS = ("results", "papers", "pools", "networks", "appraisals")


def check_review(
    repository: Repository,
    *,
    stored: bool = False,
    but: Collection[str] = (),
    read: tuple[Review | None, list[Problem]] | None = None,
) -> list[Problem]:
    """Return every problem of the review that can be found without the documents themselves, causes first.

    With *stored*, also what of notebooks and bibliography is not as the repository keeps it; without the CHECKS in *but*.
    What was *read* already, with the problems of reading it, is not read again.
    """
    review, problems = read or read_review(repository)
    found = [*problems, *check_book_files(repository)]
    if review is None:
        return in_order(found)
    causes = [problem for problem in in_order(found) if problem.cause]
    long = any(len(rows.records) >= _LONG for rows in review.tables.values())
    for name in (name for name in CHECKS if name not in but):
        if long:  # else nobody waits
            say(f"checking {name}")
        found += _make(name, review, causes, found)
    found += check_stored(review) if stored else []
    rows = _names_by_place(review) if review.lost or any(problem.unmade for problem in found) else {}
    return fold(found, {**_lost_citations(review, causes), **review.lost}, rows)


def _make(name: str, review: Review, causes: Sequence[Problem], before: Sequence[Problem]) -> list[Problem]:
    """Return what a check finds; where it lacks what could not be read, that it was not made, as following from that.

    So, too, where it cannot be made with rows in which the checks *before* it found something.
    """
    find, *needs = CHECKS[name]
    lacks = tuple(review.unread[need] for need in needs if need in review.unread)
    cause = next((cause for cause in causes if cause.file.startswith(lacks)), None)
    if cause is None:
        try:
            found = list(islice(find(review), _MOST + 1))
            if len(found) > _MOST:
                cure = "mend those first: most likely it is one mistake, made in every row"
                message = "and more problems like those above"
                found[-1] = replace(found[-1], field=name, value="", message=message, cure=cure)
            return found
        except (LookupError, ValueError, TypeError, ArithmeticError, AttributeError):
            tables = [problem for problem in in_order(before) if problem.file.endswith(".csv")]
            rows = [*causes, *sorted(tables, key=lambda problem: not problem.file.endswith("/pools.csv"))]
            if not rows:
                raise
            cause = rows[0]  # what it stumbled over is one of the rows that could not be read, or that do not fit
    return [Problem(cause.file, cause.line, NOT_CHECKED, name, "", "", after=cause.place)]


def _lost_citations(review: Review, causes: Iterable[Problem]) -> dict[str, Problem]:
    """Return what the chapters that could not be read may cite (`cite:…`), each with what is wrong with its chapter."""
    lost: dict[str, Problem] = {}
    for path in review.repository.chapter_files():
        cause = next((cause for cause in causes if cause.file == review.repository.relative(path)), None)
        if cause is not None and path.is_file() and not path.is_symlink():  # a pipe is never opened
            words = re.findall(r"\w+", path.read_text(encoding="utf-8", errors="replace"))
            lost.update({f"cite:{word}": cause for word in words})
    return lost


def _names_by_place(review: Review) -> dict[str, list[str]]:
    """Return the names that each row gives, by its place, so that what rests on a row is known; needed on problems only."""
    names: dict[str, list[str]] = {}
    for table, rows in review.tables.items():
        file = review.file_of(table)
        for column in rows.table.key if len(rows.table.key) == 1 else ():
            for record, line in zip(rows.records, rows.lines, strict=True):
                names.setdefault(f"{file}:{line}", []).append(str(record[column]))
    return names


def _check_prose(review: Review) -> Iterable[Problem]:
    studies = study_names(study.name for study in review.studies.values())
    for file, text in read_chapters(review.repository)[0].items():
        yield from check_numbers(text, file, review.settings.prose.names)
        yield from check_uncited(text, file, studies, review.settings.prose)


def _check_certainty(review: Review) -> Iterable[Problem]:
    rated = certainty_by_name(review)
    for file, text in read_chapters(review.repository)[0].items():
        yield from check_certainty_words(text, file, rated)


def _check_names(review: Review) -> Iterable[Problem]:
    chapters = read_chapters(review.repository)[0]
    review = _with_named_outcomes(review, chapters.values())
    for check in OF_NAMES:
        yield from check(review, chapters)


def _with_named_outcomes(review: Review, texts: Iterable[str]) -> Review:
    """Return *review* with those results of a long table that chapters or other tables name: others are printed nowhere."""
    rows = review.tables["outcomes"]
    if len(rows.records) < _LONG:
        return review
    named = {name for text in texts for name in re.findall(r"[a-z0-9][a-z0-9.+-]*", text)}
    parts = {name.removeprefix("outcome.") for name in named}
    kept = {name for part in parts for name in (part, part.rpartition(".")[0])}
    for other in review.tables.values():
        for cell in (cell for record in other.records for cell in record.values()) if other is not rows else ():
            kept.update(cell if isinstance(cell, tuple) else (cell,))
    chosen = [(r, line) for r, line in zip(rows.records, rows.lines, strict=True) if r["outcome"] in kept]
    fewer = replace(rows, records=[r for r, _ in chosen], lines=[line for _, line in chosen])
    return replace(review, tables={**review.tables, "outcomes": fewer})


_POOLS = ("pools", "outcomes", "studies", "readings")
_ALL = (*_POOLS, "appraisals", "strategies", "arithmetic", "screening", "retractions", "sources", "references")
# What each check does, and what it cannot do without: names of tables, `references`, `sources`.
CHECKS: dict[str, tuple[Callable[[Review], Iterable[Problem]], *tuple[str, ...]]] = {
    "schemas": (check_schemas,),
    "anchors": (check_anchors_of,),
    "results": (check_outcomes,),
    "papers": (check_studies_of, "studies"),
    "pools": (check_pools, *_POOLS),
    "networks": (check_networks, "networks", "treatments", *_POOLS[1:]),
    "readings": (check_readings, "outcomes", "readings"),
    "verdict readings": (check_verdict_readings, "verdict_readings", "sources"),
    "pool evidence": (check_pool_evidence, *_POOLS, "appraisals", "references"),
    "appraisals": (check_appraisals, *_POOLS, "appraisals", "strategies"),
    "tradeoffs": (check_tradeoffs, *_POOLS, "appraisals", "tradeoffs"),
    "bias": (check_bias, *_POOLS, "bias", "bias_judgements"),
    "studies": (check_studies,),
    "trials": (check_trials, "trials", "studies", "outcomes"),
    "arithmetic": (check_arithmetic, "arithmetic", "sources"),
    "prose": (_check_prose,),
    "certainty words": (_check_certainty, "appraisals", "strategies"),
    "printed results": (_check_names, *_ALL),
    "citations": (check_citations, *_ALL),
    "retractions": (check_retractions, "references", "retractions"),
    "prisma": (check_prisma, "prisma"),
    "drafts": (check_drafts,),
    "history": (lambda review: read_snapshots(review.repository)[1],),
}
