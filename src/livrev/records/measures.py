"""The measures in which results are reported and pooled: their names, units, and the decimals of what we compute."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure: its name in words, its unit, its kind, and how many decimals a number has that we computed in it."""

    name: str
    unit: str
    kind: Literal["ratio", "share", "months", "difference", "count"]
    precision: int

    @property
    def times(self) -> int:
        """By how much a computed value is multiplied before it is shown: shares are shown in percent."""
        return 100 if self.kind == "share" else 1


MEASURES = {
    "HR": Measure("hazard ratio", "", "ratio", 2),
    "OR": Measure("odds ratio", "", "ratio", 2),
    "RR": Measure("risk ratio", "", "ratio", 2),
    "ratio-of-HR": Measure("ratio of hazard ratios", "", "ratio", 2),
    "RD": Measure("risk difference", "percentage points", "difference", 1),
    "MD": Measure("mean difference", "", "difference", 2),
    "SMD": Measure("standardised mean difference", "", "difference", 2),
    "proportion": Measure("percent of patients", "%", "share", 0),
    "percent": Measure("percent of patients", "%", "share", 0),
    "rate-at-time": Measure("rate", "%", "share", 0),
    "median-months": Measure("median", "months", "months", 1),
    "count": Measure("number", "", "count", 0),
}


def measure_of(name: str) -> Measure:
    """Return the measure called *name*; one that only this review knows (`other:…`) is shown by its name, without a unit."""
    return MEASURES.get(name) or Measure(name.removeprefix("other:"), "", "difference", 2)


RATIOS = tuple(name for name, measure in MEASURES.items() if measure.kind == "ratio")
DIFFERENCES = tuple(name for name, measure in MEASURES.items() if measure.kind == "difference")
SHARES = ("proportion", "percent")
"""Shares of a stated total, which can be counted; a rate at a time is read off a curve."""
