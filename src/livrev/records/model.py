"""The records of a review, typed, each with the rules that it can prove alone.

What belongs to the subject is checked by the review: terms against the vocabulary, questions and populations against the
settings.
"""

import datetime
import re
import unicodedata
from collections.abc import Collection, Iterable
from typing import Annotated, Any, Literal, Self, get_args

import pydantic
from pydantic import AfterValidator, BaseModel, BeforeValidator, Field, PlainSerializer, PlainValidator, WithJsonSchema

from livrev.records.measures import Printed

CITEKEY = re.compile(r"(?:(?!NCT\d)[A-Z][A-Za-z]*(?:\d{4}|nd)[a-z0-9]+|NCT\d{8})")
IDENTIFIER = re.compile(r"[a-z0-9][a-z0-9.+-]*")

SourceKind = Literal["primary", "review", "editorial", "news", "blog", "abstract", "registry"]
Direction = Literal["for", "against", "mixed", "none"]
StatementType = Literal[
    "result", "mechanism", "background", "opinion", "recommendation", "aim", "bibliographic", "promotion"
]
Verdict = Literal["confirmed", "corrected", "imprecise", "inconsistent", "opinion", "not-verifiable"]
Alteration = Literal["translation", "retelling", "arithmetic", "omission"]
Certainty = Literal["high", "moderate", "low", "very low", "not rated"]
CERTAINTIES: tuple[Certainty, ...] = get_args(Certainty)


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


def _pattern(value: str) -> str:
    try:
        re.compile(value)
    except re.error as error:
        cure = "fix it, and put \\ before a sign meant as itself"
        raise ValueError(f"is not a regular expression ({error}); {cure}") from None
    return value


def _past(value: datetime.date) -> datetime.date:
    if value > datetime.date.today():
        raise ValueError("lies in the future; give the day on which it was read")
    return value


def _number(value: Any) -> float:
    """Return *value* as a float; a reported number, which is a text in JSON, keeps its digits."""
    return value if isinstance(value, float) else Printed(value) if isinstance(value, str) else float(value)


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


_RANGES = r"^\s*\d+(\s*[-–]\s*\d+)?\s*(,\s*\d+(\s*[-–]\s*\d+)?\s*)*$"
Citekey = Annotated[
    str, AfterValidator(_citekey), WithJsonSchema({"type": "string", "pattern": f"^(?:{CITEKEY.pattern})$"})
]
Identifier = Annotated[
    str, AfterValidator(_identifier), WithJsonSchema({"type": "string", "pattern": f"^{IDENTIFIER.pattern}$"})
]
Line = Annotated[
    str, AfterValidator(_one_line), Field(min_length=1),
    WithJsonSchema({"type": "string", "minLength": 1, "pattern": r"^\s*[^\n]+\s*$"}),
]  # fmt: skip
Pattern = Annotated[
    str, AfterValidator(_pattern), Field(min_length=1), WithJsonSchema({"type": "string", "format": "regex", "minLength": 1})
]  # fmt: skip
PastDate = Annotated[datetime.date, AfterValidator(_past)]
Sentences = Annotated[
    tuple[int, ...], BeforeValidator(parse_ranges),
    WithJsonSchema({"anyOf": [{"type": "integer", "minimum": 1}, {"type": "string", "pattern": _RANGES}]}),
]  # fmt: skip
Number = Annotated[
    float, PlainValidator(_number), PlainSerializer(lambda number: getattr(number, "text", number), when_used="json")
]
"""A computed number, or a reported one with its digits."""
Words = Annotated[str, BeforeValidator(lambda words: words or "")]
"""Text that may be empty."""
Fingerprint = Annotated[str, Field(pattern=r"^[0-9a-f]{16}$")]


class Record(BaseModel):
    """What all records share: they do not change, and they know no field that is not theirs.

    What stands below a field is its description in the JSON Schema.
    """

    model_config = pydantic.ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


