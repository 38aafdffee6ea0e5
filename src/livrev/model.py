"""The records of a review, typed, each with the rules that it can prove alone.

What belongs to the subject (cancers, treatments, endpoints) is checked against the vocabulary by the library.
"""

import datetime
import re
import unicodedata
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

CITEKEY = re.compile(r"(?:(?!NCT\d)[A-Z][A-Za-z]*(?:\d{4}|nd)[a-z0-9]+|NCT\d{8})")
IDENTIFIER = re.compile(r"[a-z0-9][a-z0-9.+-]*")

SourceKind = Literal["primary", "review", "editorial", "news", "blog", "abstract", "registry"]
Direction = Literal["for", "against", "mixed", "none"]
Population = Literal["mouse", "patient", "none"]
StatementType = Literal[
    "result", "mechanism", "background", "opinion", "recommendation", "aim", "bibliographic", "promotion"
]
Verdict = Literal["confirmed", "corrected", "imprecise", "inconsistent", "opinion", "not-verifiable"]
Alteration = Literal["translation", "retelling", "arithmetic", "omission"]
Certainty = Literal["high", "moderate", "low", "very low", "not rated"]


def _citekey(value: str) -> str:
    if not CITEKEY.fullmatch(value):
        raise ValueError("is not a citekey; write AuthorYYYYword in plain letters and digits, or an NCT number")
    return value


def _identifier(value: str) -> str:
    if not IDENTIFIER.fullmatch(value):
        raise ValueError("is not an identifier; use lower-case letters, digits and hyphens")
    return value


def _one_line(value: str) -> str:
    if "\n" in value.strip():
        raise ValueError("runs over several lines; write one paragraph")
    if any(unicodedata.category(character) == "Cc" for character in value.strip()):
        raise ValueError("holds a control character; delete it")
    return value.strip()


def _past(value: datetime.date) -> datetime.date:
    if value > datetime.date.today():
        raise ValueError("lies in the future; give the day on which it was read")
    return value


def parse_ranges(value: Any) -> tuple[int, ...]:
    """Return the sentence numbers that `3`, `"1-5"` or `"1-5, 8"` name, in order."""
    numbers: list[int] = []
    for part in str(value).split(","):
        match = re.fullmatch(r"\s*(\d+)(?:\s*[-–]\s*(\d+))?\s*", part)
        if not match:
            raise ValueError('is not a list of sentence numbers; write them as "1-5, 8"')
        first, last = int(match.group(1)), int(match.group(2) or match.group(1))
        if not 0 < first <= last < 100_000:
            raise ValueError("names no sentences; count from 1 upwards")
        numbers.extend(range(first, last + 1))
    return tuple(numbers)


Citekey = Annotated[str, AfterValidator(_citekey)]
Identifier = Annotated[str, AfterValidator(_identifier)]
Line = Annotated[str, AfterValidator(_one_line), Field(min_length=1)]
PastDate = Annotated[datetime.date, AfterValidator(_past)]
Sentences = Annotated[tuple[int, ...], BeforeValidator(parse_ranges)]
Fingerprint = Annotated[str, Field(pattern=r"^[0-9a-f]{16}$")]


class Record(BaseModel):
    """What all records share: they do not change, and they know no field that is not theirs."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Furniture(Record):
    """Sentences of a document that claim nothing: menus, disclaimers, contact lines."""

    sentences: Sentences
    what: Line


class Repeat(Record):
    """A sentence that only says again what another finding of the same document says."""

    sentence: Annotated[int, Field(gt=0)]
    of: Identifier


class Finding(Record):
    """One statement of a source, in our own words, anchored to the sentence that carries it."""

    id: Identifier
    sentence: Annotated[int, Field(gt=0)]
    fingerprint: Fingerprint
    topic: Identifier
    direction: Direction
    population: Population
    type: StatementType
    statement: Line
    verdict: Verdict
    settled_by: tuple[Citekey, ...] = ()
    altered_by: Alteration | None = None
    explanation: Line
    derived: Line | None = None

    @model_validator(mode="after")
    def _settled(self) -> "Finding":
        if self.verdict in ("confirmed", "corrected", "imprecise") and not self.settled_by:
            raise ValueError(f"verdict {self.verdict} names no settling source; fill settled_by")
        return self


class Source(Record):
    """A document that was read, with every statement it makes."""

    citekey: Citekey
    kind: SourceKind
    title: Line
    document: Line
    language: Line
    reports_on: tuple[Citekey, ...]
    read_on: PastDate
    furniture: tuple[Furniture, ...] = ()
    repeats: tuple[Repeat, ...] = ()
    findings: tuple[Finding, ...]
    about: str = ""


class Study(BaseModel):
    """A trial, cohort, series or experiment. Columns of the subject's own are kept as further attributes."""

    model_config = ConfigDict(frozen=True, extra="allow")

    study: Identifier
    name: str
    citekey: Citekey
    other_citekeys: tuple[Citekey, ...] = ()
    doi: str | None = None
    pmid: str | None = None
    nct: tuple[str, ...] = ()
    question: str
    design: str
    cancer: tuple[str, ...] = ()
    strategy: tuple[str, ...] = ()
    n: int | None = None
    year: int | None = None
    part_of: Identifier | None = None
    basis: str
    address: str
    read_on: PastDate


class Outcome(BaseModel):
    """One reported result of a study: of an arm, or of a contrast between groups."""

    model_config = ConfigDict(frozen=True, extra="allow")

    outcome: Identifier
    study: Identifier
    citekey: Citekey
    contrast: str
    arm: str | None = None
    comparator: str | None = None
    endpoint: str
    stratum: str
    measure: str
    value: float | None = None
    ci_low: float | None = None
    ci_high: float | None = None
    ci_level: float | None = None
    p: str | None = None
    events: int | None = None
    total: int | None = None
    time_months: float | None = None
    basis: str
    address: str
    read_on: PastDate
    place: str
    derived: str | None = None
    supersedes: Identifier | None = None
    flag: str | None = None
    flag_reason: str | None = None


class Strategy(Record):
    """A way of treating: why it should work, what speaks for and against it, and how far it has come."""

    strategy: Identifier
    name: Line
    rationale: Line
    findings_for: tuple[Identifier, ...] = ()
    findings_against: tuple[Identifier, ...] = ()
    studies: tuple[Identifier, ...] = ()
    stage: Line
    certainty: Certainty
    certainty_reason: Line


class Estimate(Record):
    """A number that the book may print, with all that it rests on. Intervals are on the scale of *value*."""

    name: str
    value: float
    unit: str
    label: str
    low: float | None = None
    high: float | None = None
    level: float | None = None
    k: int | None = None
    n: int | None = None
    events: int | None = None
    method: str
    rests_on: tuple[str, ...]
    citekeys: tuple[str, ...] = ()
    precision: int = 0
