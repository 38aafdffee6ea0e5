"""Read data/ and references.bib into one checked Review: the only door through which records enter.

A review that is watched (see livrev.records.reads) notes which of its parts are read.
"""

import collections.abc as abc
import dataclasses
import json
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, fields, replace
from functools import cached_property, partial
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel

from livrev.diagnostics import Problem, ReviewError, in_order, use_one_of
from livrev.paths import Repository, find_repository
from livrev.records import model, search_log
from livrev.records.bibliography import Reference, read_bibliography
from livrev.records.long_tables import Cells, LongRecords, LongRows
from livrev.records.model import Finding, Source
from livrev.records.plain_yaml import Mapping, read_note, read_record
from livrev.records.readings import BiasFact, Reading, VerdictReading
from livrev.records.reads import is_watched, note_reads, noting_only, watched
from livrev.records.settings import Settings, check_settings, read_settings
from livrev.records.tables import TABLE_OF, Rows, Table, check_foreign_keys, read_schema, read_table, unsafe_text
from livrev.records.text_files import read_texts
from livrev.text.features import DocumentFeatures, read_features
from livrev.text.vocabulary import Vocabulary

__all__ = ["Reference", "Review", "Rows", "Table", "cache_review", "load_review", "read_review", "read_vocabulary"]

Model = TypeVar("Model", bound=BaseModel)
_REMAKE = "make them again: livrev features --raw DIR"
_kept: "dict[Path, Review]" = {}
_NAMED: dict[type[BaseModel], tuple[str, ...]] = {  # the fields that name findings
    model.Strategy: ("findings_for", "findings_against"), model.ArithmeticClaim: ("finding",), VerdictReading: ("finding",),
}  # fmt: skip
_GROUPS = ("topics", "designs", "endpoints", "strata", "measures", "strategies")


def _by_key(kind: type[Model]) -> "cached_property[abc.Mapping[str, Model]]":
    """Return an attribute of a Review: every record of a *kind* by the key of its table; none where there is no such table."""

    def read(review: "Review") -> abc.Mapping[str, Model]:
        if (rows := review.tables.get(TABLE_OF[kind])) is None:
            return {}
        if isinstance(rows.records, LongRows):
            return LongRecords(review._maker(kind), rows.records, rows.table.key[0])
        return dict(zip(rows.column(rows.table.key[0]), review.all(kind), strict=True))

    return cached_property(read)


@dataclass(frozen=True)
class Review:
    """Everything the review knows, checked: sources, findings, strategies, studies, outcomes, references.

    *unread* gives the file of what could not be read at all (tables, `references`, `sources`), *lost* the records that could
    not, each with the reason: what rests on them cannot be judged.
    """

    repository: Repository
    settings: Settings
    vocabulary: Vocabulary
    references: dict[str, Reference]
    sources: tuple[Source, ...]
    front_matter: dict[str, Mapping]
    features: dict[str, DocumentFeatures]
    tables: dict[str, Rows]
    unread: dict[str, str] = dataclasses.field(default_factory=dict)
    lost: dict[str, Problem] = dataclasses.field(default_factory=dict)

    @cached_property
    def findings(self) -> dict[str, tuple[Source, Finding]]:
        """Every finding with its source, by id, in the order of documents and sentences."""
        return {finding.id: (source, finding) for source in self.sources for finding in source.findings}

    # The records of a table by its key; what one is, its class says.
    studies = _by_key(model.Study)
    strategies = _by_key(model.Strategy)
    outcomes = _by_key(model.Outcome)
    trials = _by_key(model.Trial)
    pools = _by_key(model.PoolPlan)
    networks = _by_key(model.NetworkPlan)
    appraisals = _by_key(model.Appraisal)
    readings = _by_key(Reading)
    retractions = _by_key(model.Retraction)
    searches = _by_key(search_log.Search)
    queries = _by_key(search_log.Query)
    candidates = _by_key(search_log.Candidate)
    screening = _by_key(search_log.Screened)

    @cached_property
    def bias_facts(self) -> dict[tuple[str, str], tuple[BiasFact, ...]]:
        """Every fact on how a study was done, by study and tool."""
        found: dict[tuple[str, str], tuple[BiasFact, ...]] = {}
        for fact in self.all(BiasFact):
            found[fact.study, fact.tool] = (*found.get((fact.study, fact.tool), ()), fact)
        return found

    def all(self, kind: type[Model]) -> Iterable[Model]:
        """Return every record of a *kind*, in the order of its table; none where there is no such table.

        Each is made once and kept, but those of a long table, which are made as they are looked at.
        """
        if kind not in self._made:
            rows = self.tables.get(TABLE_OF[kind])
            records = map(self._maker(kind), rows.records if rows else ())
            if rows and isinstance(rows.records, LongRows):
                return records
            self._made[kind] = tuple(records)
        return self._made[kind]

    @cached_property
    def _made(self) -> dict[type[BaseModel], tuple[Any, ...]]:
        return {}

    def _maker(self, kind: type[Model]) -> Callable[[Cells], Model]:
        """Return what makes a record of a row; the settings name the column that is the condition of a study."""
        if kind is not model.Study:
            return kind.model_validate
        column = self.settings.condition.column
        return lambda row: kind.model_validate({**row, "condition": row[column]})

    def file_of(self, table: str) -> str:
        """Return the file of *table*, as messages name it."""
        return self.repository.relative(self.repository.data / self.tables[table].table.path)

    def line_of(self, table: str, key: str) -> int:
        """Return the line of the row of *table* whose first key is *key*."""
        rows = self.tables[table]
        keys = rows.column(rows.table.key[0])
        return next((line for known, line in zip(keys, rows.lines, strict=True) if known == key), 1)

    def problem_at(self, table: str, key: str) -> Callable[..., Problem]:
        """Return a maker of problems (field, value, message, cure) at the row of *table* whose first key is *key*."""
        return partial(Problem, self.file_of(table), self.line_of(table, key))

    def located(self, kind: type[Model]) -> Iterator[tuple[Model, Callable[..., Problem]]]:
        """Yield every record of a *kind* with a maker of problems (field, value, message, cure) at its row."""
        if (table := TABLE_OF[kind]) in self.tables:
            file, lines = self.file_of(table), self.tables[table].lines
            for record, line in zip(self.all(kind), lines, strict=True):
                yield record, partial(Problem, file, line)