class Furniture(Record):
    """Sentences of a document that claim nothing: menus, disclaimers, contact lines."""

    sentences: Sentences
    """Numbers of the sentences, as 3, "1-5" or "1-5, 8"."""
    what: Line
    """What they are: menu, heading, disclaimer …"""


class Repeat(Record):
    """A sentence that only says again what another finding of the same document says."""

    sentence: Annotated[int, Field(gt=0)]
    """Number of the sentence."""
    of: Identifier
    """Id of the finding that it repeats."""


_SETTLED = ("confirmed", "corrected", "imprecise")


class Finding(Record):
    """One statement of a source, in our own words, anchored to the sentence that carries it."""

    model_config = pydantic.ConfigDict(
        json_schema_extra={  # what _settled checks
            "if": {"properties": {"verdict": {"enum": list(_SETTLED)}}, "required": ["verdict"]},
            "then": {"required": ["settled_by"], "properties": {"settled_by": {"minItems": 1}}},
        }
    )

    id: Identifier
    """Name of the finding, unique in the review: the name of the source and a number."""
    sentence: Annotated[int, Field(gt=0)]
    """Number of the sentence that carries it, counted from 1."""
    fingerprint: Fingerprint
    """Fingerprint of that sentence, from data/features/."""
    topic: Identifier
    """A topic of data/vocabulary.yml."""
    direction: Direction
    """Whether it speaks for the treatment or idea that it is about, against it, both, or neither."""
    population: Identifier
    """In whom: a population of data/review.yml, which has one for nobody (background, opinion)."""
    type: StatementType
    """What kind of statement it is."""
    statement: Line
    """What the source says, in our own words; no run of eight words of the source."""
    verdict: Verdict
    """What came out when it was checked against a primary publication."""
    settled_by: tuple[Citekey, ...] = ()
    """Citekeys of what settled it; needed for confirmed, corrected and imprecise."""
    altered_by: Alteration | None = None
    """What altered it on its way from the publication to this source."""
    explanation: Line
    """Why this verdict, in one paragraph."""
    derived: Line | None = None
    """How a number was got from printed ones, where it is not printed itself."""

    @pydantic.model_validator(mode="after")
    def _settled(self) -> "Finding":
        if self.verdict in _SETTLED and not self.settled_by:
            raise ValueError(f"verdict {self.verdict} names no settling source; fill settled_by")
        return self


class Source(Record):
    """A document that was read, with every statement it makes."""

    citekey: Citekey
    """Its key in references.bib, and the name of this file."""
    kind: SourceKind
    """What kind of document it is."""
    title: Line
    """Its title, as printed."""
    document: Line
    """Name of the file that was read; the file itself is not kept here."""
    language: Line
    """Its language, and whether it was translated."""
    reports_on: tuple[Citekey, ...]
    """Citekeys of the primary publications that it retells; [] for none."""
    read_on: PastDate
    """Day on which it was read, as 2026-01-31."""
    furniture: tuple[Furniture, ...] = ()
    """Sentences that claim nothing."""
    repeats: tuple[Repeat, ...] = ()
    """Sentences that say a finding again."""
    findings: tuple[Finding, ...]
    """Every statement that it makes, in the order of its sentences."""
    about: str = ""
    """The prose below the front matter."""

    @property
    def roles(self) -> dict[int, str]:
        """What each sentence is, by its number: a claim, boilerplate of the page, or a repeat of another."""
        roles = {n: "boilerplate" for item in self.furniture for n in item.sentences}
        roles |= {repeat.sentence: "repeat" for repeat in self.repeats}
        return roles | {finding.sentence: "claim" for finding in self.findings}


class Row(BaseModel):
    """A row of a table that does not change. Columns of the subject's own are kept as further attributes."""

    model_config = pydantic.ConfigDict(frozen=True, extra="allow")


