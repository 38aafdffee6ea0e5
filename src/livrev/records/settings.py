"""What is special to one review, as data/review.yml says it: its questions, its axes, its pages, its words.

The package knows subjects only through this record and the vocabulary.
"""

from collections.abc import Iterable
from functools import partial
from typing import Annotated

from pydantic import Field

from livrev.diagnostics import Problem, use_one_of
from livrev.paths import Repository
from livrev.records.model import Identifier, Line, Pattern, Record
from livrev.records.plain_yaml import Mapping, read_record
from livrev.records.tables import Rows
from livrev.text.vocabulary import Vocabulary

PageName = Annotated[str, Field(pattern=r"^(?:chapters|notebooks)/[a-z0-9]+(?:-[a-z0-9]+)*$")]


class Question(Record):
    """A question of the review, with the pages that answer it."""

    label: Line
    """The question in words, as headings and pages print it."""
    short: Line | None = None
    """The same in a few words, for tables and figures; the label where it is missing."""
    chapter: Identifier
    """Name of the chapter that answers it, without folder and ending."""
    notebook: Identifier
    """Name of the notebook that shows its studies, without folder and ending."""

    @property
    def brief(self) -> str:
        """The question in as few words as there are."""
        return self.short or self.label


class Condition(Record):
    """The axis along which studies differ in what their patients have."""

    column: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    """Column of data/studies.csv that holds it; data/datapackage.json says which group of the vocabulary it takes."""
    name: Line
    """What one of it is called, in small letters."""
    plural: Line
    """What several are called."""

    @property
    def title(self) -> str:
        """Its name as the head of a column."""
        return self.name[0].upper() + self.name[1:]


class DesignGroup(Record):
    """Designs that a figure shows as one."""

    name: Line
    """What they are called together."""
    designs: Annotated[tuple[str, ...], Field(min_length=1)]
    """Designs of data/vocabulary.yml."""
    counted: bool = True
    """Whether the book counts them as studies: not what only registers, retells or sums up others."""


class Pages(Record):
    """Pages that show what has no page of its own, as `notebooks/pools`; what is missing is not linked."""

    pools: PageName | None = None
    """Where the pools are drawn."""
    strategies: PageName | None = None
    """Where the strategies are set side by side."""
    search: PageName | None = None
    """Where searches, screening and second readings are shown."""
    references: PageName | None = None
    """Where references and retractions are listed."""
    changes: PageName | None = None
    """Where the changes since the last edition are told."""


class NameSearch(Record):
    """What a reader may look for by name beside studies."""

    groups: tuple[Identifier, ...]
    """Groups of data/vocabulary.yml whose terms lead to the studies that name them."""
    words: Line
    """What such terms are, in words."""


class PoolHeading(Record):
    """What the explorer says over the pools of one comparison and measure."""

    contrast: Line
    """Contrast of the pools."""
    measure: Line
    """Measure of the pools."""
    title: Line
    """What these pools ask."""
    reading: Line
    """How their numbers are read."""


class FewStudies(Record):
    """How pools of few studies are looked at once more, by a Bayesian estimate."""

    fewer_than: Annotated[int, Field(gt=2)] = 5
    """Pools of fewer studies than this."""
    prior_scales: Annotated[tuple[Annotated[float, Field(gt=0)], ...], Field(min_length=1)] = (0.5, 1.0)
    """Scales of the half-normal prior of tau, on the logarithms of ratios; the first is the one that is told."""
    threshold: Annotated[float, Field(gt=0, lt=1)] = 0.8
    """The ratio from which on an effect matters; for effects above 1 its reciprocal."""


class Prose(Record):
    """Words of the subject that the checks of the chapters know, as regular expressions."""

    names: tuple[Pattern, ...] = ()
    """Names that hold digits and are not numbers of evidence: trials, targets, criteria."""
    subjects: tuple[Pattern, ...] = ()
    """Words for whom or what a study looks at, beside patients and participants."""
    exceptions: tuple[Line, ...] = ()
    """Beginnings of sentences that look like evidence and are none."""