def load_review(repository: Repository | None = None) -> Review:
    """Read the review that the working folder lies in (or *repository*).

    Raises ReviewError with every problem found. Text that is merely unsafe to show does not stop the reading.
    """
    repository = repository or find_repository()
    with noting_only():
        known = _kept.get(repository.root)
        review, problems = (known, []) if known else read_review(repository)
    if (errors := [problem for problem in problems if not problem.unsafe]) or review is None:
        raise ReviewError(errors)
    return _watch(review) if is_watched() else review


def cache_review(review: Review) -> None:
    """Let load_review return this very reading from now on, whatever becomes of the files.

    For a process that makes one build, or is copied for each notebook of it, and ends with it.
    """
    _kept[review.repository.root] = review


def read_review(repository: Repository) -> tuple[Review | None, list[Problem]]:
    """Return the review and every problem of its files; None where vocabulary, schema or settings cannot be read."""
    vocabulary, of_vocabulary = read_vocabulary(repository)
    schema, of_schema = read_schema(repository)
    settings, lines, of_settings = read_settings(repository)
    references, of_references = read_bibliography(repository.references, repository)
    problems, bib = [*of_vocabulary, *of_schema, *of_settings], repository.relative(repository.references)
    if vocabulary is None or not schema or settings is None:
        return None, in_order([*(replace(problem, cause=True) for problem in problems), *of_references])
    problems += of_references
    unread = {"references": bib} if any(problem.cause for problem in of_references) else {}
    tables: dict[str, Rows] = {}
    for table in schema.values():
        tables[table.name], found = read_table(table, repository, vocabulary)
        problems += found
    names = {table.name: repository.relative(repository.data / table.path) for table in schema.values()}
    problems += check_foreign_keys(tables, names)
    unread |= {name: names[name] for name, rows in tables.items() if not rows.whole}
    lost = {key: cause for rows in tables.values() for key, cause in rows.lost.items()}
    found = list(check_settings(settings, lines, repository, vocabulary, tables))
    problems += found
    if any(problem.field == "condition.column" for problem in found):
        return None, in_order([replace(problem, cause=True) for problem in problems])
    sources, front_matter, found = _read_sources(repository, vocabulary, settings)
    problems += found
    if any(problem.cause for problem in found):
        unread["sources"] = repository.relative(repository.sources) + "/"
    features, of_features = _read_features(repository, sources)
    of_files = (tuple(sources), front_matter, features, tables)
    review = Review(repository, settings, vocabulary, references, *of_files, unread, lost)
    return review, in_order([*problems, *of_features, *_check_named(review)])


def read_vocabulary(repository: Repository) -> tuple[Vocabulary | None, list[Problem]]:
    """Return the words of the subject, or what is wrong with the file that holds them."""
    vocabulary, _, problems = read_record(Vocabulary, repository.vocabulary, repository)
    if vocabulary is not None:
        name, cure = repository.relative(repository.vocabulary), "add the group, as data/README.md says"
        problems = [Problem(name, 1, "group", g, "is missing", cure) for g in _GROUPS if g not in vocabulary.terms]
    return (None if problems else vocabulary), problems