class Study(Row):
    """A trial, cohort, series or experiment."""

    study: Identifier
    name: str
    citekey: Citekey
    other_citekeys: tuple[Citekey, ...] = ()
    doi: str | None = None
    pmid: str | None = None
    nct: tuple[str, ...] = ()
    question: str
    design: str
    condition: tuple[str, ...] = ()
    strategy: tuple[str, ...] = ()
    n: int | None = None
    year: int | None = None
    part_of: Identifier | None = None
    basis: str
    address: str
    read_on: PastDate

    @property
    def short_name(self) -> str:
        """The name under which the study is spoken of, without what stands behind it in brackets."""
        return self.name.partition(" (")[0]


class Trial(Record):
    """What a registry said of a trial on the day of its record; size, masking and arms stand with its study."""

    nct: str
    study: Identifier
    sponsor: str | None = None
    allocation: str | None = None
    status: str | None = None
    completion: str | None = None
    record_date: str | None = None
    address: str
    read_on: PastDate
    note: str | None = None


class Numbers(Row):
    """What a source prints of a result: a value with its interval, or the counts that it is made of."""

    value: Printed | None = None
    ci_low: Printed | None = None
    ci_high: Printed | None = None
    ci_level: Printed | None = None
    events: int | None = None
    total: int | None = None


class Outcome(Numbers):
    """One reported result of a study: of an arm, or of a contrast between groups."""

    outcome: Identifier
    study: Identifier
    citekey: Citekey
    report: str | None = None
    data_cutoff: str | None = None
    follow_up_months: Printed | None = None
    contrast: str
    arm: str | None = None
    comparator: str | None = None
    endpoint: str
    stratum: str
    measure: str
    p: str | None = None
    time_months: Printed | None = None
    basis: str
    address: str
    read_on: PastDate
    place: str
    derived: str | None = None
    supersedes: Identifier | None = None
    flag: str | None = None
    flag_reason: str | None = None
    note: str | None = None

    @property
    def groups(self) -> str:
        """The arm, or the two arms that are set against each other."""
        return " v ".join(filter(None, (self.arm, self.comparator if self.contrast != "arm" else None)))


class Plan(Row):
    """Results that are computed with together, and why they may be."""

    title: str
    endpoint: str = ""
    measure: str
    contrast: str = "treatment"
    stratum: str = "all"
    other_stratum: str | None = None
    outcomes: tuple[str, ...] = ()
    comparators: tuple[str, ...] = ()
    rule: Words = ""
    caution: Words = ""
    favours_low: Words = ""
    favours_high: Words = ""

    def without(self, gone: Collection[str]) -> Self:
        """Return the plan without the results in *gone*, and those that they are compared with."""
        kept = [n for n, key in enumerate(self.outcomes) if not {key, *self.comparators[n : n + 1]} & set(gone)]
        others = tuple(self.comparators[n] for n in kept if n < len(self.comparators))
        return self.model_copy(update={"outcomes": tuple(self.outcomes[n] for n in kept), "comparators": others})


class PoolPlan(Plan):
    """A row of the table of pools; pools of one *family* are tested against each other."""

    pool: Identifier
    family: Words = ""


class NetworkPlan(Plan):
    """A row of the table of networks: what all treatments are set against, and whether *small* values are better."""

    network: Identifier
    reference: str
    small: Literal["better", "worse"]


class Appraisal(Row):
    """How sure a pool is, by GRADE: the word, its reason, and each step that a person judged otherwise than the data propose."""

    pool: Identifier
    question: str
    certainty: str
    reason: str
    risk_of_bias: int | None = None
    inconsistency: int | None = None
    indirectness: int | None = None
    imprecision: int | None = None
    publication_bias: int | None = None
    upgrade: int | None = None
    difference: Words = ""
    baseline: str | None = None
    threshold: float | None = None
    published: tuple[str, ...] = ()
    overlap: str | None = None


class Consequence(Row):
    """One thing that a way of treating means for patients; of *pool*, *ratio*, *baseline* and *treated* it has what it needs."""

    tradeoff: Identifier
    regimen: str
    against: str
    consequence: str
    good: Literal["yes", "no"]
    pool: Identifier | None = None
    ratio: Identifier | None = None
    baseline: Identifier | None = None
    treated: Identifier | None = None
    certainty: Certainty | None = None
    because: str | None = None