class Settings(Record):
    """What is special to this review."""

    subject: Line
    """What findings speak for or against, in small letters."""
    questions: Annotated[dict[Identifier, Question], Field(min_length=1)]
    """The questions, in their order, by the name that data/studies.csv gives them."""
    condition: Condition
    """What the patients have."""
    populations: Annotated[dict[Identifier, Line], Field(min_length=1)]
    """In whom a finding was made: its name in data/sources/, and what they are called."""
    designs: tuple[DesignGroup, ...]
    """Designs of studies in the order in which figures show them."""
    pages: Pages = Pages()
    """Pages of the book that other pages lead to."""
    search: NameSearch
    """Terms by whose names a reader finds studies."""
    pool_headings: tuple[PoolHeading, ...] = ()
    """Headings over the pools of the explorer, in their order."""
    licence: Line | None = None
    """Under what terms words, data and code may be used, as the printed book says it."""
    advice: Line | None = None
    """What the book is not, as its title page says it."""
    told_from: Annotated[int, Field(gt=0)] = 300
    """Patients from which on a randomised trial with results stands in a chapter."""
    not_told: dict[Identifier, Line] = Field(default_factory=dict)
    """Such trials that no chapter speaks of, by the name of the study, each with the reason."""
    few_studies: FewStudies = FewStudies()
    """How pools of few studies are looked at."""
    prose: Prose = Prose()
    """Words that the checks of the chapters know."""

    def question(self, name: str) -> Question:
        """Return the question called *name*. Raises ValueError, with the names there are, where there is none."""
        if name not in self.questions:
            raise ValueError(f"{name} is not a question of data/review.yml; use one of {', '.join(self.questions)}")
        return self.questions[name]


def read_settings(repository: Repository) -> tuple[Settings | None, Mapping, list[Problem]]:
    """Return the settings of the review, the same with line numbers, and the problems; the settings are None on any."""
    return read_record(Settings, repository.settings, repository)


def check_settings(
    settings: Settings, data: Mapping, repository: Repository, vocabulary: Vocabulary, tables: dict[str, Rows]
) -> Iterable[Problem]:
    """Yield what the settings name and vocabulary, tables or pages do not hold, and what they forget."""
    problem = partial(Problem, repository.relative(repository.settings))
    studies, named = tables["studies"], settings.condition.column
    file = repository.relative(repository.data / studies.table.path)
    if not any(column.name == named and column.vocabulary and column.delimiter for column in studies.table.columns):
        cure = f"name a column of {file} that lists terms of a group of the vocabulary"
        line = data["condition"].line_of("column")
        yield problem(line, "condition.column", named, "is not such a column", cure)
    pages = [(data["pages"].line_of(field), f"pages.{field}", page) for field, page in settings.pages if page]
    for key, question in settings.questions.items():
        for field, folder in (("chapter", repository.chapters), ("notebook", repository.notebooks)):
            place = data["questions"][key].line_of(field)
            pages.append((place, field, f"{folder.name}/{getattr(question, field)}"))
    for line, field, page in pages:
        endings = ("md",) if field == "chapter" else ("ipynb",) if field == "notebook" else ("md", "ipynb")
        if not any((repository.root / f"{page}.{ending}").exists() for ending in endings):  # a pipe is named elsewhere
            cure = 'write that page, or mend the name; livrev new chapter TITLE --question NAME="Label" begins a question with both'
            yield problem(line, field, page, "has no such file", cure)
    for group in settings.search.groups:
        if group not in vocabulary.terms:
            cure = f"use groups of {repository.relative(repository.vocabulary)}: {', '.join(vocabulary.terms)}"
            yield problem(data["search"].line_of("groups"), "search.groups", group, "is not a group", cure)
    known, placed = vocabulary.ids("designs"), dict[str, str]()
    for one, entry in zip(settings.designs, data["designs"], strict=True):
        for design in one.designs:
            line = entry.line_of("designs")
            if design not in known:
                yield problem(line, "designs", design, "is not a design of the vocabulary", use_one_of(known))
            elif design in placed:
                yield problem(line, "designs", design, "is in two groups", f"it is also in {placed[design]}: keep one")
            placed.setdefault(design, one.name)
    for design in known:
        if design not in placed:
            cure = "add it to one of " + ", ".join(group.name for group in settings.designs)
            yield problem(data.line_of("designs"), "designs", design, "is in no group", cure)
    for asked, line in zip(studies.column("question"), studies.lines, strict=True):
        if asked not in settings.questions:
            cure = f"{use_one_of(settings.questions)}, or add it to data/review.yml"
            yield Problem(file, line, "question", asked, "is not a question of this review", cure)
