"""What two readers took from the same page: results, and verdicts on the findings of the founding documents."""

from typing import Any, Final

from livrev.records.measures import Printed
from livrev.records.model import Identifier, Row, Verdict

NUMBERS: Final = ("value", "ci_low", "ci_high", "events", "total")
CATEGORIES: Final = ("measure", "contrast", "criteria", "population")


class Reading(Row):
    """A result as each of two readers took it, and as settled; *found* says whether the second saw it at all."""

    outcome: Identifier
    found: bool
    value_1: Printed | None = None
    ci_low_1: Printed | None = None
    ci_high_1: Printed | None = None
    events_1: int | None = None
    total_1: int | None = None
    measure_1: str | None = None
    contrast_1: str | None = None
    criteria_1: str | None = None
    population_1: str | None = None
    value_2: Printed | None = None
    ci_low_2: Printed | None = None
    ci_high_2: Printed | None = None
    events_2: int | None = None
    total_2: int | None = None
    measure_2: str | None = None
    contrast_2: str | None = None
    criteria_2: str | None = None
    population_2: str | None = None
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