class PublishedPool(Row):
    """A published pool that is made again: from a *table* of its synthesis, or from *outcomes* on file.

    Its table and stratum may have those of a control beside them; *published* is what the synthesis came to.
    """

    meta_pool: Identifier
    title: str
    meta_citekey: Citekey
    table: str | None = None
    outcomes: tuple[Identifier, ...] = ()
    stratum: str | None = None
    control_table: str | None = None
    control_stratum: str | None = None
    measure: str
    published: Identifier | None = None
    difference: str


class PublishedStudy(Numbers):
    """One member study, as a published synthesis prints it in its table *pool*."""

    meta_citekey: Citekey
    pool: Identifier
    stratum: str
    study_label: str


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


class Retraction(Row):
    """What is known of a retraction of a reference: its *state*, and where and when that was looked up."""

    citekey: Citekey
    doi: str
    state: str
    checked_on: datetime.date | None = None
    where: str | None = None
    notice_doi: str | None = None
    note: str | None = None


class RenamedKey(Row):
    """A key of the bibliography that was changed or merged, and the one that stands for it now."""

    old: str
    citekey: Citekey


class ArithmeticClaim(Row):
    """A number that a document prints, and the two printed ones, *a* and *b*, that an *operation* makes it from."""

    check: Identifier
    finding: Identifier
    operation: Literal["percent-of", "share-of", "implied-total", "days-between"]
    a: str
    b: str
    printed: Printed
    tolerance: Printed
    unit: str | None = None
    reading: str

    @property
    def expected(self) -> float:
        """What the two numbers (or dates) imply. Raises ValueError or ZeroDivisionError where they cannot be computed with."""
        if self.operation == "days-between":
            return float((datetime.date.fromisoformat(self.b) - datetime.date.fromisoformat(self.a)).days)
        first, second = float(self.a), float(self.b)
        if self.operation == "implied-total":
            return first / (second / 100)
        return 100 * first / second if self.operation == "percent-of" else first * second / 100

    @property
    def agrees(self) -> bool:
        """Whether that is as near to what is printed as rounding lets it be."""
        return abs(self.expected - self.printed) <= self.tolerance


class RetellingStep(Row):
    """A step of a message on its way from a publication to a founding document, and what *changed* on it."""

    document: Citekey
    step: int
    what: str
    citekey: Citekey | None = None
    place: str
    date: str | None = None
    changed: str


class PrismaItem(Row):
    """An item of PRISMA, and where the book answers it."""

    item: str
    state: Literal["done", "partly", "not done"]
    place: str | None = None
    remark: str | None = None


class Estimate(Record):
    """A number that the book may print, with all that it rests on. Intervals are on the scale of *value*.

    *precision* is the number of decimals of what we computed; a reported number brings its own.
    """

    name: str
    value: Number
    unit: str = ""
    label: str
    low: Number | None = None
    high: Number | None = None
    level: Number | None = None
    k: int | None = None
    n: int | None = None
    events: int | None = None
    method: str = "count of records"
    rests_on: tuple[str, ...]
    citekeys: tuple[str, ...] = ()
    precision: int = 0

    @classmethod
    def make(
        cls,
        name: str,
        value: float,
        label: str,
        rests_on: Iterable[str],
        interval: tuple[float, float] | None = None,
        **more: Any,
    ) -> "Estimate":
        """Return a number that we computed, with its 95 percent *interval*, if it has one; *more* are further fields."""
        low, high = interval or (None, None)
        shown = {"low": low, "high": high, "level": 95 if interval else None} | more
        return cls(name=name, value=value, label=label, rests_on=tuple(rests_on), **shown)


RESULTS = pydantic.TypeAdapter(dict[str, Estimate])
"""Reads and writes Results by their names as JSON, the same in every digit."""