def _read_sources(
    repository: Repository, vocabulary: Vocabulary, settings: Settings
) -> tuple[list[Source], dict[str, Mapping], list[Problem]]:
    sources, front_matter, problems = [], {}, list[Problem]()
    seen: dict[str, str] = {}
    for path in sorted(repository.sources.glob("*.md")):
        source, data, found = read_note(path, repository)
        problems += [replace(problem, cause=True) for problem in found]
        if source is None:
            continue
        name = repository.relative(path)
        sources.append(source)
        front_matter[source.citekey] = data
        for finding, record in zip(source.findings, data["findings"], strict=True):
            if finding.id in seen:
                cure = f"it stands already in {seen[finding.id]}"
                problems.append(Problem(name, record.line_of("id"), "id", finding.id, "stands twice", cure))
            seen[finding.id] = name
            for field, known in (("topic", vocabulary.ids("topics")), ("population", tuple(settings.populations))):
                if (term := getattr(finding, field)) not in known:
                    said = (term, f"is not a {field}", use_one_of(known))
                    problems.append(Problem(name, record.line_of(field), field, *said))
            for field in ("statement", "explanation", "derived"):
                problems += unsafe_text(getattr(finding, field) or "", name, record.line_of(field), field)
        problems += unsafe_text(source.about, name, data.line, "about")
    return sources, front_matter, problems


def _read_features(repository: Repository, sources: list[Source]) -> tuple[dict[str, DocumentFeatures], list[Problem]]:
    texts, problems = read_texts((repository.features / f"{source.citekey}.json" for source in sources), repository)
    features = {}
    for name, text in texts.items():
        citekey, problem = Path(name).stem, partial(Problem, name, cure=_REMAKE, cause=True)
        try:
            features[citekey] = read_features(json.loads(text), citekey)
        except json.JSONDecodeError as error:
            problems.append(problem(error.lineno, "JSON", "", "cannot be read"))
        except (ValueError, RecursionError) as error:
            problems.append(problem(1, "features", "", str(error)))
    return features, problems


def _check_named(review: Review) -> Iterator[Problem]:
    """Yield each citekey and each finding that is named and nobody knows; none where what would know was not read whole."""
    message = f"is not in {review.repository.relative(review.repository.references)}"
    for file, line, field, keys in citations_of(review) if "references" not in review.unread else ():
        for key in keys:
            if key not in review.references:
                yield Problem(file, line, field, key, message, "add the entry, or mend the key")
    for kind, fields_ in _NAMED.items() if "sources" not in review.unread else ():
        for record, problem in review.located(kind):
            for field in fields_:
                named = getattr(record, field)
                for key in named if isinstance(named, tuple) else (named,):
                    if key not in review.findings:
                        yield problem(field, key, "is not known", "mend the id, or add the finding to its source")


def citations_of(review: Review) -> Iterator[tuple[str, int, str, Collection[str]]]:
    """Yield file, line and field of everything that names citekeys, with them."""
    for source in review.sources:
        data = review.front_matter[source.citekey]
        file = review.repository.relative(review.repository.sources / f"{source.citekey}.md")
        yield file, data.line_of("citekey"), "citekey", (source.citekey,)
        yield file, data.line_of("reports_on"), "reports_on", source.reports_on
        for finding, record in zip(source.findings, data["findings"], strict=True):
            yield file, record.line_of("settled_by"), "settled_by", finding.settled_by
    for table, rows in review.tables.items():
        file = review.file_of(table)
        for field in ("citekey", "other_citekeys", "meta_citekey", "document"):
            for cell, line in zip(rows.column(field), rows.lines, strict=True) if field in rows.table.names else ():
                if cell:
                    yield file, line, field, cell if isinstance(cell, tuple) else (cell,)


# The files that each part of a Review is read from, as Repository calls them, besides those that all parts hang on.
FILES: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("repository", "vocabulary", "settings", "tables"), ()),  # each table notes its own
    "references": ("references",),
    **dict.fromkeys(("sources", "front_matter"), ("sources",)),
    "features": ("features",),
    **dict.fromkeys(("unread", "lost"), ("data", "references")),  # everything
}


def _watch(review: Review) -> Review:
    """Return *review* as it is, but noting from now on what is read of it."""
    repository = review.repository
    common = (repository.lock, repository.datapackage, *sorted(repository.data.glob("*.yml")))
    note_reads(map(repository.relative, common))
    read = [field.name for field in fields(Rows) if field.name != "table"]  # that comes from the schema
    tables = {name: watched(rows, dict.fromkeys(read, (review.file_of(name),))) for name, rows in review.tables.items()}
    places = {part: [repository.relative(getattr(repository, name)) for name in files] for part, files in FILES.items()}
    return watched(replace(review, tables=tables), places)
