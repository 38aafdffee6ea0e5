"""What two readers took from the same page: results, verdicts on findings of the founding documents, and how a study was done.

A fact on how a study was done says what a page says, not how good that is; the judgement follows from the facts (`review.bias`).
"""

import datetime
from typing import Any, ClassVar, Final, Literal

from livrev.records.model import Identifier, Line, PastDate, Record, Row, Verdict, Words

NUMBERS: Final = ("value", "ci_low", "ci_high", "events", "total")
CATEGORIES: Final = ("measure", "contrast", "criteria", "population")


class Reading(Row):
    """A result as each of two readers took it, and as settled; *found* says whether the second saw it at all."""

    COLUMNS: ClassVar = tuple(f"{field}_{reader}" for reader in (1, 2) for field in (*NUMBERS, *CATEGORIES))

    outcome: Identifier
    found: bool
    settled: str | None = None

    def pair(self, field: str) -> tuple[Any, Any]:
        """Return what the first and the second reader took for one of NUMBERS or CATEGORIES."""
        return getattr(self, f"{field}_1"), getattr(self, f"{field}_2")


class VerdictReading(Row):
    """The verdict on a finding as each of two readers gave it, the one that holds, and why."""

    finding: Identifier
    first: Verdict
    second: Verdict | None = None
    settled: Verdict
    remark: str | None = None


Tool = Literal["RoB 2", "ROBINS-I", "QUIPS", "JBI"]
Level = Literal["low", "some concerns", "high", "no information"]
NO_INFORMATION: Final = "no information"
_SPONSOR = {"sponsor": ("company", "public", "both")}
# What each tool asks, and the answers that a page can give; "no information" always is one.
FACTS: dict[str, dict[str, tuple[str, ...]]] = {
    "RoB 2": {
        "sequence": ("random", "not random"), "concealment": ("concealed", "not concealed"),
        "baseline": ("balanced", "imbalanced"), "masking": ("double", "open"), "deviations": ("none seen", "likely"),
        "analysis": ("intention to treat", "other"), "missing": ("few", "many"),
        "assessor": ("masked", "not masked", "death"), "registered": ("same", "different"),
        "stratum": ("whole trial", "stratified", "prespecified", "post hoc"), "interim": ("final", "interim"),
        "stopped early": ("no", "yes for benefit", "yes for futility"), "crossover": ("not allowed", "allowed"), **_SPONSOR,
    },
    "ROBINS-I": {
        "adjustment": ("matched or weighted", "regression", "none"), "factors": ("all", "some", "none"),
        "start": ("same", "later"), "after start": ("no", "yes"), "classification": ("records", "unclear"),
        "other treatment": ("alike", "accounted for", "unlike"), "missing": ("few", "many"),
        "assessor": ("masked", "not masked", "death"), "registered": ("registered", "not registered"),
        "analysis": ("whole", "chosen"), **_SPONSOR,
    },
    "QUIPS": {
        "participation": ("complete", "selected"), "attrition": ("few", "many"), "factor": ("measured alike", "unclear"),
        "outcome": ("measured alike", "unclear"), "confounding": ("adjusted", "unadjusted"),
        "analysis": ("reported in full", "selective"), **_SPONSOR,
    },
    "JBI": {
        "inclusion": ("clear", "unclear"), "condition": ("measured alike", "unclear"), "consecutive": ("yes", "no"),
        "complete": ("yes", "no"), "demographics": ("reported", "not reported"), "outcomes": ("reported", "unclear"),
        "follow-up": ("reported", "not reported"), "statistics": ("appropriate", "inappropriate"), **_SPONSOR,
    },
}  # fmt: skip
BY_ENDPOINT = ("assessor",)
"""Facts that are asked of each endpoint; the others are of the whole study unless a row names an endpoint."""


class BiasFact(Record):
    """One fact on one study, as each reader took it without seeing the other's reading, and as settled."""

    study: Identifier
    tool: Tool
    endpoint: str | None = None
    fact: str
    first: str | None = None
    second: str | None = None
    settled: str | None = None
    words: Words = ""
    address: str | None = None
    read_on: PastDate | None = None

    @property
    def value(self) -> str:
        """The settled value; no information where nothing was settled."""
        return self.settled or NO_INFORMATION


class BiasJudgement(Record):
    """What a person judges otherwise than the tool's algorithm, of one domain of a study's result, and why."""

    study: Identifier
    tool: Tool
    endpoint: str | None = None
    domain: str
    judgement: Level
    reason: Line
    judged_on: datetime.date
